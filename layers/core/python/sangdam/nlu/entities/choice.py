"""Choices from a list of options: ``빨강으로요``, ``the deep blue one``, with synonyms and typos.

A value is the key of an option. A choice is a whole word, which Korean particles and endings may
follow; what is denied (``빨강 말고 파랑``, ``not the red one``) is no choice. A word that is nearly
one of the options is read so with less confidence; digits and the first letter must be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sangdam.bots.definition import EntityType
from sangdam.nlu.entities.expression import LIMIT, found
from sangdam.nlu.entities.reading import Found
from sangdam.text.korean import has_hangul, to_jamo
from sangdam.text.normalise import normalise

_TYPO_WORDS = 8
"""Typos are looked for in messages up to so many words: a longer one has other words to say."""

_NOUNS = "색상|색깔|색|컬러|사이즈|번|쪽|걸로|거로|거|것|꺼|건|게|자|짜리"
_PARTICLES = (
    "으로만|으로|로만|로|은|는|이랑|이나|이|가|을|를|도|만|에서|에|의|와|과|랑|하고|나|부터|까지"
)
_VERBS = (
    "할게요|할께요|할래요|하겠습니다|해주세요|해줘요?|주세요|줘요?|부탁(?:해요|드려요|드립니다)|"
    "선택할게요|선택합니다|선택|좋아요|좋겠어요|원해요|갈게요|고를게요|살게요|바꿔주세요|변경해주세요|"
    "있어요|있나요|되나요|가능한가요|맞아요|예약할게요|같아요"
)
_ENDINGS = (
    "이에요|이예요|예요|에요|입니다|이고요|이구요|이고|고요|구요|인데요|이라고요?|라고요?|이야|야|"
    "이죠|죠|인가요|일까요|이네요|이용|용|이여|이요|요|임"
)
_SUFFIX = re.compile(f"(?:{_NOUNS})?(?:{_PARTICLES})?(?:{_VERBS}|{_ENDINGS})?")
_OPENS_SUFFIX = re.compile("으로|이요|이에요|예요|입니다|말고|빼고|아니|보다|대신")
_SHORT_SUFFIX = re.compile(
    "(?:자|짜리|사이즈|번)?(?:이요|으로요|로요|으로|이에요|예요|입니다)|(?:자|짜리|사이즈|번)(?:로|요)?"
)
_BEFORE_SHORT = re.compile(
    r"(?:^|[은는요네예,.!] ?|(?:사이즈|색상|size|the|an?|in|take|want|choose|pick) )$"
)
_SYLLABLES = re.compile("[가-힣]{1,16}")
_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+){0,3}")
_ASCII = re.compile("[a-z0-9]")

_DENIED_AFTER = re.compile(
    f"(?:{_NOUNS})?(?:{_PARTICLES}|보다)?(?:는)?요?[?,]?"
    " ?(?:(?:좀|정말|진짜|너무|그냥|절대) )?"
    "(?:말고|빼고|제외|대신|아니(?!면|어도|더라도|시면)|아닌|아닙|아녜|싫|별로|필요 ?없|원하지 ?않|"
    "안 ?(?:할|하|해|돼|되|됩|사|살|원|좋|써|쓰))"
    "|보다"
    r"|(?: ones?\b| colou?r\b)?(?: is not\b| isn't\b| are not\b| aren't\b"
    r"|[?,]{0,2} no\b(?! problem))"
)
_DENIED_BEFORE = re.compile(
    r"(?:(?<!why )(?<!if )\b(?:not|no)|\bneither|\bnor|\bexcept(?: for)?|\bwithout|\bhate"
    r"|\b(?:anything|all) but|\binstead of|\brather than|\bother than"
    r"|n't(?: really)?(?: (?:want|like|need|take))?)"
    r"(?: (?:in|for|my|your))?(?: (?:the|an?|any))? $"
)
_JOIN_BEFORE = re.compile(f"(?:{_NOUNS})?(?:이나|나|도|과|와|이랑|랑|하고|이고|,|/)? ?")
_JOIN_AFTER = re.compile(r"(?: ones?)? (?:or|nor|and) (?:the |an? )?")

# Everyday words that are one slip away from many an option, and never a slip.
_EVERYDAY = frozenset(
    (
        "걱정 사랑 취소 주문 배송 환불 교환 예약 안녕 그냥 정말 진짜 이거 저거 그거 아니 하나 "
        "여기 저기 거기 오늘 내일 모레 지금 아침 점심 저녁 오전 오후 가격 얼마 언제 어디 무엇 "
        "감사 확인 문의 상담 변경 결제 about after again back been before being best block "
        "call came change check could does each from give good grant great greet grow have "
        "hello help here hers house just keep know last late like little live long look made "
        "make many mine more most much must name need next none only order other over place "
        "please price quite right same send shall should size some such sure take tell than "
        "thank thanks that their them then there these they thing think this those time today "
        "want well went were what when where which while whole will wish with work would "
        "write wrote year your yours blank blow glue grab grade grain grass bread breed ready "
        "really read road whose"
    ).split()
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A word of an option, spelt in letters, that others may be a typo of, and how far off."""

    place: int
    letters: str
    distinct: frozenset[str]
    most: int
    key: str


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The words of a list of options: option keys by word, what words begin with (up to the whole),
    and what a typo is compared with, by its digits and its first letter.
    """

    keys: Mapping[str, tuple[str, ...]]
    wanted: Mapping[tuple[str, str], Sequence[_Wanted]]
    opening: frozenset[str]
    beginnings: frozenset[str]
    longest: int
    most_words: int


_LEXICONS_KEPT = 64
_LEXICONS: dict[int, tuple[object, _Lexicon]] = {}
"""The lexicons of entities by the identity of their options, which are held so that no other
object can have it.
"""


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    choices: tuple[tuple[str, float], ...]


def find(text: str, options: Mapping[str, Sequence[str]]) -> tuple[Found, ...]:
    """Return the options named in a text, at most ``LIMIT``, in order of place.

    ``options`` maps an option's key to its synonyms; the key counts as one of them. Longer words
    win over shorter ones inside them. A word of several options, and a typo near several, has a
    reading for each. A typo has a confidence below 0.9: ask back, or show what was understood.
    """
    return _find(text, _lexicon(tuple((key, tuple(words)) for key, words in options.items())))


def find_option(text: str, entity: EntityType) -> tuple[Found, ...]:
    """Return the options of a ``choice`` named in a text, as :func:`find` does.

    What its words come to is kept as long as the entity's own options are the same object.
    """
    known = _LEXICONS.get(id(entity.options))
    if known is None or known[0] is not entity.options:
        if len(_LEXICONS) >= _LEXICONS_KEPT:
            _LEXICONS.clear()
        known = entity.options, _lexicon(tuple(entity.words().items()))
        _LEXICONS[id(entity.options)] = known
    return _find(text, known[1])


def _find(text: str, lexicon: _Lexicon) -> tuple[Found, ...]:
    exact = list(_exact(text, lexicon))
    matches = _undenied(text, _with_typos(text, exact, lexicon))
    results = (found(one.start, one.end, one.choices) for one in matches[:LIMIT])
    return tuple(one for one in results if one is not None)


def is_denied(text: str, start: int, end: int) -> bool:
    """Tell whether ``text[start:end]`` is named as what is not meant.

    >>> is_denied("빨강 말고 파랑", 0, 2), is_denied("not red", 4, 7), is_denied("red", 0, 3)
    (True, True, False)
    """
    return _is_denied_after(text, end) or _is_denied_before(text, start)


def distance(one: str, other: str, *, most: int) -> int:
    """Return how many letters differ, are missing, too many or swapped with the next one.

    The optimal string alignment distance; ``most + 1`` stands for any distance beyond ``most``.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    if one == other:
        return 0
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, row = row, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(last) >= most:  # a swap reaches back two rows, and costs one
            return most + 1
        before = last
    return min(row[-1], most + 1)


