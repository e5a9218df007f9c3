"""Where answering stops: thresholds chosen from the error budget on sentences held out."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sangdam.learning.risk import LEVEL, Ordered, estimated, inflation, observed, proven
from sangdam.nlu.understanding import CHOICES, Scores, Thresholds

LOST = 0.02
"""Share of right answers given up to refuse what looks out of scope, where nothing is known of
outsiders: about 3 % of the sentences of a good model, more of a poor one, whose refused sentences
would mostly have been answered wrong.

Learnt from CLINC150's training rows, measured on its validation rows: 0.015 keeps a third of a
right answer in a hundred more and refuses three outsiders in a hundred fewer. Sentences judged as
if their own intent were unknown are no guide to the share: they lie as near as neighbours (on
BANKING77 half as many of them are refused as of real outsiders). One score made of both, instead
of two thresholds, answered no more at the same share of errors."""

LOST_RANGE = (0.005, 0.03)
"""With out-of-scope rows to learn from, that share is chosen within these bounds."""

DOUBTED = 0.5
"""Down to this share of that, refused sentences are still asked about, not fallen back on."""

ENOUGH_OUTSIDERS = 30
ENOUGH_ROWS = 1000
"""Fewer independent held-out rows than this cannot carry a guarantee worth its coverage."""

HELD = 0.9
"""The prediction set holds the right intent of so many of the sentences in doubt.

