"""Conversations in DynamoDB: one item for the session, one for each turn and message id.

| pk | sk | attributes |
|---|---|---|
| ``session#<id>`` | ``session`` | ``record``, ``version``, ``expires_at`` |
| ``session#<id>`` | ``turn#000012`` | ``record``, ``expires_at`` |
| ``session#<id>`` | ``message#<message id>`` | ``turn``, ``expires_at`` |

A turn is stored by one transaction over the three, on condition that the session is unchanged and
the message id is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Turn
from sangdam.ports import (
    Clock,
    MessageRepeatedError,
    SessionExistsError,
    StoredSession,
    VersionConflictError,
)
from sangdam_adapters import records
from sangdam_adapters.dynamodb_errors import cancelled, storage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

_BATCH = 25
"""Most requests in one BatchWriteItem."""


class DynamoConversations:
    """Port ``Conversations``. ``lifetime`` counts from the last turn (TTL ``expires_at``)."""

    def __init__(
        self,
        client: DynamoDBClient,
        *,
        table: str,
        clock: Clock,
        lifetime: timedelta = timedelta(days=30),
    ) -> None:
        self._db = client
        self._table = table
        self._clock = clock
        self._lifetime = lifetime

    def open(self, session: Session, first: Turn) -> None:
        with storage(self._table):
            try:
                self._db.transact_write_items(
                    TransactItems=[
                        self._put(
                            self._session_item(session, version=1),
                            "attribute_not_exists(pk)",
                        ),
                        self._put(self._turn_item(session, first), "attribute_not_exists(pk)"),
                    ]
                )
            except ClientError as error:
                if cancelled(error) is not None:
                    raise SessionExistsError(f"session {session.session_id} exists") from error
                raise

    def load(self, session_id: str) -> StoredSession | None:
        item = self._get(session_id, "session")
        if item is None:
            return None
        return StoredSession(records.read_session(item["record"]["S"]), int(item["version"]["N"]))

    def turn_of_message(self, session_id: str, message_id: str) -> Turn | None:
        item = self._get(session_id, f"message#{message_id}")
        return None if item is None else self.turn(session_id, int(item["turn"]["N"]))

    def commit(self, session: Session, turn: Turn, *, expected_version: int) -> None:
        parts = [
            self._put(
                self._session_item(session, version=expected_version + 1),
                "version = :expected",
                {":expected": {"N": str(expected_version)}},
            ),
            self._put(self._turn_item(session, turn), "attribute_not_exists(pk)"),
        ]
        if turn.message is not None:
            message = {
                **_key(session.session_id, f"message#{turn.message.message_id}"),
                "turn": {"N": str(turn.number)},
                "expires_at": self._expires(session),
            }
            parts.append(self._put(message, "attribute_not_exists(pk)"))
        with storage(self._table):
            try:
                self._db.transact_write_items(TransactItems=parts)
            except ClientError as error:
                reasons = cancelled(error)
                if reasons is None:
                    raise
                if len(reasons) == 3 and reasons[2] == "ConditionalCheckFailed":
                    repeated = turn.message.message_id if turn.message is not None else ""
                    raise MessageRepeatedError(f"message {repeated} is stored already") from error
                raise VersionConflictError(
                    f"session {session.session_id} changed meanwhile"
                ) from error

    def turns(self, session_id: str, *, after: int, limit: int) -> Sequence[Turn]:
        found: list[Turn] = []
        start: dict[str, Any] = {}
        now = int(self._clock().timestamp())
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
        # The session goes first: from then on no turn can be committed behind our back.
        with storage(self._table):
            self._db.delete_item(TableName=self._table, Key=_key(session_id, "session"))
            pages = self._db.get_paginator("query").paginate(
                TableName=self._table,
                ConsistentRead=True,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": f"session#{session_id}"}},
                ProjectionExpression="pk, sk",
            )
            keys = [item for page in pages for item in page["Items"]]
            for place in range(0, len(keys), _BATCH):
                self._delete_batch(keys[place : place + _BATCH])

    def _delete_batch(self, keys: list[dict[str, Any]]) -> None:
        waiting: Any = {self._table: [{"DeleteRequest": {"Key": key}} for key in keys]}
        while waiting:
            waiting = self._db.batch_write_item(RequestItems=waiting).get("UnprocessedItems")

    def _get(self, session_id: str, sk: str) -> dict[str, Any] | None:
        with storage(self._table):
            answer = self._db.get_item(
                TableName=self._table, Key=_key(session_id, sk), ConsistentRead=True
            )
        item = answer.get("Item")
        # DynamoDB deletes expired items days later; until then they are still returned.
        if item is None or int(item["expires_at"]["N"]) <= self._clock().timestamp():
            return None
        return item

    def _put(
        self, item: dict[str, Any], condition: str, values: dict[str, Any] | None = None
    ) -> Any:
        put: dict[str, Any] = {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": condition,
        }
        if values is not None:
            put["ExpressionAttributeValues"] = values
        return {"Put": put}

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


def _key(session_id: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": f"session#{session_id}"}, "sk": {"S": sk}}


def _turn_key(number: int) -> str:
    return f"turn#{number:09d}"


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
