"""The front desk of a small clinic as data: appointments that are made, changed and cancelled."""

from __future__ import annotations

from typing import Any

from sangdam.bots.parse import Pack, parse_pack

NAME = "desk"

Files = dict[str, Any]

BOOK = "form/appointment"
CHANGE = "form/appointment_change"
CANCEL = "form/appointment_cancel"
CALLBACK = "form/callback"

_INTENTS = {
    "thanks": ("감사 인사", "별말씀을요."),
    "parking": ("주차", "건물 지하에 두 시간 무료예요."),
    "opening_hours": ("진료 시간", "평일 9시부터 18시까지예요."),
    "complaint": ("불편 사항", "불편을 드려 죄송합니다."),
    "emergency": ("응급", "지금 바로 119에 전화해 주세요."),
}
_REFUSALS = {
    "past": "지난 날짜예요. {from}부터 예약하실 수 있어요. 언제로 할까요?",
    "too_far": "{until}까지만 예약하실 수 있어요. 언제로 할까요?",
    "too_soon": "{from}부터 예약하실 수 있어요. 언제로 할까요?",
    "closed": "그날은 쉬어요 ({reason}). 가까운 날은 {alternatives}이에요. 언제로 할까요?",
    "outside_hours": "그 시간에는 진료가 없어요 ({hours}). 몇 시로 할까요?",
    "full": "그 시간은 찼어요. 남은 시간은 {alternatives}이에요. 몇 시로 할까요?",
    "none_left": "그날은 자리가 없어요. 가까운 날은 {alternatives}이에요. 언제로 할까요?",
}


def files() -> Files:
    """Return the parsed files of a good pack, fresh each time so that a test may spoil them."""
    return {
        "bot.yaml": {
            "format": 1,
            "bot": NAME,
            "goal": ["answer", "reservations"],
            "languages": ["ko", "en"],
            "time_zone": "Asia/Seoul",
            "hours": {"mon-fri": ["09:00-12:00", "13:00-18:00"]},
            "policy": {
                "error_budget": 0.1,
                "handoff_after_misses": 2,
                "refuses": ["card_number", "resident_number"],
            },
            "handoff": {
                "hours": {"mon-fri": "09:00-18:00"},
                "holidays": "closed",
                "outside": "callback",
            },
            "intents": {
                "thanks": {"kind": "smalltalk"},
                "human_agent": {"kind": "handoff"},
                "complaint": {"kind": "complaint"},
                "emergency": {"kind": "urgent"},
                "parking": {},
                "opening_hours": {},
                "book": {"form": "appointment"},
                "change": {"form": "appointment_change"},
                "cancel_booking": {"form": "appointment_cancel"},
                "bookings": {"form": "appointments"},
                "free_times": {"form": "free_times"},
            },
            "entities": {
                "doctor": {"type": "choice", "options": ["kim", "lee"]},
                "date": {"type": "date"},
                "time": {"type": "time"},
                "person_name": {"type": "name"},
                "phone": {"type": "phone"},
                "topic": {"type": "text"},
                "number": {
                    "type": "pattern",
                    "patterns": [r"(?i)(?<![a-z0-9])(a\d{4}-[0-9a-z]{5})"],
                },
            },
            "forms": {
                "appointment": {
                    "slots": {
                        "doctor": {"entity": "doctor", "optional": True},
                        "date": {"entity": "date"},
                        "time": {"entity": "time"},
                        "name": {"entity": "person_name", "carry": True},
                        "phone": {"entity": "phone", "carry": True},
                    },
                    "confirm": True,
                    "action": "reservations.book",
                    "with": {"resource": "doctor"},
                    "corrected_by": "appointment_change",
                },
                "appointment_change": {
                    "slots": {
                        "number": {"entity": "number"},
                        "phone": {"entity": "phone", "carry": True},
                        "date": {"entity": "date"},
                        "time": {"entity": "time"},
                    },
                    "confirm": True,
                    "action": "reservations.change",
                },
                "appointment_cancel": {
                    "slots": {
                        "number": {"entity": "number"},
                        "phone": {"entity": "phone", "carry": True},
                    },
                    "confirm": True,
                    "action": "reservations.cancel",
                },
                "appointments": {
                    "slots": {"phone": {"entity": "phone", "carry": True}},
                    "action": "reservations.list",
                },
                "free_times": {
                    "slots": {"date": {"entity": "date"}},
                    "action": "reservations.free",
                },
                "callback": {
                    "slots": {
                        "name": {"entity": "person_name", "carry": True},
                        "phone": {"entity": "phone", "carry": True},
                        "topic": {"entity": "topic", "optional": True},
                    },
                    "action": "requests.callback",
                },
            },
            "backoffice": {
                "reservations": {
                    "slot_minutes": 30,
                    "minutes": 30,
                    "ahead": [0, 30],
                    "hold_minutes": 5,
                    "holidays": "closed",
                    "number": "A",
                    "resources": {
                        "kim": {"capacity": 1, "hours": {"mon-fri": "09:00-12:00"}},
                        "lee": {"capacity": 1, "hours": {"mon-fri": "13:00-18:00"}},
                    },
                }
            },
        },
        "ko.yaml": _words("ko"),
        "en.yaml": _words("en"),
        "examples.ko.yaml": _examples(
            thanks="고마워요\n감사합니다",
            human_agent="상담원 바꿔주세요\n사람이랑 얘기할래요",
            complaint="짜증나네요\n엉망이에요",
            emergency="쓰러졌어요\n의식이 없어요",
            parking="주차 되나요\n주차장 어디예요",
            opening_hours="영업 시간 알려주세요\n몇시까지 영업하나요",
            book="예약하고 싶어요\n예약할게요",
            change="변경해주세요\n바꾸고 싶어요",
            cancel_booking="예약취소 해주세요\n취소하고 싶어요",
            bookings="예약내역 보여주세요\n예약확인 할게요",
            free_times="빈시간 있나요\n가능한시간 알려주세요",
        ),
        "examples.en.yaml": _examples(
            thanks="thanks\ncheers mate",
            human_agent="agent please\nsomebody real",
            complaint="terrible service\nawful",
            emergency="collapsed\nunconscious",
            parking="parking available\nwhere to park",
            opening_hours="opening hours\nopen until when",
            book="book appointment\nbooking please",
            change="reschedule\nmove it",
            cancel_booking="cancel appointment\ncancel booking",
            bookings="show bookings list\nmine",
            free_times="free slots\navailable times",
        ),
    }


