"""Text in, meaning out: guards, what an open form expects, then phrases, then the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sangdam.bots.canonical import is_canonical
from sangdam.bots.definition import Bot, Language
from sangdam.bots.quick_reply import SYSTEM_BUTTONS, Pressed, read_quick_reply
from sangdam.nlu.answers import answer_to_form, as_question, parsed, unsaid
from sangdam.nlu.entities import kinds
from sangdam.nlu.entities.bare import is_bare, without
from sangdam.nlu.entities.reading import Setting
from sangdam.nlu.guards import guarded
from sangdam.nlu.heard import ALTERNATIVES as ALTERNATIVES
from sangdam.nlu.heard import Heard
from sangdam.nlu.model import IntentModel
from sangdam.nlu.phrases import match_phrase
from sangdam.nlu.understanding import Entity, Understanding
from sangdam.nlu.values import ANY_DAY as ANY_DAY
from sangdam.nlu.values import find_entities as find_entities
from sangdam.nlu.values import setting_of
from sangdam.text.keyboard import as_meant
from sangdam.text.korean import is_loose_jamo, language_of
from sangdam.text.lazy import lazy_pattern
from sangdam.text.normalise import normalise

FEW_LETTERS = 4
"""Fewer Latin letters than this make no English message."""

_IS_ENGLISH = lazy_pattern(r"[a-z']+,? [a-z']+,? [a-z']{2,}")
_INTERJECTION = lazy_pattern(
    r"(?<![가-힣])(?:어|아|음|오|앗|엇|헐|저|네|넵|예|응|저기|저기요|아니|잠깐|잠깐만"
    r"|잠시만)(?![가-힣])|[ㅋㅎㅠㅜㅇㄴ]+"
)
"""What slips out before one goes on in English: it makes no message Korean."""


def understand(
    bot: Bot,
    model: IntentModel,
    text: str,
    *,
    language: Language,
    now: datetime,
    expected: str | None = None,
    form: str | None = None,
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
        The entity that an open form has just asked for: if it is there, nothing else is asked,
        unless the message surely asks a question of its own.
    form
        The open form. Left out, every form that asks for ``expected`` may be the open one.
    """
    setting = setting_of(bot, now)
    meant = _meant(bot, text, setting)
    plain = normalise(meant)
    entities = find_entities(bot, plain, setting, expected=expected, typed=meant)
    spoken = _spoken(bot, meant, plain, parsed(bot, entities), language)
    why = [f"language {spoken}"]
    if meant is not text:
        why.append(f"keyboard in the wrong mode, read as: {plain}")
    why += [_told(one) for one in entities]
    heard = Heard(bot, model, text, meant, plain, spoken, entities, tuple(why))
    urgent = guarded(bot, plain) or (guarded(bot, normalise(text)) if meant is not text else None)
    if urgent is not None:
        return heard.means(urgent, "guard", f"guard of {urgent}")
    given = next((one for one in entities if one.name == expected and not one.refused), None)
    if given is not None:
        answer = answer_to_form(heard, given, form=form)
        if answer.source == "entity" and bot.entities[given.name].type == "text":
            return replace(answer, language=language)  # what is written in a field shows none
        return answer
    return as_question(heard, _understood(heard, expected))


def _told(one: Entity) -> str:
    value = " or ".join(one.readings) or one.value
    return f"entity {one.name} = {value}" + (" (refused)" if one.refused else "")


def _understood(heard: Heard, expected: str | None) -> Understanding:
    """Return what a message means that has nothing of what a form asked for, if one did."""
    bot, plain, entities = heard.bot, heard.plain, heard.entities
    phrase = heard.phrase(gives_up=expected is not None)
    if phrase is not None:
        return phrase
    if is_bare(plain, entities) and _opens_a_form(bot, entities):
        return heard.means(None, "entity", "nothing but the entity")
    words = without(plain, unsaid(bot, entities))
    if not words.strip() or (bot.scripts and not _has_words(words)):
        # Digits and signs say nothing, and to a model they look like anything. Abbreviations
        # (ㄱㅅ, ㅇㅋ) are phrases of the pack; other loose letters are a slipped hand or a laugh.
        return heard.means(None, "none", "no words")
    return heard.scored(words)


def _has_words(words: str) -> bool:
    return any(map(str.isalpha, words)) and not is_loose_jamo(words)


def understand_button(
    bot: Bot, value: str, *, language: Language, now: datetime, form: str | None = None
) -> Understanding | None:
    """Return what a pressed button means; None if its value is no button's of this bot.

    ``form`` is the open form, which the bot's own buttons are about. The values that a button
    carries are canonical, or are read as if they were typed at ``now``; those that
    can mean several things are among the entities and fill no slot.
    """
    pressed = read_quick_reply(value)
    if pressed is None:
        return None
    if pressed.name not in bot.intents and pressed.name not in SYSTEM_BUTTONS:
        return None
    carried = _carried(bot, pressed, now, form)
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

    Those of choices stay. Any other value says what a message is about and not what is wanted:
    with it, a classifier that has seen order numbers only where orders are tracked would track
    each order that is to be cancelled.
    """
    plain = normalise(_meant(bot, text, ANY_DAY))
    return normalise(without(plain, unsaid(bot, find_entities(bot, plain, ANY_DAY))))


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
    shown = language_of(_INTERJECTION.sub("", words) if _IS_ENGLISH.search(words) else words)
    if shown is None or shown not in bot.languages:
        return language
    if shown == "en" and language != "en" and sum(map(str.isalpha, words)) < FEW_LETTERS:
        listed = shown in bot.scripts and match_phrase(bot.scripts[shown], text)
        return shown if listed else language
    return shown


def _carried(
    bot: Bot, pressed: Pressed, now: datetime, open_form: str | None
) -> dict[str, Entity] | None:
    """Return the values of a button by the slots they are for; None if they cannot be."""
    if pressed.name in SYSTEM_BUTTONS and (pressed.name != "set_value" or open_form is None):
        return {}
    intent = bot.intents.get(pressed.name)
    leads_to = intent.form if intent is not None else open_form
    form = bot.forms.get(leads_to or "")
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
        yield from kinds.find(entity, normalise(given), setting_of(bot, now), is_asked=True)
