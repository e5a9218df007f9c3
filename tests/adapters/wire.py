"""What AWS may answer and moto never does, put into the calls of one client."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ConnectionClosedError, EndpointConnectionError


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
