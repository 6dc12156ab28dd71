"""What is tuned in Rasa 3.6.21, with the reason and the gain. Nothing else of Rasa is changed anywhere.

Gains are of the assistant's processor time for a message, in the mix of bench/webchat.py.

1. ``RemoteAction._validate_action_result`` builds a JSON schema validator, and checks the schema itself, on every
   call of an action: built once it costs 0.1 ms instead of 24 ms a call. Slots, nearly all of what our actions
   answer with, are held against the schema's words for them without the 20 other kinds of event: another 9 %.
2. ``EndpointConfig.request`` opens a new HTTP session, and so a new connection, for every call of an action. One
   session a process and event loop keeps its connections; a call may take no longer than ``action_deadline``, and
   a server that is just starting again is waited for a moment.
3. ``RemoteAction._action_call_format`` sends the whole conversation with every call of an action. Ours look at the
   last turns only, so that a call at the end of a long conversation costs what it costs at its beginning: 5 %.
4. ``DaskGraphRunner.run`` plans the same few steps anew for every message and prediction, which takes longer than
   some of them. They are planned once: 8 %.
5. ``DialogueStateTracker.copy`` replays all events for every action, and slots are copied by Python's general
   protocol: 7 %, and more the longer the conversation.
6. ``RulePolicy`` describes every moment since the conversation began for every prediction, though no rule looks
   further back than the longest: 5 %, and more the longer the conversation.
7. NumPy's OpenBLAS keeps a thread a core that waits by turning in circles: after each small product it takes a
   whole core for a while, from the other processes of the machine too. One thread is as quick for what we compute.
8. ``FailSafeTrackerStore`` hides that the ledger cannot be read or written: it goes on with an empty conversation
   and keeps what could not be saved in memory for ever. Ours is asked directly, so that a turn without the ledger
   fails at once and is done again when the ledger is back.
9. ``DomainProvider`` keeps the domain in a model as YAML and reads that five times over when the model is loaded: 20
   seconds with all services. It is written as JSON, which is YAML too, and read once as what it is.
10. ``Domain.is_empty`` is asked for every message and makes a whole empty domain to compare with: 0.4 of 10 ms that
    a message takes to be understood. One empty domain is kept.

And of training, with all services (seconds of processor time):

11. ``TrainingHook`` hashes all that goes into and comes out of every step, for a cache that ``assistant train`` does
    not keep: 14 s.
12. ``TrainingData.merge`` copies every example, and is called nine times on the way from the importer: 12 s. Nobody
    changes what was merged, so the examples themselves are passed on.
13. ``Message.__hash__`` hashes all that a message holds, to find equal examples after each merge. Its text and
    intent do; messages that have both in common are still compared as before: 6 s.
14. ``LocalModelStorage`` compresses a model, which is mostly numbers without a pattern, as hard as gzip can: 6 s. The
    least that gzip can makes the file no larger to speak of and takes 1 s.

(The domain is left out of calls by ``enable_selective_domain`` in endpoints.yml, which is Rasa's own switch.)
``tests/bot/test_tuning.py`` fails when Rasa's version, or what is replaced here, changes.
"""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from tarfile import TarFile
from typing import Any

import aiohttp
import jsonschema
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.engine.training.hooks import TrainingHook
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.nlu.training_data.util import check_duplicate_synonym
from rasa.utils.endpoints import ClientResponseError, EndpointConfig, concat_url
from tarsafe import TarSafe
from threadpoolctl import threadpool_limits

from bot.settings import settings

TUNED_FOR = "3.6.21"
KEEP_ALIVE = 2.0  # seconds; the action server closes an idle connection after 5, and must not be the first to
RESTART_SECONDS, RETRY_EVERY = 4.0, 0.25  # a killed action server is back after about so long
GRACE = 1.0  # seconds that a call may take beyond the action's own deadline
SENT_TURNS = 4  # with a call of an action
DOMAIN_FILE = "domain.yml"  # in a model; JSON is YAML, so that Rasa without the tuning reads it too

Request = Callable[..., Awaitable[Any]]
_sessions: dict[int, aiohttp.ClientSession] = {}


def _patched_request(original: Request) -> Request:
    async def request(self: EndpointConfig, method: str = "post", subpath: str | None = None, **kwargs: Any) -> Any:
        """As Rasa's own, over the process's session. Endpoints with certificates or passwords keep Rasa's own."""
        if self.cafile or self.basic_auth:
            return await original(self, method, subpath, **kwargs)
        limit = aiohttp.ClientTimeout(total=settings().action_deadline + GRACE, sock_connect=1.0)
        headers = {"Content-Type": "application/json", **kwargs.get("headers", {}), **self.headers}
        request_once = partial(
            session().request,
            method,
            concat_url(self.url, subpath),
            json=kwargs.get("json"),
            headers=headers,
            params=self.combine_parameters(dict(kwargs)),
            compress=kwargs.get("compress", False),
            timeout=limit,
        )
        async with await _reached(request_once) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason or "", await response.text())
            try:
                return await response.json()
            except aiohttp.ContentTypeError:
                return None

    return request


