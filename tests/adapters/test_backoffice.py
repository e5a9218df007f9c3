"""The contract of the port ``BackOffice``, kept by every adapter."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangdam.backoffice.writes import Count, Delete, Key, Put, Write, merged
from sangdam.ports import BackOffice, Record, WriteRefusedError
from tests.adapters.races import all_at_once

ORDER = Key("shop#orders", "20261118-0001")
SEATS = Key("clinic#seats#2026-11-24", "dr_kim#09:00")


def standing(store: BackOffice, key: Key = SEATS) -> int:
    return store.counts(key.pk, prefix=key.sk).get(key.sk, 0)


def test_a_new_record_is_found_with_its_first_version(backoffice: BackOffice) -> None:
    backoffice.apply([Put(ORDER, '{"status":"결제"}')])
    assert backoffice.get(ORDER) == Record(ORDER, '{"status":"결제"}', 1)


def test_what_was_never_put_is_not_there(backoffice: BackOffice) -> None:
    backoffice.apply([Put(ORDER, "{}")])
    assert backoffice.get(Key(ORDER.pk, "20261118-0002")) is None
    assert backoffice.get(Key("shop#order", ORDER.sk)) is None
    assert backoffice.under("shop#order") == ()
    assert backoffice.counts(ORDER.pk) == {}


@pytest.mark.parametrize(
    "key",
    [
        Key("", ""), Key("", "a"), Key("a", ""), Key("가" * 700, "a"), Key("a", "가" * 400),
        Key("\0", "\n"), Key("a", "\ud800"),
    ],
)  # fmt: skip
def test_nothing_stands_at_an_odd_key(backoffice: BackOffice, key: Key) -> None:
    """However odd: a pressed button carries whatever a client wrote into it."""
    backoffice.apply([Put(ORDER, "{}")])
    assert backoffice.get(key) is None
    assert backoffice.under(key.pk) == ()
    assert backoffice.counts(key.pk, prefix=key.sk) == {}


def test_a_record_put_over_the_version_that_was_read_is_replaced(backoffice: BackOffice) -> None:
    backoffice.apply([Put(ORDER, "one")])
    backoffice.apply([Put(ORDER, "two", expected=1)])
    backoffice.apply([Put(ORDER, "three", expected=2)])
    assert backoffice.get(ORDER) == Record(ORDER, "three", 3)


@pytest.mark.parametrize("expected", [None, 1, 3])
def test_a_record_that_changed_meanwhile_is_not_replaced(
    backoffice: BackOffice, expected: int | None
) -> None:
    backoffice.apply([Put(ORDER, "one")])
    backoffice.apply([Put(ORDER, "two", expected=1)])
    with pytest.raises(WriteRefusedError, match="20261118-0001") as refused:
        backoffice.apply([Put(ORDER, "other", expected=expected)])
    assert refused.value.keys == (ORDER,)
    assert backoffice.get(ORDER) == Record(ORDER, "two", 2)


def test_a_record_that_is_gone_cannot_be_replaced(backoffice: BackOffice) -> None:
    with pytest.raises(WriteRefusedError):
        backoffice.apply([Put(ORDER, "one", expected=1)])
    assert backoffice.get(ORDER) is None


def test_a_record_is_deleted_if_nobody_changed_it(backoffice: BackOffice) -> None:
    backoffice.apply([Put(ORDER, "one")])
    with pytest.raises(WriteRefusedError):
        backoffice.apply([Delete(ORDER, expected=2)])
    assert backoffice.get(ORDER) is not None
    backoffice.apply([Delete(ORDER, expected=1)])
    assert backoffice.get(ORDER) is None
    with pytest.raises(WriteRefusedError):
        backoffice.apply([Delete(ORDER, expected=1)])


@pytest.mark.parametrize(
    ("standing_at", "by", "limit", "becomes"),
    [
        (0, 1, 1, 1), (0, 2, 1, None), (0, 3, 3, 3), (0, 4, 3, None), (0, 1, 0, None),
        (2, 1, 3, 3), (3, 1, 3, None), (2, 2, 3, None), (2, 5, 3, None),
        (0, -1, 3, None), (2, -1, 3, 1), (2, -2, 3, 0), (2, -3, 3, None),
        (3, -1, 1, 2),  # fewer seats than before: those who have one may still give it back
    ],
)  # fmt: skip
def test_a_counter_stays_within_its_bounds(
    backoffice: BackOffice, standing_at: int, by: int, limit: int, becomes: int | None
) -> None:
    if standing_at:
        backoffice.apply([Count(SEATS, standing_at, 9)])
    if becomes is None:
        with pytest.raises(WriteRefusedError) as refused:
            backoffice.apply([Count(SEATS, by, limit)])
        assert refused.value.keys == (SEATS,)
        assert standing(backoffice) == standing_at
    else:
        backoffice.apply([Count(SEATS, by, limit)])
        assert standing(backoffice) == becomes


def test_writes_are_carried_out_together_or_not_at_all(backoffice: BackOffice) -> None:
    other = Key("shop#orders", "20261118-0002")
    backoffice.apply([Put(ORDER, "one"), Put(other, "one")])
    with pytest.raises(WriteRefusedError) as refused:
        backoffice.apply(
            [
                Put(Key("shop#orders", "new"), "one"),
                Put(ORDER, "two", expected=7),
                Delete(other, expected=1),
                Count(SEATS, 1, 5),
                Count(Key("clinic#seats", "full"), 1, 0),
            ]
        )
    assert refused.value.keys == (ORDER, Key("clinic#seats", "full"))
    assert [one.record for one in backoffice.under("shop#orders")] == ["one", "one"]
    assert standing(backoffice) == 0


def test_no_writes_are_no_trouble(backoffice: BackOffice) -> None:
    backoffice.apply([])


def test_records_come_in_order_and_counters_apart(backoffice: BackOffice) -> None:
    for sk in ("b#2", "a#1", "b#10", "가", "c"):
        backoffice.apply([Put(Key("shop#x", sk), sk)])
    backoffice.apply([Count(Key("shop#x", "b#1"), 2, 9), Count(Key("shop#x", "n"), 1, 9)])
    backoffice.apply([Put(Key("shop#xy", "b#3"), "another")])
    assert [one.key.sk for one in backoffice.under("shop#x")] == ["a#1", "b#10", "b#2", "c", "가"]
    assert [one.record for one in backoffice.under("shop#x", prefix="b#")] == ["b#10", "b#2"]
    assert [one.key.sk for one in backoffice.under("shop#x", limit=2)] == ["a#1", "b#10"]
    assert backoffice.under("shop#x", limit=0) == ()
    assert backoffice.under("shop#x", prefix="z") == ()
    assert backoffice.counts("shop#x") == {"b#1": 2, "n": 1}
    assert backoffice.counts("shop#x", prefix="b") == {"b#1": 2}
    assert backoffice.get(Key("shop#x", "b#1")) is None


def test_long_lists_are_read_whole(backoffice: BackOffice) -> None:
    """A page of a query ends at one megabyte."""
    for number in range(30):
        backoffice.apply([Put(Key("shop#x", f"{number:03}"), "가" * 20_000)])
        backoffice.apply([Count(Key("shop#x", f"n{number:03}"), number + 1, 99)])
    assert len(backoffice.under("shop#x")) == 30
    assert len(backoffice.under("shop#x", limit=25)) == 25
    assert len(backoffice.counts("shop#x")) == 30


def test_a_key_is_written_once_in_a_transaction(backoffice: BackOffice) -> None:
    writes: Sequence[Write] = [Count(SEATS, 1, 9), Count(SEATS, 2, 9)]
    with pytest.raises(ValueError, match="twice"):
        backoffice.apply(writes)
    backoffice.apply(merged(writes))
    assert standing(backoffice) == 3


def test_a_transaction_holds_a_hundred_writes(backoffice: BackOffice) -> None:
    writes = [Put(Key("shop#x", f"{number}"), "{}") for number in range(101)]
    with pytest.raises(ValueError, match="holds 100"):
        backoffice.apply(writes)
    backoffice.apply(writes[:100])
    assert len(backoffice.under("shop#x")) == 100


def test_a_key_that_cannot_be_stored_is_told(backoffice: BackOffice) -> None:
    with pytest.raises(ValueError, match="cannot be stored"):
        backoffice.apply([Put(Key("shop#orders", ""), "{}")])


def test_of_fifty_who_want_the_last_seat_one_gets_it(backoffice: BackOffice) -> None:
    outcomes = all_at_once(lambda number: backoffice.apply([Count(SEATS, 1, 1)]), count=50)
    assert outcomes.count(None) == 1
    assert sum(isinstance(one, WriteRefusedError) for one in outcomes) == 49
    assert standing(backoffice) == 1


def test_of_twenty_who_change_one_record_one_does(backoffice: BackOffice) -> None:
    backoffice.apply([Put(ORDER, "paid")])

    def cancel(number: int) -> None:
        backoffice.apply(
            [Put(ORDER, f"cancelled {number}", expected=1), Put(Key("shop#log", str(number)), "")]
        )

    outcomes = all_at_once(cancel)
    (winner,) = [number for number, one in enumerate(outcomes) if one is None]
    record = backoffice.get(ORDER)
    assert record == Record(ORDER, f"cancelled {winner}", 2)
    assert [one.key.sk for one in backoffice.under("shop#log")] == [str(winner)]


@settings(max_examples=25)
@given(steps=st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 4)), max_size=12))
def test_whatever_is_counted_it_never_leaves_its_bounds(
    backoffice: BackOffice, steps: list[tuple[int, int]]
) -> None:
    expected = before = standing(backoffice)
    for by, limit in steps:
        try:
            backoffice.apply([Count(SEATS, by, limit)])
        except WriteRefusedError:
            assert expected + by < 0 or expected + by > limit
            continue
        expected += by
        assert expected >= 0
        assert by < 0 or expected <= limit
    assert standing(backoffice) == expected
    if expected:
        backoffice.apply([Count(SEATS, -expected, 9)])
    assert before == 0
