"""What AWS may answer and moto never does, put into the calls of one client."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError


@contextmanager
def answered(client: Any, operation: str, *answers: Any) -> Iterator[list[Any]]:
    """Answer the next calls of an operation: an answer for each, then as ever.

    An answer is what :func:`refusal` or :func:`cancellation` return, a parsed answer with its
    status, an exception to raise, or None to let the call through. The list that is given fills
    with the bodies of the calls.
    """
    waiting = itertools.chain(answers, itertools.repeat(None))
    calls: list[Any] = []

    def before_call(params: Any, **_: Any) -> Any:
        calls.append(params["body"])
        answer = next(waiting)
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            return None
        status, parsed = answer
        return SimpleNamespace(status_code=status), {**parsed, "ResponseMetadata": {}}

    event = f"before-call.{client.meta.service_model.service_name}.{operation}"
    client.meta.events.register_first(event, before_call)
    try:
        yield calls
    finally:
        client.meta.events.unregister(event, before_call)


def refusal(code: str, *, status: int = 400) -> tuple[int, dict[str, Any]]:
    """AWS refuses a call."""
    return status, {"Error": {"Code": code, "Message": "no"}}


def cancellation(*reasons: str) -> tuple[int, dict[str, Any]]:
    """DynamoDB cancels a transaction, with a reason for each of its parts."""
    status, parsed = refusal("TransactionCanceledException")
    return status, {**parsed, "CancellationReasons": [{"Code": reason} for reason in reasons]}


def cut_off() -> Exception:
    """The connection breaks before an answer comes."""
    return ConnectionClosedError(endpoint_url="https://aws.example", request=None)


def unreachable() -> Exception:
    """Nobody answers at that address."""
    return EndpointConnectionError(endpoint_url="https://aws.example")


@contextmanager
def watched(client: Any) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Give a list that fills with (operation, parameters) of every call."""
    calls: list[tuple[str, dict[str, Any]]] = []

    def before_build(params: Any, model: Any, **_: Any) -> None:
        calls.append((model.name, dict(params)))

    event = f"before-parameter-build.{client.meta.service_model.service_name}"
    client.meta.events.register(event, before_build)
    try:
        yield calls
    finally:
        client.meta.events.unregister(event, before_build)


class Colliding:
    """A DynamoDB client whose transactions take a moment, and cancel others on the same items.

    That is what AWS does; moto carries one out after the other. Everything else goes through.
    """

    def __init__(self, client: Any, *, seconds: float) -> None:
        self._client = client
        self._seconds = seconds
        self._lock = threading.Lock()
        self._under_way: set[str] = set()
        self.collisions = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **params: Any) -> Any:
        items = [_item(part) for part in params["TransactItems"]]
        with self._lock:
            met = [one in self._under_way for one in items]
            if any(met):
                self.collisions += 1
                _, told = cancellation(*("TransactionConflict" if one else "None" for one in met))
                raise ClientError(cast(Any, told), "TransactWriteItems")
            self._under_way.update(items)
        try:
            time.sleep(self._seconds)
            return self._client.transact_write_items(**params)
        finally:
            with self._lock:
                self._under_way.difference_update(items)


def _item(part: Any) -> str:
    ((kind, one),) = part.items()
    key = one["Item"] if kind == "Put" else one["Key"]
    return f"{one['TableName']}/{key['pk']}/{key.get('sk')}"
