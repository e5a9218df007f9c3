"""Checking who somebody is before an action tells or changes anything of theirs."""

from __future__ import annotations

from collections.abc import Collection

from sangdam.backoffice.documents import write_document
from sangdam.backoffice.identity import TRIES, is_same, tries_key
from sangdam.backoffice.writes import Count, Key, Put, Write
from sangdam.services.action import ActionCall

_MARK = 16
"""How much of a digest tells one wrong answer from another."""


def is_owner(
    call: ActionCall, *, pk: str, kept: Collection[str], given: str
) -> tuple[bool, tuple[Write, ...]]:
    """Tell whether what somebody gave belongs to a record under ``pk``, and what to note of it.

    ``given`` is a digest; the record keeps those that would do, none if it cannot be told about.

    After three wrong tries within an hour of the clock the answer is no, right or wrong, whoever
    asks: a telephone number cannot be found by trying. The price is that others can keep its
    customer out for an hour. The same wrong answer is counted once: whoever repeats it guesses
    nothing. Only records that exist are counted for, so that made-up numbers leave nothing behind.
    """
    counter = tries_key(pk, call.now)
    tries = call.store.counts(pk, prefix=counter.sk).get(counter.sk, 0)
    if tries >= TRIES:
        return False, ()
    if any(is_same(one, given) for one in kept):
        return True, ()
    tried = Key(pk, f"{counter.sk}#{given[:_MARK]}")
    if call.store.get(tried) is not None:
        return False, ()
    return False, (Count(counter, 1, TRIES), Put(tried, write_document({"kind": "try"})))
