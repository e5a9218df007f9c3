"""The queue that people answer: conversations handed over, and requests to be called back.

Both stand under ``<bot>#queue``: a conversation at ``handoff#<session>``, so that it is found by
its session and stands there once, a request at ``callback#…`` (see ``requests``). What was settled
leaves the queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal

from sangdam.backoffice.documents import read_document, write_document
from sangdam.backoffice.writes import Key, Put
from sangdam.bots.definition import Language

HANDOFF = "handoff#"
"""How the ``sk`` of conversations in the queue begins."""

HandoffStatus = Literal["waiting", "taken"]


@dataclass(frozen=True, slots=True)
class Quoted:
    """A turn as the queue quotes it: secrets are masked."""

    number: int
    customer: str | None
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handoff:
    """A conversation that waits for a person, or that one has taken.

    ``summary`` says in one line what the customer wants, in the team's own language; ``values``
    are what the open form had, and what the session knew, as people read them. ``by`` is who took
    it, at ``taken_at``.
    """

    session_id: str
    turn: int
    at: datetime
    language: Language
    summary: str
    urgent: bool = False
    intent: str | None = None
    form: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    turns: tuple[Quoted, ...] = ()
    status: HandoffStatus = "waiting"
    by: str | None = None
    taken_at: datetime | None = None


def queue_pk(bot: str) -> str:
    return f"{bot}#queue"


def handoff_key(bot: str, session_id: str) -> Key:
    """Return where a conversation stands in the queue."""
    return Key(queue_pk(bot), f"{HANDOFF}{session_id}")


def handoff_write(bot: str, handoff: Handoff, *, expected: int | None = None) -> Put:
    """Return the write that puts a conversation into the queue, or changes what stands there."""
    record = write_document({"kind": "handoff", **asdict(handoff)})
    return Put(handoff_key(bot, handoff.session_id), record, expected)


def read_handoff(record: str) -> Handoff:
    """Return a conversation in the queue. Raises DocumentError if it cannot be read."""
    top = read_document(record, kind="handoff")
    taken_at = top["taken_at"]
    return Handoff(
        session_id=top["session_id"],
        turn=top["turn"],
        at=datetime.fromisoformat(top["at"]),
        language=top["language"],
        summary=top["summary"],
        urgent=top["urgent"],
        intent=top["intent"],
        form=top["form"],
        values=top["values"],
        turns=tuple(
            Quoted(one["number"], one["customer"], tuple(one["said"])) for one in top["turns"]
        ),
        status=top["status"],
        by=top["by"],
        taken_at=None if taken_at is None else datetime.fromisoformat(taken_at),
    )
