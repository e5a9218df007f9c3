"""How much a text looks like what was learnt, as one number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sangdam_training.pool import energy

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]

ENERGY, NEARNESS = 4.0, 1.0
"""How much the measures count beside each other; nearness in each space of vectors."""


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

    The weighted mean of gauges: the energy, low for texts that look like no intent at all, and, for
    each space of vectors, the nearness of the nearest intent's centre. The probability of the best
    intent is not among them: it is low for texts between the intents, and those have a threshold
    of their own.
    """

    energy: Gauge
    near: Mapping[str, Gauge]

    def __call__(self, logits: Matrix, near: Mapping[str, Vector]) -> Vector:
        """Return the in-scope score of each row, given pooled logits and nearness by space."""
        score = self.energy(energy(logits))
        for space, gauge in self.near.items():
            score = score + gauge(near[space])
        return np.asarray(score, np.float32)


@dataclass(frozen=True, slots=True)
class PartlyRead:
    """How texts are judged that have no vector in some space, and how those that have one.

    Fewer models speak of the first, and count as their weights say; the in-scope score has a rule
    of its own. Of the others, what is said in each space that all texts have a vector in counts so
    many times as much as ``beside`` says by the space's name: next to an encoder that was made for
    a language, letters may have nothing left to add.
    """

    beside: Mapping[str, float]
    scope: ScopeRule


def fit_scope(logits: Matrix, near: Mapping[str, Vector]) -> ScopeRule:
    """Return the rule standardised on held-out sentences of known intents."""
    total = ENERGY + NEARNESS * len(near)
    return ScopeRule(
        energy=_gauge(energy(logits), ENERGY / total),
        near={space: _gauge(values, NEARNESS / total) for space, values in near.items()},
    )


def _gauge(values: Vector, share: float) -> Gauge:
    if not len(values):
        return Gauge(0.0, share)
    deviation = float(values.std(dtype=np.float64))
    return Gauge(float(values.mean(dtype=np.float64)), share / max(deviation, 1e-3))
