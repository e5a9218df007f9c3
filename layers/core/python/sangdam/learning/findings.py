"""What is most worth doing next, read off a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sangdam.learning.intervals import DIGITS, Share

if TYPE_CHECKING:
    from sangdam.learning.report import Report

FEW = 8
"""With fewer examples than this an intent cannot be expected to be recognised."""

BADLY_CALIBRATED = 0.05
SELDOM = 0.6
LISTED = 8
OF_A_KIND = 3
NAMED = 5

Kind = Literal[
    "budget_exceeded",
    "nothing_answered",
    "out_of_scope_answered",
    "near_duplicates",
    "confused",
    "mislabelled",
    "contradictions",
    "few_examples",
    "weak_intent",
    "badly_calibrated",
    "seldom_answered",
    "no_out_of_scope",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to do something about.

    ``rows`` is how many held-out rows (of contradictions: texts) it touches, ``share`` the figure
    it is about, ``intents`` whom it concerns, the most concerned first.
    """

    kind: Kind
    rows: int
    intents: tuple[str, ...] = ()
    share: float | None = None


def find(report: Report) -> tuple[Finding, ...]:
    """Return what to do about a bot: broken promises first, then by the rows it would help."""
    urgent = list(_promises(report))
    # The sort is stable: of equal gain, what is named first here comes first.
    others = sorted(
        (*_intents(report), *_examples(report), *_confidence(report)), key=lambda one: -one.rows
    )
    if report.data.rows and not report.data.out_of_scope and not report.overall.out_of_scope_rows:
        others.append(Finding("no_out_of_scope", 0))
    return (*urgent, *others)[:LISTED]


def _promises(report: Report) -> Iterator[Finding]:
    overall, budget = report.overall, report.error_budget
    wrong = overall.wrong_among_answered
    if overall.rows and _value(overall.answered) == 0.0:
        yield Finding("nothing_answered", overall.rows)
    if wrong is not None and budget is not None and wrong.low > budget:
        answers = round(_value(overall.answered) * overall.rows)
        answers += round((1 - _value(overall.refused)) * overall.out_of_scope_rows)
        yield Finding("budget_exceeded", round(wrong.value * answers), share=wrong.value)


def _intents(report: Report) -> Iterator[Finding]:
    # What is said of two near duplicates is not said again of each of them.
    twins = [{pair.one, pair.other} for pair in report.near_duplicates if pair.mistakes]
    for pair in report.near_duplicates[:OF_A_KIND]:
        if pair.mistakes:
            yield Finding("near_duplicates", pair.mistakes, (pair.one, pair.other), pair.overlap)
    often = [one for one in report.confused if one.rows > 1]
    for mistake in often[:OF_A_KIND]:
        both = (mistake.expected, mistake.predicted)
        if set(both) not in twins:
            yield Finding("confused", mistake.rows, both, round(mistake.rows / mistake.of, DIGITS))
    measured = [one for one in report.intents if one.rows and one.f1 is not None]
    poor = [one for one in measured if one.rows < FEW and _value(one.f1) < 1.0]
    if poor:
        poor.sort(key=lambda one: (_value(one.f1), one.name))
        missed = sum(round((1 - _value(one.recall)) * one.rows) for one in poor)
        yield Finding("few_examples", missed, tuple(one.name for one in poor[:NAMED]))
    typical = _value(report.overall.macro_f1)
    paired = set().union(*twins)
    weak = [
        one
        for one in measured
        if one.rows >= FEW and one.f1 and one.f1.high < typical and one.name not in paired
    ]
    for one in sorted(weak, key=lambda one: (_value(one.f1), one.name))[:OF_A_KIND]:
        missed = round((1 - _value(one.recall)) * one.rows)
        yield Finding("weak_intent", missed, (one.name,), _value(one.f1))


def _examples(report: Report) -> Iterator[Finding]:
    if report.mislabelled_rows:
        concerned = dict.fromkeys(one.expected for one in report.mislabelled)
        yield Finding("mislabelled", report.mislabelled_rows, tuple(concerned)[:NAMED])
    if report.data.contradictions:
        yield Finding("contradictions", report.data.contradictions)


def _confidence(report: Report) -> Iterator[Finding]:
    overall = report.overall
    error = overall.calibration_error
    if error is not None and error > BADLY_CALIBRATED:
        yield Finding("badly_calibrated", round(error * overall.rows), share=error)
    answered = _value(overall.answered)
    if overall.rows and 0.0 < answered < SELDOM:
        yield Finding("seldom_answered", round((1 - answered) * overall.rows), share=answered)
    let_in = 0.0 if overall.refused is None else round(1 - overall.refused.value, DIGITS)
    if let_in:
        rows = round(let_in * overall.out_of_scope_rows)
        yield Finding("out_of_scope_answered", rows, share=let_in)


def _value(share: Share | None) -> float:
    return 0.0 if share is None else share.value
