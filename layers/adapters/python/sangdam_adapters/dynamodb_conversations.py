"""Conversations in DynamoDB: one item for the session, one for each turn and message id.

| pk | sk | attributes |
|---|---|---|
| ``session#<id>`` | ``session`` | ``record``, ``version``, ``expires_at`` |
| ``session#<id>`` | ``turn#000000012`` | ``record``, ``expires_at`` |
| ``session#<id>`` | ``message#<message id>`` | ``turn``, ``expires_at`` |

A turn is stored by one transaction over the three, and over the writes of its actions to the back
office's table, on condition that the session is unchanged, the message id is new and every write's
own condition holds. Expired items count as gone everywhere: DynamoDB deletes them days later.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sangdam.backoffice.writes import Write
from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Turn
from sangdam.ports import (
    Clock,
    MessageRepeatedError,
    SessionExistsError,
    StorageUnavailableError,
    StoredSession,
    VersionConflictError,
    WriteRefusedError,
)
from sangdam_adapters import records
from sangdam_adapters.backoffice_limits import check_writes
from sangdam_adapters.dynamodb_errors import FAILED, cancelled, is_in_conflict, storage
from sangdam_adapters.dynamodb_writes import PAUSES, parts_of, refused_keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_BATCH = 25
"""Most requests in one BatchWriteItem."""

_BESIDE = 3
"""What a turn writes besides the writes of its actions: session, turn and message id."""

_NEW = "attribute_not_exists(pk) OR expires_at <= :now"
_UNCHANGED = "version = :expected"


class DynamoConversations:
    """Port ``Conversations``. ``lifetime`` counts from the last turn (TTL ``expires_at``).

    ``backoffice`` is the table that the writes of actions go to.
    """

    def __init__(
        self,
        client: DynamoDBClient,
        *,
        table: str,
        clock: Clock,
        backoffice: str | None = None,
        lifetime: timedelta = timedelta(days=30),
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._db = client
        self._table = table
        self._backoffice = backoffice
        self._clock = clock
        self._lifetime = lifetime
        self._pause = pause

    def open(self, session: Session, first: Turn) -> None:
        parts = [
            self._put_new(self._session_item(session, version=1)),
            self._put_new(self._turn_item(session, first)),
        ]
        for pause in PAUSES:
            lost = self._transact(parts)
            if not lost:
                return
            if FAILED in lost:
                raise SessionExistsError(f"session {session.session_id} exists")
            self._pause(pause)  # somebody opens the same session: whoever it is, see how it ends
        raise self._busy(session.session_id)

    def load(self, session_id: str) -> StoredSession | None:
        item = self._get(session_id, "session")
        if item is None:
            return None
        return StoredSession(records.read_session(item["record"]["S"]), int(item["version"]["N"]))

    def turn_of_message(self, session_id: str, message_id: str) -> Turn | None:
        item = self._get(session_id, f"message#{message_id}")
        return None if item is None else self.turn(session_id, int(item["turn"]["N"]))

    def commit(
        self, session: Session, turn: Turn, *, expected_version: int, writes: Sequence[Write] = ()
    ) -> None:
        check_writes(writes, beside=_BESIDE)
        parts = [
            self._put(
                self._session_item(session, version=expected_version + 1),
                _UNCHANGED,
                {":expected": {"N": str(expected_version)}},
            ),
            self._put_new(self._turn_item(session, turn)),
        ]
        if turn.message is not None:
            message = {
                **_key(session.session_id, f"message#{turn.message.message_id}"),
                "turn": {"N": str(turn.number)},
                "expires_at": self._expires(session),
            }
            parts.append(self._put_new(message))
        others = self._parts_of(writes)
        for pause in PAUSES:
            lost = self._transact([*parts, *others])
            if not lost:
                return
            own, theirs = lost[: len(parts)], lost[len(parts) :]
            if turn.message is not None and own[2:] == [FAILED]:
                raise MessageRepeatedError(f"message {turn.message.message_id} is stored already")
            if set(own) != {"None"}:
                break
            refused = refused_keys(writes, theirs)
            if refused:
                raise WriteRefusedError(refused)
            # Another customer's turn is at the same record: let it end, unlike all others at once.
            self._pause(pause * _spread(session.session_id, turn.number))
        # Also when another transaction is only on its way: who reads again will see its end.
        raise VersionConflictError(f"session {session.session_id} changed meanwhile")

    def turns(self, session_id: str, *, after: int, limit: int) -> Sequence[Turn]:
        found: list[Turn] = []
        start: dict[str, Any] = {}
        now = _seconds(self._clock())
        while len(found) < limit:
            with storage(self._table):
                page = self._db.query(
                    TableName=self._table,
                    ConsistentRead=True,
                    KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
                    ExpressionAttributeValues={
                        ":pk": {"S": f"session#{session_id}"},
                        ":first": {"S": _turn_key(after + 1)},
                        ":last": {"S": "turn#~"},
                    },
                    Limit=limit - len(found),
                    **start,
                )
            found += [
                records.read_turn(item["record"]["S"])
                for item in page["Items"]
                if int(item["expires_at"]["N"]) > now
            ]
            if "LastEvaluatedKey" not in page:
                break
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        return tuple(found)

    def turn(self, session_id: str, number: int) -> Turn | None:
        item = self._get(session_id, _turn_key(number))
        return None if item is None else records.read_turn(item["record"]["S"])

    def delete(self, session_id: str) -> None:
        # The session goes last, so that a deletion that failed half-way can be asked for again;
        # then once more what a turn in flight may have stored meanwhile.
        with storage(self._table):
            self._delete_turns(session_id)
            self._delete_session(session_id)
            self._delete_turns(session_id)

    def _delete_session(self, session_id: str) -> None:
        for pause in PAUSES:
            try:
                self._db.delete_item(TableName=self._table, Key=_key(session_id, "session"))
            except ClientError as error:
                if not is_in_conflict(error):
                    raise
                self._pause(pause)
            else:
                return
        raise self._busy(session_id)

    def _delete_turns(self, session_id: str) -> None:
        pages = self._db.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"session#{session_id}"}},
            ProjectionExpression="pk, sk",
        )
        items = [item for page in pages for item in page["Items"]]
        keys = [item for item in items if item["sk"] != {"S": "session"}]
        for place in range(0, len(keys), _BATCH):
            self._delete_batch(session_id, keys[place : place + _BATCH])

    def _delete_batch(self, session_id: str, keys: list[dict[str, Any]]) -> None:
        waiting: Any = {self._table: [{"DeleteRequest": {"Key": key}} for key in keys]}
        for pause in PAUSES:
            waiting = self._db.batch_write_item(RequestItems=waiting).get("UnprocessedItems")
            if not waiting:
                return
            self._pause(pause)
        raise self._busy(session_id)

    def _busy(self, session_id: str) -> StorageUnavailableError:
        return StorageUnavailableError(
            f"dynamodb://{self._table}: session {session_id} is being written to; try again"
        )

    def _parts_of(self, writes: Sequence[Write]) -> list[Any]:
        if not writes:
            return []
        if self._backoffice is None:
            raise ValueError(
                f"dynamodb://{self._table}: these conversations know no back office to write to;"
                " give them its table"
            )
        return parts_of(writes, table=self._backoffice)

    def _transact(self, parts: Sequence[Any]) -> Sequence[str]:
        """Carry a transaction out; return what became of its parts if it lost against others."""
        with storage(self._table):
            try:
                self._db.transact_write_items(TransactItems=parts)
            except ClientError as error:
                lost = cancelled(error)
                if not lost:
                    raise
                return lost
        return ()

    def _get(self, session_id: str, sk: str) -> dict[str, Any] | None:
        with storage(self._table):
            answer = self._db.get_item(
                TableName=self._table, Key=_key(session_id, sk), ConsistentRead=True
            )
        item = answer.get("Item")
        if item is None or int(item["expires_at"]["N"]) <= _seconds(self._clock()):
            return None
        return item

    def _put(self, item: dict[str, Any], condition: str, values: dict[str, Any]) -> Any:
        return {
            "Put": {
                "TableName": self._table,
                "Item": item,
                "ConditionExpression": condition,
                "ExpressionAttributeValues": values,
            }
        }

    def _put_new(self, item: dict[str, Any]) -> Any:
        return self._put(item, _NEW, {":now": {"N": str(_seconds(self._clock()))}})

    def _session_item(self, session: Session, *, version: int) -> dict[str, Any]:
        return {
            **_key(session.session_id, "session"),
            "record": {"S": records.write(session)},
            "version": {"N": str(version)},
            "expires_at": self._expires(session),
        }

    def _turn_item(self, session: Session, turn: Turn) -> dict[str, Any]:
        return {
            **_key(session.session_id, _turn_key(turn.number)),
            "record": {"S": records.write(turn)},
            "expires_at": self._expires(session),
        }

    def _expires(self, session: Session) -> dict[str, str]:
        return {"N": str(_seconds(session.last_at + self._lifetime))}


def _spread(session_id: str, number: int) -> float:
    """Return a factor from 0.5 to 1.5 that differs from turn to turn, so that waits differ."""
    return 0.5 + zlib.crc32(f"{session_id}/{number}".encode()) / 2**32


def _key(session_id: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": f"session#{session_id}"}, "sk": {"S": sk}}


def _turn_key(number: int) -> str:
    return f"turn#{number:09d}"


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
