"""Who comes along: ``저랑 남편 둘이요`` is two people, ``아이 둘이랑 저요`` three.

A number after a list of people is how many they are together, or how many of the last there are:
``저랑 아이 둘이요`` may be either and has both readings. Whoever writes belongs to the party, told
or not (``남편이랑 둘이요``); where that is not sure, both readings are given.
"""

from __future__ import annotations

import re
from typing import Literal

from sangdam.text.lazy import lazy_pattern

Sum = Literal["yes", "maybe", "no"]

_ME = "저|나|제가|내가"
# Whoever tells of a couple is one of it.
_US = "(?:(?:저희|우리) ?)?(?:부부|커플)"
# There is one of each, or two who are always told of together.
_ONE = (
    "남편|신랑|아내|와이프|집사람|부인|엄마|아빠|어머니|아버지|어머님|아버님|여자친구|남자친구|여친"
    "|남친|애인|예비 ?신부|예비 ?신랑|할머니|할아버지|장모님|장인어른|시어머니|시아버지"
)
_TWO = "부모님|시부모님"
# There may be several of them, so that a number may say how many.
_SOME = (
    "친구|동생|여동생|남동생|언니|누나|오빠|형|아이|애|애기|아기|아들|딸|이모|고모|삼촌|조카|손자"
    "|손녀|동료|선배|후배|사촌|일행|손님|어린이|어른"
)
_PERSON = f"(?:{_US}|{_ME}|{_TWO}|{_ONE}|{_SOME})"
_WITH = "(?:이랑|랑|하고|와|과|,)"
_IN_ALL = (
    "(?: ?(?:까지|포함)?(?:해서|하면|하여|합쳐서|합해서)| ?(?:까지|포함)"
    "|(?:이랑|랑|하고|와|과)? ?(?:이렇게|같이|함께|총|모두|전부|다))"
)
_WHO = lazy_pattern(_PERSON)

_BEFORE = lazy_pattern(
    rf"(?<![가-힣a-z])(?:{_PERSON}(?:{_WITH} ?| )){{0,7}}{_PERSON}(?P<joined>{_IN_ALL}|{_WITH})?"
    "(?: ?(?:다|총|모두|전부) ?해서)? ?$"
)
_POLITE = "(?:이?요|이?예요|이에요|입니다|이서요?|서요?)?"
_AFTER = lazy_pattern(
    rf" ?{_WITH} ?(?P<who>{_PERSON}(?:{_WITH} ?{_PERSON}){{0,5}})(?:까지|만|도|이)?{_POLITE}"
    r"(?= ?(?:$|[.!?~]|예약|갈|가요|갑니|이용|방문|부탁|해 ?주|할게|으로))"
)
_SORT = (
    "어른|성인|대인|소인|아이|애|애들|아기|애기|어린이|아동|소아|유아|영유아|청소년|학생|노인|어르신"
    "|남자|여자|남성|여성|남편|아내"
)
_ENGLISH_SORT = "adults?|child|children|kids?|infants?|toddlers?|baby|babies|seniors?"
_AND = "(?:이랑|랑|하고|와|과|에|그리고|및|(?<![a-z])(?:and|plus|with)(?![a-z])|[&+])"
_PLUS = f"(?:{_AND}|이고요?|이구요?|고요|이요|요|(?<![a-z])an?(?![a-z])|[,/.])"
_NEXT = lazy_pattern(rf" ?(?:{_PLUS} ?){{0,4}}(?P<sort>(?:{_SORT})(?:은|는|이|가|만|도)?:? ?)?")
_JOINED = lazy_pattern(_AND)
_OF_A_SORT = lazy_pattern(rf"(?:{_SORT})|[^a-z]*[a-z ]*?(?<![a-z])(?:{_ENGLISH_SORT})(?![a-z])")
_SORT_BEFORE = lazy_pattern(rf"(?<![가-힣])(?:{_SORT})(?:은|는|이|가|만|도)?:? ?$")
_ALL_BEFORE = lazy_pattern("(?:총|모두|전부|전체|합쳐서|합해서|해서|(?<![a-z])total(?: of)?) ?$")
_WITHIN = lazy_pattern(" ?(?:을|를|도|까지)? ?포함|,? ?(?:is |are )?included")
_LEFT = 48
"""Characters before a number, or between two, that are looked at."""

