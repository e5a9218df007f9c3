"""Recommending: what fits a wish, why, and what to say when nothing does. Pure rules.

What is asked for outright (a facet, a budget) filters; what is said in free words ranks. Nothing
that is sold out is recommended, and nothing that does not fit is passed off as fitting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from math import log

from sangdam.bots.catalogue import Catalogue, Item

MOST = 3
"""How many things are recommended at once: more are a list to read, and no advice."""

NO_PREFERENCE = "no_preference"
"""The option of a facet, and of narrowing, that asks for nothing."""

WORDS_WEIGHT = 0.4
"""What shared pieces of words count beside the likeness of sentence vectors (0 to 1 each)."""

UNLIKE = 0.28
"""If nothing is as near as this by its sentence vector, there is nothing that was wished for."""

FAR_BEHIND = 0.5
"""Below this part of the best score a thing is no advice beside the best."""


_STEM = 5
"""How many letters of an English word tell it from others, without its endings."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a thing is like a wish: the part of the wish's ``words`` that its text shares, and
    how near their sentence vectors are (``meaning``, a cosine; None without an encoder).
    """

    words: float
    meaning: float | None = None

    @property
    def score(self) -> float:
        """What things are ranked by."""
        if self.meaning is None:
            return self.words
        return WORDS_WEIGHT * self.words + (1 - WORDS_WEIGHT) * self.meaning

    @property
    def is_like(self) -> bool:
        """Whether it is like the wish at all, however little."""
        return self.words > 0 if self.meaning is None else self.meaning >= UNLIKE


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a customer asks for.

    ``facets`` are the options that will do, by facet; ``low`` and ``high`` the budget. ``narrow``
    is how the next list should differ from the one that was ``shown`` last: ``cheaper``,
    ``pricier``, ``other``, ``less_FACET`` or ``more_FACET`` of a number. ``seen`` was shown before
    that. ``must_be_like`` says that nothing fits if nothing is like the free words.
    """

    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    low: Decimal | None = None
    high: Decimal | None = None
    narrow: str | None = None
    shown: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    must_be_like: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """What came of it: things to recommend, best first, or else the nearest that does not fit.

    ``is_at_end`` says that there were things that fit, and all of them have been shown.
    """

    items: tuple[Item, ...]
    closest: Item | None = None
    is_at_end: bool = False


