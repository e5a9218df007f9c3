"""The sentence encoder's vocabulary as one flat file that serving maps into memory.

A SentencePiece model is a protobuf message whose 128,000 pieces have to be read one by one
(0.15-0.5 s). This module does that work once and lays the pieces out as a hash table that
`sangdam_adapters.sentence_pieces` reads in place. The layout, little-endian:

    header      magic `SDPIECES`; uint32: format, log2 of the number of slots, bytes of the
                character trie, bytes of the replacements; float32: score of a character
                without a piece; padded to 64 bytes
    keys        uint64 per slot: parent slot << 21 | code point; 0 marks a free slot
    ids         int32 per slot: the piece that ends here
    scores      float32 per slot: its score; 0 where no piece ends
    trie        the normaliser's double array (darts-clone), as the model carries it
    replacements   what the trie's values point into: UTF-8, each closed by a NUL

A child's slot is (31 * parent's slot + 40503 * code point) modulo the number of slots, or the next
free one; the root counts as the slot after the last, which no child can have.
"""

import re
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

FORMAT = 1
MAGIC = b"SDPIECES"
HEADER_BYTES = 64
CODE_POINT_BITS = 21
# Text made of these alone passes the normaliser unchanged; build_pieces makes sure of it.
PLAIN = re.compile(r"[ -~가-힣]+")

_NORMAL, _USER_DEFINED = 1, 4
_UNKNOWN_PENALTY = 10.0
_LOAD = 0.5


class PiecesError(ValueError):
    """The SentencePiece model is not one that the flat file can hold."""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    score: float
    kind: int
    id: int


def build_pieces(model: bytes) -> bytes:
    """Lay a serialised SentencePiece unigram model out as the flat file.

    Raises:
        PiecesError: the model lacks what the flat file needs, or breaks a shortcut serving takes.
    """
    fields = list(_fields(model))
    pieces = [_piece(value, index) for index, value in enumerate(_chosen(fields, 1))]
    trie, replacements = _character_map(fields)
    _check_shortcuts(trie, replacements)
    normal = [piece.score for piece in pieces if piece.kind == _NORMAL]
    if not normal or max(normal) >= 0:
        raise PiecesError("sentencepiece.model: scores of pieces must be below zero")
    highest = max(normal)
    scored = [
        # SentencePiece rates a user-defined symbol by its length in bytes.
        (piece, piece.score if piece.kind == _NORMAL else len(piece.text.encode()) * highest - 0.1)
        for piece in pieces
        if piece.kind in (_NORMAL, _USER_DEFINED)
    ]
    bits, table = _hash_table(scored)
    unknown = min(normal) - _UNKNOWN_PENALTY
    header = struct.pack("<8s4If", MAGIC, FORMAT, bits, len(trie), len(replacements), unknown)
    return b"".join([header.ljust(HEADER_BYTES, b"\0"), table, trie, replacements])


def normaliser_of(model: bytes) -> bytes:
    """Return the serialised `NormalizerSpec` of a SentencePiece model.

    Raises:
        PiecesError: the model has none.
    """
    for spec in _chosen(list(_fields(model)), 3):
        return spec
    raise PiecesError("sentencepiece.model: no normaliser spec")


def _hash_table(scored: list[tuple[_Piece, float]]) -> tuple[int, bytes]:
    prefixes = {piece.text[:end] for piece, _ in scored for end in range(1, len(piece.text) + 1)}
    bits = 1
    while len(prefixes) > _LOAD * (1 << bits):
        bits += 1
    size = 1 << bits
    keys = array("Q", bytes(8 * size))
    slots = {"": size}
    for prefix in sorted(prefixes, key=lambda prefix: (len(prefix), prefix)):
        parent, code = slots[prefix[:-1]], ord(prefix[-1])
        slot = (parent * 31 + code * 40503) & (size - 1)
        while keys[slot]:
            slot = (slot + 1) & (size - 1)
        keys[slot] = parent << CODE_POINT_BITS | code
        slots[prefix] = slot
    ids = array("i", bytes(4 * size))
    scores = array("f", bytes(4 * size))
    for piece, score in scored:
        slot = slots[piece.text]
        ids[slot] = piece.id
        scores[slot] = score
    return bits, keys.tobytes() + ids.tobytes() + scores.tobytes()


def _character_map(fields: list[tuple[int, bytes]]) -> tuple[bytes, bytes]:
    """Find the normaliser's trie and replacements: in field 3 of the model, field 2 of that."""
    for spec in _chosen(fields, 3):
        for charsmap in _chosen(list(_fields(spec)), 2):
            (size,) = struct.unpack_from("<I", charsmap)
            return charsmap[4 : 4 + size], charsmap[4 + size :]
    raise PiecesError("sentencepiece.model: no character map (nmt_nfkc) in the normaliser spec")


def _check_shortcuts(trie: bytes, replacements: bytes) -> None:
    """Make sure that the normaliser leaves plain text alone and never makes two spaces of one."""
    if b"  " in replacements:
        raise PiecesError("sentencepiece.model: the normaliser turns a character into two spaces")
    units = memoryview(trie).cast("I")
    for code in (*range(ord(" "), ord("~") + 1), *range(ord("가"), ord("힣") + 1)):
        for key in _keys_from(units, chr(code)):
            if len(key) == 1 or PLAIN.match(key[1]):
                raise PiecesError(f"sentencepiece.model: the normaliser changes plain text {key!r}")


def _keys_from(units: "memoryview[int]", start: str) -> Iterator[str]:
    """Yield the keys of the double array that begin with the character `start`."""
    unit = units[0]
    node = _offset(unit)
    prefix = start.encode()
    for byte in prefix:
        node ^= byte
        if units[node] & 0x800000FF != byte:
            return
        unit = units[node]
        node ^= _offset(unit)
    pending = [(node, unit, prefix)]
    while pending:
        node, unit, key = pending.pop()
        if unit & 0x100:
            yield key.decode()
        for byte in range(1, 256):
            unit = units[node ^ byte]
            if unit & 0x800000FF == byte:
                pending.append((node ^ byte ^ _offset(unit), unit, key + bytes((byte,))))


def _offset(unit: int) -> int:
    return (unit >> 10) << ((unit & 0x200) >> 6)


def _piece(message: bytes, index: int) -> _Piece:
    text, score, kind = "", 0.0, _NORMAL
    for number, value in _fields(message):
        if number == 1:
            text = value.decode()
        elif number == 2:
            (score,) = struct.unpack("<f", value)
        elif number == 3:
            kind = int.from_bytes(value, "little")
    return _Piece(text, score, kind, index)


def _chosen(fields: list[tuple[int, bytes]], number: int) -> list[bytes]:
    return [value for found, value in fields if found == number]


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Read a protobuf message's fields; a varint comes as little-endian bytes."""
    position = 0
    while position < len(message):
        tag, position = _varint(message, position)
        wire = tag & 7
        if wire == 0:
            number, position = _varint(message, position)
            yield tag >> 3, number.to_bytes(10, "little")
            continue
        if wire == 2:
            size, position = _varint(message, position)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise PiecesError(f"sentencepiece.model: wire type {wire} at byte {position}")
        yield tag >> 3, message[position : position + size]
        position += size


def _varint(message: bytes, position: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = message[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, position
        shift += 7
