"""The stored form of sessions, turns, feedback and labels: versioned JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sangdam.bots.definition import QuickReply
from sangdam.dialogue.session import Listed, OpenForm, Session
from sangdam.dialogue.turn import Message, SaidMessage, SaidReply, Turn, Understood
from sangdam.learning.feedback import Feedback
from sangdam.learning.labels import Label

FORMAT = 1


class RecordError(ValueError):
    """A stored record of a format this version does not read."""


def write(record: Session | Turn | Feedback | Label) -> str:
    """Return a record as canonical JSON: equal records give equal text."""
    document = {"format": FORMAT, **asdict(record)}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no stored form")


def upgrade(document: dict[str, Any], *, kind: str) -> Mapping[str, Any]:
    """Return a stored document in today's format; the one place that knows old formats."""
    if document.get("format") != FORMAT:
        raise RecordError(
            f"stored {kind} has format {document.get('format')!r}; this version reads {FORMAT}:"
            " deploy the version that wrote it, or newer"
        )
    return document


def _document(text: str, *, kind: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise RecordError(f"stored {kind} is damaged: {error}") from error
    if not isinstance(document, dict):
        raise RecordError(f"stored {kind} is damaged: it is no JSON object")
    return upgrade(document, kind=kind)


def read_session(text: str) -> Session:
    top = _document(text, kind="session")
    return Session(
        session_id=top["session_id"],
        bot=top["bot"],
        release=top["release"],
        language=top["language"],
        token_hash=top["token_hash"],
        opened_at=datetime.fromisoformat(top["opened_at"]),
        last_at=datetime.fromisoformat(top["last_at"]),
        owner=top["owner"],
        turn=top["turn"],
        open_form=_form(top["open_form"]),
        finished_form=_form(top["finished_form"]),
        last_intent=top["last_intent"],
        misses=top["misses"],
        wordings=top["wordings"],
        offered=tuple(QuickReply(one["label"], one["value"]) for one in top["offered"]),
        # Sessions stored by earlier versions lack what is read with ``get``.
        parked=_form(top.get("parked")),
        known=top.get("known", {}),
        listed=_listed(top.get("listed")),
        repeats=top.get("repeats", 0),
        clarified=top.get("clarified"),
        last_reply=top.get("last_reply", ""),
        equal_replies=top.get("equal_replies", 0),
    )


def _form(data: Mapping[str, Any] | None) -> OpenForm | None:
    if data is None:
        return None
    return OpenForm(
        data["form"],
        data["values"],
        data["asking"],
        data["misses"],
        skipped=tuple(data.get("skipped", ())),
        shown=data.get("shown"),
        rejected=data.get("rejected", False),
        refusals=data.get("refusals", 0),
        remembered=data.get("remembered", {}),
    )


def _listed(data: Mapping[str, Any] | None) -> Listed | None:
    if data is None:
        return None
    things = tuple((value, label) for value, label in data["things"])
    return Listed(data["intent"], data["slot"], things, _form(data.get("by")))


def read_turn(text: str) -> Turn:
    top = _document(text, kind="turn")
    message, understood = top["message"], top["understood"]
    return Turn(
        number=top["number"],
        at=datetime.fromisoformat(top["at"]),
        reply=SaidReply(
            tuple(SaidMessage(one["text"], one["key"]) for one in top["reply"]["messages"]),
            tuple(QuickReply(one["label"], one["value"]) for one in top["reply"]["quick_replies"]),
        ),
        owner=top["owner"],
        release=top["release"],
        message=None if message is None else Message(**message),
        understood=None
        if understood is None
        else Understood(
            intent=understood["intent"],
            confidence=understood["confidence"],
            decision=understood["decision"],
            source=understood["source"],
            alternatives=tuple((name, score) for name, score in understood["alternatives"]),
            why=tuple(understood["why"]),
        ),
        trace=tuple(top["trace"]),
    )


def read_feedback(text: str) -> Feedback:
    top = dict(_document(text, kind="feedback"))
    top.pop("format")
    return Feedback(**{**top, "at": datetime.fromisoformat(top["at"])})


def read_label(text: str) -> Label:
    top = dict(_document(text, kind="label"))
    top.pop("format")
    return Label(**{**top, "at": datetime.fromisoformat(top["at"])})
