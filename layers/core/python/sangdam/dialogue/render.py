"""From decisions to words: choosing a wording, filling fields in, collecting buttons."""

from __future__ import annotations

from collections.abc import Sequence

from sangdam.bots.definition import Bot, Language, QuickReply
from sangdam.dialogue.decision import Say
from sangdam.dialogue.events import ReplySaid
from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import SaidMessage, SaidReply
from sangdam.nlu.understanding import CANCEL

MENU = 3
"""How many of the welcome's buttons stand below a reply that has none of its own."""


def render(
    bot: Bot,
    session: Session,
    says: Sequence[Say],
    quick_replies: Sequence[QuickReply],
    *,
    language: Language,
    may_end: bool = True,
) -> tuple[SaidReply, tuple[ReplySaid, ...]]:
    """Return the reply, and which wordings it used.

    Wordings of a reply take turns, so that the same one never comes twice in a row. The buttons
    are those of the last thing said, then those given; where there would be none and nothing is
    asked (not ``may_end``), the first of the welcome, so that every reply leaves something to do.
    """
    script = bot.script(language)
    messages: list[SaidMessage] = []
    events: list[ReplySaid] = []
    buttons: list[QuickReply] = []
    for say in says:
        reply = script.replies[say.key]
        variant = (session.wordings.get(say.key, -1) + 1) % len(reply.variants)
        text = reply.variants[variant].format_map(say.fields)
        messages.append(SaidMessage(text, say.key))
        if len(reply.variants) > 1:
            events.append(ReplySaid(say.key, variant))
        buttons = list(reply.quick_replies)
    for button in quick_replies:
        if all(button.value != other.value for other in buttons):
            buttons.append(button)
    if not buttons and not may_end:
        buttons = list(script.replies["system/welcome"].quick_replies[:MENU])
    return SaidReply(tuple(messages), tuple(buttons)), tuple(events)


_LABELS = {
    CANCEL: "system/cancel",
    "back_to_bot": "system/back_to_bot",
    "none": "system/clarify_none",
    "skip_value": "system/skip",
    "confirm_values": "system/confirm_yes",
    "reject_values": "system/confirm_no",
}


def button_label(bot: Bot, name: str, language: Language) -> str:
    """Return the words on the button of an intent, or on one of the bot's own."""
    reply = bot.script(language).replies.get(_LABELS.get(name, ""))
    if reply is not None:
        return reply.variants[0]
    return bot.title(name, language)
