"""Figures of a benchmark: what was measured, and what it should be at most."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle, islice
from typing import TypeVar

from rich.table import Table

Figures = dict[str, float]

Goals = Mapping[tuple[str, str], float]
"""The most that a figure of a measurement should be; figures without a goal are only told."""

Message = TypeVar("Message")

WARM_UP = 20
BLOCK = 20
"""So many messages go one way before the other ways have their turn."""


def spread(seconds: Sequence[float]) -> Figures:
    """Return the median and the 99th percentile in milliseconds."""
    ordered = sorted(one * 1000 for one in seconds)
    return {
        "p50_ms": statistics.median(ordered),
        "p99_ms": ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))],
    }


def side_by_side(
    ways: Mapping[str, Callable[[Message], float]], messages: Sequence[Message], *, count: int
) -> dict[str, list[float]]:
    """Send the same messages every way, and return the seconds each took by way.

    The ways take turns, so that a moment in which the machine is busy slows all of them. A turn is
    a block of messages: of a single one each would find the processor's caches full of the others.
    ``count`` messages are timed, ``WARM_UP`` more go before them.
    """
    taken: dict[str, list[float]] = {name: [] for name in ways}
    sent = list(islice(cycle(messages), count))
    for way in ways.values():
        for message in islice(cycle(messages), WARM_UP):
            way(message)
    for at in range(0, len(sent), BLOCK):
        for name, way in ways.items():
            taken[name] += [way(message) for message in sent[at : at + BLOCK]]
    return taken


def table(title: str, measured: Mapping[str, Figures], goals: Goals) -> Table:
    """Return the figures beside their goals."""
    result = Table(title=title)
    for heading in ("what", "figure", "value", "goal", ""):
        result.add_column(heading, justify="right" if heading in ("value", "goal") else "left")
    for what, values in measured.items():
        for name, value in values.items():
            goal = goals.get((what, name))
            limit = "" if goal is None else f"<= {goal:g}"
            verdict = "" if goal is None else "kept" if value <= goal else "missed"
            result.add_row(what, name, f"{value:.2f}", limit, verdict)
    return result
