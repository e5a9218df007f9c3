"""Demonstration data to try bots with. Put into local stores only, never deployed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sangdam.ports import BackOffice
from sangdam_adapters import demo_data
from sangdam_adapters.yaml_bots import YamlPacks


def seed(store: BackOffice, *, packs: Path, today: date) -> int:
    """Put every pack's demonstration data into an empty store; returns how many writes it took.

    Days in the data count from ``today``.
    """
    count = 0
    for bot in YamlPacks(packs).names():
        writes = demo_data.demo_writes(packs / bot, bot, today=today)
        demo_data.seed(store, writes)
        count += len(writes)
    return count
