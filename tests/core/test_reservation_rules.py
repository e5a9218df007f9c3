"""``backoffice`` of ``bot.yaml``: what is read, what is wrong with it, and its compiled form."""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangdam.bots.business import (
    BackOfficeRules,
    FeeStep,
    OrderRules,
    ReservationRules,
    Resource,
)
from sangdam.bots.reading import Reader
from sangdam.bots.reservation_rules import read_backoffice, read_rules, rules_document


def read(data: Any) -> tuple[BackOfficeRules, list[str]]:
    """Return the rules, and what was noted."""
    reader = Reader("bot.yaml")
    rules = read_backoffice(reader, data)
    return rules, [str(one) for one in reader.mistakes]


def reservations(**changes: Any) -> dict[str, Any]:
    return {"reservations": {"resources": {"hall": {"capacity": 40}}, **changes}}


def test_everything_that_can_be_said_is_read() -> None:
    rules, mistakes = read(
        {
            "orders": {
                "return_days": 14,
                "return_fee": 3000,
                "exchange_fee": 6000.5,
                "free_delivery_from": 50000,
                "pickup_days": 1,
                "refund_days": 3,
                "currency": "USD",
            },
            "reservations": {
                "slot_minutes": 20,
                "minutes": 40,
                "ahead": [1, 90],
                "hold_minutes": 10,
                "party_limit": 6,
                "holidays": "open",
                "number": "KR",
                "unit": "slots",
                "currency": "USD",
                "cancellation": [{"days": 7, "percent": 0}, {"days": 0, "percent": 12.5}],
                "resources": {
                    "dr_kim": {
                        "group": "internal",
                        "capacity": 2,
                        "hours": {"mon-tue": ["09:00-12:00", "13:00-18:00"]},
                        "price": 15000,
                        "closed": ["2026-12-24", date(2026, 12, 23)],
                    },
                    "dr_lee": {},
                },
            },
        }
    )
    assert mistakes == []
    assert rules.orders == OrderRules(
        return_days=14,
        return_fee=Decimal(3000),
        exchange_fee=Decimal("6000.5"),
        free_delivery_from=Decimal(50000),
        pickup_days=1,
        refund_days=3,
        currency="USD",
    )
    spans = ((time(9), time(12)), (time(13), time(18)))
    assert rules.reservations == ReservationRules(
        resources={
            "dr_kim": Resource(
                "dr_kim",
                capacity=2,
                group="internal",
                hours={0: spans, 1: spans},
                price=Decimal(15000),
                closed=(date(2026, 12, 23), date(2026, 12, 24)),
            ),
            "dr_lee": Resource("dr_lee"),
        },
        slot_minutes=20,
        minutes=40,
        ahead=(1, 90),
        hold_minutes=10,
        party_limit=6,
        open_on_holidays=True,
        number="KR",
        currency="USD",
        cancellation=(FeeStep(7, Decimal(0)), FeeStep(0, Decimal("12.5"))),
    )


def test_what_is_left_out_has_a_usual_value() -> None:
    rules, mistakes = read(reservations(slot_minutes=15))
    assert mistakes == []
    assert rules == BackOfficeRules(
        ReservationRules({"hall": Resource("hall", 40)}, slot_minutes=15, minutes=15)
    )
    assert read(None) == (BackOfficeRules(), [])
    assert read({"orders": None}) == (BackOfficeRules(orders=OrderRules()), [])


