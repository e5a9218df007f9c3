"""A front desk whose business has systems of its own, and others at the far end of the line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sangdam.bots.parse import Pack, parse_pack
from sangdam.ports import OutsideAnswer, OutsideError
from sangdam.services.outside import Partner
from tests.core import front_desk
from tests.core.counter import Clock

HOOK = "https://crm.example.com/hooks/sangdam"
TOPIC = "sns:arn:aws:sns:ap-northeast-2:123456789012:operators"
SECRET = "a secret that only these tests know"
GRADE = "form/grade"
ORDER = "form/order"


def files(url: str = HOOK) -> front_desk.Files:
    """Return a pack that asks one system and tells another."""
    found = front_desk.files()
    bot = found["bot.yaml"]
    bot["actions"] = {
        "crm.lookup": {
            "call": url,
            "mode": "answer",
            "slots": ["phone"],
            "outcomes": {"found": ["grade"], "none": []},
            "reopens": {"none": "phone"},
        },
        "erp.order": {
            "call": url,
            "mode": "outbox",
            "confirm": True,
            "slots": ["topic", "phone"],
            "outcomes": {"accepted": ["reference"]},
        },
    }
    bot["intents"] |= {"grade": {"form": "grade"}, "order": {"form": "order"}}
    bot["forms"] |= {
        "grade": {"slots": {"phone": {"entity": "phone"}}, "action": "crm.lookup"},
        "order": {
            "slots": {"topic": {"entity": "topic"}, "phone": {"entity": "phone"}},
            "confirm": True,
            "action": "erp.order",
        },
    }
    for language, examples in (
        ("ko", ("회원등급 알려주세요\n등급조회 해주세요", "주문접수 할게요\n물건주문 하고 싶어요")),
        ("en", ("membership grade please\nmy grade", "place order\norder goods")),
    ):
        words = found[f"{language}.yaml"]
        words["system"]["unavailable"] = "지금 다른 시스템에 연결되지 않아요."
        words["intents"] |= {"grade": {"title": "등급 조회"}, "order": {"title": "주문 접수"}}
        words["forms"] |= {
            "grade": {
                "slots": {"phone": {"ask": "연락처는요?", "ask_again": "연락처, 다시요?"}},
                "outcomes": {"found": "등급은 {grade}예요.", "none": "없는 번호예요. 연락처는요?"},
            },
            "order": {
                "slots": {
                    "topic": {"ask": "무엇을요?", "ask_again": "무엇을, 다시요?"},
                    "phone": {"ask": "연락처는요?", "ask_again": "연락처, 다시요?"},
                },
                "labels": {"topic": "물건", "phone": "연락처"},
                "confirm": "{topic}, {phone}. 맞나요?",
                "outcomes": {"accepted": "접수했어요: {reference}"},
            },
        }
        rows = found[f"examples.{language}.yaml"]["nlu"]
        for intent, text in zip(("grade", "order"), examples, strict=True):
            lines = "".join(f"- {one}\n" for one in text.splitlines())
            rows.append({"intent": intent, "examples": lines})
    return found


def pack(url: str = HOOK) -> Pack:
    return parse_pack(front_desk.NAME, files(url))


Reaction = OutsideAnswer | Exception | Callable[[], OutsideAnswer]


@dataclass(slots=True)
class Call:
    """One call as the far end saw it."""

    address: str
    body: bytes
    headers: Mapping[str, str]
    seconds: float

    @property
    def key(self) -> str:
        return self.headers["Idempotency-Key"]

    @property
    def document(self) -> dict[str, object]:
        parsed: dict[str, object] = json.loads(self.body)
        return parsed


@dataclass(slots=True)
class FarEnd:
    """Port ``Outside``: reacts as it is told to, in order, then with what it says always."""

    reactions: list[Reaction] = field(default_factory=list)
    always: Reaction = field(default_factory=lambda: OutsideAnswer(200, b"{}"))
    calls: list[Call] = field(default_factory=list)

    def call(
        self, address: str, body: bytes, *, headers: Mapping[str, str], seconds: float
    ) -> OutsideAnswer:
        self.calls.append(Call(address, body, headers, seconds))
        reaction = self.reactions.pop(0) if self.reactions else self.always
        if isinstance(reaction, Exception):
            raise reaction
        return reaction() if callable(reaction) else reaction


def answers(status: int = 200, **document: object) -> OutsideAnswer:
    return OutsideAnswer(status, json.dumps(document).encode())


def found(grade: str = "VIP") -> OutsideAnswer:
    return answers(outcome="found", fields={"grade": grade})


def timed_out() -> OutsideError:
    return OutsideError("no answer in 3 seconds")


@dataclass(slots=True)
class Line:
    """The line to the far end: a partner whose pauses take time of the test's clock alone."""

    clock: Clock
    outside: FarEnd = field(default_factory=FarEnd)
    secret: str = SECRET
    warnings: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    partner: Partner = field(init=False)

    def __post_init__(self) -> None:
        self.partner = Partner(
            self.outside, self.secret, self.clock, self._pause, self.warnings.append
        )

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock.pass_by(timedelta(seconds=seconds))
