"""Every storage port without AWS: real, in memory, safe for threads, gone with the process."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sangdam.backoffice.writes import Write
from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Turn
from sangdam.learning.feedback import Feedback
from sangdam.learning.labels import Label
from sangdam.learning.release import (
    Pointer,
    PointerMovedError,
    Release,
    ReleaseExistsError,
    ReleaseMissingError,
    check_attachments,
    check_files,
)
from sangdam.ports import (
    Clock,
    MessageRepeatedError,
    SessionExistsError,
    StoredSession,
    VersionConflictError,
)
from sangdam_adapters.backoffice_limits import check_writes
from sangdam_adapters.memory_backoffice import MemoryBackOffice

_BESIDE = 3
"""What a turn writes besides: session, turn and message id."""


@dataclass(slots=True)
class _Stored:
    session: Session
    version: int
    turns: dict[int, tuple[Turn, datetime]] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)


class MemoryConversations:
    """Port ``Conversations``. A turn lives for ``lifetime``, a session as long as its last turn.

    Writes go to ``backoffice``, whose lock is taken inside the one of the conversations and never
    the other way round.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        lifetime: timedelta = timedelta(days=30),
        backoffice: MemoryBackOffice | None = None,
    ) -> None:
        self._clock = clock
        self._lifetime = lifetime
        self._backoffice = backoffice
        self._lock = threading.Lock()
        self._stored: dict[str, _Stored] = {}

    def open(self, session: Session, first: Turn) -> None:
        with self._lock:
            if self._live(session.session_id) is not None:
                raise SessionExistsError(f"session {session.session_id} exists")
            opened = _Stored(session, 1, {first.number: (first, self._end(session))})
            self._stored[session.session_id] = opened

    def load(self, session_id: str) -> StoredSession | None:
        with self._lock:
            stored = self._live(session_id)
            return None if stored is None else StoredSession(stored.session, stored.version)

    def turn_of_message(self, session_id: str, message_id: str) -> Turn | None:
        with self._lock:
            stored = self._live(session_id)
            if stored is None or message_id not in stored.messages:
                return None
            return self._turn(stored, stored.messages[message_id])

    def commit(
        self, session: Session, turn: Turn, *, expected_version: int, writes: Sequence[Write] = ()
    ) -> None:
        check_writes(writes, beside=_BESIDE)
        if writes and self._backoffice is None:
            raise ValueError("these conversations have no back office to write to; give them one")
        message_id = turn.message.message_id if turn.message is not None else None
        with self._lock:
            stored = self._stored.get(session.session_id)
            known = None if stored is None else stored.messages.get(message_id or "")
            if stored is not None and known is not None and self._turn(stored, known) is not None:
                raise MessageRepeatedError(f"message {message_id} is stored already")
            if stored is None or stored.version != expected_version:
                raise VersionConflictError(f"session {session.session_id} changed meanwhile")
            if self._backoffice is not None and writes:
                self._backoffice.apply(writes)
            stored.session, stored.version = session, expected_version + 1
            stored.turns[turn.number] = (turn, self._end(session))
            if message_id is not None:
                stored.messages[message_id] = turn.number

    def turns(self, session_id: str, *, after: int, limit: int) -> Sequence[Turn]:
        with self._lock:
            stored = self._live(session_id)
            if stored is None:
                return ()
            numbers = sorted(number for number in stored.turns if number > after)
            live = (self._turn(stored, number) for number in numbers)
            return tuple(turn for turn in live if turn is not None)[:limit]

    def turn(self, session_id: str, number: int) -> Turn | None:
        with self._lock:
            stored = self._live(session_id)
            return None if stored is None else self._turn(stored, number)

    def delete(self, session_id: str) -> None:
        with self._lock:
            self._stored.pop(session_id, None)

    def _live(self, session_id: str) -> _Stored | None:
        stored = self._stored.get(session_id)
        if stored is None or self._end(stored.session) <= self._clock():
            return None
        return stored

    def _end(self, session: Session) -> datetime:
        return session.last_at + self._lifetime

    def _turn(self, stored: _Stored, number: int) -> Turn | None:
        turn, end = stored.turns.get(number, (None, None))
        return None if end is None or end <= self._clock() else turn


