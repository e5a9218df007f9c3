"""From DynamoDB's errors to the ports' own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from sangdam.ports import StorageUnavailableError

FAILED = "ConditionalCheckFailed"
CONFLICT = "TransactionConflict"


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


def is_in_conflict(error: ClientError) -> bool:
    """Tell whether a single write met a transaction on the same item; it may be tried again."""
    return _code(error) == "TransactionConflictException"


def cancelled(error: ClientError) -> Sequence[str]:
    """Return what became of each part of a transaction that lost against others.

    ``ConditionalCheckFailed`` (another write came first) or ``TransactionConflict`` (another is
    being carried out right now), ``None`` for a part that was fine. Nothing at all is returned for
    other errors and for transactions cancelled for other reasons (throttling, size ...).
    """
    if _code(error) != "TransactionCanceledException":
        return ()
    reasons = error.response.get("CancellationReasons", [])
    codes = [str(reason.get("Code", "None")) for reason in reasons]
    if set(codes) <= {"None", FAILED, CONFLICT}:
        return codes
    return ()


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
