"""What only DynamoDB can do to a conversation, and what it must be asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from sangdam.backoffice.writes import Count, Delete, Key, Put
from sangdam.bots.definition import QuickReply
from sangdam.dialogue.session import WORDINGS_KEPT, OpenForm
from sangdam.ports import (
    MessageRepeatedError,
    SessionExistsError,
    StorageUnavailableError,
    VersionConflictError,
    WriteRefusedError,
)
from sangdam_adapters.dynamodb_backoffice import DynamoBackOffice
from sangdam_adapters.dynamodb_conversations import DynamoConversations
from sangdam_adapters.dynamodb_feedback import DynamoFeedback
from sangdam_adapters.records import RecordError
from scripts.local.intrinsics import read_yaml
from tests.adapters.aws import ROOT, Aws
from tests.adapters.samples import (
    START,
    HandClock,
    a_feedback,
    a_greeting,
    a_label,
    a_session,
    a_turn,
)
from tests.adapters.wire import (
    answered,
    cancellation,
    cut_off,
    refusal,
    unreachable,
    watched,
)

CONFLICT, FAILED = "TransactionConflict", "ConditionalCheckFailed"


@pytest.fixture
def pauses() -> list[float]:
    """How long the adapter would have waited."""
    return []


@pytest.fixture
def store(aws: Aws, clock: HandClock, pauses: list[float]) -> DynamoConversations:
    return DynamoConversations(
        aws.dynamodb, table=aws.conversations, clock=clock, pause=pauses.append
    )


def items(aws: Aws) -> list[tuple[str, str]]:
    scanned = aws.dynamodb.scan(TableName=aws.conversations)["Items"]
    return sorted((item["pk"]["S"], item["sk"]["S"]) for item in scanned)


def commit(store: DynamoConversations, number: int = 1) -> None:
    store.commit(a_session(turn=number), a_turn(number), expected_version=number)


@pytest.mark.parametrize(
    "reasons",
    [(CONFLICT, "None", "None"), ("None", CONFLICT, CONFLICT), (FAILED, CONFLICT, "None")],
)
def test_a_transaction_that_meets_another_is_told_again(
    store: DynamoConversations, reasons: tuple[str, ...]
) -> None:
    """Two messages of one customer at once are no error: the service reads and tries again."""
    store.open(a_session(), a_greeting())
    with (
        answered(store._db, "TransactWriteItems", cancellation(*reasons)),
        pytest.raises(VersionConflictError, match="s1"),
    ):
        commit(store)
    commit(store)
    assert store.turn("s1", 1) == a_turn(1)


@pytest.mark.parametrize("first", ["None", FAILED, CONFLICT])
def test_a_known_message_id_is_recognised_whatever_else_failed(
    store: DynamoConversations, first: str
) -> None:
    store.open(a_session(), a_greeting())
    with (
        answered(store._db, "TransactWriteItems", cancellation(first, FAILED, FAILED)),
        pytest.raises(MessageRepeatedError, match="m1"),
    ):
        commit(store)


@pytest.mark.parametrize(
    "answer",
    [
        cancellation("ThrottlingError", "None", "None"),
        cancellation("ProvisionedThroughputExceeded", "None", "None"),
        cancellation("ValidationError", "None", "None"),
        refusal("ThrottlingException"),
        refusal("AccessDeniedException"),
        refusal("InternalServerError", status=500),
        cut_off(),
        unreachable(),
    ],
    ids=lambda answer: str(answer)[:60],
)
def test_a_table_in_trouble_is_no_conflict(store: DynamoConversations, answer: object) -> None:
    """Telling the story again at once would only make the trouble worse."""
    store.open(a_session(), a_greeting())
    with (
        answered(store._db, "TransactWriteItems", answer),
        pytest.raises(StorageUnavailableError, match=r"dynamodb://.*Conversations"),
    ):
        commit(store)


def test_a_commit_whose_answer_was_lost_is_recognised(store: DynamoConversations) -> None:
    store.open(a_session(), a_greeting())

    def lose(**_: object) -> None:
        raise cut_off()

    lost = "after-call.dynamodb.TransactWriteItems"
    store._db.meta.events.register(lost, lose)
    with pytest.raises(StorageUnavailableError):
        commit(store)
    store._db.meta.events.unregister(lost, lose)
    with pytest.raises(MessageRepeatedError):
        commit(store)
    assert store.turn_of_message("s1", "m1") == a_turn(1)


def test_the_client_may_repeat_a_transaction_safely(store: DynamoConversations) -> None:
    """DynamoDB itself recognises a request that its client sends again after a lost answer."""
    with answered(store._db, "TransactWriteItems") as calls:
        store.open(a_session(), a_greeting())
    assert json.loads(calls[0])["ClientRequestToken"]


def test_an_opening_waits_for_another_on_its_way(
    store: DynamoConversations, pauses: list[float]
) -> None:
    with answered(
        store._db,
        "TransactWriteItems",
        cancellation(CONFLICT, "None"),
        cancellation(CONFLICT, CONFLICT),
    ):
        store.open(a_session(), a_greeting())
    assert len(pauses) == 2
    assert store.load("s1") is not None


def test_an_opening_that_lost_to_another_says_so(store: DynamoConversations) -> None:
    with (
        answered(
            store._db,
            "TransactWriteItems",
            cancellation(CONFLICT, "None"),
            cancellation(FAILED, FAILED),
        ),
        pytest.raises(SessionExistsError),
    ):
        store.open(a_session(), a_greeting())


def test_an_opening_does_not_wait_for_ever(store: DynamoConversations, pauses: list[float]) -> None:
    with (
        answered(store._db, "TransactWriteItems", *[cancellation(CONFLICT, "None")] * 9),
        pytest.raises(StorageUnavailableError, match="try again"),
    ):
        store.open(a_session(), a_greeting())
    assert sum(pauses) < 1


def test_a_deletion_waits_for_a_turn_on_its_way(
    store: DynamoConversations, aws: Aws, pauses: list[float]
) -> None:
    store.open(a_session(), a_greeting())
    with answered(store._db, "DeleteItem", refusal("TransactionConflictException")):
        store.delete("s1")
    assert len(pauses) == 1
    assert items(aws) == []


def test_a_deletion_takes_up_what_was_left_unprocessed(
    store: DynamoConversations, aws: Aws, pauses: list[float]
) -> None:
    store.open(a_session(), a_greeting())
    commit(store)
    key = {"pk": {"S": "session#s1"}, "sk": {"S": "message#m1"}}
    left = (200, {"UnprocessedItems": {aws.conversations: [{"DeleteRequest": {"Key": key}}]}})
    with answered(store._db, "BatchWriteItem", left) as calls:
        store.delete("s1")
    # The first call never reached the table, so the sweep at the end finds the rest.
    assert len(calls) == 3
    assert items(aws) == []
    assert len(pauses) == 1


@pytest.mark.parametrize("trouble", [cut_off(), refusal("ThrottlingException")])
def test_a_deletion_that_broke_can_be_asked_for_again(
    store: DynamoConversations, aws: Aws, trouble: object
) -> None:
    """The session, and with it the customer's right to delete it, goes last."""
    store.open(a_session(), a_greeting())
    for number in range(1, 31):
        commit(store, number)
    with (
        answered(store._db, "BatchWriteItem", None, trouble),
        pytest.raises(StorageUnavailableError),
    ):
        store.delete("s1")
    assert store.load("s1") is not None
    store.delete("s1")
    assert items(aws) == []


