"""A sentence encoder, run by onnxruntime: what stands behind the `Encoder` port.

Which encoder a folder holds, and how its texts are read, its manifest says.

Vectors of a text do not depend on the other texts of a call: only texts with the same number of
pieces share a run, so there is nothing to pad.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime

from sangdam_adapters.sentence_pieces import END, SentencePieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CHARACTERS = 10_000
"""What of a text is read; the rest is cut off. A customer's message has at most 2,000."""

_FORMAT = 3
_WAY_OUT = "scripts/encoder builds it"
_GRAPH = "encoder.onnx"
_PIECES = "pieces.bin"
_LAYERS = "layers.npz"
_SERVED = (_GRAPH, "encoder.onnx.data", _PIECES)
# Pieces per run: enough to make the most of a matrix product, few enough to stay in the cache.
_RUN_PIECES = 512


class EncoderError(RuntimeError):
    """The encoder's folder is missing, not whole, or not one that this version reads."""


@dataclass(frozen=True, slots=True)
class About:
    """What a manifest says of an encoder.

    `prefix` is put before every text; of a text, no more than `most_pieces` pieces are read, marks
    included (None: all). `layers` numbers a text are what the last layers are given.
    """

    name: str
    dimensions: int
    layers: int
    prefix: str
    most_pieces: int | None


class OnnxEncoder:
    """Turns texts into vectors on one thread. Safe for concurrent use."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        pieces: SentencePieces,
        about: About,
        folder: Path,
    ) -> None:
        self._session = session
        self._pieces = pieces
        self._about = about
        self._folder = folder
        self._outputs = ["vectors", "layers"] if about.layers else ["vectors"]

    @classmethod
    def open(cls, folder: Path) -> OnnxEncoder:
        """Open a folder that the recipe built.

        Sizes are checked against the manifest; sums are not, because reading so much would be most
        of a cold start. `scripts/encoder` checks them.

        Raises:
            EncoderError: something is missing or does not fit; says what and where.
        """
        about = _read_manifest(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # Without the arena one long text does not hold on to its memory ever after.
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        try:
            pieces = SentencePieces.open(folder / _PIECES)
            session = onnxruntime.InferenceSession(
                str(folder / _GRAPH), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's errors have no common ancestor but this
            raise EncoderError(f"{folder}: cannot be opened ({error}); {_WAY_OUT}") from error
        return cls(session, pieces, about, folder)

    @property
    def name(self) -> str:
        return self._about.name

    @property
    def dimensions(self) -> int:
        return self._about.dimensions + self._about.layers

    @property
    def parts(self) -> tuple[int, ...]:
        return (self._about.dimensions,)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row a text, float32 [len(texts), dimensions].

        A vector of length one, and, if the encoder has them, the numbers its last layers are given.

        Text with nothing to read in it (empty, or spaces of any kind) has a vector too, the same
        for all such texts. Only the first `MAX_CHARACTERS` characters of a text are read.
        """
        found = np.empty((len(texts), self.dimensions), dtype=np.float32)
        places: dict[int, list[int]] = {}
        pieces = [self._cut(text) for text in texts]
        for place, row in enumerate(pieces):
            places.setdefault(len(row), []).append(place)
        for length, same in places.items():
            step = max(1, _RUN_PIECES // length)
            for start in range(0, len(same), step):
                batch = same[start : start + step]
                rows = np.array([pieces[place] for place in batch], dtype=np.int32)
                found[batch] = np.concatenate(
                    self._session.run(self._outputs, {"pieces": rows}), axis=1
                )
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

    def _cut(self, text: str) -> list[int]:
        pieces = self._pieces.encode(self._about.prefix + text[:MAX_CHARACTERS])
        most = self._about.most_pieces
        if most is not None and len(pieces) > most:
            pieces[most - 1 :] = [END]
        return pieces


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
            dimensions=int(manifest["dimensions"]),
            layers=int(manifest["layers"]),
            prefix=str(manifest["prefix"]),
            most_pieces=None if most is None else int(most),
        )
        sizes = {str(file["name"]): int(file["bytes"]) for file in manifest["files"]}
    except OSError as error:
        raise EncoderError(
            f"{path}: the sentence encoder is not there ({error.strerror}); {_WAY_OUT}"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise EncoderError(f"{path}: not a manifest ({error!r}); {_WAY_OUT}") from error
    for file in _SERVED:
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

    Format 1 knew of whole texts without a prefix, and formats 1 and 2 of no last layers.
    """
    form = manifest["format"]
    if form == 1:
        manifest, form = {**manifest, "prefix": "", "most_pieces": None}, 2
    if form == 2:
        manifest, form = {**manifest, "layers": 0}, _FORMAT
    return manifest, form
