"""A turn inside Rasa's process: the steps of a prediction, copies of the conversation, rules, and the ledger.

Gains are of the assistant's processor time for a message, in the mix of bench/webchat.py.

1. ``DaskGraphRunner.run`` plans the same few steps anew for every message and prediction, which takes longer than
   some of them. They are planned once: 8 %.
2. ``DialogueStateTracker.copy`` replays all events for every action, and slots are copied by Python's general
   protocol: 7 %, and more the longer the conversation.
3. ``RulePolicy`` describes every moment since the conversation began for every prediction, though no rule looks
   further back than the longest: 5 %, and more the longer the conversation.
4. NumPy's OpenBLAS keeps a thread a core that waits by turning in circles: after each small product it takes a
   whole core for a while, from the other processes of the machine too. One thread is as quick for what we compute.
5. ``FailSafeTrackerStore`` hides that the ledger cannot be read or written: it goes on with an empty conversation
   and keeps what could not be saved in memory for ever. Ours is asked directly, so that a turn without the ledger
   fails at once and is done again when the ledger is back.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from threadpoolctl import threadpool_limits


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


def apply() -> None:
    """Put it in place."""
    DaskGraphRunner.run = _run_graph
    Slot.__copy__ = _copy_slot
    DialogueStateTracker.copy = _copy_tracker
    RulePolicy._prediction_states = _patched_states(RulePolicy._prediction_states)
    threadpool_limits(1, "blas")
    FailSafeTrackerStore.retrieve, FailSafeTrackerStore.save = _retrieve, _save
