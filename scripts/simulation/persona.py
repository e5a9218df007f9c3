"""Who the simulated customers are: people of a pack's demonstration data, and strangers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sangdam_adapters.demo_data import DEMO

STRANGERS = 3
"""So many people nobody knows anything of."""


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody with a name and a telephone, and the numbers of what is theirs: orders, cards ..."""

    name: str
    phone: str
    numbers: tuple[str, ...] = ()


def personas(folder: Path) -> tuple[Persona, ...]:
    """Return the people of a pack's ``demo.yaml``, and some strangers."""
    path = folder / DEMO
    data = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return (*_known(data), *strangers())


def strangers() -> tuple[Persona, ...]:
    """Return people that no back office knows."""
    names = ("홍길동", "Jane Doe", "이몽룡", "John Roe")
    return tuple(
        Persona(names[place % len(names)], f"010-2345-{place:04}") for place in range(STRANGERS)
    )


def _known(data: Mapping[str, Any]) -> Iterator[Persona]:
    names: dict[str, str] = {}
    numbers: dict[str, list[str]] = {}

    def note(entry: Mapping[str, Any], things: Sequence[object]) -> None:
        phone = str(entry.get("phone", ""))
        name = entry.get("name", "")
        names.setdefault(phone, str(name[0] if isinstance(name, list) else name))
        numbers.setdefault(phone, []).extend(map(str, things))

    for order in data.get("orders", ()):
        note(order, [order["order_number"]])
    for one in data.get("reservations", ()):
        note(one, [one["number"]])
    for customer in data.get("customers", ()):
        note(customer, [card["last4"] for card in customer.get("cards", ())])
    for phone, theirs in numbers.items():
        if phone:
            yield Persona(names[phone] or "홍길동", phone, tuple(dict.fromkeys(theirs)))
