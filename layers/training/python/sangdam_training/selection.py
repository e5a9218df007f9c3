"""Which strengths and which mixture do best on sentences held out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sangdam_training.combination import Combination, fit_temperature, negative_likelihood
from sangdam_training.folds import HeldOut

Matrix = NDArray[np.float32]

WEIGHTS = (0.0, 0.15, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5, 4.0)
"""How much the lexical model counts beside the vectors."""

SURENESS = 0.5
"""Among mixtures, mean log likelihood counts this much beside accuracy."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A choice of everything cross-validation decides; None where there are no vectors."""

    vector_strength: float | None
    lexical_strength: float
    combination: Combination


@dataclass(frozen=True, slots=True)
class Tried:
    """One candidate and what it did on the held-out sentences."""

    name: str
    accuracy: float
    loss: float


def choose(
    held_out: HeldOut, labels: NDArray[np.int64], *, usual: Setting
) -> tuple[Setting, tuple[Tried, ...]]:
    """Return the best setting, and all that were compared; ``usual`` where nothing was held out.

    Each model's strength is the one under which held-out labels are most likely; then the mixture
    is chosen by accuracy and likelihood together: accuracy alone is too coarse with few sentences.
    """
    rows = held_out.rows()
    if not len(rows):
        return usual, ()
    truth = labels[rows]
    tried: list[Tried] = []
    lexical_strength, lexical = _strongest("lexical", held_out.lexical.tables, rows, truth, tried)
    if held_out.vector is None:
        combination = Combination(1.0, fit_temperature(lexical, truth))
        return Setting(None, lexical_strength, combination), tuple(tried)
    vector_strength, vector = _strongest("vector", held_out.vector.tables, rows, truth, tried)
    best: tuple[float, Combination] | None = None
    for weight in WEIGHTS:
        logits = Combination(weight, 1.0).logits(vector, lexical)
        temperature = fit_temperature(logits, truth)
        one = _judge(f"vector x lexical^{weight:g}", logits / np.float32(temperature), truth)
        tried.append(one)
        worth = one.accuracy - SURENESS * one.loss
        if best is None or worth > best[0]:
            best = worth, Combination(weight, temperature)
    assert best is not None
    return Setting(vector_strength, lexical_strength, best[1]), tuple(tried)


def _strongest(
    kind: str,
    tables: Mapping[float, Matrix],
    rows: NDArray[np.int64],
    truth: NDArray[np.int64],
    tried: list[Tried],
) -> tuple[float, Matrix]:
    losses: dict[float, float] = {}
    for strength, table in tables.items():
        logits = table[rows]
        temperature = np.float32(fit_temperature(logits, truth))
        one = _judge(f"{kind} C={strength:g}", logits / temperature, truth)
        losses[strength] = one.loss
        tried.append(one)
    best = min(losses, key=losses.__getitem__)
    return best, tables[best][rows]


def _judge(name: str, logits: Matrix, truth: NDArray[np.int64]) -> Tried:
    hits = float((logits.argmax(axis=1) == truth).mean()) if len(truth) else 0.0
    return Tried(name, hits, negative_likelihood(logits, truth) if len(truth) else 0.0)


def combined(held_out: HeldOut, setting: Setting, rows: NDArray[np.int64]) -> Matrix:
    """Return the combined logits of held-out rows under a setting."""
    lexical = held_out.lexical.tables[setting.lexical_strength][rows]
    if held_out.vector is None or setting.vector_strength is None:
        return setting.combination.logits(None, lexical)
    return setting.combination.logits(
        held_out.vector.tables[setting.vector_strength][rows], lexical
    )
