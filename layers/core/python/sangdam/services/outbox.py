"""What was stored with a turn to be told to others is sent by whoever comes by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sangdam.backoffice.documents import DocumentError
from sangdam.backoffice.outgoing import (
    GIVEN_UP_AFTER,
    PENDING,
    Outgoing,
    claimed,
    delivered,
    failed,
    is_due,
    outbox_pk,
    read_outgoing,
)
from sangdam.backoffice.writes import Key
from sangdam.ports import BackOffice, OutsideError, Record, WriteRefusedError
from sangdam.services.outside import Partner

MOST = 3
"""How many waiting requests one turn sends at most."""

LONG_ENOUGH = timedelta(seconds=2)
"""After so long a turn begins no further one: its customer waits."""


def send_waiting(
    bot: str, *, store: BackOffice, partner: Partner, first: Sequence[Key] = (), most: int = MOST
) -> int:
    """Send what waits in a bot's outbox and is due; returns how much was answered.

    ``first`` are requests to begin with: those of the turn that was just stored. Each is claimed
    before it is sent, so that two who come by do not send it at once. Whatever goes wrong stays in
    the outbox for whoever comes next, and is warned of.
    """
    sent = tried = 0
    begun = partner.clock()
    for record in _waiting(bot, store, first, most):
        now = partner.clock()
        if tried == most or (tried and now - begun >= LONG_ENOUGH):
            break
        try:
            one = read_outgoing(record.record)
        except DocumentError as error:
            partner.warn(f"{bot}: outbox {record.key.sk}: {error}")
            continue
        if not is_due(one, now):
            continue  # somebody else sends it, or it has failed
        mine, claim = claimed(bot, record.key, one, record.version, now)
        try:
            store.apply(claim)
        except WriteRefusedError:
            continue  # somebody else was quicker
        tried += 1
        sent += _send(bot, mine, store, partner)
    return sent


def _waiting(bot: str, store: BackOffice, first: Sequence[Key], most: int) -> Iterator[Record]:
    """Yield what may be due: these first, then all others as they are due."""
    for key in first:
        record = store.get(key)
        if record is not None:
            yield record
    # More than are sent, for others may be at the first of them.
    for record in store.under(outbox_pk(bot), prefix=PENDING, limit=4 * most):
        if record.key not in first:
            yield record


def _send(bot: str, mine: Outgoing, store: BackOffice, partner: Partner) -> bool:
    """Send a claimed request and store what became of it; tell whether it was answered."""
    problem = None
    try:
        answer = partner.ask(mine.address, mine.body.encode(), key=mine.key, tries=1)
        if not 200 <= answer.status < 300:
            problem = f"answered {answer.status}"
    except OutsideError as error:
        problem = str(error)
    if problem is None:
        writes = delivered(bot, mine)
    else:
        end = "given up" if mine.attempts >= GIVEN_UP_AFTER else "tried again later"
        partner.warn(f"{bot}: outbox {mine.key}, try {mine.attempts}: {problem}; {end}")
        writes = failed(bot, mine, partner.clock(), error=problem)
    try:
        store.apply(writes)
    except WriteRefusedError:
        partner.warn(f"{bot}: outbox {mine.key}: took longer than its claim; may be sent twice")
    return problem is None
