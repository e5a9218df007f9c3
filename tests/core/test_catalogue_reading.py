"""``catalogue.yaml``: what a team sells, read once, with every mistake at its place."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.bots.catalogue import Catalogue, catalogue_document, read_catalogue_document
from sangdam.bots.catalogue_reading import ITEMS_LIMIT, TEXT_LIMIT, read_catalogue
from sangdam.bots.reading import Reader

GOOD: dict[str, Any] = {
    "format": 1,
    "currency": "KRW",
    "facets": {"colour": ["black", "red"], "weight": "number"},
    "items": [
        {
            "id": "bag",
            "name": {"ko": "가방", "en": "Bag"},
            "price": 54000,
            "stock": 3,
            "facets": {"colour": ["black", "red"], "weight": 0.9},
            "text": {"ko": "튼튼해요.", "en": "Sturdy."},
        },
        {
            "id": "mug",
            "name": {"ko": "머그", "en": "Mug"},
            "price": "28000.50",
            "facets": {"colour": "red"},
            "text": {"ko": "한 쌍이에요.", "en": "A pair."},
        },
    ],
}


def read(data: Any) -> tuple[Catalogue, list[str]]:
    reader = Reader("shop/catalogue.yaml")
    catalogue = read_catalogue(reader, data, ("ko", "en"))
    return catalogue, [str(one) for one in reader.mistakes]


def test_a_catalogue_is_read() -> None:
    catalogue, mistakes = read(GOOD)
    assert mistakes == []
    bag, mug = catalogue.items
    assert (bag.price, bag.stock) == (Decimal(54000), 3)
    assert bag.facets == {"colour": ("black", "red"), "weight": Decimal("0.9")}
    assert (mug.price, mug.stock, mug.facets) == (Decimal("28000.50"), None, {"colour": ("red",)})
    assert catalogue.facets["weight"].kind == "number"


def test_a_release_carries_it_whole() -> None:
    catalogue, _ = read(GOOD)
    assert read_catalogue_document(catalogue_document(catalogue)) == catalogue


def _at(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        *way, last = [int(one) if one.isdigit() else one for one in path.split(".")]
        here: Any = data
        for step in way:
            here = here[step]
        if value is None:
            del here[last]
        else:
            here[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("currency", "won", "'won' is no currency"),
        ("facets.colour", "red", "write number, or a list"),
        ("items", [], "has 0 things"),
        ("items.0.id", "Bag 1", "lower-case letters"),
        ("items.0.id", "mug", "id 'mug' stands there twice"),
        ("items.0.price", -1, "must be a number, 0 or more"),
        ("items.0.price", "many", "must be a number, 0 or more"),
        ("items.0.price", True, "must be a number"),
        ("items.0.stock", -1, "stock"),
        ("items.0.name.en", None, "name.en"),
        ("items.0.text.ko", "가" * (TEXT_LIMIT + 1), "text.ko"),
        ("items.0.facets.size", "large", "facet 'size' is not defined"),
        ("items.0.facets.colour", "blue", "'blue' is no option of facet 'colour' (black, red)"),
        ("items.0.facets.weight", "heavy", "must be a number, 0 or more"),
        ("items.0.sotck", 3, "sotck"),
    ],
)
def test_a_mistake_is_told_with_its_place(path: str, value: Any, told: str) -> None:
    data = deepcopy(GOOD)
    _at(path, value)(data)
    _, mistakes = read(data)
    assert any(told in one for one in mistakes), mistakes
    assert all(one.startswith("shop/catalogue.yaml") for one in mistakes)


def test_a_catalogue_has_its_limits() -> None:
    one = GOOD["items"][1]
    many = [{**one, "id": f"mug{number}"} for number in range(ITEMS_LIMIT + 1)]
    _, mistakes = read({**GOOD, "items": many})
    assert any(f"has {ITEMS_LIMIT + 1} things" in one for one in mistakes)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


@given(anything, anything, anything)
def test_no_content_breaks_the_reader(top: Any, facets: Any, items: Any) -> None:
    read(top)
    read({**GOOD, "facets": facets})
    read({**GOOD, "items": [items, {**GOOD["items"][0], "price": items, "facets": facets}]})
