"""Does a message ask something, and where? In Korean questions often go without their mark.

A question about a value is no other question: ``3시는 어때요?`` and ``how about 4 pm`` propose it,
and so answer what was asked. ``proposes`` tells these from ``내일도 영업하나요?``, which asks for
something else and has a value in it.
"""

from __future__ import annotations

from sangdam.text.korean import FIRST_SYLLABLE, TAILS
from sangdam.text.lazy import lazy_pattern
from sangdam.text.proposals import is_proposal

Span = tuple[int, int]

MOST = 600
"""Longer messages are looked at no further: a question so late was not the point."""


_POLITE = "(?:요|여|용|염|욤|유)"
_END = r"(?=[\s.!~^,ㅋㅎㅠㅜ…]*$)"

_MARK = lazy_pattern(r"\?")
_AFTER_CONSONANT = lazy_pattern(f"([가-힣])(가{_POLITE}|까{_POLITE}?|니까|지{_POLITE}){_END}")
_ASKS_AFTER = {"가": "ㄴ", "까": "ㄹ", "니": "ㅂ", "지": "ㄴㄹ"}
"""인가요 asks and 가요 goes, 됩니까 asks and 하니까 gives a reason: the syllable before tells."""
_KOREAN_ENDING = lazy_pattern(
    f"(?:(?<=[가-힣])(?<![열땀피만끝])(?<!생각|기억|고장|일어|늘어|누구|언제|아무)"
    f"(?<!때)(?<!아무거)(?<!아무데)나{_POLITE}"
    f"|어(?:때|떠세|떠신가|떨까|떤가|떠신지){_POLITE}?|(?:인|[하한]|은|는|던|건|된)가(?<!언젠가)"
    f"|(?:되|하|있|없|오|가|주|좋|맞|이|않|겠|었|았|했|됐|왔)니|(?<!왜)냐(?:고{_POLITE}?)?"
    f"|(?:되|하|있|없|오|가|주|맞|려)나|(?:되|있|없|거 ?맞|나오|걸리|필요하|가능하)(?:죠"
    f"|지{_POLITE})"
    f"|(?:주시겠어|주실래|줄래){_POLITE}?|[은는]{_POLITE}){_END}"
    "|(?:[는은을인한할될]지)(?: ?좀)? ?(?:궁금|알고 ?싶|알려 ?[줘주]|여쭤|문의|확인 ?(?:부탁|좀))"
    "|알려 ?(?:줘|주[세십실시]|줄)|가르쳐 ?[줘주]|궁금(?:[해합]|한데)|알고 ?싶"
)
_KOREAN_WORD = lazy_pattern(
    r"얼마|(?<!아무)(?:언제(?!든|나|라도|까지나|쯤이든|인가부터)|어디(?!든|나|에나|선가|라도"
    r"|가 ?아)"
    r"|어떻게(?!든)|어떡|어떻해|왜(?!냐)|무엇|무슨|(?<![가-힣])뭐(?!든|라도|가 ?됐든|랄까)"
    r"|(?<![가-힣])뭘|(?<![가-힣])뭔(?!가|지)|어느(?! ?[것거]나)|어떤(?! ?[것거]든)"
    r"|며칠(?! ?[전뒤후])|(?<![가-힣])몇 ?(?:시|분|층|일|월|명|개|번|살|세|박|장|주|호|년|원|프로"
    r"|킬로|도|점)"
    r"|누구(?!나|든|라도))"
)
_TELLS = lazy_pattern(
    rf"(?:니다|서{_POLITE}?|거든{_POLITE}?|네{_POLITE}?|게{_POLITE}?|고{_POLITE}|까봐{_POLITE}?"
    rf"|모르겠[가-힣]*|세요 ?부탁[가-힣]*|해 ?주세요){_END}"
)
"""Endings that never ask, whatever word stands before: ``몇 번 해 봤습니다``."""
_GOES_ON = lazy_pattern("는데 |은데 |어서 |아서 |니까 |지만 |거나 |는지 |은지 |을지 ")