async def _reached(request_once: Callable[[], Awaitable[aiohttp.ClientResponse]]) -> aiohttp.ClientResponse:
    """The answer of a server that may just be starting again: a refused connection has done nothing, so try on."""
    give_up = asyncio.get_running_loop().time() + RESTART_SECONDS
    while True:
        try:
            return await request_once()
        except aiohttp.ClientConnectorError:
            if asyncio.get_running_loop().time() > give_up:
                raise
            await asyncio.sleep(RETRY_EVERY)


def session() -> aiohttp.ClientSession:
    """The HTTP session of the running event loop."""
    loop = id(asyncio.get_running_loop())
    known = _sessions.get(loop)
    if known is None or known.closed:
        connector = aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE)
        known = _sessions[loop] = aiohttp.ClientSession(connector=connector)
    return known


def _patched_format(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def _action_call_format(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        """As Rasa's own, with the events of the last turns."""
        call = original(self, _Short(tracker), domain)
        call["tracker"]["events"] = [event.as_dict() for event in last_turns(tracker.events, SENT_TURNS)]
        return call

    return _action_call_format


class _Short:
    """A tracker that does not put its events into words."""

    def __init__(self, tracker: DialogueStateTracker) -> None:
        self.sender_id = tracker.sender_id
        self._tracker = tracker

    def current_state(self, _verbosity: EventVerbosity) -> dict[str, Any]:
        return dict(self._tracker.current_state(EventVerbosity.NONE))


def last_turns(events: Sequence[Event], turns: int) -> list[Event]:
    """The events of so many turns, from the resident's message on; of all when there were no more."""
    kept: list[Event] = []
    for event in reversed(events):
        kept.append(event)
        turns -= isinstance(event, UserUttered)
        if not turns:
            break
    return kept[::-1]


def _is_plain_slot(event: Any) -> bool:
    """Whether Rasa's schema has nothing against an event, if that can be told at a glance. A bool is no number."""
    return (
        type(event) is dict
        and event.get("event") == "slot"
        and isinstance(event.get("name"), str)
        and "value" in event
        and type(event.get("timestamp")) in (int, float, type(None))
        and type(event.get("metadata")) in (dict, type(None))
    )


def _validation() -> Callable[[RemoteAction, Any], bool]:
    validator = jsonschema.Draft7Validator(RemoteAction.action_response_format_spec())

    def _validate_action_result(self: RemoteAction, result: Any) -> bool:
        if isinstance(result, dict) and isinstance(result.get("events"), list):
            result = {**result, "events": [event for event in result["events"] if not _is_plain_slot(event)]}
        validator.validate(result)
        return True

    return _validate_action_result


def _run_graph(
    self: DaskGraphRunner, inputs: Mapping[str, Any] | None = None, targets: Sequence[str] | None = None
) -> dict[str, Any]:
    """As Rasa's own: each node once, after those that it needs."""
    wanted = tuple(targets or self._graph_schema.target_names)
    done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name in self.__dict__.setdefault("planned", {}).get(wanted) or _plan(self, wanted):
            needs = self._graph_schema.nodes[name].needs.values()
            done[name] = self._instantiated_nodes[name](*(done.get(needed, needed) for needed in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(done[name] for name in wanted)


def _plan(runner: DaskGraphRunner, wanted: tuple[str, ...]) -> list[str]:
    """The nodes to run for what is wanted, each after those that it needs; remembered with the runner."""
    nodes = runner._graph_schema.nodes
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in nodes and name not in order:
            for needed in nodes[name].needs.values():
                visit(needed)
            order[name] = None

    for name in wanted:
        visit(name)
    runner.planned[wanted] = list(order)
    return runner.planned[wanted]


def _copy_slot(self: Slot) -> Slot:
    made: Slot = object.__new__(type(self))
    made.__dict__.update(self.__dict__)
    return made


def _copy_tracker(self: DialogueStateTracker) -> DialogueStateTracker:
    """What replaying all events comes to: a tracker's state is what its events made of it."""
    made: DialogueStateTracker = object.__new__(type(self))
    made.__dict__.update(self.__dict__)
    made.events = copy.copy(self.events)
    made.slots = copy.copy(self.slots)
    made.slots.update({name: copy.copy(slot) for name, slot in self.slots.items()})
    made.active_loop = copy.copy(self.active_loop)
    made.model_id = made.assistant_id = made.sender_source = None  # as a new one
    return made


class _Recent:
    """A tracker that describes only its last moments, by what policies look at: no slot without features."""

    def __init__(self, tracker: DialogueStateTracker, moments: int) -> None:
        self._tracker, self._moments = tracker, moments

    def past_states(self, domain: Domain, omit_unset_slots: bool = False, **_other: Any) -> list[dict[str, Any]]:
        applied = self._tracker.applied_events()
        older = sum(isinstance(event, ActionExecuted) for event in applied) + 1 - self._moments
        featured = [slot for slot in self._tracker.slots.values() if slot.has_features()]
        before = DialogueStateTracker(self._tracker.sender_id, featured)
        states = []
        for event in applied:
            if isinstance(event, ActionExecuted):
                if older <= 0:
                    states.append(domain._clean_state(domain.get_active_state(before, omit_unset_slots)))
                older -= 1
            if not isinstance(event, SlotSet) or event.key in before.slots:
                event.apply_to(before)
        return [*states, domain._clean_state(domain.get_active_state(before, omit_unset_slots))]


def _patched_states(original: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    def _prediction_states(self: RulePolicy, tracker: DialogueStateTracker, *args: Any, **kwargs: Any) -> list[Any]:
        """As Rasa's own, of no more moments than the longest rule has."""
        if "longest" not in self.__dict__:
            self.longest = max(map(len, _rules(self)), default=1)
        return original(self, _Recent(tracker, self.longest), *args, **kwargs)

    return _prediction_states


def _rules(policy: RulePolicy) -> Iterator[list[Any]]:
    for kind in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH):
        yield from map(json.loads, policy.lookup.get(kind) or ())


async def _retrieve(self: FailSafeTrackerStore, sender_id: str) -> DialogueStateTracker | None:
    return await self._tracker_store.retrieve(sender_id)


async def _save(self: FailSafeTrackerStore, tracker: DialogueStateTracker) -> None:
    await self._tracker_store.save(tracker)


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


def _unless_uncached(original: Callable[..., Any], instead: Any) -> Callable[..., Any]:
    def hook(self: TrainingHook, *args: Any, **kwargs: Any) -> Any:
        return instead if self._cache._is_disabled() else original(self, *args, **kwargs)

    return hook


def _merge(self: TrainingData, *others: TrainingData | None) -> TrainingData:
    """As Rasa's own, of the examples themselves."""
    all_data = [self, *(other for other in others if other)]
    synonyms: dict[str, str] = {}
    for data in all_data:
        for text, value in data.entity_synonyms.items():
            check_duplicate_synonym(synonyms, text, value, "merging training data")
        synonyms |= data.entity_synonyms
    return TrainingData(
        [message for data in all_data for message in data.training_examples],
        synonyms,
        [pattern for data in all_data for pattern in data.regex_features],
        [table for data in all_data for table in data.lookup_tables],
        {name: variations for data in all_data for name, variations in data.responses.items()},
    )


def _hash_message(self: Message) -> int:
    return hash((self.data.get(TEXT), self.data.get(INTENT)))


def _gzopen(cls: type[TarSafe], name: str, mode: str = "r", fileobj: Any = None, compresslevel: int = 1) -> TarFile:
    return TarFile.gzopen.__func__(cls, name, mode, fileobj, compresslevel)  # type: ignore[attr-defined]


def apply_to_training() -> None:
    """Put the tuning of training, and of what it leaves for serving, in place."""
    if getattr(TrainingData, "is_tuned", False):
        return
    _apply_to_domains()
    TrainingHook.on_before_node = _unless_uncached(TrainingHook.on_before_node, {})
    TrainingHook.on_after_node = _unless_uncached(TrainingHook.on_after_node, None)
    TrainingData.merge, Message.__hash__ = _merge, _hash_message
    TarSafe.gzopen = classmethod(_gzopen)
    TrainingData.is_tuned = True


def _apply_to_domains() -> None:
    if DomainProvider._persist is not _persist_domain:
        DomainProvider._persist = _persist_domain
        DomainProvider.load = classmethod(_patched_load(DomainProvider.load))


def apply() -> None:
    """Put the tuning in place; a second call changes nothing."""
    if getattr(EndpointConfig, "is_tuned", False):
        return
    RemoteAction._validate_action_result = _validation()
    RemoteAction._action_call_format = _patched_format(RemoteAction._action_call_format)
    EndpointConfig.request = _patched_request(EndpointConfig.request)
    DaskGraphRunner.run = _run_graph
    Slot.__copy__ = _copy_slot
    DialogueStateTracker.copy = _copy_tracker
    RulePolicy._prediction_states = _patched_states(RulePolicy._prediction_states)
    threadpool_limits(1, "blas")
    FailSafeTrackerStore.retrieve, FailSafeTrackerStore.save = _retrieve, _save
    Domain.is_empty = _is_empty
    _apply_to_domains()
    EndpointConfig.is_tuned = True
