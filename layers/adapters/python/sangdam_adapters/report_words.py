"""What a report advises, in both languages, and how it writes numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sangdam.bots.definition import Language
from sangdam.learning.findings import Finding
from sangdam.learning.intervals import Share
from sangdam.learning.report import Report

FINDINGS: Final[Mapping[Language, Mapping[str, tuple[str, str]]]] = {
    "ko": {
        "budget_exceeded": (
            "자동 답변의 {share}가 틀려 오류 예산 {budget} 안에 들지 못합니다.",
            "예문이 고객의 말과 다릅니다. scripts/review로 고객의 말을 검토하고 다시 학습하세요.",
        ),
        "nothing_answered": (
            "자동으로 답하는 것이 하나도 없습니다. 오류 예산 {budget} 안에 드는 문턱값이 없습니다.",
            "의도마다 예문을 늘리고 겹치는 의도를 합치세요. 아니면 bot.yaml의 오류 예산을 "
            "올리세요.",
        ),
        "out_of_scope_answered": (
            "봇의 일이 아닌 문장 {rows}개({share})에 답하게 됩니다.",
            "그런 문장을 out_of_scope 예문으로 더 넣으세요.",
        ),
        "near_duplicates": (
            "‘{one}’, ‘{other}’ 두 의도를 구별하기 어렵습니다. 예문 {rows}개를 서로 바꿔 "
            "이해했습니다.",
            "둘을 합치거나, 그 의도로만 읽히는 예문을 각각 넣으세요.",
        ),
        "confused": (
            "‘{one}’ 의도의 예문 {rows}개({share})를 ‘{other}’ 의도로 잘못 이해했습니다.",
            "‘{other}’ 의도와 뚜렷이 다른 ‘{one}’ 예문을 더 넣으세요.",
        ),
        "mislabelled": (
            "라벨이 틀려 보이는 예문이 {rows}개 있습니다.",
            "보고서의 목록을 읽고 틀린 것을 고치세요. 먼저 볼 의도: {names}.",
        ),
        "contradictions": (
            "예문 {rows}개가 여러 의도에 함께 있습니다.",
            "각각 한 의도에만 남기세요.",
        ),
        "few_examples": (
            "예문이 적어 자주 놓치는 의도가 있습니다: {names}.",
            "의도마다 예문을 여덟 개 이상, 되도록 서로 다르게 쓰세요.",
        ),
        "weak_intent": (
            "‘{one}’ 의도는 다른 의도보다 잘 알아듣지 못합니다 (F1 {share}).",
            "짧은 말, 긴 말, 편한 말투, 오타 섞인 말처럼 다양한 예문을 더 넣으세요.",
        ),
        "badly_calibrated": (
            "확신이 실제로 맞는 비율과 평균 {share} 어긋납니다.",
            "예문이 다양해지면 나아집니다. 그때까지는 문턱값이 조심스럽게 잡힙니다.",
        ),
        "seldom_answered": (
            "되묻지 않고 답하는 질문이 {share}뿐입니다.",
            "예문을 늘리고 겹치는 의도를 합치면 더 자주 답합니다.",
        ),
        "no_out_of_scope": (
            "범위 밖 문장은 어느 봇에나 공통인 것만 알고 있습니다.",
            "봇이 답하면 안 되는 말을 out_of_scope 예문으로 서른 개 이상 넣으세요.",
        ),
    },
    "en": {
        "budget_exceeded": (
            "{share} of the automatic answers are wrong, more than the error budget of {budget}.",
            "The examples differ from what customers say: judge what they said with scripts/review"
            " and train again.",
        ),
        "nothing_answered": (
            "Nothing is answered automatically: no threshold keeps the error budget of {budget}.",
            "Give each intent more examples and merge those that overlap, or raise the error budget"
            " in bot.yaml.",
        ),
        "out_of_scope_answered": (
            "{rows} sentences that are none of the bot's business ({share}) would be answered.",
            "Add sentences like them as examples of out_of_scope.",
        ),
        "near_duplicates": (
            "‘{one}’ and ‘{other}’ are hard to tell apart: {rows} sentences taken for the other.",
            "Merge them, or give each of them examples that only it can mean.",
        ),
        "confused": (
            "‘{one}’ is taken for ‘{other}’ {rows} times ({share} of its sentences).",
            "Add examples of ‘{one}’ that clearly differ from those of ‘{other}’.",
        ),
        "mislabelled": (
            "{rows} examples look mislabelled.",
            "Read their list in the report and correct the wrong ones; first of all: {names}.",
        ),
        "contradictions": (
            "{rows} examples stand under several intents.",
            "Keep each of them under one.",
        ),
        "few_examples": (
            "Some intents have few examples and are often missed: {names}.",
            "Write eight or more for each, as different from each other as you can.",
        ),
        "weak_intent": (
            "‘{one}’ is recognised worse than the others (F1 {share}).",
            "Add varied examples: short and long ones, casual ones, ones with typos.",
        ),
        "badly_calibrated": (
            "Its confidence is {share} off on average.",
            "More varied examples help; until then the thresholds stay cautious.",
        ),
        "seldom_answered": (
            "Only {share} of questions are answered without asking back.",
            "With more examples, and overlapping intents merged, it answers more often.",
        ),
        "no_out_of_scope": (
            "Of what lies outside, it knows only what every bot starts with.",
            "Add thirty or more sentences that the bot must not answer as examples of"
            " out_of_scope.",
        ),
    },
}


def finding_words(finding: Finding, report: Report, *, language: Language) -> tuple[str, str]:
    """Return what was found, and what to do about it, as plain text."""
    names = (*finding.intents, "", "")
    values = {
        "rows": f"{finding.rows:,}",
        "share": percent(finding.share),
        "budget": percent(report.error_budget),
        "one": names[0],
        "other": names[1],
        "names": ", ".join(finding.intents),
    }
    found, advice = FINDINGS[language][finding.kind]
    return found.format_map(values), advice.format_map(values)


def findings_in_words(report: Report, *, language: Language) -> Sequence[tuple[str, str]]:
    """Return all findings of a report in words, the most useful first."""
    return [finding_words(one, report, language=language) for one in report.findings]


def percent(value: float | None) -> str:
    """Return a share as people read it.

    >>> percent(0.8667), percent(None)
    ('86.7%', '–')
    """
    return "–" if value is None else f"{value:.1%}"


def with_interval(share: Share | None) -> str:
    """Return a share with its interval.

    >>> with_interval(Share(0.9, 0.5958, 0.9821))
    '90.0% [59.6–98.2]'
    """
    if share is None:
        return "–"
    return f"{share.value:.1%} [{share.low * 100:.1f}–{share.high * 100:.1f}]"
