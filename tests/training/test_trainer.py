"""What training gives: the same bytes for the same data, an honest model, clear refusals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from sangdam.bots.definition import Example
from sangdam.learning.classifier_card import CARD, GRAPH
from sangdam.learning.report import Report
from sangdam.learning.thresholds import Judged
from sangdam.nlu.understanding import Scores, Thresholds
from sangdam.ports import TrainedModel, TrainingPlan
from sangdam_adapters.joined_encoder import JoinedEncoder
from sangdam_adapters.onnx_classifier import OnnxClassifier, OnnxModelOpener
from sangdam_training.errors import TrainingError
from sangdam_training.families import COPIED
from sangdam_training.parity import HOSTILE
from sangdam_training.trainer import SklearnTrainer
from tests.training.sentences import (
    LATIN,
    LAYERED,
    OUTSIDE,
    SHOP,
    PartedEncoder,
    WordEncoder,
    examples,
    silent,
)

PLAN = TrainingPlan(seed=0, seconds=600)

AnyEncoder = WordEncoder | PartedEncoder | JoinedEncoder | None
ENCODERS: tuple[AnyEncoder, ...] = (None, WordEncoder(), PartedEncoder(), LAYERED, LATIN)
each_encoder = pytest.mark.parametrize(
    "encoder", ENCODERS, ids=["letters", "one part", "two parts", "last layers", "latin"]
)


def train(
    rows: Sequence[Example], *, encoder: AnyEncoder = None, plan: TrainingPlan = PLAN
) -> TrainedModel:
    opener = OnnxModelOpener(encoder)
    return SklearnTrainer(encoder=encoder, open_model=opener).train(rows, plan, progress=silent)


@cache
def of_shop(encoder: AnyEncoder) -> TrainedModel:
    return train(examples(), encoder=encoder)


@pytest.fixture
def lexical() -> TrainedModel:
    return of_shop(None)


@pytest.fixture
def encoded() -> TrainedModel:
    return of_shop(WordEncoder())


def best(model: OnnxClassifier, text: str) -> str:
    return model.score(text).intents[0][0]


def test_without_an_encoder_it_learns_korean_and_english_from_the_letters(
    lexical: TrainedModel,
) -> None:
    model = OnnxModelOpener(None).open(lexical.files)
    assert best(model, "환불 어떻게 하나요") == "refund_money"
    assert best(model, "주문취소해주세요") == "cancel_order"
    assert best(model, "is my parcel on its way") == "track_order"
    assert best(model, "영업시간이 궁금합니다") == "opening_hours"


@each_encoder
def test_what_it_was_taught_it_knows(encoder: AnyEncoder) -> None:
    model = OnnxModelOpener(encoder).open(of_shop(encoder).files)
    right = [best(model, one.text) == one.intent for one in examples()]
    assert sum(right) / len(right) > 0.95


@each_encoder
def test_every_space_competes_and_the_best_answer_together(encoder: AnyEncoder) -> None:
    metrics = of_shop(encoder).metrics
    spaces = {"lexical"}
    if encoder is not None:
        spaces |= {f"vector{number + 1}" for number in range(len(encoder.parts))}
    if encoder is LAYERED:
        spaces.add("layers")
    if encoder is LATIN:
        spaces.remove("vector2")  # too few sentences in Latin letters
    assert {line["name"].split(":")[0] for line in metrics["search"]} == spaces
    kept = {line["name"] for line in metrics["search"] if line["kept"]}
    assert metrics["pool"].keys() <= kept
    assert all(weight > 0 for weight in metrics["pool"].values())
    assert metrics["finished"]


@each_encoder
def test_the_same_data_gives_the_same_bytes(encoder: AnyEncoder) -> None:
    again, first = train(examples(), encoder=encoder), of_shop(encoder)
    assert dict(again.files) == dict(first.files)
    assert again.metrics == first.metrics
    assert again.report == first.report


def test_another_seed_deals_other_folds(lexical: TrainedModel) -> None:
    other = train(examples(), plan=replace(PLAN, seed=7))
    assert other.metrics != lexical.metrics


def test_any_whole_number_is_a_seed(lexical: TrainedModel) -> None:
    for seed in (-1, 2**40):
        assert train(examples(), plan=replace(PLAN, seed=seed)).files.keys() == lexical.files.keys()


@each_encoder
def test_the_exported_model_agrees_on_every_training_text_and_on_hostile_ones(
    encoder: AnyEncoder,
) -> None:
    metrics = of_shop(encoder).metrics
    assert metrics["parity"]["largest_difference"] <= 1e-5
    assert metrics["parity"]["rounding"] < 0.05
    data = metrics["data"]
    learnt = len(examples()) + data["titles"] + data["copies"]
    assert metrics["parity"]["texts"] == learnt + len(HOSTILE)


@each_encoder
def test_metrics_are_plain_json(encoder: AnyEncoder) -> None:
    metrics = of_shop(encoder).metrics
    assert json.loads(json.dumps(metrics, allow_nan=False)) == metrics


@each_encoder
def test_the_report_tells_what_became_of_every_held_out_sentence(encoder: AnyEncoder) -> None:
    trained = of_shop(encoder)
    report = trained.report
    assert report is not None
    assert report.names == tuple(sorted(SHOP))
    assert report.overall.rows == trained.metrics["held_out"] == len(examples())
    assert sum(rows for _, _, rows in report.confusion) == len(examples())
    searched = {line["name"] for line in trained.metrics["search"]}
    assert {line.name for line in report.search} == searched
    assert {line.name for line in report.search if line.kept} == trained.metrics["pool"].keys()
    assert report.data.rows == len(examples())
    assert report.data.titles == trained.metrics["data"]["titles"]
    assert Report.from_json(report.to_json(), where="a test") == report


def test_copies_are_learnt_from_and_the_report_shows_with_and_without(
    encoded: TrainedModel,
) -> None:
    assert encoded.metrics["data"]["copies"] > 0
    report = encoded.report
    assert report is not None
    names = [line.name for line in report.augmentation]
    for copied in (name for name in names if name.endswith(COPIED)):
        assert copied.removesuffix(COPIED) in names
    assert sum(name.endswith(COPIED) for name in names) == 2


def test_probabilities_sum_to_one_whatever_is_said(encoded: TrainedModel) -> None:
    model = OnnxModelOpener(WordEncoder()).open(encoded.files)
    for text in HOSTILE:
        scores = model.score(text)
        assert sum(share for _, share in scores.intents) == pytest.approx(1, abs=1e-5)
        assert len(scores.intents) == len(SHOP)


@dataclass(frozen=True, slots=True)
class Skewed:
    """A model that is off by a little, as a broken export would be."""

    model: OnnxClassifier
    by: float
    scope_by: float

    @property
    def thresholds(self) -> Thresholds:
        return self.model.thresholds

    def score(self, text: str) -> Scores:
        return self._skew(self.model.score(text))

    def score_many(
        self, texts: Sequence[str], *, vectors: NDArray[np.float32] | None = None
    ) -> list[Scores]:
        return [self._skew(one) for one in self.model.score_many(texts, vectors=vectors)]

    def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]] | None:
        return self.model.vectors(texts)

    def _skew(self, scores: Scores) -> Scores:
        (first, most), (second, less), *rest = scores.intents
        intents = ((first, most - self.by), (second, less + self.by), *rest)
        return Scores(intents, scores.in_scope + self.scope_by)


@dataclass(frozen=True, slots=True)
class SkewingOpener:
    by: float
    scope_by: float = 0.0

    def open(self, files: Mapping[str, bytes]) -> Skewed:
        return Skewed(OnnxModelOpener(None).open(files), self.by, self.scope_by)


@pytest.mark.parametrize(
    ("by", "scope_by", "words"),
    [
        (1e-4, 0.0, "differs from the trained one"),
        (0.0, 0.1, "in-scope"),
        (float("nan"), 0.0, "differs"),
    ],
)
def test_an_export_that_disagrees_is_refused(by: float, scope_by: float, words: str) -> None:
    trainer = SklearnTrainer(encoder=None, open_model=SkewingOpener(by, scope_by))
    with pytest.raises(TrainingError, match=words) as raised:
        trainer.train(examples(), PLAN, progress=silent)
    assert "the release is refused" in str(raised.value)


def test_a_difference_in_the_last_digits_is_let_through() -> None:
    trainer = SklearnTrainer(encoder=None, open_model=SkewingOpener(1e-7))
    assert trainer.train(examples(), PLAN, progress=silent).files


def rows(**texts: Sequence[str]) -> list[Example]:
    return [Example(text, intent, "ko") for intent, said in texts.items() for text in said]


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(TrainingError, match="no usable example"):
        train(rows(a=["", "  "]))


def test_a_single_intent_is_refused_by_name() -> None:
    with pytest.raises(TrainingError, match="only one intent has usable examples, 'refund'"):
        train(rows(refund=["환불", "환불요"], out_of_scope=["날씨"]))


@each_encoder
def test_intents_with_one_or_two_examples_survive(encoder: AnyEncoder) -> None:
    few = rows(
        hello=["안녕하세요"],
        bye=["잘 있어요", "안녕히 계세요"],
        more=["더 알려주세요", "또요", "더요"],
    )
    model = OnnxModelOpener(encoder).open(train(few, encoder=encoder).files)
    assert best(model, "안녕하세요") == "hello"
    assert best(model, "잘 있어요") == "bye"


@each_encoder
def test_two_intents_of_one_example_each_are_enough(encoder: AnyEncoder) -> None:
    trained = train(rows(hello=["안녕하세요"], refund=["환불해 주세요"]), encoder=encoder)
    model = OnnxModelOpener(encoder).open(trained.files)
    assert best(model, "환불해 주세요") == "refund"
    assert trained.metrics["accuracy"] is None


@each_encoder
def test_two_intents_are_told_apart(encoder: AnyEncoder) -> None:
    two = {name: SHOP[name] for name in ("refund_money", "opening_hours")}
    model = OnnxModelOpener(encoder).open(train(examples(two), encoder=encoder).files)
    assert best(model, "환불해 주세요") == "refund_money"
    assert best(model, "are you open on sunday") == "opening_hours"


def test_duplicates_and_contradictions_are_reported() -> None:
    said = [
        *examples(),
        Example("배송  언제 와요", "track_order", "ko"),
        Example("환불요", "cancel_order", "ko"),
    ]
    data = train(said).metrics["data"]
    assert data["duplicates"] == 1
    assert data["contradictory_texts"] == ["환불요"]
    assert data["rows"] == len(examples()) - 1


def test_out_of_scope_rows_are_never_predicted_and_lower_the_score() -> None:
    rows = [*examples(), *(Example(text, "out_of_scope", "ko") for text in OUTSIDE)]
    trained = train(rows, encoder=WordEncoder())
    model = OnnxModelOpener(WordEncoder()).open(trained.files)
    assert {name for name, _ in model.score("날씨 어때").intents} == set(SHOP)
    assert model.score("노래 불러줘").in_scope < model.score("환불해 주세요").in_scope
    assert trained.metrics["data"]["out_of_scope"] == len(OUTSIDE)
    assert trained.metrics["out_of_scope_auroc"] is not None


@each_encoder
def test_no_time_at_all_still_ends_with_a_model(encoder: AnyEncoder) -> None:
    trained = train(examples(), encoder=encoder, plan=replace(PLAN, seconds=1e-9))
    assert trained.metrics["finished"] is False
    assert json.dumps(trained.metrics, allow_nan=False)
    assert best(OnnxModelOpener(encoder).open(trained.files), "환불해 주세요") == "refund_money"


def test_titles_are_examples_too() -> None:
    few = rows(a1=["가나다", "라마바"], b2=["사아자", "차카타"])
    plan = replace(PLAN, titles={"a1": ["배송 조회"], "b2": ["환불 신청"]})
    model = OnnxModelOpener(None).open(train(few, plan=plan).files)
    assert best(model, "환불 신청") == "b2"


@each_encoder
def test_progress_counts_up_to_the_end(encoder: AnyEncoder) -> None:
    told: dict[str, list[tuple[int, int]]] = {}

    def note(task: str, done: int, total: int) -> None:
        told.setdefault(task, []).append((done, total))

    SklearnTrainer(encoder=encoder, open_model=OnnxModelOpener(encoder)).train(
        examples(), PLAN, progress=note
    )
    assert {"comparing models", "learning from all sentences"} <= told.keys()
    assert all(counts[-1][0] == counts[-1][1] for counts in told.values())


THINGS = (
    "영수증 배송지 쿠폰 포인트 결제수단 포장지 비밀번호 전화번호 등급 리뷰"
    " 장바구니 주문서 사은품 교환품 송장 알림 정기배송 회원정보 예약금 주소록"
).split()
ASKED = (
    "뭐예요",
    "어디 있나요",
    "언제 나와요",
    "얼마인가요",
    "왜 안 보여요",
    "맞나요",
    "몇 개예요",
    "누가 봐요",
)
WANTED = (
    "바꿔 주세요",
    "지워 줘",
    "보내 주세요",
    "보여 줘",
    "적어 주세요",
    "빼 줘",
    "넣어 주세요",
    "찾아 줘",
)


def test_many_sentences_an_intent_are_learnt_by_regression_over_letters_too() -> None:
    many = rows(
        ask=[f"{thing} {said}" for thing in THINGS for said in ASKED],
        want=[f"{thing} {said}" for thing in THINGS for said in WANTED],
    )
    trained, again = train(many), train(many)
    searched = {line["name"] for line in trained.metrics["search"]}
    assert "lexical: logistic 30" in searched
    assert "lexical: logistic 30" not in {line["name"] for line in of_shop(None).metrics["search"]}
    assert dict(trained.files) == dict(again.files)
    model = OnnxModelOpener(None).open(trained.files)
    assert best(model, "보증서 어디 있나요") == "ask"
    assert best(model, "보증서 찾아 줘") == "want"


def test_whoever_asks_is_told_what_was_thought_of_held_out_sentences() -> None:
    told: list[Judged] = []
    SklearnTrainer(encoder=None, open_model=OnnxModelOpener(None), tell_judged=told.extend).train(
        examples(), PLAN, progress=silent
    )
    assert len(told) == len(examples())
    assert all(0 < one.confidence <= 1 and one.rank >= 0 for one in told)


def test_a_release_holds_just_graph_and_card(lexical: TrainedModel) -> None:
    assert set(lexical.files) == {GRAPH, CARD}
    assert sum(map(len, lexical.files.values())) < 200_000
