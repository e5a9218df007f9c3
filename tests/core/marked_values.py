"""Tables of texts with the expressions in them marked: ``[두 명]이요 = 2 person``.

A line is a text, a ``=`` between spaces, and the values of the marked expressions, separated by
``;``. Several readings of one expression are separated by ``|``, the likeliest first. A text
without a mark holds nothing. ``{size}`` at the end of a line is an argument of the parser.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sangdam.nlu.entities.reading import Found
from sangdam.text.normalise import normalise

Values = tuple[tuple[int, int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, where the expressions in it stand, and what each of them can mean."""

    text: str
    values: Values
    argument: str | None = None

    def __str__(self) -> str:
        return self.text


def marked(table: str) -> list[Marked]:
    """Return the lines of a table."""
    return [_line(line.strip()) for line in table.splitlines() if line.strip()]


def values_of(found: Sequence[Found]) -> Values:
    """Return spans and values as a table gives them."""
    return tuple(
        (one.start, one.end, tuple(reading.value for reading in one.readings)) for one in found
    )


def check(find: Callable[[str], Sequence[Found]], row: Marked) -> None:
    """Assert that a parser finds what a line marks, and that the text is normalised."""
    assert normalise(row.text) == row.text
    assert values_of(find(row.text)) == row.values


def _line(line: str) -> Marked:
    argument = None
    if line.endswith("}"):
        line, _, argument = line[:-1].rpartition("{")
    left, _, right = f"{line.strip()} ".rpartition(" = ")
    given = [tuple(v.strip() for v in one.split("|")) for one in right.split(";") if one.strip()]
    text, spans = "", []
    for index, piece in enumerate(left.split("[")):
        inside, closed, after = piece.partition("]")
        if index and closed:
            spans.append((len(text), len(text) + len(inside)))
        text += inside + after
    text = text.strip()
    assert len(spans) == len(given), f"{line}: {len(spans)} marks, {len(given)} values"
    return Marked(
        text, tuple((*span, values) for span, values in zip(spans, given, strict=True)), argument
    )
