"""A turn and the writes of its actions are stored together, once, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sangdam.backoffice.writes import Count, Delete, Key, Put
from sangdam.ports import (
    BackOffice,
    Conversations,
    MessageRepeatedError,
    Record,
    StorageUnavailableError,
    VersionConflictError,
    WriteRefusedError,
)
from sangdam_adapters.dynamodb_backoffice import DynamoBackOffice
from sangdam_adapters.dynamodb_conversations import DynamoConversations
from sangdam_adapters.memory import MemoryConversations
from tests.adapters.aws import Aws
from tests.adapters.races import all_at_once
from tests.adapters.samples import HandClock, a_greeting, a_session, a_turn
from tests.adapters.wire import answered, cancellation, cut_off, refusal, watched

CONFLICT, FAILED = "TransactionConflict", "ConditionalCheckFailed"
ORDER = Key("shop#orders", "20261118-0001")
SEAT = Key("clinic#seats#2026-11-24", "dr_kim#09:00")
Both = tuple[Conversations, BackOffice]


def open_sessions(conversations: Conversations, *names: str) -> None:
    for name in names or ("s1",):
        conversations.open(a_session(name), a_greeting())


def test_a_turn_is_stored_with_its_writes(turns_and_business: Both) -> None:
    conversations, backoffice = turns_and_business
    open_sessions(conversations)
    backoffice.apply([Put(ORDER, "paid"), Put(Key("shop#holds", "s1"), "{}")])
    writes = (
        Put(ORDER, "cancelled", expected=1),
        Put(Key("shop#requests", "C1"), "new"),
        Delete(Key("shop#holds", "s1"), expected=1),
        Count(SEAT, 2, 5),
    )
    conversations.commit(a_session(turn=1), a_turn(1), expected_version=1, writes=writes)
    assert conversations.turn("s1", 1) == a_turn(1)
    assert backoffice.get(ORDER) == Record(ORDER, "cancelled", 2)
    assert backoffice.get(Key("shop#requests", "C1")) is not None
    assert backoffice.get(Key("shop#holds", "s1")) is None
    assert backoffice.counts(SEAT.pk) == {SEAT.sk: 2}


def test_a_refused_write_leaves_nothing_stored(turns_and_business: Both) -> None:
    conversations, backoffice = turns_and_business
    open_sessions(conversations)
    backoffice.apply([Count(SEAT, 1, 1), Put(ORDER, "shipped")])
    writes = (Put(Key("shop#x", "y"), "{}"), Count(SEAT, 1, 1), Put(ORDER, "paid"))
    with pytest.raises(WriteRefusedError) as refused:
        conversations.commit(a_session(turn=1), a_turn(1), expected_version=1, writes=writes)
    assert refused.value.keys == (SEAT, ORDER)
    stored = conversations.load("s1")
    assert stored is not None
    assert stored.session.turn == 0
    assert conversations.turn("s1", 1) is None
    assert conversations.turn_of_message("s1", "m1") is None
    assert backoffice.get(Key("shop#x", "y")) is None
    assert backoffice.get(ORDER) == Record(ORDER, "shipped", 1)


def test_a_refused_write_can_be_decided_again(turns_and_business: Both) -> None:
    conversations, backoffice = turns_and_business
    open_sessions(conversations)
    with pytest.raises(WriteRefusedError):
        conversations.commit(
            a_session(turn=1), a_turn(1), expected_version=1, writes=[Count(SEAT, 1, 0)]
        )
    conversations.commit(a_session(turn=1), a_turn(1), expected_version=1)
    assert conversations.turn("s1", 1) == a_turn(1)
    assert backoffice.counts(SEAT.pk) == {}


def test_a_repeated_message_writes_nothing_again(turns_and_business: Both) -> None:
    """Repetition wins over a refused write: the seat is taken by the very same message."""
    conversations, backoffice = turns_and_business
    open_sessions(conversations)
    conversations.commit(
        a_session(turn=1), a_turn(1), expected_version=1, writes=[Count(SEAT, 1, 1)]
    )
    for version in (1, 2):
        with pytest.raises(MessageRepeatedError):
            conversations.commit(
                a_session(turn=2),
                a_turn(2, message_id="m1"),
                expected_version=version,
                writes=[Count(SEAT, 1, 1)],
            )
    assert backoffice.counts(SEAT.pk) == {SEAT.sk: 1}


def test_a_stale_session_writes_nothing(turns_and_business: Both) -> None:
    conversations, backoffice = turns_and_business
    open_sessions(conversations)
    conversations.commit(a_session(turn=1), a_turn(1), expected_version=1)
    for writes in ([Count(SEAT, 1, 1)], [Count(SEAT, 1, 0)]):
        with pytest.raises(VersionConflictError):
            conversations.commit(a_session(turn=2), a_turn(2), expected_version=1, writes=writes)
    with pytest.raises(VersionConflictError):
        conversations.commit(
            a_session("s2", turn=1), a_turn(1), expected_version=1, writes=[Count(SEAT, 1, 1)]
        )
    assert backoffice.counts(SEAT.pk) == {}


def test_too_many_writes_for_one_turn_are_told(turns_and_business: Both) -> None:
    conversations, backoffice = turns_and_business
    open_sessions(conversations)
    writes = [Put(Key("shop#x", f"{number}"), "{}") for number in range(98)]
    with pytest.raises(ValueError, match="98 writes of one turn; a transaction holds 97"):
        conversations.commit(a_session(turn=1), a_turn(1), expected_version=1, writes=writes)
    conversations.commit(a_session(turn=1), a_turn(1), expected_version=1, writes=writes[:97])
    assert len(backoffice.under("shop#x")) == 97


def test_of_fifty_customers_who_want_the_last_seat_one_gets_it(turns_and_business: Both) -> None:
    conversations, backoffice = turns_and_business
    open_sessions(conversations, *(f"s{number}" for number in range(50)))

    def take(number: int) -> int:
        name = f"s{number}"
        conversations.commit(
            a_session(name, turn=1),
            a_turn(1),
            expected_version=1,
            writes=[Count(SEAT, 1, 1), Put(Key("clinic#reservations", name), "{}")],
        )
        return number

    outcomes = all_at_once(take, count=50)
    (winner,) = [one for one in outcomes if isinstance(one, int)]
    assert sum(isinstance(one, WriteRefusedError) for one in outcomes) == 49
    assert backoffice.counts(SEAT.pk) == {SEAT.sk: 1}
    assert [one.key.sk for one in backoffice.under("clinic#reservations")] == [f"s{winner}"]
    told = [number for number in range(50) if conversations.turn(f"s{number}", 1) is not None]
    assert told == [winner]


def test_a_message_sent_twenty_times_is_carried_out_once(turns_and_business: Both) -> None:
    conversations, backoffice = turns_and_business
    open_sessions(conversations)

    def send(_: int) -> str:
        conversations.commit(
            a_session(turn=1), a_turn(1), expected_version=1, writes=[Count(SEAT, 1, 99)]
        )
        return "stored"

    outcomes = all_at_once(send)
    assert outcomes.count("stored") == 1
    known = (MessageRepeatedError, VersionConflictError)
    assert sum(isinstance(one, known) for one in outcomes) == 19
    assert backoffice.counts(SEAT.pk) == {SEAT.sk: 1}


def test_conversations_without_a_back_office_say_so(aws: Aws, clock: HandClock) -> None:
    for conversations in (
        MemoryConversations(clock=clock),
        DynamoConversations(aws.dynamodb, table=aws.conversations, clock=clock),
    ):
        open_sessions(conversations)
        with pytest.raises(ValueError, match="no back office"):
            conversations.commit(
                a_session(turn=1), a_turn(1), expected_version=1, writes=[Count(SEAT, 1, 1)]
            )
        assert conversations.turn("s1", 1) is None


@pytest.fixture
def pauses() -> list[float]:
    """How long the adapter would have waited."""
    return []


@pytest.fixture
def dynamo(aws: Aws, clock: HandClock, pauses: list[float]) -> DynamoConversations:
    opened = DynamoConversations(
        aws.dynamodb,
        table=aws.conversations,
        clock=clock,
        backoffice=aws.backoffice,
        pause=pauses.append,
    )
    open_sessions(opened)
    return opened


def take_a_seat(store: DynamoConversations) -> None:
    store.commit(
        a_session(turn=1),
        a_turn(1),
        expected_version=1,
        writes=[Count(SEAT, 1, 1), Put(ORDER, "{}")],
    )


@pytest.mark.parametrize(
    ("reasons", "error"),
    [
        (("None", "None", "None", FAILED, "None"), WriteRefusedError),
        (("None", "None", "None", FAILED, CONFLICT), WriteRefusedError),
        ((FAILED, "None", "None", FAILED, "None"), VersionConflictError),
        ((CONFLICT, "None", "None", FAILED, "None"), VersionConflictError),
        (("None", FAILED, "None", CONFLICT, "None"), VersionConflictError),
        ((FAILED, FAILED, FAILED, FAILED, FAILED), MessageRepeatedError),
        (("None", "None", FAILED, CONFLICT, CONFLICT), MessageRepeatedError),
        (("None", "None", "None", "ThrottlingError", FAILED), StorageUnavailableError),
    ],
)
def test_the_reason_of_a_cancellation_is_told_apart(
    dynamo: DynamoConversations, reasons: tuple[str, ...], error: type[Exception]
) -> None:
    with (
        answered(dynamo._db, "TransactWriteItems", cancellation(*reasons)),
        pytest.raises(error),
    ):
        take_a_seat(dynamo)
    assert dynamo.turn("s1", 1) is None


def test_only_the_refused_writes_are_named(dynamo: DynamoConversations) -> None:
    reasons = ("None", "None", "None", CONFLICT, FAILED)
    with (
        answered(dynamo._db, "TransactWriteItems", cancellation(*reasons)),
        pytest.raises(WriteRefusedError) as refused,
    ):
        take_a_seat(dynamo)
    assert refused.value.keys == (ORDER,)


def test_a_turn_waits_for_another_customers_write_on_its_way(
    dynamo: DynamoConversations, pauses: list[float]
) -> None:
    busy = cancellation("None", "None", "None", CONFLICT, "None")
    with answered(dynamo._db, "TransactWriteItems", busy, busy):
        take_a_seat(dynamo)
    assert len(pauses) == 2
    assert dynamo.turn("s1", 1) is not None


def test_a_turn_does_not_wait_for_others_for_ever(
    dynamo: DynamoConversations, pauses: list[float]
) -> None:
    busy = cancellation("None", "None", "None", CONFLICT, "None")
    with (
        answered(dynamo._db, "TransactWriteItems", *[busy] * 9),
        pytest.raises(VersionConflictError),
    ):
        take_a_seat(dynamo)
    assert sum(pauses) < 2


def test_customers_who_wait_wait_differently(aws: Aws, clock: HandClock) -> None:
    waits: list[float] = []
    store = DynamoConversations(
        aws.dynamodb,
        table=aws.conversations,
        clock=clock,
        backoffice=aws.backoffice,
        pause=waits.append,
    )
    for name in ("s1", "s2", "s3"):
        open_sessions(store, name)
        busy = cancellation("None", "None", "None", CONFLICT)
        with answered(aws.dynamodb, "TransactWriteItems", busy):
            store.commit(
                a_session(name, turn=1), a_turn(1), expected_version=1, writes=[Count(SEAT, 1, 9)]
            )
    assert len(set(waits)) == 3


def test_a_turn_and_its_writes_cost_one_write(dynamo: DynamoConversations, aws: Aws) -> None:
    with watched(aws.dynamodb) as calls:
        take_a_seat(dynamo)
    ((name, params),) = calls
    assert name == "TransactWriteItems"
    tables = [part["TableName"] for one in params["TransactItems"] for part in one.values()]
    assert tables == [aws.conversations] * 3 + [aws.backoffice] * 2


def test_a_single_write_waits_for_a_transaction_on_its_way(aws: Aws) -> None:
    pauses: list[float] = []
    store = DynamoBackOffice(aws.dynamodb, table=aws.backoffice, pause=pauses.append)
    with answered(aws.dynamodb, "TransactWriteItems", cancellation(CONFLICT)):
        store.apply([Count(SEAT, 1, 1)])
    assert len(pauses) == 1
    assert store.counts(SEAT.pk) == {SEAT.sk: 1}
    with (
        answered(aws.dynamodb, "TransactWriteItems", *[cancellation(CONFLICT)] * 9),
        pytest.raises(StorageUnavailableError, match="try again"),
    ):
        store.apply([Count(SEAT, -1, 1)])


@pytest.mark.parametrize("trouble", [cut_off(), refusal("ThrottlingException")])
def test_a_back_office_out_of_reach_is_told(aws: Aws, trouble: object) -> None:
    store = DynamoBackOffice(aws.dynamodb, table=aws.backoffice)
    calls: dict[str, Callable[[], object]] = {
        "GetItem": lambda: store.get(ORDER),
        "Query": lambda: store.under("shop#orders"),
        "TransactWriteItems": lambda: store.apply([Put(ORDER, "{}")]),
    }
    for operation, call in calls.items():
        with (
            answered(aws.dynamodb, operation, trouble),
            pytest.raises(StorageUnavailableError, match=aws.backoffice),
        ):
            call()


def test_every_read_of_the_back_office_sees_the_latest_write(aws: Aws) -> None:
    store = DynamoBackOffice(aws.dynamodb, table=aws.backoffice)
    with watched(aws.dynamodb) as calls:
        store.get(ORDER)
        store.under("shop#orders", prefix="2026")
        store.counts("shop#orders")
    assert [name for name, _ in calls] == ["GetItem", "Query", "Query"]
    assert all(params["ConsistentRead"] for _, params in calls)


def test_a_key_that_dynamodb_would_refuse_is_never_asked_for(aws: Aws) -> None:
    store = DynamoBackOffice(aws.dynamodb, table=aws.backoffice)
    with watched(aws.dynamodb) as calls:
        assert store.get(Key("shop", "가" * 400)) is None
        assert store.under("가" * 700) == ()
        assert store.get(replace(ORDER, sk="가" * 300)) is None
    assert [name for name, _ in calls] == ["GetItem"]
