"""A simulated customer: answers, corrects, digresses, repeats, resends, and is never at a loss."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sangdam.bots.definition import Bot, Example, Form, Language, QuickReply, Slot
from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Message

_MOODS: Mapping[str, int] = {
    "answer": 55,
    "press": 14,
    "ask": 8,
    "correct": 7,
    "repeat": 3,
    "resend": 3,
    "nonsense": 4,
    "impatient": 2,
    "thank": 2,
    "give_up": 2,
}
"""What a customer does next, and how often, of 100."""

_SAID: Mapping[str, Mapping[Language, Sequence[str]]] = {
    "nonsense": {
        "ko": ("ㅁㄴㅇㄹ", "음...", "?", "고양이가 창문에 앉아 있어요", "ㅋㅋㅋㅋ", "😀"),
        "en": ("asdf", "hmm...", "?", "the cat sits in the window", "lol", "😀"),
    },
    "impatient": {
        "ko": ("빨리 좀 해주세요", "아 답답하네요", "몇 번을 말해요", "상담원 연결해 주세요"),
        "en": ("hurry up please", "this is annoying", "how many times", "get me a person"),
    },
    "thank": {"ko": ("고마워요", "네 감사합니다"), "en": ("thanks", "great, thank you")},
    "give_up": {"ko": ("그만할게요", "취소"), "en": ("stop", "never mind")},
    "yes": {
        "ko": ("네", "네 맞아요", "응", "네 그렇게 해주세요"),
        "en": ("yes", "yes please", "ok"),
    },
    "no": {"ko": ("아니요", "아뇨 바꿀래요"), "en": ("no", "no, change it")},
}


@dataclass(slots=True)
class Customer:
    """One customer of one bot. ``draw`` fixes everything that is said.

    ``values`` are canonical texts of pattern entities that lead somewhere, by entity.
    """

    bot: Bot
    examples: Sequence[Example]
    draw: random.Random
    language: Language
    now: datetime
    values: Mapping[str, Sequence[str]]
    phone: str
    sent: int = 0
    last: Message | None = None
    goal: str | None = field(default=None)

    def next(self, session: Session, offered: Sequence[QuickReply]) -> Message:
        """Return the next message; a resent one has the id of the one before."""
        mood = self.draw.choices(tuple(_MOODS), tuple(_MOODS.values()))[0]
        if mood == "resend" and self.last is not None:
            return self.last
        if mood == "repeat" and self.last is not None:
            return self._message(self.last.text, self.last.quick_reply)
        if mood == "press" and offered:
            return self._message(None, self.draw.choice(list(offered)).value)
        if mood == "ask":
            return self._message(self._question(), None)
        if mood in _SAID:
            return self._message(self.draw.choice(_SAID[mood][self.language]), None)
        return self._message(self._answer(session, offered, corrects=mood == "correct"), None)

    def _message(self, text: str | None, quick_reply: str | None) -> Message:
        self.sent += 1
        self.last = Message(f"m{self.sent}", text=text, quick_reply=quick_reply)
        return self.last

    def _question(self) -> str:
        """Return what somebody might ask, in the customer's language; now and then in another."""
        spoken = [one for one in self.examples if one.language == self.language]
        others = spoken if self.draw.random() < 0.9 else list(self.examples)
        return self.draw.choice(others or list(self.examples)).text

    def _answer(self, session: Session, offered: Sequence[QuickReply], *, corrects: bool) -> str:
        state = session.open_form
        if state is None:
            return self._wish()
        form = self.bot.forms[state.form]
        if state.shown is not None and not corrects:
            word = "yes" if self.draw.random() < 0.75 else "no"
            return self.draw.choice(_SAID[word][self.language])
        slots = {slot.name: slot for slot in form.slots}
        slot = slots.get(state.asking or "")
        if corrects or slot is None:
            slot = self.draw.choice(list(form.slots))
        said = self._value(form, slot)
        if not corrects:
            return said
        other = self._value(form, slot)
        if self.language == "ko":
            return self.draw.choice((f"아니 {other} 말고 {said}", f"{said}로 바꿔 주세요", said))
        return self.draw.choice((f"no, not {other} but {said}", f"make it {said}", said))

    def _wish(self) -> str:
        """Return a sentence that opens a form, more often than not."""
        opening = {one.name for one in self.bot.intents.values() if one.form is not None}
        wishes = [
            one for one in self.examples if one.intent in opening and one.language == self.language
        ]
        if wishes and self.draw.random() < 0.8:
            return self.draw.choice(wishes).text
        return self._question()

    def _value(self, form: Form, slot: Slot) -> str:
        """Return words for a value, now and then several in one sentence, or one that is refused."""
        said = self._one(slot)
        if self.draw.random() < 0.15:
            said += " " + self._one(self.draw.choice(list(form.slots)))
        return said

    def _one(self, slot: Slot) -> str:
        entity = self.bot.entities[slot.entity]
        ko = self.language == "ko"
        draw = self.draw
        if entity.type == "choice":
            return entity.label(draw.choice(list(entity.options)), self.language)
        if entity.type == "pattern":
            return draw.choice(list(self.values.get(entity.name, ("0000",))))
        if entity.type == "phone":
            return self.phone if draw.random() < 0.85 else "010-0000-0000"
        if entity.type == "yes_no":
            return draw.choice(_SAID[draw.choice(("yes", "no"))][self.language])
        day = self.now.date() + timedelta(days=draw.randint(-1, 20))
        hour = draw.randint(7, 19)
        said: Mapping[str, tuple[str, str]] = {
            "date": (f"{day.month}월 {day.day}일", f"{day:%B} {day.day}"),
            "time": (f"{hour}시", f"{hour}:00"),
            "datetime": (f"{day.month}월 {day.day}일 {hour}시", f"{day:%B} {day.day} at {hour}:00"),
            "count": (f"{draw.randint(1, 9)}명", f"{draw.randint(1, 9)} people"),
            "number": (str(draw.randint(1, 40)), str(draw.randint(1, 40))),
            "money": (f"{draw.randint(1, 200)}만 원", f"{draw.randint(10, 2000)},000 won"),
            "name": ("홍길동", "Jane Doe"),
            "email": ("hong@daon.example", "jane@daon.example"),
            "duration": ("한 시간", "an hour"),
            "text": ("조용하고 가벼운 것이면 좋겠어요", "something quiet and light"),
        }
        korean, english = said.get(entity.type, ("내일", "tomorrow"))
        return korean if ko else english
