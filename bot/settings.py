"""Every setting, in one frozen dataclass, read once from the environment.

The table of settings in ``docs/settings.md`` is written from this class: the field's name in capitals is the
environment variable, its value here the default, its metadata what it is for. Nothing else reads the environment.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property, lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NOTIFY_KEY = re.compile(rf".*-{_UUID}-{_UUID}", re.IGNORECASE)  # a name, the service's id, the secret
# What a browser calls an origin, or a wildcard for the names below one: no path, no slash at its end.
_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?", re.IGNORECASE)

_ISSUER = re.compile(r"https://[^\s?#]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?(/[^\s?#]*)?", re.IGNORECASE)
STAFF_ROLES = ("agent", "senior", "editor", "approver", "analyst", "administrator")  # as bot/staff/permissions.py


def _setting(default: Any, doc: str) -> Any:
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True)
class Settings:
    """One value per setting; see the module docstring for how they are named."""

    council: str = _setting("stockport", "The council whose folder under data/councils/ is used.")
    data_dir: str = _setting("data", "Where the content is: services, shared, safety, councils.")
    model_dir: str = _setting("models", "Where trained models are kept.")
    var_dir: str = _setting("var", "Where databases, logs, secrets and built files are kept.")
    database_url: str = _setting("", "The ledger's database. Empty: SQLite in var_dir.")
    redis_url: str = _setting("", "Redis for Rasa's lock store, when several assistants run. Empty: none.")
    host: str = _setting("127.0.0.1", "The address that the four processes listen on.")
    assistant_port: int = _setting(5005, "Port of the assistant: the chat page and its interface.")
    actions_port: int = _setting(5055, "Port of Rasa's action server.")
    staff_port: int = _setting(5006, "Port of the staff's web application.")
    sandbox_port: int = _setting(5007, "Port of the demonstration council's back ends.")
    public_url: str = _setting("", "How residents reach the assistant. Empty: http://host:assistant_port.")
    staff_url: str = _setting("", "How staff reach their pages. Empty: http://host:staff_port.")
    secure_cookies: bool = _setting(False, "Mark cookies Secure. Switch on wherever the pages are served by https.")
    oidc_issuer: str = _setting("", "The council's own sign-in for staff: issuer's URL (OpenID Connect). Empty: none.")
    oidc_client_id: str = _setting("", "What that sign-in calls the staff's pages: the client's id.")
    oidc_client_secret: str = _setting("", "The client's secret. Empty: a public client.")
    oidc_name: str = _setting("Sign in with your council account", "What the link to that sign-in says.")
    oidc_roles_claim: str = _setting("roles", "The claim of the ID token with a person's roles or groups there.")
    oidc_roles: str = _setting(
        "", "Which of them are which roles here: group=agent group2=senior. Others count nothing."
    )
    frame_ancestors: str = _setting(
        "",
        "Websites that may show the chat in a frame, as origins with spaces between. "
        "Empty: the demonstration's own pages.",
    )
    addresses_url: str = _setting("", "OS Places API. Empty: the sandbox's.")
    addresses_key: str = _setting("sandbox", "API key for OS Places.")
    waste_url: str = _setting("", "Local Waste Service Standards API. Empty: the sandbox's.")
    cases_url: str = _setting("", "The case system (CRM). Empty: the sandbox's.")
    bookings_url: str = _setting("", "The booking system. Empty: the sandbox's.")
    payments_url: str = _setting("", "GOV.UK Pay API. Empty: the sandbox's.")
    payments_key: str = _setting("sandbox", "API key for GOV.UK Pay.")
    directory_url: str = _setting("", "Open Referral UK directory. Empty: the sandbox's.")
    reports_url: str = _setting("", "Open311 GeoReport v2 API for reports. Empty: the sandbox's.")
    reports_key: str = _setting("sandbox", "API key for Open311.")
    reports_jurisdiction: str = _setting("", "Open311's jurisdiction_id, where one server serves several. Empty: none.")
    constraints_url: str = _setting("", "Planning Data (planning.data.gov.uk) API. Empty: the sandbox's.")
    applications_url: str = _setting("", "PlanIt API for planning applications. Empty: the sandbox's.")
    notices_url: str = _setting("", "JSON lists of closed schools, alerts and roadworks. Empty: the sandbox's.")
    floods_url: str = _setting("", "Environment Agency flood-monitoring API. Empty: the sandbox's.")
    elections_url: str = _setting("", "Democracy Club's elections API. Empty: the sandbox's.")
    elections_key: str = _setting("sandbox", "API key for Democracy Club.")
    democracy_url: str = _setting("", "Modern.Gov: councillors and meetings. Empty: the sandbox's.")
    postcodes_url: str = _setting("", "postcodes.io: the council and ward of a postcode. Empty: the sandbox's.")
    notify_url: str = _setting("", "GOV.UK Notify API. Empty: the sandbox's.")
    notify_key: str = _setting(
        "sandbox-017f957e-af40-46dc-a1e2-0b9d32b3a113-c06cd51f-0585-4a2c-a1f1-253949ae0ecc",
        "API key for GOV.UK Notify.",
    )
    notify_transcript_template: str = _setting(
        "a7042c77-9b27-4cb7-aa6c-8b7ff85b7e2f",
        "Id of the email template at Notify that carries ((subject)) and ((body)).",
    )
    backend_timeout: float = _setting(2.0, "Seconds that one request to a back end may take.")
    backend_deadline: float = _setting(4.0, "Seconds that one call to a back end may take, retry included.")
    action_deadline: float = _setting(4.5, "Seconds that an action may take before the resident is told.")
    turn_deadline: float = _setting(5.0, "Seconds in which all actions of one turn together must be done.")
    session_minutes: int = _setting(120, "Minutes without a message after which a chat session ends.")
    session_warning_minutes: int = _setting(5, "Minutes before its end at which a resident is asked to go on.")
    trusted_proxies: str = _setting("", "Networks of our own proxies, whose X-Forwarded-For counts. Empty: none.")
    assistant_now: str = _setting("", "Pretend that this is the time (ISO 8601), for tests and demonstrations.")

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the ledger."""
        return self.database_url or f"sqlite:///{Path(self.var_dir).resolve() / 'assistant.db'}"

    @cached_property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks whose X-Forwarded-For is believed."""
        return tuple(ip_network(each) for each in self.trusted_proxies.replace(",", " ").split())

    @property
    def public(self) -> str:
        """Base URL, without a slash at its end, by which residents reach the assistant."""
        return (self.public_url or f"http://{self.host}:{self.assistant_port}").rstrip("/")

    @property
    def staff(self) -> str:
        """Base URL, without a slash at its end, by which staff reach their pages."""
        return (self.staff_url or f"http://{self.host}:{self.staff_port}").rstrip("/")

    @cached_property
    def roles_of_groups(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a role or group of the council's own sign-in and a role of ours."""
        pairs = (each.rpartition("=") for each in self.oidc_roles.replace(",", " ").split())
        return tuple((group, role) for group, _, role in pairs)

    @property
    def ancestors(self) -> str:
        """Who may show the chat in a frame, as the source list of a Content-Security-Policy."""
        websites = self.frame_ancestors.split() or [f"http://127.0.0.1:{self.sandbox_port}"]
        return " ".join(["'self'", *websites])

    def backend(self, name: str) -> str:
        """Base URL of a back end (``addresses``, ``waste``, ...), without a slash at its end."""
        return (getattr(self, f"{name}_url") or f"http://127.0.0.1:{self.sandbox_port}/{name}").rstrip("/")


