"""A small shop bot as data: seven intents, two forms, two languages, and its orders."""

from __future__ import annotations

from datetime import date
from typing import Any

from sangdam.backoffice.orders import Order, OrderItem, order_key, owner_digest, write_order
from sangdam.backoffice.writes import Put, Write
from sangdam.bots.parse import Pack, parse_pack

NAME = "corner"
PHONE = "01012345678"
"""Whose orders they are."""

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
            "policy": {"error_budget": 0.1, "clarify_choices": 2, "handoff_after_misses": 2},
            "intents": {
                "thanks": {"kind": "smalltalk"},
                "human_agent": {"kind": "handoff"},
                "order_status": {"form": "order_status"},
                "return_status": {"form": "return_status"},
                "order_cancel": {},
                "delivery_fee": {},
                "refund_when": {},
            },
            "entities": {
                "order_number": {
                    "type": "pattern",
                    "patterns": [r"(?<!\d)(20\d{6})[- ]?(\d{4})(?!\d)"],
                    "value": "{1}-{2}",
                },
                "phone": {
                    "type": "pattern",
                    "patterns": [r"(?<!\d)(010)[- ]?(\d{4})[- ]?(\d{4})(?!\d)"],
                    "value": "{1}{2}{3}",
                },
            },
            "forms": {
                "order_status": {
                    "slots": {"order_number": {"entity": "order_number"}},
                    "attempts": 3,
                    "action": "orders.status",
                },
                "return_status": {
                    "slots": {
                        "phone": {"entity": "phone"},
                        "order_number": {"entity": "order_number"},
                    },
                    "attempts": 2,
                    "action": "orders.status",
                },
            },
        },
        "ko.yaml": _korean(),
        "en.yaml": _english(),
        "examples.ko.yaml": _examples(
            thanks="고마워요\n감사합니다",
            human_agent="상담원 바꿔주세요\n사람이랑 얘기할래요",
            order_status="배송조회 부탁드려요\n[20261118-0001](order_number) 언제쯤",
            return_status="반품조회 해주세요\n수거됐나요",
            order_cancel="주문취소 원해요\n안살래요",
            delivery_fee="배송비 얼마예요\n택배비 궁금해요",
            refund_when="환불 며칠\n입금 언제들어와요",
        ),
        "examples.en.yaml": _examples(
            thanks="thanks\ncheers mate",
            human_agent="agent please\nsomebody real",
            order_status="where's my parcel\ntrack it",
            return_status="returned parcels received\nreturn arrived",
            order_cancel="cancel everything\nchanged mind",
            delivery_fee="shipping price\npostage cost",
            refund_when="refund waiting\nmoney back",
        ),
        "conversations.ko.yaml": {
            "format": 1,
            "language": "ko",
            "conversations": [
                {
                    "name": "배송비를 묻고 주문을 조회한다",
                    "turns": [
                        {
                            "user": "배송비 얼마예요",
                            "expect": {
                                "intent": "delivery_fee",
                                "decision": "answer",
                                "reply": "intent/delivery_fee",
                                "contains": ["3,000원"],
                                "lacks": ["상담원"],
                                "quick_replies": ["주문 조회"],
                            },
                        },
                        {
                            "press": "주문 조회",
                            "expect": {"reply": ["form/order_status/order_number/ask"]},
                        },
                        {"user": "20261118-0001", "expect": {"contains": "머플러", "owner": "bot"}},
                    ],
                }
            ],
        },
        "conversations.en.yaml": {
            "format": 1,
            "language": "en",
            "conversations": [
                {
                    "name": "asks for a person",
                    "turns": [
                        {"user": "agent please", "expect": {"owner": "human"}},
                        {"user": "are you there", "expect": {"reply": [], "owner": "human"}},
                    ],
                }
            ],
        },
    }


def _korean() -> Files:
    return {
        "format": 1,
        "language": "ko",
        "name": "모퉁이상점",
        "system": {
            "welcome": {"text": "안녕하세요, 모퉁이상점입니다.", "quick_replies": ["order_status"]},
            "fallback": ["잘 이해하지 못했어요.", "다시 한번 말씀해 주시겠어요?"],
            "clarify": "이 중에 있나요?",
            "clarify_none": "이 중에 없어요",
            "offer_human": {"text": "상담원을 연결해 드릴까요?", "quick_replies": ["human_agent"]},
            "handoff": "상담원을 연결해 드릴게요.",
            "back_to_bot": "챗봇과 계속하기",
            "resumed": "다시 챗봇이 도와드릴게요.",
            "cancelled": "네, 그만할게요.",
            "cancel": "그만하기",
            "resume": "이어서 도와드릴게요.",
        },
        "intents": {
            "thanks": {"title": "감사 인사", "reply": ["별말씀을요.", "도움이 되어 기뻐요."]},
            "human_agent": {"title": "상담원 연결"},
            "order_status": {"title": "주문 조회"},
            "return_status": {"title": "반품 조회"},
            "order_cancel": {"title": "주문 취소", "reply": "주문내역에서 취소하실 수 있어요."},
            "delivery_fee": {
                "title": "배송비",
                "reply": {"text": "배송비는 3,000원이에요.", "quick_replies": ["order_status"]},
            },
            "refund_when": {"title": "환불 기간", "reply": "영업일 3일쯤 걸려요."},
        },
        "forms": {
            "order_status": {
                "slots": {
                    "order_number": {
                        "ask": "주문번호를 알려 주세요.",
                        "ask_again": "주문번호를 찾지 못했어요. 다시 적어 주시겠어요?",
                    }
                },
                "outcomes": _outcomes(
                    "{order_number} 주문이 없어요.", "{order_number}: {items}", " {expected_on}"
                ),
            },
            "return_status": {
                "slots": {
                    "phone": {"ask": "전화번호를 알려 주세요.", "ask_again": "번호를 다시요."},
                    "order_number": {"ask": "주문번호는요?", "ask_again": "주문번호를 다시요."},
                },
                "outcomes": _outcomes(
                    "반품 {order_number} 없음", "반품 {order_number}: {items}", ""
                ),
            },
        },
        "phrases": {
            "cancel": ["취소", "됐어요"],
            "intents": {"human_agent": ["상담원"], "delivery_fee": "배송비"},
        },
    }


