"""The ``actions`` of ``bot.yaml``: what the team's own system does when a form is finished."""

from __future__ import annotations

import re
from typing import Any, Literal, cast

from sangdam.bots.actions import ACTIONS
from sangdam.bots.definition import ActionType
from sangdam.bots.reading import Reader

_KEYS = ("call", "mode", "confirm", "slots", "optional", "outcomes", "reopens")
_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\Z")
_LOOPBACK = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/|\Z)")
_LAMBDA = re.compile(r"lambda:(arn:aws[a-z-]*:lambda:[^\s]+|[A-Za-z0-9_-]{1,64})\Z")
MODES = ("answer", "outbox")
UNAVAILABLE = "unavailable"
"""The outcome of a call that nobody answered; every action of this kind can come to it."""


def read_outside_actions(reader: Reader, data: Any) -> dict[str, ActionType]:
    """Read the team's own actions; mistakes go to the reader."""
    actions: dict[str, ActionType] = {}
    for name, key, value in reader.items(data, "actions"):
        if not _NAME.match(name):
            reader.wrong(key, f"'{name}' must look like crm.lookup: two names with a dot between")
        elif name.split(".")[0] in {known.split(".")[0] for known in ACTIONS}:
            reader.wrong(key, f"'{name.split('.')[0]}.' is for built-in actions; choose another")
        top = reader.mapping(value, key)
        reader.only(top, key, _KEYS)
        mode = reader.choice(top.get("mode", "answer"), f"{key}.mode", MODES) or "answer"
        confirm = top.get("confirm", False)
        if not isinstance(confirm, bool):
            reader.wrong(f"{key}.confirm", "must be true or false")
        if mode == "outbox" and confirm is not True:
            problem = "is missing; what goes through the outbox changes something: confirm: true"
            reader.wrong(f"{key}.confirm", problem)
        slots, optional = (
            reader.texts(top[one], f"{key}.{one}") if top.get(one) else ()
            for one in ("slots", "optional")
        )
        outcomes = {
            outcome: reader.texts(fields, path) if fields else ()
            for outcome, path, fields in reader.items(top.get("outcomes"), f"{key}.outcomes")
        }
        if not outcomes:
            reader.wrong(f"{key}.outcomes", "is empty; name what the answer can be")
        reopens = {
            outcome: reader.text(role, path)
            for outcome, path, role in reader.items(top.get("reopens"), f"{key}.reopens")
        }
        for outcome, role in reopens.items():
            if outcome not in outcomes:
                reader.wrong(f"{key}.reopens.{outcome}", "is no outcome of this action")
            if role not in (*slots, *optional):
                reader.wrong(f"{key}.reopens.{outcome}", f"'{role}' is no slot of this action")
        if mode == "outbox":
            outcomes = {"accepted": ("reference",), **outcomes}
        actions[name] = ActionType(
            slots=slots,
            optional=optional,
            outcomes={**outcomes, UNAVAILABLE: ()},
            reopens=reopens,
            changes=confirm is True,
            call=_address(reader, top.get("call"), f"{key}.call"),
            mode=cast(Literal["answer", "outbox"], mode),
        )
    return actions


def _address(reader: Reader, value: Any, key: str) -> str:
    address = reader.text(value, key)
    if address.startswith("https://") or _LOOPBACK.match(address) or _LAMBDA.match(address):
        return address
    if address:
        wanted = "write https://…, or lambda:NAME or lambda:ARN for a Lambda function"
        reader.wrong(key, f"'{address}' cannot be called; {wanted}")
    return address
