"""A part of the sentence vector that some texts have none of: learnt where it is, spared where not.

Here the second part reads texts in Latin letters alone, as the English encoder does.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from sangdam.bots.definition import Example
from sangdam.learning.dataset import clean
from sangdam.ports import TrainedModel, TrainingPlan
from sangdam.text.korean import language_of
from sangdam_adapters.joined_encoder import JoinedEncoder
from sangdam_adapters.onnx_classifier import OnnxClassifier, OnnxModelOpener
from sangdam_training import cross_validation
from sangdam_training.classifier import Member, fit_classifier
from sangdam_training.cross_validation import Estimate, estimate
from sangdam_training.families import Candidate
from sangdam_training.glance import GIVEN_UP, NEVER, USUAL, choose_glance
from sangdam_training.material import Material, prepare
from sangdam_training.spaces import LEAST_READ, is_learnable, is_measured
from sangdam_training.tournament import HeldOut, compete
from sangdam_training.trainer import SklearnTrainer
from tests.training.sentences import (
    LATIN,
    SHOP,
    LatinWords,
    PartedEncoder,
    WordEncoder,
    examples,
    longer,
    silent,
)

ENCODER = LATIN
CANDIDATES = (
    Candidate("lexical", "svm", 0.5),
    Candidate("vector1", "logistic", 10.0),
    Candidate("vector2", "logistic", 10.0),
    Candidate("vector2", "centroid", 15.0),
)
ALL_READ = CANDIDATES[:2]
KOREAN, ENGLISH = (
    [one for one in examples(longer()) if one.language == language] for language in ("ko", "en")
)


NAMES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def material(rows: list[Example]) -> Material:
    return prepare(clean(rows), titles=None, encoder=ENCODER, seed=0, progress=silent)


def hold(made: Material) -> HeldOut:
    return compete(made, CANDIDATES, seed=0, deadline=float("inf"), tell=lambda done, total: None)


TWICE = JoinedEncoder(WordEncoder(dimensions=128), LatinWords(parts=(48, 40)))
"""The second encoder gives two vectors."""


@cache
def both() -> tuple[Material, HeldOut, Estimate]:
    made = material(KOREAN + ENGLISH)
    held_out = hold(made)
    return made, held_out, estimate(held_out, made)


def train(rows: list[Example], *, glance: bool = False) -> TrainedModel:
    trainer = SklearnTrainer(encoder=ENCODER, open_model=OnnxModelOpener(ENCODER))
    plan = TrainingPlan(seed=0, seconds=600, glance=glance)
    return trainer.train(rows, plan, progress=silent)


@cache
def of_both(*, glance: bool = False) -> OnnxClassifier:
    return OnnxModelOpener(ENCODER).open(train(KOREAN + ENGLISH, glance=glance).files)


@pytest.mark.parametrize("rows", [KOREAN + ENGLISH, KOREAN, ENGLISH], ids=["both", "ko", "en"])
def test_which_parts_some_texts_have_none_of_is_known_whatever_is_given(
    rows: list[Example],
) -> None:
    made = material(rows)
    assert made.partial == {1}
    latin = [language_of(text) != "ko" for text in made.texts]
    assert made.encoded.read(1).tolist() == latin
    assert made.encoded.read(0).all()


def test_an_encoders_other_vectors_are_learnt_from_and_not_measured() -> None:
    made = prepare(clean(KOREAN + ENGLISH), titles=None, encoder=TWICE, seed=0, progress=silent)
    assert made.partial == {1, 2}
    assert [is_measured(f"vector{number}", made) for number in (1, 2, 3)] == [True, True, False]
    candidates = (*CANDIDATES, Candidate("vector3", "logistic", 10.0))
    held_out = compete(
        made, candidates, seed=0, deadline=float("inf"), tell=lambda done, total: None
    )
    found = estimate(held_out, made)
    assert set(held_out.near) == set(found.scope.near) == {"vector1", "vector2"}
    members = [
        Member(one.candidate, 1.0) if one.candidate.space == "vector3" else one
        for one in found.members
    ]
    classifier = fit_classifier(made, members, found.scope, found.partly, seed=0)
    third = classifier.released.vectors[2]
    assert third.partial
    assert third.centres is None
    # What is released agrees with what was trained, and Korean texts have nothing there either.
    trainer = SklearnTrainer(encoder=TWICE, open_model=OnnxModelOpener(TWICE))
    for glance in (False, True):
        plan = TrainingPlan(seed=0, seconds=600, glance=glance)
        metrics = trainer.train(KOREAN + ENGLISH, plan, progress=silent).metrics
        assert metrics["parity"]["largest_difference"] < 1e-4
        assert any(name.startswith("vector3") for name in metrics["pool"])


def test_names_alone_teach_nothing_of_a_language_that_no_example_is_in() -> None:
    titles = {one.intent: [f"{one.intent} {word}" for word in NAMES] for one in KOREAN}
    made = prepare(clean(KOREAN), titles=titles, encoder=ENCODER, seed=0, progress=silent)
    assert int(made.encoded.read(1).sum()) >= LEAST_READ
    assert not is_learnable("vector2", made)
    assert is_learnable("vector1", made)
    assert {one.space for one in hold(made).tables} == {"lexical", "vector1"}


@pytest.mark.parametrize("encoder", [None, WordEncoder(), PartedEncoder()])
def test_an_encoder_that_reads_everything_has_no_such_part(
    encoder: WordEncoder | PartedEncoder | None,
) -> None:
    made = prepare(clean(examples()), titles=None, encoder=encoder, seed=0, progress=silent)
    assert made.partial == frozenset()


def test_of_texts_without_the_part_its_models_say_nothing() -> None:
    made, held_out, _ = both()
    korean = ~made.encoded.read(1)
    for candidate, table in held_out.tables.items():
        says_nothing = (table[korean] == 0).all()
        assert says_nothing == (candidate.space == "vector2"), candidate.name
        assert (table[~korean] != 0).any(axis=1).all()


def test_its_models_are_judged_by_the_texts_that_have_it() -> None:
    made, held_out, _ = both()
    english = made.encoded.read(1)
    for one in held_out.tried:
        if one.name == "vector2: logistic 10":
            table = held_out.tables[CANDIDATES[2]]
            asked = english & np.isfinite(table[:, 0])
            hits = table[asked].argmax(axis=1) == made.labels[asked]
            assert one.accuracy == pytest.approx(hits.mean())
            break
    else:
        pytest.fail("the space did not take part")


def test_both_kinds_of_text_lie_around_zero_in_scope() -> None:
    made, _, found = both()
    assert found.partly is not None
    scores = np.asarray([one.in_scope for one in found.judged])
    read = made.encoded.read(1)[found.rows]
    for kind in (read, ~read):
        assert abs(scores[kind].mean()) < 0.05


def loss(found: Estimate, kind: NDArray[np.bool_]) -> float:
    """Return the mean negative log likelihood of held-out sentences of a kind."""
    shares = [
        dict(ranked)[expected]
        for ranked, expected in zip(found.ranked, found.expected, strict=True)
    ]
    return -float(np.log(np.asarray(shares))[kind].mean())


def test_what_speaks_of_every_text_counts_for_itself_and_otherwise_beside_what_reads_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, held_out, _ = both()
    english = made.encoded.read(1)
    letters = CANDIDATES[0]
    turned = held_out.tables[letters].copy()
    turned[english] *= -1
    misled = replace(held_out, tables={**held_out.tables, letters: turned})
    together = estimate(misled, made)
    assert together.partly is not None
    assert len(set(together.partly.beside.values())) == 1
    monkeypatch.setattr(cross_validation, "ENOUGH_APART", 20)
    usual, apart = estimate(held_out, made), estimate(misled, made)
    assert apart.partly is not None
    assert apart.partly.beside["lexical"] == 0 < apart.partly.beside["vector1"]
    read = english[apart.rows]
    assert loss(apart, read) < loss(together, read) / 2
    # What misleads in the one language costs the other nothing.
    for found in (usual, apart):
        assert found.members[0].candidate == letters
    weights = [
        [one.weight / found.members[0].weight for one in found.members if one.candidate in ALL_READ]
        for found in (usual, apart)
    ]
    assert weights[0] == pytest.approx(weights[1])
    trainer = SklearnTrainer(encoder=ENCODER, open_model=OnnxModelOpener(ENCODER))
    for glance in (False, True):
        plan = TrainingPlan(seed=0, seconds=600, glance=glance)
        metrics = trainer.train(KOREAN + ENGLISH, plan, progress=silent).metrics
        assert metrics["parity"]["largest_difference"] < 1e-4


def test_each_language_is_answered_by_what_reads_it() -> None:
    model = of_both()
    text = "환불 언제 되나요"
    assert model.score(text).intents[0][0] == "refund_money"
    assert model.score("when do i get my refund").intents[0][0] == "refund_money"
    rows = ENCODER.encode([text])
    assert (rows[:, ENCODER.parts[0] :] == 0).all()


def test_with_too_few_texts_that_have_it_the_part_takes_no_part() -> None:
    few = [
        one for one in ENGLISH if one.text in {text for texts in SHOP.values() for text in texts}
    ]
    held_out = hold(material(KOREAN + few))
    assert {one.space for one in held_out.tables} == {"lexical", "vector1"}
    assert "vector2" not in held_out.near


def test_a_bot_of_one_language_answers_the_other_all_the_same() -> None:
    english = OnnxModelOpener(ENCODER).open(train(ENGLISH).files)
    ours, theirs = english.score("cancel my order"), english.score("주문 취소")
    assert ours.intents[0][0] == "cancel_order"
    assert ours.intents[0][1] > theirs.intents[0][1]
    assert np.isfinite(theirs.in_scope)
    assert theirs.in_scope < ours.in_scope
    korean = OnnxModelOpener(ENCODER).open(train(KOREAN).files)
    assert korean.score("주문 취소할래요").intents[0][0] == "cancel_order"
    assert np.isfinite(korean.score("cancel my order").in_scope)


def test_where_a_first_look_will_do_nothing_more_is_read() -> None:
    model = of_both(glance=True)
    glance = model.card.glance
    assert glance is not None
    texts = [one.text for one in ENGLISH] + ["tell me a joke", "what about that", "환불", ""]
    first = model.score_many(texts, vectors=ENCODER.glance(texts))
    full = model.score_many(texts, vectors=ENCODER.encode(texts))
    will_do = [glance.will_do(one.intents[0][1], one.in_scope) for one in first]
    assert 0 < sum(will_do) < len(texts)
    for text, done, one, other in zip(texts, will_do, first, full, strict=True):
        assert model.score(text) == (one if done else other), text
    assert model.score_many(texts) == [model.score(text) for text in texts]


def test_an_encoder_that_reads_all_at_once_answers_as_one_that_glances() -> None:
    """So does the one in a function of its own, with which a night's release is tried."""

    class AtOnce:
        name, parts, dimensions = ENCODER.name, ENCODER.parts, ENCODER.dimensions
        encode, last_layers = ENCODER.encode, ENCODER.last_layers

    files = train(KOREAN + ENGLISH, glance=True).files
    at_once = OnnxModelOpener(AtOnce()).open(files)
    texts = [*(one.text for one in ENGLISH), "what about that", "환불 받을래요", ""]
    assert at_once.score_many(texts) == of_both(glance=True).score_many(texts)
    trainer = SklearnTrainer(encoder=AtOnce(), open_model=OnnxModelOpener(AtOnce()))
    plan = TrainingPlan(seed=0, seconds=600, glance=True)
    rows = KOREAN + ENGLISH
    assert trainer.train(rows, plan, progress=silent).files == files


