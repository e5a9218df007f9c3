"""The decision of a turn: the policy is asked until it has all the facts it wants."""

from __future__ import annotations

from datetime import datetime

from sangdam.backoffice.writes import Write
from sangdam.bots.definition import Bot, Language
from sangdam.bots.opening import is_open
from sangdam.dialogue.decision import Ask, Outcome, RunAction
from sangdam.dialogue.policy import decide
from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Message
from sangdam.nlu.understanding import Understanding
from sangdam.ports import BackOffice, VersionConflictError
from sangdam.services.action import ActionCall, ActionDone
from sangdam.services.desk import Desk
from sangdam.services.shelf import OpenRelease

ROUNDS = 40
"""So often a decision may ask for a fact, or be made anew with another one."""


def decided(
    session: Session,
    understanding: Understanding,
    release: OpenRelease,
    desk: Desk,
    now: datetime,
    message: Message,
    *,
    has_secret: bool,
) -> tuple[Outcome, tuple[Write, ...]]:
    """Decide, fetching the facts that the policy asks for; return what is to be written, too."""
    done: dict[RunAction, ActionDone] = {}
    for _ in range(ROUNDS):
        outcome = decide(
            release.bot,
            session,
            understanding,
            facts={query: one.result for query, one in done.items()},
            people_answer=lambda: _people_answer(release.bot, now, understanding.language, desk),
            has_secret=has_secret,
        )
        if isinstance(outcome, Ask):
            query = outcome.query
            call = _call(query, session, release, desk, now, message)
            done[query] = desk.carry_out(call, desk.partner)
            continue
        writing = [query for query in outcome.carried_out if done[query].writes]
        if len(writing) < 2:
            return outcome, tuple(write for query in writing for write in done[query].writes)
        # Each was asked as if it were the only one; now one after the other, each seeing what the
        # ones before it are about to write. What comes out differently is decided anew.
        from sangdam.services.pending_writes import PendingWrites  # few turns need it

        view = PendingWrites(desk.backoffice)
        for query in writing:
            call = _call(query, session, release, desk, now, message, store=view)
            told = desk.carry_out(call, desk.partner)
            if told.result != done[query].result:
                done[query] = told
                break
            view.apply(told.writes)
        else:
            return outcome, view.writes
    raise VersionConflictError(f"session {session.session_id}: what it is about keeps changing")


def _call(
    query: RunAction,
    session: Session,
    release: OpenRelease,
    desk: Desk,
    now: datetime,
    message: Message,
    *,
    store: BackOffice | None = None,
) -> ActionCall:
    return ActionCall(
        query=query,
        bot=release.bot,
        session_id=session.session_id,
        message_id=message.message_id,
        turn=session.turn + 1,
        now=_local(release.bot, now),
        store=store or desk.backoffice,
        holidays=desk.holidays,
        vectors=lambda texts: release.model.vectors(texts),
    )


def _people_answer(bot: Bot, now: datetime, language: Language, desk: Desk) -> bool:
    policy = bot.handoff
    if not policy.hours:
        return True
    local = _local(bot, now)
    if not is_open(policy.hours, local):
        return False
    return policy.holidays or desk.holidays.name_of(local.date(), language) is None


def _local(bot: Bot, now: datetime) -> datetime:
    from zoneinfo import ZoneInfo  # imported late: it takes 6 ms

    return now.astimezone(ZoneInfo(bot.time_zone))
