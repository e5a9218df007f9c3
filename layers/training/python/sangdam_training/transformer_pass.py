"""A transformer without ONNX: what the graph's vectors are compared with.

Everything the long way round, in single precision.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from sangdam_training.transformer_weights import Weights

Matrix = NDArray[np.float32]


class TransformerPass:
    """Runs a model over the pieces of texts in single precision."""

    def __init__(self, model: Weights, *, by_distance: Matrix | None = None) -> None:
        """Take the weights, and what is added to attention, [heads, 2 * most pieces - 1]."""
        self._model = model
        self._by_distance = by_distance
        size = model.size
        self._weights = {
            f"l{layer}.{part}": model.dense(
                f"l{layer}.{part}.w", inputs=size.inner if part == "fo" else size.width
            )
            for layer in range(model.layers)
            for part in ("q", "k", "v", "ao", "fi", "fo")
        }

    def vector(self, ids: Sequence[int], *, means: Sequence[int] | None = None) -> Matrix:
        """Return the vectors of a text's pieces side by side, float32 [width x vectors].

        Each is the mean of what a layer gives, of length one. `means` are the layers, counted from
        1; the last one, if not told.
        """
        flows = self._flows(ids)
        taken = [flows[layer].mean(axis=0) for layer in means or [self._model.layers]]
        units = [mean / np.linalg.norm(mean) for mean in taken]
        return np.asarray(np.concatenate(units), np.float32)

    def vectors(
        self, texts: Sequence[Sequence[int]], *, means: Sequence[int] | None = None
    ) -> Matrix:
        """Return a row of :meth:`vector` for the pieces of each text."""
        # One thread: on matrices of this size more of them wait for each other.
        with threadpool_limits(1):
            return np.stack([self.vector(ids, means=means) for ids in texts])

    def _flows(self, ids: Sequence[int]) -> list[Matrix]:
        """Return what goes into the first layer, and what each layer gives."""
        model, width = self._model, self._model.size.width
        words = model.dense("emb.word", inputs=width, rows=ids)
        places = model.floats("emb.pos").reshape(-1, width)[: len(ids)]
        flow = self._normalised(words + places + model.floats("emb.type")[:width], "emb.ln")
        flows = [flow]
        for layer in range(model.layers):
            name = f"l{layer}"
            seen = self._attention(flow, name)
            flow = self._normalised(flow + self._dense(seen, f"{name}.ao"), f"{name}.aln")
            inner = self._dense(flow, f"{name}.fi")
            inner = inner * (1 + erf(inner / np.sqrt(np.float32(2)))) / 2
            flow = self._normalised(flow + self._dense(inner, f"{name}.fo"), f"{name}.oln")
            flows.append(flow)
        return flows

    def _attention(self, flow: Matrix, name: str) -> Matrix:
        size, count = self._model.size, len(flow)
        asked, offered, given = (
            self._dense(flow, f"{name}.{part}").reshape(count, size.heads, -1).swapaxes(0, 1)
            for part in ("q", "k", "v")
        )
        likeness = asked @ offered.swapaxes(1, 2) / np.sqrt(np.float32(size.width // size.heads))
        if self._by_distance is not None:
            here = self._by_distance.shape[1] // 2
            places = np.arange(count)
            likeness = likeness + self._by_distance[:, places[None] - places[:, None] + here]
        shares = np.exp(likeness - likeness.max(axis=2, keepdims=True))
        shares /= shares.sum(axis=2, keepdims=True)
        return np.asarray((shares @ given).swapaxes(0, 1).reshape(count, size.width), np.float32)

    def _dense(self, flow: Matrix, name: str) -> Matrix:
        product = flow @ self._weights[name].T + self._model.floats(f"{name}.b")
        return np.asarray(product, np.float32)

    def _normalised(self, flow: Matrix, name: str) -> Matrix:
        centred = flow - flow.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + self._model.epsilon)
        gain, bias = self._model.floats(f"{name}.w"), self._model.floats(f"{name}.b")
        return np.asarray(centred / spread * gain + bias, np.float32)
