"""The figures of an evaluation: per file, as a table, and as a picture of what is confused."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from sangdam.learning.held_out import HeldOutRow
from sangdam.learning.metrics import accuracy, auroc, calibration_error, confusions, macro_f1
from sangdam.nlu.understanding import OUT_OF_SCOPE, Decision

PICTURED = 20
"""The picture shows so many intents, those with most mistakes."""

NAMED = 10
FONTS = ("Noto Sans CJK KR", "NanumGothic", "Nanum Gothic", "Malgun Gothic", "AppleGothic")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One row: ``predicted`` is the best intent whatever the thresholds."""

    text: str
    expected: str
    predicted: str
    confidence: float
    decision: Decision


@dataclass(frozen=True, slots=True)
class Measured:
    """The judged rows of a file, and their in-scope scores in the same order."""

    rows: tuple[Judgement, ...]
    in_scope: tuple[float, ...]
    held_out: tuple[HeldOutRow, ...] = ()


def figures(measured: Measured) -> dict[str, Any]:
    """Return the figures of rows as plain JSON; None where a file has no such rows.

    accuracy, macro_f1, expected_calibration_error
        Over rows of known intents, thresholds ignored. A row whose intent was never trained counts
        as a mistake.
    answered, clarified
        Shares of the rows of known intents.
    accuracy_when_answered, accuracy_at_thresholds
        Of the answered rows of known intents, and of all of them (a row not answered is not right).
    out_of_scope_recall
        Share of out-of-scope rows that are not answered: asked about or fallen back on.
    out_of_scope_fallback
        Share of out-of-scope rows that are fallen back on.
    out_of_scope_auroc
        How often a row of a known intent has the higher in-scope score than an out-of-scope row.
    out_of_scope_recall_at_5
        Share of out-of-scope rows whose in-scope score lies below that of 95 % of the known rows.
    wrong_when_answered
        Share of wrong ones among all answered rows, out-of-scope rows included; None where there
        are no rows of known intents beside them.
    """
    known = [row for row in measured.rows if row.expected != OUT_OF_SCOPE]
    foreign = [row for row in measured.rows if row.expected == OUT_OF_SCOPE]
    expected = [row.expected for row in known]
    predicted = [row.predicted for row in known]
    answered = [row for row in known if row.decision == "answer"]
    right = sum(row.expected == row.predicted for row in answered)
    let_in = sum(row.decision == "answer" for row in foreign)
    scores = list(zip(measured.rows, measured.in_scope, strict=True))
    return {
        "in_scope_rows": len(known),
        "out_of_scope_rows": len(foreign),
        "accuracy": accuracy(expected, predicted),
        "macro_f1": macro_f1(expected, predicted),
        "expected_calibration_error": calibration_error(
            [row.confidence for row in known], [row.expected == row.predicted for row in known]
        ),
        "answered": _share(len(answered), len(known)),
        "clarified": _share(sum(row.decision == "clarify" for row in known), len(known)),
        "accuracy_when_answered": _share(right, len(answered)),
        "accuracy_at_thresholds": _share(right, len(known)),
        "out_of_scope_recall": _share(len(foreign) - let_in, len(foreign)),
        "out_of_scope_fallback": _share(
            sum(row.decision == "fallback" for row in foreign), len(foreign)
        ),
        "out_of_scope_auroc": auroc(
            [score for row, score in scores if row.expected != OUT_OF_SCOPE],
            [score for row, score in scores if row.expected == OUT_OF_SCOPE],
        ),
        "out_of_scope_recall_at_5": _recall_at(
            [score for row, score in scores if row.expected != OUT_OF_SCOPE],
            [score for row, score in scores if row.expected == OUT_OF_SCOPE],
        ),
        "wrong_when_answered": (
            _share(len(answered) - right + let_in, len(answered) + let_in) if known else None
        ),
    }


def with_rows(measured: Measured) -> dict[str, Any]:
    """Return the figures, and every row."""
    return {**figures(measured), "rows": [asdict(row) for row in measured.rows]}


