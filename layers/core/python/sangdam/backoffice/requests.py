"""Requests that people of the business take up: to be called back, to lend money, to collect goods.

A request to be called back stands in the queue that people answer (``<bot>#queue``), in the order
it came in; all others under ``<bot>#requests``, those of a kind together, and so do those that were
called back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Literal

from sangdam.backoffice.documents import read_document, write_document
from sangdam.backoffice.writes import Delete, Key, Put, Write
from sangdam.bots.definition import Language

CALLBACK = "callback"
"""The kind of a request to be called back."""

RequestStatus = Literal["waiting", "done"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a customer asked for: the values by role, and where it was said."""

    kind: str
    number: str
    values: Mapping[str, str]
    language: Language
    session_id: str
    at: datetime
    status: RequestStatus = "waiting"
    about: Mapping[str, str] = field(default_factory=dict)
    """What the business itself adds, such as a fee: plain text by name."""


def request_key(bot: str, request: Request) -> Key:
    """Return where a request stands; the oldest of a kind comes first."""
    queue = "queue" if request.kind == CALLBACK else "requests"
    at = request.at.isoformat(timespec="seconds")
    return Key(f"{bot}#{queue}", f"{request.kind}#{at}#{request.number}")


def request_write(bot: str, request: Request) -> Put:
    """Return the write that files a new request."""
    return Put(request_key(bot, request), write_document(asdict(request)))


def read_request(record: str) -> Request:
    """Return a request from its record. Raises DocumentError if it cannot be read."""
    top = read_document(record, kind="request")
    return Request(
        kind=top["kind"],
        number=top["number"],
        values=top["values"],
        language=top["language"],
        session_id=top["session_id"],
        at=datetime.fromisoformat(top["at"]),
        status=top["status"],
        about=top["about"],
    )


def settled(bot: str, request: Request, key: Key, version: int) -> tuple[Write, ...]:
    """Return the writes after a request was answered: it leaves the queue, and is kept as done."""
    done = replace(request, status="done")
    kept = Put(Key(f"{bot}#requests", key.sk), write_document(asdict(done)))
    return Delete(key, version), kept
