"""What people who answer are mailed: that somebody waits, in the language of their team."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

_SUBJECTS = {
    "handoff": "[{bot}] A customer waits for a person",
    "callback": "[{bot}] A customer asks to be called back",
}
_URGENT = "[{bot}] URGENT: a customer waits for a person"

_WORDS: Mapping[str, Mapping[str, str]] = {
    "ko": {
        "handoff": "{bot} 봇의 고객이 상담원을 기다리고 있습니다.",
        "urgent": "긴급: {bot} 봇의 고객이 상담원을 기다리고 있습니다. 바로 확인해 주세요.",
        "callback": "{bot} 봇의 고객이 전화를 요청했습니다.",
        "summary": "내용: {summary}",
        "language": "언어: {language}",
        "at": "접수: {at}",
        "open": "열기: scripts/handoff show {open} --bot {bot}",
        "note": "이름과 연락처는 이 메일에 적지 않습니다.",
        "lang_ko": "한국어",
        "lang_en": "영어",
    },
    "en": {
        "handoff": "A customer of {bot} waits for a person.",
        "urgent": "URGENT: a customer of {bot} waits for a person. Please look at once.",
        "callback": "A customer of {bot} asks to be called back.",
        "summary": "About: {summary}",
        "language": "Language: {language}",
        "at": "Since: {at}",
        "open": "Open it: scripts/handoff show {open} --bot {bot}",
        "note": "Names and numbers are not mailed.",
        "lang_ko": "Korean",
        "lang_en": "English",
    },
}


def subject_and_message(notice: Mapping[str, Any]) -> tuple[str, str]:
    """Return the subject (ASCII, for SNS takes no other) and the message of a notice."""
    words = _WORDS.get(notice["team"], _WORDS["en"])
    urgent = bool(notice["urgent"])
    subject = _URGENT if urgent else _SUBJECTS[notice["kind"]]
    at = datetime.fromisoformat(notice["at"]).astimezone(ZoneInfo(notice["time_zone"]))
    fields = {
        "bot": notice["bot"],
        "open": notice["open"],
        "summary": notice["summary"],
        "language": words.get(f"lang_{notice['language']}", notice["language"]),
        "at": f"{at:%Y-%m-%d %H:%M}",
    }
    lines = [
        words["urgent" if urgent else notice["kind"]],
        "",
        *([words["summary"]] if notice["summary"] else []),
        words["language"],
        words["at"],
        words["open"],
        "",
        words["note"],
    ]
    return subject.format(**fields), "\n".join(line.format(**fields) for line in lines)
