"""Records to store, and strategies that draw any of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from sangdam.bots.definition import QuickReply
from sangdam.dialogue.session import OpenForm, Session
from sangdam.dialogue.turn import Message, SaidMessage, SaidReply, Turn, Understood
from sangdam.learning.feedback import Feedback
from sangdam.learning.labels import Label
from sangdam.learning.release import BOT, Manifest, Release, sha256

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass
class HandClock:
    """A clock that stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


def a_session(session_id: str = "s1", *, at: datetime = START, **changes: Any) -> Session:
    values: dict[str, Any] = {
        "session_id": session_id,
        "bot": "shop",
        "release": "20261122-033000-1a2b3c4d",
        "language": "ko",
        "token_hash": "0" * 64,
        "opened_at": at,
        "last_at": at,
    }
    return Session(**{**values, **changes})


def a_greeting(*, at: datetime = START) -> Turn:
    reply = SaidReply(
        (SaidMessage("안녕하세요!", "system/welcome"),), (QuickReply("배송", "/delivery"),)
    )
    return Turn(number=0, at=at, reply=reply, owner="bot", release="20261122-033000-1a2b3c4d")


def a_turn(
    number: int = 1,
    *,
    text: str = "배송 언제 와요?",
    message_id: str | None = None,
    at: datetime = START,
) -> Turn:
    return Turn(
        number=number,
        at=at,
        reply=SaidReply((SaidMessage("내일 도착해요.", "intent/delivery"),)),
        owner="bot",
        release="20261122-033000-1a2b3c4d",
        message=Message(message_id or f"m{number}", text=text),
        understood=Understood(
            "delivery", 0.912345, "answer", "model", (("delivery", 0.912345), ("refund", 0.05))
        ),
        trace=("answers delivery",),
    )


def a_feedback(
    session_id: str = "s1", turn: int = 1, *, at: datetime = START, **changes: Any
) -> Feedback:
    values: dict[str, Any] = {
        "session_id": session_id,
        "turn": turn,
        "bot": "shop",
        "release": "20261122-033000-1a2b3c4d",
        "language": "ko",
        "text": "환불 언제 돼요?",
        "predicted": "delivery",
        "rating": -1,
        "at": at,
        "intent": "refund",
    }
    return Feedback(**{**values, **changes})


def a_label(
    text: str = "환불 언제 돼요?", intent: str = "refund", *, at: datetime = START
) -> Label:
    return Label("shop", text, intent, "ko", "operator", at)


def a_release(
    name: str = "20261122-033000-1a2b3c4d",
    *,
    bot: str = "shop",
    files: dict[str, bytes] | None = None,
    attachments: dict[str, bytes] | None = None,
) -> Release:
    held = {BOT: b"{}", "classifier.onnx": bytes(range(256)) * 8} if files is None else files
    manifest = Manifest(
        bot=bot,
        release=name,
        created_at=START,
        files={path: sha256(data) for path, data in held.items()},
        inputs="inputs",
        pack=f"pack of {name}",
        parent=None,
        code_version="0.1.0",
        encoder=None,
        metrics={"accuracy": 0.93},
        attachments={path: sha256(data) for path, data in (attachments or {}).items()},
    )
    return Release(manifest, held, attachments or {})


# Any text that UTF-8 can write: emoji, NUL, lone jamo, right-to-left marks ...
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
names = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=30)
languages = st.sampled_from(["ko", "en"])
moments = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
days = st.dates(date(2020, 1, 1), date(2100, 1, 1))
shares = st.floats(0, 1).map(lambda share: round(share, 6))
owners = st.sampled_from(["bot", "human"])
decisions = st.sampled_from(["answer", "clarify", "fallback"])

quick_replies = st.builds(QuickReply, texts, texts)
forms = st.builds(
    OpenForm, names, st.dictionaries(names, texts, max_size=4), st.none() | names, st.integers(0, 9)
)
sessions = st.builds(
    Session,
    session_id=names,
    bot=names,
    release=names,
    language=languages,
    token_hash=names,
    opened_at=moments,
    last_at=moments,
    owner=owners,
    turn=st.integers(0, 10**6),
    open_form=st.none() | forms,
    finished_form=st.none() | forms,
    last_intent=st.none() | names,
    misses=st.integers(0, 9),
    wordings=st.dictionaries(names, st.integers(0, 9), max_size=40),
    offered=st.lists(quick_replies, max_size=4).map(tuple),
)
messages = st.builds(Message, names, st.none() | texts, st.none() | texts, st.none() | texts)
understandings = st.builds(
    Understood,
    st.none() | names,
    shares,
    decisions,
    st.sampled_from(["model", "phrase", "entity", "quick_reply", "none"]),
    st.lists(st.tuples(names, shares), max_size=5).map(tuple),
    st.lists(texts, max_size=5).map(tuple),
)
replies = st.builds(
    SaidReply,
    st.lists(st.builds(SaidMessage, texts, names), max_size=4).map(tuple),
    st.lists(quick_replies, max_size=4).map(tuple),
)
turns = st.builds(
    Turn,
    number=st.integers(0, 10**6),
    at=moments,
    reply=replies,
    owner=owners,
    release=names,
    message=st.none() | messages,
    understood=st.none() | understandings,
    trace=st.lists(texts, max_size=4).map(tuple),
)
feedbacks = st.builds(
    Feedback,
    session_id=names,
    turn=st.integers(0, 10**6),
    bot=names,
    release=names,
    language=languages,
    text=texts,
    predicted=st.none() | names,
    rating=st.sampled_from([-1, 0, 1]),
    at=moments,
    intent=st.none() | names,
    comment=st.none() | texts,
    status=st.sampled_from(["pending", "accepted", "dismissed"]),
    source=st.sampled_from(["customer", "clarification"]),
)
labels = st.builds(
    Label, names, texts, names, languages, st.sampled_from(["operator", "agreement"]), moments
)
