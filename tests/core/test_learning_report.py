"""A report says what can be counted by hand, finds what was planted, and takes any rows."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.learning.curves import Mark, Point, area_under_risk, reliability, risk_coverage
from sangdam.learning.findings import LISTED as MOST_FINDINGS
from sangdam.learning.intervals import Share, f1, mean, wilson
from sangdam.learning.metrics import macro_f1
from sangdam.learning.report import (
    Comparison,
    DataSummary,
    HeldOutRow,
    Report,
    ReportError,
    build_report,
)
from sangdam.learning.suspects import OVERLAP, find_mislabelled, find_near_duplicates
from sangdam.nlu.understanding import OUT_OF_SCOPE
from tests.core.held_out_rows import THRESHOLDS, draw_report, draw_rows, row

A, B, C = "delivery", "refund", "exchange"


def report_of(rows: list[HeldOutRow], **more: object) -> Report:
    return build_report(rows, thresholds=THRESHOLDS, **more)  # type: ignore[arg-type]  # per test


# Intervals


def test_wilson_is_the_textbook_interval() -> None:
    assert wilson(9, 10) == Share(0.9, 0.5958, 0.9821)
    assert wilson(0, 10) == Share(0.0, 0.0, 0.2775)
    assert wilson(10, 10) == Share(1.0, 0.7225, 1.0)
    assert wilson(0, 0) is None


def test_f1_has_the_interval_of_the_share_it_grows_with() -> None:
    # 8 of 10 found, 10 claimed: 12 rows are either, 8 of them both.
    both = wilson(8, 12)
    assert both is not None
    found = f1(8, 10, 10)
    assert found is not None
    assert found.value == 0.8
    assert found.low == pytest.approx(2 * both.low / (1 + both.low), abs=2e-4)
    assert f1(0, 0, 0) is None
    assert f1(0, 0, 3) == Share(0.0, 0.0, found_high(0, 3))


def found_high(hits: int, rows: int) -> float:
    share = wilson(hits, rows)
    assert share is not None
    return round(2 * share.high / (1 + share.high), 4)


def test_the_mean_of_four_like_shares_is_known_twice_as_well() -> None:
    assert mean([Share(0.5, 0.3, 0.7)] * 4) == Share(0.5, 0.4, 0.6)
    assert mean([]) is None


def test_nineteen_of_twenty_intervals_hold_the_truth() -> None:
    draw = random.Random(1)
    held = 0
    for _ in range(1000):
        share = wilson(sum(draw.random() < 0.9 for _ in range(60)), 60)
        held += share is not None and share.low <= 0.9 <= share.high
    assert 930 <= held <= 975


# Curves


def four_rows() -> list[HeldOutRow]:
    """Two sure and right, one less sure and wrong, one unsure and right."""
    return [
        row(A, [(A, 0.95)]),
        row(A, [(A, 0.9)]),
        row(B, [(A, 0.7)], in_scope=5.0),
        row(B, [(B, 0.1)]),
    ]


def test_the_risk_coverage_curve_of_four_rows() -> None:
    assert risk_coverage(four_rows()) == (
        Point(0.25, 0.0, 0.95), Point(0.5, 0.0, 0.9), Point(0.75, 0.3333, 0.7),
        Point(1.0, 0.25, 0.1),
    )  # fmt: skip
    assert area_under_risk(four_rows()) == pytest.approx((0 + 0 + 1 / 3 + 1 / 4) / 4)


def test_rows_of_equal_confidence_count_the_same_in_any_order() -> None:
    rows = [row(A, [(A, 0.8)]), row(B, [(A, 0.8)])]
    assert risk_coverage(rows) == risk_coverage(rows[::-1]) == (Point(1.0, 0.5, 0.8),)
    assert area_under_risk(rows) == area_under_risk(rows[::-1]) == 0.5


def test_a_long_curve_is_thinned_and_keeps_its_end() -> None:
    rows = [row(A, [(A, number / 5000)]) for number in range(1, 5001)]
    curve = risk_coverage(rows, points=100)
    assert len(curve) == 100
    assert curve[-1] == Point(1.0, 0.0, 0.0002)


def test_reliability_bins_hold_their_rows() -> None:
    bins = reliability(four_rows(), bins=10)
    assert [(one.low, one.rows, one.confidence, one.accuracy.value) for one in bins] == [
        (0.1, 1, 0.1, 1.0), (0.7, 1, 0.7, 0.0), (0.9, 2, 0.925, 1.0),
    ]  # fmt: skip


def test_the_chosen_thresholds_are_marked() -> None:
    # 0.95, 0.9 and 0.7 are answered; 0.1 is below asking.
    assert report_of(four_rows()).marks == (
        Mark("answer", 0.75, 0.3333),
        Mark("clarify", 0.75, 0.3333),
    )


# Tables


def test_overall_figures_of_four_rows_and_two_outsiders() -> None:
    outside = [
        row(OUT_OF_SCOPE, [(A, 0.9)], in_scope=-9.0),
        row(OUT_OF_SCOPE, [(A, 0.8)], in_scope=0.0),
    ]
    overall = report_of([*four_rows(), *outside]).overall
    assert (overall.rows, overall.out_of_scope_rows) == (4, 2)
    assert overall.accuracy == wilson(3, 4)
    assert overall.among_choices == wilson(3, 4)
    assert overall.answered == wilson(3, 4)
    assert overall.answered_rightly == wilson(2, 4)
    assert overall.wrong_among_answered == wilson(2, 4)
    assert overall.refused == overall.fallen_back == wilson(1, 2)
    assert overall.out_of_scope_auroc == 1.0


def test_what_is_asked_about_is_not_answered() -> None:
    overall = report_of([row(A, [(A, 0.9)]), row(A, [(B, 0.3)]), row(A, [(B, 0.1)])]).overall
    assert overall.answered == overall.clarified == overall.answered_rightly == wilson(1, 3)
    assert overall.wrong_among_answered == wilson(0, 1)


def test_figures_of_each_intent() -> None:
    first, second, third = report_of(four_rows(), names=[A, B, C]).intents
    assert (first.name, first.rows, first.precision, first.recall) == (
        A, 2, wilson(2, 3), wilson(2, 2),
    )  # fmt: skip
    assert (second.name, second.recall, second.precision) == (C, None, None)
    assert second.f1 is None
    assert third.recall == wilson(1, 2)
    assert third.f1 == f1(1, 2, 1)


def test_macro_f1_is_the_one_of_the_metrics() -> None:
    rows = draw_rows()
    known = [one for one in rows if one.is_known]
    overall = report_of(rows).overall
    assert overall.macro_f1 is not None
    wanted = macro_f1([one.expected for one in known], [one.predicted for one in known])
    assert overall.macro_f1.value == pytest.approx(wanted, abs=2e-4)
    assert overall.macro_f1.low < overall.macro_f1.value < overall.macro_f1.high


def test_the_matrix_holds_every_row_once() -> None:
    report = report_of(four_rows())
    assert report.names == (A, B)
    assert report.confusion == ((0, 0, 2), (1, 0, 1), (1, 1, 1))


def test_confused_pairs_come_with_the_sentences_the_model_was_surest_of() -> None:
    rows = [
        row(B, [(A, 0.4)], text="돈은요?"),
        row(B, [(A, 0.9)], text="  돈  언제\n줘요? "),
        row(A, [(A, 0.9)]),
    ]
    [pair] = report_of(rows).confused
    assert (pair.expected, pair.predicted, pair.rows, pair.of) == (B, A, 2, 2)
    assert [one.text for one in pair.examples] == ["돈 언제 줘요?", "돈은요?"]


def test_languages_are_told_apart() -> None:
    rows = [
        row(A, [(A, 0.9)]),
        row(A, [(B, 0.9)], language="en"),
        row(A, [(A, 0.9)], language=None),
    ]
    languages = report_of(rows).languages
    assert [(one.language, one.accuracy.value) for one in languages] == [
        ("", 1.0), ("en", 0.0), ("ko", 1.0),
    ]  # fmt: skip


# What may be wrong with the examples


def test_a_planted_wrong_label_is_found_with_the_right_one() -> None:
    good = [row(name, [(name, 0.8), (other, 0.2)]) for name, other in ((A, B), (B, A))] * 10
    planted = row(A, [(B, 0.97), (A, 0.03)], text="환불해 주세요")
    [found] = find_mislabelled([*good, planted])
    assert (found.text, found.expected, found.suggested) == ("환불해 주세요", A, B)
    assert (found.own, found.other) == (0.03, 0.97)


def test_a_mistake_the_model_is_not_sure_of_is_no_wrong_label() -> None:
    good = [row(name, [(name, 0.8), (other, 0.2)]) for name, other in ((A, B), (B, A))] * 10
    unsure = row(A, [(B, 0.55), (A, 0.45)])
    assert find_mislabelled([*good, unsure]) == []


def test_an_intent_the_model_never_is_sure_of_is_not_doubted_for_that() -> None:
    vague = [row(A, [(A, 0.2), (C, 0.1)])] * 10
    usual = row(A, [(B, 0.7), (A, 0.3)])
    assert find_mislabelled([*vague, usual, *[row(B, [(B, 0.6)])] * 10]) == []


def test_most_planted_labels_are_found_and_little_else() -> None:
    rows = draw_rows(30, 3000, mislabelled=60, outside=0, seed=3)
    planted = {one.text for one in rows[:60]}
    twins = find_near_duplicates(rows)
    found = {one.text for one in find_mislabelled(rows, twins=twins)}
    assert len(found & planted) >= 30
    assert len(found - planted) <= 15


def test_intents_that_share_their_rows_are_near_duplicates() -> None:
    rows = [
        *(row(A, [(A, 0.55), (B, 0.45)]) for _ in range(5)),
        *(row(B, [(A, 0.5), (B, 0.5)]) for _ in range(5)),
        *(row(C, [(C, 1.0)]) for _ in range(5)),
    ]
    [pair] = find_near_duplicates(rows)
    assert (pair.one, pair.other, pair.rows, pair.mistakes) == (A, B, 10, 5)
    assert pair.overlap == pytest.approx(2 * math.sqrt(0.45 * 0.5), abs=1e-4)
    assert {one.expected for one in pair.examples} == {A, B}


def test_an_intent_that_only_takes_is_no_near_duplicate() -> None:
    rows = [row(A, [(A, 1.0), (B, 0.0)]), row(B, [(A, 0.9), (B, 0.1)])]
    assert OVERLAP > 0
    assert find_near_duplicates(rows) == []


def test_between_near_duplicates_no_label_is_doubted() -> None:
    report = draw_report(draw_rows())
    assert [(one.one, one.other) for one in report.near_duplicates] == [
        ("intent_000", "intent_001")
    ]
    doubted = {frozenset((one.expected, one.suggested)) for one in report.mislabelled}
    assert frozenset(("intent_000", "intent_001")) not in doubted


# Findings


def kinds(report: Report) -> list[str]:
    return [one.kind for one in report.findings]


def test_a_broken_budget_comes_first() -> None:
    rows = [row(A, [(A, 0.9)])] * 60 + [row(A, [(B, 0.9)], text="틀림")] * 40
    report = report_of(rows, error_budget=0.05)
    assert kinds(report)[0] == "budget_exceeded"
    assert (report.findings[0].rows, report.findings[0].share) == (40, 0.4)


def test_a_budget_within_the_interval_is_not_called_broken() -> None:
    rows = [row(A, [(A, 0.9)])] * 93 + [row(A, [(B, 0.9)])] * 7
    assert "budget_exceeded" not in kinds(report_of(rows, error_budget=0.05))


def test_a_bot_that_answers_nothing_is_told_so() -> None:
    rows = [row(A, [(A, 0.3)])] * 10
    assert kinds(report_of(rows))[0] == "nothing_answered"


def test_what_helps_more_rows_comes_earlier() -> None:
    found = draw_report().findings
    assert [one.rows for one in found] == sorted((one.rows for one in found), reverse=True)
    assert 0 < len(found) <= MOST_FINDINGS
    assert {"near_duplicates", "confused", "mislabelled", "contradictions"} <= {
        one.kind for one in found
    }


def test_intents_with_few_examples_are_named() -> None:
    rows = [row(A, [(A, 0.9)])] * 20 + [row(B, [(A, 0.9)])] * 3
    found = {one.kind: one for one in report_of(rows).findings}
    assert found["few_examples"].intents == (B,)
    assert found["few_examples"].rows == 3


def test_outsiders_that_would_be_answered_are_told_and_missing_ones_asked_for() -> None:
    good = [row(A, [(A, 0.99)])] * 10
    let_in = report_of([*good, row(OUT_OF_SCOPE, [(A, 0.9)])])
    assert ("out_of_scope_answered", 1, 1.0) in [
        (one.kind, one.rows, one.share) for one in let_in.findings
    ]
    assert kinds(report_of(good, data=DataSummary(rows=10))) == ["no_out_of_scope"]
    assert kinds(report_of(good, data=DataSummary(rows=10, out_of_scope=3))) == []


# The document


def test_a_report_comes_back_the_same() -> None:
    report = replace(draw_report(), bot="shop", release="r1", created_at="2026-11-22T03:30:00")
    again = Report.from_json(report.to_json(), where="here")
    assert again == report
    assert again.to_json() == report.to_json()


def test_the_same_rows_give_the_same_bytes() -> None:
    assert draw_report(draw_rows()).to_json() == draw_report(draw_rows()).to_json()
    assert draw_report(draw_rows(seed=1)).to_json() != draw_report(draw_rows()).to_json()


def test_a_large_bot_has_a_report_of_bounded_size() -> None:
    rows = draw_rows(150, 10_000, outside=1000, mislabelled=500)
    long = [replace(one, text="이 상품은 언제 받을 수 있을까요? " * 40) for one in rows]
    data = json.loads(draw_report(long).to_json())
    assert len(draw_report(long).to_json()) < 400_000
    assert sum(count for _, _, count in data["confusion"]) == 10_000


def test_the_search_lists_what_was_kept_and_then_the_best() -> None:
    lines = [Comparison(f"s{number}", number / 200, None) for number in range(100)]
    lines.append(Comparison("chosen", 0.1, math.inf, kept=True))
    search = report_of([], comparisons=lines).search
    assert len(search) == 60
    assert [one.name for one in search[:2]] == ["chosen", "s99"]
    assert search[0].loss is None


def test_a_report_without_rows_is_a_report() -> None:
    report = report_of([], names=[A, B])
    assert report.overall.accuracy is None
    assert (report.risk_coverage, report.reliability, report.marks) == ((), (), ())
    assert Report.from_json(report.to_json(), where="here") == report


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "cannot be read"), (b"[]", "cannot be read"), (b"\xff", "cannot be read"),
        (b'{"format": 1}', "cannot be read"), (b'{"format": 2}', "format 2, this version reads 1"),
        (b"[" * 100_000, "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused_with_place_and_way_out(data: bytes, said: str) -> None:
    with pytest.raises(ReportError, match=f"^here: report .*{said}.*; train the bot again"):
        Report.from_json(data, where="here")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("names", "delivery"), ("mislabelled_rows", True), ("confusion", [[1, 2]]), ("bot", None),
        ("error_budget", "5 %"), ("findings", [{"kind": "odd", "rows": 1}]),
    ],
)  # fmt: skip
def test_a_report_with_a_value_of_another_kind_is_refused(name: str, value: object) -> None:
    top = json.loads(draw_report().to_json())
    with pytest.raises(ReportError, match="cannot be read"):
        Report.from_json(json.dumps({**top, name: value}).encode(), where="here")


def test_a_report_can_grow_and_be_read_by_what_came_before_and_after() -> None:
    top = json.loads(draw_report().to_json())
    top["thresholds"].pop("rule")
    grown = json.dumps({**top, "something_new": [1]}).encode()
    assert Report.from_json(grown, where="here").thresholds.rule == ""


names = st.sampled_from([A, B, C, OUT_OF_SCOPE, "", "한글 의도", "\ud800<b>"])
numbers = st.floats(allow_nan=True, allow_infinity=True)
any_rows = st.builds(
    HeldOutRow,
    text=st.text(max_size=300),
    language=st.sampled_from(["ko", "en", None, "xx"]),
    expected=names,
    predicted=names,
    confidence=numbers,
    in_scope=numbers,
    ranked=st.lists(st.tuples(names, numbers), max_size=5).map(tuple),
    decision=st.sampled_from(["answer", "clarify", "fallback"]),
)


@given(st.lists(any_rows, max_size=30), st.lists(names, max_size=4))
def test_no_rows_make_it_raise(rows: list[HeldOutRow], known: list[str]) -> None:
    report = report_of(rows, names=known, error_budget=0.05)
    assert Report.from_json(report.to_json(), where="here") == report
    assert sum(count for _, _, count in report.confusion) == report.overall.rows
