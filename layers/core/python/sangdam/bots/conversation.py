"""``conversations.*.yaml``: dialogues that must keep working, as authors write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sangdam.bots.definition import Language
from sangdam.bots.reading import Reader


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one answer must be; whatever is None or empty is not looked at."""

    intent: str | None = None
    decision: str | None = None
    replies: tuple[str, ...] | None = None
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    quick_replies: tuple[str, ...] = ()
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One message: typed (``user``) or a button pressed by its label (``press``)."""

    user: str | None
    press: str | None
    expect: Expectation


@dataclass(frozen=True, slots=True)
class Given:
    """Where a conversation stands when it is taken up in its middle.

    An open form with the values so far (canonical ones) and the slot it waits for; ``known`` are
    values that the conversation keeps for later forms.
    """

    form: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    asking: str | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    owner: Literal["bot", "human"] = "bot"


TAGS = ("correction", "digression", "refusal", "nonsense", "language_switch", "impatience")
"""How a conversation may leave the straight path from a question to its answer."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A dialogue in its language, with what must come of each message.

    ``at`` is the local time it takes place at, if it is another than that of all rehearsals;
    ``given`` is where it begins, if not with the greeting; ``tags`` say how it leaves the straight
    path.
    """

    name: str
    language: Language
    steps: tuple[Step, ...]
    file: str
    at: datetime | None = None
    given: Given | None = None
    tags: tuple[str, ...] = ()


_EXPECT = ("intent", "decision", "reply", "contains", "lacks", "quick_replies", "owner")


def read_conversations(reader: Reader, data: Any, language: Language) -> list[Conversation]:
    """Read one language's conversations; mistakes go to the reader."""
    top = reader.mapping(data, "")
    reader.only(top, "", ("format", "language", "conversations"))
    reader.format(top)
    reader.language(top, language)
    found: list[Conversation] = []
    names: set[str] = set()
    for place, item in enumerate(reader.listing(top.get("conversations"), "conversations")):
        key = f"conversations[{place}]"
        entry = reader.mapping(item, key)
        reader.only(entry, key, ("name", "tags", "at", "given", "turns"))
        name = reader.text(entry.get("name"), f"{key}.name")
        if name in names:
            reader.wrong(f"{key}.name", f"'{name}' is already taken; names tell failures apart")
        names.add(name)
        turns = reader.listing(entry.get("turns"), f"{key}.turns")
        steps = tuple(
            _step(reader, turn, f"{key}.turns[{number}]") for number, turn in enumerate(turns)
        )
        if not steps:
            reader.wrong(f"{key}.turns", "is empty; a conversation has at least one message")
        at = _moment(reader, entry["at"], f"{key}.at") if "at" in entry else None
        given = _given(reader, entry["given"], f"{key}.given") if "given" in entry else None
        tags = _tags(reader, entry["tags"], f"{key}.tags") if "tags" in entry else ()
        found.append(Conversation(name, language, steps, reader.file, at, given, tags))
    return found


def _tags(reader: Reader, data: Any, key: str) -> tuple[str, ...]:
    found = reader.texts(data, key)
    for tag in found:
        reader.choice(tag, key, TAGS)
    return found


def _moment(reader: Reader, value: Any, key: str) -> datetime | None:
    if isinstance(value, datetime):  # YAML reads some forms of it by itself
        return value.replace(tzinfo=None)
    text = reader.text(value, key)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        if text:
            reader.wrong(key, f"'{text}' is no date and time; write it like 2026-12-24 18:30")
        return None


def _given(reader: Reader, data: Any, key: str) -> Given:
    top = reader.mapping(data, key)
    reader.only(top, key, ("form", "values", "asking", "known", "owner"))

    def texts(name: str) -> dict[str, str]:
        where = f"{key}.{name}"
        return {
            slot: reader.text(value, path)
            for slot, path, value in reader.items(top.get(name), where)
        }

    form = reader.text(top["form"], f"{key}.form") if "form" in top else None
    if form is None and ("values" in top or "asking" in top):
        reader.wrong(f"{key}.form", "is missing; values and asking are those of an open form")
    return Given(
        form=form,
        values=texts("values"),
        asking=reader.text(top["asking"], f"{key}.asking") if "asking" in top else None,
        known=texts("known"),
        owner="human"
        if reader.choice(top.get("owner", "bot"), f"{key}.owner", ("bot", "human")) == "human"
        else "bot",
    )


def _step(reader: Reader, data: Any, key: str) -> Step:
    top = reader.mapping(data, key)
    reader.only(top, key, ("user", "press", "expect"))
    if ("user" in top) == ("press" in top):
        reader.wrong(key, "needs either 'user' (a text) or 'press' (a button's label)")
    user = top.get("user")
    if "user" in top and not isinstance(user, str):
        user = reader.text(user, f"{key}.user")
    press = reader.text(top["press"], f"{key}.press") if "press" in top else None
    expect = reader.mapping(top.get("expect"), f"{key}.expect")
    reader.only(expect, f"{key}.expect", _EXPECT)

    def texts(name: str) -> tuple[str, ...]:
        return reader.texts(expect[name], f"{key}.expect.{name}") if name in expect else ()

    replies: tuple[str, ...] | None = None
    if "reply" in expect:
        value = expect["reply"]
        replies = () if value == [] else reader.texts(value, f"{key}.expect.reply")
    decision = expect.get("decision")
    if decision is not None:
        reader.choice(decision, f"{key}.expect.decision", ("answer", "clarify", "fallback"))
    intent = reader.text(expect["intent"], f"{key}.expect.intent") if "intent" in expect else ""
    owner = expect.get("owner")
    if owner is not None:
        reader.choice(owner, f"{key}.expect.owner", ("bot", "human"))
    return Step(
        user=user,
        press=press,
        expect=Expectation(
            intent=intent or None, decision=decision, replies=replies,
            contains=texts("contains"), lacks=texts("lacks"),
            quick_replies=texts("quick_replies"), owner=owner,
        ),
    )  # fmt: skip
