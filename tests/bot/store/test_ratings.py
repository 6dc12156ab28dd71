"""Ratings: one a conversation, the last one counts, nothing outside of 1 to 5."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from bot.store import messages, ratings
from bot.store.engine import Database
from bot.store.ratings import Rating
from tests.bot.store.conftest import AT


def test_the_last_rating_counts(db: Database, talk: str) -> None:
    assert ratings.of(db, talk) is None
    ratings.give(db, talk, Rating(2, "slow"), AT)
    ratings.give(db, talk, Rating(5, ""), AT)
    assert ratings.of(db, talk) == Rating(5, "")


@pytest.mark.parametrize("score", [0, 6])
def test_no_other_score_can_be_kept(db: Database, talk: str, score: int) -> None:
    with pytest.raises(IntegrityError):
        ratings.give(db, talk, Rating(score, ""), AT)


def test_a_comment_is_erased_with_what_was_said(db: Database, talk: str) -> None:
    ratings.give(db, talk, Rating(1, "my name is Sam"), AT)
    messages.erase(db, talk)
    assert ratings.of(db, talk) is None
