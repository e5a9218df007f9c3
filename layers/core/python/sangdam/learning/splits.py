"""Folds for cross-validation: every class in every fold, near copies never on both sides."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Hashable, Sequence

ALWAYS_TRAINING = -1
"""The fold of rows that are learnt from only: the single example of a class."""


def stratified_folds(
    labels: Sequence[Hashable], *, folds: int, seed: int, groups: Sequence[Hashable] | None = None
) -> list[int]:
    """Return the fold of each row: 0 .. ``folds`` - 1, or ``ALWAYS_TRAINING``.

    Parameters
    ----------
    labels
        The class of each row; each class is spread as evenly as its groups allow.
    groups
        Rows of one class and one group stay together (default: every row is its own group). A
        class with a single group would leave nothing to learn from, so it is always training.
    """
    rows: dict[Hashable, dict[Hashable, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index, label in enumerate(labels):
        rows[label][index if groups is None else groups[index]].append(index)
    random_ = random.Random(seed)  # noqa: S311 -- reproducible draws, no secrets
    result = [ALWAYS_TRAINING] * len(labels)
    for of_class in rows.values():
        if len(of_class) < 2:
            continue
        members = list(of_class.values())
        random_.shuffle(members)
        members.sort(key=len, reverse=True)
        # Where a class starts is drawn too, else small classes would all miss the last folds.
        order = random_.sample(range(folds), folds)
        load = dict.fromkeys(order, 0)
        for group in members:
            lightest = min(order, key=load.__getitem__)
            load[lightest] += len(group)
            for index in group:
                result[index] = lightest
    return result
