"""The contract of the port ``Conversations``, kept by every adapter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Turn
from sangdam.ports import (
    Conversations,
    MessageRepeatedError,
    SessionExistsError,
    StoredSession,
    VersionConflictError,
)
from tests.adapters import samples
from tests.adapters.races import all_at_once
from tests.adapters.samples import START, HandClock, a_greeting, a_session, a_turn

LIFETIME = timedelta(days=30)


def opened(conversations: Conversations, session_id: str = "s1") -> StoredSession:
    conversations.open(a_session(session_id), a_greeting())
    return found(conversations, session_id)


def found(conversations: Conversations, session_id: str = "s1") -> StoredSession:
    stored = conversations.load(session_id)
    assert stored is not None
    return stored


def add_turn(conversations: Conversations, turn: Turn, session_id: str = "s1") -> Session:
    """Commit a turn on top of what is stored."""
    stored = found(conversations, session_id)
    session = replace(stored.session, turn=turn.number, last_at=turn.at)
    conversations.commit(session, turn, expected_version=stored.version)
    return session


def test_an_opened_session_is_found_with_its_greeting(conversations: Conversations) -> None:
    conversations.open(a_session(), a_greeting())
    assert found(conversations).session == a_session()
    assert conversations.turns("s1", after=-1, limit=10) == (a_greeting(),)
    assert conversations.turn("s1", 0) == a_greeting()


def test_what_was_never_opened_is_not_there(conversations: Conversations) -> None:
    opened(conversations)
    assert conversations.load("s2") is None
    assert conversations.turns("s2", after=-1, limit=10) == ()
    assert conversations.turn("s2", 0) is None
    assert conversations.turn("s1", 1) is None
    assert conversations.turn_of_message("s1", "m1") is None
    assert conversations.turn_of_message("s2", "m1") is None


def test_a_session_is_opened_once(conversations: Conversations) -> None:
    before = opened(conversations)
    with pytest.raises(SessionExistsError, match="s1"):
        conversations.open(a_session(bot="bank"), a_greeting(at=START + timedelta(hours=1)))
    assert found(conversations) == before
    assert conversations.turn("s1", 0) == a_greeting()


def test_of_twenty_who_open_one_session_one_does(conversations: Conversations) -> None:
    def open_it(number: int) -> str:
        conversations.open(a_session(release=f"r{number}"), a_greeting())
        return f"r{number}"

    outcomes = all_at_once(open_it)
    winners = [one for one in outcomes if isinstance(one, str)]
    assert len(winners) == 1
    assert all(isinstance(one, SessionExistsError | str) for one in outcomes)
    assert found(conversations).session.release == winners[0]


def test_a_commit_stores_session_turn_and_message_id(conversations: Conversations) -> None:
    before = opened(conversations)
    session = add_turn(conversations, a_turn(1, message_id="first"))
    after = found(conversations)
    assert after.session == session
    assert after.version != before.version
    assert conversations.turn("s1", 1) == a_turn(1, message_id="first")
    assert conversations.turn_of_message("s1", "first") == a_turn(1, message_id="first")


def test_a_turn_without_a_message_is_committed_too(conversations: Conversations) -> None:
    opened(conversations)
    said = replace(a_turn(1), message=None, understood=None)
    add_turn(conversations, said)
    assert conversations.turn("s1", 1) == said
    add_turn(conversations, replace(said, number=2))
    assert [turn.number for turn in conversations.turns("s1", after=-1, limit=9)] == [0, 1, 2]


def test_a_commit_on_an_old_version_is_refused_whole(conversations: Conversations) -> None:
    stored = opened(conversations)
    session = add_turn(conversations, a_turn(1, message_id="first"))
    late = a_turn(2, message_id="late")
    with pytest.raises(VersionConflictError, match="s1"):
        conversations.commit(replace(stored.session, turn=2), late, expected_version=stored.version)
    assert found(conversations).session == session
    assert conversations.turn("s1", 2) is None
    assert conversations.turn_of_message("s1", "late") is None


def test_a_commit_to_no_session_is_refused_whole(conversations: Conversations) -> None:
    with pytest.raises(VersionConflictError):
        conversations.commit(a_session(turn=1), a_turn(1), expected_version=1)
    assert conversations.load("s1") is None
    assert conversations.turn_of_message("s1", "m1") is None


@pytest.mark.parametrize("is_stale", [False, True])
def test_a_message_id_is_stored_once(conversations: Conversations, *, is_stale: bool) -> None:
    """Repetition wins over staleness: whoever repeats must learn that there is an answer."""
    stored = opened(conversations)
    add_turn(conversations, a_turn(1, message_id="same"))
    now = stored if is_stale else found(conversations)
    again = a_turn(2, message_id="same", text="다른 말")
    with pytest.raises(MessageRepeatedError, match="same"):
        conversations.commit(replace(now.session, turn=2), again, expected_version=now.version)
    assert found(conversations).session.turn == 1
    assert conversations.turn("s1", 2) is None
    assert conversations.turn_of_message("s1", "same") == a_turn(1, message_id="same")


def test_sessions_may_use_the_same_message_ids(conversations: Conversations) -> None:
    for session_id, text in (("s1", "하나"), ("s2", "둘")):
        opened(conversations, session_id)
        add_turn(conversations, a_turn(1, text=text, message_id="same"), session_id)
    turn = conversations.turn_of_message("s2", "same")
    assert turn is not None
    assert turn.message is not None
    assert turn.message.text == "둘"


def test_of_twenty_commits_on_one_version_one_wins(conversations: Conversations) -> None:
    stored = opened(conversations)

    def commit(number: int) -> str:
        turn = a_turn(1, message_id=f"m{number}")
        session = replace(stored.session, turn=1, last_intent=f"m{number}")
        conversations.commit(session, turn, expected_version=stored.version)
        return f"m{number}"

    outcomes = all_at_once(commit)
    winners = [one for one in outcomes if isinstance(one, str)]
    assert len(winners) == 1
    assert sum(isinstance(one, VersionConflictError) for one in outcomes) == 19
    assert found(conversations).session.last_intent == winners[0]
    assert conversations.turn("s1", 1) == a_turn(1, message_id=winners[0])
    for number in range(20):
        is_there = conversations.turn_of_message("s1", f"m{number}") is not None
        assert is_there == (f"m{number}" == winners[0])


def test_twenty_writers_who_try_again_store_every_message_once(
    conversations: Conversations,
) -> None:
    opened(conversations)

    def write(number: int) -> int:
        for _ in range(200):
            last = found(conversations).session.turn
            try:
                add_turn(conversations, a_turn(last + 1, message_id=f"m{number}"))
            except VersionConflictError:
                continue
            return last + 1
        raise AssertionError("never came through")

    numbers = all_at_once(write)
    assert sorted(map(repr, numbers), key=int) == [str(number) for number in range(1, 21)]
    kept = conversations.turns("s1", after=0, limit=100)
    assert [turn.number for turn in kept] == list(range(1, 21))
    ids = {turn.message.message_id for turn in kept if turn.message is not None}
    assert ids == {f"m{number}" for number in range(20)}


def test_of_twenty_who_repeat_one_message_one_stores_it(conversations: Conversations) -> None:
    opened(conversations)

    def write(number: int) -> int:
        for _ in range(200):
            last = found(conversations).session.turn
            try:
                add_turn(conversations, a_turn(last + 1, message_id="same"))
            except VersionConflictError:
                continue
            return last + 1
        raise AssertionError("never came through")

    outcomes = all_at_once(write)
    assert [one for one in outcomes if isinstance(one, int)] == [1]
    assert sum(isinstance(one, MessageRepeatedError) for one in outcomes) == 19
    assert found(conversations).session.turn == 1


def test_turns_come_in_order_and_in_pages(conversations: Conversations) -> None:
    opened(conversations)
    for number in range(1, 13):
        add_turn(conversations, a_turn(number))

    def page(after: int, limit: int) -> list[int]:
        return [turn.number for turn in conversations.turns("s1", after=after, limit=limit)]

    assert page(-1, 5) == [0, 1, 2, 3, 4]
    assert page(4, 5) == [5, 6, 7, 8, 9]
    assert page(9, 5) == [10, 11, 12]
    assert page(12, 5) == []
    assert page(10**9, 5) == []
    assert page(-1, 100) == list(range(13))


def test_a_session_expires_after_its_last_turn(
    conversations: Conversations, clock: HandClock
) -> None:
    opened(conversations)
    add_turn(conversations, a_turn(1, at=clock.forward(days=20)))
    clock.forward(days=30, seconds=-1)
    assert conversations.load("s1") is not None
    assert conversations.turn_of_message("s1", "m1") is not None
    clock.forward(seconds=1)
    assert conversations.load("s1") is None
    assert conversations.turns("s1", after=-1, limit=9) == ()
    assert conversations.turn("s1", 1) is None
    assert conversations.turn_of_message("s1", "m1") is None


def test_a_turn_expires_though_the_session_lives_on(
    conversations: Conversations, clock: HandClock
) -> None:
    opened(conversations)
    add_turn(conversations, a_turn(1, at=clock.forward(days=10)))
    add_turn(conversations, a_turn(2, at=clock.forward(days=20, hours=1)))
    assert [turn.number for turn in conversations.turns("s1", after=-1, limit=9)] == [1, 2]
    assert conversations.turn("s1", 0) is None
    clock.forward(days=20)
    assert conversations.turn_of_message("s1", "m1") is None
    assert [turn.number for turn in conversations.turns("s1", after=-1, limit=1)] == [2]
    add_turn(conversations, a_turn(3, message_id="m1", at=clock.now))
    assert conversations.turn_of_message("s1", "m1") == a_turn(3, message_id="m1", at=clock.now)


def test_an_expired_session_may_be_opened_anew(
    conversations: Conversations, clock: HandClock
) -> None:
    """A sender who comes back through a webhook after months brings the same name."""
    opened(conversations)
    for number in (1, 2):
        add_turn(conversations, a_turn(number))
    now = clock.forward(days=31)
    conversations.open(a_session(at=now), a_greeting(at=now))
    assert found(conversations).session == a_session(at=now)
    assert conversations.turns("s1", after=-1, limit=9) == (a_greeting(at=now),)
    add_turn(conversations, a_turn(1, at=now))
    assert conversations.turns("s1", after=-1, limit=9) == (a_greeting(at=now), a_turn(1, at=now))


def test_a_deleted_session_is_forgotten_whole(conversations: Conversations) -> None:
    opened(conversations)
    opened(conversations, "s2")
    add_turn(conversations, a_turn(1), "s2")
    for number in range(1, 41):
        add_turn(conversations, a_turn(number))
    conversations.delete("s1")
    assert conversations.load("s1") is None
    assert conversations.turns("s1", after=-1, limit=100) == ()
    assert conversations.turn_of_message("s1", "m40") is None
    assert conversations.turn("s1", 40) is None
    assert len(conversations.turns("s2", after=-1, limit=9)) == 2


def test_deleting_what_is_not_there_is_no_error(conversations: Conversations) -> None:
    conversations.delete("s1")
    opened(conversations)
    conversations.delete("s1")
    conversations.delete("s1")
    assert conversations.load("s1") is None


def test_nothing_is_committed_to_a_deleted_session(conversations: Conversations) -> None:
    stored = opened(conversations)
    conversations.delete("s1")
    with pytest.raises(VersionConflictError):
        conversations.commit(
            replace(stored.session, turn=1), a_turn(1), expected_version=stored.version
        )
    assert conversations.turn("s1", 1) is None
    assert conversations.turn_of_message("s1", "m1") is None


def test_a_deleted_session_may_be_opened_anew(conversations: Conversations) -> None:
    opened(conversations)
    add_turn(conversations, a_turn(1))
    conversations.delete("s1")
    opened(conversations)
    assert conversations.turns("s1", after=-1, limit=9) == (a_greeting(),)


def test_deleting_while_turns_come_in_leaves_nothing(conversations: Conversations) -> None:
    opened(conversations)

    def act(number: int) -> None:
        if number == 10:
            conversations.delete("s1")
            return
        for _ in range(50):
            stored = conversations.load("s1")
            if stored is None:
                return
            turn = a_turn(stored.session.turn + 1, message_id=f"m{number}")
            session = replace(stored.session, turn=turn.number)
            try:
                conversations.commit(session, turn, expected_version=stored.version)
            except VersionConflictError:
                continue
            return

    assert all_at_once(act) == [None] * 20
    assert conversations.load("s1") is None
    assert conversations.turns("s1", after=-1, limit=100) == ()
    for number in range(20):
        assert conversations.turn_of_message("s1", f"m{number}") is None


@settings(max_examples=40)
@given(session=samples.sessions, turn=samples.turns)
def test_any_turn_is_read_back_as_it_was_stored(
    conversations: Conversations, clock: HandClock, session: Session, turn: Turn
) -> None:
    clock.now = session.last_at
    greeting = a_greeting(at=session.last_at)
    conversations.delete(session.session_id)
    conversations.open(session, greeting)
    stored = found(conversations, session.session_id)
    assert stored.session == session
    turn = replace(turn, number=turn.number + 1)
    conversations.commit(session, turn, expected_version=stored.version)
    assert conversations.turn(session.session_id, turn.number) == turn
    if turn.message is not None:
        message_id = turn.message.message_id
        assert conversations.turn_of_message(session.session_id, message_id) == turn
