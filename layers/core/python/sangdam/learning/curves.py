"""Whether the model knows what it knows: calibration, and what answering more often costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sangdam.learning.held_out import HeldOutRow
from sangdam.learning.intervals import DIGITS, Share, wilson

BINS = 15
POINTS = 200
"""A curve keeps so many points at most."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows of like confidence: how sure the model was of them on average, and how often right."""

    low: float
    high: float
    rows: int
    confidence: float
    accuracy: Share


@dataclass(frozen=True, slots=True)
class Point:
    """Answering all rows of at least this ``confidence``: the share answered, the share wrong."""

    coverage: float
    risk: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Where chosen thresholds stand: ``answer`` alone, or ``clarify``: answering and asking back.

    Not quite on the curve, for the in-scope score has a say in it too.
    """

    name: str
    coverage: float
    risk: float


def reliability(rows: Sequence[HeldOutRow], *, bins: int = BINS) -> tuple[Bin, ...]:
    """Return the bins of a reliability diagram that hold rows, from unsure to sure.

    Bins are of equal width, as for the calibration error (Guo et al., "On Calibration of Modern
    Neural Networks", 2017).
    """
    members: list[list[HeldOutRow]] = [[] for _ in range(bins)]
    for row in rows:
        members[min(bins - 1, int(row.confidence * bins))].append(row)
    result = []
    for number, of_bin in enumerate(members):
        accuracy = wilson(sum(row.is_right for row in of_bin), len(of_bin))
        if accuracy is not None:
            confidence = math.fsum(row.confidence for row in of_bin) / len(of_bin)
            low, high = number / bins, (number + 1) / bins
            result.append(Bin(_round(low), _round(high), len(of_bin), _round(confidence), accuracy))
    return tuple(result)


def risk_coverage(rows: Sequence[HeldOutRow], *, points: int = POINTS) -> tuple[Point, ...]:
    """Return what share of answers is wrong as the surest rows, then less sure ones, are answered.

    Rows of equal confidence are answered together, as a threshold would. Of a long curve only
    ``points`` points are returned, evenly spread, the last one among them.
    """
    ends = _ends(rows)
    step = max(1, math.ceil(len(ends) / points))
    kept = ends[::-1][::step][::-1]
    return tuple(
        Point(_round(size / len(rows)), _round(wrong / size), _round(confidence))
        for size, wrong, confidence in kept
    )


def area_under_risk(rows: Sequence[HeldOutRow]) -> float | None:
    """Return the mean risk over all coverages (AURC; 0 is perfect); None without rows.

    Geifman et al., "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers", 2019. Rows
    of equal confidence count as answered in every order at once, so ties neither help nor harm.
    """
    if not rows:
        return None
    total: list[float] = []
    size_before = wrong_before = 0
    for size, wrong, _ in _ends(rows):
        rate = (wrong - wrong_before) / (size - size_before)
        total.extend(
            (wrong_before + rate * (count - size_before)) / count
            for count in range(size_before + 1, size + 1)
        )
        size_before, wrong_before = size, wrong
    return math.fsum(total) / len(rows)


def marks(rows: Sequence[HeldOutRow]) -> tuple[Mark, ...]:
    """Return where the chosen thresholds stand among rows of known intents."""
    answered = [row for row in rows if row.decision == "answer"]
    spoken = [row for row in rows if row.decision != "fallback"]
    return tuple(
        Mark(name, _round(len(some) / len(rows)), _round(_wrong(some) / len(some)))
        for name, some in (("answer", answered), ("clarify", spoken))
        if some
    )


def _ends(rows: Sequence[HeldOutRow]) -> list[tuple[int, int, float]]:
    """Return (rows, wrong ones, confidence) after each group of equal confidence, surest first."""
    ordered = sorted(rows, key=lambda row: -row.confidence)
    result: list[tuple[int, int, float]] = []
    wrong = 0
    for size, row in enumerate(ordered, start=1):
        wrong += not row.is_right
        if result and result[-1][2] == row.confidence:
            result.pop()
        result.append((size, wrong, row.confidence))
    return result


def _wrong(rows: Sequence[HeldOutRow]) -> int:
    return sum(not row.is_right for row in rows)


def _round(value: float) -> float:
    return round(value, DIGITS)
