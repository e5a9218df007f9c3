"""Actions on the catalogue: recommending what fits, with reasons, and narrowing it down."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sangdam.backoffice.recommendation import (
    WORDS_WEIGHT,
    Advice,
    Wanted,
    advise,
    budget,
    matches,
    pieces,
    shared,
)
from sangdam.bots.catalogue import Catalogue, Item
from sangdam.bots.definition import Language
from sangdam.dialogue.decision import ActionResult, Choice
from sangdam.services.action import ActionCall, ActionDone
from sangdam.text.normalise import normalise
from sangdam.text.values import spoken_values

_KEPT = 8
_VECTORS: OrderedDict[str, tuple[tuple[float, ...], ...]] = OrderedDict()
"""Vectors of catalogues, by a digest of their texts: made once in a process."""


def recommend(call: ActionCall) -> ActionDone:
    """Recommend up to three things that are in stock and fit; say so if none does.

    Raises ValueError for a bot without a catalogue, which no valid pack has.
    """
    catalogue = call.bot.catalogue
    if catalogue is None:
        raise ValueError(f"bot '{call.bot.name}' recommends and has no catalogue.yaml: add one")
    if call.query.phase in ("check", "offer", "withdraw"):
        return ActionDone(ActionResult("ok"))
    values = call.values
    low, high = budget(values["budget"]) if "budget" in values else (None, None)
    wanted = Wanted(
        facets={name: values[name] for name in catalogue.facets if name in values},
        low=low,
        high=high,
        narrow=values.get("narrow"),
        shown=tuple(filter(None, values.get("shown", "").split(","))),
    )
    sold = call.store.counts(f"{call.bot.name}#stock")
    likeness = _likeness(call, catalogue, values.get("wish", ""))
    advice = advise(catalogue, wanted, sold=sold, likeness=likeness)
    return ActionDone(_result(call, catalogue, wanted, advice))


def _result(call: ActionCall, catalogue: Catalogue, wanted: Wanted, advice: Advice) -> ActionResult:
    language = call.query.language
    shown = {"shown": ",".join(wanted.shown)} if wanted.shown else {}
    if not advice.items:
        if advice.is_at_end:
            return ActionResult("no_more", remembered=shown)
        closest = "-" if advice.closest is None else _line(call, catalogue, advice.closest, wanted)
        return ActionResult("nothing", {"closest": closest})
    lines = [
        f"{place}. {_line(call, catalogue, item, wanted)}"
        for place, item in enumerate(advice.items, start=1)
    ]
    role = "resource" if _are_reserved(call, advice.items) else "item"
    return ActionResult(
        "found",
        {"list": "\n".join(lines), "count": str(len(lines))},
        choices=tuple(Choice(role, item.id, _said(item.name, language)) for item in advice.items),
        remembered={"shown": ",".join(item.id for item in advice.items)},
    )


def _are_reserved(call: ActionCall, items: Sequence[Item]) -> bool:
    rules = call.bot.backoffice.reservations
    return rules is not None and all(item.id in rules.resources for item in items)


def _line(call: ActionCall, catalogue: Catalogue, item: Item, wanted: Wanted) -> str:
    """Return a thing's name, price and the reasons for it, on one line and one more."""
    language = call.query.language
    price = _price(item.price, catalogue.currency, language)
    reasons = [
        _option(call, facet, option, language)
        for facet, option in wanted.facets.items()
        if facet in item.facets and matches(item, facet, option)
    ]
    if wanted.high is not None and item.price <= wanted.high:
        reasons.append("예산 안" if language == "ko" else "within your budget")
    text = _first_sentence(_said(item.text, language))
    why = f" ({', '.join(reasons)})" if reasons else ""
    return f"{_said(item.name, language)} · {price}{why}\n   {text}"


def _option(call: ActionCall, facet: str, option: str, language: Language) -> str:
    """Return what an option of a facet is called: as the choice of the same options has it."""
    for entity in call.bot.entities.values():
        if entity.type == "choice" and entity.name == facet and option in entity.options:
            return entity.label(option, language)
    return option


def _price(price: Decimal, currency: str, language: Language) -> str:
    return spoken_values("money", (f"{price.normalize():f} {currency}",), language)[0]


def _first_sentence(text: str) -> str:
    end = min((at for mark in (". ", "! ", "? ", "\n") if (at := text.find(mark)) > 0), default=-1)
    return text if end < 0 else text[: end + 1].strip()


def _said(words: Mapping[str, str], language: Language) -> str:
    return words.get(language) or next(iter(words.values()), "")


def _likeness(call: ActionCall, catalogue: Catalogue, wish: str) -> dict[str, float]:
    """Return how much each thing is like what was wished for; empty if nothing was."""
    plain = normalise(wish)
    if not pieces(plain):
        return {}
    language = call.query.language
    texts = [
        normalise(f"{_said(item.name, language)}. {_said(item.text, language)}")
        for item in catalogue.items
    ]
    wished = pieces(plain)
    likeness = {
        item.id: WORDS_WEIGHT * shared(wished, pieces(text))
        for item, text in zip(catalogue.items, texts, strict=True)
    }
    vectors = _vectors(call, texts)
    ours = call.vectors([plain])
    if vectors is None or ours is None:
        return likeness
    return {
        item.id: likeness[item.id] + (1 - WORDS_WEIGHT) * _product(ours[0], vector)
        for item, vector in zip(catalogue.items, vectors, strict=True)
    }


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
