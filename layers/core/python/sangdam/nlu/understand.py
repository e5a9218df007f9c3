"""Text in, meaning out: what an open form expects, then phrases, then the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sangdam.bots.canonical import is_canonical
from sangdam.bots.definition import Bot, Language
from sangdam.bots.quick_reply import SYSTEM_BUTTONS, Pressed, read_quick_reply
from sangdam.nlu.entities import kinds
from sangdam.nlu.entities.bare import is_bare, without
from sangdam.nlu.entities.reading import Setting
from sangdam.nlu.model import IntentModel
from sangdam.nlu.phrases import match_phrase
from sangdam.nlu.understanding import CANCEL, Entity, Understanding
from sangdam.text.keyboard import as_meant
from sangdam.text.korean import is_loose_jamo, language_of
from sangdam.text.normalise import normalise

FEW_LETTERS = 4
"""Fewer Latin letters than this make no English message."""

ALTERNATIVES = 5
"""How many of the model's candidates are kept with an understanding."""

ANY_DAY = Setting(datetime(2026, 11, 18, 3, tzinfo=UTC))
"""Where only the place of values matters and not what they are, as in training.

Which words are a date does not hang on the day they are written, only which date they are; so a
fixed one serves, and a bot trained twice on the same examples is the same bot.
"""


def understand(
    bot: Bot,
    model: IntentModel,
    text: str,
    *,
    language: Language,
    now: datetime,
    expected: str | None = None,
) -> Understanding:
    """Return what a typed message means.

    Parameters
    ----------
    bot, model
        Both of one release.
    text
        As typed; any length and content. What was typed in the wrong keyboard mode (``dPdir``) is
        read as it was meant, and ``why`` says so.
    language
        The language of the conversation, kept where the text shows no other that the bot speaks.
    now
        When it was written, aware of its time zone: what ``tomorrow`` counts from.
    expected
        The entity that an open form has just asked for: if it is there, nothing else is asked.
    """
    setting = _setting(bot, now)
    meant = _meant(bot, text, setting)
    plain = normalise(meant)
    entities = find_entities(bot, plain, setting, expected=expected)
    spoken = _spoken(bot, meant, plain, entities, language)
    why = [f"language {spoken}"]
    if meant is not text:
        why.append(f"keyboard in the wrong mode, read as: {plain}")
    why += [f"entity {one.name} = {' or '.join(one.readings) or one.value}" for one in entities]
    wanted = next((one for one in entities if one.name == expected), None)
    if wanted is not None:
        why.append(f"the open form asked for {expected}")
        return Understanding(text, spoken, None, 1.0, "answer", "entity", entities, why=tuple(why))
    named = match_phrase(bot.script(spoken), meant) if bot.scripts else ()
    for name in named:
        if name.startswith("intent/"):
            intent = name.removeprefix("intent/")
            why.append(f"phrase of {intent}")
            return Understanding(
                text, spoken, intent, 1.0, "answer", "phrase", entities, why=tuple(why)
            )
    if "cancel" in named and expected is not None:
        why.append("phrase that gives up a form")
        return Understanding(text, spoken, CANCEL, 1.0, "answer", "phrase", why=tuple(why))
    if is_bare(plain, entities) and _opens_a_form(bot, entities):
        why.append("nothing but the entity")
        return Understanding(text, spoken, None, 1.0, "answer", "entity", entities, why=tuple(why))
    words = without(plain, entities)
    if not words.strip() or (bot.scripts and is_loose_jamo(words)):
        # Abbreviations (ㄱㅅ, ㅇㅋ) are phrases of the pack; other loose letters are a slipped
        # hand or a laugh, and to the model they all look alike.
        why.append("no words")
        return Understanding(text, spoken, None, 0.0, "fallback", "none", entities, why=tuple(why))
    scores = model.score(words)
    thresholds = model.thresholds
    choices = bot.policy.clarify_choices
    decision = thresholds.decide(scores, choices=choices)
    asked = thresholds.asked(scores, choices=choices) if decision == "clarify" else ()
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
        alternatives=scores.intents[:ALTERNATIVES], asked=asked, why=tuple(why),
    )  # fmt: skip


