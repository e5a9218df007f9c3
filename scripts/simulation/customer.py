"""A simulated customer: answers, corrects, digresses, repeats, resends, and is never at a loss."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sangdam.bots.definition import Bot, Example, Form, Language, QuickReply, Slot
from sangdam.bots.quick_reply import read_quick_reply
from sangdam.dialogue.session import OpenForm, Session
from sangdam.dialogue.turn import Message
from scripts.simulation.persona import Persona
from scripts.simulation.words import SAID, TEXTS

_MOODS: Mapping[str, int] = {
    "answer": 58,
    "press": 12,
    "old_button": 2,
    "ask": 6,
    "wish": 3,
    "correct": 6,
    "repeat": 2,
    "resend": 3,
    "nonsense": 3,
    "impatient": 1,
    "thank": 1,
    "give_up": 1,
    "switch": 1,
    "secret": 1,
}
"""What a customer does next, and how often, of 100."""

_OLD_KEPT = 30


@dataclass(slots=True)
class Customer:
    """One customer of one bot. ``draw`` fixes everything that is said.

    ``hot`` are days that many want, so that they are full some time.
    """

    bot: Bot
    examples: Sequence[Example]
    draw: random.Random
    language: Language
    now: datetime
    who: Persona
    hot: Sequence[date] = ()
    sent: int = 0
    last: Message | None = None
    old: list[QuickReply] = field(default_factory=list)

    def next(self, session: Session, offered: Sequence[QuickReply]) -> Message:
        """Return the next message; a resent one is the one before itself."""
        mood = self.draw.choices(tuple(_MOODS), tuple(_MOODS.values()))[0]
        self.old = [*self.old, *offered][-_OLD_KEPT:]
        if mood == "resend" and self.last is not None:
            return self.last
        if mood == "repeat" and self.last is not None:
            return self._message(self.last.text, self.last.quick_reply)
        if mood == "old_button" and self.old:
            return self._message(None, self.draw.choice(self.old).value)
        stale = self._stale_yes(session, offered)
        if stale is not None and self._chance(0.25):
            return self._message(None, stale)
        if offered and (mood == "press" or (session.owner == "human" and self._chance(0.4))):
            return self._pressed(session, offered)
        if mood == "switch":
            self.language = self.draw.choice(self.bot.languages)
            mood = "answer"
        if mood == "ask":
            return self._message(self._question(), None)
        if mood == "wish":
            return self._message(self._wish(), None)
        if mood in SAID:
            return self._message(self._say(mood), None)
        return self._message(self._answer(session, corrects=mood == "correct"), None)

    def _message(self, text: str | None, quick_reply: str | None) -> Message:
        self.sent += 1
        self.last = Message(f"m{self.sent}", text=text, quick_reply=quick_reply)
        return self.last

    def _chance(self, share: float) -> bool:
        return self.draw.random() < share

    def _say(self, what: str) -> str:
        return self.draw.choice(SAID[what][self.language])

    def _pressed(self, session: Session, offered: Sequence[QuickReply]) -> Message:
        """Press any button; giving up least often, for whoever does so sees no end."""
        wanted = [one for one in offered if one.value != "/cancel"]
        state = session.open_form
        if state is not None and state.shown is not None and self._chance(0.7):
            wanted = [one for one in wanted if one.value.startswith("/confirm_values")] or wanted
        chosen = wanted if wanted and self._chance(0.9) else offered
        return self._message(None, self.draw.choice(list(chosen)).value)

    def _stale_yes(self, session: Session, offered: Sequence[QuickReply]) -> str | None:
        """Return a yes to values that were shown earlier, while others are shown."""
        if session.open_form is None or session.open_form.shown is None:
            return None
        now = {one.value for one in offered}
        yeses = [one.value for one in self.old if one.value.startswith("/confirm_values")]
        return next((one for one in reversed(yeses) if one not in now), None)

    def _question(self) -> str:
        """Return what somebody might ask, in the customer's language; now and then in another."""
        intent = self.draw.choice(tuple(self.bot.intents))
        meant = [one for one in self.examples if one.intent == intent]
        spoken = [one for one in meant if one.language == self.language]
        return self.draw.choice((spoken if self._chance(0.9) else meant) or self.examples).text

    def _wish(self) -> str:
        """Return a sentence that opens a form, each form as often as another."""
        forms = {one.form for one in self.bot.intents.values() if one.form is not None}
        if not forms:
            return self._question()
        form = self.bot.forms[self.draw.choice(sorted(forms))]
        opening = {one.name for one in self.bot.intents.values() if one.form == form.name}
        wishes = [
            one for one in self.examples if one.intent in opening and one.language == self.language
        ]
        if not wishes:
            return self._question()
        said = self.draw.choice(wishes).text
        return f"{said} {self._value(form.slots[0])}" if self._chance(0.2) else said

    def _answer(self, session: Session, *, corrects: bool) -> str:
        state = session.open_form
        if state is None:
            return self._after_the_end(session)
        form = self.bot.forms[state.form]
        if state.shown is not None and not corrects and self._chance(0.75):
            return self._say("yes" if self._chance(0.85) else "no")
        if state.rejected:
            return self._change(form)
        slot = next((one for one in form.slots if one.name == state.asking), None)
        if slot is not None and not corrects:  # none is asked for while all values are shown
            if slot.optional and self._chance(0.3):
                return self._say("any")
            return self._values(form, slot, session, state)
        return self._correction(self.draw.choice(form.slots), session)

    def _after_the_end(self, session: Session) -> str:
        finished = session.finished_form
        if finished is not None and self._chance(0.3):
            form = self.bot.forms.get(finished.form)
            if form is not None and self._chance(0.6):
                return self._correction(self.draw.choice(form.slots), session)
            return self._say("follow_up")
        return self._wish() if self._chance(0.85) else self._question()

    def _change(self, form: Form) -> str:
        labels = self.bot.script(self.language).labels.get(form.name, {})
        return self.draw.choice(tuple(labels.values()) or ("?",))

    def _correction(self, slot: Slot, session: Session) -> str:
        said, other = self._value(slot, session), self._value(slot, session)
        if self.language == "ko":
            return self.draw.choice((f"아니 {other} 말고 {said}", f"{said}로 바꿔 주세요", said))
        return self.draw.choice((f"no, not {other} but {said}", f"make it {said}", said))

    def _values(self, form: Form, slot: Slot, session: Session, state: OpenForm) -> str:
        """Return words for a value, now and then for several in one sentence."""
        said = self._value(slot, session)
        empty = [one for one in form.slots if one.name not in state.values and one is not slot]
        if empty and self._chance(0.12):
            said += " " + self._value(self.draw.choice(empty), session)
        return said

    def _value(self, slot: Slot, session: Session | None = None) -> str:
        """Return words for a value: mostly one that leads somewhere, sometimes one that fails."""
        entity = self.bot.entities[slot.entity]
        draw = self.draw
        if entity.type == "choice":
            return entity.label(draw.choice(tuple(entity.options)), self.language)
        if entity.type == "pattern":
            known = (session.known.get(slot.name), *self.who.numbers) if session else ()
            mine = [one for one in known if one and entity.describes(one)]
            return draw.choice(mine) if mine and self._chance(0.9) else "20200101-9999"
        if entity.type == "phone":
            return self.who.phone if self._chance(0.93) else "010-0000-0000"
        if entity.type == "name":
            return self.who.name if self._chance(0.95) else "아무개"
        if entity.type == "yes_no":
            return self._say(draw.choice(("yes", "no")))
        if entity.type == "text":
            return draw.choice(TEXTS[self.language])
        return self._measure(entity.type)

    def _day(self) -> date:
        if self.hot and self._chance(0.4):
            return self.draw.choice(self.hot)
        today = self.now.date()
        away = self.draw.choice((-3, 0, 1, 2, 3, 4, 5, 6, 7, 10, 14, 25, 40, 60, 400))
        return today + timedelta(days=away)

    def _measure(self, kind: str) -> str:
        """Return words for a value of a type that counts or measures."""
        draw, day = self.draw, self._day()
        hour, minute = draw.randint(7, 20), draw.choice((0, 0, 30))
        party = draw.choice((1, 2, 2, 3, 4, 6, 9, 30))
        english = f"{day:%B} {day.day}, {day.year}"
        korean = f"{day.year}년 {day.month}월 {day.day}일"
        clock = f"{hour}시" + (f" {minute}분" if minute else "")
        said: Mapping[str, tuple[str, str]] = {
            "date": (korean, english),
            "time": (clock, f"{hour}:{minute:02}"),
            "datetime": (f"{korean} {clock}", f"{english} at {hour}:{minute:02}"),
            "count": (f"{party}명", f"{party} people"),
            "number": (str(draw.randint(1, 40)), str(draw.randint(1, 40))),
            "money": (f"{draw.randint(1, 300)}만 원", f"{draw.randint(10, 3000)},000 won"),
            "email": ("hong@daon.example", "jane@daon.example"),
            "duration": (f"{draw.randint(1, 20)}년", f"{draw.randint(1, 20)} years"),
            "percent": ("10%", "10%"),
            "ordinal": ("두 번째 거요", "the second one"),
        }
        one, other = said.get(kind, ("내일", "tomorrow"))
        return one if self.language == "ko" else other


def with_numbers(who: Persona, numbers: Sequence[str]) -> Persona:
    """Return somebody who has made more of their own since, such as reservations."""
    return replace(who, numbers=tuple(dict.fromkeys((*who.numbers, *numbers))))


def is_yes_to(value: str, shown: str | None) -> bool:
    """Tell whether a pressed button is a yes to values of this digest."""
    pressed = read_quick_reply(value)
    return (
        pressed is not None
        and pressed.name == "confirm_values"
        and pressed.slots.get("seen") == shown
    )
