"""What a good shop assistant would show for a wish: written before any result was looked at.

The things are those of the shop's ``catalogue.yaml``. ``right`` are all that fit the wish, in no
order; ``()`` says that the shop has nothing of the kind. Of each language the even rows (0, 2, 4 …)
chose the constants of ``backoffice.recommendation``; the odd ones measure what these are worth.
"""

from __future__ import annotations

from dataclasses import dataclass

from sangdam.bots.definition import Language


@dataclass(frozen=True, slots=True)
class Row:
    """A wish in a language, and every thing that fits it."""

    language: Language
    wish: str
    right: tuple[str, ...]


_KOREAN = (
    ("어머니 생신 선물로 따뜻한 거", "cashmere_knit wool_scarf wool_coat light_puffer"),
    ("출근할 때 입을 단정한 겨울 코트 있을까요?", "wool_coat"),
    ("노트북 넣고 다닐 가벼운 가방 추천해줘", "laptop_backpack"),
    ("등산 갈 때 입을 만한 겉옷 추천 좀", "windbreaker light_puffer"),
    ("여자친구 기념일 선물 뭐가 좋을까요", "leather_crossbody silk_scarf cashmere_knit"),
    ("아버지 생신 선물 5만원 이하로 추천해 주세요", "card_wallet wool_scarf umbrella knit_gloves"),
    ("집들이 선물로 좋은 거 있어요?", "mug_set soy_candle towel_set humidifier fleece_blanket"),
    ("신혼부부한테 줄 결혼 선물 추천해 주세요", "mug_set towel_set soy_candle humidifier"),
    ("아이 유치원 갈 때 입힐 따뜻한 옷", "kids_sweatshirt"),
    ("초등학교 입학하는 조카 운동화 추천", "kids_sneakers"),
    ("비 오는 날 신을 신발 추천해 주세요", "rain_boots"),
    ("여름에 시원하게 입을 셔츠 있나요", "linen_shirt cotton_tee"),
    ("면접 볼 때 입을 바지 추천해 주세요", "slacks"),
    ("하루 종일 서서 일하는데 발 편한 신발 뭐 있어요", "running_shoes"),
    ("취업한 동생한테 구두 선물하려고요", "loafers"),
    ("손 시려운데 휴대폰 쓸 수 있는 장갑", "knit_gloves"),
    ("사무실에서 덮을 담요 추천해줘", "fleece_blanket"),
    ("방이 너무 건조해요 뭐 좋은 거 없나요", "humidifier"),
    ("향 좋은 초 추천해 주세요", "soy_candle"),
    ("잠이 잘 안 와서 마음이 편해지는 거 찾아요", "soy_candle humidifier"),
    ("만원대 마니또 선물 추천해 주세요", "knit_gloves cotton_socks cotton_tee"),
    ("돌잔치 답례품으로 돌릴 만한 거", "towel_set cotton_socks soy_candle"),
    ("대학생 등교용 가방 골라줘", "canvas_tote laptop_backpack"),
    ("커플로 맞춰 입을 후드 추천해 주세요", "zip_hoodie"),
    ("추위를 많이 타는데 가볍고 따뜻한 겉옷 있나요", "light_puffer wool_coat"),
    ("장모님께 드릴 우아한 선물", "silk_scarf cashmere_knit leather_crossbody wool_coat"),
    ("캠핑 갈 때 챙길 만한 거 추천해 주세요", "fleece_blanket light_puffer windbreaker"),
    ("청바지 추천해 주세요", "jeans"),
    ("기본 흰색 반팔티 하나 사고 싶은데 추천해줘요", "cotton_tee"),
    ("튼튼한 우산 추천해 주세요", "umbrella"),
    ("남자친구 졸업 선물로 지갑 어때요 추천해 주세요", "card_wallet"),
    ("자취 시작하는 친구한테 줄 실용적인 선물", "towel_set mug_set humidifier fleece_blanket"),
    ("5만원 넘는 여자 가방 추천해 주세요", "canvas_tote leather_crossbody laptop_backpack"),
    ("목도리 추천해 주세요 3만원대로", "wool_scarf"),
    ("조깅 시작하려는데 뭐 신으면 좋을까요", "running_shoes"),
    ("커피 좋아하는 사람한테 줄 선물", "mug_set"),
    ("출장 자주 다니는 남편 가방", "laptop_backpack"),
    ("결혼식 하객으로 입고 갈 겨울옷 추천", "wool_coat cashmere_knit"),
    ("자동차 추천해 주세요", ""),
    ("무선 이어폰 추천해 주세요", ""),
    ("강아지 사료 추천해줘", ""),
    ("노트북 한 대 추천해 주세요", ""),
    ("볼만한 영화 추천해 주세요", ""),
    ("냉장고 뭐가 좋아요 추천 좀", ""),
)  # fmt: skip

_ENGLISH = (
    ("something warm for my mother", "cashmere_knit wool_scarf wool_coat light_puffer"),
    ("Can you recommend a neat winter coat for the office?", "wool_coat"),
    ("a light bag for my laptop", "laptop_backpack"),
    ("what jacket is good for hiking", "windbreaker light_puffer"),
    ("an anniversary gift for my girlfriend", "leather_crossbody silk_scarf cashmere_knit"),
    ("a present for my dad under 50,000 won", "card_wallet wool_scarf umbrella knit_gloves"),
    ("a house-warming gift please", "mug_set soy_candle towel_set humidifier fleece_blanket"),
    ("recommend a wedding present for newlyweds", "mug_set towel_set soy_candle humidifier"),
    ("warm clothes for my five year old", "kids_sweatshirt"),
    ("shoes my kid can put on alone", "kids_sneakers"),
    ("I need shoes for rainy days", "rain_boots"),
    ("a cool shirt for a summer holiday", "linen_shirt cotton_tee"),
    ("trousers for a job interview", "slacks"),
    ("comfortable shoes, I stand all day at work", "running_shoes"),
    ("my room is so dry in winter, what do you suggest", "humidifier"),
    ("something that smells nice and helps me relax", "soy_candle"),
    ("a small Secret Santa gift under 20,000 won", "knit_gloves cotton_socks cotton_tee"),
    ("gloves I can use my phone with", "knit_gloves"),
    ("an elegant gift for mother-in-law", "silk_scarf cashmere_knit leather_crossbody wool_coat"),
    ("a blanket for the sofa", "fleece_blanket"),
    ("shoes to start jogging", "running_shoes"),
    ("a gift for a coffee lover", "mug_set"),
    ("recommend jeans", "jeans"),
    ("a wallet for my boyfriend's graduation", "card_wallet"),
    ("I get cold easily, a light but warm jacket?", "light_puffer wool_coat"),
    ("recommend me a car", ""),
    ("which smartphone should I buy", ""),
    ("a good restaurant nearby", ""),
    ("dog food please", ""),
)  # fmt: skip

_TABLES: dict[Language, tuple[tuple[str, str], ...]] = {"ko": _KOREAN, "en": _ENGLISH}

ROWS = tuple(
    Row(language, wish, tuple(right.split()))
    for language, rows in _TABLES.items()
    for wish, right in rows
)


def measured(language: Language) -> tuple[Row, ...]:
    """Return the rows of a language that chose nothing."""
    return tuple([row for row in ROWS if row.language == language][1::2])


def choosing(language: Language) -> tuple[Row, ...]:
    """Return the rows of a language that constants were chosen with."""
    return tuple([row for row in ROWS if row.language == language][::2])
