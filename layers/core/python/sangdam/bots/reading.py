"""Reading untrusted data (parsed YAML or JSON) without stopping at the first mistake."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sangdam.bots.definition import EntityType

Lines = Mapping[str, int]
"""Where in a file each key path stands: ``forms.booking.slots.date``, ``goal[0]``, and ``""`` for
the file's data as a whole. The lines of a text that runs over several have the path of the text and
their number: ``nlu[3].examples line 5``."""

Reads = Callable[[EntityType, str], bool]
"""Tells whether a text holds a value of an entity."""

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_REMARK = re.compile(r" \([^()]*\)\Z")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in a pack: the file, the key in it, and what to do about it.

    ``line`` is where the key stands, or what would hold it if it is missing; None if nobody knows.
    """

    file: str
    key: str
    problem: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        where = f"{place}: {self.key}" if self.key else place
        return f"{where}: {self.problem}"


class PackError(ValueError):
    """A pack that is no bot. ``mistakes`` lists everything wrong with it."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


@dataclass(slots=True)
class Reader:
    """Walks one file of a pack; wrong values are noted and replaced by an empty one.

    Each method returns a value of the type its name says, so that the reading code needs no
    branches of its own for mistakes. ``lines`` says where the keys stand, ``reads`` whether a text
    holds a value of an entity.
    """

    file: str
    mistakes: list[Mistake] = field(default_factory=list)
    lines: Lines = field(default_factory=dict)
    reads: Reads = EntityType.describes

    def wrong(self, key: str, problem: str, *, at: str | None = None) -> None:
        """Note a mistake; ``at`` is the path of the place if the key is called otherwise."""
        line = self.line(key if at is None else at)
        self.mistakes.append(Mistake(self.file, _printable(key), _printable(problem), line))

    def line(self, key: str) -> int | None:
        """Return where a key path, or what is nearest above it, stands; None if unknown."""
        return line_of(self.lines, key)

    def mapping(self, value: Any, key: str) -> Mapping[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.wrong(key, f"must be a mapping (key: value), not {_kind(value)}")
            return {}
        bad = [name for name in value if not isinstance(name, str)]
        for name in bad:
            self.wrong(key, f"key {_shown(name)} is read as {_kind(name)}: put it in quotes")
        return {name: inner for name, inner in value.items() if isinstance(name, str)}

    def items(self, value: Any, key: str) -> Iterator[tuple[str, str, Any]]:
        """Yield name, key path and value of every entry of a mapping."""
        for name, inner in self.mapping(value, key).items():
            yield name, f"{key}.{name}" if key else name, inner

    def format(self, top: Mapping[str, Any]) -> None:
        """Note a file of a format that this version does not read."""
        given = top.get("format")
        if given != 1 or isinstance(given, bool):
            self.wrong("format", f"is {_shown(given)}; this version reads format: 1")

    def language(self, top: Mapping[str, Any], expected: str) -> None:
        """Note a file that says it is in another language than its name says."""
        if top.get("language") != expected:
            self.wrong("language", f"must be '{expected}', as the file's name says")

    def only(self, value: Mapping[str, Any], key: str, allowed: Sequence[str]) -> None:
        """Note every key that means nothing here."""
        for name in value:
            if name not in allowed:
                path = f"{key}.{name}" if key else name
                self.wrong(path, f"is not known here; known: {', '.join(allowed)}")

    def text(self, value: Any, key: str, *, limit: int | None = None) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.wrong(key, f"must be a text, not {_kind(value)}")
            return ""
        text = value.strip() if isinstance(value, str) else _shown(value)
        half = _HALF_CHARACTER.search(text)
        if half is not None:
            self.wrong(key, f"holds half a character ({_printable(half[0])}): type it again")
            return ""
        if not text:
            self.wrong(key, "is an empty text")
        if limit is not None and len(text) > limit:
            self.wrong(key, f"has {len(text)} characters; the limit is {limit}")
        return text

    def texts(self, value: Any, key: str) -> tuple[str, ...]:
        """Read one text or a list of texts; at least one."""
        if not isinstance(value, list):
            one = self.text(value, key)
            return (one,) if one else ()
        if not value:
            self.wrong(key, "is an empty list: give at least one text")
        read = [self.text(inner, f"{key}[{place}]") for place, inner in enumerate(value)]
        return tuple(one for one in read if one)

    def listing(self, value: Any, key: str) -> Sequence[Any]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong(key, f"must be a list, not {_kind(value)}")
            return ()
        return value

    def number(self, value: Any, key: str, *, low: float, high: float, default: float) -> float:
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(key, f"must be a number, not {_kind(value)}")
            return default
        if not low <= value <= high:
            self.wrong(key, f"is {_shown(value)}; it must lie between {low:g} and {high:g}")
            return default
        return float(value)

    def whole(self, value: Any, key: str, *, low: int, high: int, default: int) -> int:
        number = self.number(value, key, low=low, high=high, default=default)
        if number != int(number):
            self.wrong(key, f"is {number:g}; it must be a whole number")
        return int(number)

    def choice(self, value: Any, key: str, allowed: Sequence[str]) -> str:
        one = self.text(value, key)
        if one and one not in allowed:
            self.wrong(key, f"is '{one}'; it must be one of {', '.join(allowed)}")
            return ""
        return one


def line_of(lines: Lines, key: str) -> int | None:
    """Return where a key path, or what is nearest above it, stands; None if unknown.

    A remark in brackets at the end of a key is no part of its path.
    """
    path = _REMARK.sub("", key)
    while path and lines and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), path.rfind(" line "), 0)]
    return lines.get(path)


def _printable(text: str) -> str:
    return _HALF_CHARACTER.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _shown(value: Any) -> str:
    try:
        return repr(value)
    except ValueError:  # Python refuses to write out integers of thousands of digits
        return "a number of thousands of digits"


def _kind(value: Any) -> str:
    names = {
        type(None): "empty", bool: "true/false", int: "a number", float: "a number",
        str: "a text", list: "a list", dict: "a mapping",
    }  # fmt: skip
    return names.get(type(value), f"a {type(value).__name__}")
