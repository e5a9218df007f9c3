"""What a business sells, as frozen values: ``catalogue.yaml`` once it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Literal

FacetValue = Decimal | tuple[str, ...]
"""A facet's value: a number, or one or several of its options."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A property that things are told apart by: one or several of ``options``, or a number."""

    name: str
    kind: Literal["options", "number"]
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A thing for sale. ``stock`` None means that it never runs out."""

    id: str
    name: Mapping[str, str]
    price: Decimal
    text: Mapping[str, str]
    stock: int | None = None
    facets: Mapping[str, FacetValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All things for sale, in the order of the file."""

    items: tuple[Item, ...]
    facets: Mapping[str, Facet] = field(default_factory=dict)
    currency: str = "KRW"


def catalogue_document(catalogue: Catalogue) -> dict[str, Any]:
    """Return a catalogue as plain data, for a compiled bot; numbers are written as texts."""
    return {
        "currency": catalogue.currency,
        "facets": [
            {"name": one.name, "kind": one.kind, "options": list(one.options)}
            for one in catalogue.facets.values()
        ],
        "items": [
            {**asdict(item), "price": str(item.price), "facets": _plain(item.facets)}
            for item in catalogue.items
        ],
    }


def read_catalogue_document(document: Mapping[str, Any]) -> Catalogue:
    """Return the catalogue that :func:`catalogue_document` wrote."""
    facets = {
        one["name"]: Facet(one["name"], one["kind"], tuple(one["options"]))
        for one in document["facets"]
    }
    items = tuple(
        Item(
            id=one["id"],
            name=one["name"],
            price=Decimal(one["price"]),
            text=one["text"],
            stock=one["stock"],
            facets={name: _value(facets[name], given) for name, given in one["facets"].items()},
        )
        for one in document["items"]
    )
    return Catalogue(items, facets, document["currency"])


def _plain(facets: Mapping[str, FacetValue]) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else str(value)
        for name, value in facets.items()
    }


def _value(facet: Facet, given: Any) -> FacetValue:
    if facet.kind == "number":
        return Decimal(given)
    return tuple(given)
