"""Writes of the back office as parts of a DynamoDB transaction, alone or beside a turn's own.

| what | attributes | condition |
|---|---|---|
| a record | ``pk``, ``sk``, ``record``, ``version`` | new, or of the version that was read |
| a counter | ``pk``, ``sk``, ``count`` | the sum stays within its bounds; what is missing is 0 |
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sangdam.backoffice.writes import Count, Delete, Key, Put, Write
from sangdam_adapters.dynamodb_errors import FAILED

PAUSES = (0.05, 0.1, 0.2, 0.4)
"""Seconds between the tries of a write that met another one on its way."""

_SAME = "version = :expected"


def item_key(key: Key) -> dict[str, Any]:
    """Return a key as DynamoDB is given it."""
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def parts_of(writes: Sequence[Write], *, table: str) -> list[Any]:
    """Return one part of a transaction for each write, in order."""
    return [_part(write, table) for write in writes]


def refused_keys(writes: Sequence[Write], lost: Sequence[str]) -> list[Key]:
    """Return the keys whose condition was broken; ``lost`` says what became of each write."""
    return [write.key for write, code in zip(writes, lost, strict=True) if code == FAILED]


def _part(write: Write, table: str) -> dict[str, Any]:
    match write:
        case Put(key, record, None):
            item = {**item_key(key), "record": {"S": record}, "version": {"N": "1"}}
            return {
                "Put": {
                    "TableName": table,
                    "Item": item,
                    "ConditionExpression": "attribute_not_exists(pk)",
                }
            }
        case Put(key, record, int(expected)):
            version = {"N": str(expected + 1)}
            return {
                "Put": {
                    "TableName": table,
                    "Item": {**item_key(key), "record": {"S": record}, "version": version},
                    "ConditionExpression": _SAME,
                    "ExpressionAttributeValues": {":expected": {"N": str(expected)}},
                }
            }
        case Delete(key, expected):
            return {
                "Delete": {
                    "TableName": table,
                    "Key": item_key(key),
                    "ConditionExpression": _SAME,
                    "ExpressionAttributeValues": {":expected": {"N": str(expected)}},
                }
            }
        case Count(key, by, limit):
            condition, bound = _bound(by, limit)
            return {
                "Update": {
                    "TableName": table,
                    "Key": item_key(key),
                    "UpdateExpression": "ADD #count :by",
                    "ConditionExpression": condition,
                    "ExpressionAttributeNames": {"#count": "count"},
                    "ExpressionAttributeValues": {":by": {"N": str(by)}, ":bound": {"N": bound}},
                }
            }
        case _:
            raise TypeError(f"{type(write).__name__} is no write of the back office")


def _bound(by: int, limit: int) -> tuple[str, str]:
    """Return the condition under which a counter may be added to, and what it compares with."""
    if by < 0:
        return "#count >= :bound", str(-by)
    if by <= limit:
        return "attribute_not_exists(#count) OR #count <= :bound", str(limit - by)
    # More than there is room for at all: a counter that is missing must not let it pass.
    return "attribute_exists(#count) AND #count <= :bound", str(limit - by)