def _english() -> Files:
    return {
        "format": 1,
        "language": "en",
        "name": "Corner Shop",
        "system": {
            "welcome": {"text": "Hello from Corner Shop.", "quick_replies": ["order_status"]},
            "fallback": ["I did not get that.", "Could you say that differently?"],
            "clarify": "Is it one of these?",
            "clarify_none": "None of these",
            "offer_human": {"text": "Shall I call a person?", "quick_replies": ["human_agent"]},
            "handoff": "A person will answer you.",
            "back_to_bot": "Back to the bot",
            "resumed": "The bot is with you again.",
            "cancelled": "All right, I have stopped.",
            "cancel": "Stop",
            "resume": "Where were we?",
        },
        "intents": {
            "thanks": {"title": "Thanks", "reply": ["You're welcome.", "Glad to help."]},
            "human_agent": {"title": "Talk to a person"},
            "order_status": {"title": "Track an order"},
            "return_status": {"title": "Track a return"},
            "order_cancel": {"title": "Cancel an order", "reply": "Cancel it under My orders."},
            "delivery_fee": {
                "title": "Delivery fee",
                "reply": {
                    "text": "Delivery is 3,000 won.",
                    "quick_replies": [{"label": "Where is it?", "value": "/order_status"}],
                },
            },
            "refund_when": {"title": "Refund time", "reply": "About 3 working days."},
        },
        "forms": {
            "order_status": {
                "slots": {
                    "order_number": {
                        "ask": "What is the order number?",
                        "ask_again": "I found no order number. Please try again.",
                    }
                },
                "outcomes": _outcomes(
                    "There is no order {order_number}.", "{order_number}: {items}", " {expected_on}"
                ),
            },
            "return_status": {
                "slots": {
                    "phone": {"ask": "Your phone number?", "ask_again": "The number again?"},
                    "order_number": {"ask": "And the order?", "ask_again": "The order again?"},
                },
                "outcomes": _outcomes("No return {order_number}", "{order_number}: {items}", ""),
            },
        },
        "phrases": {
            "cancel": ["stop", "never mind"],
            "intents": {"human_agent": ["person"], "delivery_fee": ["fee"], "thanks": ["thx"]},
        },
    }


def _outcomes(not_found: str, found: str, expected: str) -> Files:
    return {
        "not_found": not_found,
        "paid": found + expected,
        "preparing": found + expected,
        "shipped": found + " {courier} {tracking_number}" + expected,
        "delivered": found + " {delivered_on}",
        "cancelled": found,
    }


def _examples(**lines: str) -> Files:
    return {
        "version": "3.1",
        "nlu": [
            {"intent": intent, "examples": "".join(f"- {one}\n" for one in text.splitlines())}
            for intent, text in lines.items()
        ],
    }


def pack() -> Pack:
    """Return the corner shop's pack."""
    return parse_pack(NAME, files())


def orders() -> tuple[Order, ...]:
    """Return the orders its customers ask about."""
    muffler = OrderItem({"ko": "머플러", "en": "Muffler"}, 1)
    socks = OrderItem({"ko": "양말", "en": "Socks"}, 3)
    return (
        Order(
            "20261118-0001", "shipped", (muffler,), date(2026, 11, 18),
            expected_on=date(2026, 11, 21), courier={"ko": "한진택배", "en": "Hanjin"},
            tracking_number="688012345671", owner=owner_digest("20261118-0001", PHONE),
        ),
        Order(
            "20261119-0002", "preparing", (socks, muffler), date(2026, 11, 19),
            owner=owner_digest("20261119-0002", PHONE),
        ),
    )  # fmt: skip


def writes(bot: str = NAME) -> tuple[Write, ...]:
    """Return what a back office like its own holds: the orders."""
    return tuple(Put(order_key(bot, one.order_number), write_order(one)) for one in orders())
