"""What a customer wants, in one line, for people who have not read the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sangdam.bots.definition import Bot, Form, Language, Slot
from sangdam.dialogue.session import Session
from sangdam.dialogue.slots import spoken_value

_IMPERSONAL = frozenset(
    {
        "choice", "count", "date", "date_range", "datetime", "datetime_range", "duration", "money",
        "percent", "time", "yes_no",
    }
)  # fmt: skip
"""Types whose values tell what is wanted, and never who wants it. Free text may say anything."""


@dataclass(frozen=True, slots=True)
class Told:
    """A value that a customer gave: its slot, what that is called, and the value as it is said."""

    slot: str
    label: str
    value: str
    is_personal: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What a customer wants: titles of intents, and the values given for it."""

    titles: tuple[str, ...]
    values: tuple[Told, ...] = ()

    def line(self, *, personal: bool = True) -> str:
        """Return one line; without ``personal`` it holds no name, number or words of theirs."""
        told = [
            f"{one.label} {one.value}" for one in self.values if personal or not one.is_personal
        ]
        title = " / ".join(self.titles)
        line = f"{title}: {', '.join(told)}" if title and told else title or ", ".join(told)
        return " ".join(line.split())


def summary(bot: Bot, session: Session, intent: str | None, language: Language) -> Summary:
    """Return what a customer wants who asks for a person with an intent.

    ``session`` is the one before: a form that is open (or waits, or has just ended) says most,
    else the intent answered last does.
    """
    titles: list[str] = []
    known = bot.intents.get(intent or "")
    if known is not None and known.kind in ("urgent", "complaint"):
        titles.append(bot.title(known.name, language))
    for state in (session.open_form, session.parked, session.finished_form):
        form = None if state is None else bot.forms.get(state.form)
        if state is not None and form is not None:
            titles.append(form_title(bot, form, language))
            return Summary(tuple(titles), told(bot, form, state.values, language))
    if session.last_intent is not None and session.last_intent in bot.intents:
        titles.append(bot.title(session.last_intent, language))
    elif known is not None and not titles:
        titles.append(bot.title(known.name, language))
    return Summary(tuple(dict.fromkeys(titles)))


def form_title(bot: Bot, form: Form, language: Language) -> str:
    """Return what customers call a form: the title of the intent that opens it."""
    opens = next((one.name for one in bot.intents.values() if one.form == form.name), form.name)
    return bot.title(opens, language)


def told(bot: Bot, form: Form, values: Mapping[str, str], language: Language) -> tuple[Told, ...]:
    """Return the values of a form's slots as people read them, in the order of the form."""
    labels = bot.script(language).labels.get(form.name, {})
    return tuple(
        Told(
            slot.name,
            labels.get(slot.name, slot.name),
            _said(bot, slot, values[slot.name], language),
            bot.entities[slot.entity].type not in _IMPERSONAL,
        )
        for slot in form.slots
        if slot.name in values
    )


def _said(bot: Bot, slot: Slot, value: str, language: Language) -> str:
    try:
        return spoken_value(bot, slot, value, language)
    except ValueError:
        return value  # kept for a slot of that name which holds other things
