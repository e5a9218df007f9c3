"""Whatever several customers do in whatever order, the seats balance and are never oversold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time

from hypothesis import given, settings
from hypothesis import strategies as st

from sangdam.backoffice.reservation import Reservation, read_reservation
from sangdam.backoffice.seats import HOLD_PREFIX, Hold, hold_note, read_hold
from sangdam.bots.business import Resource
from sangdam.bots.definition import Bot
from tests.core.reservation_desk import (
    MONDAY,
    PHONE,
    TUESDAY,
    Desk,
    clinic,
    clinic_rules,
    wish,
)

Taken = Mapping[tuple[str, str, str], int]
"""Seats by resource, day and step."""

SESSIONS = ("s1", "s2", "s3")
DAYS = (MONDAY, TUESDAY)
CAPACITY = {"small": 1, "large": 3}
HAPPENINGS = "offer offer offer book book yes withdraw change change_offer cancel wait wait".split()
REFUSED = {"full", "none_left", "party_too_large", "nothing_changed", "not_found"}


def small_clinic() -> Bot:
    """Return a place where customers cannot help meeting: two hours a day, an hour each."""
    hours = dict.fromkeys(range(7), ((time(9), time(11)),))
    resources = {
        name: Resource(name, capacity, "all", hours) for name, capacity in CAPACITY.items()
    }
    return clinic(clinic_rules(resources=resources, minutes=60, ahead=(0, 2)))


@dataclass
class Story:
    """What happens at a desk, and what can be seen of it afterwards."""

    desk: Desk = field(default_factory=lambda: Desk(small_clinic()))
    numbers: list[str] = field(default_factory=list)

    def reservations(self) -> Iterator[Reservation]:
        for number in self.numbers:
            found = read_reservation(self.desk.stored(number))
            if found.status == "booked":
                yield found

    def holds(self) -> Iterator[Hold]:
        for resource in CAPACITY:
            for day in DAYS:
                pk = f"clinic#seats#{resource}#{day.isoformat()}"
                for record in self.desk.store.under(pk, prefix=HOLD_PREFIX):
                    yield read_hold("clinic", record.record)

    def counted(self) -> Taken:
        return {
            (resource, day.isoformat(), step): count
            for resource in CAPACITY
            for day in DAYS
            for step, count in self.desk.counts(resource, day).items()
        }

    def expected(self, *, without: str | None = None) -> Taken:
        """Return the seats of what is stored; ``without`` a session, those that keep it out."""
        sums: Counter[tuple[str, str, str]] = Counter()
        for one in self.reservations():
            for step, count in one.seats.items():
                sums[one.resource, one.start.opening.isoformat(), step] += count
        for hold in self.holds():
            if without is None or not (hold.session_id == without or hold.until <= self.desk.now):
                for step, count in hold.seats.items():
                    sums[hold.place.resource, hold.place.opening.isoformat(), step] += count
        return {key: count for key, count in sums.items() if count}

    def has_room(self, session: str, values: Mapping[str, str]) -> bool:
        taken = self.expected(without=session)
        party = int(values["party"].split()[0])
        hour, minute = map(int, values["time"].split(":"))
        steps = [
            f"{at // 60:02}:{at % 60:02}" for at in (60 * hour + minute, 60 * hour + minute + 30)
        ]
        chosen = [values["resource"]] if values.get("resource") else list(CAPACITY)
        return any(
            all(
                taken.get((one, values["date"], step), 0) + party <= CAPACITY[one] for step in steps
            )
            for one in chosen
        )

    def check(self) -> None:
        counted = self.counted()
        assert counted == self.expected()
        for (resource, _, _), count in counted.items():
            assert 0 < count <= CAPACITY[resource]
        notes = {
            session: record.record
            for session in SESSIONS
            if (record := self.desk.store.get(hold_note("clinic", session))) is not None
        }
        assert notes == {one.session_id: one.to_json() for one in self.holds()}


wishes = st.builds(
    lambda day, at, party, resource: wish(day, at, party=f"{party} person", resource=resource),
    st.sampled_from((MONDAY, *DAYS)),
    st.sampled_from(("09:30", "09:00", "10:00")),
    st.sampled_from((1, 1, 2, 3)),
    st.sampled_from(("small", "large", "")),
)
steps = st.tuples(
    st.sampled_from(HAPPENINGS),
    st.sampled_from(SESSIONS),
    wishes,
    st.integers(0, 9),
)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.lists(steps, min_size=5, max_size=25))
def test_counters_equal_reservations_and_holds_and_all_given_back_is_none(
    happenings: list[tuple[str, str, dict[str, str], int]],
) -> None:
    story = Story()
    offered: dict[str, dict[str, str]] = {}
    for what, session, values, pick in happenings:
        visitor = story.desk.visitor(session)
        number = story.numbers[pick % len(story.numbers)] if story.numbers else "A0000-00000"
        known = {"number": number, "phone": PHONE}
        moved = {**known, **{role: values[role] for role in ("date", "time", "party")}}
        if what == "wait":
            story.desk.later(minutes=3 if pick % 2 else 6)
        elif what in ("offer", "book"):
            room = story.has_room(session, values)
            result = visitor.offer("book", **values)
            assert (result.outcome == "ok") == room or result.outcome == "party_too_large"
            offered[session] = values
        elif what == "withdraw":
            visitor.withdraw("book")
        elif what in ("change", "change_offer"):
            assert visitor.offer("change", **moved).outcome in {"ok", "already_cancelled", *REFUSED}
            if what == "change":
                visitor.run("change", **moved)
        elif what == "cancel":
            visitor.run("cancel", **known)
        if what == "book" or (what == "yes" and session in offered):
            booked = visitor.run("book", **offered[session])
            if booked.outcome == "booked":
                story.numbers.append(booked.fields["number"])
            else:
                assert booked.outcome in REFUSED
        story.check()
    for number in story.numbers:
        story.desk.visitor("s1").run("cancel", number=number, phone=PHONE)
    for session in SESSIONS:
        story.desk.visitor(session).withdraw("book")
    assert story.counted() == {}
    assert list(story.holds()) == []
