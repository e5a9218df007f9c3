"""Fifty customers at once on the last seat: one gets it, the others are told what is near."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from sangdam.dialogue.decision import ActionResult
from sangdam.ports import BackOffice
from sangdam_adapters.dynamodb_backoffice import DynamoBackOffice
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from tests.core.reservation_desk import MONDAY, Desk, values_of, wish

CUSTOMERS = 50
NINE = wish(MONDAY, "09:00", resource="dr_park")


@pytest.fixture(params=["memory", "dynamodb"])
def desk(request: pytest.FixtureRequest) -> Desk:
    """Return a dentist's desk at which one of three chairs is left at nine."""
    store: BackOffice = MemoryBackOffice()
    if request.param == "dynamodb":
        aws = request.getfixturevalue("aws")
        store = DynamoBackOffice(aws.dynamodb, table=aws.backoffice)
    desk = Desk(store=store)
    desk.visitor("early").booked(**NINE, party="2 person")
    return desk


def all_at_once(desk: Desk, phase: str) -> list[ActionResult]:
    """Return what each customer is told, all of them having begun together."""
    visitors = [desk.visitor(f"s{number}") for number in range(CUSTOMERS)]
    start = Barrier(CUSTOMERS)

    def come(place: int) -> ActionResult:
        start.wait()
        result: ActionResult = getattr(visitors[place], phase)("book", **NINE)
        return result

    with ThreadPoolExecutor(CUSTOMERS) as pool:
        return list(pool.map(come, range(CUSTOMERS)))


@pytest.mark.parametrize(("phase", "won"), [("offer", "ok"), ("run", "booked")])
def test_of_fifty_customers_one_gets_the_last_seat(desk: Desk, phase: str, won: str) -> None:
    results = all_at_once(desk, phase)
    outcomes = [one.outcome for one in results]
    assert (outcomes.count(won), outcomes.count("full")) == (1, CUSTOMERS - 1)
    for refused in (one for one in results if one.outcome == "full"):
        assert values_of(refused, "time") == ["09:30", "10:00", "13:00", "13:30"]
        assert refused.fields["alternatives"].startswith("오전 9시 30분, 오전 10시")
    assert desk.counts("dr_park", MONDAY) == {"09:00": 3}


def test_a_seat_whose_hold_has_run_out_goes_to_one_of_fifty(desk: Desk) -> None:
    desk.visitor("gone").offer("book", **NINE)
    desk.later(minutes=6)
    outcomes = [one.outcome for one in all_at_once(desk, "run")]
    assert (outcomes.count("booked"), outcomes.count("full")) == (1, CUSTOMERS - 1)
    assert desk.counts("dr_park", MONDAY) == {"09:00": 3}
    assert desk.holds("dr_park", MONDAY) == 0
