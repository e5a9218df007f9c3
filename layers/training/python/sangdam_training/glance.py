"""From where on a first look at a text will do, so that most are spared the dear parts of it.

A cascade of two readings, the second where the first is in doubt (Viola and Jones, 2001, for
pictures; for texts Schwartz et al., "The Right Tool for the Job", 2020).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sangdam.learning.classifier_card import Glance

Rows = NDArray[np.bool_]
Vector = NDArray[np.float32]

GIVEN_UP = 0.0005
"""So many of the held-out sentences may be lost to saving the second look."""

USUAL = -0.5
"""Of texts less in scope than this (in deviations of known sentences) a first look says too
little: what is out of scope is told best by a full reading."""

NEVER = 2.0
"""A confidence that no first look has."""


def choose_glance(confidence: Vector, in_scope: Vector, right: Rows, right_in_full: Rows) -> Glance:
    """Return from where on the first look will do.

    Parameters
    ----------
    confidence, in_scope
        What the first look says of held-out sentences.
    right, right_in_full
        Whether its best intent is the right one, and that of a full reading.
    """
    order = np.argsort(-confidence, kind="stable")
    order = order[in_scope[order] >= USUAL]
    lost = np.cumsum(right_in_full[order].astype(np.int64) - right[order])
    good = np.flatnonzero(lost <= GIVEN_UP * len(confidence))
    if not len(good):
        return Glance(NEVER, USUAL)
    return Glance(round(float(confidence[order[good[-1]]]), 6), USUAL)
