"""What simulated customers say besides answers: yes and no, thanks, nonsense, secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sangdam.bots.definition import Language

SAID: Mapping[str, Mapping[Language, Sequence[str]]] = {
    "nonsense": {
        "ko": ("ㅁㄴㅇㄹ", "음...", "?", "고양이가 창문에 앉아 있어요", "ㅋㅋㅋㅋ", "😀", "글쎄요"),
        "en": ("asdf", "hmm...", "?", "the cat sits in the window", "lol", "😀", "dunno"),
    },
    "impatient": {
        "ko": ("빨리 좀 해주세요", "아 답답하네요", "몇 번을 말해요", "상담원 연결해 주세요"),
        "en": ("hurry up please", "this is annoying", "how many times", "get me a person"),
    },
    "thank": {"ko": ("고마워요", "감사합니다"), "en": ("thanks", "thank you")},
    "give_up": {"ko": ("그만할게요", "취소", "그만"), "en": ("stop", "never mind")},
    "yes": {
        "ko": ("네", "네 맞아요", "응", "네 그렇게 해주세요", "예", "좋아요"),
        "en": ("yes", "yes please", "ok", "yeah"),
    },
    "no": {"ko": ("아니요", "아뇨 바꿀래요", "아니"), "en": ("no", "no, change it", "nope")},
    "secret": {
        "ko": ("카드번호는 4111 1111 1111 1111이에요", "주민번호 900101-1234568"),
        "en": ("my card is 4111-1111-1111-1111", "password: hunter2!"),
    },
    "follow_up": {
        "ko": ("그럼 내일은요?", "두 번째 거요", "그거 취소할래요", "더 싼 거 있어요?", "그건요?"),
        "en": ("and tomorrow?", "the second one", "cancel that", "anything cheaper?", "that one?"),
    },
    "any": {"ko": ("상관없어요", "건너뛸게요"), "en": ("any is fine", "skip it")},
}

YES = re.compile(
    r"(?<![가-힣])(?:네|예|응|넵|그래요?|좋아요?|맞아요?)(?![가-힣])"
    r"|\b(?:yes|yeah|ok|okay|sure|please|perfect|great)\b",
    re.IGNORECASE,
)
"""What may be a yes, told without the parser of the bot; generous, for it only bars the rest."""

TEXTS: Mapping[Language, Sequence[str]] = {
    "ko": ("조용하고 가벼운 것이면 좋겠어요", "서울시 마포구 월드컵로 10, 2층", "문의할 게 있어요"),
    "en": ("something quiet and light", "10 World Cup-ro, 2nd floor", "a question about my bill"),
}