def _parse(name: str, text: str, default: Any) -> Any:
    """Turn an environment variable's text into the type of the setting's default; ValueError in plain words."""
    if isinstance(default, bool):
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off", ""):
            return False
        raise ValueError(f"The setting {name.upper()} must be true or false, not '{text}'.")
    try:
        value = type(default)(text)
    except ValueError:
        raise ValueError(f"The setting {name.upper()} must be a number, not '{text}'.") from None
    if name.endswith("_port") and not 0 < value < 65536:
        raise ValueError(f"The setting {name.upper()} must be a port from 1 to 65535, not '{text}'.")
    if isinstance(value, int | float) and value <= 0:
        raise ValueError(f"The setting {name.upper()} must be more than 0, not '{text}'.")
    if name == "assistant_now" and text:
        _check_moment(text)
    if name == "frame_ancestors":
        _check_origins(text)
    if name == "notify_key":
        _check_notify_key(text)
    if name == "trusted_proxies":
        _check_networks(text)
    if name == "oidc_issuer":
        _check_issuer(text)
    if name == "oidc_roles":
        _check_roles(text)
    return value


def _check_moment(text: str) -> None:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        example = "2026-12-25T10:00"
        raise ValueError(f"The setting ASSISTANT_NOW must be a time like {example}, not '{text}'.") from None


def _check_origins(text: str) -> None:
    """The text goes into a header as it stands, so that it must be nothing but origins."""
    for origin in text.split():
        if not _ORIGIN.fullmatch(origin):
            example = "https://www.example.gov.uk"
            raise ValueError(f"The setting FRAME_ANCESTORS must be origins like {example}, not '{origin}'.")


def _check_networks(text: str) -> None:
    for each in text.replace(",", " ").split():
        try:
            ip_network(each)
        except ValueError:
            raise ValueError(f"The setting TRUSTED_PROXIES must be networks like 10.0.0.0/8, not '{each}'.") from None


def _check_issuer(text: str) -> None:
    """Who somebody is comes over this connection: it must be https, or never leave the machine."""
    if text and not _ISSUER.fullmatch(text):
        raise ValueError(f"The setting OIDC_ISSUER must be a URL like https://login.example.gov.uk, not '{text}'.")


def _check_roles(text: str) -> None:
    for each in text.replace(",", " ").split():
        group, _, role = each.rpartition("=")
        if not group or role not in STAFF_ROLES:
            raise ValueError(f"The setting OIDC_ROLES must be pairs like group=agent, not '{each}'.")


def _check_notify_key(text: str) -> None:
    if not _NOTIFY_KEY.fullmatch(text):
        # The key is a secret: the sentence does not repeat it.
        raise ValueError("The setting NOTIFY_KEY must be a whole key of GOV.UK Notify: a name, then two ids.")


def read_settings(environment: dict[str, str]) -> Settings:
    """Settings from a mapping of environment variables. Raises ValueError in plain words."""
    values = {}
    for item in fields(Settings):
        text = environment.get(item.name.upper())
        if text is not None:
            values[item.name] = _parse(item.name, text, item.default)
    if values.get("oidc_issuer") and not values.get("oidc_client_id"):
        raise ValueError("The setting OIDC_CLIENT_ID must be there when OIDC_ISSUER is.")
    return Settings(**values)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings, read once. Tests that change the environment call ``settings.cache_clear()``."""
    return read_settings(dict(os.environ))