@lru_cache(maxsize=64)
def _lexicon(options: tuple[tuple[str, tuple[str, ...]], ...]) -> _Lexicon:
    keys: dict[str, dict[str, None]] = {}
    most_words = 1
    for key, words in options:
        for word in (key.replace("_", " "), *words):
            plain = normalise(word)
            most_words = max(most_words, len(plain.split()))
            for form in {_dense(plain), re.sub("[ -]", "", plain)}:
                if form and key:
                    keys.setdefault(form, {})[key] = None
    wanted: dict[tuple[str, str], list[_Wanted]] = {}
    for place, (known_form, key) in enumerate((one, key) for one in keys for key in keys[one]):
        letters, distinct, digits = _spelt(known_form)
        most = _bound(letters)
        if most:
            known = _Wanted(place, letters, distinct, most, key)
            wanted.setdefault((digits, letters[0]), []).append(known)
    named = {word: tuple(owners) for word, owners in keys.items()}
    beginnings = frozenset(word[:end] for word in named for end in range(1, len(word) + 1))
    opening = frozenset(
        letter for some in wanted.values() for one in some for letter in one.letters[:2]
    )
    longest = max(map(len, named), default=0)
    return _Lexicon(named, wanted, opening, beginnings, longest, min(most_words, 4))


def _dense(plain: str) -> str:
    """Return a text as words are looked up: spaces count only between Latin letters and digits."""
    return re.sub(r"(?<=[a-z0-9])[ -]+(?=[a-z0-9])", " ", re.sub(r"[ -]+(?![a-z0-9])", "", plain))


