"""An encoder that must not be published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sangdam_adapters.onnx_encoder import OnnxEncoder
from sangdam_training.encoder_folder import MANIFEST


class SpoiltEncoder:
    """Opens a built folder, keeps its manifest, and answers almost right."""

    name = "spoilt"

    def __init__(self) -> None:
        self.manifest = ""
        self.steps: list[tuple[str, int, int]] = []

    def open(self, folder: Path) -> SpoiltEncoder:
        self._encoder = OnnxEncoder.open(folder)
        self.manifest = (folder / MANIFEST).read_text("utf-8")
        return self

    @property
    def dimensions(self) -> int:
        return self._encoder.dimensions

    @property
    def parts(self) -> tuple[int, ...]:
        return self._encoder.parts

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = self._encoder.encode(texts)
        vectors[-1] = np.roll(vectors[-1], 1)
        return vectors

    def last_layers(self) -> dict[str, NDArray[np.float16]]:
        return self._encoder.last_layers()

    def report(self, step: str, done: int, total: int) -> None:
        self.steps.append((step, done, total))
