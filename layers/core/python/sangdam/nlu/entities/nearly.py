"""Options that a text names with a slip or two: ``블렉이요``, ``depp blue``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import or_

from sangdam.nlu.entities.named import SUFFIX
from sangdam.nlu.entities.options import Choice, Likely, Options, Spelt, letter_bits
from sangdam.text.korean import FIRST_SYLLABLE, to_jamo
from sangdam.text.lazy import lazy_pattern

_TYPO_WORDS = 8
"""Typos are looked for in messages up to so many words: a longer one has other words to say."""

_MOST_SUFFIX = 9
"""How many syllables are cut off a word at most."""

_NO_DIGITS = lazy_pattern("[^0-9]+")
_WORD = lazy_pattern(r"[^\W_]+(?:[-'][^\W_]+){0,3}")

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


_Word = tuple[int, int, list[tuple[int, int]]]
"""Where a word begins in a text, and where in the letters of its words; then where it may end, the
whole of it first and further stems after it, in the text and in the letters.
"""


@dataclass(frozen=True, slots=True)
class _Typo:
    """What a stretch of so many words, up to ``text[:end]``, is nearly an option of."""

    size: int
    end: int
    choice: Choice


def nearly_named(
    text: str, named: Mapping[int, Sequence[Choice]], options: Options
) -> dict[int, list[Choice]]:
    """Return what a text names of each list, with what it nearly names; in order of place.

    ``named`` is what it names to the letter, which a longer stretch of words that is nearly an
    option takes the place of: ``딮 블루`` is rather a deep blue than a blue.
    """
    choices = {of: list(some) for of, some in named.items()}
    for of, near in _typos(text, options).items():
        with_typos = _taken_in(near, choices.get(of, []))
        if with_typos:
            choices[of] = with_typos
    return choices


def distance(one: str, other: str, *, most: int) -> int:
    """Return how many letters differ, are missing, too many or swapped with the next one.

    The optimal string alignment distance; ``most + 1`` stands for any distance beyond ``most``,
    which is to be small: each slip more takes up to four times as long.

    >>> distance("blakc", "black", most=1), distance("blakc", "blue", most=1)
    (1, 2)
    """
    if one == other:
        return 0
    shorter = min(len(one), len(other))
    if not most or max(len(one), len(other)) - shorter > most:
        return most + 1
    same = 0  # letters that agree at the beginning are no slip
    while same < shorter and one[same] == other[same]:
        same += 1
    one, other = one[same:], other[same:]
    rests = [(one[1:], other[1:]), (one[1:], other), (one, other[1:])]
    if one[:2] == other[1::-1]:
        rests.append((one[2:], other[2:]))
    if any(rest == other_rest for rest, other_rest in rests):
        return 1
    if most == 1:
        return 2
    return 1 + min(distance(rest, other_rest, most=most - 1) for rest, other_rest in rests)


def _taken_in(typos: Sequence[_Typo], exact: Sequence[Choice]) -> list[Choice]:
    """Return what is named of one list together with its typos, the first and longest of these."""
    matches = list(exact)
    used = -1
    for typo in typos:
        near = typo.choice
        if near.start < used:
            continue
        inside = [one for one in matches if one.start < typo.end and near.start < one.end]
        if inside and (typo.size == 1 or inside[0].start < near.start):
            continue
        if any(one.end > near.end for one in inside):
            continue
        if any(one.start == near.start and one.end == near.end for one in inside):
            continue
        within = tuple((key, 0.5 * sure) for one in inside for key, sure in one.options)
        matches = [one for one in matches if one not in inside]
        matches.append(Choice(near.start, near.end, near.options + within))
        used = near.end
    return sorted(matches, key=lambda one: one.start)


def _typos(text: str, options: Options) -> dict[int, list[_Typo]]:
    """Return the typos by list: by where they begin, those of most words first."""
    words, letters = _spelt_words(text)
    bits = letter_bits(letters)
    typos: dict[int, list[_Typo]] = {}
    for first, (start, begins, _) in enumerate(words):
        lengths = _lengths(letters[begins : begins + 2], options)
        if not lengths:
            continue
        reach = begins + max(lengths)
        upto = list(accumulate(bits[begins:reach], or_))  # the bits of the first n letters
        stretch = [ends for _, at, ends in words[first : first + options.most_words] if at < reach]
        for size in range(len(stretch), 0, -1):
            best: dict[int, tuple[int, Choice]] = {}
            end = stretch[size - 1][0][0]
            for stem, ends in stretch[size - 1]:
                length = ends - begins
                near = _near(upto[length - 1], lengths[length]) if length in lengths else ()
                if not near or text[start:stem] in _EVERYDAY:
                    continue
                if stem < end and not SUFFIX.fullmatch(text, stem, end):
                    continue
                owned = _owned(letters[begins:ends], near, size, stem - start)
                for of, (off, keys) in owned.items():
                    if of not in best or off < best[of][0]:
                        best[of] = off, Choice(start, stem, tuple(keys.items()))
            for of, (_, choice) in best.items():
                typos.setdefault(of, []).append(_Typo(size, end, choice))
    return typos


def _spelt_words(text: str) -> tuple[list[_Word], str]:
    """Return the words of a text and its letters without spaces; none of a text of many words."""
    found = []
    for match in _WORD.finditer(text):
        found.append(match.span())
        if len(found) > _TYPO_WORDS:
            return [], ""
    words = []
    letters = ""
    done = found[0][0] if found else 0
    for start, end in found:
        if text[done:start] != " ":
            letters += _letters(text[done:start])
        begins = len(letters)
        letters += _letters(text[start:end])
        words.append((start, begins, _stems(text, start, end, len(letters))))
        done = end
    return words, letters


def _letters(words: str) -> str:
    dense = words.replace(" ", "").replace("-", "")
    return dense if dense.isascii() else to_jamo(dense)


def _lengths(begun: str, options: Options) -> Mapping[int, Sequence[Likely]]:
    """Return the words of options that may be typed with these two letters first, by length.

    The first letter is right, or swapped with the second.
    """
    same, swapped = options.near.get(begun[:1], {}), options.near.get(begun)
    if not swapped or len(begun) < 2:
        return same
    lengths = {*same, *swapped}
    return {length: [*same.get(length, ()), *swapped.get(length, ())] for length in lengths}


def _stems(text: str, start: int, end: int, ends: int) -> list[tuple[int, int]]:
    """Return where a word may end, the whole of it first, and where its letters do.

    What is cut off are Korean syllables, which may be particles and endings.
    """
    stems = [(end, ends)]
    for place in range(end - 1, max(start, end - _MOST_SUFFIX - 1), -1):
        syllable = text[place]
        if not "가" <= syllable <= "힣":
            break
        ends -= 3 if (ord(syllable) - FIRST_SYLLABLE) % 28 else 2
        stems.append((place, ends))
    return stems


def _near(bits: int, likely: Sequence[Likely]) -> list[Spelt]:
    """Return the words that letters may be a typo of, most others left out by what costs little.

    Two words that differ by few slips have nearly the same letters.
    """
    return [one for has, otherwise, one in likely if (bits ^ has).bit_count() <= otherwise]


def _owned(
    typed: str, near: Sequence[Spelt], size: int, extent: int
) -> dict[int, tuple[int, dict[str, float]]]:
    """Return by list how many slips letters are off, and how sure each option is that they name.

    ``size`` is how many words they are, ``extent`` how many characters.
    """
    digits = _NO_DIGITS.sub("", typed)
    owned: list[tuple[int, int, str, int, float]] = []
    for one in near:
        if one.digits != digits:
            continue
        off = distance(typed, one.letters, most=one.most)
        if off <= one.most:
            sure = min(0.85, 1 - 2 * off / len(one.letters))
            owned += [
                (owner.place, owner.of, owner.key, off, sure)
                for owner in one.owners
                if owner.most_words >= size and owner.longest >= extent
            ]
    found: dict[int, tuple[int, dict[str, float]]] = {}
    for _, of, key, off, sure in sorted(owned):
        fewest, keys = found.get(of, (off, {}))
        keys[key] = max(sure, keys.get(key, 0.0))
        found[of] = min(off, fewest), keys
    return found