A question holds it less often where sets are larger than a question may be: 0.86 on BANKING77, and
0.91 on StyleKQC, with 2.6 and 2.2 intents on average."""

CLEAR = 0.5
"""A larger set is worth a question when the right intent is among the choices this often."""

LOWEST = -1e9
"""The threshold below all scores, where there is nothing to choose one by."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model said of one held-out sentence.

    ``rank`` is where the right intent stands among the candidates, 0 for the best; ``masses`` are
    the cumulated probabilities of the best few (five are enough); ``before`` is the probability of
    all intents that stand before the right one, None where only the masses tell it. Sentences of
    one ``group`` are rewordings of each other; None stands alone.
    """

    confidence: float
    in_scope: float
    rank: int
    before: float | None = None
    masses: tuple[float, ...] = ()
    group: Hashable = None

    @property
    def ahead(self) -> float:
        """The probability of all intents that stand before the right one; 1 if it is unknown."""
        if self.before is not None:
            return self.before
        if self.rank == 0:
            return 0.0
        return self.masses[self.rank - 1] if self.rank <= len(self.masses) else 1.0

    def scores(self) -> Scores:
        """Return what the classifier would say of such a sentence; intents are named by rank."""
        if not self.masses:
            shares = [self.confidence, *[0.0] * CHOICES]
        else:
            steps = pairwise(self.masses)
            shares = [self.confidence, *(more - less for less, more in steps)]
        return Scores(tuple((str(rank), one) for rank, one in enumerate(shares)), self.in_scope)


@dataclass(frozen=True, slots=True)
class Choice:
    """The thresholds, and what they did on the held-out sentences they were chosen on.

    ``guaranteed`` tells whether the exact bound holds the budget or only an estimate,
    ``cost`` what share of sentences that certainty leaves unanswered, compared with the share of
    errors as observed. ``asked_right`` is how often a question offers the right intent and
    ``asked_size`` how many intents it offers on average (None where none is asked).
    """

    thresholds: Thresholds
    guaranteed: bool
    rows: int
    answered: float
    clarified: float
    wrong_among_answered: float
    cost: float = 0.0
    asked_right: float | None = None
    asked_size: float | None = None


def choose_thresholds(
    judged: Sequence[Judged], *, error_budget: float, outsiders: Sequence[float] = ()
) -> Choice:
    """Choose where to answer, ask and fall back.

    In scope: the threshold below which ``LOST`` of the expected right answers (the summed
    confidences) lie; with at least ``ENOUGH_OUTSIDERS`` out-of-scope scores, the share within
    ``LOST_RANGE`` that keeps most right answers and refuses most outsiders.

    Answer: with ``ENOUGH_ROWS`` sentences in scope, as many as the exact binomial test in fixed
    sequence allows (``risk.proven``). With fewer, or where that answers none, as many as the same
    test allows where each threshold is tested by itself (``risk.estimated``).

    Clarify: the prediction set is conformal (Romano et al., "Classification with Valid and
    Adaptive Coverage", 2020, without the randomisation): its mass is the quantile, among the
    sentences in doubt, of the probability that stands before the right intent, so that it holds
    the right one ``HELD`` of the time. Where it does not fit into ``CHOICES``, the lowest
    probability at which so many intents still hold the right one ``CLEAR`` of the time.

    What the guarantee is worth
    ---------------------------
    It speaks of questions of known intents, as varied as the held-out sentences and mixed like
    them; answers to out-of-scope questions are not counted. The confidence is over the draw of the
    held-out sentences. It holds although two thresholds are chosen, because the one in scope and
    the first of the sequence depend on scores alone, never on what was right: given them, the
    sentences above are still a fair sample of what will be above, and only one sequence of tests
    looks at errors. Rewordings count as what they are worth (``risk.inflation``), an approximation.

    Not covered are the strengths, the mixture and the temperature of the model, chosen on the same
    sentences: a score of candidates, and one number that moves the confidences of all rows
    together. Against that stands that held-out scores come from models with a fifth to a third
    fewer sentences than the one that serves. On halves of BANKING77 and StyleKQC the serving model
    was 1 to 3 points better on new sentences than the held-out rows said; but on CLINC150, written
    in batches of like sentences, 1 point worse. A team that writes its examples in batches should
    expect the same.
    """
    refused, in_scope, clarify_in_scope = _scope(judged, outsiders)
    inside = sorted(
        (one for one in judged if one.in_scope >= in_scope),
        key=lambda one: one.confidence,
        reverse=True,
    )
    rows = _ordered(inside)
    taken = proven(rows, error_budget) if rows.worth >= ENOUGH_ROWS else 0
    guaranteed = taken > 0
    if not guaranteed:
        taken = estimated(rows, error_budget)
    plain = max(taken, observed(rows, error_budget))
    answer = _lower(inside[taken - 1].confidence) if taken else 0.99
    clarify = _worth_asking(inside[taken:], answer)
    doubtful = [
        one
        for one in judged
        if one.in_scope >= clarify_in_scope
        and not (one.confidence >= answer and one.in_scope >= in_scope)
    ]
    mass = mass_that_holds([one.ahead for one in doubtful], HELD)
    cost = (plain - taken) / len(judged) if judged else 0.0
    thresholds = Thresholds(
        answer=answer, clarify=clarify, in_scope=in_scope, clarify_in_scope=clarify_in_scope,
        rule=_words(rows, taken, guaranteed, refused, cost, error_budget, len(outsiders)),
        asked_mass=mass,
    )  # fmt: skip
    asked = [one for one in doubtful if thresholds.decide(one.scores()) == "clarify"]
    sizes = [len(thresholds.asked(one.scores())) for one in asked]
    return Choice(
        thresholds=thresholds,
        guaranteed=guaranteed,
        rows=len(judged),
        answered=taken / len(judged) if judged else 0.0,
        clarified=len(asked) / len(judged) if judged else 0.0,
        wrong_among_answered=sum(rows.wrong[:taken]) / taken if taken else 0.0,
        cost=cost,
        asked_right=_mean([one.rank < size for one, size in zip(asked, sizes, strict=True)]),
        asked_size=_mean(sizes),
    )


def mass_that_holds(before: Sequence[float], share: float) -> float:
    """Return the mass of prediction sets that hold the right intent this often.

    Given the probability before the right intent of sentences held out; for a new sentence drawn
    like them the share is at least ``share`` on average over draws. 1 where there are too few to
    tell, or where no smaller mass would do.

    >>> mass_that_holds([0.0] * 90 + [0.6] * 20, 0.9) > 0.6
    True
    >>> mass_that_holds([0.0] * 8, 0.9)
    1.0
    """
    needed = math.ceil((len(before) + 1) * share)
    if needed > len(before):
        return 1.0
    return min(1.0, sorted(before)[needed - 1] + 1e-6)


def _scope(judged: Sequence[Judged], outsiders: Sequence[float]) -> tuple[float, float, float]:
    """Return the share of right answers lost, the score to answer from and that to ask from."""
    ordered = sorted(judged, key=lambda one: one.in_scope)
    lost = LOST
    if len(outsiders) >= ENOUGH_OUTSIDERS:
        low, high = LOST_RANGE
        shares = [low + (high - low) * step / 20 for step in range(21)]

        def worth(share: float) -> float:
            threshold = _losing(ordered, share)
            return sum(one < threshold for one in outsiders) / len(outsiders) - share

        lost = max(shares, key=worth)
    in_scope = _losing(ordered, lost)
    refused = sum(one.in_scope < in_scope for one in ordered) / max(1, len(ordered))
    return refused, in_scope, _losing(ordered, lost * DOUBTED)


def _losing(ordered: Sequence[Judged], share: float) -> float:
    """Return the in-scope score below which this share of the expected right answers lies."""
    whole = math.fsum(one.confidence for one in ordered)
    below = 0.0
    for one in ordered:
        below += one.confidence
        if below > share * whole:
            return _lower(one.in_scope)
    return LOWEST


def _ordered(inside: Sequence[Judged]) -> Ordered:
    wrong = [one.rank > 0 for one in inside]
    groups = [(at,) if one.group is None else one.group for at, one in enumerate(inside)]
    grouped = any(one.group is not None for one in inside)
    return Ordered(
        [one.confidence for one in inside], wrong, inflation(wrong, groups) if grouped else 1.0
    )


def _worth_asking(doubtful: Sequence[Judged], answer: float) -> float:
    """Return the lowest confidence down to which asking finds the right intent often enough.

    Where no row was in doubt, half of the confidence that is answered.
    """
    if not doubtful:
        return answer / 2
    lowest = answer
    found = 0
    for size, one in enumerate(doubtful, start=1):
        found += one.rank < CHOICES
        last = size == len(doubtful) or doubtful[size].confidence < one.confidence
        if last and found / size >= CLEAR:
            lowest = _lower(one.confidence)
    return min(lowest, answer)


def _lower(value: float) -> float:
    """Return a float just below, so that rounding in the exported model keeps a row's decision."""
    return value - 1e-6 * max(1.0, abs(value))


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _words(
    rows: Ordered,
    taken: int,
    guaranteed: bool,
    refused: float,
    cost: float,
    budget: float,
    outsiders: int,
) -> str:
    scope = f"about {refused:.1%} of known questions are refused as out of scope"
    if outsiders >= ENOUGH_OUTSIDERS:
        scope += f", chosen with {outsiders} out-of-scope sentences"
    of = f"{taken} of {len(rows)} held-out sentences answered"
    if rows.inflation > 1.0:
        of += f", {rows.inflation:.1f} rewordings counted as one"
    costs = f"certainty costs {cost:.1%} of the answers"
    if guaranteed:
        return (
            f"at most {budget:.1%} of automatic answers are wrong with {1 - LEVEL:.0%} confidence"
            f" (exact binomial test in fixed sequence, {of}; {costs}); {scope}"
        )
    return (
        f"at most {budget:.1%} of automatic answers wrong, estimated with {1 - LEVEL:.0%}"
        f" confidence (binomial test of the chosen threshold, {of}; {costs}; too few or too hard"
        f" for a guarantee); {scope}"
    )
