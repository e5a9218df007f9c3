"""Actions on the catalogue: recommending what fits, with reasons, and telling of one thing."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sangdam.backoffice.recommendation import (
    NO_PREFERENCE,
    Advice,
    Likeness,
    Wanted,
    advise,
    budget,
    is_in_stock,
    left_of,
    matches,
    pieces,
    shared,
)
from sangdam.bots.catalogue import Catalogue, Item
from sangdam.bots.definition import Bot, EntityType, Language
from sangdam.bots.quick_reply import SLOT_LIMIT
from sangdam.dialogue.decision import ActionResult, Choice
from sangdam.nlu.wish import Wish, read_wish
from sangdam.services.action import FINE, ActionCall, ActionDone
from sangdam.text.normalise import normalise
from sangdam.text.values import spoken_values

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_KEPT = 8
_VECTORS: OrderedDict[str, tuple[tuple[float, ...], ...]] = OrderedDict()
"""Vectors of catalogues, by a digest of their texts: made once in a process."""

KIND = "category"
"""The facet that says what a thing is: who names it has not to be like anything else."""


NARROW = "narrow"
"""The role that says how the next list should differ from the last."""


def recommend(call: ActionCall) -> ActionDone:
    """Recommend up to three things that are in stock and fit; say so if none does.

    What a value is given for outright counts first, then what the wish itself names.

    Raises ValueError for a bot without a catalogue, which no valid pack has.
    """
    catalogue = call.bot.catalogue
    if catalogue is None:
        raise ValueError(f"bot '{call.bot.name}' recommends and has no catalogue.yaml: add one")
    if call.query.phase in ("check", "offer", "withdraw"):
        return FINE
    wish = read_wish(call.values.get("wish", ""), _facet_words(call.bot, catalogue))
    wanted = _wanted(call, catalogue, wish)
    sold = call.store.counts(f"{call.bot.name}#stock")
    likeness = _likeness(call, catalogue, _telling(call, wish))
    advice = advise(catalogue, wanted, sold=sold, likeness=likeness)
    return ActionDone(_result(call, catalogue, wanted, advice))


def item(call: ActionCall) -> ActionDone:
    """Tell of one thing what it costs, what it is like, and whether and how many are left.

    Raises ValueError for a thing that is not in the catalogue, which no valid pack offers.
    """
    if call.query.phase != "run":
        return FINE
    catalogue, name = call.bot.catalogue, call.values["item"]
    known = () if catalogue is None else catalogue.items
    found = next((one for one in known if one.id == name), None)
    if catalogue is None or found is None:
        raise ValueError(f"'{name}' is no item of the catalogue.yaml of bot '{call.bot.name}'")
    language = call.query.language
    fields = {
        "item": _said(found.name, language),
        "price": _price(found.price, catalogue.currency, language),
        "text": _said(found.text, language),
    }
    sold = call.store.counts(f"{call.bot.name}#stock")
    if not is_in_stock(found, sold):
        return ActionDone(ActionResult("sold_out", fields))
    left = _left(left_of(found, sold), language)
    return ActionDone(ActionResult("in_stock", {**fields, "left": left}))


def _left(count: int | None, language: Language) -> str:
    if count is None:
        return "넉넉함" if language == "ko" else "plenty"
    return f"{count}개" if language == "ko" else str(count)


def _telling(call: ActionCall, wish: Wish) -> str:
    """Return the words of a wish that say more than the filters do.

    What a whole kind of things is called (``가방``) tells nothing of one bag from another.
    """
    entity = _entity(call.bot, KIND)
    if entity is None:
        return wish.words
    labels = {
        word
        for option in wish.named.get(KIND, ())
        for word in normalise(entity.label(option, call.query.language)).split()
    }
    return " ".join(word for word in wish.words.split() if word not in labels)


def _wanted(call: ActionCall, catalogue: Catalogue, wish: Wish) -> Wanted:
    values = call.values
    given = {
        facet: (values[facet],)
        for facet in catalogue.facets
        if values.get(facet, NO_PREFERENCE) != NO_PREFERENCE
    }
    low, high = budget(values["budget"]) if "budget" in values else (None, None)
    if (low, high) == (None, None) and wish.money is not None:
        low, high = budget(wish.money)
    named = {name: options for name, options in wish.named.items() if name in catalogue.facets}
    named |= given
    last, _, before = values.get("shown", "").partition("|")
    return Wanted(
        facets=named,
        low=low,
        high=high,
        narrow=values.get(NARROW),
        shown=tuple(filter(None, last.split(","))),
        seen=tuple(filter(None, before.split(","))),
        must_be_like=bool(wish.rest) and not named,
    )


def _result(call: ActionCall, catalogue: Catalogue, wanted: Wanted, advice: Advice) -> ActionResult:
    language = call.query.language
    if not advice.items:
        if advice.is_at_end:
            shown = _shown(wanted.shown, wanted.seen)
            return ActionResult("no_more", remembered={"shown": shown})
        closest = "-" if advice.closest is None else _line(call, catalogue, advice.closest, wanted)
        return ActionResult("nothing", {"closest": closest})
    lines = [
        f"{place}. {_line(call, catalogue, item, wanted)}"
        for place, item in enumerate(advice.items, start=1)
    ]
    role = "resource" if _are_reserved(call, advice.items) else "item"
    before = () if wanted.narrow in (None, NO_PREFERENCE) else (*wanted.shown, *wanted.seen)
    return ActionResult(
        "found",
        {"list": "\n".join(lines), "count": str(len(lines))},
        choices=tuple(Choice(role, item.id, _said(item.name, language)) for item in advice.items),
        remembered={"shown": _shown([item.id for item in advice.items], before)},
    )


def _shown(last: Sequence[str], before: Sequence[str]) -> str:
    """Return the things shown last, and behind a bar those before them, as far as they fit."""
    text = ",".join(last)
    for place, one in enumerate(before):
        longer = f"{text}{',' if place else '|'}{one}"
        if len(longer) > SLOT_LIMIT:
            break
        text = longer
    return text


def _are_reserved(call: ActionCall, items: Sequence[Item]) -> bool:
    rules = call.bot.backoffice.reservations
    return rules is not None and all(item.id in rules.resources for item in items)


def _line(call: ActionCall, catalogue: Catalogue, item: Item, wanted: Wanted) -> str:
    """Return a thing's name, price and the reasons for it, on one line and one more."""
    language = call.query.language
    price = _price(item.price, catalogue.currency, language)
    reasons = [
        _option(call.bot, facet, option, language)
        for facet, options in wanted.facets.items()
        for option in options
        if facet != KIND and facet in item.facets and matches(item, facet, (option,))
    ]
    if wanted.high is not None and item.price <= wanted.high:
        reasons.append("예산 안" if language == "ko" else "within your budget")
    text = _SENTENCE.split(_said(item.text, language))[0]
    why = f" ({', '.join(reasons)})" if reasons else ""
    return f"{_said(item.name, language)} · {price}{why}\n   {text}"


