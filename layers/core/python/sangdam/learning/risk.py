"""How many of the surest answers may be given so that few enough of them are wrong."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

LEVEL = 0.01
"""A guaranteed budget is kept with a confidence of one minus this.

Stricter than the usual 0.05, because what a team sees is a share among new answers, and that
fluctuates as much as the one the threshold was chosen by: on a second sample as large as the
first, the test at 0.01 keeps the budget 95 times in 100 (2.33 standard deviations, of two samples
together 1.64), at 0.05 only 88 times. With 5,000 rows it costs half an answer in a hundred.

Estimates with few sentences need as much: on halves of the held-out sentences of 5 and 10 examples
an intent from BANKING77 and CLINC150 (200 draws each, budget 5 %) the budget was kept in 96 to 100
of 100 draws; at 0.05 in 87 to 95, at 0.15 in 80 to 85, which would answer 4 to 7 sentences in a
hundred more without asking back. To count what the confidences themselves expect as if it had been
seen gained less than one in a hundred: with few examples they are too high on one set and too low
on the next.
"""

STARTING = 30
"""Testing never starts with fewer answers than this."""

STEPS = 40
"""So many thresholds are tested at most, from the first to the most lenient."""

CUTS = 400
"""So many are looked at for an estimate."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """Held-out rows, surest first: the model's confidence in each, and whether it was wrong.

    ``inflation`` says how many rows are worth one independent row (1 where all are).
    """

    confidence: Sequence[float]
    wrong: Sequence[bool]
    inflation: float = 1.0

    def __len__(self) -> int:
        return len(self.wrong)

    @property
    def worth(self) -> float:
        """How many independent rows these are worth."""
        return len(self.wrong) / self.inflation


def binomial_tail(errors: int, rows: int, share: float) -> float:
    """Return the probability of at most ``errors`` among ``rows`` if each is one with ``share``.

    >>> round(binomial_tail(0, 59, 0.05), 3)
    0.048
    """
    if share <= 0.0 or errors >= rows:
        return 1.0
    if share >= 1.0:
        return 0.0
    up, down = math.log(share), math.log1p(-share)
    whole = math.lgamma(rows + 1)
    return min(
        1.0,
        math.fsum(
            math.exp(
                whole - math.lgamma(k + 1) - math.lgamma(rows - k + 1) + k * up + (rows - k) * down
            )
            for k in range(errors + 1)
        ),
    )


def proven(rows: Ordered, budget: float) -> int:
    """Return how many of the surest rows can be answered with a guarantee; 0 if none.

    Thresholds are tested from a strict one to the most lenient, each with the exact binomial test
    at ``LEVEL``, up to the first that fails: fixed-sequence testing, so that the confidence holds
    for the one that is taken (Angelopoulos et al., "Learn then Test", 2021). Where to start is
    chosen by the confidences alone, never by what was right: where the errors they lead to expect
    lie furthest below the budget, in standard deviations. A start that is too strict has too few
    rows to pass, one too lenient too many errors.
    """
    cuts = _cuts(rows.confidence)
    first = _most_promising(rows.confidence, cuts, budget)
    if first is None:
        return 0
    step = max(1, (len(rows) - first) // STEPS)
    errors = _running(rows.wrong)
    taken = at = 0
    for size in cuts:
        if size < first or (taken and size < at + step and size < len(rows)):
            continue
        at = size
        if not _passes(errors[size], size, rows.inflation, budget, LEVEL):
            break
        taken = size
    return taken


def estimated(rows: Ordered, budget: float, *, level: float = LEVEL) -> int:
    """Return the most rows whose share of errors lies within the budget, each test by itself.

    The same test: the upper end of the one-sided Clopper-Pearson interval. Because the
    most lenient threshold that passes is taken, the confidence is an estimate, no guarantee.
    """
    errors = _running(rows.wrong)
    cuts = _cuts(rows.confidence)
    step = max(1, len(cuts) // CUTS)
    for size in cuts[::-1][::step]:
        if _passes(errors[size], size, rows.inflation, budget, level):
            return size
    return 0


def observed(rows: Ordered, budget: float) -> int:
    """Return the most rows whose observed share of errors lies within the budget."""
    errors = _running(rows.wrong)
    return max(
        (size for size in _cuts(rows.confidence) if errors[size] <= budget * size), default=0
    )


def inflation(wrong: Sequence[bool], groups: Sequence[Hashable]) -> float:
    """Return how many rows are worth one independent row: the design effect of the groups.

    Rewordings of one sentence are right or wrong together: on StyleKQC six rows are worth one, and
    with rows counted as independent a guarantee of 95 % held in 75 of 100 resamplings. The ratio
    of the variance of the share of errors between groups to that of independent rows (Kish,
    "Survey Sampling", 1965), at least 1.
    """
    rows = len(wrong)
    share = sum(wrong) / rows if rows else 0.0
    if not 0.0 < share < 1.0:
        return float(max(_sizes(groups).values(), default=1)) if rows else 1.0
    off: dict[Hashable, float] = defaultdict(float)
    for one, group in zip(wrong, groups, strict=True):
        off[group] += one - share
    spread = math.fsum(value * value for value in off.values())
    return max(1.0, spread / (rows * share * (1 - share)))


def _sizes(groups: Sequence[Hashable]) -> dict[Hashable, int]:
    sizes: dict[Hashable, int] = defaultdict(int)
    for group in groups:
        sizes[group] += 1
    return sizes


def _passes(errors: int, rows: int, inflated: float, budget: float, level: float) -> bool:
    worth = int(rows / inflated)
    return binomial_tail(math.ceil(errors / inflated), worth, budget) <= level


def _most_promising(confidence: Sequence[float], cuts: Sequence[int], budget: float) -> int | None:
    """Return the number of rows at which the expected errors lie furthest below the budget."""
    best, most = None, 0.0
    expected, at = 0.0, 0
    for size in cuts:
        expected += math.fsum(1.0 - one for one in confidence[at:size])
        at = size
        below = (budget - expected / size) * math.sqrt(size)
        if size >= STARTING and below > most:
            best, most = size, below
    return best


def _cuts(confidence: Sequence[float]) -> list[int]:
    """Return after how many rows a threshold can cut: not between rows of equal confidence."""
    return [
        size
        for size in range(1, len(confidence) + 1)
        if size == len(confidence) or confidence[size] < confidence[size - 1]
    ]


def _running(wrong: Sequence[bool]) -> list[int]:
    errors = [0]
    for one in wrong:
        errors.append(errors[-1] + one)
    return errors
