"""``python -m actions.sandbox``: the demonstration council on loopback, at the settings' port."""

from __future__ import annotations

from pathlib import Path

from actions.sandbox.app import create_app
from bot.settings import settings


def main() -> None:
    """Serve until told to stop."""
    app = create_app(Path(settings().var_dir) / "sandbox.db")
    app.run("127.0.0.1", settings().sandbox_port, access_log=False, motd=False)


if __name__ == "__main__":
    main()
