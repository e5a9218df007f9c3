"""Which pieces of the second encoder's vocabulary are kept, and their SentencePiece model.

XLM-RoBERTa's 250,000 pieces cover a hundred languages. What Korean and English are written with is
kept whole, so that such texts are cut exactly as before; of all other scripts single characters
are kept, so that no character the model knows is lost.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from math import inf

import numpy as np

from sangdam_training.transformer_package import BEGIN, END, UNKNOWN, PackedModel

_SPACE = "\u2581"
# ASCII, and Hangul as syllables, conjoining letters and letters that stand alone.
_OURS = re.compile(r"[\x00-\x7f\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]*")
_NORMAL, _UNKNOWN_KIND, _CONTROL = 1, 2, 3


def kept_pieces(model: PackedModel) -> tuple[int, ...]:
    """Return the ids that are kept: first <unk>, <s> and </s>, then pieces in their order."""
    spelt = (
        number
        for number, piece in enumerate(model.pieces)
        # Only what is no text has no score: the marks, <pad> and <mask>.
        if model.scores[number] < 0 and _is_kept(piece.replace(_SPACE, ""))
    )
    return (UNKNOWN, BEGIN, END, *spelt)


def _is_kept(letters: str) -> bool:
    return len(letters) <= 1 or _OURS.fullmatch(letters) is not None


def sentencepiece_model(model: PackedModel, kept: Sequence[int], *, normaliser: bytes) -> bytes:
    """Return the kept pieces as a serialised SentencePiece unigram model.

    Args:
        model: the package's model.
        kept: ids of pieces, in the order of the rows of the table.
        normaliser: a serialised `NormalizerSpec`.
    """
    fields = []
    for number in kept:
        kind = {UNKNOWN: _UNKNOWN_KIND, BEGIN: _CONTROL, END: _CONTROL}.get(number, _NORMAL)
        text = model.pieces[number].encode()
        score = struct.pack("<f", model.scores[number])
        piece = _bytes(1, text) + b"\x15" + score + _number(3, kind)
        fields.append(_bytes(1, piece))
    # Unigram; <unk>, <s> and </s> stand at 0, 1 and 2, and there is no <pad> (-1).
    trainer = b"".join(
        [_number(3, 1), _number(40, 0), _number(41, 1), _number(42, 2), _number(43, 2**64 - 1)]
    )
    return b"".join([*fields, _bytes(2, trainer), _bytes(3, normaliser)])


class PackageCut:
    """Cuts texts as the package does, over its whole vocabulary, the long way round.

    A run of unknown characters is one unknown piece, as in SentencePiece, with which the model was
    trained; the package repeats it. Spaces at the end are not read, for the same reason.
    """

    def __init__(self, model: PackedModel) -> None:
        self._replacements = model.replacements
        numbers = enumerate(model.scores.tolist())
        self._scores = {model.pieces[number]: (score, number) for number, score in numbers if score}
        self._longest = max(map(len, self._scores))
        self._unknown = float(model.scores.min()) - 10

    def cut(self, text: str) -> list[int]:
        """Return the package's ids of a text, marks included."""
        text = "".join(self._replacements.get(ord(letter), letter) for letter in text)
        text = "".join(_SPACE + word for word in text.split(" ") if word)
        best: list[tuple[float, int, int]] = [(0.0, 0, 0), *[(-inf, 0, 0)] * len(text)]
        for start in range(len(text)):
            base = best[start][0]
            for end in range(start + 1, min(len(text), start + self._longest) + 1):
                usual = (self._unknown, UNKNOWN) if end == start + 1 else (-inf, UNKNOWN)
                score, number = self._scores.get(text[start:end], usual)
                # Single precision, as in SentencePiece: it decides ties.
                total = float(np.float32(base + score))
                if total > best[end][0]:
                    best[end] = (total, number, start)
        ids = [END]
        position = len(text)
        while position:
            _, number, position = best[position]
            if number != UNKNOWN or ids[-1] != UNKNOWN:
                ids.append(number)
        return [*ids, BEGIN][::-1]


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
