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

_FORMAT = 2
_WAY_OUT = "scripts/encoder builds it"
_GRAPH = "encoder.onnx"
_PIECES = "pieces.bin"
_SERVED = (_GRAPH, "encoder.onnx.data", _PIECES)
# Pieces per run: enough to make the most of a matrix product, few enough to stay in the cache.
_RUN_PIECES = 512


class EncoderError(RuntimeError):
    """The encoder's folder is missing, not whole, or not one that this version reads."""


@dataclass(frozen=True, slots=True)
class About:
    """What a manifest says of an encoder.

    `prefix` is put before every text; of a text, no more than `most_pieces` pieces are read, marks
    included (None: all).
    """

    name: str
    dimensions: int
    prefix: str
    most_pieces: int | None


class OnnxEncoder:
    """Turns texts into vectors on one thread. Safe for concurrent use."""

    def __init__(
        self, session: onnxruntime.InferenceSession, pieces: SentencePieces, about: About
    ) -> None:
        self._session = session
        self._pieces = pieces
        self._about = about

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
        return cls(session, pieces, about)

    @property
    def name(self) -> str:
        return self._about.name

    @property
    def dimensions(self) -> int:
        return self._about.dimensions

    @property
    def parts(self) -> tuple[int, ...]:
        return (self._about.dimensions,)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, float32 [len(texts), dimensions], each of length one.

        Text with nothing to read in it (empty, or spaces of any kind) has a vector too, the same
        for all such texts. Only the first `MAX_CHARACTERS` characters of a text are read.
        """
        vectors = np.empty((len(texts), self._about.dimensions), dtype=np.float32)
        places: dict[int, list[int]] = {}
        pieces = [self._cut(text) for text in texts]
        for place, row in enumerate(pieces):
            places.setdefault(len(row), []).append(place)
        for length, same in places.items():
            step = max(1, _RUN_PIECES // length)
            for start in range(0, len(same), step):
                batch = same[start : start + step]
                rows = np.array([pieces[place] for place in batch], dtype=np.int32)
                (vectors[batch],) = self._session.run(["vectors"], {"pieces": rows})
        return vectors

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
        form = manifest["format"]
        if form == 1:
            manifest, form = _upgraded(manifest), _FORMAT
        if form != _FORMAT:
            raise EncoderError(f"{path}: format {form}, this version reads {_FORMAT}; {_WAY_OUT}")
        most = manifest["most_pieces"]
        about = About(
            name=f"{manifest['name']}@{hashlib.sha256(raw).hexdigest()[:12]}",
            dimensions=int(manifest["dimensions"]),
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


def _upgraded(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest of format 1, which knew of whole texts without a prefix, as one of 2."""
    return {**manifest, "prefix": "", "most_pieces": None}
