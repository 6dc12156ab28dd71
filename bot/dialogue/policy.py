"""The Rasa policy that runs what every journey shares; it asks ``decide`` and speaks Rasa.

It takes part in the ordinary ensemble: where it has nothing to say it abstains and Rasa's RulePolicy acts on the
rules that the importer wrote (a query starts a form, an answer is told). Predictions are marked "no user" because
RulePolicy marks its own loop predictions so, and those overrule everything that is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.clock import today
from bot.council import council
from bot.dialogue.decide import decide
from bot.dialogue.forms import look_ups
from bot.dialogue.journey_reader import journeys
from bot.dialogue.journeys import Journey
from bot.dialogue.proceed import proceed
from bot.dialogue.situation import Button, Move, Progress, Situation, read_payload
from bot.dialogue.titles import query_titles

PRIORITY = 7  # above RulePolicy's 6


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT], is_trainable=True)
class JourneyPolicy(Policy):
    """Interruptions, corrections, commands, offers and danger, for all journeys alike."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to set but the priority over other policies."""
        return {"priority": PRIORITY}

    @staticmethod
    def supported_data() -> SupportedData:
        """It learns from neither stories nor rules: journeys are data."""
        return SupportedData.ML_DATA

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Nothing is learned; the journeys are read from the content when a conversation needs them."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> GraphComponent:
        """Nothing was learned, nothing is loaded."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The next action with the slots that change before it, or an abstention."""
        events = list(tracker.events)
        spoke_at = next((i for i in range(len(events) - 1, -1, -1) if isinstance(events[i], UserUttered)), None)
        if spoke_at is None:
            return self._prediction(self._default_predictions(domain))
        turn = events[spoke_at + 1 :]
        now = read_situation(tracker, domain, events[spoke_at], events[:spoke_at])
        so_far = read_progress(tracker, events[spoke_at], turn)
        move = proceed(now, so_far) if so_far.actions else decide(now)
        if move is None or move.action not in domain.action_names_or_texts:
            return self._abstain(domain, tracker)
        return self._predict(domain, move)

    def _predict(self, domain: Domain, move: Move) -> PolicyPrediction:
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(move.action)] = 1.0
        prediction = self._prediction(probabilities, optional_events=_events(move))
        prediction.is_no_user_prediction = True
        return prediction

    def _abstain(self, domain: Domain, tracker: DialogueStateTracker) -> PolicyPrediction:
        """Rasa's rules act; that something was understood ends a run of misses and an offer, whoever acts on it."""
        events: list[Event] = [SlotSet("misses", 0)] if tracker.get_slot("misses") else []
        if tracker.get_slot("offer"):
            events.append(SlotSet("offer", None))
        return self._prediction(self._default_predictions(domain), events=events)


def _events(move: Move) -> list[Event]:
    leaving: list[Event] = [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)] if move.leaves else []
    return leaving + [SlotSet(name, value) for name, value in move.slots.items()]


def read_situation(
    tracker: DialogueStateTracker, domain: Domain, spoken: UserUttered, before: list[Event]
) -> Situation:
    """Rasa's tracker -> what ``decide`` looks at."""
    data = spoken.parse_data or {}
    understood = data.get("understanding") or {}
    intent = spoken.intent or {}
    is_pressed = (spoken.text or "").startswith("/")
    known = journeys()
    journey = _active_journey(tracker, known.values())
    entities = spoken.entities or []
    query = intent.get("name") if is_pressed else understood.get("query") or intent.get("name")
    return Situation(
        text=spoken.text or "",
        query=str(query or ""),
        confidence=float(1.0 if is_pressed else understood.get("confidence", intent.get("confidence", 0.0)) or 0.0),
        refused=not is_pressed and bool(understood.get("refused", intent.get("name") == "nlu_fallback")),
        is_pressed=is_pressed,
        details={str(item["entity"]): str(item["value"]) for item in entities} if is_pressed else {},
        entities=[] if is_pressed else [(str(item["entity"]), str(item["value"])) for item in entities],
        also=[(str(item["query"]), float(item["confidence"])) for item in understood.get("also", [])],
        second=understood.get("second"),
        safety=data.get("safety"),
        journey=journey,
        requested=journey.ask(tracker.get_slot(REQUESTED_SLOT)) if journey else None,
        slots={name: slot.value for name, slot in tracker.slots.items() if slot.value is not None},
        offered=offered_buttons(before),
        today=today(),
        journeys=known,
        titles=query_titles(),
        desk=tuple((spoken.metadata or {}).get("desk") or ()),
        topics=frozenset(topic.query for topic in council().desk.topics),
        look_ups=look_ups(domain.intents, domain.user_actions, known.values()),
    )


def _active_journey(tracker: DialogueStateTracker, known: Iterable[Journey]) -> Journey | None:
    return next((journey for journey in known if journey.form == tracker.active_loop_name), None)


def offered_buttons(before: list[Event]) -> list[Button]:
    """The buttons under what the assistant said last, since the resident spoke before that."""
    buttons: list[Button] = []
    for event in reversed(before):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            shown = event.data.get("buttons") or []
            buttons = [read_payload(button["title"], button["payload"]) for button in shown] + buttons
    return buttons


def read_progress(tracker: DialogueStateTracker, spoken: UserUttered, turn: list[Event]) -> Progress:
    """What has happened in this turn so far."""
    acts = [event for event in turn if isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME]
    return Progress(
        actions=tuple(str(event.action_name) for event in acts),
        policies=tuple(str(event.policy or "") for event in acts),
        # In Rasa's story tests no action is run, so none speaks; their messages come by no channel.
        has_spoken=spoken.input_channel is None or any(isinstance(event, BotUttered) for event in turn),
        loops_begun=frozenset(str(event.name) for event in turn if isinstance(event, ActiveLoop) and event.name)
        | ({str(tracker.active_loop_name)} if tracker.active_loop_name else frozenset())
        | _loops_ended(turn, acts),
        form=tracker.active_loop_name,
    )


def _loops_ended(turn: list[Event], acts: list[ActionExecuted]) -> frozenset[str]:
    """The form that ran last, when it was over by itself: its ``ActiveLoop(None)`` stands after it."""
    if not acts:
        return frozenset()
    after = turn[turn.index(acts[-1]) + 1 :]
    ended = any(isinstance(event, ActiveLoop) and event.name is None for event in after)
    return frozenset((str(acts[-1].action_name),)) if ended else frozenset()
