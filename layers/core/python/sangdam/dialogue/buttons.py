"""The buttons that a form offers: values for a slot, a yes, a way out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from sangdam.bots.definition import Bot, Form, Language, QuickReply, Slot
from sangdam.bots.quick_reply import LABEL_LIMIT
from sangdam.dialogue.decision import Choice
from sangdam.text.values import spoken_values

MOST = 9
"""More buttons than this are a list to read, and no quick reply."""


def label_of(bot: Bot, key: str, language: Language) -> str:
    """Return the words on one of the bot's own buttons."""
    return bot.script(language).replies[f"system/{key}"].variants[0]


def cancel_button(bot: Bot, language: Language) -> QuickReply:
    """Return the button that gives up the open form."""
    return QuickReply(label_of(bot, "cancel", language), "/cancel")


def skip_button(bot: Bot, language: Language) -> QuickReply:
    """Return the button that leaves the slot out that is asked for."""
    return QuickReply(label_of(bot, "skip", language), "/skip_value")


def back_to_bot(bot: Bot, language: Language) -> QuickReply:
    """Return the button that calls the bot back from a person."""
    return QuickReply(label_of(bot, "back_to_bot", language), "/back_to_bot")


def person_button(bot: Bot, language: Language) -> tuple[QuickReply, ...]:
    """Return the button that asks for a person, if the bot has an intent for that."""
    names = [one.name for one in bot.intents.values() if one.kind == "handoff"]
    return tuple(QuickReply(short(bot.title(name, language)), f"/{name}") for name in names[:1])


def fill_button(bot: Bot, form: Form, slot: str, value: str, label: str) -> QuickReply:
    """Return the button that gives a slot a value; pressed later, it opens the form again."""
    intent = next((one.name for one in bot.intents.values() if one.form == form.name), "set_value")
    carried = json.dumps({slot: value}, ensure_ascii=False)
    return QuickReply(short(label), f"/{intent}{carried}")


def choice_buttons(
    bot: Bot, form: Form, choices: Iterable[Choice], *, role: str | None = None
) -> tuple[QuickReply, ...]:
    """Return a button for each choice that an action gives, of one role or of any the form has."""
    slots = {slot.name for slot in form.slots}
    fitting = [one for one in choices if role is None or one.role == role]
    return tuple(
        fill_button(bot, form, form.slot_of(one.role), one.value, one.label)
        for one in fitting[:MOST]
        if form.slot_of(one.role) in slots
    )


def slot_buttons(
    bot: Bot, form: Form, slot: Slot, choices: Sequence[Choice], language: Language
) -> tuple[QuickReply, ...]:
    """Return the buttons below a question: what the action offers, or what there is to choose."""
    offered = choice_buttons(bot, form, choices, role=form.role_of(slot.name))
    entity = bot.entities[slot.entity]
    if not offered and entity.type == "choice" and len(entity.options) <= MOST:
        offered = tuple(
            fill_button(bot, form, slot.name, option, entity.label(option, language))
            for option in entity.options
        )
    if not offered and entity.type == "yes_no":
        answers = ("yes", "no")
        labels = spoken_values("yes_no", answers, language)
        offered = tuple(
            fill_button(bot, form, slot.name, answer, label)
            for answer, label in zip(answers, labels, strict=True)
        )
    skip = (skip_button(bot, language),) if slot.optional else ()
    return (*offered, *skip, cancel_button(bot, language))


def confirm_buttons(
    bot: Bot, shown: Mapping[str, str], language: Language
) -> tuple[QuickReply, ...]:
    """Return yes, no and cancel; the yes is bound to exactly the values that are shown."""
    seen = json.dumps({"seen": digest(shown)})
    return (
        QuickReply(label_of(bot, "confirm_yes", language), f"/confirm_values{seen}"),
        QuickReply(label_of(bot, "confirm_no", language), "/reject_values"),
        cancel_button(bot, language),
    )


def change_buttons(
    bot: Bot, form: Form, values: Mapping[str, str], language: Language
) -> tuple[QuickReply, ...]:
    """Return a button for each slot with a value, to give it another one."""
    labels = bot.script(language).labels.get(form.name, {})
    buttons = tuple(
        QuickReply(short(labels[slot.name]), f"/change_value{json.dumps({'slot': slot.name})}")
        for slot in form.slots
        if slot.name in values and slot.name in labels
    )
    return (*buttons, cancel_button(bot, language))


def digest(values: Mapping[str, str]) -> str:
    """Return a short name for exactly these values."""
    text = json.dumps(dict(sorted(values.items())), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def short(label: str) -> str:
    """Return a label cut to what fits on a button."""
    return label if len(label) <= LABEL_LIMIT else f"{label[: LABEL_LIMIT - 1]}…"
