"""Rasa's endpoints for this machine: ``endpoints.yml`` with what the settings say otherwise.

``rasa run`` by hand uses endpoints.yml as it stands. ``assistant run`` uses a copy in the var folder, so that
ACTIONS_PORT and REDIS_URL have an effect without editing a file.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from bot.settings import Settings


def write_endpoints(source: Path, chosen: Settings) -> Path:
    """Write the copy; its path. Several assistants lock a conversation through Redis."""
    yaml = YAML()
    content = yaml.load(source.read_text(encoding="utf-8"))
    content["action_endpoint"]["url"] = f"http://127.0.0.1:{chosen.actions_port}/webhook"
    if chosen.redis_url:
        url = urlsplit(chosen.redis_url)
        content["lock_store"] = {
            "type": "redis",
            "url": url.hostname or "127.0.0.1",
            "port": url.port or 6379,
            "db": int(url.path.strip("/") or 0),
            "password": url.password,
            "use_ssl": url.scheme == "rediss",
        }
    target = Path(chosen.var_dir) / "endpoints.yml"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    return target
