"""Saying that there is no such value, or that any will do: ``없어요``, ``상관없어요``, ``skip``."""

from __future__ import annotations

from sangdam.text.lazy import lazy_pattern
from sangdam.text.normalise import normalise

_FILLERS = lazy_pattern(
    r"(?:음+|어+|아+|그냥|딱히|특별히|별로|저는|전|um+|uh+|well|just|please)[\s,.]+"
)
_DECLINES = lazy_pattern(
    r"(?:(?:건너\s?[뛰뛸뛴]|넘어\s?[가갈]|패스|생략|뺄|빼).*"
    r"|(?:(?:특별히|딱히|따로|별도로)\s?)?없(?:어|음|는데|습니다|다|네|을\s?것|을\s?거).*"
    r"|(?:아무나|아무거나|아무\s?데나|아무\s?때나|누구든|누구나|언제든|어디든|뭐든).*"
    r"|상관\s?(?:없|은\s?없|안).*|무관.*|모르겠.*|몰라.*"
    r"|필요\s?(?:없|는\s?없|하지\s?않).*|괜찮(?:아|습).*"
    r"|skip.*|pass|none|nothing.*|no(?:ne)? preference.*"
    r"|any ?(?:one|body|thing|time|day|doctor)?(?: (?:is|will|would) .*)?"
    r"|(?:it )?does(?:n't| not) matter.*|(?:i )?don'?t (?:care|mind|know|have).*"
    r"|no(?:pe)?|not really.*|whatever.*|whoever.*|no,? thanks?.*"
    r"|아니(?:요|오|야)?|없)[.!~…\s]*"
)


def declines(text: str) -> bool:
    """Tell whether an answer to a question that may be left open leaves it open."""
    plain = normalise(text)
    while match := _FILLERS.match(plain):
        plain = plain[match.end() :]
    return _DECLINES.fullmatch(plain) is not None
