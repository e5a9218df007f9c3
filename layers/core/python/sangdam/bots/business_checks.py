"""Do the forms of a pack and the rules of its business know the same things?"""

from __future__ import annotations

from collections.abc import Collection

from sangdam.bots.business import ReservationRules
from sangdam.bots.catalogue import Catalogue
from sangdam.bots.definition import Bot, EntityType, Form
from sangdam.bots.reading import Reader

REASONS = ("changed_mind", "defective", "wrong_item")
"""Why something is sent back, as the rules of returns tell them apart."""

_NARROW = ("no_preference", "cheaper", "pricier", "other")


def check_business(reader: Reader, bot: Bot) -> None:
    """Note every form whose action lacks its rules, or whose choices these do not know."""
    for form in bot.forms.values():
        key = f"forms.{form.name}"
        family, _, name = form.action.partition(".")
        if family == "reservations":
            _check_reservations(reader, bot, form, key)
        elif family == "catalogue":
            _check_catalogue(reader, bot, form, key)
        elif form.action in ("orders.return", "orders.exchange", "orders.refund_estimate"):
            if bot.backoffice.orders is None:
                problem = f"is missing; {form.action} needs its periods and fees"
                reader.wrong("backoffice.orders", problem)
            _check_options(reader, bot, form, "reason", REASONS, key, f"orders.{name}")


def _check_reservations(reader: Reader, bot: Bot, form: Form, key: str) -> None:
    rules = bot.backoffice.reservations
    if rules is None:
        problem = f"is missing; {form.action} needs to know what can be reserved"
        reader.wrong("backoffice.reservations", problem)
        return
    _check_options(reader, bot, form, "resource", rules.resources, key, "the resources")
    groups = {one.group for one in rules.resources.values() if one.group is not None}
    _check_options(reader, bot, form, "group", groups, key, "the groups of the resources")
    _check_times(reader, rules, form, key)


def _check_times(reader: Reader, rules: ReservationRules, form: Form, key: str) -> None:
    has_time = any(form.role_of(slot.name) == "time" for slot in form.slots)
    if rules.unit == "days" and has_time:
        problem = "reserves whole days (unit: days); take the slot for the time out"
        reader.wrong(f"{key}.slots", problem)
    if rules.unit == "slots" and not has_time and form.action == "reservations.book":
        problem = "has no slot for the time; without one nobody can say when they come"
        reader.wrong(f"{key}.slots", problem)


def _check_catalogue(reader: Reader, bot: Bot, form: Form, key: str) -> None:
    catalogue = bot.catalogue
    if catalogue is None:
        problem = f"'{form.action}' needs catalogue.yaml, which this pack has not"
        reader.wrong(f"{key}.action", problem)
        return
    if form.action == "catalogue.item":
        items = [item.id for item in catalogue.items]
        _check_options(reader, bot, form, "item", items, key, "catalogue.yaml")
        return
    known = ("wish", "budget", "narrow", *catalogue.facets)
    for slot in form.slots:
        role = form.role_of(slot.name)
        if role not in known:
            problem = f"is no facet of catalogue.yaml; roles: {', '.join(known)}"
            reader.wrong(f"{key}.slots.{slot.name}", problem)
        elif role in catalogue.facets:
            options = catalogue.facets[role].options
            _check_options(reader, bot, form, role, options, key, f"facet '{role}'")
    numbers = [one.name for one in catalogue.facets.values() if one.kind == "number"]
    ways = (*_NARROW, *(f"{way}_{name}" for name in numbers for way in ("less", "more")))
    _check_options(reader, bot, form, "narrow", ways, key, "narrowing")
    _check_listed(reader, bot, form, catalogue, key)


def _check_listed(reader: Reader, bot: Bot, form: Form, catalogue: Catalogue, key: str) -> None:
    """What is listed must be something that the form it is listed for can take."""
    listed = bot.intents.get(form.lists or "")
    target = bot.forms.get(listed.form or "") if listed is not None else None
    if target is None:
        return
    entity = _entity(bot, target, "resource") or _entity(bot, target, "item")
    if entity is None:
        problem = f"form '{target.name}' has no slot for what is listed (resource or item)"
        reader.wrong(f"{key}.lists", problem)
    elif entity.type == "choice":
        unknown = [item.id for item in catalogue.items if item.id not in entity.options]
        if unknown:
            problem = f"'{entity.name}' has no option {', '.join(unknown[:5])} of catalogue.yaml"
            reader.wrong(f"{key}.lists", problem)


def _check_options(
    reader: Reader,
    bot: Bot,
    form: Form,
    role: str,
    known: Collection[str],
    key: str,
    owner: str,
) -> None:
    entity = _entity(bot, form, role)
    if entity is None:
        return
    place = f"{key}.slots.{form.slot_of(role)}"
    if entity.type != "choice":
        reader.wrong(place, f"is a {entity.type}; {owner} can only be chosen from: use a choice")
        return
    for option in entity.options:
        if option not in known:
            there = ", ".join(sorted(known)) or "none"
            problem = f"option '{option}' of '{entity.name}' is unknown to {owner} ({there})"
            reader.wrong(place, problem)


def _entity(bot: Bot, form: Form, role: str) -> EntityType | None:
    slot = next((one for one in form.slots if form.role_of(one.name) == role), None)
    return None if slot is None else bot.entities.get(slot.entity)
