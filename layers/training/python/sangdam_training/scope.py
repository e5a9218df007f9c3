"""How much a text looks like what was learnt, as one number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sangdam_training.combination import Combination, energy

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Gauge:
    """One measure, so scaled that held-out sentences lie around 0."""

    mean: float
    scale: float

    def __call__(self, values: Vector) -> Vector:
        return np.asarray((values - np.float32(self.mean)) * np.float32(self.scale), np.float32)


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """The in-scope score: 0 is usual, one unit is about one standard deviation.

    The mean of three gauges: the energy, low for texts that look like no intent at all; the log
    probability of the best intent, low for texts between the intents; and the nearness of the
    nearest intent's centre (None without vectors). Compared on out-of-scope questions and on
    sentences of intents left out of training (bank, assistant, shopping; 5 to 150 examples each):
    energy and nearness find foreign questions, the probability finds related ones, and no one of
    them finds both. Similarity to single training sentences added nothing.
    """

    energy: Gauge
    surety: Gauge
    nearness: Gauge | None

    def __call__(self, logits: Matrix, combination: Combination, nearness: Vector | None) -> Vector:
        """Return the in-scope score of each row, given combined logits and nearness."""
        surety = combination.log_probabilities(logits).max(axis=1)
        score = self.energy(energy(logits)) + self.surety(surety)
        if self.nearness is not None and nearness is not None:
            score = score + self.nearness(nearness)
        return score


def fit_scope(logits: Matrix, combination: Combination, nearness: Vector | None) -> ScopeRule:
    """Return the rule standardised on held-out sentences of known intents."""
    share = 1 / 2 if nearness is None else 1 / 3
    surety = combination.log_probabilities(logits).max(axis=1)
    return ScopeRule(
        energy=_gauge(energy(logits), share),
        surety=_gauge(surety, share),
        nearness=None if nearness is None else _gauge(nearness, share),
    )


def centres(units: Matrix, labels: NDArray[np.int64], *, intents: int) -> Matrix:
    """Return the mean direction of each intent, ``[intents, dimensions]``, rows of length 1."""
    members = np.zeros((intents, len(labels)), np.float32)
    members[labels, np.arange(len(labels))] = 1
    sums = (members @ units).astype(np.float64)
    length = np.sqrt((sums * sums).sum(axis=1, keepdims=True))
    return np.asarray(sums / np.maximum(length, 1e-6), np.float32)


def nearness(units: Matrix, centres_: Matrix) -> Vector:
    """Return the cosine of each row with the centre nearest to it."""
    return np.asarray((units @ centres_.T).max(axis=1), np.float32)


def _gauge(values: Vector, share: float) -> Gauge:
    if not len(values):
        return Gauge(0.0, share)
    deviation = float(values.std(dtype=np.float64))
    return Gauge(float(values.mean(dtype=np.float64)), share / max(deviation, 1e-3))
