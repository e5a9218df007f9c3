"""What out-of-scope sentences teach, where a bot's author or its customers have given some."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from sangdam.learning.metrics import auroc

Matrix = NDArray[np.float32]
Vector = NDArray[np.float32]

ENOUGH = 30
"""Fewer out-of-scope sentences say more of themselves than of what lies outside."""

WEIGHTS = (0.0, 0.25, 0.5, 1.0, 2.0)
"""How much their direction may count beside the distance from what is known."""

STRENGTH = 3.0
FOLDS = 5


@dataclass(frozen=True, slots=True)
class OutsiderRule:
    """What is taken off the in-scope score of a unit vector: ``unit @ direction + offset``."""

    direction: Vector
    offset: float

    def __call__(self, units: Matrix) -> Vector:
        """Return how much each row looks like what was given as out of scope."""
        return np.asarray(units @ self.direction + np.float32(self.offset), np.float32)


@dataclass(frozen=True, slots=True)
class Learnt:
    """The rule, and what it took off rows it had not learnt from."""

    rule: OutsiderRule
    inside: Vector
    outside: Vector


def learn_outsiders(
    units: Matrix, in_scope: Vector, outsiders: Matrix, outsiders_in_scope: Vector, *, seed: int
) -> Learnt | None:
    """Learn to tell out-of-scope sentences from known ones, as far as that helps.

    A logistic regression over unit vectors, whose scores (standardised on known sentences) are
    weighted so that the area under the ROC curve is largest on sentences it has not learnt from.

    Parameters
    ----------
    units, in_scope
        Known sentences ``[rows, dimensions]`` and their held-out in-scope scores ``[rows]``.
    outsiders, outsiders_in_scope
        The same of out-of-scope sentences.

    Returns
    -------
    Learnt or None
        None with too few sentences, or where nothing is gained.
    """
    if len(outsiders) < ENOUGH or len(units) < ENOUGH:
        return None
    both = np.concatenate([units, outsiders])
    outside = np.r_[np.zeros(len(units)), np.ones(len(outsiders))]
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=300)
    deal = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    held_out = cross_val_predict(model, both, outside, cv=deal, method="decision_function")
    mean = float(held_out[: len(units)].mean())
    scale = 1.0 / max(float(held_out[: len(units)].std()), 1e-6)
    taken = ((held_out - mean) * scale).astype(np.float32)
    inside, beyond = taken[: len(units)], taken[len(units) :]

    def gain(weight: float) -> float:
        found = auroc(
            (in_scope - weight * inside).tolist(), (outsiders_in_scope - weight * beyond).tolist()
        )
        return 0.0 if found is None else found

    best = max(WEIGHTS, key=gain)
    if best == 0.0:
        return None
    model.fit(both, outside)
    direction = np.asarray(model.coef_[0], np.float64) * scale * best
    offset = (float(model.intercept_[0]) - mean) * scale * best
    rule = OutsiderRule(direction.astype(np.float32), offset)
    return Learnt(rule, np.float32(best) * inside, np.float32(best) * beyond)
