"""What a wish says once the asking is taken off it: ``코트 추천해 주세요`` says ``코트``."""

from __future__ import annotations

from sangdam.text.lazy import lazy_pattern
from sangdam.text.normalise import normalise

_KOREAN = lazy_pattern(
    r"(?<![가-힣])(?:"
    r"추천(?:해|을|이|도|부탁|드려|하실|할|받|해줘|해주)?[가-힣]*"
    r"|(?:골라|찾아|보여|알려|권해)(?:봐)?(?:줘|주|달|줄|드)?[가-힣]*|고르[가-힣]*|고민[가-힣]*"
    r"|찾(?:고|는|습|아)[가-힣]*|있(?:나|어|을|습|으|는)[가-힣]*|없(?:나|어|을|습)[가-힣]*"
    r"|뭐[가를로]?|뭘|뭔가|무엇[을이]?|무슨|어떤|어떻[가-힣]*|어때[가-힣]*"
    r"|좋(?:을까|을지|나|아|은|을)[가-힣]*|괜찮(?:은|을|아|나)[가-힣]*|만한|거|것|걸|게|건|거로|걸로"
    r"|좀|하나|한|사고|싶[가-힣]*|사려[가-힣]*|살까[가-힣]*|살|주세요|줘요?|줄래요|주실[가-힣]*"
    r"|부탁[가-힣]*|상품[을이]?|제품[을이]?|물건[을이]?|혹시|그럼|그러면|저기요?|안녕하세요|요|대"
    r")(?![가-힣])"
)
_ENGLISH = lazy_pattern(
    r"\b(?:recommend(?:ation|ations|ed)?|suggest(?:ion|ions)?|advise|please|pls|plz|hi|hello"
    r"|can|could|would|should|do|does|did|will|is|are|am|be|been|i|i'm|i'd|im|you|we|me|my|your"
    r"|what|what's|which|any|anything|something|some|one|ones|thing|things|idea|ideas"
    r"|a|an|the|to|of|that|this|it|and|there|have|has|got|get|buy|buying|want|need|like|show|find"
    r"|look|looking|help|choose|pick|good|nice|best|so|very|with|for|in|on|at|put)\b"
)
_SIGNS = lazy_pattern(r"[^\w\s]+")


def bare_wish(text: str) -> str:
    """Return the words of a wish that say what is wished for, normalised; "" if none does.

    >>> bare_wish("따뜻한 코트 하나 추천해 주세요!"), bare_wish("Can you recommend something?")
    ('따뜻한 코트', '')
    """
    plain = _SIGNS.sub(" ", normalise(text).replace("'", ""))
    return " ".join(_ENGLISH.sub(" ", _KOREAN.sub(" ", plain)).split())