def test_without_a_glance_everything_is_read_at_once() -> None:
    model = of_both()
    assert model.card.glance is None
    texts = ["cancel my order", "환불해 주세요", "where is it"]
    assert model.score_many(texts) == model.score_many(texts, vectors=ENCODER.encode(texts))


def test_what_is_spared_costs_next_to_nothing_on_held_out_sentences() -> None:
    made, held_out, full = both()
    quick = estimate(held_out, made, glance=True)
    assert quick.glance is not None
    assert 0 < quick.spared <= 1
    assert full.spared == 0
    right = [
        sum(one == other for one, other in zip(found.expected, found.predicted, strict=True))
        for found in (quick, full)
    ]
    assert right[0] >= right[1] - GIVEN_UP * len(full.rows)
    assert quick.members == full.members


def test_texts_out_of_scope_are_never_spared() -> None:
    confidence = np.asarray([0.99, 0.98, 0.9, 0.5], np.float32)
    good = np.ones(4, np.bool_)
    usual = np.asarray([0.3, USUAL - 0.01, 0.0, 1.0], np.float32)
    found = choose_glance(confidence, usual, good, good)
    assert found.in_scope == USUAL
    assert found.confidence == pytest.approx(0.5)
    assert [found.will_do(float(c), float(s)) for c, s in zip(confidence, usual, strict=True)] == [
        True, False, True, True,
    ]  # fmt: skip


def test_a_first_look_that_errs_where_a_full_one_does_not_will_not_do() -> None:
    confidence = np.asarray([0.99, 0.9, 0.8, 0.7], np.float32)
    usual = np.zeros(4, np.float32)
    full = np.ones(4, np.bool_)
    found = choose_glance(confidence, usual, np.asarray([True, True, False, True]), full)
    assert found.confidence == pytest.approx(0.9)
    none = choose_glance(confidence, usual, np.asarray([False, True, True, True]), full)
    assert none.confidence == NEVER
    assert not none.will_do(1.0, 5.0)
