"""From plain JSON back to frozen dataclasses, guided by their annotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

_Kind = TypeVar("_Kind")


def from_plain(kind: type[_Kind], value: Any) -> _Kind:
    """Return a dataclass made of what ``dataclasses.asdict`` and JSON have made of it.

    Knows dataclasses, tuples, mappings of plain values, optional values, literals, texts, numbers
    and truth values. A field that is not there takes its default, one too many is left out, so
    that a format can grow. Raises TypeError, KeyError or ValueError for anything that is not of
    the kind.
    """
    result: _Kind = _read(kind, value)
    return result


def _read(kind: Any, value: Any) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if isinstance(kind, UnionType):
        if value is None and NoneType in arguments:
            return None
        return _read(next(one for one in arguments if one is not NoneType), value)
    if origin is tuple:
        if not isinstance(value, list):
            raise TypeError(f"{value!r} is no list")
        if arguments[-1] is Ellipsis:
            return tuple(_read(arguments[0], one) for one in value)
        return tuple(_read(part, one) for part, one in zip(arguments, value, strict=True))
    if origin is Literal:
        if value not in arguments:
            raise ValueError(f"{value!r} is none of {arguments}")
        return value
    if origin is Mapping:
        return dict(value)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        given = {
            one.name: _read(hints[one.name], value[one.name])
            for one in fields(kind)
            if one.name in value or (one.default is MISSING and one.default_factory is MISSING)
        }
        return kind(**given)  # type: ignore[operator]  # a dataclass here is always a class
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
