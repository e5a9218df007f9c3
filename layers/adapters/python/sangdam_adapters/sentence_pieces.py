"""Cuts text into the sentence encoder's pieces, as SentencePiece does, from a mapped file.

Opening costs no more than mapping the file, where the sentencepiece wheel takes 0.15-0.5 s to
read its model: the largest part of a Lambda's cold start. The layout of the file is described in
`sangdam_training.encoder_pieces`, which writes it.

Method: Kudo 2018, "Subword Regularization" (unigram model, best path). Sums of scores
are rounded to single precision before they are compared, as there: that decides ties.
"""

import mmap
import re
import struct
from array import array
from math import inf
from pathlib import Path

BEGIN, END, UNKNOWN = 1, 2, 0

_MAGIC = b"SDPIECES"
_FORMAT = 1
_HEADER_BYTES = 64
_CODE_POINT_BITS = 21
_SPACE = "\u2581"
# Text made of these alone passes the normaliser unchanged; the writer of the file checks it.
_PLAIN = re.compile(r"[ -~가-힣]+")


class PiecesError(ValueError):
    """The file is not a vocabulary that this version reads."""


class SentencePieces:
    """A vocabulary of pieces and its normaliser. Read-only, so safe for concurrent use."""

    __slots__ = (
        "_ids",
        "_keys",
        "_mask",
        "_replacements",
        "_root",
        "_scores",
        "_trie",
        "_unknown",
    )

    def __init__(self, data: bytes | mmap.mmap) -> None:
        """Read the layout of a vocabulary.

        Raises:
            PiecesError: `data` is not such a file, is of another format, or is cut short.
        """
        if len(data) < _HEADER_BYTES or data[:8] != _MAGIC:
            raise PiecesError("not a file of sentence pieces")
        form, bits, trie, replacements, unknown = struct.unpack_from("<4If", data, 8)
        if form != _FORMAT:
            raise PiecesError(f"format {form} of sentence pieces, this version reads {_FORMAT}")
        ids = _HEADER_BYTES + (8 << bits)
        scores = ids + (4 << bits)
        tries = scores + (4 << bits)
        words = tries + trie
        if len(data) != words + replacements:
            raise PiecesError(f"{len(data)} bytes of sentence pieces, not {words + replacements}")
        view = memoryview(data)
        self._unknown = unknown
        self._root = 1 << bits
        self._mask = self._root - 1
        self._keys = view[_HEADER_BYTES:ids].cast("Q")
        self._ids = view[ids:scores].cast("i")
        self._scores = view[scores:tries].cast("f")
        self._trie = view[tries:words].cast("I")
        self._replacements = bytes(view[words:])

    @classmethod
    def open(cls, path: Path) -> "SentencePieces":
        """Map a file of pieces.

        Raises:
            OSError: the file cannot be read.
            PiecesError: it is not a file of pieces, or is damaged.
        """
        with path.open("rb") as file:
            try:
                return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            except ValueError as error:  # an empty file cannot be mapped
                raise PiecesError(f"{path}: {error}") from error

    def encode(self, text: str) -> list[int]:
        """Return the ids of the pieces of `text`, begin and end marks included.

        A run of unknown characters is one unknown piece, as in SentencePiece. Lone surrogates
        count as U+FFFD, which is read as a space. Text with nothing to read (empty, or spaces of
        any kind) is one unknown piece, so that it has a vector.
        """
        return [BEGIN, *(self._segment(self._normalise(text)) or [UNKNOWN]), END]

    def _normalise(self, text: str) -> str:
        if not _PLAIN.fullmatch(text):
            text = self._mapped(text)
        words = [word for word in text.split(" ") if word]
        return (_SPACE + _SPACE.join(words)).rstrip(_SPACE) if words else ""

    def _mapped(self, text: str) -> str:
        """Replace what the character map (nmt_nfkc) has an entry for, the longest first."""
        raw = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
        trie, replacements = self._trie, self._replacements
        top = _offset(trie[0])
        size = len(raw)
        out = bytearray()
        start = 0
        while start < size:
            node, end, value = top, start, 0
            for position in range(start, size):
                byte = raw[position]
                node ^= byte
                unit = trie[node]
                if unit & 0x800000FF != byte:
                    break
                node ^= (unit >> 10) << ((unit & 0x200) >> 6)
                if unit & 0x100:
                    end, value = position + 1, trie[node] & 0x7FFFFFFF
            if end > start:
                out += replacements[value : replacements.index(0, value)]
            else:
                lead = raw[start]
                end += 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
                out += raw[start:end]
            start = end
        return out.decode()

    def _segment(self, text: str) -> list[int]:
        """Find the pieces with the highest sum of scores, from left to right."""
        keys, scores = self._keys, self._scores
        mask, root, unknown = self._mask, self._root, self._unknown
        codes = [*map(ord, text)]
        size = len(codes)
        best = array("f", [0.0]) + array("f", [-inf]) * size
        came_from = [0] * (size + 1)
        slot_of = [-1] * (size + 1)
        for start in range(size):
            base = best[start]
            node = root
            is_known = False
            end = start
            while end < size:
                code = codes[end]
                key = node << _CODE_POINT_BITS | code
                node = (node * 31 + code * 40503) & mask
                while (found := keys[node]) != key and found:
                    node = (node + 1) & mask
                if not found:
                    break
                end += 1
                score = scores[node]
                if score:
                    if end == start + 1:
                        is_known = True
                    score += base
                    so_far = best[end]
                    if score > so_far:
                        best[end] = score
                        if best[end] > so_far:
                            came_from[end] = start
                            slot_of[end] = node
            if not is_known:
                score = base + unknown
                if score > best[start + 1]:
                    best[start + 1] = score
                    came_from[start + 1] = start
        return self._best_path(came_from, slot_of)

    def _best_path(self, came_from: list[int], slot_of: list[int]) -> list[int]:
        pieces: list[int] = []
        position = len(came_from) - 1
        while position > 0:
            slot = slot_of[position]
            piece = UNKNOWN if slot < 0 else self._ids[slot]
            if piece != UNKNOWN or not pieces or pieces[-1] != UNKNOWN:
                pieces.append(piece)
            position = came_from[position]
        pieces.reverse()
        return pieces


def _offset(unit: int) -> int:
    return (unit >> 10) << ((unit & 0x200) >> 6)
