"""``catalogue.yaml``: what a business sells, as authors write it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sangdam.bots.catalogue import Catalogue, Facet, FacetValue, Item
from sangdam.bots.definition import Language
from sangdam.bots.reading import Reader

ITEMS_LIMIT = 500
"""Most things for sale: they travel in the release, and each is compared with every wish."""

TEXT_LIMIT = 600
"""Longest description, in characters."""

_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,31}\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_ITEM_KEYS = ("id", "name", "price", "stock", "facets", "text")


def read_catalogue(reader: Reader, data: Any, languages: Sequence[Language]) -> Catalogue:
    """Read all things for sale; mistakes go to the reader."""
    top = reader.mapping(data, "")
    reader.only(top, "", ("format", "currency", "facets", "items"))
    reader.format(top)
    currency = reader.text(top.get("currency", "KRW"), "currency")
    if currency and not _CURRENCY.match(currency):
        reader.wrong("currency", f"'{currency}' is no currency; write its three letters: KRW")
    facets = {
        name: _facet(reader, name, value, key)
        for name, key, value in reader.items(top.get("facets"), "facets")
    }
    items = tuple(
        _item(reader, one, f"items[{place}]", facets, languages)
        for place, one in enumerate(reader.listing(top.get("items"), "items"))
    )
    if not 1 <= len(items) <= ITEMS_LIMIT:
        reader.wrong("items", f"has {len(items)} things; a catalogue has 1 to {ITEMS_LIMIT}")
    names = [item.id for item in items]
    for twin in sorted({name for name in names if name and names.count(name) > 1}):
        reader.wrong("items", f"id '{twin}' stands there twice; each thing has its own")
    return Catalogue(items, facets, currency)


def _facet(reader: Reader, name: str, value: Any, key: str) -> Facet:
    if value == "number":
        return Facet(name, "number")
    options = reader.texts(value, key)
    if isinstance(value, str):
        reader.wrong(key, f"is '{value}'; write number, or a list of what it can be")
    return Facet(name, "options", options)


def _item(
    reader: Reader,
    data: Any,
    key: str,
    facets: Mapping[str, Facet],
    languages: Sequence[Language],
) -> Item:
    top = reader.mapping(data, key)
    reader.only(top, key, _ITEM_KEYS)
    name = reader.text(top.get("id"), f"{key}.id")
    if name and not _ID.match(name):
        reader.wrong(f"{key}.id", f"'{name}' must be lower-case letters, digits and _, at most 32")
    stock = None
    if top.get("stock") is not None:
        stock = reader.whole(top["stock"], f"{key}.stock", low=0, high=10**6, default=0)
    values: dict[str, FacetValue] = {}
    for facet, path, value in reader.items(top.get("facets"), f"{key}.facets"):
        if facet not in facets:
            known = ", ".join(facets) or "none"
            reader.wrong(path, f"facet '{facet}' is not defined under facets ({known})")
        else:
            values[facet] = _value(reader, facets[facet], value, path)
    return Item(
        id=name,
        name=_words(reader, top.get("name"), f"{key}.name", languages, limit=80),
        price=_number(reader, top.get("price"), f"{key}.price"),
        text=_words(reader, top.get("text"), f"{key}.text", languages, limit=TEXT_LIMIT),
        stock=stock,
        facets=values,
    )


def _value(reader: Reader, facet: Facet, value: Any, key: str) -> FacetValue:
    if facet.kind == "number":
        return _number(reader, value, key)
    options = reader.texts(value, key)
    for one in options:
        if one not in facet.options:
            known = ", ".join(facet.options)
            reader.wrong(key, f"'{one}' is no option of facet '{facet.name}' ({known})")
    return options


def _number(reader: Reader, value: Any, key: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        reader.wrong(key, "must be a number")
        return Decimal(0)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        reader.wrong(key, f"is {value!r}; it must be a number, 0 or more")
        return Decimal(0)
    return number


def _words(
    reader: Reader, value: Any, key: str, languages: Sequence[Language], *, limit: int
) -> dict[str, str]:
    top = reader.mapping(value, key)
    reader.only(top, key, languages)
    read: dict[str, str] = {}
    for language in languages:
        if language not in top:
            reader.wrong(f"{key}.{language}", "is missing; the bot speaks this language")
        else:
            read[language] = reader.text(top[language], f"{key}.{language}", limit=limit)
    return read
