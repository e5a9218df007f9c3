"""The ``handoff`` of ``bot.yaml``: when people answer, and what happens when nobody does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sangdam.bots.definition import Form, HandoffPolicy
from sangdam.bots.hours import read_hours
from sangdam.bots.reading import Reader


def read_handoff(reader: Reader, data: Any, forms: Mapping[str, Form]) -> HandoffPolicy:
    """Read when people answer; mistakes go to the reader."""
    top = reader.mapping(data, "handoff")
    reader.only(top, "handoff", ("hours", "holidays", "outside"))
    open_ = reader.choice(top.get("holidays", "open"), "handoff.holidays", ("open", "closed"))
    outside = None
    if "outside" in top:
        outside = reader.text(top["outside"], "handoff.outside") or None
        if outside is not None and outside not in forms:
            known = ", ".join(forms) or "none"
            reader.wrong("handoff.outside", f"form '{outside}' is not defined ({known})")
        if "hours" not in top:
            reader.wrong("handoff.hours", "is missing; without hours somebody always answers")
    return HandoffPolicy(
        hours=read_hours(reader, top.get("hours"), key="handoff.hours"),
        holidays=open_ != "closed",
        outside=outside,
    )
