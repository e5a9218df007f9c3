"""A bot as one JSON document: the form it travels in inside a release."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sangdam.bots.actions import ACTIONS
from sangdam.bots.catalogue import catalogue_document, read_catalogue_document
from sangdam.bots.definition import (
    ENTITY_KINDS,
    ActionType,
    Bot,
    BotPolicy,
    EntityType,
    Form,
    HandoffPolicy,
    Intent,
    Language,
    QuickReply,
    Reply,
    Script,
    Slot,
)
from sangdam.bots.hours import hours_document, read_hours_document
from sangdam.bots.reservation_rules import read_rules, rules_document

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
        "hours": hours_document(bot.hours),
        "policy": {
            "error_budget": bot.policy.error_budget,
            "clarify_choices": bot.policy.clarify_choices,
            "handoff_after_misses": bot.policy.handoff_after_misses,
            "refuses": list(bot.policy.refuses),
        },
        "handoff": {
            "hours": hours_document(bot.handoff.hours),
            "holidays": bot.handoff.holidays,
            "outside": bot.handoff.outside,
        },
        "backoffice": rules_document(bot.backoffice),
        "catalogue": None if bot.catalogue is None else catalogue_document(bot.catalogue),
        "actions": {name: _action_document(one) for name, one in bot.actions.items()},
        "intents": {
            name: {"kind": intent.kind, "form": intent.form, "titles": dict(intent.titles)}
            for name, intent in bot.intents.items()
        },
        "entities": {
            name: {
                "type": entity.type,
                "patterns": list(entity.patterns),
                "value": entity.value,
                "upper": entity.upper,
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
                "slots": [_slot_document(slot) for slot in form.slots],
                "action": form.action,
                "attempts": form.attempts,
                "confirm": form.confirm,
                "roles": dict(form.roles),
                "corrected_by": form.corrected_by,
                "then": dict(form.then),
                "lists": form.lists,
                "settings": dict(form.settings),
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
                "guards": {name: list(patterns) for name, patterns in script.guards.items()},
                "labels": {name: dict(slots) for name, slots in script.labels.items()},
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
    # Bots compiled by earlier versions lack what is read with ``get``.
    actions = {name: _action(one) for name, one in top.get("actions", {}).items()}
    handoff = top.get("handoff", {})
    catalogue = top.get("catalogue")
    return Bot(
        name=top["bot"],
        goal=tuple(top["goal"]),
        languages=tuple(cast(Sequence[Language], top["languages"])),
        time_zone=top["time_zone"],
        policy=BotPolicy(
            error_budget=policy["error_budget"],
            clarify_choices=policy["clarify_choices"],
            handoff_after_misses=policy["handoff_after_misses"],
            refuses=tuple(policy.get("refuses", ())),
        ),
        intents={
            name: Intent(name, one["kind"], one["form"], one["titles"])
            for name, one in top["intents"].items()
        },
        entities={name: _entity(name, one) for name, one in top["entities"].items()},
        forms={name: _form(name, one, actions) for name, one in top["forms"].items()},
        scripts={
            cast(Language, language): _script(cast(Language, language), one)
            for language, one in top["scripts"].items()
        },
        profile=top.get("profile", "fast"),
        hours=read_hours_document(top.get("hours", {})),
        handoff=HandoffPolicy(
            hours=read_hours_document(handoff.get("hours", {})),
            holidays=handoff.get("holidays", True),
            outside=handoff.get("outside"),
        ),
        backoffice=read_rules(top.get("backoffice", {})),
        catalogue=None if catalogue is None else read_catalogue_document(catalogue),
        actions=actions,
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
        upper=top.get("upper", False),
        # Which entities compiled by earlier versions lack.
        units=tuple(top.get("units", ())),
        options={
            option: {language: tuple(words) for language, words in said.items()}
            for option, said in top.get("options", {}).items()
        },
    )


def _slot_document(slot: Slot) -> dict[str, Any]:
    return {
        "name": slot.name,
        "entity": slot.entity,
        "optional": slot.optional,
        "default": slot.default,
        "when": {name: list(values) for name, values in slot.when.items()},
        "carry": slot.carry,
        "from_message": slot.from_message,
    }


def _slot(top: Any) -> Slot:
    if isinstance(top, list):  # as earlier versions wrote it
        return Slot(top[0], top[1])
    when = {name: tuple(values) for name, values in top["when"].items()}
    return Slot(**{**top, "when": when})


def _form(name: str, top: Mapping[str, Any], actions: Mapping[str, ActionType]) -> Form:
    if top["action"] not in ACTIONS and top["action"] not in actions:
        raise CompiledBotError(
            f"form '{name}' ends in action '{top['action']}', which this version does not know:"
            " deploy the version that published it, or newer"
        )
    return Form(
        name,
        tuple(map(_slot, top["slots"])),
        top["action"],
        top["attempts"],
        confirm=top.get("confirm", False),
        roles=top.get("roles", {}),
        corrected_by=top.get("corrected_by"),
        then=top.get("then", {}),
        lists=top.get("lists"),
        settings=top.get("settings", {}),
    )


def _action_document(action: ActionType) -> dict[str, Any]:
    return {
        "slots": list(action.slots),
        "optional": list(action.optional or ()),
        "outcomes": {name: list(fields) for name, fields in action.outcomes.items()},
        "reopens": dict(action.reopens),
        "changes": action.changes,
        "call": action.call,
        "mode": action.mode,
    }


def _action(top: Mapping[str, Any]) -> ActionType:
    return ActionType(
        slots=tuple(top["slots"]),
        optional=tuple(top["optional"]),
        outcomes={name: tuple(fields) for name, fields in top["outcomes"].items()},
        reopens=top["reopens"],
        changes=top["changes"],
        call=top["call"],
        mode=top["mode"],
    )


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
        synonyms=tuple(map(tuple, top.get("synonyms", ()))),  # which older bots lack, as these:
        guards={name: tuple(patterns) for name, patterns in top.get("guards", {}).items()},
        labels=top.get("labels", {}),
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