def _exact(text: str, lexicon: _Lexicon) -> Iterator[_Match]:
    """Yield the words of the lexicon, the longest at each place, from left to right."""
    place = 0
    while place < len(text):
        match = _longest_at(text, place, lexicon) if text[place] in lexicon.beginnings else None
        if match is None:
            place += 1
            continue
        yield match
        place = match.end


def _longest_at(text: str, start: int, lexicon: _Lexicon) -> _Match | None:
    best: _Match | None = None
    word = ""
    for place in range(start, len(text)):
        letter = text[place]
        if letter in " -":
            after = text[place + 1 : place + 2]
            if not after or after in " -":
                break
            if _ASCII.match(text[place - 1]) and _ASCII.match(after):
                word += " "
            continue
        word += letter
        if word not in lexicon.beginnings:
            break
        owners = lexicon.keys.get(word)
        if owners and _ends_word(text, start, place + 1, word):
            trust = _left_trust(text, start)
            if not trust:
                return None
            if trust < 1.0 and len(word) < 2:
                continue
            sure = trust / len(owners)
            best = _Match(start, place + 1, tuple((key, sure) for key in owners))
    return best


def _left_trust(text: str, start: int) -> float:
    """Return how surely a word begins at a place: 0 for not at all."""
    before, here = text[start - 1 : start], text[start]
    if not before:
        return 1.0
    if before == "'" or (before in ".,:/-" and here.isdigit() and text[:start][-2:-1].isdigit()):
        return 0.0
    if not before.isalnum():
        return 1.0
    if not has_hangul(before):
        return 0.0
    if not has_hangul(here):
        return 0.9
    return 0.8 if before in "은는" else 0.0  # 저는노랑이요, typed without spaces


def _ends_word(text: str, start: int, end: int, word: str) -> bool:
    after = text[end : end + 3]
    is_short = len(word) == 1 or word.isdigit()
    if is_short and not _BEFORE_SHORT.search(text[max(0, start - 12) : start]):
        return False
    suffix = _SYLLABLES.match(text, end)
    if suffix is not None:
        if is_short:
            return _SHORT_SUFFIX.fullmatch(suffix[0]) is not None
        return bool(_SUFFIX.fullmatch(suffix[0]) or _OPENS_SUFFIX.match(suffix[0]))
    if word[-1].isdigit() and re.match(r"[.,:/-]\d|%", after):
        return False
    if word.isdigit() and re.match(" ?[가-힣a-z]", after):
        return False
    return not after or not (after[0].isalnum() or re.match("'[a-z]", after))


def _with_typos(text: str, exact: list[_Match], lexicon: _Lexicon) -> list[_Match]:
    """Return the exact matches, with what is nearly one; in order of place, none overlapping."""
    matches = list(exact)
    words = []
    for word in _WORD.finditer(text):
        words.append(word)
        if len(words) > _TYPO_WORDS:
            return matches
    used = -1
    for first, word in enumerate(words):
        if word.start() < used or _spelt(word[0][0])[0][:1] not in lexicon.opening:
            continue
        for size in range(min(lexicon.most_words, len(words) - first), 0, -1):
            last = words[first + size - 1]
            inside = [one for one in matches if one.start < last.end() and word.start() < one.end]
            if inside and (size == 1 or inside[0].start < word.start()):
                continue
            near = _nearest(text, word.start(), last, lexicon)
            if near is None or any(one.end > near.end for one in inside):
                continue
            if any(one.start == near.start and one.end == near.end for one in inside):
                continue
            within = tuple((key, 0.5 * sure) for one in inside for key, sure in one.choices)
            matches = [one for one in matches if one not in inside]
            matches.append(_Match(near.start, near.end, near.choices + within))
            used = near.end
            break
    return sorted(matches, key=lambda one: one.start)


