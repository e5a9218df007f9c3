"""What must hold of everything that was carried out: only after a yes, once, and adding up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from sangdam.backoffice.reservation import KIND, Reservation, read_reservation
from sangdam.backoffice.seats import HOLD_PREFIX, read_hold
from sangdam.backoffice.writes import Key
from sangdam.bots.actions import action_of
from sangdam.bots.definition import Bot, Form
from sangdam.dialogue.buttons import digest
from sangdam.dialogue.decision import ActionResult, RunAction
from sangdam.dialogue.session import Session
from sangdam.dialogue.slots import spoken
from sangdam.dialogue.turn import Message, Turn
from sangdam.services.action import ActionCall, ActionDone
from sangdam.services.actions import carry_out
from sangdam.services.outside import Partner
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from scripts.simulation.customer import is_yes_to
from scripts.simulation.words import YES

ONCE = {
    "orders.cancel": ("order_number", "cancelled"),
    "orders.return": ("order_number", "accepted"),
    "orders.exchange": ("order_number", "accepted"),
    "reservations.cancel": ("number", "cancelled"),
    "cards.block": ("last4", "blocked"),
}
"""What can be done once to a thing: the role that names it, and the outcome that says so."""


@dataclass(slots=True)
class Ledger:
    """Writes down what actions are asked to do in a turn, and looks it over."""

    bot: Bot
    turn: dict[RunAction, ActionResult] = field(default_factory=dict)
    """What actions were asked to do in this turn, and what it came to when it was last looked at:
    a turn that changes several things is decided again with each of them done."""
    done: Counter[tuple[str, str]] = field(default_factory=Counter)

    def carry_out(self, call: ActionCall, partner: Callable[[], Partner] | None) -> ActionDone:
        """Do what is asked, and note it if it is the thing itself and no question about it."""
        done = carry_out(call, partner)
        if call.query.phase == "run":
            self.turn[call.query] = done.result
        return done

    def opens_turn(self) -> None:
        """Forget what the turn before came to."""
        self.turn = {}

    def opens_day(self) -> None:
        """Forget what was done once: the demonstration data is put back."""
        self.done.clear()

    def problems(self, before: Session, said: Turn, message: Message) -> Iterator[str]:
        """Yield what was done in a turn without a yes to it, or a second time.

        ``before`` is the session as the customer saw it, ``said`` the turn it was shown by.
        """
        for query, result in self.turn.items():
            needs_yes = action_of(self.bot, query.action).changes or any(
                form.confirm for form in self.bot.forms.values() if form.action == query.action
            )
            if needs_yes:
                yield from self._without_yes(query, before, said, message)
            role, outcome = ONCE.get(query.action, ("", ""))
            if result.outcome == outcome:
                named = (
                    "orders" if "orders." in query.action else query.action,
                    _named(query, role),
                )
                self.done[named] += 1
                if self.done[named] > 1:
                    yield f"{query.action} of {named[1]} came to {outcome} for the second time"

    def _without_yes(
        self, query: RunAction, before: Session, said: Turn, message: Message
    ) -> Iterator[str]:
        state = before.open_form
        form = self.bot.forms[state.form] if state is not None else None
        if state is None or form is None or form.action != query.action or state.shown is None:
            yield f"{query} was carried out, and nothing was shown before"
            return
        values = {form.slot_of(role): value for role, value in query.values}
        if digest(values) != state.shown:
            yield f"{query} was carried out, and other values were shown: {state.values}"
        if message.quick_reply is not None and not is_yes_to(message.quick_reply, state.shown):
            yield f"{query} was carried out upon a button that is no yes to it"
        if message.quick_reply is None and YES.search(message.text or "") is None:
            yield f"{query} was carried out, and nobody said yes"
        yield from self._unread(form, values, before, said)

    def _unread(
        self, form: Form, values: Mapping[str, str], before: Session, said: Turn
    ) -> Iterator[str]:
        """Yield what the customer could not read before the yes, for it was not in the text."""
        shown = said.reply.messages[-1] if said.reply.messages else None
        key = f"form/{form.name}/confirm"
        if shown is None or shown.key != key:
            yield f"{form.name} was carried out right after {shown}"
            return
        template = self.bot.script(before.language).replies[key].variants[0]
        for slot, text in spoken(self.bot, form, values, before.language).items():
            if f"{{{slot}}}" in template and text not in shown.text:
                yield f"{form.name}: {slot} {text!r} was carried out and not shown: {shown.text!r}"


def unbalanced(bot: str, store: MemoryBackOffice, capacity: Mapping[str, int]) -> Iterator[str]:
    """Yield every counter of seats that is not the sum of what is reserved and held, or too high.

    ``capacity`` is that of each resource.
    """
    records, counts = store.everything()
    wanted: Counter[Key] = Counter()
    notes: set[tuple[str, int]] = set()
    holds: set[tuple[str, int]] = set()
    for record in records:
        pk, sk = record.key.pk, record.key.sk
        if pk.startswith(f"{bot}#{KIND}#") and sk == KIND:
            made = read_reservation(record.record)
            if made.status == "booked":
                place = made.place(bot)
                wanted.update({place.counter(step): count for step, count in made.seats.items()})
        elif pk.startswith(f"{bot}#seats#") and sk.startswith(HOLD_PREFIX):
            hold = read_hold(bot, record.record)
            wanted.update({hold.place.counter(step): count for step, count in hold.seats.items()})
            holds.add((hold.session_id, hold.turn))
        elif pk.startswith(f"{bot}#session#") and sk == "hold":
            hold = read_hold(bot, record.record)
            notes.add((hold.session_id, hold.turn))
    if notes != holds:
        yield f"holds and the notes of them differ: {sorted(notes ^ holds)[:3]}"
    for key, count in counts.items():
        if count < 0:
            yield f"{key.pk}/{key.sk} stands at {count}"
        if not key.pk.startswith(f"{bot}#seats#"):
            continue
        most = capacity.get(key.pk.split("#")[2], 0)
        if count != wanted[key]:
            yield f"{key.pk}/{key.sk}: {count} seats are taken, {wanted[key]} reserved or held"
        if count > most:
            yield f"{key.pk}/{key.sk}: {count} seats are taken of {most}"
    for key in wanted.keys() - counts.keys():
        yield f"{key.pk}/{key.sk}: {wanted[key]} seats are reserved or held and not counted"


def booked(bot: str, store: MemoryBackOffice) -> list[Reservation]:
    """Return every reservation that stands."""
    records, _ = store.everything()
    found = (
        read_reservation(one.record)
        for one in records
        if one.key.pk.startswith(f"{bot}#{KIND}#") and one.key.sk == KIND
    )
    return [one for one in found if one.status == "booked"]


def _named(query: RunAction, role: str) -> str:
    values = dict(query.values)
    return f"{values.get(role, '')}/{values.get('phone', '') if role == 'last4' else ''}"
