"""A turn that changes something twice: the second change sees the first, and both are stored."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangdam.backoffice.writes import Count, Delete, Key, Put, Write
from sangdam.dialogue.decision import Phase
from sangdam.ports import BackOffice, WriteRefusedError
from sangdam.services.pending_writes import PendingWrites
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from tests.core.reservation_desk import MONDAY, PHONE, Desk, Visitor, wish

ONE, OTHER = Key("shop#a", "x1"), Key("shop#a", "x2")


def test_what_is_about_to_be_written_is_seen_and_not_stored() -> None:
    store = MemoryBackOffice([Put(ONE, "old"), Count(OTHER, 2, 9)])
    pending = PendingWrites(store)
    pending.apply([Put(ONE, "new", 1), Count(OTHER, 3, 9)])
    seen = pending.get(ONE)
    assert seen is not None
    assert (seen.record, seen.version) == ("new", 2)
    assert [one.record for one in pending.under("shop#a", prefix="x")] == ["new"]
    assert pending.counts("shop#a") == {"x2": 5}
    assert store.counts("shop#a") == {"x2": 2}
    store.apply(pending.writes)
    assert store.counts("shop#a") == {"x2": 5}


def test_what_contradicts_an_earlier_write_of_the_turn_is_refused_whole() -> None:
    pending = PendingWrites(MemoryBackOffice([Put(ONE, "old")]))
    pending.apply([Delete(ONE, 1)])
    with pytest.raises(WriteRefusedError):
        pending.apply([Put(OTHER, "new"), Put(ONE, "new", 1)])
    assert pending.get(OTHER) is None
    assert pending.get(ONE) is None
    assert pending.writes == (Delete(ONE, 1),)


def test_what_is_made_and_deleted_in_one_turn_leaves_nothing_to_write() -> None:
    pending = PendingWrites(MemoryBackOffice())
    pending.apply([Put(ONE, "new"), Count(OTHER, 1, 9)])
    pending.apply([Delete(ONE, 1), Count(OTHER, -1, 9)])
    assert pending.writes == ()


def readable(store: BackOffice) -> tuple[object, ...]:
    records = [(one.key, one.record) for one in store.under("shop#a")]
    return records, {sk: count for sk, count in store.counts("shop#a").items() if count}


happenings = st.lists(
    st.tuples(
        st.sampled_from(["put", "delete", "count"]),
        st.sampled_from(["x1", "x2", "y"]),
        st.integers(-3, 5),
    ),
    max_size=12,
)


def written(store: BackOffice, what: str, sk: str, by: int) -> Sequence[Write]:
    """Return a write that fits what is there."""
    key = Key("shop#a", sk)
    known = store.get(key)
    if what == "count":
        by = max(by, -store.counts("shop#a").get(f"n{sk}", 0))
        return [Count(Key("shop#a", f"n{sk}"), by, 1000)] if by else []
    if what == "put":
        return [Put(key, f"{by}", None if known is None else known.version)]
    return [] if known is None else [Delete(key, known.version)]


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(happenings, happenings)
def test_written_at_once_it_is_the_same_as_one_after_the_other(
    before: list[tuple[str, str, int]], during: list[tuple[str, str, int]]
) -> None:
    store, twin = MemoryBackOffice(), MemoryBackOffice()
    for one in before:
        for each in (store, twin):
            each.apply(written(each, *one))
    pending = PendingWrites(store)
    for one in during:
        pending.apply(written(pending, *one))
        twin.apply(written(twin, *one))
    assert readable(pending) == readable(twin)
    store.apply(pending.writes)
    assert readable(store) == readable(twin)


def in_one_turn(visitor: Visitor, *asked: tuple[str, Phase, dict[str, str]]) -> list[str]:
    """Carry several actions out in one turn; return what they came to."""
    desk, store = visitor.desk, visitor.desk.store
    visitor.turn += 1
    pending = PendingWrites(store)
    desk.store = pending
    outcomes = []
    for action, phase, values in asked:
        done = visitor.decide(action, phase, values)
        pending.apply(done.writes)
        outcomes.append(done.result.outcome)
    desk.store = store
    store.apply(pending.writes)
    return outcomes


def test_a_booking_that_waited_is_offered_again_in_the_turn_that_ends_another() -> None:
    desk = Desk()
    visitor = desk.visitor()
    number = visitor.booked(**wish(MONDAY, "09:00", resource="dr_kim"))
    change = {"number": number, "phone": PHONE, "time": "10:00"}
    waiting = wish(MONDAY, "13:00", resource="dr_kim")
    visitor.offer("book", **waiting)
    visitor.offer("change", **change)
    outcomes = in_one_turn(visitor, ("change", "run", change), ("book", "offer", waiting))
    assert outcomes == ["changed", "ok"]
    assert desk.counts("dr_kim", MONDAY) == {"10:00": 1, "13:00": 1}
    assert desk.holds("dr_kim", MONDAY) == 1
    assert visitor.run("book", **waiting).outcome == "booked"
    assert desk.counts("dr_kim", MONDAY) == {"10:00": 1, "13:00": 1}


def test_what_is_withdrawn_and_offered_again_in_one_turn_is_held_once() -> None:
    desk = Desk()
    visitor = desk.visitor()
    nine, ten = (wish(MONDAY, at, resource="dr_kim") for at in ("09:00", "10:00"))
    visitor.offer("book", **nine)
    outcomes = in_one_turn(
        visitor, ("book", "withdraw", nine), ("book", "offer", ten), ("book", "offer", nine)
    )
    assert outcomes == ["ok", "ok", "ok"]
    assert desk.counts("dr_kim", MONDAY) == {"09:00": 1}
    assert desk.holds("dr_kim", MONDAY) == 1
    visitor.withdraw("book")
    assert desk.counts("dr_kim", MONDAY) == {}
