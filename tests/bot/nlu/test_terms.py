"""Words and pieces of words, and how much each weighs."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.terms import Terms, pieces, words

TEXTS = ["When is my bin day?", "my bin, my bin!", "Café on the corner", "a bin", "?"]


def test_words_and_their_neighbours() -> None:
    assert words("My bin's FULL") == ["my", "bin", "s", "full", "my bin", "bin s", "s full"]


def test_pieces_know_where_a_word_begins_and_ends() -> None:
    assert pieces("Bé") == [" b", "be", "e ", " be", "be ", " be "]


def test_nothing_known_weighs_nothing() -> None:
    terms, _ = Terms.fit(TEXTS, (1.0, 1.4))
    places, weights = terms.of("zzz")
    assert len(places) == len(weights) == 0


def test_each_kind_is_as_long_as_it_weighs() -> None:
    terms, _ = Terms.fit(TEXTS, (1.0, 1.4))
    places, weights = terms.of("my bin and something else")
    is_word = places < len(terms.known[0])
    assert np.linalg.norm(weights[is_word]) == pytest.approx(1.0)
    assert np.linalg.norm(weights[~is_word]) == pytest.approx(1.4)


def test_they_weigh_what_scikit_learn_says() -> None:
    _, ours = Terms.fit(TEXTS, (1.0, 0.0))
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), token_pattern=r"\w+", sublinear_tf=True, strip_accents="unicode", dtype=np.float32
    )
    theirs = vectorizer.fit_transform(TEXTS)
    assert (ours @ ours.T).toarray() == pytest.approx((theirs @ theirs.T).toarray(), abs=1e-6)


def test_pieces_that_most_texts_have_may_be_left_out_but_no_words() -> None:
    terms, features = Terms.fit(TEXTS, (1.0, 1.4), most=2)
    assert "bin" in terms.known[0]
    assert " my " in terms.known[1] and " bin" not in terms.known[1]
    assert features.shape == (len(TEXTS), sum(map(len, terms.known)))
