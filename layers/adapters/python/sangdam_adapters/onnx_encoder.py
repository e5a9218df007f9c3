"""A sentence encoder, run by onnxruntime: what stands behind the `Encoder` port.

Which encoder a folder holds, and how its texts are read, its manifest says.

A text's vector does not depend on the other texts of a call: each has a run of its own, for numbers
that flow through a run are rounded at one scale. Sharing runs would save a tenth of the time.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import onnxruntime

from sangdam_adapters.sentence_pieces import SentencePieces
from sangdam_adapters.word_pieces import WordPieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CHARACTERS = 10_000
"""What of a text is read; the rest is cut off. A customer's message has at most 2,000."""

_FORMAT = 5
_WAY_OUT = "scripts/encoder builds it"
_GRAPH = "encoder.onnx"
_DATA = "encoder.onnx.data"
_LAYERS = "layers.npz"
_BEYOND_LATIN = re.compile(r"[^\x00-\u024f\u1e00-\u1eff]")


class Pieces(Protocol):
    """Cuts texts into the pieces that a graph reads."""

    def encode(self, text: str) -> list[int]:
        """Return the ids of the pieces of `text`, begin and end marks included."""


_VOCABULARIES: Mapping[str, tuple[str, Callable[[Path], Pieces]]] = {
    "sentencepiece": ("pieces.bin", SentencePieces.open),
    "wordpiece": ("words.txt", WordPieces.open),
}
_LETTERS = (None, "latin")


class EncoderError(RuntimeError):
    """The encoder's folder is missing, not whole, or not one that this version reads."""


@dataclass(frozen=True, slots=True)
class About:
    """What a manifest says of an encoder.

    `prefix` is put before every text; of a text, no more than `most_pieces` pieces are read, marks
    included (None: all). `layers` numbers a text are what the last layers are given. `vocabulary`
    is how texts are cut, and `letters` which ones are read (None: all). `parts` are how long the
    vectors of a text are, which stand side by side.
    """

    name: str
    parts: tuple[int, ...]
    layers: int
    prefix: str
    most_pieces: int | None
    vocabulary: str
    letters: str | None


