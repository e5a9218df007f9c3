"""Small sets of sentences to learn from, and an encoder that reads them by their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sangdam.bots.definition import Example
from sangdam.text.korean import language_of

TRACK = (
    "배송 언제 와요",
    "택배 어디쯤인가요",
    "배송 조회 부탁드려요",
    "제 물건 언제 도착하나요",
    "배송조회",
    "아직도 배송이 안 왔어요",
    "출고는 됐나요",
    "택배가 안 와요",
    "where is my parcel",
    "when will my package arrive",
    "track my delivery",
    "has my parcel been shipped yet",
)
REFUND = (
    "환불 받고 싶어요",
    "돈 돌려주세요",
    "환불은 언제 되나요",
    "환불해 주세요",
    "카드 환불 얼마나 걸려요",
    "환불 신청할게요",
    "결제한 돈 돌려받고 싶어요",
    "환불요",
    "i want my money back",
    "how do i get a refund",
    "refund me please",
    "when do i get my money back",
)
HOURS = (
    "몇 시까지 해요",
    "영업시간 알려주세요",
    "주말에도 문 여나요",
    "오늘 영업하나요",
    "언제 문 닫아요",
    "상담은 몇 시부터인가요",
    "영업 시간이 어떻게 되나요",
    "일요일에 쉬나요",
    "what are your opening hours",
    "are you open on sunday",
    "when do you close today",
    "what time do you open",
)
CANCEL = (
    "주문 취소할래요",
    "주문 취소해 주세요",
    "방금 한 주문 취소돼요",
    "취소하고 싶어요",
    "주문을 잘못했어요 취소요",
    "결제 취소 부탁해요",
    "주문취소",
    "안 살래요 취소해 주세요",
    "cancel my order",
    "i want to cancel what i ordered",
    "please cancel the order i just made",
    "undo my order",
)
SHOP: dict[str, tuple[str, ...]] = {
    "track_order": TRACK,
    "refund_money": REFUND,
    "opening_hours": HOURS,
    "cancel_order": CANCEL,
}
OUTSIDE = ("날씨 어때", "노래 불러줘", "대통령이 누구야", "tell me a joke", "who won the game")


def examples(shop: dict[str, tuple[str, ...]] = SHOP) -> list[Example]:
    return [
        Example(text, intent, language_of(text) or "en")
        for intent, texts in shop.items()
        for text in texts
    ]


@dataclass(frozen=True, slots=True)
class WordEncoder:
    """Port ``Encoder``: a sentence is the sum of a fixed random direction for each of its words."""

    name: str = "words@1"
    dimensions: int = 256

    @property
    def parts(self) -> tuple[int, ...]:
        return (self.dimensions,)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            for word in ["^", *text.split()]:
                draw = np.random.default_rng(crc32(word.encode("utf-8", "surrogatepass")))
                vectors[row] += draw.standard_normal(self.dimensions).astype(np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def silent(task: str, done: int, total: int) -> None:
    """Port ``Progress`` that nobody watches."""
