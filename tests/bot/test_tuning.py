"""The tuning does what Rasa's own code does, only quicker; and it is noticed when Rasa changes below it."""

from __future__ import annotations

import ast
import asyncio
import hashlib
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import aiohttp
import jsonschema
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
from aiohttp import web
from rasa.core.actions.action import RemoteAction
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.engine.caching import LocalTrainingCache
from rasa.engine.graph import ExecutionContext, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.training.hooks import TrainingHook
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from tarsafe import TarSafe

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
DOMAIN = Domain.from_dict(
    {
        "intents": ["bin_day", "hello"],
        "slots": {
            "address": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]},
            "member": {"type": "bool", "mappings": [{"type": "custom"}]},
        },
        "forms": {"bin_form": {"required_slots": ["address"]}},
        "actions": ["action_bin_day"],
    }
)


def spoken(intent: str) -> list[Event]:
    return [ActionExecuted("action_listen"), UserUttered(intent, {"name": intent})]


def conversation() -> DialogueStateTracker:
    """Some turns with a form, slots of both kinds and a reply."""
    events = [
        *spoken("hello"),
        *[ActionExecuted("action_bin_day"), BotUttered("Hello"), SlotSet("member", True)],
        *spoken("bin_day"),
        *[ActionExecuted("bin_form"), ActiveLoop("bin_form"), SlotSet("address", {"value": "1"})],
        *spoken("hello"),
        *[ActionExecuted("bin_form"), ActiveLoop(None), ActionExecuted("action_bin_day"), SlotSet("member", None)],
    ]
    return DialogueStateTracker.from_events("talk", events, DOMAIN.slots, domain=DOMAIN)


@dataclass
class Server:
    """A real action server on loopback that notes who calls."""

    url: str = ""
    callers: list[Any] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.callers.append(request.transport and request.transport.get_extra_info("peername"))
        body = await request.json() if request.can_read_body else None
        self.seen.append({"body": body, "query": dict(request.query), "headers": request.headers})
        if request.path == "/slow":
            await asyncio.sleep(30)
        if request.path == "/rejected":
            return web.json_response({"action_name": "action_x", "error": "no"}, status=400)
        if request.path == "/text":
            return web.Response(text="not json")
        return web.json_response({"events": [], "responses": []})


@asynccontextmanager
async def running() -> AsyncIterator[Server]:
    server, app = Server(), web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await tuning.session().close()
        await runner.cleanup()


@pytest.fixture(autouse=True)
def _tuned() -> None:
    tuning.apply()


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
    request, validate = EndpointConfig.request, RemoteAction._validate_action_result
    tuning.apply()
    assert EndpointConfig.request is request and RemoteAction._validate_action_result is validate


async def test_calls_share_one_connection() -> None:
    async with running() as server:
        endpoint = EndpointConfig(server.url)
        for _ in range(3):
            assert await endpoint.request(json={"next_action": "action_x"}) == {"events": [], "responses": []}
        assert len(server.callers) == 3 and len(set(server.callers)) == 1


async def test_a_call_is_the_same_as_rasas_own() -> None:
    async with running() as server:
        endpoint = EndpointConfig(f"{server.url}/webhook", params={"a": "1"}, headers={"X-One": "1"}, token="t")
        await endpoint.request(json={"next_action": "action_x"}, headers={"X-Two": "2"}, compress=True)
        await endpoint.request("get", subpath="deeper", params={"b": "2"})
        posted, got = server.seen
    assert posted["body"] == {"next_action": "action_x"} and posted["query"] == {"a": "1", "token": "t"}
    assert (posted["headers"]["X-One"], posted["headers"]["X-Two"]) == ("1", "2")
    assert posted["headers"]["Content-Type"] == "application/json"
    assert posted["headers"]["Content-Encoding"] == "deflate"
    assert got["query"] == {"a": "1", "b": "2", "token": "t"}


