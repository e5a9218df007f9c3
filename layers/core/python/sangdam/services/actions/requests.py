"""Requests for people of the business: filed as they are, and answered by them."""

from __future__ import annotations

from sangdam.backoffice.requests import CALLBACK, Request, request_write
from sangdam.dialogue.decision import ActionResult
from sangdam.services.action import FINE, ActionCall, ActionDone


def file(call: ActionCall) -> ActionDone:
    """File a request of the kind that the form's settings name."""
    return _filed(call, call.settings.get("kind", "request"))


def callback(call: ActionCall) -> ActionDone:
    """Put a request to be called back into the queue that people answer."""
    return _filed(call, CALLBACK)


def _filed(call: ActionCall, kind: str) -> ActionDone:
    if call.query.phase != "run":
        return FINE
    number = call.reference(kind[0].upper())
    request = Request(
        kind=kind,
        number=number,
        values=call.values,
        language=call.query.language,
        session_id=call.session_id,
        at=call.now,
    )
    result = ActionResult("filed", {"number": number}, remembered={"number": number})
    return ActionDone(result, (request_write(call.bot.name, request),))
