"""A message that has what an open form asked for: its answer, or a question of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sangdam.bots.definition import Bot, Intent
from sangdam.nlu.entities.bare import is_bare, without
from sangdam.nlu.entities.kinds import ANYTHING
from sangdam.nlu.heard import Heard
from sangdam.nlu.understanding import Entity, Understanding
from sangdam.text.korean import is_loose_jamo

Span = tuple[int, int]

_A_SENTENCE = 3
"""With fewer words beside its value a message is an answer."""

_SURE = 0.9


def answer_to_form(heard: Heard, given: Entity, *, form: str | None) -> Understanding:
    """Return what a message means that holds what was asked for, the value ``given``.

    It is the answer, unless it is a phrase of the pack (where any words could be the value), asks
    something else (``내일도 영업하나요?``), or is urgent. ``form`` is the open form, if known.
    """
    if heard.bot.entities[given.name].type in ANYTHING:
        phrase = heard.phrase(gives_up=True)
        if phrase is not None:
            return phrase
    # What is written in a field may be about anything, and end like a question that is none
    # (``교환 신청이 안 돼요``): only a question mark makes one of it there.
    is_field = heard.bot.entities[given.name].type == "text"
    asks = None if is_field and "?" not in heard.plain else _question(heard, given, form)
    other = asks or _urgent(heard) or _other_wish(heard, given, form)
    if other is not None:
        return other
    return heard.means(None, "entity", f"the open form asked for {given.name}")


def parsed(bot: Bot, entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """Return the entities but free text, which holds all words and so says nothing of any."""
    return tuple(one for one in entities if bot.entities[one.name].type != "text")


def unsaid(bot: Bot, entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """Return the values that a classifier is not given.

    Neither free text nor choices are among them: the words of a choice (``카드``, ``대출``) say
    what a message is about, where a date or a number says it of anything.
    """
    return tuple(one for one in entities if bot.entities[one.name].type not in ("text", "choice"))


def as_question(heard: Heard, found: Understanding) -> Understanding:
    """Return what a message surely means, with what it asks marked.

    Nothing changes where the message asks nothing, or asks no more than whether its values would
    do. Values in a question that has an answer belong to the question, and to no form.
    """
    if found.intent is None or found.decision != "answer":
        return found
    spans = _questions(heard, None)
    return _marked(heard.bot, found, spans) if spans else found


def _question(heard: Heard, given: Entity, form: str | None) -> Understanding | None:
    """Return the question that a message asks beside or with its value, if it surely asks one."""
    spans = _questions(heard, given)
    if not spans:
        return None
    asked = heard.phrase(gives_up=False)
    if asked is None:
        rest = without(heard.plain, unsaid(heard.bot, heard.entities))
        asked = heard.scored(" ".join(rest[slice(*span)].strip() for span in spans))
    intent = heard.bot.intents.get(asked.intent or "") if asked.decision == "answer" else None
    if intent is None or _is_about_form(heard.bot, intent, given, form):
        return None
    if intent.kind == "smalltalk" and _stands_in(given, spans):
        return None
    reason = f"a question beside what the open form asked for ({given.name})"
    return replace(_marked(heard.bot, asked, spans), why=(*asked.why, reason))


def _questions(heard: Heard, given: Entity | None) -> Sequence[Span]:
    """Return where a message asks for anything else than whether its values would do."""
    from sangdam.text.questions import proposes, questions  # imported late: 10 ms

    asked = questions(heard.plain)
    if not asked:
        return ()
    values = parsed(heard.bot, heard.entities)
    said = without(heard.plain, [one for one in values if not _is_by_chance(heard.bot, one, given)])
    return [span for span in asked if not proposes(said[slice(*span)])]


def _marked(bot: Bot, found: Understanding, spans: Sequence[Span]) -> Understanding:
    intent = bot.intents.get(found.intent or "") if found.decision == "answer" else None
    entities = found.entities
    if intent is not None and intent.form is None:
        entities = tuple(
            replace(one, questioned=True) if _stands_in(one, spans) else one for one in entities
        )
    return replace(found, entities=entities, asks=True)


def _is_by_chance(bot: Bot, one: Entity, given: Entity | None) -> bool:
    """Tell whether a value may be no more than letters: the one of ``영업하나요``."""
    is_number = bot.entities[one.name].type in ("number", "percent")
    is_asked = given is not None and one.name == given.name
    return is_number and not is_asked and not any(map(str.isdigit, one.text))


def _is_about_form(bot: Bot, intent: Intent, given: Entity, form: str | None) -> bool:
    if intent.form is None or form is not None:
        return intent.form is not None and intent.form == form
    return any(slot.entity == given.name for slot in bot.forms[intent.form].slots)


def _stands_in(one: Entity, spans: Sequence[Span]) -> bool:
    return any(one.start < end and start < one.end for start, end in spans)


def _other_wish(heard: Heard, given: Entity, form: str | None) -> Understanding | None:
    """Return what a sentence surely wants that only happens to hold a choice that was asked for.

    Asked what a visit is about, ``카드를 잃어버렸어요, 정지해 주세요`` is no answer.
    """
    if heard.bot.entities[given.name].type != "choice":
        return None
    if len(without(heard.plain, heard.entities).split()) < _A_SENTENCE:
        return None
    scored = heard.scored(without(heard.plain, unsaid(heard.bot, heard.entities)))
    intent = heard.bot.intents.get(scored.intent or "") if scored.decision == "answer" else None
    if intent is None or intent.form is None or scored.confidence < _SURE:
        return None
    return None if _is_about_form(heard.bot, intent, given, form) else scored


def _urgent(heard: Heard) -> Understanding | None:
    """Return the urgent intent of a message, if a bot has such and the model sees one."""
    bot = heard.bot
    if not any(intent.kind == "urgent" for intent in bot.intents.values()):
        return None
    values = parsed(bot, heard.entities)
    words = without(heard.plain, unsaid(bot, heard.entities))
    if not words.strip() or is_bare(heard.plain, values) or is_loose_jamo(words):
        return None
    scored = heard.scored(words)
    known = bot.intents.get(scored.intent or "")
    is_urgent = scored.decision == "answer" and known is not None and known.kind == "urgent"
    return scored if is_urgent else None
