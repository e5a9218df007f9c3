"""What a bot's back office holds to try it with: ``demo.yaml`` beside a pack, as writes.

Days count from the day the demonstration starts. Loaded into stores on a developer's machine and
into those of rehearsals, never deployed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from sangdam.backoffice import cards
from sangdam.backoffice.openings import Start
from sangdam.backoffice.orders import (
    Order,
    OrderItem,
    OrderStatus,
    order_key,
    owner_digest,
    write_order,
)
from sangdam.backoffice.reservation import Reservation, reservation_writes, seats_for
from sangdam.backoffice.writes import Put, Write, merged
from sangdam.bots.business import ReservationRules
from sangdam.bots.definition import LANGUAGES, Language
from sangdam.bots.reading import PackError, Reader
from sangdam.bots.reservation_rules import read_backoffice
from sangdam.nlu.entities import phone as telephone
from sangdam.ports import BackOffice
from sangdam_adapters.backoffice_limits import PARTS
from sangdam_adapters.yaml_bots import open_reader

DEMO = "demo.yaml"

_STATUSES = ("paid", "preparing", "shipped", "delivered", "cancelled")
_ORDER_KEYS = (
    *("order_number", "status", "items", "ordered_on", "expected_on", "delivered_on"),
    *("courier", "tracking_number", "phone", "paid", "delivery_fee"),
)
_RESERVATION_KEYS = ("number", "resource", "day", "time", "party", "name", "phone")
_DAYS = 3650
_MOST = 10**9
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_LAST4 = re.compile(r"\d{4}")


def demo_writes(folder: Path, bot: str, *, today: date) -> tuple[Write, ...]:
    """Return the writes that put a pack's demonstration data into an empty back office.

    Raises PackError with every mistake. A pack without ``demo.yaml`` has none.
    """
    path = folder / DEMO
    if not path.is_file():
        return ()
    reader, top = open_reader(path, f"{folder.name}/{DEMO}")
    reader.only(top, "", ("format", "orders", "customers", "reservations"))
    if not reader.mistakes:
        reader.format(top)
    writes = [
        *_orders(reader, top.get("orders"), bot, today),
        *_customers(reader, top.get("customers"), bot),
    ]
    if top.get("reservations"):
        rules = _reservation_rules(folder)
        writes += _reservations(reader, top["reservations"], bot, today, rules)
    if reader.mistakes:
        raise PackError(reader.mistakes)
    return merged(writes)


def seed(store: BackOffice, writes: Sequence[Write]) -> None:
    """Put demonstration data into an empty store, as many writes at a time as it takes."""
    for place in range(0, len(writes), PARTS):
        store.apply(writes[place : place + PARTS])


def _orders(reader: Reader, data: Any, bot: str, today: date) -> Iterator[Write]:
    orders = [
        _order(reader, item, f"orders[{place}]", today)
        for place, item in enumerate(reader.listing(data, "orders"))
    ]
    _once(reader, "orders", "order_number", (order.order_number for order in orders))
    for number, order in {order.order_number: order for order in orders}.items():
        yield Put(order_key(bot, number), write_order(order))


def _order(reader: Reader, data: Any, key: str, today: date) -> Order:
    top = reader.mapping(data, key)
    reader.only(top, key, _ORDER_KEYS)

    def day(name: str) -> date | None:
        return _day(reader, top[name], f"{key}.{name}", today) if name in top else None

    items = tuple(
        _item(reader, item, f"{key}.items[{place}]")
        for place, item in enumerate(reader.listing(top.get("items"), f"{key}.items"))
    )
    goods = sum((item.price * item.quantity for item in items), Decimal(0))
    paid = _amount(reader, top.get("paid"), f"{key}.paid", default=goods)
    fee = _amount(
        reader,
        top.get("delivery_fee"),
        f"{key}.delivery_fee",
        default=max(Decimal(0), paid - goods),
    )
    order_number = reader.text(top.get("order_number"), f"{key}.order_number")
    number = top.get("tracking_number")
    phone = _phone(reader, top["phone"], f"{key}.phone") if "phone" in top else ""
    return Order(
        order_number=order_number,
        status=cast(OrderStatus, reader.choice(top.get("status"), f"{key}.status", _STATUSES)),
        items=items,
        ordered_on=day("ordered_on") or today,
        expected_on=day("expected_on"),
        delivered_on=day("delivered_on"),
        courier=_words(reader, top["courier"], f"{key}.courier") if "courier" in top else None,
        tracking_number=None if number is None else reader.text(number, f"{key}.tracking_number"),
        owner=owner_digest(order_number, phone) if phone else "",
        paid=paid,
        delivery_fee=fee,
    )


def _item(reader: Reader, data: Any, key: str) -> OrderItem:
    top = reader.mapping(data, key)
    reader.only(top, key, ("name", "quantity", "price"))
    return OrderItem(
        _words(reader, top.get("name"), f"{key}.name"),
        reader.whole(top.get("quantity"), f"{key}.quantity", low=1, high=10**6, default=1),
        _amount(reader, top.get("price"), f"{key}.price"),
    )


def _customers(reader: Reader, data: Any, bot: str) -> Iterator[Write]:
    found: dict[Any, Write] = {}
    for place, customer in enumerate(reader.listing(data, "customers")):
        key = f"customers[{place}]"
        top = reader.mapping(customer, key)
        reader.only(top, key, ("name", "phone", "cards"))
        names = reader.texts(top.get("name"), f"{key}.name")
        phone = _phone(reader, top.get("phone"), f"{key}.phone")
        owners = tuple(cards.owner_digest(name, phone) for name in names)
        for number, item in enumerate(reader.listing(top.get("cards"), f"{key}.cards")):
            where = f"{key}.cards[{number}]"
            card = reader.mapping(item, where)
            reader.only(card, where, ("last4", "name"))
            last4 = reader.text(card.get("last4"), f"{where}.last4")
            if last4 and (not isinstance(card.get("last4"), str) or not _LAST4.fullmatch(last4)):
                reader.wrong(f"{where}.last4", 'must be four digits in quotes, like "0123"')
            stands = cards.card_key(bot, phone, last4)
            if stands in found:
                reader.wrong(f"{where}.last4", f"customer has another card with {last4}")
            name = _words(reader, card.get("name"), f"{where}.name")
            found[stands] = Put(stands, cards.write_card(cards.Card(last4, name, owners)))
    yield from found.values()


def _reservation_rules(folder: Path) -> ReservationRules | None:
    reader, top = open_reader(folder / "bot.yaml", f"{folder.name}/bot.yaml")
    rules = read_backoffice(reader, top.get("backoffice")).reservations
    if reader.mistakes:
        raise PackError(reader.mistakes)
    return rules


def _reservations(
    reader: Reader, data: Any, bot: str, today: date, rules: ReservationRules | None
) -> Iterator[Write]:
    if rules is None:
        reader.wrong("reservations", "has no rules: give bot.yaml backoffice.reservations")
        return
    entries = reader.listing(data, "reservations")
    made = [
        _reservation(reader, item, f"reservations[{place}]", today, rules)
        for place, item in enumerate(entries)
    ]
    _once(reader, "reservations", "number", (one.number for one in made))
    if reader.mistakes:
        return
    for one in made:
        capacity = rules.resources[one.resource].capacity
        yield from reservation_writes(bot, one, capacity=capacity)


def _reservation(
    reader: Reader, data: Any, key: str, today: date, rules: ReservationRules
) -> Reservation:
    top = reader.mapping(data, key)
    reader.only(top, key, _RESERVATION_KEYS)
    number = reader.text(top.get("number"), f"{key}.number")
    name = reader.choice(top.get("resource"), f"{key}.resource", tuple(rules.resources))
    day = _day(reader, top.get("day"), f"{key}.day", today)
    party = None
    if top.get("party") is not None:
        party = reader.whole(top["party"], f"{key}.party", low=1, high=rules.party_limit, default=1)
    minute = None
    if rules.unit == "slots":
        at = _time(reader, top.get("time"), f"{key}.time")
        minute = at.hour * 60 + at.minute
    elif "time" in top:
        reader.wrong(f"{key}.time", "means nothing here: whole days are reserved")
    phone = _phone(reader, top.get("phone"), f"{key}.phone")
    resource = rules.resources.get(name)
    start = Start(day, minute)
    return Reservation(
        number,
        name,
        start,
        seats_for(start, rules, party),
        phone=phone,
        name=reader.text(top.get("name"), f"{key}.name"),
        party=party,
        price=resource.price * (party or 1) if resource is not None else Decimal(0),
    )


def _once(reader: Reader, key: str, name: str, numbers: Iterable[str]) -> None:
    listed = list(numbers)
    for number in sorted({number for number in listed if listed.count(number) > 1}):
        reader.wrong(key, f"{name} {number} stands there twice")


def _words(reader: Reader, value: Any, key: str) -> Mapping[Language, str]:
    reader.only(reader.mapping(value, key), key, LANGUAGES)
    if not value:
        reader.wrong(key, "is missing; give it in each language: {ko: …, en: …}")
    named = {name: reader.text(inner, path) for name, path, inner in reader.items(value, key)}
    return cast(Mapping[Language, str], named)


def _day(reader: Reader, value: Any, key: str, today: date) -> date:
    return today + timedelta(days=reader.whole(value, key, low=-_DAYS, high=_DAYS, default=0))


def _time(reader: Reader, value: Any, key: str) -> time:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        # Without quotes, YAML reads 9:30 as a number to the base of sixty.
        reader.wrong(key, 'must be a time of day in quotes, like "09:30"')
        return time()
    return time(int(found[1]), int(found[2]))


def _phone(reader: Reader, value: Any, key: str) -> str:
    found = telephone.find(value) if isinstance(value, str) else ()
    if len(found) != 1:
        # Without quotes, YAML reads it as a number and drops the 0 it begins with.
        reader.wrong(key, 'must be a telephone number in quotes, like "010-1234-5678"')
        return ""
    return found[0].readings[0].value  # as it is kept when a customer types it


def _amount(reader: Reader, value: Any, key: str, *, default: Decimal = Decimal(0)) -> Decimal:
    if value is None:
        return default
    number = reader.number(value, key, low=0, high=_MOST, default=0)
    return Decimal(str(int(number) if number == int(number) else number))