_ENGLISH_OPENING = lazy_pattern(
    r"(?:[\s,.!-]*(?:ok(?:ay)?|so|and|but|wait|hey|hi|hello|um+|uh|well|by the way|btw|sorry"
    r"|excuse me|please|just|actually|oh|also|then|no|yes|yeah|hmm+|thanks"
    r"|quick question)\b)*[\s,.!:-]*"
)
_ENGLISH_QUESTION = lazy_pattern(
    r"(?:is|are|was|were|does|did|has|isn't|aren't|doesn't|didn't|hasn't|isnt|doesnt|arent"
    r"|would|could|should|wouldn't|couldn't|shouldn't) \S"
    r"|(?:can|will|shall|may|might|can't|won't|cant|wont) "
    r"(?:i|you|we|they|he|she|it|there|this|that|these|those|my|your|our|the|an?|any\w*|some\w*)\b"
    r"|(?:do|don't|have|haven't|dont|havent) "
    r"(?:i|you|we|they|u|people|kids|children|customers|all|most|any\w*)\b"
    r"|(?:what|who|which \w+) \w+[^\W\ds]s\b"
    r"|how(?:'s|s)? (?!(?:i|we|it|he|she|they)\b)\S|how(?:'s|s)\b|how come\b|why not\b|what if\b"
    r"|any \w+(?: \w+)? (?:for|near|nearby|at|in|on)\b"
    r"|(?:what|where|when|why|who|which)(?:'s|'re|'d|'ll|s) "
    r"|(?:what|where|when|why|who|whose|which)(?: (?!i |we |you |he |she |they |it "
    r"|that )[\w'-]+){0,3} "
    r"(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|may|must|shall|am)\b"
    r"|(?:tell me|i (?:want|would like|need|wish) to know|i'd like to know|i was wondering"
    r"|(?:i'm |im )?(?:just )?wondering|(?:i'm |im )?curious|any (?:idea|chance))\b"
)
_ENGLISH_EMBEDDED = lazy_pattern(
    r"\b(?:tell me|i was wondering|wondering (?:if|what|when|where|how|whether)|do you know|"
    r"want to know|like to know)\b"
)

_BREAK = lazy_pattern(
    r"[.!?~]+\s+|;\s*|(?<=[요다죠여용]),\s*"
    r"|,\s+(?=(?:is|are|can|could|do|does|did|will|would|should|what|where|when|why|how)\b)"
    r"|\s+(?=(?:근데|그런데|그리고|참고로|아 ?참|but|also|by the way|btw)\b)"
)


def clauses(text: str) -> tuple[Span, ...]:
    """Return where the sentences of a normalised text stand, and the halves that 근데 parts."""
    spans: list[Span] = []
    start = 0
    for match in _BREAK.finditer(text):
        if match.end() > start:
            spans.append((start, match.end()))
            start = match.end()
    return (*spans, (start, len(text))) if start < len(text) else tuple(spans)


def questions(text: str) -> tuple[Span, ...]:
    """Return the clauses of a normalised text that ask something, proposals among them."""
    if len(text) > MOST:
        return ()
    return tuple(span for span in clauses(text) if _asks(text[slice(*span)].strip()))


def is_question(text: str) -> bool:
    """Tell whether a normalised text asks something, in Korean or English.

    >>> is_question("내일도 영업하나요"), is_question("can i bring my dog"), is_question("내일이요")
    (True, True, False)
    """
    return bool(questions(text))


def proposes(rest: str) -> bool:
    """Tell whether a question only asks if a value would do.

    ``rest`` is the normalised question with spaces for the letters of its values: what is left
    of ``3시는 어때요?`` says nothing but that, and what is left of ``오늘 주차 되나요?`` does.
    """
    return is_proposal(rest)


def _asks(clause: str) -> bool:
    if _MARK.search(clause):
        return True
    if _KOREAN_ENDING.search(clause) or _has_asking_ending(clause):
        return True
    word = _KOREAN_WORD.search(clause)
    if word is not None:
        return not _TELLS.search(clause) and not _GOES_ON.search(clause, word.end())
    opening = _ENGLISH_OPENING.match(clause)
    start = opening.end() if opening is not None else 0
    return bool(_ENGLISH_QUESTION.match(clause, start) or _ENGLISH_EMBEDDED.search(clause))


def _has_asking_ending(clause: str) -> bool:
    match = _AFTER_CONSONANT.search(clause)
    if match is None:
        return False
    tail = TAILS[(ord(match[1]) - FIRST_SYLLABLE) % 28]
    return bool(tail) and tail in _ASKS_AFTER[match[2][0]]
