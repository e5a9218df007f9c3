"""How the English encoder's model was given its texts: what serving is compared with.

The long way round, letter by letter, and apart from what serving does.

Method: Devlin et al. 2019, "BERT", whose tokeniser for letters of either case alike this is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_SIGNS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_IDEOGRAPHS = (
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF)),
    *((0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B920, 0x2CEAF), (0x2F800, 0x2FA1F)),
)
_MOST_LETTERS = 100


class WordCut:
    """Cuts texts into word pieces."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._ids = {word: number for number, word in enumerate(words)}

    def cut(self, text: str, *, most: int) -> list[int]:
        """Return the ids of a text, marks included, no more than `most` of them."""
        pieces = [piece for word in _words(text) for piece in self._pieces(word)]
        return [self._ids[piece] for piece in ("[CLS]", *pieces[: most - 2], "[SEP]")]

    def _pieces(self, word: str) -> list[str]:
        pieces: list[str] = []
        rest = word
        while rest and len(word) <= _MOST_LETTERS:
            mark = "##" if pieces else ""
            cuts = (mark + rest[:end] for end in range(len(rest), 0, -1))
            longest = next((cut for cut in cuts if cut in self._ids), None)
            if longest is None:
                break
            pieces.append(longest)
            rest = rest[len(longest) - len(mark) :]
        return ["[UNK]"] if rest else pieces


def is_latin(text: str) -> bool:
    """Tell whether the encoder reads a text: whether all of its letters are Latin ones."""
    codes = [ord(letter) for letter in text if letter.isalpha()]
    return all(code < 0x250 or 0x1E00 <= code < 0x1F00 for code in codes)


def vocabulary(data: bytes) -> list[str]:
    """Return the words of the package's file, in the order of their ids."""
    return data.decode("utf-8").removesuffix("\n").split("\n")


def _words(text: str) -> list[str]:
    text = "".join(_spaced(letter) for letter in text if not _is_dropped(letter))
    spelt = ""
    for letter in unicodedata.normalize("NFD", text):
        kind = unicodedata.category(letter)
        if kind.startswith("P") or letter in _SIGNS:
            spelt += f" {letter} "
        elif kind != "Mn":
            spelt += letter.lower()
    return [word for word in spelt.split(" ") if word]


def _is_dropped(letter: str) -> bool:
    if letter in "\t\n\r":
        return False
    return letter in "\x00\ufffd" or unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs"}


def _spaced(letter: str) -> str:
    if letter.isspace():
        return " "
    is_ideograph = any(first <= ord(letter) <= last for first, last in _IDEOGRAPHS)
    return f" {letter} " if is_ideograph else letter