def budget(amount: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the most of a canonical amount of money, or range of amounts.

    A plain amount is the most that may be spent; nothing is the least of ``0..``.
    """
    number = amount.split(" ")[0]
    low, dots, high = number.partition("..")
    if not dots:
        return None, Decimal(low)
    return Decimal(low or 0) or None, (Decimal(high) if high else None)


def advise(
    catalogue: Catalogue,
    wanted: Wanted,
    *,
    sold: Mapping[str, int],
    likeness: Mapping[str, Likeness],
) -> Advice:
    """Return what to recommend.

    Parameters
    ----------
    sold
        How many of each thing are gone, by its id; the rest of its stock is there.
    likeness
        How much each thing is like what was said in free words, by its id; empty if nothing was.
    """
    there = [item for item in catalogue.items if is_in_stock(item, sold)]
    ranked = _liked([item for item in there if _fits(item, wanted)], wanted, likeness)
    left = _narrowed(ranked, wanted, catalogue)
    if _is_narrowed(wanted):
        left = _ranked(left, likeness)
    if left:
        return Advice(tuple(left[:MOST]))
    if _is_narrowed(wanted):
        return Advice((), is_at_end=True)
    return Advice((), closest=_closest(there, wanted, likeness))


def is_in_stock(item: Item, sold: Mapping[str, int]) -> bool:
    """Tell whether there is one left."""
    left = left_of(item, sold)
    return left is None or left > 0


def left_of(item: Item, sold: Mapping[str, int]) -> int | None:
    """Return how many of a thing are left; None where it never runs out."""
    return None if item.stock is None else item.stock - sold.get(item.id, 0)


def matches(item: Item, facet: str, options: Sequence[str]) -> bool:
    """Tell whether a thing has one of some options of a facet; without the facet it fits any."""
    value = item.facets.get(facet)
    if value is None or NO_PREFERENCE in options:
        return True
    if isinstance(value, Decimal):
        return str(value) in options
    return any(option in value for option in options)


def _fits(item: Item, wanted: Wanted) -> bool:
    return (
        all(matches(item, facet, options) for facet, options in wanted.facets.items())
        and (wanted.high is None or item.price <= wanted.high)
        and (wanted.low is None or item.price >= wanted.low)
    )


def _liked(items: Sequence[Item], wanted: Wanted, likeness: Mapping[str, Likeness]) -> list[Item]:
    """Return the likest first; none if none has to do with the wish.

    Without those far behind, unless the best have been shown: then what is left is asked for.
    """
    ranked = _ranked(items, likeness)
    if not any(item.id in likeness and likeness[item.id].is_like for item in ranked):
        return [] if likeness and wanted.must_be_like else ranked
    if _is_narrowed(wanted):
        return ranked
    least = FAR_BEHIND * likeness[ranked[0].id].score
    return [item for item in ranked if likeness[item.id].score >= least]


def _ranked(items: Sequence[Item], likeness: Mapping[str, Likeness]) -> list[Item]:
    """Return the likest first; without free words as the catalogue has them."""
    nothing = Likeness(0.0)
    return sorted(items, key=lambda item: -likeness.get(item.id, nothing).score)


def _is_narrowed(wanted: Wanted) -> bool:
    return wanted.narrow not in (None, NO_PREFERENCE) and bool(wanted.shown)


def _narrowed(items: Sequence[Item], wanted: Wanted, catalogue: Catalogue) -> list[Item]:
    """Return what differs from the things shown in the way that was asked for.

    Of what is cheaper or dearer the likest comes first; of equals, that of the nearest price.
    """
    if not wanted.shown and wanted.narrow in ("cheaper", "pricier"):
        return sorted(items, key=lambda one: one.price, reverse=wanted.narrow == "pricier")
    if not _is_narrowed(wanted):
        return list(items)
    shown = [item for item in catalogue.items if item.id in wanted.shown]
    fresh = [item for item in items if item.id not in (*wanted.shown, *wanted.seen)]
    if wanted.narrow == "cheaper":
        least = min((item.price for item in shown), default=Decimal(0))
        return sorted((one for one in fresh if one.price < least), key=lambda one: -one.price)
    if wanted.narrow == "pricier":
        most = max((item.price for item in shown), default=Decimal(0))
        return sorted((one for one in fresh if one.price > most), key=lambda one: one.price)
    way, _, facet = (wanted.narrow or "").partition("_")
    if way not in ("less", "more") or not facet:
        return fresh
    sign = 1 if way == "less" else -1
    values = {
        one.id: value for one in catalogue.items if (value := _number(one, facet)) is not None
    }
    bounds = [sign * values[one.id] for one in shown if one.id in values]
    if not bounds:
        return fresh
    differing = (one for one in fresh if one.id in values and sign * values[one.id] < min(bounds))
    return sorted(differing, key=lambda one: -sign * values[one.id])


def _number(item: Item, facet: str) -> Decimal | None:
    value = item.facets.get(facet)
    return value if isinstance(value, Decimal) else None


def _closest(
    items: Sequence[Item], wanted: Wanted, likeness: Mapping[str, Likeness]
) -> Item | None:
    """Return what fits but for the budget and is nearest to it; else what is likest."""
    ranked = _liked(items, wanted, likeness)
    but_for_price = [
        item
        for item in ranked
        if all(matches(item, facet, options) for facet, options in wanted.facets.items())
    ]
    target = wanted.high if wanted.high is not None else wanted.low
    if wanted.facets and target is not None:
        # What was named outright counts before what the rest of the words may be like.
        but_for_price = [
            item
            for item in items
            if all(matches(item, facet, options) for facet, options in wanted.facets.items())
        ]
    if but_for_price and target is not None:
        return min(but_for_price, key=lambda item: abs(item.price - target))
    found = but_for_price or ranked or _ranked(items, likeness)
    return found[0] if found else None


def pieces(text: str) -> frozenset[str]:
    """Return the pieces of a normalised text that inflected words share.

    Of a Korean word each two letters that follow each other, of another its first letters.
    """
    words = re.findall(r"[^\W\d_]+", text)
    return frozenset(
        piece
        for word in words
        for piece in (
            (word[:_STEM],) if word.isascii() else map("".join, pairwise(word))
        )
    )  # fmt: skip


def shared(wish: frozenset[str], texts: Sequence[frozenset[str]]) -> tuple[float, ...]:
    """Return which part of a wish's pieces each text has (0 to 1); rare pieces count for more."""
    rarity = {
        piece: log((1 + len(texts)) / (0.5 + sum(piece in text for text in texts)))
        for piece in wish
    }
    whole = sum(rarity.values())
    if not whole:
        return (0.0,) * len(texts)
    return tuple(sum(rarity[piece] for piece in wish & text) / whole for text in texts)
