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
    """What is taken off the in-scope score of a unit vector: ``unit @ direction + offset``.

    A rule that is ``one_sided`` adds nothing: where that is below 0, nothing is taken off.
    """

    direction: Vector
    offset: float
    one_sided: bool = False

    def __call__(self, units: Matrix) -> Vector:
        """Return how much each row looks like what was given as out of scope."""
        return self.counted(
            np.asarray(units @ self.direction + np.float32(self.offset), np.float32)
        )

    def counted(self, taken: Vector) -> Vector:
        """Return what of it is taken off."""
        return np.maximum(taken, np.float32(0)) if self.one_sided else taken


@dataclass(frozen=True, slots=True)
class Learnt:
    """The rule, and what it took off rows it had not learnt from."""

    rule: OutsiderRule
    inside: Vector
    outside: Vector


@dataclass(frozen=True, slots=True)
class Direction:
    """Where outsiders lie: scores of rows not learnt from, of known sentences 0 and 1 deviation."""

    inside: Vector
    outside: Vector
    rule: OutsiderRule

    def weighing(self, weight: float, *, start: float | None = None) -> Learnt:
        """Return what is learnt if it counts so much; with a ``start``, from so far out only."""
        share, origin = np.float32(weight), start or 0.0
        rule = OutsiderRule(
            share * self.rule.direction,
            weight * (self.rule.offset - origin),
            one_sided=start is not None,
        )
        moved = np.float32(origin)
        return Learnt(
            rule,
            rule.counted(share * (self.inside - moved)),
            rule.counted(share * (self.outside - moved)),
        )


def find_direction(units: Matrix, outsiders: Matrix, *, seed: int) -> Direction:
    """Return the direction of a logistic regression between known sentences and outsiders.

    Both ``[rows, dimensions]`` of unit vectors, at least ``ENOUGH`` rows each.
    """
    both = np.concatenate([units, outsiders])
    outside = np.r_[np.zeros(len(units)), np.ones(len(outsiders))]
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=300)
    deal = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    held_out = cross_val_predict(model, both, outside, cv=deal, method="decision_function")
    mean = float(held_out[: len(units)].mean())
    scale = 1.0 / max(float(held_out[: len(units)].std()), 1e-6)
    taken = ((held_out - mean) * scale).astype(np.float32)
    model.fit(both, outside)
    direction = np.asarray(model.coef_[0], np.float64) * scale
    offset = (float(model.intercept_[0]) - mean) * scale
    rule = OutsiderRule(direction.astype(np.float32), offset)
    return Direction(taken[: len(units)], taken[len(units) :], rule)


def learn_outsiders(
    units: Matrix, in_scope: Vector, outsiders: Matrix, outsiders_in_scope: Vector, *, seed: int
) -> Learnt | None:
    """Learn to tell out-of-scope sentences from known ones, as far as that helps.

    Their direction is weighted so that the area under the ROC curve is largest on sentences it has
    not learnt from.

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
    found = find_direction(units, outsiders, seed=seed)

    def gain(weight: float) -> float:
        area = auroc(
            (in_scope - weight * found.inside).tolist(),
            (outsiders_in_scope - weight * found.outside).tolist(),
        )
        return 0.0 if area is None else area

    best = max(WEIGHTS, key=gain)
    return None if best == 0.0 else found.weighing(best)
