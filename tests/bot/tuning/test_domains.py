"""The domain comes out of a model as it went in, and an empty one is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain

from bot import tuning
from tests.bot.tuning.conversations import DOMAIN


@pytest.fixture(autouse=True)
def _tuned() -> None:
    tuning.apply()


def provider(folder: Path) -> DomainProvider:
    return DomainProvider.load({}, LocalModelStorage(folder), Resource("domain"), ExecutionContext(GraphSchema({})))


def test_a_domain_comes_out_of_a_model_as_it_went_in(tmp_path: Path) -> None:
    DomainProvider(LocalModelStorage(tmp_path), Resource("domain"))._persist(DOMAIN)
    kept = (tmp_path / "domain" / "domain.yml").read_text(encoding="utf-8")
    assert provider(tmp_path).provide_inference().as_dict() == DOMAIN.as_dict()
    assert Domain.from_yaml(kept).as_dict() == DOMAIN.as_dict(), "Rasa reads it without the tuning too"


def test_a_domain_that_was_kept_without_the_tuning_is_read(tmp_path: Path) -> None:
    (tmp_path / "domain").mkdir()
    DOMAIN.persist(tmp_path / "domain" / "domain.yml")
    assert provider(tmp_path).provide_inference().as_dict() == DOMAIN.as_dict()


def test_an_empty_domain_is_told_from_one_that_is_not() -> None:
    assert Domain.empty().is_empty() and not DOMAIN.is_empty()