def test_a_deletion_that_gets_nowhere_ends(
    store: DynamoConversations, aws: Aws, pauses: list[float]
) -> None:
    store.open(a_session(), a_greeting())
    key = {"pk": {"S": "session#s1"}, "sk": {"S": "turn#000000000"}}
    left = (200, {"UnprocessedItems": {aws.conversations: [{"DeleteRequest": {"Key": key}}]}})
    with (
        answered(store._db, "BatchWriteItem", *[left] * 99),
        pytest.raises(StorageUnavailableError, match="try again"),
    ):
        store.delete("s1")
    assert sum(pauses) < 1


def test_a_long_deletion_reads_every_page(store: DynamoConversations, aws: Aws) -> None:
    """A page of a query ends at one megabyte."""
    store.open(a_session(), a_greeting())
    for number in range(1, 41):
        turn = a_turn(number, text="가" * 2000 * 8)
        store.commit(a_session(turn=number), turn, expected_version=number)
    assert len(store.turns("s1", after=-1, limit=100)) == 41
    store.delete("s1")
    assert items(aws) == []


@pytest.mark.parametrize("answer", [cut_off(), refusal("ProvisionedThroughputExceededException")])
def test_every_call_tells_of_a_table_out_of_reach(
    store: DynamoConversations, answer: object
) -> None:
    store.open(a_session(), a_greeting())
    calls: dict[str, Callable[[], object]] = {
        "GetItem": lambda: store.load("s1"),
        "Query": lambda: store.turns("s1", after=-1, limit=5),
        "TransactWriteItems": lambda: store.open(a_session("s2"), a_greeting()),
        "BatchWriteItem": lambda: store.delete("s1"),
        "DeleteItem": lambda: store.delete("s1"),
    }
    for operation, call in calls.items():
        with (
            answered(store._db, operation, answer),
            pytest.raises(StorageUnavailableError, match=r"dynamodb://"),
        ):
            call()


