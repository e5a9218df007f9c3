"""Where answering stops: thresholds chosen from the error budget on sentences held out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sangdam.nlu.understanding import Thresholds

REFUSED = 0.035
"""Share of in-scope sentences that may look out of scope, where nothing is known of outsiders."""

DOUBTED = 0.5
"""Of the refused, this share is still asked about instead of falling back."""

REFUSAL_RANGE = (0.01, 0.06)
"""With out-of-scope rows to learn from, the refused share is chosen within these bounds."""

ENOUGH_OUTSIDERS = 30
ENOUGH_ROWS = 200
"""Fewer held-out rows than this cannot carry a guarantee worth its coverage."""

LEVEL = 0.05
"""The budget is kept with a confidence of one minus this."""

CHOICES = 3
"""A clarification offers so many intents."""

CLEAR = 0.5
"""A clarification is worth asking when the right intent is among the choices this often."""

LOWEST = -1e9
"""The threshold below all scores, where there is nothing to choose one by."""

_STEPS = 40


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model said of one held-out sentence.

    ``rank`` is where the right intent stands among the candidates, 0 for the best.
    """

    confidence: float
    in_scope: float
    rank: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The thresholds, and what they did on the held-out sentences they were chosen on.

    ``guaranteed`` tells whether the exact bound holds the budget or only the cautious estimate.
    """

    thresholds: Thresholds
    guaranteed: bool
    rows: int
    answered: float
    clarified: float
    wrong_among_answered: float


def choose_thresholds(
    judged: Sequence[Judged], *, error_budget: float, outsiders: Sequence[float] = ()
) -> Choice:
    """Choose where to answer, ask and fall back.

    In scope: refuse ``REFUSED`` of the held-out sentences; with at least ``ENOUGH_OUTSIDERS``
    out-of-scope scores, the threshold within ``REFUSAL_RANGE`` that keeps most sentences and
    refuses most outsiders.

    Answer: with ``ENOUGH_ROWS`` sentences in scope, thresholds are tested from strict to lenient,
    and the last one is taken before the exact binomial test can no longer say that the share of
    wrong answers lies within the budget (fixed-sequence testing, so the confidence holds for the
    chosen one; Angelopoulos et al., "Learn then Test", 2021). With fewer, the most lenient
    threshold whose observed share of errors, counted with one error more, is within the budget.

    Clarify: the lowest probability at which a question with ``CHOICES`` intents still holds the
    right one ``CLEAR`` of the time.
    """
    scores = sorted(one.in_scope for one in judged)
    refused = REFUSED
    if len(outsiders) >= ENOUGH_OUTSIDERS:
        refused = _best_refusal(scores, outsiders)
    in_scope = _quantile(scores, refused)
    clarify_in_scope = _quantile(scores, refused * DOUBTED)
    inside = sorted(
        (one for one in judged if one.in_scope >= in_scope),
        key=lambda one: one.confidence,
        reverse=True,
    )
    enough = len(inside) >= ENOUGH_ROWS
    taken = _tested(inside, error_budget) if enough else 0
    guaranteed = taken > 0
    if not guaranteed:
        taken = _cautious(inside, error_budget)
    answer = _lower(inside[taken - 1].confidence) if taken else 0.99
    clarify = _worth_asking(inside[taken:], answer)
    thresholds = Thresholds(
        answer=answer, clarify=clarify, in_scope=in_scope, clarify_in_scope=clarify_in_scope,
        rule=_words(guaranteed, taken, len(inside), refused, error_budget, len(outsiders)),
    )  # fmt: skip
    wrong = sum(one.rank > 0 for one in inside[:taken])
    asked = sum(
        one.confidence >= clarify and one.in_scope >= clarify_in_scope
        for one in judged
        if not (one.confidence >= answer and one.in_scope >= in_scope)
    )
    return Choice(
        thresholds=thresholds,
        guaranteed=guaranteed,
        rows=len(judged),
        answered=taken / len(judged) if judged else 0.0,
        clarified=asked / len(judged) if judged else 0.0,
        wrong_among_answered=wrong / taken if taken else 0.0,
    )


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


def _tested(inside: Sequence[Judged], budget: float) -> int:
    """Return how many of the surest rows can be answered with the guarantee; 0 if none can."""
    first = max(ENOUGH_ROWS // 2, len(inside) // 4)
    step = max(1, (len(inside) - first) // _STEPS)
    taken = errors = at = 0
    for size in _cuts(inside):
        if size < first or (size < at + step and size < len(inside)):
            continue
        errors += sum(one.rank > 0 for one in inside[at:size])
        at = size
        if binomial_tail(errors, size, budget) > LEVEL:
            break
        taken = size
    return taken


def _cautious(inside: Sequence[Judged], budget: float) -> int:
    taken = errors = at = 0
    for size in _cuts(inside):
        errors += sum(one.rank > 0 for one in inside[at:size])
        at = size
        if (errors + 1) / (size + 1) <= budget:
            taken = size
    return taken


def _worth_asking(doubtful: Sequence[Judged], answer: float) -> float:
    """Return the lowest confidence down to which asking finds the right intent often enough.

    Where no row was in doubt, half of the confidence that is answered.
    """
    if not doubtful:
        return answer / 2
    lowest = answer
    found = at = 0
    for size in _cuts(doubtful):
        found += sum(one.rank < CHOICES for one in doubtful[at:size])
        at = size
        if found / size >= CLEAR:
            lowest = _lower(doubtful[size - 1].confidence)
    return min(lowest, answer)


def _cuts(ordered: Sequence[Judged]) -> list[int]:
    """Return after how many rows a threshold can cut: not between rows of equal confidence."""
    return [
        size
        for size in range(1, len(ordered) + 1)
        if size == len(ordered) or ordered[size].confidence < ordered[size - 1].confidence
    ]


def _best_refusal(scores: Sequence[float], outsiders: Sequence[float]) -> float:
    low, high = REFUSAL_RANGE
    shares = [low + (high - low) * step / 20 for step in range(21)]

    def worth(share: float) -> float:
        threshold = _quantile(scores, share)
        return sum(one < threshold for one in outsiders) / len(outsiders) - share

    return max(shares, key=worth)


def _quantile(ordered: Sequence[float], share: float) -> float:
    if not ordered:
        return LOWEST
    return _lower(ordered[min(len(ordered) - 1, int(share * len(ordered)))])


def _lower(value: float) -> float:
    """Return a float just below, so that rounding in the exported model keeps a row's decision."""
    return value - 1e-6 * max(1.0, abs(value))


def _words(
    guaranteed: bool, taken: int, inside: int, refused: float, budget: float, outsiders: int
) -> str:
    scope = f"about {refused:.1%} of known questions are refused as out of scope"
    if outsiders >= ENOUGH_OUTSIDERS:
        scope += f", chosen with {outsiders} out-of-scope sentences"
    if guaranteed:
        return (
            f"at most {budget:.1%} of automatic answers are wrong with {1 - LEVEL:.0%} confidence"
            f" (exact binomial test in fixed sequence, {taken} of {inside} held-out sentences"
            f" answered); {scope}"
        )
    return (
        f"at most {budget:.1%} of automatic answers wrong, estimated with one error more than seen"
        f" ({taken} of {inside} held-out sentences answered; too few or too hard for a guarantee);"
        f" {scope}"
    )