def _nearest(text: str, start: int, last: re.Match[str], lexicon: _Lexicon) -> _Match | None:
    """Return the options that a stretch of words is a typo of, its Korean endings cut off."""
    best: tuple[int, int, dict[str, float]] | None = None
    for end in _stems(text, last):
        if end - start > 2 * lexicon.longest + 8 or text[start:end] in _EVERYDAY:
            continue
        letters, distinct, digits = _spelt(text[start:end])
        choices: dict[str, float] = {}
        nearest = 9
        for wanted in _near_to(letters, distinct, digits, lexicon):
            off = distance(letters, wanted.letters, most=wanted.most)
            if off <= wanted.most:
                sure = min(0.85, 1 - 2 * off / len(wanted.letters))
                choices[wanted.key] = max(sure, choices.get(wanted.key, 0.0))
                nearest = min(nearest, off)
        if choices and (best is None or nearest < best[0]):
            best = (nearest, end, choices)
    return None if best is None else _Match(start, best[1], tuple(best[2].items()))


def _near_to(
    letters: str, distinct: frozenset[str], digits: str, lexicon: _Lexicon
) -> list[_Wanted]:
    """Return the words that letters may be a typo of, most others left out by what costs little.

    The first letter is right, or swapped with the second. Of two words that differ by so many
    slips, neither has more letters that the other has not.
    """
    same = lexicon.wanted.get((digits, letters[:1]), ())
    swapped = lexicon.wanted.get((digits, letters[1:2]), ()) if letters[:1] != letters[1:2] else ()
    likely = [*same, *(one for one in swapped if letters[:2] == one.letters[1::-1])]
    length = len(letters)
    near = [
        one
        for one in likely
        if -one.most <= length - len(one.letters) <= one.most
        and len(distinct - one.distinct) <= one.most
        and len(one.distinct - distinct) <= one.most
    ]
    return sorted(near, key=lambda one: one.place) if len(near) > 1 else near


# A message's words are looked at once for each list of options: what is the same is kept.


def _stems(text: str, word: re.Match[str]) -> Iterator[int]:
    """Yield where a word may end before its particles and endings, the whole of it first."""
    for length in _stem_lengths(word[0]):
        yield word.start() + length


@lru_cache(maxsize=256)
def _stem_lengths(word: str) -> tuple[int, ...]:
    shorter = range(len(word) - 1, max(0, len(word) - 10), -1)
    stems = (end for end in shorter if has_hangul(word[end]) and _SUFFIX.fullmatch(word, end))
    return (len(word), *stems)


@lru_cache(maxsize=256)
def _spelt(words: str) -> tuple[str, frozenset[str], str]:
    """Return words without spaces as letters, which these are, and the digits among them."""
    letters = to_jamo(re.sub("[ -]", "", words))
    return letters, frozenset(letters), re.sub("[^0-9]", "", letters)


def _bound(letters: str) -> int:
    """Return how many slips a word may have: none in a short one, where each makes another word."""
    if has_hangul(letters):
        return (len(letters) >= 5) + (len(letters) >= 8)
    return (len(letters) >= 4) + (len(letters) >= 9)


def _undenied(text: str, matches: list[_Match]) -> list[_Match]:
    """Return the matches that are meant; a denial counts for all it is joined with."""
    after = [_is_denied_after(text, one.end) for one in matches]
    before = [_is_denied_before(text, one.start) for one in matches]
    for place in range(len(matches) - 2, -1, -1):
        gap = text[matches[place].end : matches[place + 1].start]
        after[place] |= after[place + 1] and len(gap) < 12 and bool(_JOIN_BEFORE.fullmatch(gap))
    for place in range(1, len(matches)):
        gap = text[matches[place - 1].end : matches[place].start]
        before[place] |= before[place - 1] and len(gap) < 16 and bool(_JOIN_AFTER.fullmatch(gap))
    return [one for place, one in enumerate(matches) if not (after[place] or before[place])]


def _is_denied_after(text: str, end: int) -> bool:
    return _DENIED_AFTER.match(text[end : end + 32]) is not None


def _is_denied_before(text: str, start: int) -> bool:
    return _DENIED_BEFORE.search(text[max(0, start - 40) : start]) is not None
