"""Small sets of sentences to learn from, and an encoder that reads them by their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sangdam.bots.definition import Example
from sangdam.text.korean import language_of
from sangdam_adapters.joined_encoder import JoinedEncoder

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


@cache
def direction(word: str, width: int) -> NDArray[np.float32]:
    """Return the fixed random direction of a word."""
    draw = np.random.default_rng(crc32(word.encode("utf-8", "surrogatepass")))
    return np.asarray(draw.standard_normal(width), np.float32)


def summed(texts: Sequence[str], width: int, *, salt: str = "") -> NDArray[np.float32]:
    """Return the sum of the directions of each text's words; another salt reads them otherwise."""
    rows = np.zeros((len(texts), width), np.float32)
    for row, text in enumerate(texts):
        for word in ["^", *text.split()]:
            rows[row] += direction(salt + word, width)
    return rows


def of_length_one(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@dataclass(frozen=True, slots=True)
class WordEncoder:
    """Port ``Encoder``: a sentence is the sum of a fixed random direction for each of its words."""

    name: str = "words@1"
    dimensions: int = 256

    @property
    def parts(self) -> tuple[int, ...]:
        return (self.dimensions,)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return of_length_one(summed(texts, self.dimensions))

    def last_layers(self) -> Mapping[str, NDArray[np.float32]]:
        return {}


@dataclass(frozen=True, slots=True)
class PartedEncoder:
    """Port ``Encoder`` whose rows hold several parts, and behind them what its last layers take.

    Without ``pooled``, the width of that, it has no last layers to give.
    """

    parts: tuple[int, ...] = (128, 48)
    pooled: int = 0
    name: str = "parted@1"

    @property
    def dimensions(self) -> int:
        return sum(self.parts) + self.pooled

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        read = [
            of_length_one(summed(texts, width, salt=f"{number}:"))
            for number, width in enumerate(self.parts)
        ]
        return np.concatenate([*read, summed(texts, self.pooled, salt="pooled:") / 4], axis=1)

    def last_layers(self) -> Mapping[str, NDArray[np.float32]]:
        return small_layers(self.pooled) if self.pooled else {}


@dataclass(frozen=True, slots=True)
class LatinWords:
    """Port ``Encoder`` that reads words, and has zeros for texts with a letter not of ASCII."""

    name: str = "latin@1"
    parts: tuple[int, ...] = (48,)

    @property
    def dimensions(self) -> int:
        return sum(self.parts)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        read = [
            of_length_one(summed(texts, width, salt=f"latin{number}:"))
            for number, width in enumerate(self.parts)
        ]
        rows = np.concatenate(read, axis=1)
        for row, text in enumerate(texts):
            if any(letter.isalpha() and not letter.isascii() for letter in text):
                rows[row] = 0
        return rows

    def last_layers(self) -> Mapping[str, NDArray[np.float32]]:
        return {}


LATIN = JoinedEncoder(WordEncoder(dimensions=128), LatinWords())
"""An encoder whose second part reads Latin letters alone, and is read where it must be."""


def longer(shop: dict[str, tuple[str, ...]] = SHOP) -> dict[str, tuple[str, ...]]:
    """Return the shop with three times as many sentences."""
    ends = {"ko": ("", " 좀", " 지금"), "en": ("", " please", " today")}
    return {
        intent: tuple(text + end for text in texts for end in ends[language_of(text) or "en"])
        for intent, texts in shop.items()
    }


LAYERED = PartedEncoder(parts=(64,), pooled=96, name="layered@1")
"""An encoder of one part that gives its last layers."""


def small_layers(
    pooled: int, *, narrow: int = 24, wide: int = 20, width: int = 28
) -> dict[str, NDArray[np.float32]]:
    """Return last layers of random weights, for rows as wide as ``pooled``."""
    draw = np.random.default_rng(pooled)
    shapes = {
        "sum": (pooled, narrow),
        "down": (narrow, 2 * wide),
        "across": (wide, wide),
        "up": (wide, 2 * width),
        "skip": (width, width),
    }
    return {
        name: np.asarray(draw.standard_normal(shape) * (2 / shape[0]) ** 0.5, np.float32)
        for name, shape in shapes.items()
    }


def silent(task: str, done: int, total: int) -> None:
    """Port ``Progress`` that nobody watches."""
