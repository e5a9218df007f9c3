"""Bot packs in a folder of YAML, and the demo data beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import yaml

from sangdam.backoffice.orders import Order, OrderItem, OrderStatus
from sangdam.bots.definition import LANGUAGES, Language
from sangdam.bots.parse import Pack, known_files, parse_pack
from sangdam.bots.reading import Mistake, PackError, Reader
from sangdam.ports import PackMissingError

DEMO = "demo.yaml"
_STATUSES = ("paid", "preparing", "shipped", "delivered", "cancelled")
_ORDER_KEYS = (
    *("order_number", "status", "items", "ordered_on", "expected_on", "delivered_on"),
    *("courier", "tracking_number"),
)

# libyaml's parser where it is built in: a pack of 60 intents in 0.1 s instead of 1 s.
_Loader: type[yaml.SafeLoader] = cast(
    "type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader)
)


class YamlPacks:
    """Port ``Packs`` over a folder with one folder for each bot."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> Sequence[str]:
        return tuple(sorted(path.parent.name for path in self._root.glob("*/bot.yaml")))

    def load(self, name: str) -> Pack:
        folder = self._root / name
        if not folder.is_dir():
            known = ", ".join(self.names()) or "none"
            raise PackMissingError(f"there is no bot pack '{name}' in {self._root}; there: {known}")
        mistakes: list[Mistake] = []
        files: dict[str, Any] = {}
        for path in sorted(folder.glob("*.y*ml")):
            if path.name not in known_files():
                expected = ", ".join(known_files())
                mistakes.append(
                    Mistake(f"{name}/{path.name}", "", f"is no file of a pack; those: {expected}")
                )
                continue
            files[path.name] = _read(path, f"{name}/{path.name}", mistakes)
        if mistakes:
            raise PackError(mistakes)
        return parse_pack(name, files)


def read_demo_orders(folder: Path, *, today: date) -> tuple[Order, ...]:
    """Return the demo orders of a pack; days in the file count from ``today``.

    Raises PackError with every mistake. A pack without ``demo.yaml`` has none.
    """
    path = folder / DEMO
    if not path.is_file():
        return ()
    reader = Reader(f"{folder.name}/{DEMO}")
    top = reader.mapping(_read(path, reader.file, reader.mistakes), "")
    reader.only(top, "", ("format", "orders"))
    if not reader.mistakes:
        reader.format(top)
    orders = tuple(
        _order(reader, item, f"orders[{place}]", today)
        for place, item in enumerate(reader.listing(top.get("orders"), "orders"))
    )
    numbers = [order.order_number for order in orders]
    for number in {number for number in numbers if numbers.count(number) > 1}:
        reader.wrong("orders", f"order_number {number} stands there twice")
    if reader.mistakes:
        raise PackError(reader.mistakes)
    return orders


def _order(reader: Reader, data: Any, key: str, today: date) -> Order:
    top = reader.mapping(data, key)
    reader.only(top, key, _ORDER_KEYS)

    def day(name: str) -> date | None:
        if name not in top:
            return None
        offset = reader.whole(top[name], f"{key}.{name}", low=-3650, high=3650, default=0)
        return today + timedelta(days=offset)

    def words(value: Any, where: str) -> Mapping[Language, str]:
        reader.only(reader.mapping(value, where), where, LANGUAGES)
        if not value:
            reader.wrong(where, "is missing; give it in each language: {ko: …, en: …}")
        named = {name: reader.text(inner, path) for name, path, inner in reader.items(value, where)}
        return cast(Mapping[Language, str], named)

    items = []
    for place, item in enumerate(reader.listing(top.get("items"), f"{key}.items")):
        where = f"{key}.items[{place}]"
        entry = reader.mapping(item, where)
        reader.only(entry, where, ("name", "quantity"))
        quantity = reader.whole(
            entry.get("quantity"), f"{where}.quantity", low=1, high=10**6, default=1
        )
        items.append(OrderItem(words(entry.get("name"), f"{where}.name"), quantity))
    number = top.get("tracking_number")
    return Order(
        order_number=reader.text(top.get("order_number"), f"{key}.order_number"),
        status=cast(OrderStatus, reader.choice(top.get("status"), f"{key}.status", _STATUSES)),
        items=tuple(items),
        ordered_on=day("ordered_on") or today,
        expected_on=day("expected_on"),
        delivered_on=day("delivered_on"),
        courier=words(top["courier"], f"{key}.courier") if "courier" in top else None,
        tracking_number=None if number is None else reader.text(number, f"{key}.tracking_number"),
    )


def _read(path: Path, name: str, mistakes: list[Mistake]) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Loader)  # noqa: S506 -- a safe loader
    except UnicodeDecodeError as error:
        mistakes.append(Mistake(name, "", f"is not UTF-8 ({error.reason}); save it as UTF-8"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}" if mark is not None else ""
        mistakes.append(Mistake(name, line, f"is no valid YAML: {error.problem}"))
    except (yaml.YAMLError, ValueError) as error:
        mistakes.append(Mistake(name, "", f"is no valid YAML: {error}"))
    return None
