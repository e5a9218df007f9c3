"""The back office in DynamoDB: an item for each record and each counter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sangdam.backoffice.writes import Key, Write
from sangdam.ports import Record, StorageUnavailableError, WriteRefusedError
from sangdam_adapters.backoffice_limits import check_writes, is_storable
from sangdam_adapters.dynamodb_errors import cancelled, storage
from sangdam_adapters.dynamodb_writes import PAUSES, item_key, parts_of, refused_keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class DynamoBackOffice:
    """Port ``BackOffice``; see :mod:`sangdam_adapters.dynamodb_writes` for the items."""

    def __init__(
        self,
        client: DynamoDBClient,
        *,
        table: str,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._db = client
        self._table = table
        self._pause = pause

    def get(self, key: Key) -> Record | None:
        if not is_storable(key):
            return None
        with storage(self._table):
            answer = self._db.get_item(
                TableName=self._table, Key=item_key(key), ConsistentRead=True
            )
        item = answer.get("Item")
        return None if item is None or "record" not in item else _record(item)

    def under(self, pk: str, *, prefix: str = "", limit: int = 1000) -> Sequence[Record]:
        found: list[Record] = []
        if limit > 0:
            for item in self._items(pk, prefix, having="record"):
                found.append(_record(item))
                if len(found) == limit:
                    break
        return tuple(found)

    def counts(self, pk: str, *, prefix: str = "") -> Mapping[str, int]:
        items = self._items(pk, prefix, having="count")
        return {item["sk"]["S"]: int(item["count"]["N"]) for item in items}

    def apply(self, writes: Sequence[Write]) -> None:
        check_writes(writes)
        if not writes:
            return
        parts = parts_of(writes, table=self._table)
        for pause in PAUSES:
            lost = self._transact(parts)
            if not lost:
                return
            refused = refused_keys(writes, lost)
            if refused:
                raise WriteRefusedError(refused)
            self._pause(pause)  # another transaction is on its way: see how it ends
        raise StorageUnavailableError(
            f"dynamodb://{self._table}: {writes[0].key} is being written to; try again"
        )

    def _transact(self, parts: Sequence[Any]) -> Sequence[str]:
        with storage(self._table):
            try:
                self._db.transact_write_items(TransactItems=parts)
            except ClientError as error:
                lost = cancelled(error)
                if not lost:
                    raise
                return lost
        return ()

    def _items(self, pk: str, prefix: str, *, having: str) -> Iterator[dict[str, Any]]:
        """Yield the items under ``pk`` that have an attribute, page after page."""
        if not is_storable(Key(pk, prefix or "-")):
            return
        condition = "pk = :pk AND begins_with(sk, :prefix)" if prefix else "pk = :pk"
        values: dict[str, Any] = {":pk": {"S": pk}}
        if prefix:
            values[":prefix"] = {"S": prefix}
        start: dict[str, Any] = {}
        while True:
            with storage(self._table):
                page = self._db.query(
                    TableName=self._table,
                    ConsistentRead=True,
                    KeyConditionExpression=condition,
                    FilterExpression="attribute_exists(#having)",
                    ExpressionAttributeNames={"#having": having},
                    ExpressionAttributeValues=values,
                    **start,
                )
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _record(item: Mapping[str, Any]) -> Record:
    key = Key(item["pk"]["S"], item["sk"]["S"])
    return Record(key, item["record"]["S"], int(item["version"]["N"]))
