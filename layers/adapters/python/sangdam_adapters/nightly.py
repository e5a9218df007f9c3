"""One night over all bots: a bot that fails is told of, and keeps the others from nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sangdam.backoffice.writes import Write
from sangdam.services.retrain import Night, retrain
from sangdam_adapters.demo_data import demo_writes
from sangdam_adapters.rehearsal import REHEARSAL_TIME
from sangdam_adapters.settings import Address
from sangdam_adapters.telemetry import Telemetry


class NightFailedError(RuntimeError):
    """Some bots could not be retrained; each keeps its champion. The message says which and why."""


def retrain_all(night: Night, event: Mapping[str, Any], *, telemetry: Telemetry) -> dict[str, Any]:
    """Retrain the bots an event names, or all.

    Returns
    -------
    dict
        ``{"reports": [{bot, result, release, champion, labels, reasons}, …]}``.

    Raises
    ------
    NightFailedError
        If a bot failed or was refused by the gate, after all others were done.
    """
    known = night.packs.names()
    wanted = event.get("bots") or known
    if not isinstance(wanted, list | tuple) or not all(isinstance(one, str) for one in wanted):
        raise NightFailedError('"bots" must be a list of names, like {"bots": ["shop"]}')
    reports: list[dict[str, Any]] = []
    failures: list[str] = []
    for bot in wanted:
        if bot not in known:
            failures.append(f"{bot}: there is no such pack; there: {', '.join(known)}")
            continue
        try:
            report = retrain(bot, night=night, force=event.get("force") is True)
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


def demo_of(packs: Address) -> Callable[[str], Sequence[Write]]:
    """Return what gives a bot's demonstration data as it stands when rehearsals take place."""

    def writes(bot: str) -> Sequence[Write]:
        return demo_writes(Path(packs.path) / bot, bot, today=REHEARSAL_TIME.date())

    return writes
