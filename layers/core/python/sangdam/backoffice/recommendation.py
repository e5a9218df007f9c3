"""Recommending: what fits a wish, why, and what to say when nothing does. Pure rules.

What is asked for outright (a facet, a budget) filters; what is said in free words ranks. Nothing
that is sold out is recommended, and nothing that does not fit is passed off as fitting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sangdam.bots.catalogue import Catalogue, Item

MOST = 3
"""How many things are recommended at once: more are a list to read, and no advice."""

TOLERANCE = Decimal("1.0")
"""A plain amount is the most that may be spent."""

WORDS_WEIGHT = 0.35
"""What shared pieces of words count beside the likeness of sentence vectors (0 to 1 each)."""

UNLIKE = 0.12
"""Below this score nothing of a catalogue is like a wish that names no facet and no budget."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a customer asks for.

    ``facets`` are options by facet; ``low`` and ``high`` the budget. ``narrow`` is how the next
    list should differ from the one that was ``shown``: ``cheaper``, ``pricier``, ``other``,
    ``less_FACET`` or ``more_FACET`` of a number.
    """

    facets: Mapping[str, str]
    low: Decimal | None = None
    high: Decimal | None = None
    narrow: str | None = None
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """What came of it: things to recommend, best first, or else the nearest that does not fit.

    ``is_at_end`` says that there were things that fit, and all of them have been shown.
    """

    items: tuple[Item, ...]
    closest: Item | None = None
    is_at_end: bool = False


def budget(amount: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the most of a canonical amount of money, or range of amounts."""
    number = amount.split(" ")[0]
    low, dots, high = number.partition("..")
    if not dots:
        return None, Decimal(low) * TOLERANCE
    return (Decimal(low) if low else None), (Decimal(high) if high else None)


def advise(
    catalogue: Catalogue,
    wanted: Wanted,
    *,
    sold: Mapping[str, int],
    likeness: Mapping[str, float],
) -> Advice:
    """Return what to recommend.

    Parameters
    ----------
    sold
        How many of each thing are gone, by its id; the rest of its stock is there.
    likeness
        How much each thing is like what was said in free words, by its id (0 to 1 or so); empty
        if nothing was said.
    """
    there = [item for item in catalogue.items if is_in_stock(item, sold)]
    fitting = [item for item in there if _fits(item, wanted)]
    ranked = _ranked(fitting, likeness)
    if likeness and not wanted.facets and wanted.low is None and wanted.high is None:
        ranked = [item for item in ranked if likeness.get(item.id, 0.0) >= UNLIKE]
    shown = [item for item in catalogue.items if item.id in wanted.shown]
    left = _narrowed(ranked, wanted.narrow, shown)
    if left:
        return Advice(tuple(left[:MOST]))
    if wanted.narrow is not None and shown:
        return Advice((), is_at_end=True)
    return Advice((), closest=_closest(there, wanted, likeness))


def is_in_stock(item: Item, sold: Mapping[str, int]) -> bool:
    """Tell whether there is one left."""
    return item.stock is None or item.stock - sold.get(item.id, 0) > 0


def matches(item: Item, facet: str, option: str) -> bool:
    """Tell whether a thing has an option of a facet; without the facet it fits any."""
    value = item.facets.get(facet)
    if value is None:
        return True
    if isinstance(value, Decimal):
        return str(value) == option
    return option in value


def _fits(item: Item, wanted: Wanted) -> bool:
    return (
        all(matches(item, facet, option) for facet, option in wanted.facets.items())
        and (wanted.high is None or item.price <= wanted.high)
        and (wanted.low is None or item.price >= wanted.low)
    )


def _ranked(items: Sequence[Item], likeness: Mapping[str, float]) -> list[Item]:
    """Return the likest first; without free words as the catalogue has them."""
    return sorted(items, key=lambda item: -likeness.get(item.id, 0.0))


def _narrowed(items: Sequence[Item], narrow: str | None, shown: Sequence[Item]) -> list[Item]:
    """Return what differs from the things shown in the way that was asked for."""
    if narrow is None or not shown:
        return list(items)
    seen = {item.id for item in shown}
    fresh = [item for item in items if item.id not in seen]
    if narrow == "cheaper":
        least = min(item.price for item in shown)
        return sorted((one for one in fresh if one.price < least), key=lambda one: -one.price)
    if narrow == "pricier":
        most = max(item.price for item in shown)
        return sorted((one for one in fresh if one.price > most), key=lambda one: one.price)
    way, _, facet = narrow.partition("_")
    if way in ("less", "more") and facet:
        sign = 1 if way == "less" else -1
        bounds = [sign * value for item in shown if (value := _number(item, facet)) is not None]
        if not bounds:
            return fresh
        return sorted(
            (
                one
                for one in fresh
                if (value := _number(one, facet)) is not None and sign * value < min(bounds)
            ),
            key=lambda one: -sign * (_number(one, facet) or Decimal(0)),
        )
    return fresh


def _number(item: Item, facet: str) -> Decimal | None:
    value = item.facets.get(facet)
    return value if isinstance(value, Decimal) else None


def _closest(items: Sequence[Item], wanted: Wanted, likeness: Mapping[str, float]) -> Item | None:
    """Return what fits but for the budget and is nearest to it; else what is likest."""
    but_for_price = [
        item
        for item in items
        if all(matches(item, facet, option) for facet, option in wanted.facets.items())
    ]
    if but_for_price and (wanted.high is not None or wanted.low is not None):
        target = wanted.high if wanted.high is not None else wanted.low
        return min(but_for_price, key=lambda item: abs(item.price - (target or Decimal(0))))
    ranked = _ranked(but_for_price or items, likeness)
    return ranked[0] if ranked else None


def pieces(text: str) -> frozenset[str]:
    """Return the pieces of two letters of a text's words, which inflected words share."""
    words = ("".join(letter for letter in word if letter.isalnum()) for word in text.split())
    return frozenset(word[at : at + 2] for word in words for at in range(max(len(word) - 1, 0)))


def shared(wish: frozenset[str], item: frozenset[str]) -> float:
    """Return which part of a wish's pieces a thing's text has (0 to 1)."""
    return len(wish & item) / len(wish) if wish else 0.0
