"""A bot as one JSON document: the form it travels in inside a release."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any, cast

from sangdam.bots.actions import ACTIONS
from sangdam.bots.definition import (
    ENTITY_KINDS,
    Bot,
    BotPolicy,
    EntityType,
    Form,
    Intent,
    Language,
    QuickReply,
    Reply,
    Script,
    Slot,
)

FORMAT = 1


class CompiledBotError(ValueError):
    """A document that is no compiled bot of a format this code reads."""


def compile_bot(bot: Bot) -> bytes:
    """Return the bot as canonical JSON: equal bots give equal bytes."""
    document = {
        "format": FORMAT,
        "bot": bot.name,
        "goal": list(bot.goal),
        "languages": list(bot.languages),
        "time_zone": bot.time_zone,
        "profile": bot.profile,
        "hours": {
            str(day): [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in spans]
            for day, spans in bot.hours.items()
        },
        "policy": {
            "error_budget": bot.policy.error_budget,
            "clarify_choices": bot.policy.clarify_choices,
            "handoff_after_misses": bot.policy.handoff_after_misses,
        },
        "intents": {
            name: {"kind": intent.kind, "form": intent.form, "titles": dict(intent.titles)}
            for name, intent in bot.intents.items()
        },
        "entities": {
            name: {
                "type": entity.type,
                "patterns": list(entity.patterns),
                "value": entity.value,
                "units": list(entity.units),
                "options": {
                    option: {language: list(words) for language, words in said.items()}
                    for option, said in entity.options.items()
                },
            }
            for name, entity in bot.entities.items()
        },
        "forms": {
            name: {
                "slots": [[slot.name, slot.entity] for slot in form.slots],
                "action": form.action,
                "attempts": form.attempts,
            }
            for name, form in bot.forms.items()
        },
        "scripts": {
            language: {
                "name": script.bot_name,
                "replies": {
                    key: {
                        "variants": list(reply.variants),
                        "quick_replies": [[one.label, one.value] for one in reply.quick_replies],
                    }
                    for key, reply in script.replies.items()
                },
                "phrases": {key: list(texts) for key, texts in script.phrases.items()},
                "synonyms": [list(group) for group in script.synonyms],
            }
            for language, script in bot.scripts.items()
        },
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def read_bot(data: bytes) -> Bot:
    """Read a compiled bot back.

    Raises
    ------
    CompiledBotError
        If the bytes are damaged or of a newer format.
    """
    try:
        top = json.loads(data)
        if top["format"] != FORMAT:
            raise CompiledBotError(
                f"compiled bot has format {top['format']}; this version reads {FORMAT}:"
                " train it again with this version"
            )
        return _bot(top)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, CompiledBotError):
            raise
        raise CompiledBotError(f"compiled bot is damaged ({error!r}): publish it again") from error


def _bot(top: Mapping[str, Any]) -> Bot:
    policy = top["policy"]
    return Bot(
        name=top["bot"],
        goal=tuple(top["goal"]),
        languages=tuple(cast(Sequence[Language], top["languages"])),
        time_zone=top["time_zone"],
        policy=BotPolicy(
            error_budget=policy["error_budget"],
            clarify_choices=policy["clarify_choices"],
            handoff_after_misses=policy["handoff_after_misses"],
        ),
        intents={
            name: Intent(name, one["kind"], one["form"], one["titles"])
            for name, one in top["intents"].items()
        },
        entities={name: _entity(name, one) for name, one in top["entities"].items()},
        forms={name: _form(name, one) for name, one in top["forms"].items()},
        scripts={
            cast(Language, language): _script(cast(Language, language), one)
            for language, one in top["scripts"].items()
        },
        # Bots compiled by earlier versions lack these two.
        profile=top.get("profile", "fast"),
        hours={
            int(day): tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in spans)
            for day, spans in top.get("hours", {}).items()
        },
    )


def _entity(name: str, top: Mapping[str, Any]) -> EntityType:
    if top["type"] not in ENTITY_KINDS:
        raise CompiledBotError(
            f"entity '{name}' is of type '{top['type']}', which this version does not know:"
            " deploy the version that published it, or newer"
        )
    return EntityType(
        name,
        top["type"],
        patterns=tuple(top["patterns"]),
        value=top["value"],
        # Which entities compiled by earlier versions lack.
        units=tuple(top.get("units", ())),
        options={
            option: {language: tuple(words) for language, words in said.items()}
            for option, said in top.get("options", {}).items()
        },
    )


def _form(name: str, top: Mapping[str, Any]) -> Form:
    if top["action"] not in ACTIONS:
        raise CompiledBotError(
            f"form '{name}' ends in action '{top['action']}', which this version does not know:"
            " deploy the version that published it, or newer"
        )
    slots = tuple(Slot(slot, entity) for slot, entity in top["slots"])
    return Form(name, slots, top["action"], top["attempts"])


def _script(language: Language, top: Mapping[str, Any]) -> Script:
    return Script(
        language=language,
        bot_name=top["name"],
        replies={
            key: Reply(
                tuple(one["variants"]),
                tuple(QuickReply(label, value) for label, value in one["quick_replies"]),
            )
            for key, one in top["replies"].items()
        },
        phrases={key: tuple(texts) for key, texts in top["phrases"].items()},
        synonyms=tuple(map(tuple, top.get("synonyms", ()))),  # which older bots lack
    )


def bot_of_intents(name: str, intents: Sequence[str], languages: Sequence[Language]) -> Bot:
    """Return a bot that knows intents and has no words: enough to train, measure and understand."""
    return Bot(
        name=name,
        goal=("answer",),
        languages=tuple(languages) or ("ko",),
        time_zone="Asia/Seoul",
        intents={intent: Intent(intent) for intent in intents},
        entities={},
        forms={},
        policy=BotPolicy(),
        scripts={},
    )
