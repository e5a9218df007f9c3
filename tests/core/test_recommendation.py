"""What is recommended: never what is sold out, too dear or not asked for; and honestly nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.backoffice.recommendation import (
    MOST,
    NO_PREFERENCE,
    UNLIKE,
    Likeness,
    Wanted,
    advise,
    budget,
    is_in_stock,
    pieces,
    shared,
)
from sangdam.bots.catalogue import Catalogue, Facet, Item

COLOURS = ("black", "red", "white")


def thing(name: str, price: int, *, stock: int | None = None, **facets: object) -> Item:
    given: dict[str, object] = {
        facet: Decimal(str(value)) if facet == "weight" else tuple(str(value).split())
        for facet, value in facets.items()
    }
    return Item(name, {"ko": name}, Decimal(price), {"ko": name}, stock, given)  # type: ignore[arg-type]  # the values are facet values


BAG = thing("bag", 50000, stock=3, colour="black red", weight=0.9)
TOTE = thing("tote", 30000, stock=1, colour="black", weight=0.4)
TRUNK = thing("trunk", 90000, colour="red", weight=4)
PURSE = thing("purse", 20000, stock=0, colour="black", weight=0.1)
MUG = thing("mug", 15000, stock=9)
SHOP = Catalogue(
    (BAG, TOTE, TRUNK, PURSE, MUG),
    {"colour": Facet("colour", "options", COLOURS), "weight": Facet("weight", "number")},
)
NEAR = {item.id: Likeness(0.0, 0.9) for item in SHOP.items}


def advised(wanted: Wanted, **sold: int) -> list[str]:
    return [item.id for item in advise(SHOP, wanted, sold=sold, likeness={}).items]


def test_without_a_wish_things_come_as_the_catalogue_has_them() -> None:
    assert advised(Wanted()) == ["bag", "tote", "trunk"]


def test_what_is_sold_out_is_not_recommended() -> None:
    assert "purse" not in advised(Wanted(facets={"colour": ("black",)}))
    assert advised(Wanted(facets={"colour": ("black",)}), tote=1) == ["bag", "mug"]


def test_what_has_no_stock_number_never_runs_out() -> None:
    assert is_in_stock(TRUNK, {"trunk": 10**6})


def test_a_thing_without_a_facet_fits_any_of_its_options() -> None:
    assert advised(Wanted(facets={"colour": ("white",)})) == ["mug"]


def test_one_of_several_options_will_do() -> None:
    assert advised(Wanted(facets={"colour": ("white", "red")})) == ["bag", "trunk", "mug"]


def test_no_preference_asks_for_nothing() -> None:
    assert advised(Wanted(facets={"colour": (NO_PREFERENCE,)})) == advised(Wanted())


@pytest.mark.parametrize(
    ("amount", "least", "most"),
    [
        ("50000 KRW", None, 50000),
        ("200000..299999 KRW", 200000, 299999),
        ("..30000 KRW", None, 30000),
        ("30000.. KRW", 30000, None),
        ("0.. KRW", None, None),
    ],
)
def test_a_budget_has_a_least_and_a_most(amount: str, least: int | None, most: int | None) -> None:
    assert budget(amount) == (least, most)


def test_nearest_to_the_budget_is_told_when_nothing_is_within_it() -> None:
    wanted = Wanted(facets={"colour": ("red",)}, high=Decimal(10000))
    advice = advise(SHOP, wanted, sold={}, likeness={})
    assert (advice.items, advice.closest) == ((), MUG)
    dear = advise(SHOP, replace(wanted, low=Decimal(10**6), high=None), sold={}, likeness={})
    assert dear.closest == TRUNK


def test_the_likest_comes_first_and_what_is_far_behind_does_not_come() -> None:
    likeness = {
        "bag": Likeness(0.0, 0.5),
        "tote": Likeness(0.2, 0.8),
        "trunk": Likeness(0.0, 0.1),
        "mug": Likeness(0.0, 0.0),
    }
    advice = advise(SHOP, Wanted(must_be_like=True), sold={}, likeness=likeness)
    assert [item.id for item in advice.items] == ["tote", "bag"]


def test_nothing_is_passed_off_as_what_was_wished_for() -> None:
    far = {item.id: Likeness(1.0, UNLIKE - 0.01) for item in SHOP.items}
    assert advise(SHOP, Wanted(must_be_like=True), sold={}, likeness=far).items == ()
    assert advise(SHOP, Wanted(must_be_like=False), sold={}, likeness=far).items


def test_without_an_encoder_words_must_be_shared() -> None:
    words = {item.id: Likeness(0.0) for item in SHOP.items} | {"mug": Likeness(0.5)}
    advice = advise(SHOP, Wanted(must_be_like=True), sold={}, likeness=words)
    assert [item.id for item in advice.items] == ["mug"]


@pytest.mark.parametrize(
    ("narrow", "shown", "expected"),
    [
        ("cheaper", ("bag",), ["tote", "mug"]),
        ("pricier", ("bag",), ["trunk"]),
        ("other", ("bag", "tote"), ["trunk", "mug"]),
        ("less_weight", ("bag",), ["tote"]),
        ("more_weight", ("bag",), ["trunk"]),
        ("cheaper", (), ["mug", "tote", "bag"]),
        ("pricier", (), ["trunk", "bag", "tote"]),
        (NO_PREFERENCE, ("bag",), ["bag", "tote", "trunk"]),
    ],
)
def test_a_list_is_narrowed(narrow: str, shown: tuple[str, ...], expected: list[str]) -> None:
    assert advised(Wanted(narrow=narrow, shown=shown)) == expected


def test_other_things_are_none_that_were_shown_before() -> None:
    wanted = Wanted(narrow="other", shown=("trunk",), seen=("bag", "tote"))
    assert advised(wanted) == ["mug"]


def test_when_all_has_been_shown_that_is_told() -> None:
    wanted = Wanted(narrow="cheaper", shown=("mug",))
    advice = advise(SHOP, wanted, sold={}, likeness={})
    assert (advice.items, advice.is_at_end, advice.closest) == ((), True, None)


def test_pieces_are_shared_by_inflected_words() -> None:
    assert pieces("따뜻한") & pieces("따뜻하고")
    assert pieces("gloves") == pieces("glove") | {"glove"}
    assert pieces("7 !") == frozenset()


def test_a_rare_word_counts_for_more_than_a_common_one() -> None:
    texts = [pieces(text) for text in ("선물 머그", "선물 우산", "선물 담요")]
    rare, common, _ = shared(pieces("머그 선물"), texts)
    assert rare == 1
    assert 0 < common < 0.5
    assert shared(frozenset(), texts) == (0, 0, 0)


things = st.builds(
    thing,
    st.uuids().map(lambda one: f"i{one.hex[:8]}"),
    st.integers(0, 10**6),
    stock=st.none() | st.integers(0, 3),
    colour=st.sampled_from(COLOURS),
    weight=st.integers(1, 9),
)
amounts = st.none() | st.integers(0, 10**6).map(Decimal)


@given(data=st.data(), items=st.lists(things, min_size=1, max_size=12, unique_by=lambda i: i.id))
def test_whatever_is_wanted_what_is_recommended_fits(
    data: st.DataObject, items: list[Item]
) -> None:
    ids = [item.id for item in items]
    some = st.lists(st.sampled_from(ids), unique=True, max_size=6).map(tuple)
    wanted = Wanted(
        facets=data.draw(
            st.just({}) | st.sampled_from(COLOURS).map(lambda one: {"colour": (one,)})
        ),
        low=data.draw(amounts),
        high=data.draw(amounts),
        narrow=data.draw(
            st.sampled_from((None, NO_PREFERENCE, "cheaper", "pricier", "other", "less_weight"))
        ),
        shown=data.draw(some),
        seen=data.draw(some),
        must_be_like=data.draw(st.booleans()),
    )
    sold = data.draw(st.dictionaries(st.sampled_from(ids), st.integers(0, 4)))
    scores = st.builds(Likeness, st.floats(0, 1), st.none() | st.floats(-1, 1))
    likeness = data.draw(st.just({}) | st.fixed_dictionaries(dict.fromkeys(ids, scores)))
    catalogue = Catalogue(tuple(items), SHOP.facets)
    advice = advise(catalogue, wanted, sold=sold, likeness=likeness)
    assert len(advice.items) <= MOST
    assert not (advice.items and (advice.closest or advice.is_at_end))
    for item in (*advice.items, *filter(None, [advice.closest])):
        assert item.stock is None or item.stock > sold.get(item.id, 0)
    for item in advice.items:
        assert wanted.low is None or item.price >= wanted.low
        assert wanted.high is None or item.price <= wanted.high
        assert all(set(item.facets[name]) & set(ones) for name, ones in wanted.facets.items())  # type: ignore[arg-type]  # colours only
        if wanted.shown and wanted.narrow not in (None, NO_PREFERENCE):
            assert item.id not in (*wanted.shown, *wanted.seen)
            prices = [one.price for one in items if one.id in wanted.shown]
            assert wanted.narrow != "cheaper" or item.price < min(prices)
            assert wanted.narrow != "pricier" or item.price > max(prices)
