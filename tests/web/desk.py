"""What the stand-in service says and keeps: one bot, its sessions, each turn exactly once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

LIMIT = 2000
RELEASE = "20261122-033000-1a2b3c4d"

Reply = dict[str, Any]

WORDS: dict[str, dict[str, tuple[str, list[tuple[str, str]]]]] = {
    "ko": {
        "opening": (
            "안녕하세요, 다온상점이에요.\n무엇을 도와드릴까요?",
            [("배송 조회", "/배송"), ("교환·반품", "/교환"), ("쿠폰·적립금", "/쿠폰")],
        ),
        "배송": (
            "주문번호를 알려 주시면 바로 확인해 드릴게요.\n주문번호는 ‘A’로 시작하는 9자리예요.",
            [("주문번호를 몰라요", "/주문번호")],
        ),
        "A2026": (
            "김포 물류센터에서 오늘 오전 9시 20분에 출발했어요. 내일(월) 오후 2–6시 사이에 "
            "도착할 예정이에요.\n배송 위치 보기: https://track.example/a20261102에서 확인하세요.",
            [
                ("배송지 변경", "/배송지"),
                ("부재 시 경비실에", "/경비실"),
                ("고마워요", "/고마워요"),
            ],
        ),
        "경비실": ("네, 부재 시 경비실에 맡겨 달라고 기사님께 전해 둘게요.", []),
        "고마": ("도움이 되어 다행이에요. 좋은 하루 보내세요!", []),
        "상담원": ("", [("챗봇과 다시 대화하기", "/챗봇")]),
        "챗봇": ("다시 제가 도와드릴게요.", []),
        "": (
            "죄송해요, 잘 이해하지 못했어요. 다른 말로 적어 주시겠어요?",
            [("상담원 연결", "/상담원")],
        ),
    },
    "en": {
        "opening": (
            "Hello, this is Daon Store.\nHow can we help?",
            [("Track my order", "/track"), ("Returns", "/returns")],
        ),
        "track": ("Which order number is it about?", []),
        "": ("Sorry, I did not get that. Could you put it another way?", []),
    },
}


def make_reply(language: str, key: str) -> Reply:
    """Return what the bot says for a key of `WORDS`."""
    text, buttons = WORDS[language][key]
    messages = [{"text": text}] if text else []
    choices = [{"label": label, "value": value} for label, value in buttons]
    return {"messages": messages, "quick_replies": choices}


@dataclass(slots=True)
class Session:
    """One conversation as the service keeps it."""

    token: str
    language: str
    turns: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    ratings: dict[int, int] = field(default_factory=dict)
    owner: str = "bot"


class ProblemError(Exception):
    """An error answer."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


class Desk:
    """The sessions, and what happens to them."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}

    @property
    def only(self) -> Session:
        """The session, when there is exactly one."""
        (session,) = self.sessions.values()
        return session

    def texts(self) -> list[str]:
        """What the customer of the only session said, in the order of the turns."""
        said = [turn["message"] for turn in self.only.turns if turn["message"]]
        return [message.get("text") or message["label"] for message in said]

    def open(self, body: dict[str, Any]) -> dict[str, Any]:
        """Open a session."""
        if body["bot"] != "shop":
            raise ProblemError(404, f"There is no bot '{body['bot']}'.")
        session_id, language = secrets.token_hex(16), body.get("language", "ko")
        session = Session(token=secrets.token_hex(32), language=language)
        opening = self.keep(session, None, make_reply(language, "opening"))
        self.sessions[session_id] = session
        shown = {name: opening[name] for name in ("turn", "reply", "release")}
        return {"session_id": session_id, "token": session.token, "language": language, **shown}

    def find(self, session_id: str, token: str) -> Session:
        """Return the session that the token opens."""
        session = self.sessions.get(session_id)
        if session is None:
            raise ProblemError(404, "This conversation is not known or has ended.")
        if token != session.token:
            raise ProblemError(401, "This token does not open this conversation.")
        return session

    def turn(self, session: Session, body: dict[str, Any]) -> dict[str, Any]:
        """Answer a message; the same message id gets the same answer."""
        said = body.get("text", body.get("quick_reply"))
        if not isinstance(said, str) or not said.strip() or len(said) > LIMIT:
            raise ProblemError(400, f"A text holds 1 to {LIMIT} characters.")
        if body["message_id"] in session.answers:
            return session.answers[body["message_id"]]
        key = next(key for key in WORDS[session.language] if key in said and key != "opening")
        if key in ("상담원", "챗봇"):
            session.owner = "human" if key == "상담원" else "bot"
        elif session.owner == "human":
            key = "상담원"
        message = {"message_id": body["message_id"], "text": said}
        if "quick_reply" in body:
            offered = session.turns[-1]["reply"]["quick_replies"]
            label = next(choice["label"] for choice in offered if choice["value"] == said)
            message = {"message_id": body["message_id"], "quick_reply": said, "label": label}
        answer = self.keep(session, message, make_reply(session.language, key))
        session.answers[body["message_id"]] = answer
        return answer

    def history(self, session: Session, *, after: int, limit: int) -> dict[str, Any]:
        """Return a page of turns."""
        rest = session.turns[after + 1 :]
        last = rest[:limit][-1]["turn"] if rest else None
        return {"turns": rest[:limit], "next": last if len(rest) > limit else None}

    def say_as_human(self, text: str) -> None:
        """Let a person write into the only session."""
        self.keep(self.only, None, {"messages": [{"text": text}], "quick_replies": []})

    def keep(
        self, session: Session, message: dict[str, str] | None, reply: Reply
    ) -> dict[str, Any]:
        """Store a turn and give the answer that a client gets for it."""
        understanding = {"intent": None, "confidence": 0.9, "decision": "answer"}
        answer = {
            "turn": len(session.turns),
            "reply": reply,
            "understanding": understanding if message else None,
            "owner": session.owner,
            "release": RELEASE,
        }
        at = datetime.now(UTC).isoformat()
        session.turns.append({**answer, "at": at, "message": message})
        return answer
