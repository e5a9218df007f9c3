"""Blocking a lost card: done at once, whatever the hour."""

from __future__ import annotations

from dataclasses import replace

from sangdam.backoffice.cards import card_key, owner_digest, read_card, write_card
from sangdam.backoffice.requests import Request, request_write
from sangdam.backoffice.writes import Put
from sangdam.bots.actions import OK
from sangdam.dialogue.decision import ActionResult
from sangdam.services.action import FINE, ActionCall, ActionDone
from sangdam.services.identity import is_owner


def block(call: ActionCall) -> ActionDone:
    """Block the card of whoever names its holder, their phone and its last four digits.

    A card nobody knows, a name that is not the holder's and a card about which three were wrong
    within the hour come to the same ``not_found``.
    """
    name, phone, last4 = (call.values.get(role) for role in ("name", "phone", "last4"))
    if call.query.phase == "withdraw" or not (name and phone and last4):
        return FINE
    key = card_key(call.bot.name, phone, last4)
    record = call.store.get(key)
    if record is None:
        return ActionDone(ActionResult("not_found"))
    card = read_card(record.record)
    given = owner_digest(name, phone)
    is_theirs, tries = is_owner(call, pk=key.pk, kept=card.owners, given=given)
    if not is_theirs:
        return ActionDone(ActionResult("not_found"), tries)
    called = {"card": card.called(call.query.language)}
    if card.blocked is not None:
        known = {"number": card.blocked}
        return ActionDone(ActionResult("already_blocked", {**called, **known}, remembered=known))
    if call.query.phase != "run":
        return ActionDone(ActionResult(OK, called))
    number = call.reference("C")
    request = Request(
        kind="card_block",
        number=number,
        values=call.values,
        language=call.query.language,
        session_id=call.session_id,
        at=call.now,
    )
    blocked = write_card(replace(card, blocked=number, blocked_at=call.now))
    return ActionDone(
        ActionResult("blocked", {**called, "number": number}, remembered={"number": number}),
        (
            Put(key, blocked, expected=record.version),
            request_write(call.bot.name, request),
        ),
    )
