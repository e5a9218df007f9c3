"""Held-out figures come from models that saw neither the row nor a copy; the worse half leaves."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from sangdam.learning.augmentation import Copy
from sangdam.learning.dataset import clean
from sangdam_training import tournament
from sangdam_training.families import Candidate
from sangdam_training.material import Encoded, Material, prepare
from sangdam_training.tournament import FINALISTS, HeldOut, compete
from sangdam_training.tuned import fit_tuned
from tests.training.sentences import LAYERED, PartedEncoder, examples, silent

LATER = 600.0
"""Seconds until a deadline that no test reaches."""

GOOD = [Candidate("vector1", "logistic", strength) for strength in (10.0, 30.0, 3.0)]
BAD = [Candidate("vector1", "logistic", strength) for strength in (1e-9, 1e-8, 1e-7)]
MIXED = [
    Candidate("lexical", "svm", 0.5),
    Candidate("lexical", "bayes", 0.3),
    Candidate("vector1", "logistic", 10.0),
    Candidate("vector1", "centroid", 15.0),
    Candidate("vector1", "discriminant", 0.3),
    Candidate("layers", "tuned", 1e-3),
    Candidate("lexical", "svm", 0.5, augmented=True),
    Candidate("vector1", "logistic", 10.0, augmented=True),
]


@cache
def material() -> Material:
    dataset = clean(examples())
    copies = [Copy(f"{text} 부탁", parent, "ending") for parent, text in enumerate(dataset.texts)]
    return prepare(dataset, titles=None, copies=copies, encoder=LAYERED, seed=0, progress=silent)


def hold(candidates: Sequence[Candidate], *, of: Material | None = None) -> HeldOut:
    return compete(
        of or material(), candidates, seed=0,
        deadline=time.monotonic() + LATER, tell=lambda done, total: None,
    )  # fmt: skip


def easy() -> Material:
    """Return the material with vectors that all but say the intent."""
    made = material()
    rows = np.eye(16)[made.labels]
    rows += 0.2 * np.random.default_rng(0).standard_normal(rows.shape)
    part = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return replace(made, encoded=Encoded(part, (part,), None), pretrained=None)


def folds_of(held_out: HeldOut) -> Mapping[str, int]:
    return {one.name: one.folds for one in held_out.tried}


def test_the_worse_half_leaves_after_the_first_fold_and_two_go_through() -> None:
    held_out = hold([*BAD, *GOOD], of=easy())
    folds = folds_of(held_out)
    assert [folds[one.name] for one in BAD] == [1, 1, 1]
    assert sorted(folds[one.name] for one in GOOD) == [2, 5, 5]
    assert len(held_out.tables) == FINALISTS
    assert {one.name for one in held_out.tried if one.kept} == {one.name for one in held_out.tables}


def test_finalists_are_of_different_families() -> None:
    held_out = hold([*GOOD, Candidate("vector1", "centroid", 15.0)])
    assert {one.family for one in held_out.tables} == {"logistic", "centroid"}


def test_finalists_have_judged_every_row_that_is_asked_and_no_other() -> None:
    held_out = hold(MIXED)
    made = material()
    asked = (made.fold >= 0) & ~made.is_copy
    assert held_out.finished
    assert {one.space for one in held_out.tables} == {"lexical", "vector1", "layers"}
    for table in held_out.tables.values():
        np.testing.assert_array_equal(np.isfinite(table).all(axis=1), asked)
    np.testing.assert_array_equal(held_out.rows(), np.flatnonzero(asked))
    for near in held_out.near.values():
        np.testing.assert_array_equal(np.isfinite(near), asked)
    assert set(held_out.near) == {"vector1", "layers"}


def test_nearness_is_known_of_all_rows_even_if_the_first_candidate_leaves() -> None:
    held_out = hold([*BAD[:2], *GOOD[:2]], of=easy())
    assert BAD[0] not in held_out.tables
    assert np.isfinite(held_out.near["vector1"][held_out.rows()]).all()


def planted() -> Material:
    """Return rows that have nothing in common: each can be told only by who has learnt from it.

    A copy is its parent once more, so that who has learnt from it knows the parent as well.
    """
    intents, each = 3, 10
    rows = intents * each
    parents = np.arange(0, rows, 2)
    alone = np.concatenate([np.eye(rows), np.eye(rows)[parents]]).astype(np.float32)
    labels = np.concatenate([np.arange(rows) % intents] * 2)[: len(alone)]
    labels[rows:] = labels[parents]
    fold = np.concatenate([np.arange(rows) // intents % 5, np.arange(rows)[parents] // intents % 5])
    return replace(
        material(),
        names=("a", "b", "c"),
        encoded=Encoded(alone, (alone,), None),
        pretrained=None,
        frequencies=csr_matrix(alone),
        labels=labels,
        fold=fold,
        is_copy=np.arange(len(alone)) >= rows,
    )


LINEAR = [one for one in MIXED if one.family != "tuned"]


def told_apart(candidate: Candidate, made: Material) -> float:
    """Return how much the rows of a fold differ in what is said of them."""
    (table,) = hold([candidate], of=made).tables.values()
    spans = [np.ptp(table[made.asked(fold)], axis=0).max() for fold in range(made.folds)]
    return float(max(spans))


@pytest.mark.parametrize("candidate", LINEAR, ids=lambda one: one.name)
def test_of_a_row_it_has_not_seen_a_model_knows_nothing(candidate: Candidate) -> None:
    assert told_apart(candidate, planted()) < 0.01


@pytest.mark.parametrize("candidate", LINEAR, ids=lambda one: one.name)
def test_a_model_that_has_seen_the_row_or_its_copy_would_be_found_out(
    candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaking(self: Material, fold: int | None, *, copies: bool) -> Any:
        if copies:
            return self.asked(fold or 0) ^ True
        return np.ones(len(self.labels), np.bool_)

    made = planted()
    monkeypatch.setattr(Material, "learnt", leaking)
    assert told_apart(candidate, made) > 0.5


def test_the_last_layers_are_tuned_on_rows_of_other_folds_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = material()
    assert made.encoded.layers is not None
    known = {row.tobytes(): at for at, row in enumerate(made.encoded.layers)}
    seen: list[set[int]] = []

    def spying(pooled: Any, *rest: Any, **settings: Any) -> Any:
        seen.append({known[row.tobytes()] for row in pooled})
        return fit_tuned(pooled, *rest, **settings)

    monkeypatch.setattr(tournament, "fit_tuned", spying)
    hold([Candidate("layers", "tuned", 1e-3)])
    assert len(seen) == made.folds
    for fold, rows in enumerate(seen):
        assert rows == set(np.flatnonzero((made.fold != fold) & ~made.is_copy).tolist())


def test_when_time_is_up_the_first_of_each_space_is_judged_on_one_fold() -> None:
    held_out = compete(
        material(), MIXED, seed=0, deadline=time.monotonic() - 1, tell=lambda done, total: None
    )
    assert not held_out.finished
    assert list(held_out.tables) == [MIXED[0], MIXED[2], MIXED[5]]
    np.testing.assert_array_equal(held_out.rows(), np.flatnonzero(material().asked(0)))
    assert len(held_out.tried) == 3
    for one in held_out.tried:
        assert one.folds == 1
        assert one.kept
        assert np.isfinite(one.loss)
        assert one.accuracy > 0
    assert np.isfinite(held_out.near["vector1"][held_out.rows()]).all()


def test_where_nothing_can_be_held_out_the_first_of_each_space_stands() -> None:
    made = replace(material(), fold=np.full(len(material().labels), -1))
    held_out = hold(MIXED, of=made)
    assert list(held_out.tables) == [MIXED[0], MIXED[2], MIXED[5]]
    assert not len(held_out.rows())
    assert held_out.tried == ()
    assert held_out.finished


def test_the_same_material_and_seed_give_the_same_tables() -> None:
    first, again = hold(MIXED), hold(MIXED)
    assert list(first.tables) == list(again.tables)
    for candidate, table in first.tables.items():
        np.testing.assert_array_equal(table, again.tables[candidate])
    for space, near in first.near.items():
        np.testing.assert_array_equal(near, again.near[space])
    assert first.tried == again.tried


def test_good_models_are_told_from_bad_ones_by_accuracy_and_loss() -> None:
    by_name = {one.name: one for one in hold([GOOD[0], BAD[0]], of=easy()).tried}
    good, bad = by_name[GOOD[0].name], by_name[BAD[0].name]
    assert good.loss < bad.loss
    assert good.accuracy > 0.9


def test_each_part_of_a_vector_is_a_space_of_its_own() -> None:
    made = prepare(clean(examples()), titles=None, encoder=PartedEncoder(), seed=0, progress=silent)
    two = [Candidate(space, "logistic", 10.0) for space in ("vector1", "vector2")]
    first, second = hold(two, of=made).tables.values()
    assert np.nanmax(np.abs(first - second)) > 0.1


def test_progress_counts_every_fit_up_to_what_was_planned() -> None:
    told: list[tuple[int, int]] = []
    compete(
        material(), MIXED, seed=0, deadline=time.monotonic() + LATER,
        tell=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    total = told[0][1]
    assert told == [(done, total) for done in range(1, total + 1)]
