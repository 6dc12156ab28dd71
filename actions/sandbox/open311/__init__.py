"""Reports in the shape of Open311 GeoReport v2, in JSON and XML, with mySociety's updates (read only)."""

from __future__ import annotations

from actions.sandbox.open311.routes import blueprint

__all__ = ["blueprint"]