@pytest.mark.parametrize(
    ("data", "noted"),
    [
        ([], "backoffice: must be a mapping"),
        ({"stock": {}}, "backoffice.stock: is not known here; known: reservations, orders"),
        ({"reservations": {}}, "backoffice.reservations.resources: has 0 resources; name 1 to"),
        (reservations(colour=1), "backoffice.reservations.colour: is not known here"),
        (reservations(slot_minutes=0), "slot_minutes: is 0; it must lie between 5 and 720"),
        (reservations(slot_minutes=7.5), "slot_minutes: is 7.5; it must be a whole number"),
        (
            reservations(slot_minutes=5, minutes=240),
            "minutes: 240 minutes take more than 24 start times of 5 minutes; make slot_minutes",
        ),
        (reservations(unit="hours"), "unit: is 'hours'; it must be one of slots, days"),
        (reservations(unit="days", minutes=60), "minutes: means nothing for whole days"),
        (reservations(ahead=[30]), "ahead: has two numbers"),
        (reservations(ahead=[30, 3]), "ahead: leaves no day: 30 is more than 3"),
        (reservations(ahead=[-1, 3]), "ahead[0]: is -1; it must lie between 0 and 730"),
        (reservations(ahead="60"), "ahead: must be a list, not a text"),
        (reservations(holidays="maybe"), "holidays: is 'maybe'; it must be one of closed, open"),
        (reservations(number="a1"), "number: 'a1' cannot begin a number; write one to three"),
        (reservations(currency="won"), "currency: 'won' is no currency; write its three letters"),
        (reservations(party_limit="many"), "party_limit: must be a number, not a text"),
        (
            reservations(cancellation=[{"days": 0, "percent": 120}]),
            "cancellation[0].percent: is 120; it must lie between 0 and 100",
        ),
        (
            reservations(cancellation=[{"days": one, "percent": 0} for one in (3, 7, 0)]),
            "cancellation[1].days: 7 does not come below 3; put the most days first",
        ),
        (
            reservations(cancellation=[{"days": 3, "percent": 0}]),
            "cancellation[0].days: says nothing of the last 3 days; end with days: 0",
        ),
        (reservations(cancellation=[{"days": 0}]), "cancellation[0]: percent is missing; write"),
        (reservations(resources={"Dr Kim": {}}), "resources.Dr Kim: a resource's name is lower"),
        (reservations(resources={"a": {"seats": 3}}), "resources.a.seats: is not known here"),
        (reservations(resources={"a": {"capacity": 0}}), "resources.a.capacity: is 0; it must lie"),
        (
            reservations(resources={"a": {"hours": {"someday": "9-18"}}}),
            "resources.a.hours.someday: 'someday' is no day of the week",
        ),
        (
            reservations(resources={"a": {"closed": ["2026-02-30"]}}),
            "resources.a.closed[0]: '2026-02-30' is no day; write it as 2026-12-24",
        ),
        (reservations(resources={"a": {"price": -1}}), "resources.a.price: is -1; it must lie"),
        ({"orders": {"return_days": -1}}, "backoffice.orders.return_days: is -1; it must lie"),
        ({"orders": {"return_fee": "free"}}, "backoffice.orders.return_fee: must be a number"),
        ({"orders": {"returns": 7}}, "backoffice.orders.returns: is not known here"),
    ],
)
def test_a_mistake_is_noted_with_its_key_and_the_way_out(data: Any, noted: str) -> None:
    _, mistakes = read(data)
    assert len(mistakes) == 1
    assert mistakes[0].startswith("bot.yaml: backoffice")
    assert noted in mistakes[0]


def test_all_mistakes_are_noted_at_once() -> None:
    _, mistakes = read({"orders": {"return_days": "x"}, **reservations(unit="x", number="1")})
    assert len(mistakes) == 3


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "reservations orders resources a hours mon closed ahead cancellation days percent"
                " price capacity unit minutes slot_minutes return_fee".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(junk)
def test_reading_never_raises_and_what_is_read_survives_compiling(data: Any) -> None:
    rules, _ = read(data)
    assert read_rules(rules_document(rules)) == rules


amounts = st.decimals(0, 10**9, places=2, allow_nan=False)
spans = st.lists(st.tuples(st.times(), st.times()), max_size=2).map(
    lambda drawn: tuple((a.replace(second=0, microsecond=0), b.replace(second=0, microsecond=0))
                        for a, b in drawn)
)  # fmt: skip
resources = st.builds(
    Resource,
    st.text("abc_", min_size=1, max_size=5),
    st.integers(1, 99),
    st.none() | st.text(max_size=5),
    st.dictionaries(st.integers(0, 6), spans, max_size=3),
    amounts,
    st.lists(st.dates(), max_size=3).map(tuple),
)
reservation_rules = st.builds(
    ReservationRules,
    resources=st.lists(resources, max_size=3).map(lambda all_: {one.name: one for one in all_}),
    unit=st.sampled_from(["slots", "days"]),
    ahead=st.tuples(st.integers(0, 9), st.integers(9, 99)),
    open_on_holidays=st.booleans(),
    cancellation=st.lists(st.builds(FeeStep, st.integers(0, 99), amounts), max_size=3).map(tuple),
)
order_rules = st.builds(
    OrderRules, return_fee=amounts, exchange_fee=amounts, free_delivery_from=st.none() | amounts
)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.builds(BackOfficeRules, st.none() | reservation_rules, st.none() | order_rules))
def test_rules_travel_in_a_compiled_bot_unchanged(rules: BackOfficeRules) -> None:
    document = json.loads(json.dumps(rules_document(rules)))
    assert read_rules(document) == rules
