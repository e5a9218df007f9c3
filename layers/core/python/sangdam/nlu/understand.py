"""Text in, meaning out: what an open form expects, then phrases, then the model."""

from __future__ import annotations

from sangdam.bots.definition import Bot, Language
from sangdam.nlu.entities import pattern
from sangdam.nlu.entities.bare import is_bare
from sangdam.nlu.model import IntentModel
from sangdam.nlu.phrases import match_phrase
from sangdam.nlu.quick_reply import read_quick_reply
from sangdam.nlu.understanding import Entity, Understanding
from sangdam.text.korean import language_of
from sangdam.text.normalise import normalise

ALTERNATIVES = 5
"""How many of the model's candidates are kept with an understanding."""


def understand(
    bot: Bot,
    model: IntentModel,
    text: str,
    *,
    language: Language,
    expected: str | None = None,
) -> Understanding:
    """Return what a typed message means.

    Parameters
    ----------
    bot, model
        Both of one release.
    text
        As typed; any length and content.
    language
        The language of the conversation, kept where the text itself shows none.
    expected
        The entity that an open form has just asked for: if it is there, nothing else is asked.
    """
    spoken = language_of(text) or language
    plain = normalise(text)
    entities = find_entities(bot, plain)
    why = [f"language {spoken}"]
    why += [f"entity {one.name} = {one.value}" for one in entities]
    wanted = next((one for one in entities if one.name == expected), None)
    if wanted is not None:
        why.append(f"the open form asked for {expected}")
        return Understanding(text, spoken, None, 1.0, "answer", "entity", entities, why=tuple(why))
    named = match_phrase(bot.script(spoken), text) if bot.scripts else ()
    for name in named:
        if name.startswith("intent/"):
            intent = name.removeprefix("intent/")
            why.append(f"phrase of {intent}")
            return Understanding(
                text, spoken, intent, 1.0, "answer", "phrase", entities, why=tuple(why)
            )
    if "cancel" in named and expected is not None:
        why.append("phrase that gives up a form")
        return Understanding(
            text, spoken, None, 1.0, "answer", "phrase", entities, why=tuple(why),
            slots={"cancel": "phrase"},
        )  # fmt: skip
    if is_bare(plain, entities):
        why.append("nothing but the entity")
        return Understanding(text, spoken, None, 1.0, "answer", "entity", entities, why=tuple(why))
    if not plain:
        why.append("no words")
        return Understanding(text, spoken, None, 0.0, "fallback", "none", why=tuple(why))
    scores = model.score(text)
    thresholds = model.thresholds
    decision = thresholds.decide(scores)
    intent, confidence = scores.intents[0]
    why.append(
        f"model: {intent} {confidence:.3f} (answers from {thresholds.answer:.3f}, "
        f"asks from {thresholds.clarify:.3f})"
    )
    why.append(
        f"in scope: {scores.in_scope:.3f} (answers from {thresholds.in_scope:.3f}, "
        f"asks from {thresholds.clarify_in_scope:.3f})"
    )
    return Understanding(
        text, spoken, intent, confidence, decision, "model", entities,
        alternatives=scores.intents[:ALTERNATIVES], why=tuple(why),
    )  # fmt: skip


def understand_button(bot: Bot, value: str, *, language: Language) -> Understanding | None:
    """Return what a pressed button means; None if its value is no button's of this bot."""
    pressed = read_quick_reply(value)
    if pressed is None:
        return None
    known = pressed.name in bot.intents or pressed.name in ("cancel", "back_to_bot", "none")
    if not known:
        return None
    return Understanding(
        value, language, pressed.name, 1.0, "answer", "quick_reply",
        slots=pressed.slots, why=(f"button {value}",),
    )  # fmt: skip


def find_entities(bot: Bot, plain: str) -> tuple[Entity, ...]:
    """Return all entities of a bot in a normalised text."""
    return tuple(one for entity in bot.entities.values() for one in pattern.find(entity, plain))