def understand_button(
    bot: Bot, value: str, *, language: Language, now: datetime
) -> Understanding | None:
    """Return what a pressed button means; None if its value is no button's of this bot.

    The values it carries are canonical, or are read as if they were typed at ``now``; those that
    can mean several things are among the entities and fill no slot.
    """
    pressed = read_quick_reply(value)
    if pressed is None:
        return None
    if pressed.name not in bot.intents and pressed.name not in SYSTEM_BUTTONS:
        return None
    carried = _carried(bot, pressed, now)
    if carried is None:
        return None
    slots = {name: one.value for name, one in carried.items() if not one.is_ambiguous}
    return Understanding(
        value, language, pressed.name, 1.0, "answer", "quick_reply",
        entities=tuple(one for one in carried.values() if one.is_ambiguous),
        slots=slots, why=(f"button {value}",),
    )  # fmt: skip


def words_of(bot: Bot, text: str) -> str:
    """Return what the classifier is given of a text, in training as in serving: all but values.

    A value says what a message is about and not what is wanted. With it, a classifier that has
    seen order numbers only where orders are tracked would track each order that is to be cancelled.
    """
    plain = normalise(_meant(bot, text, ANY_DAY))
    return normalise(without(plain, find_entities(bot, plain, ANY_DAY)))


def find_entities(
    bot: Bot, plain: str, setting: Setting, *, expected: str | None = None
) -> tuple[Entity, ...]:
    """Return all entities of a bot in a normalised text.

    Those of different types may overlap: ``tomorrow at 3 pm`` is a date-time, and a date and a
    time. A form looks for its own types; see ``dialogue.forms``. ``expected`` is the entity that
    was asked for.
    """
    return tuple(
        one
        for name, entity in bot.entities.items()
        for one in kinds.find(entity, plain, setting, is_asked=name == expected)
    )


def _setting(bot: Bot, now: datetime) -> Setting:
    if not any(entity.type in kinds.TIMED for entity in bot.entities.values()):
        return Setting(now)
    from zoneinfo import ZoneInfo  # imported late: it takes 6 ms

    return Setting(now.astimezone(ZoneInfo(bot.time_zone)), bot.hours)


def _meant(bot: Bot, text: str, setting: Setting) -> str:
    """Return the text as it was meant where the keyboard was in the wrong mode, else the text.

    A phrase that the pack lists is meant as typed, and so is a value with letters in it, such as
    the code of a coupon.
    """
    meant = as_meant(text)
    if meant == text or any(match_phrase(script, text) for script in bot.scripts.values()):
        return text
    typed = find_entities(bot, normalise(text), setting)
    read = {(one.name, one.value) for one in find_entities(bot, normalise(meant), setting)}
    lost = [one for one in typed if (one.name, one.value) not in read]
    return text if any(letter.isalpha() for one in lost for letter in one.text) else meant


def _opens_a_form(bot: Bot, entities: Sequence[Entity]) -> bool:
    """Tell whether one of the values says by itself what is wanted, as an order number does.

    Values of the types that every talk is full of, such as dates and numbers, do not.
    """
    wanted = {slot.entity for form in bot.forms.values() for slot in form.slots}
    return any(
        entity.name in wanted and bot.entities[entity.name].type == "pattern" for entity in entities
    )


def _spoken(
    bot: Bot, text: str, plain: str, entities: Sequence[Entity], language: Language
) -> Language:
    """Return the language to answer in: the message's, if it shows one that the bot speaks.

    Values show none, and neither do a few Latin letters in a Korean conversation: ``ok``, ``VIP``
    and ``A/S`` are everyday Korean, unless the English words of the pack list the message.
    """
    words = without(plain, entities)
    shown = language_of(words)
    if shown is None or shown not in bot.languages:
        return language
    if shown == "en" and language != "en" and sum(map(str.isalpha, words)) < FEW_LETTERS:
        listed = shown in bot.scripts and match_phrase(bot.scripts[shown], text)
        return shown if listed else language
    return shown


def _carried(bot: Bot, pressed: Pressed, now: datetime) -> dict[str, Entity] | None:
    """Return the values of a button by the slots they are for; None if they cannot be."""
    intent = bot.intents.get(pressed.name)
    form = bot.forms.get(intent.form or "") if intent is not None else None
    wanted = {slot.name: slot.entity for slot in form.slots} if form is not None else {}
    carried: dict[str, Entity] = {}
    for name, given in pressed.slots.items():
        value = next(_read(bot, wanted.get(name, ""), given, now), None)
        if value is None:
            return None
        carried[name] = value
    return carried


def _read(bot: Bot, name: str, given: str, now: datetime) -> Iterator[Entity]:
    """Yield the values of an entity that a button gives: a canonical one, or those in its text."""
    entity = bot.entities.get(name)
    if entity is None:
        return
    if is_canonical(entity, given):
        yield Entity(name, given, 0, len(given), given)
    else:
        yield from kinds.find(entity, normalise(given), _setting(bot, now), is_asked=True)
