"""What out-of-scope sentences teach, and that the exported model has learnt it too."""

from __future__ import annotations

import numpy as np

from sangdam.bots.definition import Example
from sangdam.ports import TrainingPlan
from sangdam_adapters.onnx_classifier import OnnxModelOpener
from sangdam_training.outsiders import ENOUGH, learn_outsiders
from sangdam_training.trainer import SklearnTrainer
from tests.training.sentences import WordEncoder, examples, silent

OUTSIDE = tuple(
    f"{what} {who} 얘기 {how}"
    for what in ("날씨", "노래", "축구", "정치")
    for who in ("오늘", "우리", "그런")
    for how in ("어때", "알아", "하자")
)


def clouds(rows: int, *, away: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    draw = np.random.default_rng(rows)
    points = draw.standard_normal((rows, 16))
    points[:, 0] += away
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), np.float32)


def test_sentences_that_lie_apart_are_told_by_their_direction() -> None:
    known, outside = clouds(200, away=-2), clouds(60, away=2)
    flat = np.zeros(200, np.float32)
    learnt = learn_outsiders(known, flat, outside, flat[:60], seed=0)
    assert learnt is not None
    assert np.median(learnt.outside) > np.quantile(learnt.inside, 0.95)
    assert learnt.rule(outside).mean() > learnt.rule(known).mean() + 1


def test_sentences_that_lie_among_the_known_ones_teach_nothing() -> None:
    draw = np.random.default_rng(1)
    scores = draw.normal(2, 1, 200).astype(np.float32)
    learnt = learn_outsiders(
        clouds(200, away=0), scores, clouds(60, away=0), scores[:60] - 4, seed=0
    )
    assert learnt is None


def test_a_few_sentences_teach_nothing() -> None:
    flat = np.zeros(200, np.float32)
    few = clouds(ENOUGH - 1, away=2)
    assert learn_outsiders(clouds(200, away=-2), flat, few, flat[: len(few)], seed=0) is None


def test_the_exported_model_refuses_what_it_learnt_to_refuse() -> None:
    encoder = WordEncoder()
    opener = OnnxModelOpener(encoder)
    rows = [*examples(), *(Example(text, "out_of_scope", "ko") for text in OUTSIDE)]
    trained = SklearnTrainer(encoder=encoder, open_model=opener).train(
        rows, TrainingPlan(seconds=60), progress=silent
    )
    plain = SklearnTrainer(encoder=encoder, open_model=opener).train(
        examples(), TrainingPlan(seconds=60), progress=silent
    )
    unseen = ["노래 그런 얘기 들어줘", "정치 우리 얘기 싫어", "축구 오늘 얘기 좋아"]
    taught, untaught = opener.open(trained.files), opener.open(plain.files)
    for text in unseen:
        assert taught.score(text).in_scope < untaught.score(text).in_scope
        assert taught.thresholds.decide(taught.score(text)) != "answer"
