"""How far a share measured on a few rows can be trusted: 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.959963984540054
"""The normal quantile of 95 %, two-sided."""

DIGITS = 4


@dataclass(frozen=True, slots=True)
class Share:
    """A share between 0 and 1, and the interval that holds the true one with 95 % confidence."""

    value: float
    low: float
    high: float


def wilson(hits: float, rows: float) -> Share | None:
    """Return the share of hits with its score interval; None without rows.

    Good with few rows and near 0 or 1, where the usual plus-minus is not (Wilson, "Probable
    inference, the law of succession, and statistical inference", 1927).

    >>> wilson(9, 10)
    Share(value=0.9, low=0.5958, high=0.9821)
    """
    if rows <= 0:
        return None
    share = hits / rows
    spread = Z * Z / rows
    middle = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt(share * (1 - share) / rows + spread / (4 * rows)) / (1 + spread)
    # At none and all hits the formula gives exactly 0 and 1, but for the last digits.
    low = 0.0 if hits <= 0 else max(0.0, middle - half)
    high = 1.0 if hits >= rows else min(1.0, middle + half)
    return _share(share, low, high)


def f1(hits: int, expected: int, predicted: int) -> Share | None:
    """Return the F1 of one class with its interval; None if it is never expected nor predicted.

    F1 is no share of rows, but a growing function of one: of the rows that are expected or
    predicted to be of the class, the share that is both (J); F1 = 2J / (1 + J). So the Wilson
    interval of J carries over.

    >>> f1(8, 10, 10)
    Share(value=0.8, low=0.5618, high=0.9258)
    """
    either = wilson(hits, expected + predicted - hits)
    if either is None:
        return None
    value = 2 * hits / (expected + predicted)
    return _share(value, 2 * either.low / (1 + either.low), 2 * either.high / (1 + either.high))


def mean(shares: Sequence[Share]) -> Share | None:
    """Return the mean of shares with an interval made of theirs; None of none.

    The distances to the limits add like independent deviations (Zou and Donner, "Construction of
    confidence intervals about effect measures", 2008); an approximation, for classes that are
    confused with each other are not quite independent.
    """
    if not shares:
        return None
    count = len(shares)
    value = math.fsum(one.value for one in shares) / count
    below = math.sqrt(math.fsum((one.value - one.low) ** 2 for one in shares)) / count
    above = math.sqrt(math.fsum((one.high - one.value) ** 2 for one in shares)) / count
    return _share(value, max(0.0, value - below), min(1.0, value + above))


def _share(value: float, low: float, high: float) -> Share:
    return Share(round(value, DIGITS), round(low, DIGITS), round(high, DIGITS))
