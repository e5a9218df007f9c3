"""What may follow a value: Korean particles and endings glued to it, units that are not asked for.

``두 명이서요`` ends its word in particles; ``두 병원`` goes on, and is another word.
"""

from __future__ import annotations

from sangdam.text.lazy import lazy_pattern

_PARTICLES = (
    "은 는 이 가 을 를 도 만 의 로 으로 에 에서 에게 에는 와 과 랑 이랑 하고 까지 부터 보다 씩 "
    "정도 쯤 가량 짜리 어치 이나 나 밖에 뿐 요 이요 이여 예요 에요 이예요 이에요 입니다 "
    "이랍니다 임 임다 이용 욤 라고 이라고 인데 인데요 이고 이고요 고 고요 이구요 구요 이며 이면 면 "
    "되면 이라 라 이라서 라서 이네요 네요 네 이죠 죠 이지 지요 인가요 인가 일까요 이세요 이신데 "
    "이십니다 이시고 이었어요 였어요 이어서 여서 서 이서 처럼 이든 든 이라도 라도 에다가 에다 대로 "
    "거든요 이거든요 이니 니까 이니까 이니깐 해서 인분이 일 인 야 이야 이다 다 랑은 걸로 거로 "
    "거 꺼 것 건 걸 게"
).split()

# Words that a message without spaces goes on with.
_WORDS = (
    "예약 주문 부탁 주세 주실 할게 할께 갈게 갈께 갑니 가요 갈거 갈건 추가 취소 결제 환불 신청 "
    "구매 "
    "있어 있나 있습 필요 보내 사고 사려 살게 선택 변경 해주 하겠 원해 원합 더 다 모두 입장 참석 "
    "방문 "
    "묵을 묵고 이상 이하 미만 초과 이내 말고 아니 "
    "아이 어른 성인 소아 유아 어린이 대인 소인 청소년"
).split()


def _any_of(words: list[str]) -> str:
    return "|".join(sorted(set(words), key=len, reverse=True))


_PARTICLE = f"(?:{_any_of(_PARTICLES)})?"
_END = rf"(?![0-9a-z_가-힣])|(?={_any_of(_WORDS)})"
_ENDS = lazy_pattern(f"{_PARTICLE}{_PARTICLE}(?:{_END})")

_OTHER_UNIT = lazy_pattern(
    r" ?(?:(?P<korean>시간|개월|번지|학년|만원|천원|유로|달러|위안|파운드|리터|그램|킬로|미터"
    r"|센티|인치"
    r"|퍼센트|프로|단계|인용|인분|시|분|초|일|월|년|주|달|층|호|동|세|살|점|도|원|엔|불|평|퍼|할"
    r"|배|등"
    r"|위|대)"
    r"|(?:k|m|kg|g|mg|km|cm|mm|l|ml|kb|mb|gb|tb|kwh|v|w|mah|inch|inches|ft|lb|lbs|oz|hz|fps|x|won"
    r"|krw|usd|eur|jpy|dollars?|bucks|euros?|cents?|yen|percent|per cent|pct|am|pm|a\.m|p\.m"
    r"|o'clock|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|th|st|nd"
    r"|rd|miles?|pounds?|meters?|degrees?|floors?|stars?)(?![a-z])"
    r"|[%$€£¥₩°℃⁄/′″])"
)
_BOUND_AFTER = lazy_pattern(
    " ?(?:이상|이하|미만|초과|이내|까지|부터|넘|안팎|내외|남짓|여(?![가-힣])|여 |max|at most"
    "|at least|minimum"
    "|[+]|or (?:more|less|fewer|above|below)|plus)"
)
_BOUND_BEFORE = lazy_pattern(
    r"(?:최대|최소|적어도|많아도|(?<![a-z])(?:at least|at most|(?:more|less|fewer) than|under"
    r"|over|up to"
    r"|minimum(?: of)?|max(?:imum)?(?: of)?)) ?$"
)
_ABOUT_AFTER = lazy_pattern(" ?(?:정도|쯤|가량|or so)")
_ABOUT_BEFORE = lazy_pattern(
    "(?:(?<![가-힣])(?:약|대략|거의|한)|about|around|roughly|approximately|almost|nearly) ?$"
)
_REFUSED = lazy_pattern("(?:을|를|은|는|이|가|로)? ?(?:말고|아니고|아니라|아닌|빼고|제외)")
_NOT = lazy_pattern(r"(?:\bnot|\bexcept|\binstead of|n't)(?: the| a)? ?$")


def ends_word(text: str, at: int) -> bool:
    """Tell whether a value that ends here is the last of its word, particles aside."""
    return _ENDS.match(text, at) is not None


def is_measure(text: str, at: int) -> bool:
    """Tell whether a number that ends here counts what is no thing: hours, kilograms, won."""
    unit = _OTHER_UNIT.match(text, at)
    return unit is not None and (unit["korean"] is None or ends_word(text, unit.end()))


def is_refused(text: str, start: int, end: int) -> bool:
    """Tell whether a value is what is not wanted: ``두 명 말고``, ``not two``."""
    return (
        _REFUSED.match(text, end) is not None
        or _NOT.search(text[max(0, start - 16) : start]) is not None
    )


def is_bounded(text: str, start: int, end: int) -> bool:
    """Tell whether a value is the end of a range: ``열 명 이상``, ``at least ten``."""
    return (
        _BOUND_AFTER.match(text, end) is not None
        or _BOUND_BEFORE.search(text[max(0, start - 16) : start]) is not None
    )


def is_rough(text: str, start: int, end: int) -> bool:
    """Tell whether a value is no more than about right: ``열 명쯤``, ``about ten``."""
    return (
        _ABOUT_AFTER.match(text, end) is not None
        or _ABOUT_BEFORE.search(text[max(0, start - 16) : start]) is not None
    )
