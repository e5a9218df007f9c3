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
