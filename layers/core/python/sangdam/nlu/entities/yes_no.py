"""Agreement and refusal in all their politeness: ``네``, ``그렇게 해 주세요``, ``no thanks``.

A value is ``yes`` or ``no``. The answer is what a message begins with, small words aside. One that
says both, doubts (``글쎄요``) or asks back (``네?``) is no answer. Where more follows (``네, 근데
시간 바꿀 수 있어요?``) the confidence is at most ``WITH_MORE``, and for most words nothing is found
at all; only above that is it a plain answer. ``괜찮아요`` and ``됐어요`` have both readings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sangdam.nlu.entities.expression import found
from sangdam.nlu.entities.reading import Found
from sangdam.text.lazy import lazy_pattern

LIMIT = 1
"""A message is one answer or none."""

WITH_MORE = 0.6
"""Most confidence of an answer that more follows."""

_WITH_BUT = 0.4
_LEADS_ON = 0.95
_MOST_UNITS = 40

Kind = Literal["yes", "no", "either", "filler"]

_DO = (
    "(?:해 ?(?:주세요|주십시오|줘요?|줄래요)|해요|할게요|할께요|할래요|하겠습니다|하죠|합시다|하자)"
)
_REFUSE = (
    "(?:할래요?|할게요?|할께요?|할 ?거(?:예요|에요)|하려고요|해도 돼요|해요?|합니다|하겠습니다|함|"
    "살래요|갈래요)"
)
_DEED = "(?:예약|주문|구매|결제|신청|진행|취소|변경|환불|교환|등록)(?:은|는|을|를)? ?"
_SO = "(?:그렇게|그대로|이대로|그걸로|그거로|이걸로|바로)"
_NOT_GOING = "않(?:아요?|습니다|은데요)"

# How surely each expression says what it says; for `either`, how probable a yes is. An expression
# below _LEADS_ON begins many a sentence that is no answer: `아니 왜 이렇게 늦어요`, `right now`.
_EXPRESSIONS: tuple[tuple[Kind, float, str], ...] = (
    ("yes", 1.0, "[네넵넹넴녜예옙]{1,3}|네엡|네에|응응?|웅|엉|으응|그럼요|ㅇㅇ|ㅇㅋ"),
    ("yes", 0.9, "[👍👌🙆]|예스|맞는 ?[것거] ?같아요|좋을 ?[것거] ?같아요|y"),
    ("no", 0.9, "[👎🙅]|n"),
    (
        "yes", 0.95,
        "오케이|오키|오케|당연하죠|당연하지요?|당연합니다|당연히요|당근이죠|"
        "물론이(?:죠|에요|지요)|물론입니다",
    ),
    (
        "yes", 0.95,
        "맞아요?|맞습니다|맞죠|맞음|맞네요|정확해요|정확합니다|그렇습니다|그렇죠|그쵸|그럴게요|"
        "그렇지",
    ),
    ("yes", 0.95, f"{_SO}(?: ?진행)? ?{_DO}|진행 ?(?:{_DO}|부탁드려요|부탁드립니다|부탁해요)"),
    (
        "yes", 0.9,
        "좋아요?|좋습니다|좋죠|좋지|좋네요|좋은데요|굿|그래요|그러죠|그럽시다|그러세요|"
        "그러자|ㄱㄱ|고고|콜",
    ),
    (
        "yes", 0.8,
        f"{_DO}|부탁(?:해요|드려요|드립니다|드릴게요|합니다)|동의(?:해요|합니다)?|물론|당근",
    ),
    (
        "yes", 0.7,
        "알겠습니다|알겠어요|알았어요|확인했습니다|확인했어요|있어요|있습니다|그래|그럼|ㅇ",
    ),
    ("yes", 0.6, "어"),
    ("no", 1.0, "아니요|아니오|아뇨|아녀|아뇽|아니[에예]요|아녜요|아닙니다|아니야|ㄴㄴ|노노|놉"),
    ("no", 0.9, "아니|아님|아닌데요?|아니라고요|아니거든요|아닌 ?[것거] ?같아요|노|ㄴ"),
    (
        "no", 0.9,
        "싫어요?|싫습니다|싫은데요|시러요?|(?:거절|사양)(?:할게요|합니다|하겠습니다)|"
        f"안 ?{_REFUSE}",
    ),
    ("no", 0.9, "하지 ?마(?:세요|요|십시오)?|하지 ?말아 ?(?:주세요|줘요?)|하지 ?않을(?:게요|래요)"),
    ("no", 0.7, f"{_DEED}(?:안 ?{_REFUSE}|하지 ?않을(?:게요|래요))"),
    (
        "no", 0.9,
        "필요 ?없(?:어요?|습니다|는데요)|그만할게요|그만둘게요|"
        f"(?:동의|원)하지 ?{_NOT_GOING}|동의 ?안 ?해요",
    ),
    (
        "no", 0.9,
        "틀려요|틀렸어요|틀립니다|틀렸습니다|달라요|안 ?맞아요?|"
        f"(?:맞|그렇|좋)지 ?{_NOT_GOING}|안 ?좋아요?",
    ),
    ("no", 0.85, "안 ?돼요?|안 ?됩니다|별로(?:예요|에요|요|입니다)"),
    (
        "no", 0.7,
        "없어요|없습니다|없는데요|(?:나중에|다음에) ?(?:할게요|하겠습니다|할래요)|아직요|"
        "아직이요|아직 ?아니에요",
    ),
    ("either", 0.45, "괜찮아요?|괜찮습니다|괜찮은데요|됐어요?|됐습니다|됐네요|되었습니다|됐고요"),
    ("either", 0.6, "상관 ?없(?:어요?|습니다|는데요)|no worries|it's (?:ok|okay|fine|alright)"),
    (
        "filler", 1.0,
        "아|음|앗|오|와|저|저는|전|난|나는|그냥|너무|정말|진짜|완전|아주|다|지금은?|이제|"
        "일단|그건|그거|이건|뭐",
    ),
    (
        "filler", 1.0,
        "우선|그렇다면|감사합니다|감사해요|고마워요|고맙습니다|땡큐|수고하세요|안녕하세요|"
        "[ㅋㅎㅠㅜ]+",
    ),
    (
        "yes", 1.0,
        "yes sir|yes (?:i do|it is|i am)|yes|yess|yeah|yep|yup|yea|yah|affirmative|aye|"
        "uh[- ]?huh|mhm",
    ),
    (
        "yes", 0.95,
        "sure thing|sure|of course|absolutely|definitely|certainly|by all means|please do|"
        "(?:please )?go ahead",
    ),
    (
        "yes", 0.95,
        "(?:that's|that is|it's|it is) (?:correct|right|true)|agreed|i agree|i accept|"
        "i confirm|sounds (?:good|great)",
    ),
    (
        "yes", 0.95,
        "ok|okay|okey|okie|kk|alright|all right|yes please|no problem at all|no problem|"
        "that works|works for me",
    ),
    (
        "yes", 0.9,
        "correct|exactly|confirmed|k|ya|looks good|deal|i do|i would|i'd love to|"
        "(?:let's |please )?do (?:it|that|so)",
    ),
    (
        "yes", 0.9,
        "let's go|(?:please )?proceed|no doubt|no objections?|no issues?|"
        "(?:that's|that is) (?:fine|ok|okay|good|great|perfect)",
    ),
    (
        "yes", 0.8,
        "(?:i )?(?:don't|do not) mind|i think so|i believe so|i guess so|why not|perfect|"
        "great|good|fine|right|please",
    ),
    ("yes", 0.7, "not bad|not a problem"),
    (
        "no", 1.0,
        r"no(?= ?[,!;~-]| ?\.(?! ?\d)| ?$"
        r"| (?:i|i'm|i'd|it|it's|that|that's|this|we|you|the|but|sorry|not|don't|yes)\b)",
    ),
    (
        "no", 1.0,
        "no no|nope|nah|nay|no thanks|no thank you|no thx|no sir|uh[- ]uh|"
        "no i (?:don't|do not)|no it (?:isn't|is not)",
    ),
    (
        "no", 0.95,
        "not really|of course not|absolutely not|definitely not|certainly not|no way",
    ),
    (
        "no", 0.95,
        "i don't think so|i do not think so|"
        "(?:that's|that is|it's|it is) (?:not (?:correct|right|true)|wrong|incorrect)",
    ),
    (
        "no", 0.9,
        "(?:please )?(?:don't|dont|do not)(?: do (?:it|that|so)| go ahead| proceed)?(?: please)?|"
        "not (?:correct|right|true)",
    ),
    (
        "no", 0.9,
        "i don't|i do not|i'm not|it isn't|it's not|wrong|incorrect|negative|never|"
        "(?:i'd )?rather not|i disagree|not interested|no need",
    ),
    ("no", 0.9, "i don't want (?:to|it|that|this)|i don't agree|never ?mind|nvm|not necessary"),
    ("no", 0.8, "not now|not yet|not today|not this time|i pass|i'll pass|pass"),
    (
        "either", 0.45,
        "(?:i'm|i am|we're) (?:good|fine|ok|okay|alright|all set)|not at all|it's all right",
    ),
    (
        "filler", 1.0,
        "um+|uh|oh|ah|well|hm+|thanks|thank you (?:so|very) much|thank you|thx|just|so|"
        "then|hi|hello|bye|lol|haha|at all",
    ),
)  # fmt: skip

_END = r"(?=[^\w']|$|[ㅋㅎㅠㅜ])"
_PATTERNS = tuple((kind, sure, lazy_pattern(f"(?:{w}){_END}")) for kind, sure, w in _EXPRESSIONS)
_SAYS = {
    kind: lazy_pattern(
        r"(?<![\w'])(?:"
        + "|".join(words for said, sure, words in _EXPRESSIONS if said == kind and sure >= least)
        + f"){_END}"
    )
    for kind, least in (("yes", 0.95), ("no", 0.8))
}
_GAP = lazy_pattern(r"[^\w?👍👌🙆👎🙅]*")
_QUESTION = lazy_pattern(r" ?[~!.]{0,2} ?\?")
_BUT = lazy_pattern(r"근데|그런데|하지만|다만|그렇지만|\b(?:but|though|however|except)\b")
_DOUBTS = lazy_pattern(
    r"글쎄|모르겠|아마|생각해 ?볼|고민|잠깐|잠시|기다려|헷갈"
    r"|\b(?:maybe|perhaps|possibly|probably|not sure|don't know|dunno|idk|depends|think about"
    r"|hold on|wait|yeah,? right)\b"
)
# 네 개, 네 시: four of something.
_FOUR = lazy_pattern(
    " (?:개월|개|명|시간|시|분|사람|살|번째|번|장|잔|병|권|대|마리|달|가지|자리|박|그릇|접시|켤레|"
    "벌|통|팩|박스|쪽|곳|주|인분|배|식구|세트|군데|조각|줄|송이|상자)"
    "(?:$|[^가-힣]|이|요|을|를|은|는|만|씩|정도|으로|로|에|까지|부터|반|간|짜리|쯤|예약|주문)"
)


@dataclass(frozen=True, slots=True)
class _Unit:
    """An expression at a place of the text."""

    start: int
    end: int
    kind: Kind
    sure: float


def find(text: str) -> tuple[Found, ...]:
    """Return the answer that a text begins with: at most one.

    Its readings are ``yes``, ``no``, or both where the words are ambiguous.
    """
    units, rest = _head(text)
    said = [unit for unit in units if unit.kind != "filler"]
    if not said or _DOUBTS.search(text) or any(_QUESTION.match(text, unit.end) for unit in said):
        whole = text.strip(" ?!.~")
        return _answer(said, {"yes": 0.7}) if whole == "why not" else ()
    if any(
        text[unit.start : unit.end][-1] == "네" and _FOUR.match(text, unit.end) for unit in said
    ):
        return ()
    sure = _sure(said)
    if rest < len(text):
        if len(sure) != 1 or max(unit.sure for unit in said) < _LEADS_ON:
            return ()
        (value,) = sure
        if _SAYS["no" if value == "yes" else "yes"].search(text, rest):
            return ()
        sure = {value: _WITH_BUT if _BUT.search(text, rest) else WITH_MORE}
    return _answer(said, sure)


def _answer(said: list[_Unit], sure: dict[str, float]) -> tuple[Found, ...]:
    one = found(said[0].start, said[-1].end, sure.items()) if said else None
    return () if one is None else (one,)


def _sure(said: list[_Unit]) -> dict[str, float]:
    """Return how surely the expressions together mean each answer; nothing if they disagree."""
    kinds = {unit.kind for unit in said}
    if {"yes", "no"} <= kinds:
        return {}
    if "no" in kinds:  # 아니요, 괜찮아요
        return {"no": max(unit.sure for unit in said if unit.kind == "no")}
    if "either" not in kinds:
        return {"yes": max(unit.sure for unit in said)}
    chance = max(unit.sure for unit in said if unit.kind == "either")
    if "yes" in kinds:  # 네 괜찮아요: it suits me, or I need nothing
        chance = 0.6
    return {"yes": chance, "no": round(1 - chance, 2)}


def _head(text: str) -> tuple[list[_Unit], int]:
    """Return the expressions that a text begins with, and where the rest of it begins."""
    units: list[_Unit] = []
    place = 0
    while len(units) < _MOST_UNITS:
        gap = _GAP.match(text, place)
        place = gap.end() if gap else place
        unit = _unit_at(text, place)
        if unit is None:
            break
        units.append(unit)
        place = unit.end
        asked = _QUESTION.match(text, place)
        place = asked.end() if asked else place
    return units, place


def _unit_at(text: str, place: int) -> _Unit | None:
    """Return the longest expression at a place."""
    best: _Unit | None = None
    for kind, sure, pattern in _PATTERNS:
        match = pattern.match(text, place)
        if match is not None and (best is None or match.end() > best.end):
            best = _Unit(place, match.end(), kind, sure)
    return best