class MemoryFeedback:
    """Port ``FeedbackStore``."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._feedback: dict[tuple[str, int, str], Feedback] = {}
        self._labels: dict[tuple[str, str], Label] = {}

    def record(self, feedback: Feedback) -> bool:
        key = (feedback.session_id, feedback.turn, feedback.source)
        with self._lock:
            known = self._feedback.get(key)
            if known is not None and _says_the_same(known, feedback):
                return False
            self._feedback[key] = feedback
            return True

    def pending(self, bot: str, *, limit: int) -> Sequence[Feedback]:
        with self._lock:
            waiting = [
                one for one in self._feedback.values() if one.bot == bot and one.status == "pending"
            ]
        order = sorted(waiting, key=lambda one: (one.at, one.session_id, one.turn, one.source))
        return order[:limit]

    def settle(self, feedback: Feedback) -> None:
        key = (feedback.session_id, feedback.turn, feedback.source)
        with self._lock:
            known = self._feedback.get(key)
            if known is not None and _says_the_same(known, feedback):
                self._feedback[key] = feedback

    def forget(self, session_id: str) -> None:
        with self._lock:
            for key in [one for one in self._feedback if one[0] == session_id]:
                del self._feedback[key]

    def accept(self, label: Label) -> bool:
        key = (label.bot, label.key)
        with self._lock:
            known = self._labels.get(key)
            if known is not None and known.intent == label.intent:
                return False
            self._labels[key] = label
            return True

    def labels(self, bot: str) -> Sequence[Label]:
        with self._lock:
            mine = [label for (name, _), label in self._labels.items() if name == bot]
        return sorted(mine, key=lambda one: (one.at, one.key))


def _says_the_same(known: Feedback, new: Feedback) -> bool:
    return (new.rating, new.intent, new.comment) == (known.rating, known.intent, known.comment)


class MemoryRegistry:
    """Port ``Registry``."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._releases: dict[tuple[str, str], Release] = {}
        self._pointers: dict[str, Pointer] = {}

    def current(self, bot: str) -> Pointer | None:
        with self._lock:
            return self._pointers.get(bot)

    def bots(self) -> Sequence[str]:
        with self._lock:
            return tuple(sorted(self._pointers))

    def releases(self, bot: str) -> Sequence[str]:
        with self._lock:
            return tuple(sorted(name for owner, name in self._releases if owner == bot))

    def load(self, bot: str, release: str) -> Release:
        with self._lock:
            found = self._releases.get((bot, release))
        if found is None:
            raise ReleaseMissingError(f"release {bot}/{release} does not exist")
        check_files(found.manifest, found.files, where=f"{bot}/{release}")
        return Release(found.manifest, found.files)

    def attachment(self, bot: str, release: str, name: str) -> bytes | None:
        with self._lock:
            found = self._releases.get((bot, release))
        if found is None:
            raise ReleaseMissingError(f"release {bot}/{release} does not exist")
        return found.attachments.get(name)

    def publish(self, release: Release) -> None:
        where = f"{release.bot}/{release.name}"
        check_files(release.manifest, release.files, where=where)
        check_attachments(release.manifest, release.attachments, where=where)
        with self._lock:
            if (release.bot, release.name) in self._releases:
                raise ReleaseExistsError(
                    f"release {release.bot}/{release.name} exists; releases are never overwritten"
                )
            self._releases[release.bot, release.name] = release

    def move(self, bot: str, *, to: str, expected: Pointer | None) -> Pointer:
        pack = self.load(bot, to).manifest.pack
        with self._lock:
            known = self._pointers.get(bot)
            if known != expected:
                where = known.release if known is not None else "nowhere"
                raise PointerMovedError(f"current release of '{bot}' is {where}, moved meanwhile")
            version = str(int(known.version) + 1 if known is not None else 1)
            self._pointers[bot] = Pointer(bot, to, self._clock(), pack, version)
            return self._pointers[bot]
