"""Several models' opinions as one: a weighted product of their probabilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]
Labels = NDArray[np.int64]

PRIOR = 0.5
"""The weight a model has with nothing known, and how many rows that belief is worth ..."""

PRIOR_ROWS = 5.0

LEARNING = 0.5
"""Errors fall with about this power of the number of rows learnt from."""

MOST_SHARPENED = 2.0

LEAST = 0.01
"""A smaller weight is none: it would cost time and change nothing."""


def log_softmax(logits: Matrix) -> Matrix:
    """Return log probabilities ``[rows, intents]``."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    total = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return np.asarray(shifted - total, np.float32)


def energy(logits: Matrix) -> Vector:
    """Return the log of the summed exponentials of each row: high where some intent fits well.

    Liu et al., "Energy-based Out-of-distribution Detection", 2020.
    """
    highest = logits.max(axis=1)
    total = np.log(np.exp(logits - highest[:, None]).sum(axis=1))
    return np.asarray(highest + total, np.float32)


def fit_weights(tables: Sequence[Matrix], labels: Labels) -> NDArray[np.float64]:
    """Return the weights under which the labels are most likely, none below 0.

    A logarithmic opinion pool (Heskes, "Selecting Weighting Factors in Logarithmic Opinion Pools",
    1998): the product of the models' probabilities, each to the power of its weight. The
    likelihood has a single peak in the weights, and because their sum is free, the pool comes out
    calibrated: a temperature has nothing left to do.
    """
    count = len(tables)
    if not len(labels):
        return np.full(count, 1.0 / max(1, count))
    truth = np.stack([table[np.arange(len(labels)), labels] for table in tables]).astype(np.float64)
    tied = PRIOR_ROWS / len(labels)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = pooled(tables, weights)
        shifted = logits - logits.max(axis=1, keepdims=True)
        shares = np.exp(shifted)
        total = shares.sum(axis=1)
        shares /= total[:, None]
        row = np.log(total) - shifted[np.arange(len(labels)), labels]
        slope = [
            np.einsum("ij,ij->", shares, table, dtype=np.float64) - known.sum()
            for table, known in zip(tables, truth, strict=True)
        ]
        away = weights - PRIOR
        return (
            float(row.mean(dtype=np.float64) + tied * (away * away).sum()),
            np.asarray(slope) / len(labels) + 2 * tied * away,
        )

    found = minimize(
        loss, np.full(count, PRIOR), jac=True, bounds=[(0.0, None)] * count, method="L-BFGS-B",
        options={"maxiter": 40, "ftol": 1e-7},
    )  # fmt: skip
    weights = np.where(found.x < LEAST, 0.0, found.x)
    rounded = np.asarray(np.round(weights, 6), np.float64)
    return rounded if rounded.any() else np.full(count, 1.0 / count)


def sharpening(logits: Matrix, labels: Labels, *, folds: int) -> float:
    """Return what to multiply logits by, at least 1, so that they suit a model of all rows.

    Held-out rows were judged by models that learnt from fewer rows than the released one will. It
    errs less, and with few examples much less; its mean confidence is raised to what a learning
    curve of power ``LEARNING`` promises (Cortes et al., "Learning Curves", 1994).
    """
    if not len(labels) or folds < 2:
        return 1.0
    errors = float((logits.argmax(axis=1) != labels).mean())
    expected = 1 - errors * (1 - 1 / folds) ** LEARNING

    def short(factor: float) -> bool:
        best = log_softmax(logits * np.float32(factor)).max(axis=1)
        return bool(np.exp(best).mean(dtype=np.float64) < expected)

    if not short(1.0):
        return 1.0
    low, high = 1.0, MOST_SHARPENED
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if short(middle) else (low, middle)
    return round(low, 4)


def fit_scale(logits: Matrix, labels: Labels) -> float:
    """Return what to multiply logits by, so that held-out labels are most likely."""
    return round(1.0 / fit_temperature(logits, labels), 6)


def pooled(tables: Sequence[Matrix], weights: NDArray[np.float64]) -> Matrix:
    """Return the weighted sum of logits ``[rows, intents]``."""
    total = np.zeros_like(tables[0])
    for table, weight in zip(tables, weights, strict=True):
        if weight:
            total += np.float32(weight) * table
    return total


def fit_temperature(logits: Matrix, labels: Labels) -> float:
    """Return the temperature under which held-out labels are most likely (Guo et al., 2017).

    Golden-section search over its logarithm: the likelihood has a single peak in it.
    """
    if not len(labels):
        return 1.0
    return float(np.exp(minimum(lambda at: negative_likelihood(logits / np.exp(at), labels))))


def negative_likelihood(logits: Matrix, labels: Labels) -> float:
    """Return the mean negative log likelihood of the labels."""
    picked = log_softmax(logits)[np.arange(len(labels)), labels]
    return -float(picked.mean(dtype=np.float64))


def minimum(
    function: Callable[[float], float], *, low: float = -3.0, high: float = 3.0, steps: int = 14
) -> float:
    """Return where a function with one valley is lowest between two points (golden section)."""
    golden = (5**0.5 - 1) / 2
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = function(left), function(right)
    for _ in range(steps):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - golden * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + golden * (high - low)
            at_right = function(right)
    return (low + high) / 2
