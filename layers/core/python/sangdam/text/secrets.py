"""Secrets that nobody should type to a bot: card numbers, resident numbers and passwords.

They are looked for in the text as it was typed, since that is what is stored. Not found: numbers
that are spelled out, that are wrong by a digit (a card fails its check sum), that lack their last
digits, or that other signs than spaces, hyphens, dots and commas part; a password that nothing
calls one, or that has neither a digit nor a sign and stands behind no colon; Korean written in
loose letters. The code of a front door or a Wi-Fi is no secret: couriers and guests are given it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from sangdam.text.lazy import lazy_pattern

SecretKind = Literal["card_number", "resident_number", "password"]
SECRET_KINDS: tuple[SecretKind, ...] = get_args(SecretKind)

_TAIL = 4
"""How many digits of a card may stay: enough to tell one's cards apart, and for nothing else."""
_ROUNDS = 4

# One character for one, so that places in the folded text are places in the text.
_FOLDED = {0xFF01 + index: 0x21 + index for index in range(94)} | {
    ord(sign): ord("-") for sign in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u3161"
} | {ord(sign): ord(" ") for sign in "\u00a0\u2007\u2009\u202f\u3000\t\n\r"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret in a text: what it is, and where it stands (``text[start:end]``)."""

    kind: SecretKind
    start: int
    end: int


def find_secrets(text: str, kinds: Sequence[str]) -> tuple[Secret, ...]:
    """Return the secrets of these kinds in a text as it was typed, in order of place.

    They may overlap, where a card's number is called a password. What is left of the text when
    they are masked holds no others. Takes time in proportion to the length of the text, and
    never raises.
    """
    found: list[Secret] = []
    rest = text
    for _ in range(_ROUNDS):
        new = _without_overlaps(_all(rest.translate(_FOLDED), kinds))
        if not new:
            break
        found += new
        rest = masked(rest, new)
    return tuple(sorted(found, key=lambda one: one.start))


def masked(text: str, secrets: Sequence[Secret]) -> str:
    """Return the text with stars for the letters and digits of its secrets, as long as before.

    A card keeps its last four digits, and signs between digits stay.

    >>> masked("4111-1111-1111-1111", find_secrets("4111-1111-1111-1111", ["card_number"]))
    '****-****-****-1111'
    """
    letters = list(text)
    for secret in secrets:
        places = range(secret.start, secret.end)
        if secret.kind != "password":
            places_of_digits = [place for place in places if text[place].isdigit()]
            kept = _TAIL if secret.kind == "card_number" else 0
            for place in places_of_digits[: len(places_of_digits) - kept]:
                letters[place] = "*"
        else:
            for place in places:
                letters[place] = "*"
    return "".join(letters)


def _all(text: str, kinds: Sequence[str]) -> Iterator[Secret]:
    if "resident_number" in kinds:
        yield from _resident_numbers(text)
    if "card_number" in kinds:
        yield from _cards(text)
    if "password" in kinds:
        yield from _passwords(text)


def _without_overlaps(secrets: Iterator[Secret] | Sequence[Secret]) -> list[Secret]:
    """Return the secrets of which the first of those that overlap stays."""
    kept: list[Secret] = []
    taken: set[int] = set()
    for secret in secrets:
        places = range(secret.start, secret.end)
        if taken.isdisjoint(places):
            kept.append(secret)
            taken.update(places)
    return kept


# Resident registration numbers, those of foreigners among them: 900101-1234567

_RESIDENT = lazy_pattern(r"(?<!\d)(\d\d)(\d\d)(\d\d)( ?[-.~]? ?)([1-8])\d{6}(?!\d)")
_OF_OTHERS = lazy_pattern(
    r"계좌|통장|송장|운송장|주문|결제 ?번호|account|order|tracking|invoice", re.I
)
_OF_PEOPLE = lazy_pattern(r"주민|민증|등록 ?번호|외국인|resident|rrn|arc\b", re.I)
_NEAR = 16


def _resident_numbers(text: str) -> Iterator[Secret]:
    for match in _RESIDENT.finditer(text):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        if not match[4] and _OF_OTHERS.search(before) and not _OF_PEOPLE.search(before):
            continue  # thirteen digits at a stretch are many things
        century = 1900 if int(match[5]) in (1, 2, 5, 6) else 2000
        if _is_date(century + int(match[1]), int(match[2]), int(match[3])):
            yield Secret("resident_number", *match.span())


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


# Card numbers: 13 to 19 digits of a known beginning whose check sum (Luhn) is right

_GROUP = lazy_pattern(r"\d+")
_BETWEEN = lazy_pattern(r"[ .,·_-]{1,3}")
_HIDDEN = lazy_pattern(r"\*[ .,·_-]{0,3}$")
_FEWEST_DIGITS, _MOST_DIGITS = 13, 19
_BEGINS: tuple[tuple[int, int, re.Pattern[str]], ...] = (
    (13, 13, lazy_pattern("4")),
    (14, 14, lazy_pattern("3(?:0[0-5]|[689])")),
    (15, 15, lazy_pattern("3[47]")),
    (16, 16, lazy_pattern("3[56]|[45689]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)")),
    (17, 19, lazy_pattern("4|5[06-9]|6")),
)
_FIRST_DIGITS = "2345689"
_SHAPES = frozenset({(4, 6, 5), (4, 6, 4), (6, 13), (6, 10), (6, 12), (6, 11)})


def _cards(text: str) -> Iterator[Secret]:
    run: list[re.Match[str]] = []
    for group in _GROUP.finditer(text):
        if run and not _BETWEEN.fullmatch(text, run[-1].end(), group.start()):
            yield from _cards_of(run)
            run = []
        if not run and _HIDDEN.search(text[max(0, group.start() - 4) : group.start()]):
            continue  # what is left of a card
        run.append(group)
    yield from _cards_of(run)


def _cards_of(run: Sequence[re.Match[str]]) -> Iterator[Secret]:
    """Yield the cards among groups of digits that only spaces, hyphens and the like part."""
    first = 0
    while first < len(run):
        last = _last_of_card(run, first)
        if last is None:
            first += 1
        else:
            yield Secret("card_number", run[first].start(), run[last].end())
            first = last + 1


def _last_of_card(run: Sequence[re.Match[str]], first: int) -> int | None:
    """Return the last group of the longest card number that begins with a group."""
    if run[first][0][0] not in _FIRST_DIGITS:
        return None
    digits = ""
    best = None
    for last in range(first, min(first + _MOST_DIGITS, len(run))):
        digits += run[last][0]
        if len(digits) > _MOST_DIGITS:
            break
        if len(digits) >= _FEWEST_DIGITS and _is_card(digits) and _is_shape(run[first : last + 1]):
            best = last
    return best


def _is_shape(groups: Sequence[re.Match[str]]) -> bool:
    """Tell whether people part card numbers like this: in fours, as on the card, or bit by bit."""
    sizes = tuple(len(group[0]) for group in groups)
    *most, last = sizes
    in_fours = all(size % 4 == 0 for size in most) and (not most or last <= 12)
    return in_fours or sizes in _SHAPES or all(size <= 2 for size in sizes)


def _is_card(digits: str) -> bool:
    if not any(
        low <= len(digits) <= high and begins.match(digits) for low, high, begins in _BEGINS
    ):
        return False
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * (1 + place % 2)
        total += doubled - 9 * (doubled > 9)
    return total % 10 == 0


# Passwords, where a text gives one: 비밀번호는 1234예요, pw: abcd12

_KEY = lazy_pattern(
    r"비밀 ?번호|비번|패스워드|암호|(?<![가-힣])핀 ?번호|인증 ?(?:번호|코드)|보안 ?코드"
    r"|(?<![a-z])(?:pass ?word|passwd|passcode|pass ?code|pwd|pw|pin|otp|cvc|cvv|cv2)"
    r"(?:[ -]?(?:number|code|no\.?))?(?![a-z])",
    re.I,
)
_OF_A_DOOR = lazy_pattern(
    r"(?:현관|출입|대문|도어락|자동문|입구|와이파이|wi-?fi|door|entrance|gate|lobby|building)"
    r"[가-힣]{0,3}[ -]{0,2}(?:의 )?$",
    re.I,
)
_MEANS = lazy_pattern(
    r"\s{0,3}(?:(?P<sure>(?:은|는|이|가|을|를)?\s?(?:[:=]|->|→)\s{0,2})"
    r"|(?:은|는|이|가|을|를)\s{0,2}(?:제가 |바로 )?|\s?(?:is|was|its|it's)\s{1,2}(?:now )?"
    r"|\s?)[\"'“‘]?",
    re.I,
)
_TOKEN = lazy_pattern(r"[!-~]{3,64}")
_ENDS = lazy_pattern(
    r"(?=$|[\s\"'”’]|(?:이에요|예요|에요|이요|요|입니다|이고|고|이야|야|임|인데|으로|로|이라|라고"
    r"|이거든|거든)"
    r"|(?:을|를|이|가|은|는|랑|하고|맞))"
)
_NO_PASSWORD = lazy_pattern(
    r"(?:\+?82[- .]?)?01\d[- .]?\d{3,4}[- .]?\d{4}|\d{8}-\d{4}|\S+@\S+\.\S+|(?:https?|www)\S*"
    r"|\d{4}-\d\d?-\d\d?|\d{3,4}/\d+|(?:forgot|lost|reset|change|help|wrong|none|null|same"
    r"|error)\w*",
    re.I,
)
_LETTERS_AND_OTHERS = lazy_pattern(r"(?=.*\d)|(?=.*[a-z])(?=.*[!@#$%^&*])", re.I)
_BACKWARDS = lazy_pattern(
    r"(?:^|(?<=[\s\"'“‘,:]))(?P<token>[!-~]{4,64}?)[\"'”’]?"
    r"(?:(?:이|가|은|는)? ?(?:제|내|저희|우리)|(?:\s+is)?\s+(?:my|the"
    r"|our))(?:\s+[가-힣a-z]{1,8})?\s{0,2}$",
    re.I,
)
_MOST_BEFORE = 100


def _passwords(text: str) -> Iterator[Secret]:
    for key in _KEY.finditer(text):
        if _OF_A_DOOR.search(text[max(0, key.start() - 16) : key.start()]):
            continue
        place = _after(text, key) or _before(text, key)
        if place is not None:
            yield Secret("password", *place)


def _after(text: str, key: re.Match[str]) -> tuple[int, int] | None:
    link = _MEANS.match(text, key.end())
    assert link is not None  # it may be empty
    token = _TOKEN.match(text, link.end())
    if token is None:
        return None
    said = token[0].rstrip(".,!?\"')~;:")
    end = token.start() + len(said)
    is_number = said.isdecimal() and len(said) <= 12
    fewest = 3 if key[0].lower().startswith(("cv", "보안")) else 4
    if len(said) < fewest or not any(map(str.isalnum, said)) or _NO_PASSWORD.fullmatch(said):
        return None
    if not _ENDS.match(text, end) and text[end : end + 1] not in ".,!?)~;:":
        return None
    if link["sure"] or is_number or _LETTERS_AND_OTHERS.match(said):
        return (token.start(), end)
    return None


def _before(text: str, key: re.Match[str]) -> tuple[int, int] | None:
    start = max(0, key.start() - _MOST_BEFORE)
    match = _BACKWARDS.search(text[start : key.start()])
    if match is None or _NO_PASSWORD.fullmatch(match["token"]):
        return None
    if not _LETTERS_AND_OTHERS.match(match["token"]):
        return None
    return (start + match.start("token"), start + match.end("token"))
