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

    ``weight`` is the lexical model's (0 leaves it out); without vectors it stands alone. The sum
    of log probabilities is divided by ``temperature`` (Guo et al., 2017) before the softmax.
    """

    weight: float
    temperature: float

    def logits(self, vector: Matrix | None, lexical: Matrix) -> Matrix:
        """Return ``[rows, intents]`` logits before the temperature."""
        if vector is None:
            return log_softmax(lexical)
        return log_softmax(vector) + np.float32(self.weight) * log_softmax(lexical)

    def probabilities(self, vector: Matrix | None, lexical: Matrix) -> Matrix:
        """Return calibrated probabilities ``[rows, intents]``."""
        logits = self.logits(vector, lexical) / np.float32(self.temperature)
        return np.exp(log_softmax(logits))


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """How much a text looks like what was learnt: 0 is usual, a unit is one standard deviation.

    The mean of the energy of the vector model and the similarity to the nearest intent's centre,
    each standardised on held-out sentences; without vectors the largest lexical logit.
    """

    energy_mean: float
    energy_scale: float
    nearness_mean: float
    nearness_scale: float

    def __call__(self, energies: Vector, nearness: Vector | None) -> Vector:
        """Return the in-scope score of each row."""
        first = (energies - np.float32(self.energy_mean)) * np.float32(self.energy_scale)
        if nearness is None:
            return first.astype(np.float32)
        second = (nearness - np.float32(self.nearness_mean)) * np.float32(self.nearness_scale)
        return (first + second).astype(np.float32)


def fit_scope(energies: Vector, nearness: Vector | None) -> ScopeRule:
    """Return the rule standardised on the held-out sentences of known intents."""
    share = 1.0 if nearness is None else 0.5
    energy_mean, energy_scale = _standard(energies, share)
    if nearness is None:
        return ScopeRule(energy_mean, energy_scale, 0.0, 0.0)
    nearness_mean, nearness_scale = _standard(nearness, share)
    return ScopeRule(energy_mean, energy_scale, nearness_mean, nearness_scale)


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


def _standard(values: Vector, share: float) -> tuple[float, float]:
    if not len(values):
        return 0.0, share
    deviation = float(values.std(dtype=np.float64))
    return float(values.mean(dtype=np.float64)), share / max(deviation, 1e-6)