def _words(language: str) -> Files:
    return {
        "format": 1,
        "language": language,
        "name": "모퉁이의원",
        "system": {
            "welcome": {"text": "안녕하세요.", "quick_replies": ["book", "parking", "human_agent"]},
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
            "which": "어느 쪽인가요?",
            "confirm_yes": "네, 맞아요",
            "confirm_no": "바꿀래요",
            "change_what": "무엇을 바꿀까요?",
            "skip": "건너뛰기",
            "again": "말씀드린 것처럼",
            "upset": "거듭 죄송합니다. 상담원이 도와드릴까요?",
            "handoff_closed": "지금은 상담 시간이 아니에요. 연락처를 남겨 주세요.",
            "secret": "그런 번호는 적지 마세요. 가려서 저장했어요.",
        },
        "intents": {
            **{name: {"title": title, "reply": reply} for name, (title, reply) in _INTENTS.items()},
            "human_agent": {"title": "상담원 연결"},
            "book": {"title": "예약하기"},
            "change": {"title": "예약 변경"},
            "cancel_booking": {"title": "예약 취소"},
            "bookings": {"title": "예약 확인"},
            "free_times": {"title": "빈 시간"},
        },
        "guards": {"emergency": ["숨.{0,4}(?:못|안) ?쉬", "can'?t breathe"]},
        "entities": {
            "doctor": {"kim": ["김원장님", "Dr Kim"], "lee": ["이원장님", "Dr Lee"]},
        },
        "forms": {
            "appointment": {
                "slots": _asks("doctor", "date", "time", "name", "phone"),
                "labels": {
                    "doctor": "선생님",
                    "date": "날짜",
                    "time": "시간",
                    "name": "이름",
                    "phone": "연락처",
                },
                "confirm": "{doctor}, {date} {time}, {name} 님 {phone}. 맞나요? ({price})",
                "outcomes": {
                    **_REFUSALS,
                    "unknown_resource": "그런 선생님은 안 계세요.",
                    "booked": "예약했어요: {number} {date} {time}",
                },
            },
            "appointment_change": {
                "slots": _asks("number", "phone", "date", "time"),
                "labels": {
                    "number": "예약번호",
                    "phone": "연락처",
                    "date": "날짜",
                    "time": "시간",
                },
                "confirm": "{what} -> {date} {time}. 맞나요? ({fee})",
                "outcomes": {
                    **_REFUSALS,
                    "not_found": "예약을 찾지 못했어요. 번호가 어떻게 되세요?",
                    "nothing_changed": "그대로예요. 언제로 바꿀까요?",
                    "changed": "바꿨어요: {what}",
                    "already_cancelled": "취소된 예약이에요.",
                    "too_late": "지난 예약이에요.",
                },
            },
            "appointment_cancel": {
                "slots": _asks("number", "phone"),
                "labels": {"number": "예약번호", "phone": "연락처"},
                "confirm": "{what}을 취소할까요? ({fee}, {refund})",
                "outcomes": {
                    "not_found": "예약을 찾지 못했어요. 번호가 어떻게 되세요?",
                    "cancelled": "취소했어요.",
                    "already_cancelled": "이미 취소됐어요.",
                    "too_late": "지난 예약이에요.",
                },
            },
            "appointments": {
                "slots": _asks("phone"),
                "outcomes": {"found": "{count}건: {list}", "none": "예약이 없어요."},
            },
            "free_times": {
                "slots": _asks("date"),
                "outcomes": {
                    name: text
                    for name, text in {**_REFUSALS, "free": "{date}: {times}"}.items()
                    if name not in ("outside_hours", "full")
                },
            },
            "callback": {
                "slots": _asks("name", "phone", "topic"),
                "outcomes": {"filed": "접수했어요: {number}"},
            },
        },
        "phrases": {"cancel": ["그만", "stop"], "intents": {"human_agent": ["상담원"]}},
    }


def _asks(*slots: str) -> Files:
    return {slot: {"ask": f"{slot}?", "ask_again": f"{slot}, 다시요?"} for slot in slots}


def _examples(**lines: str) -> Files:
    return {
        "version": "3.1",
        "nlu": [
            {"intent": intent, "examples": "".join(f"- {one}\n" for one in text.splitlines())}
            for intent, text in lines.items()
        ],
    }


def pack() -> Pack:
    """Return the front desk's pack."""
    return parse_pack(NAME, files())
