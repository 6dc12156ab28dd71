"""The tuning is noticed when Rasa changes below it: its version, and the source of all that is replaced."""

from __future__ import annotations

import ast
import hashlib
import inspect
from pathlib import Path
from types import ModuleType

import pytest
import rasa
import rasa.core.actions.action
import rasa.core.policies.policy
import rasa.core.policies.rule_policy
import rasa.core.tracker_store
import rasa.engine.caching
import rasa.engine.runner.dask
import rasa.engine.storage.local_model_storage
import rasa.engine.training.hooks
import rasa.graph_components.providers.domain_provider
import rasa.shared.core.domain
import rasa.shared.core.trackers
import rasa.shared.nlu.training_data.message
import rasa.shared.nlu.training_data.training_data
import rasa.utils.endpoints
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig

from bot import tuning

# sha256 of the source of what is replaced, or must be as its replacement takes it to be. A change here means: read
# Rasa's new code, then tune anew.
REPLACED = {
    (rasa.core.actions.action, "RemoteAction", "_validate_action_result"): (
        "f8cdb4be6812396167ced74161b2ccd65c5ea676ad86d7d359d8c322d9d8dc42"
    ),
    (rasa.core.actions.action, "RemoteAction", "action_response_format_spec"): (
        "091b74aa3738d1262cf3c028386aaf9dd4f0d5c1374b62392411d70a79104a46"
    ),
    (rasa.utils.endpoints, "EndpointConfig", "request"): (
        "ccdb778aed8208e23cde3c3f47eac7fbbbb735dac8f7ef7254d54451c64ad608"
    ),
    (rasa.core.actions.action, "RemoteAction", "_action_call_format"): (
        "428795b944f22edba142d278ec47a30098975b01463ba337ec447dade52a0492"
    ),
    (rasa.engine.runner.dask, "DaskGraphRunner", "run"): (
        "45f0f52f574f3aa9546a552bf671183e171092c18b66e97f5771a7fa295de37e"
    ),
    (rasa.shared.core.trackers, "DialogueStateTracker", "__init__"): (
        "8f39eb22462aa62b140d9da1f6db986cbc76383d8f7cc4e3dc7664fa7d84cb2d"
    ),
    (rasa.shared.core.trackers, "DialogueStateTracker", "copy"): (
        "dfa48dca9f355ad1b42c625bc6f6370bafe83514ed17a77904ed64c67bf07285"
    ),
    (rasa.shared.core.trackers, "DialogueStateTracker", "travel_back_in_time"): (
        "09d16f28f007492f653b504cf2b6064dc453444c524799378609a85b04efd632"
    ),
    (rasa.core.policies.policy, "Policy", "_prediction_states"): (
        "ed9b82bed2f26ad7a0de61709e02339983912bece614191089c3adba60cf1452"
    ),
    (rasa.core.policies.rule_policy, "RulePolicy", "_is_rule_applicable"): (
        "64a108b016b46e573d6020b755a6036439dc207a364b45c9ea5dcb0f18dc7068"
    ),
    (rasa.shared.core.domain, "Domain", "states_for_tracker_history"): (
        "035111ce73ac90ba50e143abf556f924af07d9f452893f5a96a62895d44df8b7"
    ),
    (rasa.shared.core.domain, "Domain", "is_empty"): (
        "884be90ef485f1d2c0f140657a47f106a7d2785b63b03e46cd699b4072e95369"
    ),
    (rasa.core.tracker_store, "FailSafeTrackerStore", "retrieve"): (
        "35d77318b0cc79771af3c667bc8c34cd5a56e494eaa8c4d713fd754b9d00d276"
    ),
    (rasa.core.tracker_store, "FailSafeTrackerStore", "save"): (
        "8426dc08f58d71102f7c031ade8a26b0b1458c8bae162be7b091d288699a5e9b"
    ),
    (rasa.graph_components.providers.domain_provider, "DomainProvider", "_persist"): (
        "b582b9abf0a2065525daf278d455733833eadef3af6a076d63d0dd982b75aec3"
    ),
    (rasa.graph_components.providers.domain_provider, "DomainProvider", "load"): (
        "75a21f7228a83368773446f3396d81f3502443949823a51fa7b36626defead6e"
    ),
    (rasa.engine.training.hooks, "TrainingHook", "on_before_node"): (
        "6f65355ef979db9dca18e04a4c1cc2a9ab28aef53456ae28d6bf3bd0fac0c7f3"
    ),
    (rasa.engine.training.hooks, "TrainingHook", "on_after_node"): (
        "f199608136c98ea4ca15ec3876a4ac634f2c8a23ce8d33d39530ef19fe1ab497"
    ),
    (rasa.engine.caching, "LocalTrainingCache", "_is_disabled"): (
        "c94ef710ea5f9a0c61cc788ac40ee01e7480eec7f1dfbc0f4d7be6dda8ab2fb1"
    ),
    (rasa.engine.storage.local_model_storage, "LocalModelStorage", "create_model_package"): (
        "160e32783576d3df745eeb591a6352b0ea1beb9d9d990366988cc9bfc0b4c353"
    ),
    (rasa.shared.nlu.training_data.training_data, "TrainingData", "merge"): (
        "29a2ae274e01b4352a6c6efbeae7e794cdc817fac4300402a415796825f7ae5a"
    ),
    (rasa.shared.nlu.training_data.message, "Message", "__hash__"): (
        "2abad92d8bedb17f0aa92ce030744a7cf6f3d44151a1128c042d6fbd9d38e997"
    ),
    (rasa.shared.nlu.training_data.message, "Message", "__eq__"): (
        "3332c4455c4cced98ce21e689a06b131fccacdab7e6132a6187b32eaf7a5e6ca"
    ),
}


def source(module: ModuleType, kind: str, name: str) -> str:
    """A method as it stands in the file: in this process it may be replaced already."""
    text = Path(inspect.getsourcefile(module) or "").read_text(encoding="utf-8")
    found = next(node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == kind)
    method = next(node for node in found.body if getattr(node, "name", "") == name)
    first = min([method.lineno, *(decorator.lineno for decorator in getattr(method, "decorator_list", []))])
    return "".join(text.splitlines(keepends=True)[first - 1 : method.end_lineno])


def test_it_is_made_for_the_rasa_that_is_installed() -> None:
    assert rasa.__version__ == tuning.TUNED_FOR


@pytest.mark.parametrize("replaced", REPLACED, ids=lambda replaced: replaced[2])
def test_what_is_replaced_has_not_changed(replaced: tuple[ModuleType, str, str]) -> None:
    assert hashlib.sha256(source(*replaced).encode()).hexdigest() == REPLACED[replaced]


def test_applying_it_twice_changes_nothing() -> None:
    tuning.apply()
    request, validate = EndpointConfig.request, RemoteAction._validate_action_result
    tuning.apply()
    assert EndpointConfig.request is request and RemoteAction._validate_action_result is validate
