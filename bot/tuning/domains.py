"""The domain, large with all services: how a model keeps it, and whether it is empty.

1. ``DomainProvider`` keeps the domain in a model as YAML and reads that five times over when the model is loaded: 20
   seconds with all services. It is written as JSON, which is YAML too, and read once as what it is.
2. ``Domain.is_empty`` is asked for every message and makes a whole empty domain to compare with: 0.4 of 10 ms that
   a message takes to be understood. One empty domain is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain

DOMAIN_FILE = "domain.yml"  # in a model; JSON is YAML, so that Rasa without the tuning reads it too


@lru_cache(maxsize=1)
def _no_domain() -> dict[str, Any]:
    return dict(Domain.empty().as_dict())


def _is_empty(self: Domain) -> bool:
    return bool(self.as_dict() == _no_domain())


def _persist_domain(self: DomainProvider, domain: Domain) -> None:
    with self._model_storage.write_to(self._resource) as folder:
        (folder / DOMAIN_FILE).write_text(json.dumps(domain.as_dict()), encoding="utf-8")


def _patched_load(original: Callable[..., DomainProvider]) -> Callable[..., DomainProvider]:
    def load(
        cls: type[DomainProvider],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DomainProvider:
        """As Rasa's own, which still reads models that were trained without this."""
        with model_storage.read_from(resource) as folder:
            text = (folder / DOMAIN_FILE).read_text(encoding="utf-8")
        if not text.startswith("{"):
            return original(config, model_storage, resource, execution_context, **kwargs)
        return cls(model_storage, resource, Domain.from_dict(json.loads(text)))

    return load


def apply() -> None:
    """Put it in place; a second call changes nothing."""
    if DomainProvider._persist is not _persist_domain:
        Domain.is_empty = _is_empty
        DomainProvider._persist = _persist_domain
        DomainProvider.load = classmethod(_patched_load(DomainProvider.load))
