"""Words, pairs of words and pieces of words in a text, each kind weighted by TF-IDF to length one.

scikit-learn's vectorizers give the same numbers, but spend ten times as long on one short text as counting takes.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, count, pairwise

import numpy as np
from scipy.sparse import csr_matrix

WORD = re.compile(r"\w+")
PIECE_SIZES = range(2, 6)
UNKNOWN = -1


def plain(text: str) -> str:
    """Lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """Words and pairs of neighbours."""
    found = WORD.findall(plain(text))
    return found + [f"{one} {other}" for one, other in pairwise(found)]


def pieces(text: str) -> list[str]:
    """Two to five letters in a row, with a space for the beginning and the end of a word."""
    padded = [f" {word} " for word in plain(text).split()]
    return [
        word[start : start + size] for word in padded for size in PIECE_SIZES for start in range(len(word) - size + 1)
    ]


KINDS = (words, pieces)


@lru_cache(maxsize=256)
def _counts(text: str) -> tuple[Counter[str], ...]:
    """How often each term stands in a text, by kind; remembered, since two models ask for the same message."""
    return tuple(Counter(split(text)) for split in KINDS)


class Terms:
    """The terms that the examples have, how rare each is, and how much each kind weighs."""

    def __init__(self, known: Sequence[Sequence[str]], rarities: np.ndarray, kind_weights: Sequence[float]) -> None:
        """``known``: for each kind its terms; ``rarities`` of all of them in a row."""
        self.known = known
        self.rarities = rarities
        self._kind_weights = kind_weights
        places = count()
        self._places = [{term: next(places) for term in terms} for terms in known]

    @classmethod
    def fit(
        cls, texts: Sequence[str], kind_weights: Sequence[float], most: int = sys.maxsize
    ) -> tuple[Terms, csr_matrix]:
        """The terms of these texts, and a row for each text with a column for each term.

        Pieces that stand in more than ``most`` texts are left out, but no words: "i" and "me" are common, and tell
        somebody in danger from somebody who talks of bins.
        """
        found = [[Counter(split(text)) for text in texts] for split in KINDS]
        having = [Counter(chain.from_iterable(counts)) for counts in found]
        limits = (sys.maxsize, most)
        known = [
            sorted(term for term, often in counts.items() if often <= limit)
            for counts, limit in zip(having, limits, strict=True)
        ]
        often = np.array([counts[term] for counts, terms in zip(having, known, strict=True) for term in terms])
        terms = cls(known, (1.0 + np.log((1 + len(texts)) / (1 + often))).astype(np.float32), kind_weights)
        return terms, terms._matrix(list(zip(*found, strict=True)))

    def of(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The places of a text's known terms, and their weights."""
        return self._weighted(_counts(text))

    def _weighted(self, counts: Sequence[Counter[str]]) -> tuple[np.ndarray, np.ndarray]:
        rows = [self._kind(*kind) for kind in zip(counts, self._places, self._kind_weights, strict=True)]
        return np.concatenate([places for places, _ in rows]), np.concatenate([weights for _, weights in rows])

    def _kind(self, counts: Counter[str], known: dict[str, int], weight: float) -> tuple[np.ndarray, np.ndarray]:
        places = np.fromiter((known.get(term, UNKNOWN) for term in counts), np.int32, len(counts))
        often = np.fromiter(counts.values(), np.float32, len(counts))
        is_known = places != UNKNOWN
        places, often = places[is_known], often[is_known]
        weights = (1 + np.log(often)) * self.rarities[places]
        return places, weights * np.float32(weight / max(float(np.linalg.norm(weights)), 1e-9))

    def _matrix(self, counts: Sequence[Sequence[Counter[str]]]) -> csr_matrix:
        rows = [self._weighted(each) for each in counts]
        starts = np.cumsum([0, *(len(places) for places, _ in rows)])
        places, weights = (np.concatenate(part) for part in zip(*rows, strict=True))
        return csr_matrix((weights, places, starts), shape=(len(rows), len(self.rarities)))
