"""Cuts text into the English encoder's pieces, as BERT does with letters of either case alike.

Controls are dropped, letters made small and their marks removed, signs split off; then each word is
cut into the longest pieces there are, from its beginning on.

Method: Devlin et al. 2019, "BERT"; Wu et al. 2016, "Google's Neural Machine Translation System".
Exactly as Hugging Face's tokenizers do it, except that a typed `[SEP]` is text, and that marks and
signs younger than its tables (Unicode 8) are marks and signs.
"""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from sangdam_adapters.sentence_pieces import PiecesError

_BEGIN, _END, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_GOES_ON = "##"
_MOST_LETTERS = 100
"""A longer word is one unknown piece."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WORDS = re.compile(r"[^\t\n\r -/:-@\[-`{-~]+|[!-/:-@\[-`{-~]")
# The gap before U+2B920 is one of the original.
_IDEOGRAPH = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0002a6df\U0002a700-\U0002b81f\U0002b920-\U0002ceaf\U0002f800-\U0002fa1f]"
)
_DROPPED_KINDS = frozenset({"Cc", "Cf", "Co", "Cs"})


class WordPieces:
    """A vocabulary of words and parts of words. Read-only, so safe for concurrent use."""

    __slots__ = ("_begin", "_end", "_ids", "_longest", "_unknown")

    def __init__(self, words: Sequence[str]) -> None:
        """Take the pieces in the order of their ids; those that go on with a word begin with `##`.

        Raises:
            PiecesError: one of the marks is missing, or a piece is there twice.
        """
        self._ids = {word: number for number, word in enumerate(words)}
        if len(self._ids) != len(words):
            raise PiecesError("a word piece is there twice")
        try:
            self._begin, self._end, self._unknown = (
                self._ids[mark] for mark in (_BEGIN, _END, _UNKNOWN)
            )
        except KeyError as error:
            raise PiecesError(f"the mark {error} is missing among the word pieces") from error
        self._longest = max(map(len, words))

    @classmethod
    def open(cls, path: Path) -> "WordPieces":
        """Read a file of pieces, one a line.

        Raises:
            OSError: the file cannot be read.
            PiecesError: it is not a file of word pieces.
        """
        try:
            # Not splitlines: some pieces are signs that it takes for the end of a line.
            return cls(path.read_text(encoding="utf-8").removesuffix("\n").split("\n"))
        except ValueError as error:
            raise PiecesError(f"{path}: {error}") from error

    def encode(self, text: str) -> list[int]:
        """Return the ids of the pieces of `text`, begin and end marks included.

        A word that cannot be cut into pieces is one unknown piece. Lone surrogates are not read.
        """
        text = _CONTROLS.sub("", text)
        if not text.isascii():
            text = _BEYOND_ASCII.sub(_plain, text)
        found = [self._begin]
        for word in _WORDS.findall(text.lower()):
            whole = self._ids.get(word)
            if whole is None:
                found += self._cut(word)
            else:
                found.append(whole)
        found.append(self._end)
        return found

    def _cut(self, word: str) -> list[int]:
        size = len(word)
        if size > _MOST_LETTERS:
            return [self._unknown]
        ids, found, start, mark = self._ids, [], 0, ""
        while start < size:
            for end in range(min(size, start + self._longest), start, -1):
                piece = ids.get(mark + word[start:end])
                if piece is not None:
                    break
            else:
                return [self._unknown]
            found.append(piece)
            start, mark = end, _GOES_ON
        return found


def _plain(found: re.Match[str]) -> str:
    """Return a character beyond ASCII as it is read: small, without marks, signs between spaces."""
    letter = found[0]
    if letter == "\ufffd" or unicodedata.category(letter) in _DROPPED_KINDS:
        return ""
    if letter.isspace():
        return " "
    read = ""
    for part in unicodedata.normalize("NFD", letter):
        kind = unicodedata.category(part)
        if kind[0] == "P":
            read += f" {part} "
        elif kind != "Mn":
            read += part.lower()
    return f" {read} " if _IDEOGRAPH.match(letter) else read
