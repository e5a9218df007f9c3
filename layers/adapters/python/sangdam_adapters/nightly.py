"""One night over all bots: a bot that fails is told of, and keeps the others from nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sangdam.backoffice.writes import Write
from sangdam.services.retrain import Night, retrain
from sangdam_adapters.demo_data import demo_writes
from sangdam_adapters.rehearsal import REHEARSAL_TIME
from sangdam_adapters.settings import Address
from sangdam_adapters.telemetry import Telemetry

LEAST_SECONDS = 120.0
"""With less time than this no bot is begun: training would be cut off in its middle."""

SEARCHING = 0.8
"""Of a bot's share of the night, so much is for its training; the rest is for its rehearsal and for
what is read and stored."""


class NightFailedError(RuntimeError):
    """Some bots could not be retrained; each keeps its champion. The message says which and why."""


def retrain_all(
    night: Night,
    event: Mapping[str, Any],
    *,
    telemetry: Telemetry,
    seconds_left: Callable[[], float] = lambda: math.inf,
) -> dict[str, Any]:
    """Retrain the bots an event names, or all.

    The time that is left is shared among the bots to come; those it does not suffice for are told
    of and wait for the next night. Every night begins with another bot, so that none waits forever.

    Returns
    -------
    dict
        ``{"reports": [{bot, result, release, champion, labels, reasons}, …]}``.

    Raises
    ------
    NightFailedError
        If a bot failed, was refused by the gate or had to wait, after all others were done.
    """
    known = night.packs.names()
    wanted = event.get("bots") or _in_turn(known, night)
    if not isinstance(wanted, list | tuple) or not all(isinstance(one, str) for one in wanted):
        raise NightFailedError('"bots" must be a list of names, like {"bots": ["shop"]}')
    reports: list[dict[str, Any]] = []
    failures: list[str] = []
    for done, bot in enumerate(wanted):
        if bot not in known:
            failures.append(f"{bot}: there is no such pack; there: {', '.join(known)}")
            continue
        left = seconds_left()
        if left < LEAST_SECONDS:
            telemetry.count("RetrainFailures", bot=bot)
            failures.append(
                f"{bot}: not begun, {left:.0f} s were left; a later night begins with it"
            )
            continue
        share = max(LEAST_SECONDS, left / (len(wanted) - done))
        try:
            report = retrain(bot, night=_within(night, share), force=event.get("force") is True)
        except Exception as error:  # one bot's trouble must not cost the others their night
            telemetry.failed(f"retrain of {bot} failed", error)
            telemetry.count("RetrainFailures", bot=bot)
            failures.append(f"{bot}: {error}")
            continue
        reports.append(asdict(report))
        telemetry.info("retrain", **asdict(report))
        if report.result == "refused":
            telemetry.count("RetrainRefusals", bot=bot)
            failures.append(f"{bot}: refused: {'; '.join(report.reasons[:5])}")
    if failures:
        raise NightFailedError("\n".join(failures))
    return {"reports": reports}


def _in_turn(bots: Sequence[str], night: Night) -> Sequence[str]:
    """Return the bots in order, beginning with another one every day."""
    first = night.clock().toordinal() % max(1, len(bots))
    return [*bots[first:], *bots[:first]]


def _within(night: Night, seconds: float) -> Night:
    plan = night.plan
    return replace(night, plan=replace(plan, seconds=min(plan.seconds, SEARCHING * seconds)))


def demo_of(packs: Address) -> Callable[[str], Sequence[Write]]:
    """Return what gives a bot's demonstration data as it stands when rehearsals take place."""

    def writes(bot: str) -> Sequence[Write]:
        return demo_writes(Path(packs.path) / bot, bot, today=REHEARSAL_TIME.date())

    return writes
