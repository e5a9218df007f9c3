"""How the opinions of the two models become one probability and one in-scope score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]


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


@dataclass(frozen=True, slots=True)
class Combination:
    """The product of two models' probabilities, one of them weighted, made calibrated.

    ``weight`` is the lexical model's (0 leaves it out); without vectors it stands alone and the
    weight is 1. The sum of logits is divided by ``temperature`` (Guo et al., 2017) before the
    softmax.
    """

    weight: float
    temperature: float

    def logits(self, vector: Matrix | None, lexical: Matrix) -> Matrix:
        """Return ``[rows, intents]`` logits before the temperature."""
        weighted = np.float32(self.weight) * lexical
        return weighted if vector is None else vector + weighted

    def probabilities(self, logits: Matrix) -> Matrix:
        """Return calibrated probabilities ``[rows, intents]`` of combined logits."""
        return np.exp(self.log_probabilities(logits))

    def log_probabilities(self, logits: Matrix) -> Matrix:
        """Return the logarithm of the calibrated probabilities."""
        return log_softmax(logits / np.float32(self.temperature))


def fit_temperature(logits: Matrix, labels: NDArray[np.int64]) -> float:
    """Return the temperature under which held-out labels are most likely.

    Golden-section search over its logarithm: the likelihood has a single peak in it.
    """
    if not len(labels):
        return 1.0
    return float(np.exp(minimum(lambda at: negative_likelihood(logits / np.exp(at), labels))))


def negative_likelihood(logits: Matrix, labels: NDArray[np.int64]) -> float:
    """Return the mean negative log likelihood of the labels."""
    picked = log_softmax(logits)[np.arange(len(labels)), labels]
    return -float(picked.mean(dtype=np.float64))


def minimum(
    function: Callable[[float], float], *, low: float = -3.0, high: float = 3.0, steps: int = 22
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
