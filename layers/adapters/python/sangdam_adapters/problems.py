"""Everything a client can be refused for: status, and words in its language (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sangdam.bots.definition import Language

TEXT_LIMIT = 2000
"""Longest message, in characters."""

BODY_LIMIT = 64 * 1024
"""Longest request body, in bytes."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of refusal; ``{detail}`` in the words is filled in by whoever refuses."""

    status: int
    title: Mapping[Language, str]
    detail: Mapping[Language, str]
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of a body."""

    field: str
    problem: Mapping[Language, str]


class ProblemError(Exception):
    """A request refused at the edge. ``fields`` says what is wrong with which field."""

    def __init__(self, code: str, *, fields: Sequence[FieldProblem] = (), detail: str = "") -> None:
        self.code = code
        self.fields = tuple(fields)
        self.detail = detail
        super().__init__(f"{code} {detail}".strip())


PROBLEMS: Mapping[str, Problem] = {
    "invalid_json": Problem(
        400,
        {"ko": "JSON을 읽을 수 없습니다", "en": "The body is not valid JSON"},
        {
            "ko": "요청 본문은 JSON 객체여야 합니다. {detail}",
            "en": "The request body must be a JSON object. {detail}",
        },
    ),
    "invalid_fields": Problem(
        400,
        {"ko": "값이 올바르지 않습니다", "en": "Some fields are not valid"},
        {
            "ko": "errors에 적힌 항목을 고쳐 다시 보내 주세요.",
            "en": "Correct the fields named in errors and send the request again.",
        },
    ),
    "unsupported_media": Problem(
        415,
        {"ko": "지원하지 않는 형식입니다", "en": "Unsupported media type"},
        {
            "ko": "Content-Type은 application/json이어야 합니다.",
            "en": "Content-Type must be application/json.",
        },
    ),
    "too_large": Problem(
        413,
        {"ko": "요청이 너무 큽니다", "en": "The request is too large"},
        {
            "ko": f"요청 본문은 {BODY_LIMIT:,}바이트까지 보낼 수 있습니다.",
            "en": f"A request body may have at most {BODY_LIMIT:,} bytes.",
        },
    ),
    "missing_token": Problem(
        401,
        {"ko": "인증이 필요합니다", "en": "Authentication is needed"},
        {
            "ko": "대화를 열 때 받은 토큰을 Authorization: Bearer 헤더로 보내 주세요.",
            "en": "Send the token you got when opening the session as Authorization: Bearer.",
        },
    ),
    "wrong_token": Problem(
        401,
        {"ko": "토큰이 맞지 않습니다", "en": "The token does not fit"},
        {
            "ko": "이 대화의 토큰이 아닙니다. 대화를 열 때 받은 토큰을 보내 주세요.",
            "en": "This is not the token of this session. Send the one you got when opening it.",
        },
    ),
    "unknown_session": Problem(
        404,
        {"ko": "대화를 찾을 수 없습니다", "en": "The session does not exist"},
        {
            "ko": "대화가 없거나 만료되었습니다. 새 대화를 열어 주세요.",
            "en": "The session does not exist or has expired. Open a new one.",
        },
    ),
    "unknown_turn": Problem(
        404,
        {"ko": "그런 순서의 대화가 없습니다", "en": "The turn does not exist"},
        {
            "ko": "평가하려는 turn 번호를 확인해 주세요. 인사말(0번)은 평가할 수 없습니다.",
            "en": "Check the number of the turn. The opening turn (0) cannot be rated.",
        },
    ),
    "unknown_bot": Problem(
        404,
        {"ko": "봇을 찾을 수 없습니다", "en": "The bot does not exist"},
        {
            "ko": "bot 값을 확인해 주세요. 사용할 수 있는 봇은 GET /v1/health에서 볼 수 있습니다.",
            "en": "Check the bot's name. GET /v1/health lists the bots there are.",
        },
    ),
    "unknown_quick_reply": Problem(
        400,
        {"ko": "알 수 없는 버튼입니다", "en": "Unknown quick reply"},
        {
            "ko": "quick_reply에는 받은 버튼의 value를 그대로 보내 주세요.",
            "en": "Send the value of a quick reply back as it came.",
        },
    ),
    "unknown_route": Problem(
        404,
        {"ko": "그런 주소가 없습니다", "en": "There is nothing here"},
        {
            "ko": "주소와 메서드를 확인해 주세요.",
            "en": "Check the path and the method.",
        },
    ),
    "busy": Problem(
        409,
        {"ko": "메시지가 겹쳤습니다", "en": "Messages collided"},
        {
            "ko": "같은 대화에 메시지가 한꺼번에 들어왔습니다. 같은 message_id로 다시 보내 주세요.",
            "en": "Several messages of one session came at once. Send it again, same message_id.",
        },
        retry_after=1,
    ),
    "unavailable": Problem(
        503,
        {"ko": "잠시 이용할 수 없습니다", "en": "Not available just now"},
        {
            "ko": "저장소에 연결할 수 없습니다. 잠시 뒤 같은 message_id로 다시 보내 주세요.",
            "en": "Storage cannot be reached. Try again shortly with the same message_id.",
        },
        retry_after=2,
    ),
    "internal": Problem(
        500,
        {"ko": "서비스에 문제가 생겼습니다", "en": "Something went wrong"},
        {
            "ko": "요청을 처리하지 못했습니다. 저장된 것은 없습니다.",
            "en": "The request could not be carried out. Nothing of it was stored.",
        },
    ),
}


def problem_document(
    code: str,
    language: Language,
    *,
    detail: str = "",
    fields: Sequence[FieldProblem] = (),
) -> dict[str, object]:
    """Return the problem+json document of a refusal."""
    problem = PROBLEMS[code]
    document: dict[str, object] = {
        "type": f"urn:sangdam:problem:{code.replace('_', '-')}",
        "title": problem.title[language],
        "status": problem.status,
        "detail": problem.detail[language].replace("{detail}", detail).strip(),
    }
    if fields:
        document["errors"] = [
            {"field": one.field, "problem": one.problem[language]} for one in fields
        ]
    return document
