"""The exported graph says what the classifier says, whatever it is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from sangdam.learning.classifier_card import CARD, GRAPH, ClassifierCard
from sangdam.learning.dataset import clean
from sangdam.nlu.understanding import Thresholds
from sangdam.text.features import lexical_features
from sangdam.text.normalise import normalise
from sangdam_adapters.joined_encoder import JoinedEncoder
from sangdam_adapters.onnx_classifier import OnnxClassifier, OnnxModelOpener
from sangdam_training.classifier import Classifier, Member, fit_classifier
from sangdam_training.classifier_draft import ClassifierDraft
from sangdam_training.exported_head import export_head, exported
from sangdam_training.families import Candidate, Linear
from sangdam_training.graph import _unit
from sangdam_training.material import Encoded, Material, encode_all, prepare
from sangdam_training.outsiders import OutsiderRule
from sangdam_training.parity import HOSTILE
from sangdam_training.scope import Gauge, PartlyRead, ScopeRule
from tests.training.sentences import (
    LATIN,
    LAYERED,
    SHOP,
    PartedEncoder,
    WordEncoder,
    examples,
    silent,
)

AnyEncoder = WordEncoder | PartedEncoder | JoinedEncoder | None

LETTERS = (
    Member(Candidate("lexical", "svm", 0.5), 0.7),
    Member(Candidate("lexical", "bayes", 0.3), 0.2),
)
FIRST = (
    Member(Candidate("vector1", "logistic", 10.0), 0.9),
    Member(Candidate("vector1", "discriminant", 0.3), 0.02),
)
SECOND = (Member(Candidate("vector2", "centroid", 15.0), 0.4),)
TUNED = (Member(Candidate("layers", "tuned", 1e-3), 0.8),)

SHAPES: dict[str, tuple[AnyEncoder, tuple[Member, ...]]] = {
    "letters alone": (None, LETTERS),
    "one part": (WordEncoder(dimensions=96), LETTERS + FIRST),
    "two parts": (PartedEncoder(), LETTERS + FIRST + SECOND),
    "last layers": (LAYERED, LETTERS + FIRST + TUNED),
    "two parts and last layers": (PartedEncoder(pooled=40), LETTERS + FIRST + SECOND + TUNED),
    "no letters": (LAYERED, FIRST + TUNED),
    "last layers that count for nothing": (LAYERED, LETTERS + FIRST),
    "a part for some texts": (LATIN, LETTERS + FIRST + SECOND),
}
TWO = {name: SHOP[name] for name in ("refund_money", "opening_hours")}


@cache
def material(encoder: AnyEncoder, *, intents: int) -> Material:
    dataset = clean(examples(SHOP if intents == 4 else TWO))
    return prepare(dataset, titles=None, encoder=encoder, seed=0, progress=silent)


def classifier(encoder: AnyEncoder, members: Sequence[Member], *, intents: int = 4) -> Classifier:
    spaces = dict.fromkeys(one.candidate.space for one in members)
    scope = ScopeRule(
        energy=Gauge(4.0, 0.6),
        near={space: Gauge(0.3, 2.0) for space in spaces if space != "lexical"},
    )
    partly = ScopeRule(energy=Gauge(3.0, 0.5), near={"vector1": Gauge(0.2, 1.5)})
    return fit_classifier(
        material(encoder, intents=intents), members, scope,
        PartlyRead({"lexical": 1.4, "vector1": 0.6}, partly) if encoder is LATIN else None, seed=0,
    )  # fmt: skip


def opened(trained: Classifier, encoder: AnyEncoder, *, made: Material) -> OnnxClassifier:
    card = ClassifierCard(
        trained.names, trained.vocabulary, Thresholds(0.8, 0.3, -1.5, -2.0, "rule", 0.85),
        None if encoder is None else encoder.name, {}, orthography=made.orthography,
    )  # fmt: skip
    return OnnxModelOpener(encoder).open({GRAPH: trained.to_onnx(), CARD: card.to_json()})


def check(trained: Classifier, encoder: AnyEncoder, *, made: Material) -> None:
    texts = [*made.texts, *HOSTILE]
    seen = [made.orthography(normalise(text)) for text in texts]
    encoded = encode_all(encoder, seen, progress=silent, task="")
    probabilities, in_scope = trained.judge(
        trained.features([lexical_features(text) for text in seen]), encoded
    )
    scored = opened(trained, encoder, made=made).score_many(texts, vectors=encoded.rows)
    for row, scores in enumerate(scored):
        given = [dict(scores.intents)[name] for name in trained.names]
        np.testing.assert_allclose(given, probabilities[row], atol=1e-5)
        np.testing.assert_allclose(scores.in_scope, in_scope[row], atol=1e-3, rtol=1e-5)


@pytest.mark.parametrize("intents", [2, 4])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_graph_agrees_with_the_classifier(shape: str, intents: int) -> None:
    encoder, members = SHAPES[shape]
    made = material(encoder, intents=intents)
    trained = classifier(encoder, members, intents=intents)
    check(trained, encoder, made=made)
    probabilities, _ = trained.judge(trained.features(made.counts), made.encoded)
    assert (probabilities.argmax(axis=1) == made.labels).mean() > 0.9


@pytest.mark.parametrize("one_sided", [False, True])
def test_what_out_of_scope_sentences_taught_is_in_the_graph(one_sided: bool) -> None:
    draw = np.random.default_rng(0)
    direction = draw.standard_normal(LAYERED.parts[0]).astype(np.float32)
    rule = OutsiderRule(direction, -0.05, one_sided=one_sided)
    plain = classifier(LAYERED, LETTERS + FIRST)
    made = material(LAYERED, intents=4)
    taught = plain.with_outsiders(rule)
    check(taught, LAYERED, made=made)
    features = plain.features(made.counts)
    moved = plain.judge(features, made.encoded)[1] - taught.judge(features, made.encoded)[1]
    taken = rule(plain.units(made.encoded))
    np.testing.assert_allclose(moved, taken, atol=1e-4)
    assert taken.max() > 0.05
    assert (taken.min() == 0) == one_sided


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_parts_give_the_same_bytes(shape: str) -> None:
    encoder, members = SHAPES[shape]
    assert classifier(encoder, members).to_onnx() == classifier(encoder, members).to_onnx()


def test_a_part_that_counts_for_nothing_is_still_measured_by() -> None:
    encoder = WordEncoder(dimensions=96)
    made = material(encoder, intents=4)
    silent_part = (*LETTERS, Member(FIRST[0].candidate, 0.0))
    trained = classifier(encoder, silent_part)
    check(trained, encoder, made=made)
    features = trained.features(made.counts)
    usual, near = trained.judge(features, made.encoded)
    turned = Encoded(None, (-made.encoded.parts[0],), None)
    same, far = trained.judge(features, turned)
    np.testing.assert_allclose(usual, same, atol=1e-6)
    assert (far < near).mean() > 0.9


def test_each_member_counts_by_its_weight() -> None:
    encoder = WordEncoder(dimensions=96)
    made = material(encoder, intents=4)
    features = classifier(encoder, LETTERS).features(made.counts)

    def logits(*members: Member) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        trained = classifier(encoder, (*LETTERS, *members))
        chances, _ = trained.judge(features, made.encoded)
        log = np.log(chances)
        return np.asarray(log - log.mean(axis=1, keepdims=True), np.float32)

    one, other = FIRST
    apart = logits(one) + logits(other) - logits()
    np.testing.assert_allclose(logits(one, other), apart, atol=1e-2)
    half = Member(one.candidate, one.weight / 2)
    np.testing.assert_allclose(logits(half), (logits(one) + logits()) / 2, atol=1e-2)


@pytest.mark.parametrize("shape", [name for name, (one, _) in SHAPES.items() if one is not None])
def test_a_row_of_nothing_but_zeros_gives_numbers(shape: str) -> None:
    encoder, members = SHAPES[shape]
    assert encoder is not None
    model = opened(classifier(encoder, members), encoder, made=material(encoder, intents=4))
    nothing = np.zeros((1, encoder.dimensions), np.float32)
    (scores,) = model.score_many([""], vectors=nothing)
    assert np.isfinite(scores.in_scope)
    assert sum(share for _, share in scores.intents) == pytest.approx(1)


def test_a_head_is_the_one_skl2onnx_exports() -> None:
    draw = np.random.default_rng(0)
    head = Linear(
        draw.standard_normal((96, 5)).astype(np.float32), draw.standard_normal(5).astype(np.float32)
    )
    units = draw.standard_normal((20, 96)).astype(np.float32)
    session = onnxruntime.InferenceSession(export_head(head).SerializeToString())
    _, scores = session.run(None, {"unit": units})
    np.testing.assert_allclose(exported(head).logits(units), scores, rtol=1e-5, atol=1e-5)


def test_what_can_be_done_once_is_done_when_the_classifier_is_opened(tmp_path: Path) -> None:
    encoder, members = SHAPES["two parts and last layers"]
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.optimized_model_filepath = str(tmp_path / "opened.onnx")
    onnxruntime.InferenceSession(classifier(encoder, members).to_onnx(), options)
    run = Counter(one.op_type for one in onnx.load(tmp_path / "opened.onnx").graph.node)
    # The rows of the lexical table are widened for each message, all other weights before.
    assert run["Cast"] == 1
    assert run["Relu"] == run["Tanh"] == 0
    assert run.total() <= 40


def test_a_vector_that_is_the_mean_itself_is_near_to_nothing() -> None:
    draft = ClassifierDraft()
    row = draft.node("Identity", "vector")
    draft.node("Softmax", row, axis=-1, output="probabilities")
    unit = _unit(draft, draft.node("Sub", row, row))
    draft.node("ReduceMax", unit, draft.ints("last", [-1]), keepdims=0, output="in_scope")
    session = onnxruntime.InferenceSession(draft.finish(takes_vector=True))
    inputs = {"vector": [[0.5, 2]], "rows": [0], "weights": [1.0]}
    given = {
        name: np.array(value, np.int64 if name == "rows" else np.float32)
        for name, value in inputs.items()
    }
    assert session.run(["in_scope"], given)[0].tolist() == [0.0]
