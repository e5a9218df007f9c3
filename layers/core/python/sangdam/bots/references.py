"""Do conversations name what their pack has?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sangdam.bots.conversation import Conversation
from sangdam.bots.definition import Bot
from sangdam.bots.reading import Reader


def check_references(
    reader: Callable[[str], Reader], bot: Bot, conversations: Sequence[Conversation]
) -> None:
    """Note every intent and reply of a conversation that does not exist."""
    known = {key for script in bot.scripts.values() for key in script.replies}
    for conversation in conversations:
        notes = reader(conversation.file.rsplit("/", 1)[-1])
        for number, step in enumerate(conversation.steps):
            place = f"'{conversation.name}' turn {number + 1}"
            for key in step.expect.replies or ():
                if key not in known:
                    notes.wrong(place, f"reply '{key}' does not exist in the pack")
            if step.expect.intent is not None and step.expect.intent not in bot.intents:
                notes.wrong(place, f"intent '{step.expect.intent}' is not defined in bot.yaml")
