"""Actions of the team's own system: asked while the customer waits, or told through the outbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sangdam.backoffice.outgoing import (
    CircuitBreaker,
    body_of,
    idempotency_key,
    jitter,
    named,
    outgoing,
    outgoing_write,
    signed,
)
from sangdam.bots.definition import ActionType
from sangdam.bots.outside_actions import UNAVAILABLE
from sangdam.dialogue.decision import ActionResult, Choice
from sangdam.ports import Clock, Outside, OutsideAnswer, OutsideError
from sangdam.services.action import FINE, ActionCall, ActionDone

SECONDS = 3.0
"""How long one call may take: two of them, and the pause between, while a customer waits."""

TRIES = 2
"""How often a customer who waits is worth a call."""

TEXT_LIMIT = 1000
"""How many letters a text of an answer may have."""

UNSIGNED = ("sns:",)
"""How addresses begin that need no signature: AWS itself knows who calls."""

_PAUSE = 0.2
_TRY_AGAIN = (408, 425, 429)


@dataclass(slots=True)
class Partner:
    """How the team's own systems are called. ``warn`` is told of what an operator must see."""

    outside: Outside
    secret: str
    clock: Clock
    pause: Callable[[float], None]
    warn: Callable[[str], None]
    breaker: CircuitBreaker = field(init=False)

    def __post_init__(self) -> None:
        self.breaker = CircuitBreaker(self.clock)

    def ask(self, address: str, body: bytes, *, key: str, tries: int) -> OutsideAnswer:
        """Call until there is an answer that is none of "later"; raises OutsideError without one.

        Every try has the same idempotency key, so that a receiver that did its work and could not
        say so does not do it twice.
        """
        if not self.secret and not address.startswith(UNSIGNED):
            raise OutsideError(
                f"{named(address)}: not called: there is no secret to sign with; set one"
                " (SANGDAM_OUTSIDE_SECRET, the stack's parameter OutsideSecret)"
            )
        reason = "not called: it failed again and again"
        for attempt in range(1, tries + 1):
            if not self.breaker.lets_through(address):
                break
            headers = signed(body, secret=self.secret, at=self.clock(), key=key)
            try:
                answer = self.outside.call(address, body, headers=headers, seconds=SECONDS)
            except OutsideError as error:
                reason = str(error)
            else:
                if answer.status < 500 and answer.status not in _TRY_AGAIN:
                    self.breaker.succeeded(address)
                    return answer
                reason = f"answered {answer.status}"
            self.breaker.failed(address)
            if attempt < tries:
                self.pause(_PAUSE * 2 ** (attempt - 1) * jitter(key, attempt))
        raise OutsideError(f"{named(address)}: {reason}")


def carry_out_outside(
    call: ActionCall, action: ActionType, partner: Callable[[], Partner] | None
) -> ActionDone:
    """Carry out an action of the team's own system.

    One of mode ``answer`` is called now and its answer decides; one of mode ``outbox`` is stored
    with the turn and called after it: see :mod:`sangdam.services.outbox`.
    """
    if call.query.phase != "run":
        return FINE
    key = idempotency_key(call.bot.name, call.session_id, call.message_id, call.query.action)
    reference = call.reference("X")
    body = body_of(
        {
            "action": call.query.action,
            "bot": call.bot.name,
            "language": call.query.language,
            "reference": reference,
            "values": dict(call.query.values),
        }
    )
    address = action.call or ""
    if action.mode == "outbox":
        waiting = outgoing(key, address, body, at=call.now)
        result = ActionResult(
            "accepted", {"reference": reference}, remembered={"reference": reference}
        )
        return ActionDone(result, (outgoing_write(call.bot.name, waiting),))
    if partner is None:
        return ActionDone(ActionResult(UNAVAILABLE))
    calling = partner()
    try:
        answer = calling.ask(address, body, key=key, tries=TRIES)
        return ActionDone(read_answer(answer, action))
    except (OutsideError, ValueError) as error:
        calling.warn(f"{call.bot.name}: {call.query.action}: {error}")
        return ActionDone(ActionResult(UNAVAILABLE))


def read_answer(answer: OutsideAnswer, action: ActionType) -> ActionResult:
    """Return what a system answered: ``{"outcome", "fields"?, "choices"?, "remembered"?}``.

    Raises ValueError, saying what is wrong with it, for anything else.
    """
    # What was answered is about customers, so that no error quotes it.
    if not 200 <= answer.status < 300:
        raise ValueError(f"answered {answer.status}")
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"answered {len(answer.body)} bytes that are no JSON") from error
    outcome = document.get("outcome") if isinstance(document, dict) else None
    if not isinstance(outcome, str) or outcome not in action.outcomes:
        known = ", ".join(one for one in action.outcomes if one != UNAVAILABLE)
        given = f"the outcome {outcome[:40]!r}" if isinstance(outcome, str) else "no outcome"
        raise ValueError(f"answered {given}; the pack knows {known}")
    fields = _texts(document, "fields")
    wanted = action.outcomes[outcome]
    missing = [name for name in wanted if name not in fields]
    if missing:
        raise ValueError(f"answered {outcome} without the field {', '.join(missing)}")
    choices = document.get("choices", [])
    if not isinstance(choices, list):
        raise ValueError("answered choices that are no list")
    return ActionResult(
        outcome,
        # Others would take the place of slots of the form that are called the same.
        {name: fields[name] for name in wanted},
        choices=tuple(_choice(one) for one in choices),
        remembered=_texts(document, "remembered"),
    )


def _texts(document: Mapping[str, Any], name: str) -> dict[str, str]:
    given = document.get(name, {})
    if not isinstance(given, dict) or not all(map(_is_text, given.values())):
        raise ValueError(f"answered {name} that are no texts by name of {TEXT_LIMIT} letters each")
    return dict(given)


def _is_text(value: object) -> bool:
    """Tell whether a value can be said, and stored: no loose half of a letter stands in it."""
    if not isinstance(value, str) or len(value) > TEXT_LIMIT:
        return False
    return value.encode("utf-8", "replace").decode() == value


def _choice(given: Any) -> Choice:
    if not isinstance(given, dict):
        raise ValueError("answered a choice that is no object")
    parts = [given.get(name) for name in ("role", "value", "label")]
    if not all(part and _is_text(part) for part in parts):
        raise ValueError("answered a choice without role, value or label")
    return Choice(*map(str, parts))
