"""Held-out figures come from models that saw neither the row nor its vocabulary."""

from __future__ import annotations

import time

import numpy as np

from sangdam.learning.dataset import clean
from sangdam.learning.vocabulary import learn_vocabulary
from sangdam_training.folds import judge_held_out, weighted
from sangdam_training.lexical import feature_matrix
from sangdam_training.material import Material, prepare
from tests.training.sentences import WordEncoder, examples, silent


def material() -> Material:
    return prepare(clean(examples()), titles=None, encoder=WordEncoder(), seed=0, progress=silent)


def test_titles_are_learnt_from_and_never_asked() -> None:
    made = material()
    extra = len(made.texts) - len(examples())
    assert extra == 4
    assert (made.fold[-extra:] < 0).all()


def test_features_are_weighted_as_the_vocabulary_of_the_learnt_rows_would() -> None:
    made = material()
    learnt = made.fold != 0
    inside = [made.counts[row] for row in np.flatnonzero(learnt).tolist()]
    vocabulary = learn_vocabulary(inside, min_frequency=1, max_size=10**6)
    served = feature_matrix(made.counts, vocabulary)
    held_out = weighted(made.frequencies, learnt)
    np.testing.assert_allclose(
        (served @ served.T).toarray(), (held_out @ held_out.T).toarray(), atol=1e-5
    )


def test_every_row_that_is_asked_is_judged() -> None:
    made = material()
    held_out = judge_held_out(
        made, vector_strengths=(10.0, 1.0), lexical_strengths=(0.5,), seed=0,
        deadline=time.monotonic() + 600, tell=lambda done, total: None,
    )  # fmt: skip
    assert held_out.finished
    assert set(held_out.rows()) == set(np.flatnonzero(made.fold >= 0))


def test_when_time_is_up_the_first_strength_is_judged_on_one_fold() -> None:
    made = material()
    held_out = judge_held_out(
        made, vector_strengths=(10.0, 1.0), lexical_strengths=(0.5, 1.0), seed=0,
        deadline=time.monotonic() - 1, tell=lambda done, total: None,
    )  # fmt: skip
    assert not held_out.finished
    assert list(held_out.lexical.tables) == [0.5]
    assert set(held_out.rows()) == set(np.flatnonzero(made.fold == 0))