def _facet_words(bot: Bot, catalogue: Catalogue) -> dict[str, Mapping[str, Sequence[str]]]:
    """Return the words of the options of each facet that a choice is for, and of narrowing."""
    words: dict[str, Mapping[str, Sequence[str]]] = {}
    for name in (*catalogue.facets, NARROW):
        entity = _entity(bot, name)
        if entity is not None:
            said = entity.words()
            words[name] = {one: said[one] for one in said if one != NO_PREFERENCE}
    return words


def _entity(bot: Bot, facet: str) -> EntityType | None:
    """Return the choice that a facet is asked for by."""
    for form in bot.forms.values():
        if form.action != "catalogue.recommend":
            continue
        for slot in form.slots:
            if form.role_of(slot.name) == facet and bot.entities[slot.entity].type == "choice":
                return bot.entities[slot.entity]
    return None


def _option(bot: Bot, facet: str, option: str, language: Language) -> str:
    """Return what an option of a facet is called: as the choice of the same options has it."""
    entity = _entity(bot, facet)
    if entity is None or option not in entity.options:
        return option
    return entity.label(option, language)


def _price(price: Decimal, currency: str, language: Language) -> str:
    return spoken_values("money", (f"{price.normalize():f} {currency}",), language)[0]


def _said(words: Mapping[str, str], language: Language) -> str:
    return words.get(language) or next(iter(words.values()), "")


def _likeness(call: ActionCall, catalogue: Catalogue, wish: str) -> dict[str, Likeness]:
    """Return how much each thing is like what was wished for; empty if nothing was.

    A thing is as near as its whole text and the nearest sentence of it are on average: one
    sentence says what it is, another whom it is for.
    """
    if not wish:
        return {}
    language = call.query.language
    texts = [
        (normalise(f"{_said(item.name, language)}. {_said(item.text, language)}"),
         *map(normalise, _SENTENCE.split(_said(item.text, language))))
        for item in catalogue.items
    ]  # fmt: skip
    near = _nearness(call, wish, texts)
    words = shared(pieces(wish), [pieces(whole) for whole, *_ in texts])
    return {
        item.id: Likeness(words[place], near[place] if near else None)
        for place, item in enumerate(catalogue.items)
    }


def _nearness(
    call: ActionCall, wish: str, texts: Sequence[tuple[str, ...]]
) -> tuple[float, ...] | None:
    """Return how near a wish is to each thing by their vectors; None without an encoder."""
    vectors = _vectors(call, [text for several in texts for text in several])
    ours = call.vectors([wish])
    if vectors is None or ours is None:
        return None
    near: list[float] = []
    rest = iter(vectors)
    for several in texts:
        whole, *sentences = [_product(ours[0], next(rest)) for _ in several]
        near.append((whole + max(sentences)) / 2)
    return tuple(near)


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _vectors(call: ActionCall, texts: Sequence[str]) -> Sequence[Sequence[float]] | None:
    key = hashlib.sha256("\0".join((call.bot.profile, *texts)).encode()).hexdigest()
    known = _VECTORS.get(key)
    if known is not None:
        return known
    made = call.vectors(texts)
    if made is None:
        return None
    _VECTORS[key] = tuple(tuple(vector) for vector in made)
    while len(_VECTORS) > _KEPT:
        _VECTORS.popitem(last=False)
    return _VECTORS[key]