def test_a_missing_table_is_named(aws: Aws, clock: HandClock) -> None:
    lost = DynamoConversations(aws.dynamodb, table="elsewhere", clock=clock)
    with pytest.raises(StorageUnavailableError, match="dynamodb://elsewhere"):
        lost.load("s1")


def test_every_read_sees_the_latest_write(store: DynamoConversations) -> None:
    with watched(store._db) as calls:
        store.open(a_session(), a_greeting())
        commit(store)
        store.load("s1")
        store.turn("s1", 1)
        store.turn_of_message("s1", "m1")
        store.turns("s1", after=-1, limit=9)
        store.delete("s1")
    reads = [params for name, params in calls if name in ("GetItem", "Query")]
    assert len(reads) == 7
    assert all(params["ConsistentRead"] for params in reads)


def test_a_turn_costs_one_read_and_one_write(store: DynamoConversations) -> None:
    store.open(a_session(), a_greeting())
    with watched(store._db) as calls:
        store.load("s1")
        commit(store)
    assert [name for name, _ in calls] == ["GetItem", "TransactWriteItems"]


def test_the_functions_have_just_the_rights_the_table_needs(
    store: DynamoConversations, aws: Aws
) -> None:
    with watched(store._db) as calls:
        store.open(a_session(), a_greeting())
        commit(store)
        store.turns("s1", after=-1, limit=9)
        store.delete("s1")
    # A transaction needs the rights of the writes in it.
    used = {"PutItem" if name == "TransactWriteItems" else name for name, _ in calls}
    policies = policies_of("ChatFunction", "ConversationsTable.Arn")
    assert policies == {f"dynamodb:{name}" for name in used | {"GetItem"}}


def policies_of(function: str, resource: str) -> set[str]:
    """Return the actions template.yaml allows a function on a resource."""
    document = read_yaml(Path(ROOT / "template.yaml").read_text("utf-8"), name="template.yaml")
    actions: set[str] = set()
    for policy in document["Resources"][function]["Properties"]["Policies"]:
        for statement in policy.get("Statement", ()):
            if statement["Resource"] == {"Fn::GetAtt": resource.split(".")}:
                named = statement["Action"]
                actions |= {named} if isinstance(named, str) else set(named)
    return actions


