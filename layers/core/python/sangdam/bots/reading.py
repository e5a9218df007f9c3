"""Reading untrusted data (parsed YAML or JSON) without stopping at the first mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in a pack: the file, the key in it, and what to do about it."""

    file: str
    key: str
    problem: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
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
    branches of its own for mistakes.
    """

    file: str
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, key: str, problem: str) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(self.file, _printable(key), _printable(problem)))

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
