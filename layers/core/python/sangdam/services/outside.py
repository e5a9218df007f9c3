"""Actions of the team's own system: asked while the customer waits, or told through the outbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sangdam.backoffice.outgoing import (
    CircuitBreaker,
    Outgoing,
    body_of,
    claimed,
    delivered,
    failed,
    idempotency_key,
    is_due,
    jitter,
    outbox_pk,
    outgoing_write,
    read_outgoing,
    signed,
)
from sangdam.bots.definition import ActionType
from sangdam.bots.outside_actions import UNAVAILABLE
from sangdam.dialogue.decision import ActionResult, Choice
from sangdam.ports import (
    BackOffice,
    Clock,
    Outside,
    OutsideAnswer,
    OutsideError,
    WriteRefusedError,
)
from sangdam.services.action import ActionCall, ActionDone

SECONDS = 4.0
"""How long one call may take."""

TRIES = 2
"""How often a customer who waits is worth a call."""

_PAUSE = 0.2
_SWEPT = 3
"""How many waiting requests one turn sends at most."""

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
        raise OutsideError(f"{address}: {reason}")


def carry_out_outside(call: ActionCall, action: ActionType, partner: Partner | None) -> ActionDone:
    """Carry out an action of the team's own system.

    One of mode ``answer`` is called now and its answer decides; one of mode ``outbox`` is stored
    with the turn and called after it: see :func:`send_waiting`.
    """
    if call.query.phase != "run":
        return ActionDone(ActionResult("ok"))
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
        waiting = Outgoing(key, address, body.decode(), call.now.isoformat())
        result = ActionResult(
            "accepted", {"reference": reference}, remembered={"reference": reference}
        )
        return ActionDone(result, (outgoing_write(call.bot.name, waiting),))
    if partner is None:
        return ActionDone(ActionResult(UNAVAILABLE))
    try:
        answer = partner.ask(address, body, key=key, tries=TRIES)
        return ActionDone(read_answer(answer, action))
    except (OutsideError, ValueError) as error:
        partner.warn(f"{call.bot.name}: {call.query.action}: {error}")
        return ActionDone(ActionResult(UNAVAILABLE))


def read_answer(answer: OutsideAnswer, action: ActionType) -> ActionResult:
    """Return what a system answered: ``{"outcome", "fields"?, "choices"?, "remembered"?}``.

    Raises ValueError, saying what is wrong with it, for anything else.
    """
    if not 200 <= answer.status < 300:
        raise ValueError(f"answered {answer.status}: {answer.body[:200]!r}")
    try:
        document = json.loads(answer.body)
    except ValueError as error:
        raise ValueError(f"answered no JSON ({error}): {answer.body[:200]!r}") from error
    outcome = document.get("outcome") if isinstance(document, dict) else None
    if not isinstance(outcome, str) or outcome not in action.outcomes:
        known = ", ".join(action.outcomes)
        raise ValueError(f"answered the outcome {outcome!r}; the pack knows {known}")
    fields = _texts(document, "fields")
    missing = [name for name in action.outcomes[outcome] if name not in fields]
    if missing:
        raise ValueError(f"answered {outcome} without the field {', '.join(missing)}")
    choices = document.get("choices", [])
    if not isinstance(choices, list):
        raise ValueError("answered choices that are no list")
    return ActionResult(
        outcome,
        fields,
        choices=tuple(_choice(one) for one in choices),
        remembered=_texts(document, "remembered"),
    )


def _texts(document: Mapping[str, Any], name: str) -> dict[str, str]:
    given = document.get(name, {})
    if not isinstance(given, dict) or not all(isinstance(one, str) for one in given.values()):
        raise ValueError(f"answered {name} that are no texts by name")
    return dict(given)


def _choice(given: Any) -> Choice:
    if not isinstance(given, dict):
        raise ValueError("answered a choice that is no object")
    parts = [given.get(name) for name in ("role", "value", "label")]
    if not all(isinstance(part, str) and part for part in parts):
        raise ValueError("answered a choice without role, value or label")
    return Choice(*map(str, parts))


def send_waiting(bot: str, *, store: BackOffice, partner: Partner, most: int = _SWEPT) -> int:
    """Send what waits in a bot's outbox and is due, oldest first; returns how much was answered.

    Each is claimed first, so that two that come by do not send it at once. Whatever goes wrong
    stays in the outbox for whoever comes next, and is warned of.
    """
    sent = 0
    tried = 0
    for record in store.under(outbox_pk(bot), prefix="pending#", limit=10 * most):
        one = read_outgoing(record.record)
        now = partner.clock()
        if tried >= most:
            break
        if not is_due(one, now):
            continue
        tried += 1
        mine, claim = claimed(record.key, one, record.version, now)
        try:
            store.apply((claim,))
        except WriteRefusedError:
            continue  # somebody else sends it
        version = record.version + 1
        problem = _send(mine, partner)
        now = partner.clock()
        if problem is None:
            sent += 1
            writes = delivered(bot, record.key, mine, version, now)
        else:
            partner.warn(f"{bot}: outbox {mine.key}, try {mine.attempts}: {problem}")
            writes = failed(bot, record.key, mine, version, now, error=problem)
        try:
            store.apply(writes)
        except WriteRefusedError:
            continue  # it took longer than the claim, and somebody else has sent it, too
    return sent


def _send(one: Outgoing, partner: Partner) -> str | None:
    """Send a request; return what was wrong, or None."""
    try:
        answer = partner.ask(one.address, one.body.encode(), key=one.key, tries=1)
    except OutsideError as error:
        return str(error)
    return None if 200 <= answer.status < 300 else f"answered {answer.status}"