async def test_a_slow_action_server_is_not_waited_for(
    set_settings: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_settings(action_deadline=0.1)
    monkeypatch.setattr(tuning, "GRACE", 0.1)
    async with running() as server:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(EndpointConfig(f"{server.url}/slow").request(json={}), 5)


async def test_a_refusal_is_rasas_own_error() -> None:
    async with running() as server:
        with pytest.raises(ClientResponseError) as caught:
            await EndpointConfig(f"{server.url}/rejected").request(json={})
    assert caught.value.status == 400 and b'"action_x"' in _bytes(caught.value.text)


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


async def test_an_answer_that_is_not_json_is_none_as_in_rasa() -> None:
    async with running() as server:
        assert await EndpointConfig(f"{server.url}/text").request(json={}) is None


async def test_nobody_there_is_aiohttps_own_error() -> None:
    async with running() as server:
        url = server.url
    with pytest.raises(aiohttp.ClientConnectionError):
        await EndpointConfig(url).request(json={})
    await tuning.session().close()


async def test_an_endpoint_with_a_password_keeps_rasas_own_way() -> None:
    async with running() as server:
        await EndpointConfig(server.url, basic_auth={"username": "u", "password": "p"}).request(json={})
        assert server.seen[0]["headers"]["Authorization"].startswith("Basic ")


VALID: tuple[dict[str, Any], ...] = (
    {"events": [], "responses": []},
    {},
    {"events": [{"event": "slot", "name": "x", "value": 1, "timestamp": None}], "responses": [{"text": "Hello"}]},
    {"events": [{"event": "slot", "name": "x", "value": None, "metadata": {}}, {"event": "active_loop", "name": None}]},
)
INVALID: tuple[Any, ...] = (
    {"events": {}},
    {"events": [{"event": "slot"}]},
    {"events": [{"event": "slot", "name": "x"}]},
    {"events": [{"event": "slot", "name": 1, "value": 1}]},
    {"events": [{"event": "slot", "name": "x", "value": 1, "timestamp": "now"}]},
    {"events": [{"event": "slot", "name": "x", "value": 1, "timestamp": True}]},
    {"events": [{"event": "slot", "name": "x", "value": 1, "metadata": []}]},
    {"events": [{"event": "slot", "name": "x", "value": 1}], "responses": ["Hello"]},
    {"events": [{"event": "no_such_event"}]},
    {"responses": ["Hello"]},
    [],
    None,
)


@pytest.mark.parametrize("result", VALID)
def test_what_rasas_schema_accepts_is_accepted(result: dict[str, Any]) -> None:
    jsonschema.validate(result, RemoteAction.action_response_format_spec())
    assert RemoteAction("action_x", None)._validate_action_result(result) is True


@pytest.mark.parametrize("result", INVALID)
def test_what_rasas_schema_refuses_is_refused(result: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(result, RemoteAction.action_response_format_spec())
    with pytest.raises(jsonschema.ValidationError):
        RemoteAction("action_x", None)._validate_action_result(result)


def test_an_action_is_told_of_the_last_turns_only(monkeypatch: pytest.MonkeyPatch) -> None:
    tracker = conversation()
    monkeypatch.setattr(tuning, "SENT_TURNS", 1)
    call = RemoteAction("action_bin_day", None)._action_call_format(tracker, DOMAIN)
    state = tracker.current_state(EventVerbosity.ALL)
    assert call["tracker"] == {**state, "events": state["events"][11:]}
    assert call["tracker"]["events"][0]["event"] == "user"
    monkeypatch.setattr(tuning, "SENT_TURNS", 9)
    call = RemoteAction("action_bin_day", None)._action_call_format(tracker, DOMAIN)
    assert call["tracker"] == state and call["sender_id"] == "talk" and call["next_action"] == "action_bin_day"


def test_a_copied_conversation_is_what_replaying_it_makes() -> None:
    tracker = conversation()
    tracker.model_id = "m1"
    copied, replayed = tracker.copy(), tracker.travel_back_in_time(float("inf"))
    assert _whole(copied) == _whole(replayed)
    copied.update(SlotSet("address", "elsewhere"))
    copied.update(ActiveLoop("bin_form"))
    copied.interrupt_loop(True)
    assert _whole(tracker) == _whole(replayed) | {"model_id": "m1"}


def _whole(tracker: DialogueStateTracker) -> dict[str, Any]:
    slots = {name: vars(slot).copy() for name, slot in tracker.slots.items()}
    return {**vars(tracker), "events": list(tracker.events), "slots": slots}


@pytest.mark.parametrize("moments", [1, 2, 3, 99])
def test_the_last_moments_are_those_that_rasa_describes(moments: int) -> None:
    tracker = conversation()
    for _ in range(len(tracker.events)):
        assert tuning._Recent(tracker, moments).past_states(DOMAIN) == tracker.past_states(DOMAIN)[-moments:]
        events = list(tracker.events)[:-1]
        tracker = DialogueStateTracker.from_events("talk", events, DOMAIN.slots, domain=DOMAIN)


def test_a_graph_is_run_in_order_and_each_node_once() -> None:
    ran: list[str] = []

    def node(name: str) -> Callable[..., tuple[str, Any]]:
        def call(*needed: tuple[str, Any]) -> tuple[str, Any]:
            ran.append(name)
            return name, {name: dict(needed)}

        return call

    needs = {"d": ["b", "c"], "b": ["a"], "c": ["a"], "a": ["message"], "other": ["a"]}
    nodes = {
        name: SchemaNode({need: need for need in below}, object, "create", "run", {}) for name, below in needs.items()
    }
    runner = object.__new__(DaskGraphRunner)
    runner._graph_schema, runner._instantiated_nodes = GraphSchema(nodes), {name: node(name) for name in nodes}
    for said in ("hello", "again"):
        ran.clear()
        a = {"a": {"message": [said]}}
        assert runner.run({"message": [said]}, ["d"]) == {"d": {"d": {"b": {"b": {"a": a}}, "c": {"c": {"a": a}}}}}
        assert ran == ["a", "b", "c", "d"]
    assert runner.run({"message": [1]}, ["a"]) == {"a": {"a": {"message": [1]}}}


async def test_a_ledger_out_of_reach_is_not_hidden() -> None:
    class Broken:
        domain = event_broker = None

        async def retrieve(self, sender_id: str) -> None:
            raise OSError("gone")

        async def save(self, tracker: DialogueStateTracker) -> None:
            raise OSError("gone")

    store = FailSafeTrackerStore(Broken())
    with pytest.raises(OSError, match="gone"):
        await store.retrieve("talk")
    with pytest.raises(OSError, match="gone"):
        await store.save(conversation())


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


class Unhashable:
    """An input of a step that must not be looked at."""

    def fingerprint(self) -> str:
        raise AssertionError("hashed")


@pytest.mark.parametrize("size", ["0", "1000"])
def test_steps_are_hashed_only_for_a_cache(size: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tuning.apply_to_training()
    monkeypatch.setenv("RASA_MAX_CACHE_SIZE", size)
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path))
    schema = GraphSchema({"step": SchemaNode({}, DomainProvider, "create", "provide_inference", {})})
    hook = TrainingHook(LocalTrainingCache(), LocalModelStorage(tmp_path), schema)
    context = ExecutionContext(schema)
    if size == "0":
        assert hook.on_before_node("step", context, {}, {"given": Unhashable()}) == {}
        hook.on_after_node("step", context, {}, Unhashable(), {})
    else:
        with pytest.raises(AssertionError, match="hashed"):
            hook.on_before_node("step", context, {}, {"given": Unhashable()})


def test_merged_training_data_is_what_it_was() -> None:
    tuning.apply_to_training()
    one = TrainingData(
        [Message.build("hi", "greet"), Message.build("bin day", "bin_day")],
        entity_synonyms={"grey bin": "black_bin"},
        lookup_tables=[{"name": "street", "elements": ["High Street"]}],
        responses={"utter_x": [{"text": "old"}]},
    )
    other = TrainingData(
        [Message.build("hi", "greet"), Message.build("hi", "chitchat/greet")],
        regex_features=[{"name": "postcode", "pattern": "x"}],
        responses={"utter_x": [{"text": "new"}]},
    )
    merged = one.merge(None, other)
    pairs = [(message.get("text"), message.get_full_intent()) for message in merged.training_examples]
    assert pairs == [("hi", "greet"), ("bin day", "bin_day"), ("hi", "chitchat/greet")], "equal examples are one"
    assert merged.entity_synonyms == {"grey bin": "black_bin"} and merged.responses == {"utter_x": [{"text": "new"}]}
    assert merged.lookup_tables == one.lookup_tables and merged.regex_features == other.regex_features
    assert len(one.training_examples) == 2 and one.responses["utter_x"] == [{"text": "old"}]


def test_equal_messages_hash_alike() -> None:
    tuning.apply_to_training()
    one, same, other = (Message.build(text, "greet") for text in ("hi", "hi", "hello"))
    assert one == same and hash(one) == hash(same) and one != other
    same.set("entities", [{"entity": "x"}])
    assert one != same and len({one, same}) == 2


def test_an_empty_domain_is_told_from_one_that_is_not() -> None:
    assert tuning._is_empty(Domain.empty()) and not tuning._is_empty(DOMAIN)


def test_a_model_is_compressed_lightly_and_read_as_ever(tmp_path: Path) -> None:
    tuning.apply_to_training()
    (tmp_path / "file").write_text("words " * 1000)
    with TarSafe.open(tmp_path / "model.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "file", arcname="file")
    assert (tmp_path / "model.tar.gz").read_bytes()[8] == 4  # gzip's mark of its quickest way (RFC 1952)
    with TarSafe.open(tmp_path / "model.tar.gz", mode="r:gz") as tar:
        assert tar.extractfile("file").read() == (tmp_path / "file").read_bytes()
