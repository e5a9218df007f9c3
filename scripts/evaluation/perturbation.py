"""Test rows as people type them in a hurry, and what the hurry costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from rich.console import Console
from rich.table import Table

from sangdam.text.slips import SLIPS
from scripts.evaluation.report import Measured, figures, together, with_rows
from scripts.evaluation.rows import Rows

NAMES = tuple(SLIPS)
_TOGETHER = "together"


def perturbed(rows: Rows, name: str, *, seed: int) -> Rows:
    """Return the rows with the same kind of slip in each, drawn by the seed and the row's place.

    A row stays as it is where there is nothing to slip on.
    """
    slip = SLIPS[name]
    return replace(
        rows,
        examples=tuple(
            replace(one, text=slip(one.text, Random(f"{seed} {name} {place}")))  # noqa: S311 -- reproducible draws, no secrets
            for place, one in enumerate(rows.examples)
        ),
    )


def losses(
    measured: Mapping[str, Measured], after: Mapping[str, Measured]
) -> dict[str, dict[str, Any]]:
    """Return the figures and rows of each perturbed file, and of all together.

    ``accuracy_lost`` is what the slips cost, in points: accuracy before minus after, times 100.
    """
    found = {
        name: {**with_rows(one), "accuracy_lost": _points(measured[name], one)}
        for name, one in after.items()
    }
    whole = together(list(after.values()))
    lost = _points(together(list(measured.values())), whole)
    return {**found, _TOGETHER: {**figures(whole), "accuracy_lost": lost}}


def write_losses(console: Console, result: Mapping[str, Any], *, tests: Sequence[str]) -> None:
    """Print the accuracy left, and the points lost, of every kind of slip."""
    if not result.get("perturbed"):
        return
    shown = [*tests, *([_TOGETHER] if len(tests) > 1 else [])]
    console.print("accuracy after slips of the hand (points lost):", highlight=False)
    table = Table()
    table.add_column("slip")
    for name in shown:
        table.add_column(name, justify="right")
    for slip, found in result["perturbed"].items():
        table.add_row(slip, *(_cell(found[name]) for name in shown))
    console.print(table)


def _points(before: Measured, after: Measured) -> float | None:
    first, second = figures(before)["accuracy"], figures(after)["accuracy"]
    return None if first is None or second is None else (first - second) * 100


def _cell(found: Mapping[str, Any]) -> str:
    if found["accuracy"] is None:
        return "-"
    return f"{found['accuracy']:.1%} ({found['accuracy_lost']:+.1f})"
