"""How good predictions are: plain figures over plain lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def accuracy(expected: Sequence[str], predicted: Sequence[str]) -> float | None:
    """Return the share of rows predicted as expected; None without rows."""
    if not expected:
        return None
    return _hits(expected, predicted) / len(expected)


def macro_f1(expected: Sequence[str], predicted: Sequence[str]) -> float | None:
    """Return the mean F1 over the classes that are expected somewhere; None without rows.

    A class that is only ever predicted costs the classes it took rows from, and is not counted
    again.
    """
    if not expected:
        return None
    truth, claims = Counter(expected), Counter(predicted)
    hits = Counter(one for one, other in zip(expected, predicted, strict=True) if one == other)
    return sum(2 * hits[name] / (truth[name] + claims[name]) for name in truth) / len(truth)


def calibration_error(
    confidences: Sequence[float], hits: Sequence[bool], *, bins: int = 15
) -> float | None:
    """Return the expected calibration error over bins of equal width; None without rows.

    The mean distance between how sure the model says it is and how often it is right (Guo et al.,
    "On Calibration of Modern Neural Networks", 2017).
    """
    if not confidences:
        return None
    total = [0.0] * bins
    for confidence, hit in zip(confidences, hits, strict=True):
        total[min(bins - 1, int(confidence * bins))] += confidence - hit
    return sum(map(abs, total)) / len(confidences)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return how often a positive scores above a negative (ties count half); None if one is empty.

    The area under the receiver operating characteristic, by rank sums.

    Raises
    ------
    ValueError
        If a score is no number.
    """
    if not positive or not negative:
        return None
    if any(score != score for score in (*positive, *negative)):
        raise ValueError("a score is NaN: such rows cannot be ordered")
    marked = sorted([(score, True) for score in positive] + [(score, False) for score in negative])
    ranks, index = 0.0, 0
    while index < len(marked):
        end = index
        while end < len(marked) and marked[end][0] == marked[index][0]:
            end += 1
        middle = (index + end + 1) / 2
        ranks += middle * sum(is_positive for _, is_positive in marked[index:end])
        index = end
    count = len(positive)
    return (ranks - count * (count + 1) / 2) / (count * len(negative))


def confusions(expected: Sequence[str], predicted: Sequence[str]) -> list[tuple[str, str, int]]:
    """Return (expected, predicted, rows) of every mistake, the most frequent first."""
    pairs = Counter(
        (one, other) for one, other in zip(expected, predicted, strict=True) if one != other
    )
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return [(one, other, count) for (one, other), count in ordered]


def _hits(expected: Sequence[str], predicted: Sequence[str]) -> int:
    return sum(one == other for one, other in zip(expected, predicted, strict=True))
