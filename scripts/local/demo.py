"""Demo data: orders to try a bot with. Seeded into local stores only, never deployed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sangdam.ports import Orders
from sangdam_adapters.yaml_bots import YamlPacks, read_demo_orders


def seed(orders: Orders, *, packs: Path, today: date) -> int:
    """Store the demo orders of every pack; their days count from ``today``. Returns how many."""
    count = 0
    for bot in YamlPacks(packs).names():
        for order in read_demo_orders(packs / bot, today=today):
            orders.put(order)
            count += 1
    return count
