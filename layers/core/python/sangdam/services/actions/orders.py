"""Actions on orders: looking one up, cancelling it, sending it elsewhere, back or exchanged.

Whoever names an order also names its phone, or is told nothing: an unknown number, a wrong phone
and an order about which three were wrong within the hour (see ``backoffice.identity``) come to the
same ``not_found``. Only a form of ``orders.status`` may do without a phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sangdam.backoffice.business_days import business_day
from sangdam.backoffice.orders import (
    Order,
    order_fields,
    order_key,
    owner_digest,
    read_order,
    status_of,
    write_order,
)
from sangdam.backoffice.requests import Request, request_write
from sangdam.backoffice.returns import (
    CHANGED_MIND,
    Costs,
    exchange_fee,
    is_before_dispatch,
    return_costs,
    return_refusal,
    return_until,
)
from sangdam.backoffice.writes import Put, Write
from sangdam.bots.actions import OK
from sangdam.bots.business import OrderRules
from sangdam.dialogue.decision import ActionResult
from sangdam.ports import Record
from sangdam.services.action import FINE, ActionCall, ActionDone
from sangdam.services.identity import is_owner
from sangdam.text.dates import spoken_date
from sangdam.text.values import spoken_values

_INSPECTION_DAYS = 1
"""Business days from the arrival of what is sent back until money is paid back."""


@dataclass(frozen=True, slots=True)
class _Known:
    """An order whose customer is who they say, and the record it was read from."""

    order: Order
    record: Record


def status(call: ActionCall) -> ActionDone:
    """Tell where an order stands."""
    known = _known(call, needs_phone=False)
    if isinstance(known, ActionDone):
        return known
    if call.query.phase != "run":
        return FINE
    outcome, fields = status_of(known.order, known.order.order_number, call.query.language)
    return _done(call, known.order, outcome, fields)


def cancel(call: ActionCall) -> ActionDone:
    """Cancel an order that has not left yet, and pay back what was paid."""
    known = _known(call)
    if isinstance(known, ActionDone):
        return known
    order = known.order
    if not is_before_dispatch(order):
        outcome = "already_cancelled" if order.status == "cancelled" else "too_late"
        return _done(call, order, outcome)
    fields = {
        "refund": _money(call, order.paid),
        "refunded_on": _day(call, _later(call, call.now.date(), _rules(call).refund_days)),
    }
    if call.query.phase != "run":
        return _done(call, order, OK, fields)
    changed = replace(order, status="cancelled")
    return _done(call, order, "cancelled", fields, _over(known, changed))


def change_address(call: ActionCall) -> ActionDone:
    """Send an order that has not left yet to another address."""
    known = _known(call)
    if isinstance(known, ActionDone):
        return known
    if not is_before_dispatch(known.order):
        return _done(call, known.order, "too_late")
    if call.query.phase != "run":
        return _done(call, known.order, OK)
    changed = replace(known.order, address=call.values["address"])
    return _done(call, known.order, "changed", {}, _over(known, changed))


def return_(call: ActionCall) -> ActionDone:
    """Take back what was delivered, if the law or the shop allows it."""
    known = _known(call)
    if isinstance(known, ActionDone):
        return known
    refused = _refused(call, known.order)
    if refused is not None or call.query.phase == "check":
        return refused or FINE
    costs = return_costs(known.order, _rules(call), _reason(call))
    fields = {"fee": _money(call, costs.fee), "refund": _money(call, costs.refund)}
    if call.query.phase == "offer":
        return _done(call, known.order, OK, fields)
    number = call.reference("R")
    about = {"fee": _amount(call, costs.fee), "refund": _amount(call, costs.refund)}
    return _accepted(call, known, replace(known.order, returned=number), number, fields, about)


def exchange(call: ActionCall) -> ActionDone:
    """Take back what was delivered and send something else for it."""
    known = _known(call)
    if isinstance(known, ActionDone):
        return known
    refused = _refused(call, known.order)
    if refused is not None or call.query.phase == "check":
        return refused or FINE
    fee = exchange_fee(_rules(call), _reason(call))
    fields = {"fee": _money(call, fee)}
    if call.query.phase == "offer":
        return _done(call, known.order, OK, fields)
    number = call.reference("E")
    about = {"fee": _amount(call, fee)}
    return _accepted(call, known, replace(known.order, exchanged=number), number, fields, about)


def refund_estimate(call: ActionCall) -> ActionDone:
    """Tell what would be paid back, and when, if an order was cancelled or sent back today."""
    known = _known(call)
    if isinstance(known, ActionDone):
        return known
    if call.query.phase != "run":
        return FINE
    order, rules, today = known.order, _rules(call), call.now.date()
    if is_before_dispatch(order):
        costs, paid_on = Costs(Decimal(0), order.paid), _later(call, today, rules.refund_days)
    else:
        reason = _reason(call)
        # What is on its way may be sent back once it is there.
        there = replace(order, status="delivered", delivered_on=today)
        asked = there if order.status == "shipped" else order
        if return_refusal(asked, rules, reason=reason, opened=None, today=today) is not None:
            return _done(call, order, "not_possible")
        costs = return_costs(order, rules, reason)
        days = rules.pickup_days + _INSPECTION_DAYS + rules.refund_days
        paid_on = _later(call, today, days)
    fields = {
        "fee": _money(call, costs.fee),
        "refund": _money(call, costs.refund),
        "refunded_on": _day(call, paid_on),
    }
    return _done(call, order, "estimate", fields)


def _known(call: ActionCall, *, needs_phone: bool = True) -> _Known | ActionDone:
    """Return the order, or what there is to say instead; ``ok`` while too little is known."""
    number, phone = call.values.get("order_number"), call.values.get("phone")
    is_run = call.query.phase == "run"
    if call.query.phase == "withdraw" or not number:
        return FINE
    if not phone and (needs_phone or not is_run):
        return _unknown(number) if is_run else FINE
    key = order_key(call.bot.name, number)
    record = call.store.get(key)
    if record is None:
        return _unknown(number)
    order = read_order(record.record)
    if phone:
        given = owner_digest(number, phone)
        kept = [order.owner] if order.owner else []
        is_theirs, writes = is_owner(call, pk=key.pk, kept=kept, given=given)
        if not is_theirs:
            return _unknown(number, writes)
    return _Known(order, record)


def _unknown(number: str, writes: tuple[Write, ...] = ()) -> ActionDone:
    return ActionDone(ActionResult("not_found", {"order_number": number}), writes)


def _refused(call: ActionCall, order: Order) -> ActionDone | None:
    reason, opened = call.values.get("reason"), call.values.get("opened")
    outcome = return_refusal(
        order,
        _rules(call),
        reason=reason,
        opened=None if opened is None else opened == "yes",
        today=call.now.date(),
    )
    if outcome is None:
        return None
    fields = {}
    if outcome == "already_returned":
        fields["number"] = order.returned or order.exchanged or "-"
    if outcome == "period_over" and order.delivered_on is not None:
        fields["until"] = _day(call, return_until(order.delivered_on, _rules(call), reason))
    return _done(call, order, outcome, fields)


def _reason(call: ActionCall) -> str:
    return call.values.get("reason", CHANGED_MIND)


def _accepted(
    call: ActionCall,
    known: _Known,
    changed: Order,
    number: str,
    fields: Mapping[str, str],
    about: Mapping[str, str],
) -> ActionDone:
    pickup_on = _later(call, call.now.date(), _rules(call).pickup_days)
    request = Request(
        kind=call.query.action.partition(".")[2],
        number=number,
        values=call.values,
        language=call.query.language,
        session_id=call.session_id,
        at=call.now,
        about={**about, "pickup_on": pickup_on.isoformat()},
    )
    told = {**fields, "number": number, "pickup_on": _day(call, pickup_on)}
    writes = (*_over(known, changed), request_write(call.bot.name, request))
    return _done(call, known.order, "accepted", told, writes)


def _over(known: _Known, changed: Order) -> tuple[Write, ...]:
    return (Put(known.record.key, write_order(changed), expected=known.record.version),)


def _done(
    call: ActionCall,
    order: Order,
    outcome: str,
    fields: Mapping[str, str] | None = None,
    writes: tuple[Write, ...] = (),
) -> ActionDone:
    said = {**order_fields(order, call.query.language), **(fields or {})}
    remembered = {"order_number": order.order_number}
    return ActionDone(ActionResult(outcome, said, remembered=remembered), writes)


def _rules(call: ActionCall) -> OrderRules:
    return call.bot.backoffice.orders or OrderRules()


def _later(call: ActionCall, start: date, days: int) -> date:
    def is_holiday(day: date) -> bool:
        return call.holidays.name_of(day, call.query.language) is not None

    return business_day(start, days, is_holiday=is_holiday)


def _day(call: ActionCall, day: date) -> str:
    return spoken_date(day, call.query.language)


def _amount(call: ActionCall, amount: Decimal) -> str:
    return f"{amount:f} {_rules(call).currency}"


def _money(call: ActionCall, amount: Decimal) -> str:
    (spoken,) = spoken_values("money", (_amount(call, amount),), call.query.language)
    return spoken
