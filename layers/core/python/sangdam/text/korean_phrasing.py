"""The same thing said otherwise in Korean: politer, more casually, with fewer particles."""

from __future__ import annotations

from random import Random

from sangdam.text.korean import FIRST_SYLLABLE, TAILS
from sangdam.text.lazy import lazy_pattern

_END = lazy_pattern(r"[\s.?!~,^…ㅋㅎㅠㅜㅡ]*$")
_WORD = lazy_pattern("[가-힣]+")

# The end of a sentence and what may stand in its place; the first that fits is taken.
_ENDINGS: tuple[tuple[str, str], ...] = (
    ("부탁드립니다", "부탁드려요/부탁해요/부탁드릴게요/부탁합니다/부탁"),
    ("부탁드려요", "부탁드립니다/부탁해요/부탁드릴게요/부탁"),
    ("부탁해요", "부탁드려요/부탁드립니다/부탁해/부탁"),
    ("부탁해", "부탁해요/부탁드려요/부탁드립니다"),
    ("주실 수 있나요", "주실 수 있을까요/주실 수 있어요/주시겠어요/주세요/줄 수 있어"),
    ("주실 수 있을까요", "주실 수 있나요/주실 수 있어요/주시겠어요/주세요/줄 수 있어"),
    ("주실래요", "주세요/주시겠어요/줄래요/줄래"),
    ("주시겠어요", "주세요/주실래요/주실 수 있나요/줄래요"),
    ("주시겠습니까", "주세요/주시겠어요/주실 수 있나요/주십시오"),
    ("주십시오", "주세요/주시기 바랍니다/주시겠어요"),
    ("주세요", "주세여/주셔요/주십시오/주시겠어요/주실래요/줘요/줘"),
    ("줄 수 있어", "줄 수 있어요/줄래/주세요/주실 수 있나요"),
    ("줄래요", "줄래/주실래요/주세요"),
    ("줄래", "줄래요/줘/주세요"),
    ("줘요", "줘/주세요/주실래요"),
    ("줘라", "줘/주라/주세요"),
    ("줘", "줘요/주라/주세요/줄래"),
    ("싶습니다", "싶어요/싶은데요/싶어/싶다/싶음"),
    ("싶은데요", "싶어요/싶은데/싶습니다"),
    ("싶은데", "싶어/싶은데요/싶어요"),
    ("싶어요", "싶습니다/싶은데요/싶어/싶다/싶음"),
    ("싶어", "싶어요/싶은데/싶다/싶음/싶습니다"),
    ("싶다", "싶어/싶어요/싶음"),
    ("있습니까", "있나요/있어요/있어/있나/있음"),
    ("있나요", "있어요/있습니까/있을까요/있어/있나/있냐"),
    ("있을까요", "있나요/있어요/있을까"),
    ("있어요", "있나요/있습니까/있어/있나"),
    ("있냐", "있어/있나요/있니"),
    ("있니", "있어/있나요/있냐"),
    ("있어", "있어요/있나요/있나/있니"),
    ("됩니까", "되나요/돼요/될까요/돼/되나"),
    ("되나요", "돼요/됩니까/되는지요/돼/되나/되냐"),
    ("되냐", "돼/되나요/되니"),
    ("될까요", "되나요/돼요/될까"),
    ("될까", "될까요/되나/돼"),
    ("돼요", "되나요/돼/돼여/됩니까"),
    ("인가요", "이에요/인가/인지요/입니까"),
    ("는가요", "나요/는지요/는가"),
    ("거예요", "건가요/거죠/거야/거에요/건가"),
    ("거죠", "거예요/건가요/거지"),
    ("건가요", "거예요/거죠/건가/거야"),
    ("거야", "거예요/건가요/거죠/건가"),
    ("얼마예요", "얼마인가요/얼마죠/얼마에요/얼마입니까/얼마야/얼마"),
    ("얼마인가요", "얼마예요/얼마죠/얼마야/얼마"),
    ("얼마야", "얼마예요/얼마인가요/얼마임/얼마"),
    ("뭐예요", "뭔가요/뭐죠/뭐에요/뭐야/뭐임"),
    ("뭔가요", "뭐예요/뭐죠/뭐야/뭔가"),
    ("뭐야", "뭐예요/뭔가요/뭐지/뭐임"),
    ("무엇인가요", "뭔가요/뭐예요/무엇입니까/뭐야"),
    ("언제예요", "언제인가요/언제죠/언제에요/언제야"),
    ("어디예요", "어디인가요/어디죠/어디에요/어디야"),
    ("어떻게 해요", "어떻게 하나요/어떻게 하죠/어떻게 해/어떡해요"),
    ("어떻게 하나요", "어떻게 해요/어떻게 하죠/어떻게 합니까/어떻게 해"),
    ("알려주라", "알려줘/알려주세요"),
    ("할게요", "하겠습니다/할게/할께요"),
    ("하겠습니다", "할게요/할래요/합니다"),
    ("할래요", "할게요/하고 싶어요/할래"),
    ("할래", "할래요/할게/하고 싶어"),
    ("합니까", "하나요/해요/하죠/해"),
    ("하나요", "해요/하죠/합니까/하나/해"),
    ("하냐", "해/하나요/하니"),
    ("하니", "해/하나요/하냐"),
    ("감사합니다", "감사해요/고맙습니다/감사"),
    ("합니다", "해요/함/해"),
    ("됩니다", "돼요/됨/돼"),
    ("해요", "합니다/해/해여"),
    ("네요", "네/네여"),
    ("는데요", "는데/는데여/는데용"),
    ("은데요", "은데/은데여"),
    ("던데요", "던데"),
    ("지요", "죠/지"),
    ("죠", "지/지요/죵"),
    ("까요", "까/까여"),
    ("나요", "나/나여/냐"),
)
_AFTER_PAST = ("어요", "어", "음", "다", "어용", "어여")
_POLITE = lazy_pattern(
    "(?<=[가-힣])(?:아요|어요|여요|와요|워요|려요|져요|켜요|춰요|떠요|봐요|가요|세요)$"
)

