"""Logs and metrics through Powertools: structured, and never a customer's words."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sangdam.dialogue.turn import Turn

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


@dataclass(slots=True)
class Span:
    """One request being answered."""

    status: int = 0


class Telemetry:
    """What a function says of itself. One for each function; safe for threads."""

    def __init__(self, service: str) -> None:
        self._service = service

    @cached_property
    def _logger(self) -> Logger:
        from aws_lambda_powertools import Logger

        return Logger(service=self._service)

    @contextmanager
    def request(self, route: str, request_id: str) -> Iterator[Span]:
        """Log one request when it is answered: route, status and milliseconds."""
        span = Span()
        begun = time.perf_counter()
        try:
            yield span
        finally:
            took = round((time.perf_counter() - begun) * 1000, 2)
            self._logger.info(
                "request",
                extra={
                    "route": route,
                    "status": span.status,
                    "took_ms": took,
                    "request_id": request_id,
                },
            )

    def turn(self, bot: str, turn: Turn) -> None:
        """Count a turn and what became of it, by bot (CloudWatch embedded metrics)."""
        from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

        metrics = EphemeralMetrics(namespace="Sangdam", service=self._service)
        metrics.add_dimension(name="bot", value=bot)
        metrics.add_metric(name="Turns", unit=MetricUnit.Count, value=1)
        understood = turn.understood
        if understood is not None:
            fallback = understood.decision == "fallback"
            metrics.add_metric(name="Fallbacks", unit=MetricUnit.Count, value=int(fallback))
            clarified = understood.decision == "clarify"
            metrics.add_metric(name="Clarifications", unit=MetricUnit.Count, value=int(clarified))
        handed_over = turn.owner == "human"
        metrics.add_metric(name="TurnsWithHuman", unit=MetricUnit.Count, value=int(handed_over))
        metrics.flush_metrics()

    def count(self, name: str, *, bot: str) -> None:
        """Count one thing that happened to a bot."""
        from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

        metrics = EphemeralMetrics(namespace="Sangdam", service=self._service)
        metrics.add_dimension(name="bot", value=bot)
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)
        metrics.flush_metrics()

    def info(self, text: str, **facts: object) -> None:
        self._logger.info(text, extra=dict(facts))

    def warn(self, text: str) -> None:
        self._logger.warning(text)

    def failed(self, text: str, error: Exception) -> None:
        """Log an error, what led to it, and where each was raised."""
        chain = list(_chain(error))
        self._logger.error(
            text,
            extra={
                "error": [_described(one) for one in chain],
                "raised_at": [traceback.format_tb(one.__traceback__) for one in chain],
            },
        )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or error.__context__


def _described(error: BaseException) -> str:
    """Return an error's type, and its message unless that may quote what a customer wrote."""
    name = type(error).__qualname__
    module = type(error).__module__.partition(".")[0]
    if isinstance(error, OSError | ImportError) or module.startswith("sangdam"):
        return f"{name}: {str(error)[:1000]}"
    return name
