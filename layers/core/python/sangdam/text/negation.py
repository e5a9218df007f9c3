"""What is said not to be wanted: ``3시 말고 4시``, ``not Tuesday but Wednesday``.

Only the places are told where a text refuses, not what: which value stands there, its parser knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sangdam.text.lazy import lazy_pattern

Side = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Words that refuse, ``text[start:end]``, and on which side of them stands what they refuse."""

    start: int
    end: int
    side: Side

    def touches(self, text: str, start: int, end: int) -> bool:
        """Tell whether these words refuse what stands at ``text[start:end]``."""
        if self.side == "after":
            return start == self.end
        return end <= self.start and _GLUE.fullmatch(text, end, self.start) is not None

    def is_inside(self, start: int, end: int) -> bool:
        """Tell whether an expression reaches over these words: a range that is a change."""
        return start < self.start and self.end < end


# Particles between a value and what refuses it: 3시가 아니라, 화요일은 안 돼요, 내일로는 말고.
_GLUE = lazy_pattern(
    "(?:이요|요|이|가|은|는|을|를|로|으로|에|엔|에는|로는|으로는|도|까지|부터|것|거)? ?"
)
_ASKS = (
    r"(?![가-힣]*(?: ?[가-힣]{0,4})?\s*\?|[가-힣]*(?:나|가|까|냐|니|지)(?:요|여|용)?(?:[\s.,!~]|$))"
)
"""안 되나요 and 안 돼요? ask for what 안 돼요 refuses."""

_AFTER_VALUE = lazy_pattern(
    "(?:말(?:고|구|곤)|아니(?:라|고|구|며)|아닌(?!데|가|지)|빼(?:고|구)|제외|대신(?:에)?"
    f"|(?:아니(?:에요|예요|오|야|요|지만|거든|었)|아녜요|아닙니다|아닌데|아님){_ASKS}"
    "|에서(?= ?[^.!?]{1,24}?(?:으로|로) ?(?:좀 )?(?:바[꾸꿔꿀꾼]|변경|옮[기겨]|미[루뤄룰]"
    "|당[기겨]|조정|수정|정정))"
    f"|(?:안 ?[되돼됨됩될됐]|안 ?맞|못 ?[가해하오와]|불가능|힘들|어려[워울]|어렵|곤란|싫|별로"
    f"|취소하고 ){_ASKS}"
    ")"
    r"|,? ?\b(?:is|are|was|will|would|does|do|doesn't|isn't|won't|wouldn't|can't)"
    r"(?: not|n't)? ?(?:(?<=not )|(?<=n't ))(?:work|suit|be|good|ok|okay|possible|fine|available"
    r"|going|a good)\b"
    r"|,? ?\b(?:is|are|would be|was) (?:too (?:early|late|soon)|no good|impossible|wrong|bad)\b"
)
_BEFORE_VALUE = lazy_pattern(
    r"(?:(?<!why )(?<!or )(?<!if )(?<!whether )\bnot|\binstead of|\brather than|\bother than"
    r"|\bexcept(?: for)?"
    r"|\banything but|\b(?:don't|do not|dont|didn't|did not) (?:want|need|like|mean|say)"
    r"|\b(?:can't|cannot|can not|cant|couldn't) (?:do|make|come|be there)(?: it)?)"
    r" (?:(?:the|a|an|on|at|for|in|from) )*"
    r"|\b(?:change|move|switch|reschedule|shift|push|bring|postpone)\b[^.!?]{0,40}?"
    r"\bfrom (?:the |at |on )?(?=[^.!?]{1,40}? to )"
)


def refusals(text: str) -> tuple[Refusal, ...]:
    """Return where a normalised text refuses something, in order of place.

    >>> refusals("3시 말고 4시")
    (Refusal(start=3, end=5, side='before'),)
    """
    after = [Refusal(*match.span(), "before") for match in _AFTER_VALUE.finditer(text)]
    before = [Refusal(*match.span(), "after") for match in _BEFORE_VALUE.finditer(text)]
    return tuple(sorted(after + before, key=lambda one: one.start))


_OR = lazy_pattern(r" ?(?:이나|나|이랑|랑|하고|과|와|또는|및|or|and|nor|/)? ?")


def is_joined(between: str, side: Side) -> bool:
    """Tell whether words join two values to one list: both are refused then, or none.

    ``3시나 4시 말고`` refuses both; ``not Tuesday, Wednesday`` refuses one and wants the other.
    """
    return _OR.fullmatch(between) is not None or (side == "before" and between.strip() == ",")