def write_table(console: Console, result: Mapping[str, Any], tests: Mapping[str, Measured]) -> None:
    """Print what a person wants to know first."""
    shown = {**result["tests"]}
    if len(shown) > 1:
        shown["together"] = result["together"]
    table = Table()
    for column, justify in (("", "left"), *((name, "right") for name in shown)):
        table.add_column(column, justify="right" if justify == "right" else "left")
    for name, title in (
        ("in_scope_rows", "rows of known intents"),
        ("accuracy", "accuracy"),
        ("macro_f1", "macro F1"),
        ("expected_calibration_error", "calibration error"),
        ("answered", "answered"),
        ("clarified", "asked back"),
        ("accuracy_when_answered", "right when answered"),
        ("accuracy_at_thresholds", "answered and right"),
        ("out_of_scope_rows", "out-of-scope rows"),
        ("out_of_scope_recall", "out of scope, not answered"),
        ("out_of_scope_auroc", "out of scope, AUROC"),
        ("out_of_scope_recall_at_5", "refused, with 5 % of the known"),
        ("wrong_when_answered", "wrong among all answers"),
    ):
        table.add_row(title, *(_cell(name, one.get(name)) for one in shown.values()))
    console.print(table)
    console.print(
        f"trained in {result['train_seconds']:.1f} s,"
        f" release {result['release_bytes'] / 1e6:.1f} MB,"
        f" one message {result['p50_ms']:.2f} ms (p99 {result['p99_ms']:.2f} ms)",
        highlight=False,
    )
    console.print(f"thresholds: {result['thresholds']['rule']}", highlight=False, markup=False)
    for name, measured in tests.items():
        mistakes = confusions(*_known(measured))
        if mistakes:
            console.print(f"most confused in {name}:", highlight=False, markup=False)
        for expected, predicted, count in mistakes[:NAMED]:
            console.print(
                f"  {count:4d} x {expected} taken for {predicted}", highlight=False, markup=False
            )


def draw_confusions(measured: Measured, path: Path, *, title: str) -> None:
    """Write a picture of the confusion matrix of the intents with most mistakes."""
    from matplotlib import rcParams
    from matplotlib.figure import Figure

    expected, predicted = _known(measured)
    blamed: Counter[str] = Counter()
    for one, other, count in confusions(expected, predicted):
        blamed.update({one: count, other: count})
    names = sorted(name for name, _ in blamed.most_common(PICTURED)) or sorted(set(expected))
    names = names[:PICTURED]
    cells = Counter(zip(expected, predicted, strict=True))
    matrix = [[cells[one, other] for other in names] for one in names]
    side = 3 + 0.42 * len(names)
    with warnings.catch_warnings():
        # Without a Korean font on the machine its letters are boxes, and no reason to stop.
        warnings.filterwarnings("ignore", message=r"(?s).*(Glyph|findfont)")
        rcParams["font.family"] = [*_installed(FONTS), "DejaVu Sans"]
        figure = Figure(figsize=(side, side), layout="constrained")
        axes = figure.subplots()
        axes.imshow(matrix, cmap="Blues")
        highest = max((max(row) for row in matrix), default=0)
        for down, row in enumerate(matrix):
            for across, count in enumerate(row):
                if count:
                    shade = "white" if count > highest / 2 else "black"
                    axes.text(across, down, str(count), ha="center", va="center", color=shade)
        axes.set_xticks(range(len(names)), names, rotation=90)
        axes.set_yticks(range(len(names)), names)
        axes.set_xlabel("predicted")
        axes.set_ylabel("expected")
        axes.set_title(title)
        figure.savefig(path, dpi=110)


def together(tests: Sequence[Measured]) -> Measured:
    """Return the rows of all files as one: known and out-of-scope rows often lie apart."""
    return Measured(
        rows=tuple(row for one in tests for row in one.rows),
        in_scope=tuple(score for one in tests for score in one.in_scope),
        held_out=tuple(row for one in tests for row in one.held_out),
    )


def _recall_at(known: list[float], foreign: list[float], *, refused: float = 0.05) -> float | None:
    """Return the share of foreign scores below the one that refuses so many known ones."""
    if not known or not foreign:
        return None
    threshold = sorted(known)[min(len(known) - 1, int(refused * len(known)))]
    return sum(score < threshold for score in foreign) / len(foreign)


def _known(measured: Measured) -> tuple[list[str], list[str]]:
    known = [row for row in measured.rows if row.expected != OUT_OF_SCOPE]
    return [row.expected for row in known], [row.predicted for row in known]


def _installed(families: Sequence[str]) -> list[str]:
    from matplotlib.font_manager import fontManager

    there = {font.name for font in fontManager.ttflist}
    return [family for family in families if family in there]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _cell(name: str, value: float | int | None) -> str:
    if value is None:
        return "-"
    if name.endswith("_rows"):
        return str(value)
    if name in ("expected_calibration_error", "out_of_scope_auroc"):
        return f"{value:.3f}"
    return f"{value:.1%}"
