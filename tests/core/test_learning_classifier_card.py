"""Vocabulary and card survive their files, and damaged files are named."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from sangdam.learning.classifier_card import ClassifierCard, ClassifierError, Glance
from sangdam.learning.vocabulary import Vocabulary, learn_vocabulary
from sangdam.nlu.understanding import Scores, Thresholds
from sangdam.text.features import lexical_features

TEXTS = [lexical_features(text) for text in ("배송 조회", "배송 언제 와요", "환불 해줘")]


def card() -> ClassifierCard:
    return ClassifierCard(
        intents=("a", "b"),
        vocabulary=learn_vocabulary(TEXTS, min_frequency=1, max_size=1000),
        thresholds=Thresholds(0.8, 0.3, -1.5, -2.0, "rule", 0.85),
        encoder="encoder@1",
        metrics={"accuracy": 0.9},
    )


def test_a_card_survives_its_file() -> None:
    read = ClassifierCard.from_json(card().to_json())
    assert read == card()
    assert read.to_json() == card().to_json()


def test_a_card_of_format_1_offers_as_many_intents_as_it_used_to() -> None:
    thresholds = json.loads(card().to_json())["thresholds"]
    del thresholds["asked_mass"]
    read = ClassifierCard.from_json(changed(format=1, thresholds=thresholds))
    assert read == replace(card(), thresholds=replace(card().thresholds, asked_mass=1.0))
    scores = Scores((("a", 0.5), ("b", 0.4), ("c", 0.06), ("d", 0.04)), 0.0)
    assert read.thresholds.asked(scores) == ("a", "b", "c")
    assert read.thresholds.decide(scores) == "clarify"
    assert json.loads(read.to_json())["format"] == 4


def test_a_card_of_format_3_reads_every_text_in_full() -> None:
    assert ClassifierCard.from_json(changed(format=3)) == card()


def test_a_first_look_will_do_where_it_is_sure_of_a_usual_text() -> None:
    glance = Glance(confidence=0.9, in_scope=-0.5)
    read = ClassifierCard.from_json(replace(card(), glance=glance).to_json())
    assert read.glance == glance
    assert glance.will_do(0.9, -0.5)
    assert not glance.will_do(0.89, 3.0)
    assert not glance.will_do(1.0, -0.6)


def test_known_features_are_a_vector_of_length_one() -> None:
    rows, weights = card().vocabulary.weigh(lexical_features("배송 환불"))
    assert len(rows) == len(weights) > 0
    assert math.sqrt(sum(weight * weight for weight in weights)) == pytest.approx(1)


def test_unknown_features_weigh_nothing() -> None:
    assert card().vocabulary.weigh(lexical_features("xyz")) == ([], [])


def test_a_rare_feature_weighs_more_than_a_frequent_one() -> None:
    vocabulary = learn_vocabulary([{1: 1, 2: 1}, {1: 1}], min_frequency=1, max_size=9)
    rows, weights = vocabulary.weigh({1: 1, 2: 1})
    by_row = dict(zip(rows, weights, strict=True))
    assert by_row[1] > by_row[0] > 0


def test_the_most_frequent_features_are_kept_when_there_is_no_room_for_all() -> None:
    vocabulary = learn_vocabulary([{1: 1, 2: 1, 3: 1}, {3: 2}], min_frequency=1, max_size=2)
    assert list(vocabulary.hashes) == [1, 3]
    assert list(vocabulary.frequencies) == [1, 2]


def test_features_below_the_least_frequency_are_unknown() -> None:
    vocabulary = learn_vocabulary([{1: 1, 2: 1}, {2: 1}], min_frequency=2, max_size=9)
    assert list(vocabulary.hashes) == [2]


def changed(**fields: Any) -> bytes:
    return json.dumps({**json.loads(card().to_json()), **fields}).encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "cannot be read"),
        (b"[]", "cannot be read"),
        (b"{}", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (changed(format=99), "format version 99"),
        (changed(features=0), "features version 0"),
        (changed(thresholds={}), "cannot be read"),
        (changed(format=1, thresholds={}), "cannot be read"),
        (changed(thresholds={"answer": 0.8}), "cannot be read"),
        (changed(vocabulary={"hashes": "AAAA", "frequencies": "", "texts": 1}), "cannot be read"),
        (changed(vocabulary={"hashes": "???", "frequencies": "", "texts": 1}), "cannot be read"),
    ],
)
def test_a_damaged_card_is_named_with_the_way_out(data: bytes, words: str) -> None:
    with pytest.raises(ClassifierError, match=words) as raised:
        ClassifierCard.from_json(data)
    assert "publish the bot again" in str(raised.value)


def test_a_vocabulary_of_two_lengths_is_refused() -> None:
    text = {**card().vocabulary.to_text(), "frequencies": ""}
    with pytest.raises(ValueError, match="different lengths"):
        Vocabulary.from_text(text)
