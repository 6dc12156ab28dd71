"""A turn inside Rasa's process comes to what Rasa's own code comes to, only quicker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot import tuning
from bot.tuning import turns
from tests.bot.tuning.conversations import DOMAIN, conversation


@pytest.fixture(autouse=True)
def _tuned() -> None:
    tuning.apply()


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
        assert turns._Recent(tracker, moments).past_states(DOMAIN) == tracker.past_states(DOMAIN)[-moments:]
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