def test_items_carry_the_time_at_which_they_may_go(
    store: DynamoConversations, aws: Aws, clock: HandClock
) -> None:
    store.open(a_session(), a_greeting())
    commit(store)
    scanned = aws.dynamodb.scan(TableName=aws.conversations)["Items"]
    until = int(START.timestamp()) + 30 * 24 * 3600
    assert [item["expires_at"] for item in scanned] == [{"N": str(until)}] * 4
    ttl = aws.dynamodb.describe_time_to_live(TableName=aws.conversations)
    assert ttl["TimeToLiveDescription"]["AttributeName"] == "expires_at"


def test_a_session_item_stays_small_whatever_happened(store: DynamoConversations, aws: Aws) -> None:
    form = OpenForm("order_status", {"order_number": "주" * 64, "phone": "0" * 64}, "email", 2)
    session = a_session(
        open_form=form,
        finished_form=form,
        wordings={f"intent/{number:040d}": number for number in range(WORDINGS_KEPT)},
        offered=tuple(QuickReply(f"{n}번 상품 주문 조회", "/order" * 9) for n in range(13)),
    )
    store.open(session, a_greeting())
    (item,) = [
        one
        for one in aws.dynamodb.scan(TableName=aws.conversations)["Items"]
        if one["sk"]["S"] == "session"
    ]
    assert sum(len(str(value).encode()) for value in item.values()) < 8192


def test_no_expression_uses_a_word_that_dynamodb_reserves(
    store: DynamoConversations, aws: Aws
) -> None:
    """DynamoDB refuses those; moto looks only at updates."""
    feedback = DynamoFeedback(aws.dynamodb, table=aws.feedback)
    backoffice = DynamoBackOffice(aws.dynamodb, table=aws.backoffice)
    key = Key("shop#seats", "09:00")
    with watched(aws.dynamodb) as calls:
        for by in (2, -1):
            backoffice.apply([Count(key, by, 2)])
        with pytest.raises(WriteRefusedError):
            backoffice.apply([Count(key, 3, 2)])
        backoffice.counts("shop#seats")
        for expected in (None, 1):
            backoffice.apply([Put(Key("shop#orders", "1"), "{}", expected)])
        backoffice.under("shop#orders", prefix="1")
        backoffice.apply([Delete(Key("shop#orders", "1"), 2)])
        store.open(a_session(), a_greeting())
        commit(store)
        store.turns("s1", after=-1, limit=9)
        store.delete("s1")
        feedback.record(a_feedback())
        feedback.settle(a_feedback(status="accepted"))
        feedback.pending("shop", limit=9)
        feedback.accept(a_label())
        feedback.labels("shop")
    expressions = [text for _, params in calls for text in expressions_in(params)]
    assert len(expressions) >= 10
    used = {word for text in expressions for word in re.findall(r"(?<![:#])\b[A-Za-z_]+\b", text)}
    operators = {"OR", "AND", "BETWEEN", "ADD", "attribute_not_exists", "attribute_exists"}
    reserved = {word.upper() for word in ReservedKeywords.get_reserved_keywords()}
    assert {word for word in used - operators if word.upper() in reserved} == set()


def expressions_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.endswith("Expression"):
                yield inner
            else:
                yield from expressions_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from expressions_in(inner)


def test_a_session_of_another_format_is_refused(store: DynamoConversations, aws: Aws) -> None:
    store.open(a_session(), a_greeting())
    key = {"pk": {"S": "session#s1"}, "sk": {"S": "session"}}
    item = aws.dynamodb.get_item(TableName=aws.conversations, Key=key)["Item"]
    record = json.loads(item["record"]["S"])
    item["record"] = {"S": json.dumps({**record, "format": 2})}
    aws.dynamodb.put_item(TableName=aws.conversations, Item=item)
    with pytest.raises(RecordError, match="format 2"):
        store.load("s1")


def test_the_token_is_stored_nowhere(store: DynamoConversations, aws: Aws) -> None:
    store.open(replace(a_session(), token_hash="f" * 64), a_greeting())
    scanned = aws.dynamodb.scan(TableName=aws.conversations)["Items"]
    fields = [name for item in scanned for name in json.loads(item["record"]["S"])]
    assert [name for name in fields if "token" in name] == ["token_hash"]
