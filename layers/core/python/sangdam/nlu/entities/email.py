"""Mail addresses, typed or spoken: ``hong@naver.com``, ``hong 골뱅이 네이버 닷컴``.

A value is the address in lower case. Only Latin addresses are known; one with a broken part is
none. A domain one slip away from a common one (``gmial.com``) has both readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sangdam.nlu.entities.choice import distance, is_denied
from sangdam.nlu.entities.expression import LIMIT, found
from sangdam.nlu.entities.reading import Found
from sangdam.text.lazy import lazy_pattern

_MOST_LOCAL = 64
_MOST_DOMAIN = 255

_DOMAINS = {
    "네이버": "naver", "지메일": "gmail", "구글메일": "gmail", "다음": "daum", "한메일": "hanmail",
    "카카오": "kakao", "네이트": "nate", "야후": "yahoo", "핫메일": "hotmail", "아웃룩": "outlook",
    "아이클라우드": "icloud",
}  # fmt: skip
_ENDINGS = {
    "컴": "com", "콤": "com", "넷": "net", "오알지": "org", "씨오": "co", "케이알": "kr",
    "에이씨": "ac",
}  # fmt: skip
_WHOLE = {"네이버": "naver.com", "지메일": "gmail.com", "구글메일": "gmail.com"}
"""Services said without an ending, that have only one."""

_COMMON = (
    "naver.com", "gmail.com", "daum.net", "hanmail.net", "kakao.com", "nate.com", "yahoo.com",
    "yahoo.co.kr", "hotmail.com", "outlook.com", "outlook.kr", "icloud.com",
)  # fmt: skip
_ALSO_REAL = frozenset(("mail.com", "ymail.com", "email.com", "me.com"))

_AT = lazy_pattern(r" ?@ ?| ?골뱅이 ?| at ")
_LOCAL_END = lazy_pattern(r"[a-z0-9._%+'-]{1,64}$")
_LOCAL = lazy_pattern(r"[a-z0-9_%+-]+(?:['.][a-z0-9_%+-]+){0,12}")
_LABEL = lazy_pattern(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TOP = lazy_pattern("[a-z]{2,24}")
_SPOKEN_SIGN = lazy_pattern(
    r"(?:^|(?<=[^a-z0-9]))(?P<word>[a-z0-9]+)"
    r"(?P<sign> ?(?:점|쩜|닷|언더바|밑줄|하이픈|대시) ?| dot | underscore | dash | hyphen )$"
)
_SIGNS = {
    "점": ".", "쩜": ".", "닷": ".", "dot": ".", "언더바": "_", "밑줄": "_", "underscore": "_",
    "하이픈": "-", "대시": "-", "dash": "-", "hyphen": "-",
}  # fmt: skip
_NAME = lazy_pattern(f"(?P<typed>[a-z0-9-]+)|(?P<spoken>{'|'.join(_DOMAINS)})")
_DOT = lazy_pattern(r"(?P<typed> ?\. ?)|(?P<spoken> ?[닷쩜점] ?| dot )")
_PART = lazy_pattern(f"(?P<typed>[a-z0-9-]+)|(?P<spoken>{'|'.join(_ENDINGS)})")
_HANGUL_BEFORE = lazy_pattern("(?:은|는|이|가|로|주소|메일|:)$")
_CUE = lazy_pattern(r"(?:^|\b(?:is|it's|its|e-?mail|mail|address|to|but|and)[:,]? |[:,] )$")
_NO_LOCAL = frozenset(
    "me us i im am is it you we he she they look found reach contact bought ordered saw here be "
    "not mail email address website site online".split()
)


def find(text: str) -> tuple[Found, ...]:
    """Return the mail addresses in a text, at most ``LIMIT``, in order of place.

    An address of which signs were spoken has a confidence below 1; a denied one is none.
    """
    results: list[Found] = []
    end = 0
    for at in _AT.finditer(text):
        address = _address(text, at) if at.start() >= end else None
        if address is None:
            continue
        start, end, local, domain, sure = address
        if start < (results[-1].end if results else 0) or is_denied(text, start, end):
            continue
        one = found(start, end, _readings(local, domain, sure))
        if one is not None:
            results.append(one)
        if len(results) >= LIMIT:
            break
    return tuple(results)


def _address(text: str, at: re.Match[str]) -> tuple[int, int, str, str, float] | None:
    """Return the address around an at sign: span, local part, domain and confidence."""
    local = _local_before(text, at)
    if local is None:
        return None
    start, name = local
    domains = list(_domains_after(text, at.end()))
    if not domains:
        return None
    end, domain, is_spoken = domains[-1]
    if re.match(r"[@_\w-](?<![가-힣])|\.[\w.-]|,[a-z]| ?(?:@|골뱅이)", text[end : end + 4]):
        return None
    if at[0] == " at ":  # a preposition, unless the rest is spelt out and nothing leads to it
        is_cued = _CUE.search(text[max(0, start - 12) : start]) is not None
        if not is_cued or not is_spoken or name in _NO_LOCAL:
            return None
    is_typed = text[start:end] == f"{name}@{domain}"
    return start, end, name, domain, 1.0 if is_typed else 0.9 if "@" in at[0] else 0.85


def _local_before(text: str, at: re.Match[str]) -> tuple[int, str] | None:
    match = _LOCAL_END.search(text[max(0, at.start() - _MOST_LOCAL) : at.start()])
    if match is None:
        return None
    name = match[0].lstrip(".'")
    start = at.start() - len(name)
    for _ in range(4):
        said = _SPOKEN_SIGN.search(text[max(0, start - 48) : start])
        if said is None:
            break
        name = said["word"] + _SIGNS[said["sign"].strip()] + name
        start -= len(said[0])
    if not _LOCAL.fullmatch(name) or len(name) > _MOST_LOCAL:
        return None
    return (start, name) if _may_begin(text, start, name) else None


def _may_begin(text: str, start: int, name: str) -> bool:
    before = text[max(0, start - 3) : start]
    if not before:
        return True
    if "가" <= before[-1] <= "힣":
        return _HANGUL_BEFORE.search(before) is not None
    if before[-1].isalnum() or before[-1] in "_%+-@":
        return False
    is_spelt_out = len(name) == 1 and re.search("(?:^| )[a-z0-9] $", before)
    return not is_spelt_out


def _domains_after(text: str, start: int) -> Iterator[tuple[int, str, bool]]:
    """Yield each longer domain that begins at a place: its end, name, and whether it is spoken."""
    name = _NAME.match(text, start, start + _MOST_DOMAIN)
    if name is None:
        return
    is_spoken = name["spoken"] is not None
    domain = _DOMAINS[name["spoken"]] if is_spoken else name["typed"]
    end = name.end()
    if not _LABEL.fullmatch(domain):
        return
    if is_spoken and name[0] in _WHOLE:
        yield end, _WHOLE[name[0]], True
    for depth in range(8):
        dot = _DOT.match(text, end, end + 8)
        part = _PART.match(text, dot.end(), dot.end() + 64) if dot is not None else None
        if dot is None or part is None:
            return
        if dot["typed"] and " " in dot[0] and (depth or not dot[0].startswith(" ")):
            return  # the end of a sentence
        is_spoken = is_spoken or dot["spoken"] is not None
        label = _ENDINGS[part["spoken"]] if part["spoken"] else part["typed"]
        if not _LABEL.fullmatch(label):
            return
        domain, end = f"{domain}.{label}", part.end()
        if _TOP.fullmatch(label):
            yield end, domain, is_spoken


def _readings(local: str, domain: str, sure: float) -> Iterator[tuple[str, float]]:
    """Yield the address, and what it may be a slip of."""
    meant = None
    if domain not in _COMMON and domain not in _ALSO_REAL:
        near = (known for known in _COMMON if distance(domain, known, most=1) == 1)
        meant = next(near, None)
    if meant is None:
        yield f"{local}@{domain}", sure
    else:
        yield f"{local}@{meant}", 0.6 * sure
        yield f"{local}@{domain}", 0.4 * sure
