"""What a text names as not meant: ``빨강 말고 파랑``, ``not the red one``."""

from __future__ import annotations

from collections.abc import Sequence

from sangdam.nlu.entities.named import NOUNS, PARTICLES
from sangdam.nlu.entities.options import Choice
from sangdam.text.lazy import lazy_pattern

_DENIED_AFTER = lazy_pattern(
    f"(?:{NOUNS})?(?:{PARTICLES}|보다)?(?:는)?요?[?,]?"
    " ?(?:(?:좀|정말|진짜|너무|그냥|절대) )?"
    "(?:말고|빼고|제외|대신|아니(?!면|어도|더라도|시면)|아닌|아닙|아녜|싫|별로|필요 ?없|원하지 ?않|"
    "안 ?(?:할|하|해|돼|되|됩|사|살|원|좋|써|쓰))"
    "|보다"
    r"|(?: ones?\b| colou?r\b)?(?: is not\b| isn't\b| are not\b| aren't\b"
    r"|[?,]{0,2} no\b(?! problem))"
)
_DENIED_BEFORE = lazy_pattern(
    r"(?:(?<!why )(?<!if )\b(?:not|no)|\bneither|\bnor|\bexcept(?: for)?|\bwithout|\bhate"
    r"|\b(?:anything|all) but|\binstead of|\brather than|\bother than"
    r"|n't(?: really)?(?: (?:want|like|need|take))?)"
    r"(?: (?:in|for|my|your))?(?: (?:the|an?|any))? $"
)
_JOIN_BEFORE = lazy_pattern(f"(?:{NOUNS})?(?:이나|나|도|과|와|이랑|랑|하고|이고|,|/)? ?")
_JOIN_AFTER = lazy_pattern(r"(?: ones?)? (?:or|nor|and) (?:the |an? )?")


def is_denied(text: str, start: int, end: int) -> bool:
    """Tell whether ``text[start:end]`` is named as what is not meant.

    >>> is_denied("빨강 말고 파랑", 0, 2), is_denied("not red", 4, 7), is_denied("red", 0, 3)
    (True, True, False)
    """
    return _is_denied_after(text, end) or _is_denied_before(text, start)


def undenied(text: str, choices: Sequence[Choice]) -> list[Choice]:
    """Return the choices that are meant; a denial counts for all it is joined with."""
    after = [_is_denied_after(text, one.end) for one in choices]
    before = [_is_denied_before(text, one.start) for one in choices]
    for place in range(len(choices) - 2, -1, -1):
        gap = text[choices[place].end : choices[place + 1].start]
        after[place] |= after[place + 1] and len(gap) < 12 and bool(_JOIN_BEFORE.fullmatch(gap))
    for place in range(1, len(choices)):
        gap = text[choices[place - 1].end : choices[place].start]
        before[place] |= before[place - 1] and len(gap) < 16 and bool(_JOIN_AFTER.fullmatch(gap))
    return [one for place, one in enumerate(choices) if not (after[place] or before[place])]


def _is_denied_after(text: str, end: int) -> bool:
    return _DENIED_AFTER.match(text[end : end + 32]) is not None


def _is_denied_before(text: str, start: int) -> bool:
    return _DENIED_BEFORE.search(text[max(0, start - 40) : start]) is not None
