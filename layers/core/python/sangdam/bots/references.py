"""Do the parts of a pack that name each other exist? Buttons, phrases and conversations do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sangdam.bots.conversation import Conversation
from sangdam.bots.definition import Bot
from sangdam.bots.reading import Reader

SYSTEM_VALUES = ("/cancel", "/back_to_bot", "/none")
"""Values of the bot's own buttons: give up a form, leave the person, none of the candidates."""


def check_references(
    reader: Callable[[str], Reader], bot: Bot, conversations: Sequence[Conversation]
) -> None:
    """Note every name that points nowhere."""
    for language, script in bot.scripts.items():
        words = reader(f"{language}.yaml")
        for key, reply in script.replies.items():
            for button in reply.quick_replies:
                value = button.value.split("{", 1)[0]
                if value.startswith("/") and value[1:] not in bot.intents:
                    if value in SYSTEM_VALUES:
                        continue
                    words.wrong(
                        key.replace("/", "."),
                        f"quick reply '{button.value}' leads to no intent of bot.yaml",
                    )
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
