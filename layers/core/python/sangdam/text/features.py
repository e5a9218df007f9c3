"""What of a text the lexical model looks at: hashed words and pieces of words, counted."""

from __future__ import annotations

import re
from itertools import pairwise
from zlib import crc32

from sangdam.text.korean import has_hangul, to_jamo

VERSION = 2
"""Changes whenever the same text would give other features; models carry it."""

MAX_TOKEN = 40
"""Longer tokens are cut: nobody writes them, and they would only fill the table."""

_TOKEN = re.compile(r"\w+|[^\w\s]")
_PIECES = (3, 4, 5)
_KOREAN_PIECES = (1, 2, 3)
_JAMO_PIECES = (5,)
_ENDINGS = (1, 2)


def lexical_features(text: str) -> dict[int, int]:
    """Return how often each feature occurs in a normalised text, by the feature's hash.

    Features are words and pairs of neighbouring words, pieces of 3 to 5 characters within words
    and, where there is Hangul, pieces of 1 to 3 characters over the sentence without its spaces
    (Korean is often typed with too few), the last one and two characters of each word (its particle
    or ending: what tells a request from a question) and pieces of 5 letters over the jamo (a
    mistyped letter spoils a whole syllable, but few jamo). The hash is CRC-32 of the feature's kind
    and text: stable across processes and machines. Time is linear in the length of the text.
    """
    tokens = [token[:MAX_TOKEN] for token in _TOKEN.findall(text)]
    pieces: list[str] = ["w" + token for token in tokens]
    pieces += [f"b{first} {second}" for first, second in pairwise(tokens)]
    for token in tokens:
        word = f"<{token}>"
        for size in _PIECES:
            pieces += ["c" + word[at : at + size] for at in range(len(word) - size + 1)]
    if has_hangul(text):
        words = [token for token in tokens if token[0].isalnum()]
        for size in _ENDINGS:
            pieces += [f"e{size}" + word[-size:] for word in words]
        dense = "".join(words)
        for size in _KOREAN_PIECES:
            pieces += ["s" + dense[at : at + size] for at in range(len(dense) - size + 1)]
        letters = to_jamo(dense)
        for size in _JAMO_PIECES:
            pieces += ["j" + letters[at : at + size] for at in range(len(letters) - size + 1)]
    counts: dict[int, int] = {}
    if pieces:
        # Encoded in one go, which is quicker: there is no line end in any of them.
        for piece in "\n".join(pieces).encode("utf-8", "surrogatepass").split(b"\n"):
            key = crc32(piece)
            counts[key] = counts.get(key, 0) + 1
    return counts
