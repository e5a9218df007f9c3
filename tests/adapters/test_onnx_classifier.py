"""The classifier as it is served: quick, safe for threads, and clear about what it cannot open."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import numpy as np
import pytest

from sangdam.learning.classifier_card import CARD, GRAPH, ClassifierError
from sangdam.ports import TrainingPlan
from sangdam_adapters.onnx_classifier import OnnxClassifier, OnnxModelOpener
from sangdam_training.parity import HOSTILE
from sangdam_training.trainer import SklearnTrainer
from tests.training.sentences import SHOP, WordEncoder, examples, silent

Files = Mapping[str, bytes]
TEXTS = [one.text for one in examples()]


def train(encoder: WordEncoder | None, shop: dict[str, tuple[str, ...]] = SHOP) -> Files:
    trainer = SklearnTrainer(encoder=encoder, open_model=OnnxModelOpener(encoder))
    return trainer.train(examples(shop), TrainingPlan(seconds=60), progress=silent).files


@pytest.fixture(scope="module")
def lexical() -> Files:
    return train(None)


@pytest.fixture(scope="module")
def encoded() -> Files:
    return train(WordEncoder())


@pytest.fixture(scope="module")
def model(encoded: Files) -> OnnxClassifier:
    return OnnxModelOpener(WordEncoder()).open(encoded)


def test_candidates_come_best_first(model: OnnxClassifier) -> None:
    shares = [share for _, share in model.score("환불해 주세요").intents]
    assert shares == sorted(shares, reverse=True)


def test_equal_candidates_come_in_the_order_of_the_intents(lexical: Files) -> None:
    class Undecided:
        def run(self, outputs: object, inputs: object) -> tuple[object, object]:
            return np.array([[0.2, 0.3, 0.2, 0.3]], np.float32), np.zeros(1, np.float32)

    card = OnnxModelOpener(None).open(lexical).card
    a, b, c, d = card.intents
    scores = OnnxClassifier(Undecided(), card, None).score("환불")
    assert [name for name, _ in scores.intents] == [b, d, a, c]


def test_many_texts_score_as_each_alone(model: OnnxClassifier) -> None:
    texts = [*TEXTS, *HOSTILE]
    for together, text in zip(model.score_many(texts), texts, strict=True):
        alone = model.score(text)
        assert together.in_scope == pytest.approx(alone.in_scope, abs=1e-4)
        assert dict(together.intents) == pytest.approx(dict(alone.intents), abs=1e-5)


def test_vectors_known_already_are_used(model: OnnxClassifier) -> None:
    vectors = WordEncoder().encode(["환불해 주세요"])
    assert model.score_many(["환불해 주세요"], vectors=vectors)[0].in_scope == pytest.approx(
        model.score("환불해 주세요").in_scope, abs=1e-4
    )
    assert model.score_many([]) == []


def test_how_a_text_is_typed_does_not_matter(model: OnnxClassifier) -> None:
    assert model.score(" CANCEL   my Order").intents == model.score("cancel my order").intents


def test_threads_get_what_one_alone_gets(model: OnnxClassifier) -> None:
    expected = [model.score(text) for text in TEXTS]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            assert list(pool.map(model.score, TEXTS)) == expected


def test_the_models_own_part_takes_a_fraction_of_a_millisecond(lexical: Files) -> None:
    model = OnnxModelOpener(None).open(lexical)
    model.score(TEXTS[0])
    times = []
    for text in TEXTS * 5:
        begun = time.process_time()
        model.score(text)
        times.append(time.process_time() - begun)
    assert median(times) < 0.001


def test_a_model_without_vectors_opens_whatever_encoder_is_at_hand(lexical: Files) -> None:
    one = OnnxModelOpener(None).open(lexical).score("환불요")
    other = OnnxModelOpener(WordEncoder()).open(lexical).score("환불요")
    assert one == other


def test_another_encoder_is_refused_by_name(encoded: Files) -> None:
    with pytest.raises(ClassifierError, match=r"words@1, at hand is\s+words@2"):
        OnnxModelOpener(WordEncoder("words@2")).open(encoded)


def test_a_missing_encoder_is_refused_with_the_way_out(encoded: Files) -> None:
    with pytest.raises(ClassifierError, match="none is at hand: build it with scripts/encoder"):
        OnnxModelOpener(None).open(encoded)


@pytest.mark.parametrize("name", [GRAPH, CARD])
def test_a_missing_file_is_named(lexical: Files, name: str) -> None:
    with pytest.raises(ClassifierError, match=f"no {name}"):
        OnnxModelOpener(None).open({one: data for one, data in lexical.items() if one != name})


@pytest.mark.parametrize("damaged", [b"", b"no graph", b"\x08\x08\x12\x00"])
def test_a_damaged_graph_is_refused(lexical: Files, damaged: bytes) -> None:
    with pytest.raises(ClassifierError, match=GRAPH):
        OnnxModelOpener(None).open({**lexical, GRAPH: damaged})


def test_a_truncated_graph_is_refused(lexical: Files) -> None:
    with pytest.raises(ClassifierError, match=GRAPH):
        OnnxModelOpener(None).open({**lexical, GRAPH: lexical[GRAPH][:-1000]})


def test_a_graph_of_another_model_is_refused(lexical: Files) -> None:
    two = {name: SHOP[name] for name in ("refund_money", "opening_hours")}
    with pytest.raises(ClassifierError, match=r"knows 2 intents, classifier\.json lists 4"):
        OnnxModelOpener(None).open({**lexical, GRAPH: train(None, two)[GRAPH]})


def test_a_graph_that_wants_vectors_is_refused_beside_a_card_that_has_none(
    lexical: Files, encoded: Files
) -> None:
    with pytest.raises(ClassifierError, match="does not belong"):
        OnnxModelOpener(None).open({**lexical, GRAPH: encoded[GRAPH]})


def test_a_card_of_another_format_is_refused(lexical: Files) -> None:
    card = json.dumps({**json.loads(lexical[CARD]), "format": 9}).encode()
    with pytest.raises(ClassifierError, match="format version 9"):
        OnnxModelOpener(None).open({**lexical, CARD: card})


def test_scores_are_plain_numbers(model: OnnxClassifier) -> None:
    scores = model.score("환불")
    assert type(scores.in_scope) is float
    assert all(type(share) is float for _, share in scores.intents)
    assert np.isfinite(scores.in_scope)
