"""What a message refers back to: things listed before, values known already, the last question."""

from __future__ import annotations

from sangdam.bots.canonical import is_canonical
from sangdam.bots.definition import Form
from sangdam.bots.quick_reply import SLOT_LIMIT
from sangdam.dialogue.readings import told_apart
from sangdam.dialogue.situation import Situation
from sangdam.nlu.entities.bare import is_bare, without
from sangdam.text.free_text import free_text
from sangdam.text.lazy import lazy_pattern
from sangdam.text.normalise import normalise

_THAT = lazy_pattern(
    r"(?<![가-힣])(?:그거|그것|그건|그걸|그게|그\s?(?:주문|예약|상품|제품|물건)|이거|이것|이건|이걸|방금|아까)"
    r"|\b(?:it|that|this|the same)\b"
)
_GOES_ON = lazy_pattern(
    r"^(?:아\s?)?(?:그럼|그러면|그렇다면|(?:그리고|그건|그거)\b)"
    r"|^(?:and|then|what about|how about)\b"
)
_ADDING = frozenset(
    (
        "아 그럼 그러면 그렇다면 그리고 은 는 은요 는요 도 도요 요 이요 "
        "and then what how about the a for"
    ).split()
)
"""What is said around a value that is only added."""

_FEW_WORDS = 6
_A_SENTENCE = 3
"""With fewer words beside its values a message only adds to the last wish."""


def refers_back(text: str) -> bool:
    """Tell whether a message speaks of something that was talked about: ``그거``, ``that``."""
    return _THAT.search(normalise(text)) is not None


def goes_on(text: str) -> bool:
    """Tell whether a short message only adds to the last question: ``그럼 내일은요?``."""
    plain = normalise(text)
    return len(plain.split()) <= _FEW_WORDS and _GOES_ON.match(plain) is not None


def only_adds(now: Situation, form: Form) -> bool:
    """Tell whether a message is a value for the last question and nothing else: ``그럼 코트는요?``.

    Then it is about the same, whatever else is asked in such words.
    """
    if not now.is_typed or not goes_on(now.understanding.text):
        return False
    slots = {slot.entity for slot in form.slots}
    said = [one for one in now.understanding.entities if one.name in slots and not one.refused]
    return is_bare(normalise(now.understanding.text), said, beside=_ADDING)


def is_another_wish(now: Situation, form: Form) -> bool:
    """Tell whether a message wants a form's thing anew, where the form is told in sentences.

    ``친구 졸업 선물도 추천해 주세요`` does, and ``검정으로 추천해 주세요`` adds to the last wish.
    """
    if now.intent is None or now.intent.form != form.name or not now.is_typed:
        return False
    if not any(slot.from_message for slot in form.slots):
        return False
    entities = now.bot.entities
    said = [one for one in now.understanding.entities if entities[one.name].type != "text"]
    return len(without(normalise(now.understanding.text), said).split()) >= _A_SENTENCE


def known_values(now: Situation, form: Form) -> dict[str, str]:
    """Return the values that the conversation has for a form's slots before it is opened.

    Those a slot carries, those that the message refers back to, and the thing it names of the
    last list.
    """
    session = now.session
    back = now.is_typed and refers_back(now.understanding.text)
    last = session.finished_form
    said = dict(session.known)
    if last is not None and back:
        said = {**last.values, **said, **last.remembered}
    just_made = {} if last is None else last.remembered
    known = {
        slot.name: said[slot.name]
        for slot in form.slots
        if slot.name in said and (slot.carry or back or slot.name in just_made)
        if _would_do(now, slot.entity, said[slot.name])
    }
    for slot in form.slots if now.is_typed else ():
        said_in = free_text(now.understanding.text, limit=SLOT_LIMIT) if slot.from_message else ""
        if said_in and now.understanding.source != "entity":
            known[slot.name] = said_in
    return {**known, **listed_value(now, form)}


def _would_do(now: Situation, entity: str, value: str) -> bool:
    """Tell whether a value of another form, whose slot had this name, is one of this entity."""
    kind = now.bot.entities[entity]
    return kind.type == "pattern" or is_canonical(kind, value)


def listed_value(now: Situation, form: Form, *, must_name: bool = False) -> dict[str, str]:
    """Return the slot that a message fills by naming a thing of the last list, by place or name.

    Where there is only one, ``그거`` is enough unless it ``must_name`` it.
    """
    listed = now.session.listed
    if listed is None or not now.is_typed:
        return {}
    intent = now.bot.intents.get(listed.intent)
    if intent is None or intent.form != form.name:
        return {}
    things = tuple((label, value) for value, label in listed.things)
    value = told_apart(now.understanding.text, things)
    is_that = not must_name and len(things) == 1 and refers_back(now.understanding.text)
    if value is None and is_that:
        value = things[0][1]
    return {} if value is None else {listed.slot: value}
