"""Feedback and labels in DynamoDB.

| pk | sk | attributes |
|---|---|---|
| ``session#<id>`` | ``turn#000000012`` | ``record``, ``same``, ``gsi_pk``, ``gsi_sk`` |
| ``session#<id>`` | ``turn#000000012#clarification`` | the same |
| ``labels#<bot>`` | ``<text key>`` | ``record``, ``intent`` |

``same`` is what the verdict says. The index ``by_status`` holds feedback under ``<bot>#<status>``,
oldest first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sangdam.learning.feedback import Feedback
from sangdam.learning.labels import Label
from sangdam_adapters import records
from sangdam_adapters.dynamodb_errors import failed_condition, storage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

INDEX = "by_status"


class DynamoFeedback:
    """Port ``FeedbackStore``."""

    def __init__(self, client: DynamoDBClient, *, table: str) -> None:
        self._db = client
        self._table = table

    def record(self, feedback: Feedback) -> bool:
        return self._put(
            self._item(feedback),
            condition="attribute_not_exists(pk) OR same <> :same",
            values={":same": {"S": _same(feedback)}},
        )

    def pending(self, bot: str, *, limit: int) -> Sequence[Feedback]:
        query: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": INDEX,
            "KeyConditionExpression": "gsi_pk = :status",
            "ExpressionAttributeValues": {":status": {"S": f"{bot}#pending"}},
        }
        items = self._query(query, limit)
        return tuple(records.read_feedback(item["record"]["S"]) for item in items)

    def settle(self, feedback: Feedback) -> None:
        # A customer may have changed their mind since it was judged: then the new verdict stays.
        # One who has deleted the conversation is not brought back either.
        self._put(
            self._item(feedback),
            condition="same = :same",
            values={":same": {"S": _same(feedback)}},
        )

    def forget(self, session_id: str) -> None:
        query: dict[str, Any] = {
            "TableName": self._table,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :session",
            "ExpressionAttributeValues": {":session": {"S": f"session#{session_id}"}},
            "ProjectionExpression": "pk, sk",
        }
        for item in self._query(query, None):
            with storage(self._table):
                self._db.delete_item(TableName=self._table, Key=item)

    def accept(self, label: Label) -> bool:
        item = {
            "pk": {"S": f"labels#{label.bot}"},
            "sk": {"S": label.key},
            "record": {"S": records.write(label)},
            "intent": {"S": label.intent},
        }
        return self._put(
            item,
            condition="attribute_not_exists(pk) OR intent <> :intent",
            values={":intent": {"S": label.intent}},
        )

    def labels(self, bot: str) -> Sequence[Label]:
        query: dict[str, Any] = {
            "TableName": self._table,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :labels",
            "ExpressionAttributeValues": {":labels": {"S": f"labels#{bot}"}},
        }
        found = [records.read_label(item["record"]["S"]) for item in self._query(query, None)]
        return sorted(found, key=lambda one: (one.at, one.key))

    def _query(self, query: dict[str, Any], limit: int | None) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        while limit is None or len(items) < limit:
            with storage(self._table):
                page = self._db.query(**query)
            items += page["Items"]
            if "LastEvaluatedKey" not in page:
                break
            query = {**query, "ExclusiveStartKey": page["LastEvaluatedKey"]}
        return items[:limit]

    def _put(self, item: dict[str, Any], *, condition: str, values: dict[str, Any]) -> bool:
        with storage(self._table):
            try:
                self._db.put_item(
                    TableName=self._table,
                    Item=item,
                    ConditionExpression=condition,
                    ExpressionAttributeValues=values,
                )
            except ClientError as error:
                if failed_condition(error):
                    return False
                raise
        return True

    def _item(self, feedback: Feedback) -> dict[str, Any]:
        return {
            "pk": {"S": f"session#{feedback.session_id}"},
            "sk": {"S": _turn_key(feedback)},
            "record": {"S": records.write(feedback)},
            "same": {"S": _same(feedback)},
            "gsi_pk": {"S": f"{feedback.bot}#{feedback.status}"},
            "gsi_sk": {
                "S": f"{_sortable(feedback.at)}#{feedback.session_id}#{_turn_key(feedback)[5:]}"
            },
        }


def _turn_key(feedback: Feedback) -> str:
    """Return where a feedback stands in its session: a turn has one of each source."""
    key = f"turn#{feedback.turn:09d}"
    return key if feedback.source == "customer" else f"{key}#{feedback.source}"


def _same(feedback: Feedback) -> str:
    """Equal for verdicts that say the same, whenever they were sent and whatever became of them."""
    return json.dumps([feedback.rating, feedback.intent, feedback.comment], ensure_ascii=False)


def _sortable(moment: datetime) -> str:
    return f"{moment.timestamp():020.6f}"