_OBJECT, _SUBJECT, _TOPIC = ("을", "를"), ("이", "가"), ("은", "는")
_TOGETHER = (("과", "와"), ("이랑", "랑"), ("하고", "하고"))
_DIRECTION = ("으로", "로")
_PAIRS = (_OBJECT, _SUBJECT, _TOPIC, *_TOGETHER[:2], _DIRECTION)
_TO_PERSON = ("한테", "에게")
_OF_VERBS = frozenset("하되있없시오보주나지리키쓰않싶받찾르치들드려서내해가라와")
"""Before 은, 는, 이 and 가 these end a verb (``취소하는``), not a noun."""

_CLUSTERS = frozenset("ㅆㅄㄶㅀ")
_KEPT = frozenset(
    "어린이 고양이 가을 마을 오늘은 지금은 무엇을 괜찮은 누군가 언젠가 어딘가".split()
)


def other_ending(text: str, draw: Random) -> str:
    """Return the sentence with another ending of the same meaning, politer or more casual.

    ``취소해 주세요`` -> ``취소해 줘``, ``됩니까`` -> ``되나요``; the same text where no rule fits.
    """
    tail = _END.search(text)
    at = tail.start() if tail is not None else len(text)
    said, after = text[:at], text[at:]
    for ending, others in _ENDINGS:
        if said.endswith(ending):
            kept = said[: -len(ending)]
            return f"{kept}{draw.choice(others.split('/'))}{after}"
    if said.endswith("습니다") and len(said) > 3:
        stem = said[:-3]
        if _final(stem[-1]) in ("ㅆ", "ㅄ"):
            return stem + draw.choice(_AFTER_PAST) + after
    if said.endswith("입니다") and len(said) > 3:
        stem = said[:-3]
        copulas = ("이에요", "이야", "임") if _final(stem[-1]) else ("예요", "야", "임")
        return stem + draw.choice(copulas) + after
    if _POLITE.search(said):
        return said[:-1] + draw.choice(("", "여", "용")) + after
    return text


def other_particles(text: str, draw: Random) -> str:
    """Return the sentence with one particle left out, or another in its place.

    ``배송비를 알려줘`` -> ``배송비 알려줘``, ``친구에게`` -> ``친구한테``. Only particles that
    agree with the syllable before them are touched: many words merely end like one.
    """
    places = [word for word in _WORD.finditer(text) if _particle(word[0]) is not None]
    if not places:
        return text
    word = draw.choice(places)
    found = _particle(word[0])
    assert found is not None
    stem = word[0][: -len(found)]
    return text[: word.start()] + stem + draw.choice(_instead(stem, found)) + text[word.end() :]


def agreeing(text: str, at: int) -> str:
    """Return the text with the particle that begins at a place made to agree with what is before.

    >>> agreeing("반품를 해주세요", 2), agreeing("주문으로", 2)
    ('반품을 해주세요', '주문으로')
    """
    if not 0 < at < len(text) or not "가" <= text[at - 1] <= "힣":
        return text
    final = _final(text[at - 1])
    rest = text[at:]
    for closed, open_ in sorted(_PAIRS, key=lambda pair: -len(pair[0])):
        for one in (closed, open_):
            after = rest[len(one) : len(one) + 1]
            if rest.startswith(one) and not "가" <= after <= "힣":
                is_open = not final or (closed == "으로" and final == "ㄹ")
                return text[:at] + (open_ if is_open else closed) + rest[len(one) :]
    return text


def _final(syllable: str) -> str:
    code = ord(syllable) - FIRST_SYLLABLE
    return TAILS[code % 28] if 0 <= code < 11172 else ""


def _particle(word: str) -> str | None:
    """Return the particle a word ends in, if it is safe to say that it is one."""
    if word in _KEPT:
        return None
    for particle in _TO_PERSON:
        if word.endswith(particle) and len(word) > len(particle):
            return particle
    for closed, open_ in (("이랑", "랑"), _OBJECT, _SUBJECT, _TOPIC, ("과", "와")):
        for one in (closed, open_):
            stem = word[: -len(one)]
            if not word.endswith(one) or len(stem) < 2:
                continue
            final = _final(stem[-1])
            if bool(final) != (one == closed) or final in _CLUSTERS:
                return None
            if (closed, open_) in (_SUBJECT, _TOPIC) and stem[-1] in _OF_VERBS:
                return None
            return one
    return None


def _instead(stem: str, particle: str) -> list[str]:
    place = 0 if _final(stem[-1]) else 1
    if particle in _TO_PERSON:
        return [other for other in _TO_PERSON if other != particle]
    if particle in ("과", "와", "이랑", "랑"):
        return [pair[place] for pair in _TOGETHER if pair[place] != particle]
    if particle in _SUBJECT:
        return ["", _TOPIC[place]]
    return [""]
