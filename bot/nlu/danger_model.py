"""Danger that no pattern names: what oblique and misspelt messages have in common with expressions of danger.

Learns from ``data/safety/expressions/`` alone, so that what is danger never changes with the content that editors
change. It is learnt once for each version of those files and kept in the var folder, as the embeddings are;
``python -m bot.nlu.danger_model`` does so at set-up.

How far a message is danger is the sum of what speaks for the kinds, less what speaks for "ordinary". Thresholds are
set on examples held out: above its kind's ``alarm`` it is danger; where a signal was found as well (bot.nlu.signals)
less will do. Errors: ValueError <- ExpressionsError (a file that cannot be used, in plain words).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bot.content import ContentError, read
from bot.nlu.built import build_whole
from bot.nlu.kernel import HeldOut, KernelOptions, KernelRidge
from bot.nlu.minilm import embed
from bot.settings import settings

ORDINARY = "ordinary"
HARMLESS = (ORDINARY, "answers", "everyday")  # the files whose examples are no danger
NAME = "danger"
SOURCES = ("danger_model.py", "kernel.py", "minilm_build.py", "minilm_sentences.txt", "terms.py")


class ExpressionsError(ValueError):
    """The expressions cannot be used; the message says where and why."""


@dataclass(frozen=True)
class DangerOptions(KernelOptions):
    """``alarm_share``: of the harmless examples that are held out, so many may alarm by themselves;
    ``signalled_share``: so many where a signal was found too. Chosen on one author's messages, whom no training had
    seen (docs/understanding.md). ``least_noticed``: of each kind so many must alarm, whatever that costs."""

    components: int = 128
    held_out: int = 4000
    most_common: int = 4000
    alarm_share: float = 0.025
    signalled_share: float = 0.06
    least_noticed: float = 0.9


@dataclass(frozen=True)
class Thresholds:
    """How far a message must be danger: by itself, for each kind; and with a signal."""

    alarm: Mapping[str, float]
    signalled: float


class DangerModel:
    """A trained model of danger."""

    def __init__(self, ridge: KernelRidge, options: DangerOptions, thresholds: Thresholds) -> None:
        """Put the parts together; ``fit`` and ``load`` make them."""
        self.thresholds = thresholds
        self._ridge = ridge
        self._options = options
        self._ordinary = ridge.labels.index(ORDINARY)
        self._kinds = [label for label in ridge.labels if label != ORDINARY]

    @classmethod
    def fit(
        cls, texts: Sequence[str], names: Sequence[str], vectors: np.ndarray, options: DangerOptions
    ) -> DangerModel:
        """Learn from texts with their kinds of danger, or ORDINARY."""
        ridge, held_out = KernelRidge.fit(texts, names, vectors, options)
        model = cls(ridge, options, Thresholds({}, 0.0))
        model.thresholds = model._calibrated(held_out)
        return model

    def _calibrated(self, held_out: HeldOut) -> Thresholds:
        options, numbers = self._options, self._ridge.numbers[held_out.examples]
        danger = self._danger(held_out.scores)
        harmless = danger[numbers == self._ordinary]
        harmless = harmless if len(harmless) else np.zeros(1)
        alarm, signalled = (np.quantile(harmless, 1 - s) for s in (options.alarm_share, options.signalled_share))
        by_kind = {}
        for kind in self._kinds:
            of_kind = danger[numbers == self._ridge.labels.index(kind)]
            noticed = np.quantile(of_kind, 1 - options.least_noticed) if len(of_kind) else alarm
            by_kind[kind] = float(min(alarm, noticed))
        return Thresholds(by_kind, float(signalled))

    def _danger(self, scores: np.ndarray) -> np.ndarray:
        """How far each row of scores is danger."""
        kinds = np.delete(scores, self._ordinary, axis=1)
        return np.asarray(np.maximum(kinds, 0.0).sum(axis=1) - scores[:, self._ordinary])

    def find(
        self, texts: Sequence[str], vectors: np.ndarray, signal: Callable[[str], str | None], margin: float = 0.0
    ) -> list[str | None]:
        """The kind of danger in each text, with its embedding in the same row, or None.

        ``signal``: the kind that a pattern finds in a text, asked only where it decides. ``margin``: how much more
        danger than usual there must be.
        """
        scores, _ = self._ridge.scores(texts, vectors)
        danger = self._danger(scores) - margin
        return [self._kind(*row, signal) for row in zip(texts, scores, danger.tolist(), strict=True)]

    def _kind(self, text: str, scores: np.ndarray, danger: float, signal: Callable[[str], str | None]) -> str | None:
        if danger > self.thresholds.signalled and (signalled := signal(text)):
            return signalled
        likeliest = self._kinds[int(np.delete(scores, self._ordinary).argmax())]
        return likeliest if danger > self.thresholds.alarm[likeliest] else None

    def save(self, folder: Path) -> None:
        """Write the model as JSON and plain arrays."""
        self._ridge.save(folder, NAME)
        described = {"options": asdict(self._options), "thresholds": asdict(self.thresholds)}
        (folder / f"{NAME}.json").write_text(json.dumps(described), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> DangerModel:
        """Read a saved model."""
        described = json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))
        options = DangerOptions(**described["options"])
        return cls(KernelRidge.load(folder, NAME, options), options, Thresholds(**described["thresholds"]))


def read_expressions(folder: Path) -> list[tuple[str, str]]:
    """Every expression with its kind, or ORDINARY. Raises ExpressionsError."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        try:
            texts = read(path).get("examples")
        except ContentError as error:
            raise ExpressionsError(str(error)) from error
        if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
            raise ExpressionsError(f"{path}: there must be a list of texts under 'examples:'.")
        found += [(text, ORDINARY if path.stem in HARMLESS else path.stem) for text in texts]
    return found


def version(folder: Path) -> str:
    """A name for what stands in the folder and for how it is learnt."""
    digest = hashlib.sha256()
    sources = [Path(__file__).with_name(name) for name in SOURCES]
    for path in (*sorted(folder.glob("*.yml")), *sources):
        digest.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def learnt(folder: Path) -> Path:
    """The folder that holds the model of these expressions, learnt now if that was not done; whole or not at all."""
    target = Path(settings().var_dir).resolve() / f"danger-{version(folder)}"
    if target.is_dir():
        return target

    def fill(made: Path) -> None:
        texts, kinds = zip(*read_expressions(folder), strict=True)
        DangerModel.fit(texts, kinds, embed(list(texts)), DangerOptions()).save(made)

    build_whole(target, fill)
    return target


def main() -> int:
    """Learn the expressions of the content, at set-up; 1 with a plain sentence if that is impossible."""
    try:
        learnt(Path(settings().data_dir) / "safety" / "expressions")
    except (ExpressionsError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
