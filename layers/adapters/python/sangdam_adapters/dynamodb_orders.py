"""The shop's orders in DynamoDB: ``pk = order#<number>``, ``sk = order``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sangdam.backoffice.orders import Order
from sangdam_adapters import records
from sangdam_adapters.dynamodb_errors import storage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


_KEY_LIMIT = 2048
"""Most bytes of a partition key. A longer order number is none, whoever made it up."""


class DynamoOrders:
    """Port ``Orders``."""

    def __init__(self, client: DynamoDBClient, *, table: str) -> None:
        self._db = client
        self._table = table

    def find(self, order_number: str) -> Order | None:
        key = f"order#{order_number}"
        if len(key.encode("utf-8", "replace")) > _KEY_LIMIT:
            return None
        with storage(self._table):
            answer = self._db.get_item(
                TableName=self._table,
                Key={"pk": {"S": key}, "sk": {"S": "order"}},
                ConsistentRead=True,
            )
        item = answer.get("Item")
        return None if item is None else records.read_order(item["record"]["S"])

    def put(self, order: Order) -> None:
        with storage(self._table):
            self._db.put_item(
                TableName=self._table,
                Item={
                    "pk": {"S": f"order#{order.order_number}"},
                    "sk": {"S": "order"},
                    "record": {"S": records.write(order)},
                },
            )
