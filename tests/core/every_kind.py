"""A shop with an entity of every type and a form for each, as data."""

from __future__ import annotations

from typing import Any

from sangdam.bots.parse import Pack, parse_pack

NAME = "kinds"

ENTITIES: dict[str, dict[str, Any]] = {
    "order_number": {"type": "pattern", "patterns": [r"(?<!\d)\d{8}-\d{4}(?!\d)"]},
    "day": {"type": "date"},
    "hour": {"type": "time"},
    "moment": {"type": "datetime"},
    "days": {"type": "date_range"},
    "span": {"type": "datetime_range"},
    "length": {"type": "duration"},
    "amount": {"type": "number"},
    "people": {"type": "count", "units": ["person"]},
    "budget": {"type": "money"},
    "discount": {"type": "percent"},
    "mobile": {"type": "phone"},
    "mail": {"type": "email"},
    "colour": {"type": "choice", "options": ["red", "blue", "navy"]},
    "who": {"type": "name"},
    "agreed": {"type": "yes_no"},
    "place": {"type": "ordinal"},
    "wish": {"type": "text"},
}

ACTION = "desk.take"
"""What all forms end in: the shop's own system, which takes whatever it is given."""

FORMS: dict[str, tuple[str, ...]] = {
    "visit": ("moment", "people", "agreed"),
    "stay": ("days", "span", "day", "hour", "length"),
    "price": ("amount", "budget", "discount", "place"),
    "person": ("who", "mobile", "mail", "colour", "wish"),
}
"""The slots of each form, called as their entities; all end with an order's number."""

Files = dict[str, Any]


def files() -> Files:
    """Return the parsed files of a good pack, fresh each time so that a test may spoil them."""
    return {
        "bot.yaml": {
            "format": 1,
            "bot": NAME,
            "goal": ["answer", "orders"],
            "languages": ["ko", "en"],
            "time_zone": "Asia/Seoul",
            "hours": {"mon-fri": ["10:00-13:00", "14:00-20:00"], "sat": "10-15", "sun": "closed"},
            "intents": {
                "greeting": {"kind": "smalltalk"},
                "weather": {},
                **{form: {"form": form} for form in FORMS},
            },
            "entities": {name: dict(about) for name, about in ENTITIES.items()},
            "actions": {
                ACTION: {
                    "call": "lambda:desk",
                    "slots": ["order_number"],
                    "optional": [name for slots in FORMS.values() for name in slots],
                    "outcomes": {"taken": []},
                }
            },
            "forms": {
                form: {
                    "slots": {name: {"entity": name} for name in (*slots, "order_number")},
                    "attempts": 2,
                    "action": ACTION,
                }
                for form, slots in FORMS.items()
            },
        },
        "ko.yaml": {
            **_words("ko", "그만하기"),
            "entities": {
                "colour": {
                    "red": ["빨강", "빨간색"],
                    "blue": ["파랑", "파란색", "푸른색"],
                    "navy": ["남색", "푸른색"],
                }
            },
        },
        "en.yaml": {
            **_words("en", "Stop"),
            "entities": {
                "colour": {"red": ["Red"], "blue": ["Blue"], "navy": ["Navy", "dark blue"]}
            },
        },
        "examples.ko.yaml": _examples(
            greeting="안녕하세요", weather="[내일](day) 날씨 어때요", visit="방문 예약할게요",
            stay="숙박 예약이요", price="가격 문의", person="[빨간색](colour) 주문서 작성",
        ),
        "examples.en.yaml": _examples(
            greeting="good day", weather="weather forecast", visit="book a visit",
            stay="sleep over", price="price question", person="fill in my details",
        ),
    }  # fmt: skip


def _words(language: str, cancel: str) -> Files:
    asks = {"ask": "?", "ask_again": "??"}
    return {
        "format": 1,
        "language": language,
        "name": "Kinds",
        "system": {
            **{
                name: name
                for name in (
                    "welcome", "fallback", "clarify", "clarify_none", "offer_human", "handoff",
                    "back_to_bot", "resumed", "cancelled", "resume", "which", "unavailable",
                )
            },
            "cancel": cancel,
        },
        "intents": {
            "greeting": {"title": "greeting", "reply": "greeting"},
            "weather": {"title": "weather", "reply": "weather"},
            **{form: {"title": form} for form in FORMS},
        },
        "forms": {
            form: {
                "slots": dict.fromkeys((*slots, "order_number"), asks),
                "outcomes": {"taken": "{order_number}"},
            }
            for form, slots in FORMS.items()
        },
    }  # fmt: skip


def _examples(**lines: str) -> Files:
    return {
        "version": "3.1",
        "nlu": [{"intent": name, "examples": f"- {line}\n"} for name, line in lines.items()],
    }


def pack() -> Pack:
    """Return the pack of the bot with an entity of every type."""
    return parse_pack(NAME, files())
