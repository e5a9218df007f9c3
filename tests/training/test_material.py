"""What is learnt from: examples, titles and copies as numbers, and who may be asked in a fold."""

from __future__ import annotations

import numpy as np

from sangdam.bots.definition import Example
from sangdam.learning.augmentation import Copy
from sangdam.learning.dataset import clean
from sangdam.learning.vocabulary import learn_vocabulary
from sangdam.text.features import lexical_features
from sangdam_training.lexical import feature_matrix, weighted
from sangdam_training.material import Material, prepare, split_encoded
from tests.training.sentences import LAYERED, SHOP, WordEncoder, examples, silent

DATASET = clean(examples())
COPIES = tuple(
    Copy(f"{DATASET.texts[parent]} {word}", parent, "ending")
    for parent in range(0, len(DATASET), 3)
    for word in ("빨리요", "부탁")
)


def material(*, copies: tuple[Copy, ...] = COPIES) -> Material:
    return prepare(
        DATASET, titles=None, copies=copies, encoder=WordEncoder(), seed=0, progress=silent
    )


def test_rows_are_examples_then_titles_then_copies() -> None:
    made = material()
    assert made.texts[: len(DATASET)] == DATASET.texts
    assert made.texts[-len(COPIES) :] == tuple(one.text for one in COPIES)
    assert len(made.texts) == len(DATASET) + len(SHOP) + len(COPIES)
    assert made.frequencies.shape[0] == len(made.texts) == len(made.encoded.parts[0])
    np.testing.assert_array_equal(
        np.flatnonzero(made.is_copy), np.arange(len(made.texts) - len(COPIES), len(made.texts))
    )


def test_a_copy_has_the_fold_and_the_label_of_its_parent() -> None:
    made = material()
    first = len(made.texts) - len(COPIES)
    for row, copy in enumerate(COPIES, first):
        assert made.fold[row] == made.fold[copy.parent]
        assert made.labels[row] == made.labels[copy.parent]


def test_titles_are_learnt_from_and_never_asked() -> None:
    made = material()
    titles = slice(len(DATASET), len(DATASET) + len(SHOP))
    assert (made.fold[titles] < 0).all()
    for fold in range(made.folds):
        assert made.learnt(fold, copies=False)[titles].all()
        assert not made.asked(fold)[titles].any()


def test_a_fold_asks_its_examples_and_learns_from_all_others() -> None:
    made = material()
    assert made.folds == 5
    times_asked = np.zeros(len(made.texts), int)
    for fold in range(made.folds):
        asked, learnt = made.asked(fold), made.learnt(fold, copies=True)
        assert not (asked & learnt).any()
        assert not (asked & made.is_copy).any()
        assert not (made.learnt(fold, copies=False) & made.is_copy).any()
        # What was made of a held-out example is held out with it.
        held_out = set(np.flatnonzero(asked).tolist())
        first = len(made.texts) - len(COPIES)
        for row, copy in enumerate(COPIES, first):
            assert learnt[row] == (copy.parent not in held_out)
        times_asked += asked
    assert (times_asked[: len(DATASET)] == 1).all()
    assert made.learnt(None, copies=True).all()
    assert made.learnt(None, copies=False).sum() == len(DATASET) + len(SHOP)


def test_without_copies_no_row_is_one() -> None:
    made = material(copies=())
    assert not made.has_copies
    assert not made.is_copy.any()
    assert made.learnt(None, copies=False).all()


def test_the_single_example_of_an_intent_is_never_held_out() -> None:
    one = Example("안녕하세요", "greeting", "ko")
    dataset = clean([*examples(), one])
    made = prepare(dataset, titles=None, encoder=None, seed=0, progress=silent)
    assert made.fold[dataset.texts.index("안녕하세요")] < 0


def test_the_orthography_of_the_examples_puts_right_what_numbers_are_made_of() -> None:
    texts = ["배송 조회 부탁드려요", "배송 조회 언제 되나요", "주문 취소 부탁드려요"] * 2
    said = [Example(f"{text} {number}", "a", "ko") for number, text in enumerate(texts)]
    dataset = clean([*said, *examples()])
    slurred = Copy("배송조회부탁드려요", 0, "spaces")
    made = prepare(
        dataset, titles=None, copies=[slurred], encoder=WordEncoder(), seed=0, progress=silent
    )
    assert made.texts[-1] == "배송조회부탁드려요"
    seen = made.orthography("배송조회부탁드려요")
    assert seen == "배송 조회 부탁드려요"
    assert made.counts[-1] == lexical_features(seen)
    np.testing.assert_allclose(made.encoded.parts[0][-1], WordEncoder().encode([seen])[0])


def test_features_are_weighted_as_the_vocabulary_of_the_learnt_rows_would() -> None:
    made = material()
    learnt = made.learnt(0, copies=True)
    inside = [made.counts[row] for row in np.flatnonzero(learnt).tolist()]
    vocabulary = learn_vocabulary(inside, min_frequency=1, max_size=10**6)
    served = feature_matrix(made.counts, vocabulary)
    held_out = weighted(made.frequencies, learnt)
    np.testing.assert_allclose(
        (served @ served.T).toarray(), (held_out @ held_out.T).toarray(), atol=1e-5
    )


def test_a_row_is_taken_apart_and_what_is_left_over_feeds_the_last_layers() -> None:
    rows = np.arange(20, dtype=np.float32).reshape(2, 10)
    taken = split_encoded(rows, parts=(3, 2))
    np.testing.assert_array_equal(taken.parts[0], rows[:, :3])
    np.testing.assert_array_equal(taken.parts[1], rows[:, 3:5])
    assert taken.layers is not None
    np.testing.assert_array_equal(taken.layers, rows[:, 5:])
    assert split_encoded(rows, parts=(6, 4)).layers is None


def test_last_layers_come_with_the_material_where_the_encoder_has_some() -> None:
    made = prepare(DATASET, titles=None, encoder=LAYERED, seed=0, progress=silent)
    assert made.pretrained is not None
    assert made.pretrained.keys() == LAYERED.last_layers().keys()
    assert made.encoded.layers is not None
    assert made.encoded.layers.shape == (len(made.texts), LAYERED.pooled)
    assert material().pretrained is None
    assert material().encoded.layers is None


def test_without_an_encoder_there_are_letters_alone() -> None:
    made = prepare(DATASET, titles=None, encoder=None, seed=0, progress=silent)
    assert made.encoded.rows is None
    assert made.encoded.parts == ()
    assert made.groups is None
