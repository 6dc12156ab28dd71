"""The table that docs/understanding.md holds, and the plot beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench.nlu.rivals import RIVALS, Cost
from bench.nlu.scores import Scores

QUALITY: dict[str, Callable[[Scores], float | None]] = {
    "right label": lambda s: s.accuracy,
    "macro F1": lambda s: s.macro_f1,
    "right label and not refused": lambda s: s.answered_right,
    "refusal: AUROC": lambda s: s.auroc,
    "refusal: Matthews' correlation, best threshold": lambda s: s.best_matthews,
    "refusal: Matthews' correlation, as shipped": lambda s: s.matthews,
    "out of scope, refused": lambda s: s.refused_outside,
    "in scope, but refused": lambda s: s.refused_inside,
    "calibration error (less is better)": lambda s: s.calibration_error,
}
COST: dict[str, Callable[[Cost], str]] = {
    "seconds to train": lambda c: f"{c.training_seconds:.0f}",
    "seconds of processor time to train": lambda c: f"{c.training_processor:.0f}",
    "memory while it trains": lambda c: f"{c.training_mb:.0f} MB",
    "seconds to load": lambda c: f"{c.loading_seconds:.1f}",
    "milliseconds a message, median": lambda c: f"{c.milliseconds:.1f}",
    "milliseconds a message, 95 of 100 below": lambda c: f"{c.milliseconds_late:.1f}",
    "memory of a process that answers": lambda c: f"{c.answering_mb:.0f} MB",
}
Judged = Mapping[str, Mapping[str, Scores]]


def lines(judged: Judged, details: Mapping[str, Mapping[str, float]], costs: Mapping[str, Cost]) -> Iterator[str]:
    """Markdown: of each set of questions what each pipeline scored, then the details, then what it costs."""
    yield f"| | {' | '.join(RIVALS)} |"
    yield "|---" * (1 + len(RIVALS)) + "|"
    for name, by_rival in judged.items():
        first = next(iter(by_rival.values()))
        yield _row(f"**{name}**: {first.in_scope} in scope, {first.out_of_scope} out of it", [""] * len(RIVALS))
        for title, value in QUALITY.items():
            figures = [value(by_rival[rival]) if rival in by_rival else None for rival in RIVALS]
            if any(figure is not None for figure in figures):
                yield _row(title, ["" if figure is None else f"{figure:.3f}" for figure in figures])
    for name, found in details.items():
        yield _row(f"details' F1, {name}", [f"{found[rival]:.3f}" if rival in found else "" for rival in RIVALS])
    for title, put in COST.items():
        yield _row(title, [put(costs[rival]) if rival in costs else "" for rival in RIVALS])


def _row(title: str, cells: list[str]) -> str:
    return f"| {title} | {' | '.join(cells)} |"


def draw(
    curves: Mapping[str, tuple[list[float], list[float]]], shipped: Mapping[str, tuple[float, float]], path: Path
) -> None:
    """Refusal against answers, for every threshold; a point where each pipeline is as it comes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.8), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for (name, (refused, answered)), style in zip(curves.items(), ("-", "--"), strict=False):
        (line,) = axes.plot(refused, answered, style, label=name)
        axes.plot(*shipped[name], "o", color=line.get_color())
    axes.set(xlabel="out of scope, refused", ylabel="in scope, answered right", xlim=(0, 1.01), ylim=(0, 1.01))
    axes.grid(visible=True, alpha=0.3)
    axes.legend(loc="lower left")
    figure.tight_layout()
    figure.savefig(str(path))