_ONLY = lazy_pattern(
    rf"(?P<who>{_PERSON}{_WITH} ?(?:{_PERSON}(?:{_WITH} ?| )){{0,5}}{_PERSON}){_POLITE}"
    " ?[.!~]{0,3}"
)
_KIN = (
    "husband|wife|mother|mom|mum|father|dad|son|daughter|brother|sister|friend|girlfriend"
    "|boyfriend|partner|fiancee?|kid|child|baby|colleague|boss"
)
_ENGLISH = lazy_pattern(
    rf"(?<![a-z])(?P<who>(?:me|i|myself) and my (?:{_KIN})|my (?:{_KIN}) and (?:me|i|myself)"
    r"|both of us|us both)(?![a-z'])(?! ?(?:,|and|&|plus|with|[+]))"
)


def with_others(text: str, start: int, end: int, said: int, *, is_count: bool) -> tuple[int, ...]:
    """Return how many people there may be where a number of them stands among others.

    Parameters
    ----------
    text
        A normalised text.
    start, end
        Where the number begins, and where it ends with its unit, if it has one.
    said
        The number.
    is_count
        Whether it counts people anyway, by its unit or a noun.

    Returns
    -------
    tuple[int, ...]
        The likeliest first; nothing where nobody else is told of, or no number fits.
    """
    after = _AFTER.match(text, end) if is_count else None
    if after is not None:
        named = _WHO.findall(after["who"])
        together = said + _heads(named)
        return (together,) if _has_me(named) else (together, together + 1)
    before = _BEFORE.search(text[max(0, start - _LEFT) : start])
    if before is None:
        return ()
    named = _WHO.findall(before[0])
    heads, is_told = _heads(named), _has_me(named)
    if before["joined"]:
        return (said,) if said >= 2 and said >= heads + (not is_told) else ()
    if len(named) == 1:
        return ()
    several = re.fullmatch(_SOME, named[-1]) is not None
    whole = (said,) if said >= max(2, heads) else ()
    if not several:
        return whole
    parts = said + _heads(named[:-1])
    each = (parts,) if is_told else (parts, parts + 1)
    likely = said == heads + (not is_told)
    return tuple(dict.fromkeys((*whole, *each) if likely else (*each, *whole)))


def listed(text: str) -> tuple[int, int, int] | None:
    """Return span and number of people of a text that says who comes, and nothing else.

    ``저랑 남편이요`` is two; ``남편이랑 아이요`` may be two or three, and is not told. In English
    ``me and my husband`` and ``both of us``, whatever else is said.
    """
    only = _ONLY.fullmatch(text)
    if only is not None:
        named = _WHO.findall(only["who"])
        return (0, only.end("who"), _heads(named)) if _has_me(named) else None
    english = _ENGLISH.search(text)
    return (english.start("who"), english.end("who"), 2) if english is not None else None


def in_all(text: str, first: tuple[int, int], second: tuple[int, int]) -> Sum:
    """Tell whether a count of people adds to the one before it: ``어른 둘, 아이 하나``.

    Both are spans of a normalised text. It does where both are of some sort of people, or the
    second is and ``and`` stands between them. With nothing but a comma it may be a part
    (``4명, 아이 1명``), and it is one where the first is told to be all, or the second to be
    among them. Without any sort it is as likely a correction (``두 명, 세 명이요``).
    """
    gap, said = text[first[1] : second[0]], text[slice(*second)]
    between = _NEXT.fullmatch(gap) if len(gap) <= _LEFT else None
    if between is None or not (between["sort"] or _OF_A_SORT.match(said)):
        return "no"
    left = text[max(0, first[0] - _LEFT) : first[0]]
    if _ALL_BEFORE.search(left) or _WITHIN.match(text, second[1]):
        return "no"
    is_sorted = _OF_A_SORT.match(text[slice(*first)]) or _SORT_BEFORE.search(left)
    return "yes" if is_sorted or _JOINED.search(gap) else "maybe"


def _heads(named: list[str]) -> int:
    return sum(2 if re.fullmatch(f"{_TWO}|{_US}", one) else 1 for one in named)


def _has_me(named: list[str]) -> bool:
    return any(re.fullmatch(f"{_ME}|{_US}", one) for one in named)
