"""The multilingual sentence encoder, run by onnxruntime: the `Encoder` port's only adapter.

Vectors of a text do not depend on the other texts of a call: only texts with the same number of
pieces share a run, so there is nothing to pad.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from sangdam_adapters.sentence_pieces import SentencePieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CHARACTERS = 10_000
"""What of a text is read; the rest is cut off. A customer's message has at most 2,000."""

_FORMAT = 1
_GRAPH = "encoder.onnx"
_PIECES = "pieces.bin"
_SERVED = (_GRAPH, "encoder.onnx.data", _PIECES)
# Pieces per run: enough to make the most of a matrix product, few enough to stay in the cache.
_RUN_PIECES = 512


class EncoderError(RuntimeError):
    """The encoder's folder is missing, not whole, or not one that this version reads."""


class OnnxEncoder:
    """Turns texts into vectors on one thread. Safe for concurrent use."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        pieces: SentencePieces,
        *,
        name: str,
        dimensions: int,
    ) -> None:
        self._session = session
        self._pieces = pieces
        self._name = name
        self._dimensions = dimensions

    @classmethod
    def open(cls, folder: Path) -> OnnxEncoder:
        """Open a folder that the recipe built.

        Sizes are checked against the manifest; sums are not, because reading 79 MB would be most
        of a cold start. `scripts/encoder` checks them.

        Raises:
            EncoderError: something is missing or does not fit; says what and where.
        """
        name, dimensions = _read_manifest(folder)
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
            raise EncoderError(
                f"{folder}: cannot be opened ({error}); {_way_out(folder)}"
            ) from error
        return cls(session, pieces, name=name, dimensions=dimensions)

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector a text, float32 [len(texts), dimensions], each of length one.

        Text with nothing to read in it (empty, or spaces of any kind) has a vector too, the same
        for all such texts. Only the first `MAX_CHARACTERS` characters of a text are read.
        """
        vectors = np.empty((len(texts), self._dimensions), dtype=np.float32)
        places: dict[int, list[int]] = {}
        pieces = [self._pieces.encode(text[:MAX_CHARACTERS]) for text in texts]
        for place, row in enumerate(pieces):
            places.setdefault(len(row), []).append(place)
        for length, same in places.items():
            step = max(1, _RUN_PIECES // length)
            for start in range(0, len(same), step):
                batch = same[start : start + step]
                rows = np.array([pieces[place] for place in batch], dtype=np.int32)
                (vectors[batch],) = self._session.run(["vectors"], {"pieces": rows})
        return vectors


def _read_manifest(folder: Path) -> tuple[str, int]:
    path = folder / "manifest.json"
    try:
        raw = path.read_bytes()
        manifest = json.loads(raw)
        form, name = manifest["format"], str(manifest["name"])
        dimensions = int(manifest["dimensions"])
        sizes = {str(file["name"]): int(file["bytes"]) for file in manifest["files"]}
    except OSError as error:
        raise EncoderError(
            f"{path}: the sentence encoder is not there ({error.strerror}); {_way_out(folder)}"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise EncoderError(f"{path}: not a manifest ({error!r}); {_way_out(folder)}") from error
    if form != _FORMAT:
        raise EncoderError(
            f"{path}: format {form}, this version reads {_FORMAT}; {_way_out(folder)}"
        )
    for file in _SERVED:
        try:
            size = (folder / file).stat().st_size
        except OSError as error:
            raise EncoderError(f"{folder / file}: {error.strerror}; {_way_out(folder)}") from error
        if size != sizes.get(file):
            raise EncoderError(
                f"{folder / file}: {size} bytes, its manifest says {sizes.get(file)}; "
                f"{_way_out(folder)}"
            )
    return f"{name}@{hashlib.sha256(raw).hexdigest()[:12]}", dimensions


def _way_out(folder: Path) -> str:
    return f"scripts/encoder --out {folder} builds it"
