"""The counted part of a report: figures over all rows, by intent and language, and confusions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sangdam.learning.curves import area_under_risk
from sangdam.learning.held_out import HeldOutRow
from sangdam.learning.intervals import DIGITS, Share, f1, mean, wilson
from sangdam.learning.metrics import auroc, calibration_error, confusions
from sangdam.learning.suspects import Quote, quote
from sangdam.nlu.understanding import CHOICES

CELLS = 4000
"""So many cells of the confusion matrix are kept, the fullest first."""

PAIRS = 20
QUOTES = 5


@dataclass(frozen=True, slots=True)
class Overall:
    """Figures over all rows; None where there are no rows to measure on.

    Over rows of known intents: ``accuracy`` and ``macro_f1`` (thresholds ignored),
    ``among_choices`` (the right intent is one of the ``CHOICES`` best), ``calibration_error``,
    ``area_under_risk``, ``answered``, ``clarified``, ``answered_rightly``. Over out-of-scope rows:
    ``refused`` (not answered), ``fallen_back``. Over both: ``wrong_among_answered`` (an answered
    out-of-scope row is wrong), ``out_of_scope_auroc``.
    """

    rows: int
    out_of_scope_rows: int
    accuracy: Share | None
    macro_f1: Share | None
    among_choices: Share | None
    calibration_error: float | None
    area_under_risk: float | None
    answered: Share | None
    clarified: Share | None
    answered_rightly: Share | None
    wrong_among_answered: Share | None
    refused: Share | None
    fallen_back: Share | None
    out_of_scope_auroc: float | None


@dataclass(frozen=True, slots=True)
class IntentFigures:
    """How well one intent is recognised, thresholds ignored; ``rows`` of it were held out."""

    name: str
    rows: int
    precision: Share | None
    recall: Share | None
    f1: Share | None


@dataclass(frozen=True, slots=True)
class LanguageFigures:
    """Rows of one language ("" where it is not known)."""

    language: str
    rows: int
    accuracy: Share
    answered: Share


@dataclass(frozen=True, slots=True)
class ConfusedPair:
    """Rows of ``expected`` that were taken for ``predicted``: how many of how many, and which."""

    expected: str
    predicted: str
    rows: int
    of: int
    examples: tuple[Quote, ...]


def measure(rows: Sequence[HeldOutRow], *, names: Sequence[str]) -> Overall:
    """Return the figures over all rows."""
    known = [row for row in rows if row.is_known]
    outside = [row for row in rows if not row.is_known]
    answered = [row for row in known if row.decision == "answer"]
    answers = [row for row in rows if row.decision == "answer"]
    ranks = ([name for name, _ in row.ranked[:CHOICES]] for row in known)
    found = sum(row.expected in best for row, best in zip(known, ranks, strict=True))
    counted = [one.f1 for one in by_intent(known, names=names) if one.rows and one.f1 is not None]
    return Overall(
        rows=len(known),
        out_of_scope_rows=len(outside),
        accuracy=wilson(sum(row.is_right for row in known), len(known)),
        macro_f1=mean(counted),
        among_choices=wilson(found, len(known)),
        calibration_error=_rounded(
            calibration_error([row.confidence for row in known], [row.is_right for row in known])
        ),
        area_under_risk=_rounded(area_under_risk(known)),
        answered=wilson(len(answered), len(known)),
        clarified=wilson(sum(row.decision == "clarify" for row in known), len(known)),
        answered_rightly=wilson(sum(row.is_right for row in answered), len(known)),
        # Without rows of known intents every answer is wrong by construction, which says nothing.
        wrong_among_answered=wilson(sum(not row.is_right for row in answers), len(answers))
        if known
        else None,
        refused=wilson(sum(row.decision != "answer" for row in outside), len(outside)),
        fallen_back=wilson(sum(row.decision == "fallback" for row in outside), len(outside)),
        out_of_scope_auroc=_rounded(
            auroc([row.in_scope for row in known], [row.in_scope for row in outside])
        ),
    )


def by_intent(known: Sequence[HeldOutRow], *, names: Sequence[str]) -> tuple[IntentFigures, ...]:
    """Return the figures of every intent, in the order of ``names``."""
    expected = Counter(row.expected for row in known)
    predicted = Counter(row.predicted for row in known)
    right = Counter(row.expected for row in known if row.is_right)
    return tuple(
        IntentFigures(
            name=name,
            rows=expected[name],
            precision=wilson(right[name], predicted[name]),
            recall=wilson(right[name], expected[name]),
            f1=f1(right[name], expected[name], predicted[name]),
        )
        for name in names
    )


def by_language(known: Sequence[HeldOutRow]) -> tuple[LanguageFigures, ...]:
    """Return accuracy and share answered for each language there are rows of."""
    groups: defaultdict[str, list[HeldOutRow]] = defaultdict(list)
    for row in known:
        groups[row.language or ""].append(row)
    result = []
    for language, rows in sorted(groups.items()):
        accuracy = wilson(sum(row.is_right for row in rows), len(rows))
        answered = wilson(sum(row.decision == "answer" for row in rows), len(rows))
        if accuracy is not None and answered is not None:
            result.append(LanguageFigures(language, len(rows), accuracy, answered))
    return tuple(result)


def confusion_cells(
    known: Sequence[HeldOutRow], *, names: Sequence[str]
) -> tuple[tuple[int, int, int], ...]:
    """Return the filled cells of the confusion matrix: (expected, predicted, rows), by position.

    Positions are those in ``names``. Of a matrix with more than ``CELLS`` filled cells the fullest
    are kept.
    """
    place = {name: number for number, name in enumerate(names)}
    counts = Counter((place[row.expected], place[row.predicted]) for row in known)
    fullest = sorted(counts.items(), key=lambda cell: (-cell[1], cell[0]))[:CELLS]
    return tuple(sorted((one, other, count) for (one, other), count in fullest))


def confused_pairs(known: Sequence[HeldOutRow]) -> tuple[ConfusedPair, ...]:
    """Return the most frequent mistakes, each with the sentences the model was surest of."""
    expected = [row.expected for row in known]
    of_intent = Counter(expected)
    mistakes: defaultdict[tuple[str, str], list[HeldOutRow]] = defaultdict(list)
    for row in known:
        mistakes[row.expected, row.predicted].append(row)
    result = []
    for one, other, count in confusions(expected, [row.predicted for row in known])[:PAIRS]:
        surest = sorted(mistakes[one, other], key=lambda row: (-row.confidence, row.text))
        quotes = tuple(map(quote, surest[:QUOTES]))
        result.append(ConfusedPair(one, other, count, of_intent[one], quotes))
    return tuple(result)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
