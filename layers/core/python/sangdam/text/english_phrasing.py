"""The same thing said otherwise in English: contracted or in full, as a wish or as an order."""

from __future__ import annotations

import re
from random import Random

from sangdam.text.lazy import lazy_pattern

_FULL_AND_SHORT = (
    ("i am", "i'm"), ("i will", "i'll"), ("i would", "i'd"),
    ("it is", "it's"), ("that is", "that's"), ("what is", "what's"), ("where is", "where's"),
    ("when is", "when's"), ("how is", "how's"), ("who is", "who's"), ("there is", "there's"),
    ("you are", "you're"), ("we are", "we're"), ("they are", "they're"), ("do not", "don't"),
    ("does not", "doesn't"), ("did not", "didn't"), ("is not", "isn't"), ("are not", "aren't"),
    ("was not", "wasn't"), ("have not", "haven't"), ("has not", "hasn't"), ("can not", "can't"),
    ("cannot", "can't"), ("could not", "couldn't"), ("will not", "won't"),
    ("would not", "wouldn't"), ("should not", "shouldn't"), ("let us", "let's"),
    ("want to", "wanna"), ("going to", "gonna"), ("do not know", "dunno"),
    ("please", "pls"), ("please", "plz"), ("you", "u"), ("your", "ur"), ("thanks", "thx"),
    ("i'm", "im"), ("don't", "dont"), ("can't", "cant"), ("didn't", "didnt"),
    ("what's", "whats"), ("where's", "wheres"), ("haven't", "havent"), ("i've", "ive"),
)  # fmt: skip
_LONGER = {short: full for full, short in reversed(_FULL_AND_SHORT) if "'" in short}
_SHORTER: dict[str, list[str]] = {}
for _full, _short in _FULL_AND_SHORT:
    _SHORTER.setdefault(_full, []).append(_short)

_ASKING = (
    "please", "can you", "could you", "can you please", "could you please", "would you",
    "i want you to", "i need you to", "i'd like you to",
)  # fmt: skip
_WISHING = (
    "i want to", "i would like to", "i'd like to", "i need to", "how do i", "how can i",
    "can i", "is it possible to", "help me", "i'm trying to",
)  # fmt: skip
_ASKED = lazy_pattern(
    "(?:please|(?:can|could|would|will) you(?: please)?|i (?:want|need) you to"
    "|i(?:'d| would) like you to) +",
    re.I,
)
_WISHED = lazy_pattern(
    "(?:i (?:want|need|would like) to|i'd like to|i wanna|how (?:do|can|would|could) i"
    "|(?:can|could|may) i|is it possible(?: for me)? to|help me(?: to)?|i'm trying to) +",
    re.I,
)
_ORDERS = frozenset(
    "activate add block book buy call cancel change check close convert create delete exchange "
    "explain find fix freeze get give help let list look make move open order pay play put read "
    "register remind remove repeat replace reserve reset return schedule search send set share "
    "show start stop switch tell track transfer translate turn unblock update use verify".split()
)
_TO_THE_BOT = frozenset("explain give let play put read remind share show tell".split())
"""Nobody wishes to tell himself the weather."""


def contracted(text: str, draw: Random) -> str:
    """Return the text with words drawn together, or apart again.

    ``I do not know`` -> ``I don't know``; the same text where no pair of the list stands in it.
    """
    found = [
        (full, short)
        for one, others in ((_SHORTER, None), (_LONGER, None))
        for full, given in one.items()
        for short in ([given] if isinstance(given, str) else given)
        if _as_word(full).search(text)
    ]
    if not found:
        return text
    one, other = draw.choice(found)
    return _as_word(one).sub(lambda run: _in_the_case_of(run[0], other), text, count=1)


def asked_otherwise(text: str, draw: Random) -> str:
    """Return an order or wish put otherwise: ``cancel it`` -> ``can you please cancel it``.

    The same text where it begins with neither.
    """
    for begun, others in ((_ASKED, ("", *_ASKING)), (_WISHED, ("", *_WISHING))):
        head = begun.match(text)
        if head is not None and len(text) > head.end():
            rest = text[head.end() :]
            plain = begun is _ASKED or rest.split()[0].lower() in _ORDERS - _TO_THE_BOT
            return f"{draw.choice(others if plain else others[1:])} {rest}".strip()
    first = text.split(maxsplit=1)[0].lower() if text.split() else ""
    if first not in _ORDERS:
        return text
    heads = _ASKING if first in _TO_THE_BOT else (*_ASKING, *_WISHING)
    rest = text[:1].lower() + text[1:]
    return f"{rest} please" if draw.random() < 0.2 else f"{draw.choice(heads)} {rest}"


def _as_word(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w']){re.escape(words)}(?![\w'])", re.I)


def _in_the_case_of(found: str, other: str) -> str:
    return other[:1].upper() + other[1:] if found[:1].isupper() else other
