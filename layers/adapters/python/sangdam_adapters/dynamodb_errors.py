"""From DynamoDB's errors to the ports' own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from sangdam.ports import StorageUnavailableError


@contextmanager
def storage(table: str) -> Iterator[None]:
    """Let what is left of DynamoDB's errors pass as StorageUnavailableError naming the table."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StorageUnavailableError(f"dynamodb://{table}: {error}") from error


def failed_condition(error: ClientError) -> bool:
    """Tell whether a single write was refused by its own condition."""
    return _code(error) == "ConditionalCheckFailedException"


def cancelled(error: ClientError) -> Sequence[str] | None:
    """Return the reason code of each part of a cancelled transaction; None if it was not one.

    Codes are ``None`` (that part was fine), ``ConditionalCheckFailed``, ``TransactionConflict`` ...
    """
    if _code(error) != "TransactionCanceledException":
        return None
    reasons = error.response.get("CancellationReasons", [])
    return [str(reason.get("Code", "None")) for reason in reasons]


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
