"""Folds: every class in every fold, groups whole, single examples always learnt from."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sangdam.learning.splits import ALWAYS_TRAINING, stratified_folds

labelled = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5)), max_size=60)


def test_each_class_is_spread_evenly() -> None:
    folds = stratified_folds(["a"] * 10 + ["b"] * 5, folds=5, seed=0)
    assert Counter(folds[:10]) == dict.fromkeys(range(5), 2)
    assert Counter(folds[10:]) == dict.fromkeys(range(5), 1)


def test_the_single_example_of_a_class_is_always_learnt_from() -> None:
    assert stratified_folds(["a", "b", "b"], folds=2, seed=0)[0] == ALWAYS_TRAINING


def test_the_same_seed_gives_the_same_folds_and_another_one_others() -> None:
    labels = ["a", "b"] * 30
    assert stratified_folds(labels, folds=5, seed=1) == stratified_folds(labels, folds=5, seed=1)
    assert stratified_folds(labels, folds=5, seed=1) != stratified_folds(labels, folds=5, seed=2)


@given(labelled, st.integers(2, 6))
def test_groups_stay_whole_and_every_class_keeps_rows_to_learn_from(
    rows: list[tuple[str, int]], folds: int
) -> None:
    labels = [label for label, _ in rows]
    dealt = stratified_folds(labels, folds=folds, seed=0, groups=[group for _, group in rows])
    places: dict[tuple[str, int], set[int]] = {}
    for row, fold in zip(rows, dealt, strict=True):
        places.setdefault(row, set()).add(fold)
    assert all(len(where) == 1 for where in places.values())
    for label in set(labels):
        mine = {fold for one, fold in zip(labels, dealt, strict=True) if one == label}
        assert mine == {ALWAYS_TRAINING} or len(mine) > 1
