"""Limits: a window that slides, is told in seconds, and is bounded; gauges of what is open."""

from __future__ import annotations

import pytest

from channels.messages import Problem
from channels.webchat import limits
from channels.webchat.limits import Gauge, Window, default_limits, take


class Clock:
    time = 100.0

    def __call__(self) -> float:
        return self.time


def test_the_window_slides() -> None:
    clock = Clock()
    window = Window(2, 60, clock)
    assert window.take("a") is None
    clock.time += 50
    assert window.take("a") is None
    assert window.take("a") == 10
    assert window.take("b") is None
    clock.time += 10
    assert window.take("a") is None
    assert window.take("a") == 50


def test_what_was_refused_does_not_count() -> None:
    clock = Clock()
    window = Window(1, 60, clock)
    window.take("a")
    for _ in range(10):
        window.take("a")
    clock.time += 60
    assert window.take("a") is None


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 3)
    window = Window(1, 60, Clock())
    for key in "abcd":
        window.take(key)
    assert len(window._taken) == 3
    assert window.take("d") is not None


def test_one_session_is_held_back_long_before_its_network() -> None:
    usual = default_limits(Clock())
    assert [usual.messages.take("a") for _ in range(60)] == [None] * 60
    assert usual.messages.take("a") == 60
    assert [usual.network_messages.take("n") for _ in range(3000)] == [None] * 3000
    assert usual.network_messages.take("n") == 60


def test_a_gauge_counts_what_is_open() -> None:
    gauge = Gauge(2)
    with gauge.enter("a"), gauge.enter("a"):
        with pytest.raises(Problem, match="too_many") as caught, gauge.enter("a"):
            pass
        assert caught.value.retry_after
        with gauge.enter("b"):
            pass
    with gauge.enter("a"):
        assert list(gauge._open) == ["a"], "nothing is kept of those who left"


def test_taking_over_the_limit_is_a_problem() -> None:
    window = Window(1, 60, Clock())
    take(window, "a")
    with pytest.raises(Problem) as caught:
        take(window, "a")
    assert (caught.value.kind, caught.value.retry_after) == ("too_many", 60)
