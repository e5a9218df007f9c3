"""Do conversations name what their pack has?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from difflib import get_close_matches

from sangdam.bots.conversation import Conversation
from sangdam.bots.definition import Bot
from sangdam.bots.reading import Reader


def check_references(
    reader: Callable[[str], Reader], bot: Bot, conversations: Sequence[Conversation]
) -> None:
    """Note every intent and reply of a conversation that does not exist."""
    known = {key for script in bot.scripts.values() for key in script.replies}
    places: Counter[str] = Counter()
    for conversation in conversations:
        notes = reader(conversation.file.rsplit("/", 1)[-1])
        top = f"conversations[{places[conversation.file]}]"
        places[conversation.file] += 1
        _check_given(notes, bot, conversation, top)
        for number, step in enumerate(conversation.steps):
            name = f"'{conversation.name}' turn {number + 1}"
            path = f"{top}.turns[{number}].expect"
            for key in step.expect.replies or ():
                if key not in known:
                    close = get_close_matches(key, sorted(known), n=1)
                    way_out = f"did you mean '{close[0]}'?" if close else "see ko.yaml and en.yaml"
                    problem = f"reply '{key}' does not exist in the pack; {way_out}"
                    notes.wrong(name, problem, at=f"{path}.reply")
            intent = step.expect.intent
            if intent is not None and intent not in bot.intents:
                close = get_close_matches(intent, sorted(bot.intents), n=1)
                way_out = f"did you mean '{close[0]}'?" if close else "define it or expect another"
                problem = f"intent '{intent}' is not defined in bot.yaml; {way_out}"
                notes.wrong(name, problem, at=f"{path}.intent")


def _check_given(notes: Reader, bot: Bot, conversation: Conversation, top: str) -> None:
    """Note a beginning in the middle of a form that the bot has not."""
    given = conversation.given
    if given is None or given.form is None:
        return
    form = bot.forms.get(given.form)
    name = f"'{conversation.name}' given"
    if form is None:
        known = ", ".join(bot.forms) or "none"
        notes.wrong(name, f"form '{given.form}' is not defined ({known})", at=f"{top}.given.form")
        return
    slots = {slot.name for slot in form.slots}
    for slot in {*given.values, *((given.asking,) if given.asking else ())} - slots:
        problem = f"'{slot}' is no slot of form '{form.name}' ({', '.join(sorted(slots))})"
        notes.wrong(name, problem, at=f"{top}.given")