class OnnxEncoder:
    """Turns texts into vectors on one thread. Safe for concurrent use."""

    def __init__(self, about: About, folder: Path) -> None:
        self._about = about
        self._folder = folder
        self._outputs = ["vectors", "layers"] if about.layers else ["vectors"]
        self._opened: tuple[Pieces, onnxruntime.InferenceSession] | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path, *, later: bool = False) -> OnnxEncoder:
        """Open a folder that the recipe built; with `later`, when the first text is to be read.

        Sizes are checked against the manifest; sums are not, because reading so much would be most
        of a cold start. `scripts/encoder` checks them.

        Raises:
            EncoderError: something is missing or does not fit; says what and where.
        """
        encoder = cls(_read_manifest(folder), folder)
        if not later:
            encoder._open()
        return encoder

    def _open(self) -> tuple[Pieces, onnxruntime.InferenceSession]:
        with self._lock:
            if self._opened is None:
                self._opened = self._open_files()
            return self._opened

    def _open_files(self) -> tuple[Pieces, onnxruntime.InferenceSession]:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # Without the arena one long text does not hold on to its memory ever after.
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        try:
            name, open_pieces = _VOCABULARIES[self._about.vocabulary]
            pieces = open_pieces(self._folder / name)
            session = onnxruntime.InferenceSession(
                str(self._folder / _GRAPH), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's errors have no common ancestor but this
            raise EncoderError(f"{self._folder}: cannot be opened ({error}); {_WAY_OUT}") from error
        return pieces, session

    @property
    def name(self) -> str:
        return self._about.name

    @property
    def dimensions(self) -> int:
        return sum(self._about.parts) + self._about.layers

    @property
    def parts(self) -> tuple[int, ...]:
        return self._about.parts

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row a text, float32 [len(texts), dimensions].

        Vectors of length one, and, if the encoder has them, the numbers its last layers are given.

        Text with nothing to read in it (empty, or spaces of any kind) has a vector too, the same
        for all such texts. Only the first `MAX_CHARACTERS` characters of a text are read. Text with
        letters that the encoder was not taught has zeros, and costs nothing.
        """
        found = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for place, text in enumerate(texts):
            seen = text[:MAX_CHARACTERS]
            if not self._reads(seen):
                continue
            vocabulary, session = self._opened or self._open()
            pieces = np.array([self._cut(vocabulary, seen)], dtype=np.int32)
            start = 0
            for part in session.run(self._outputs, {"pieces": pieces}):
                end = start + part.shape[1]
                found[place, start:end] = part[0]
                start = end
        return found

    def last_layers(self) -> dict[str, NDArray[np.float16]]:
        """Return the weights of the last layers by name; nothing if the encoder has none to give.

        Raises:
            EncoderError: their file is damaged.
        """
        if not self._about.layers:
            return {}
        path = self._folder / _LAYERS
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in arrays.files}
        except (OSError, ValueError) as error:
            raise EncoderError(f"{path}: cannot be read ({error}); {_WAY_OUT}") from error

    def _reads(self, text: str) -> bool:
        return self._about.letters is None or is_latin(text)

    def _cut(self, vocabulary: Pieces, text: str) -> list[int]:
        pieces = vocabulary.encode(self._about.prefix + text)
        most = self._about.most_pieces
        if most is not None and len(pieces) > most:
            pieces[most - 1 :] = pieces[-1:]
        return pieces


def is_latin(text: str) -> bool:
    """Tell whether all letters are Latin ones; text without any letter is Latin as well."""
    return text.isascii() or not any(map(str.isalpha, _BEYOND_LATIN.findall(text)))


def _read_manifest(folder: Path) -> About:
    path = folder / "manifest.json"
    try:
        raw = path.read_bytes()
        manifest = json.loads(raw)
        manifest, form = _upgraded(manifest)
        if form != _FORMAT:
            raise EncoderError(f"{path}: format {form}, this version reads {_FORMAT}; {_WAY_OUT}")
        most = manifest["most_pieces"]
        about = About(
            name=f"{manifest['name']}@{hashlib.sha256(raw).hexdigest()[:12]}",
            parts=tuple(map(int, manifest["parts"])),
            layers=int(manifest["layers"]),
            prefix=str(manifest["prefix"]),
            most_pieces=None if most is None else int(most),
            vocabulary=str(manifest["vocabulary"]),
            letters=manifest["letters"],
        )
        if about.vocabulary not in _VOCABULARIES or about.letters not in _LETTERS:
            raise ValueError(f"vocabulary {about.vocabulary}, letters {about.letters}")
        sizes = {str(file["name"]): int(file["bytes"]) for file in manifest["files"]}
    except OSError as error:
        raise EncoderError(
            f"{path}: the sentence encoder is not there ({error.strerror}); {_WAY_OUT}"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise EncoderError(f"{path}: not a manifest ({error!r}); {_WAY_OUT}") from error
    for file in (_GRAPH, _DATA, _VOCABULARIES[about.vocabulary][0]):
        try:
            size = (folder / file).stat().st_size
        except OSError as error:
            raise EncoderError(f"{folder / file}: {error.strerror}; {_WAY_OUT}") from error
        if size != sizes.get(file):
            raise EncoderError(
                f"{folder / file}: {size} bytes, its manifest says {sizes.get(file)}; {_WAY_OUT}"
            )
    return about


def _upgraded(manifest: Mapping[str, Any]) -> tuple[Mapping[str, Any], int]:
    """Return a manifest of any former format as one of this, and the format it then has.

    Format 1 knew of whole texts without a prefix, formats 1 and 2 of no last layers, formats 1 to 3
    of one kind of vocabulary, for texts in all letters, and formats 1 to 4 of one vector a text.
    """
    form = manifest["format"]
    if form == 1:
        manifest, form = {**manifest, "prefix": "", "most_pieces": None}, 2
    if form == 2:
        manifest, form = {**manifest, "layers": 0}, 3
    if form == 3:
        manifest, form = {**manifest, "vocabulary": "sentencepiece", "letters": None}, 4
    if form == 4:
        manifest, form = {**manifest, "parts": [manifest["dimensions"]]}, _FORMAT
    return manifest, form
