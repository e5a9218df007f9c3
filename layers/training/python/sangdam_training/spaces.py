"""The spaces that models compete in: letters, the parts of a sentence vector, last layers."""

from __future__ import annotations

import numpy as np

from sangdam_training.material import Material, Rows

LEAST_READ = 30
"""A space that not every text has a vector in takes part from so many texts on that have one, be it
to learn from or to be judged by: an intent's English name alone teaches a bot no English, and what
was not judged would be believed as much as if it were."""

VECTOR = "vector"
"""What the names of spaces begin with that are parts of sentence vectors."""


def spaces_of(parts: int) -> list[str]:
    """Return the names of the spaces that so many parts of a sentence vector are."""
    return [f"{VECTOR}{part + 1}" for part in range(parts)]


def part_of(space: str) -> int:
    """Return which part of a sentence vector a space is, from 0."""
    return int(space.removeprefix(VECTOR)) - 1


def is_partial(space: str, material: Material) -> bool:
    """Tell whether some texts have no vector in a space."""
    return space.startswith(VECTOR) and part_of(space) in material.partial


def is_measured(space: str, material: Material) -> bool:
    """Tell whether nearness in a space counts for how far outside a text lies.

    Of the parts that not every text has, only that of the first does. The others are what earlier
    layers of the same encoder give: they help to tell intents apart, but what they take to be near
    often is not (with 10 examples an intent of CLINC150, the area under the ROC curve of nearness
    alone is 0.931 there and 0.979 in the first).
    """
    return not is_partial(space, material) or part_of(space) == min(material.partial)


def read_in(space: str, material: Material) -> Rows:
    """Return the rows of the material that have a vector in a space, or need none there."""
    if is_partial(space, material):
        return material.encoded.read(part_of(space))
    return np.ones(len(material.labels), np.bool_)


def is_learnable(space: str, material: Material) -> bool:
    """Tell whether enough texts have a vector in a space, in whatever fold is held out."""
    read = read_in(space, material)
    if read.all():
        return True
    held_out = (material.fold >= 0) & ~material.is_copy
    if held_out.any() and (read & held_out).sum() < LEAST_READ:
        return False
    folds = (None, *range(material.folds))
    learnt = [read & material.learnt(fold, copies=False) for fold in folds]
    intents = min(len(np.unique(material.labels[rows])) for rows in learnt)
    return intents >= 2 and int(learnt[0].sum()) >= LEAST_READ
