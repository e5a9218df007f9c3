"""The second encoder without ONNX: what the graph's vectors are compared with.

Everything the long way round, in single precision and over the package's whole vocabulary.
"""

from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from sangdam_training.transformer_package import (
    BEGIN,
    END,
    HEADS,
    INNER,
    LAYERS,
    UNKNOWN,
    WIDTH,
    PackedModel,
)

Matrix = NDArray[np.float32]

_SPACE = "\u2581"


class TransformerPass:
    """Cuts texts as the package does, and runs the model over them in single precision.

    A run of unknown characters is one unknown piece, as in SentencePiece, with which the model was
    trained; the package repeats it. Spaces at the end are not read, for the same reason.
    """

    def __init__(self, model: PackedModel) -> None:
        self._model = model
        numbers = enumerate(model.scores.tolist())
        self._scores = {model.pieces[number]: (score, number) for number, score in numbers if score}
        self._longest = max(map(len, self._scores))
        self._unknown = float(model.scores.min()) - 10
        self._weights = {
            f"l{layer}.{part}": model.blocks(
                f"l{layer}.{part}.w", inputs=INNER if part == "fo" else WIDTH
            ).dense()
            for layer in range(LAYERS)
            for part in ("q", "k", "v", "ao", "fi", "fo")
        }
        self._words = model.blocks("emb.word", inputs=WIDTH)

    def cut(self, text: str) -> list[int]:
        """Return the package's ids of a text, marks included."""
        text = "".join(self._model.replacements.get(ord(letter), letter) for letter in text)
        text = "".join(_SPACE + word for word in text.split(" ") if word)
        best: list[tuple[float, int, int]] = [(0.0, 0, 0), *[(-inf, 0, 0)] * len(text)]
        for start in range(len(text)):
            base = best[start][0]
            for end in range(start + 1, min(len(text), start + self._longest) + 1):
                usual = (self._unknown, UNKNOWN) if end == start + 1 else (-inf, UNKNOWN)
                score, number = self._scores.get(text[start:end], usual)
                # Single precision, as in SentencePiece: it decides ties.
                total = float(np.float32(base + score))
                if total > best[end][0]:
                    best[end] = (total, number, start)
        ids = [END]
        position = len(text)
        while position:
            _, number, position = best[position]
            if number != UNKNOWN or ids[-1] != UNKNOWN:
                ids.append(number)
        return [*ids, BEGIN][::-1]

    def vector(self, ids: list[int]) -> Matrix:
        """Return the vector of a text's pieces, float32 [384], of length one."""
        model = self._model
        rows = np.asarray(ids)
        words = type(self._words)(self._words.nibbles[rows], self._words.scales[rows]).dense()
        places = model.floats("emb.pos").reshape(-1, WIDTH)[: len(ids)]
        flow = self._normalised(words + places + model.floats("emb.type")[:WIDTH], "emb.ln")
        for layer in range(LAYERS):
            name = f"l{layer}"
            seen = self._attention(flow, name)
            flow = self._normalised(flow + self._dense(seen, f"{name}.ao"), f"{name}.aln")
            inner = self._dense(flow, f"{name}.fi")
            inner = inner * (1 + erf(inner / np.sqrt(np.float32(2)))) / 2
            flow = self._normalised(flow + self._dense(inner, f"{name}.fo"), f"{name}.oln")
        mean = flow.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), np.float32)

    def _attention(self, flow: Matrix, name: str) -> Matrix:
        asked, offered, given = (
            self._dense(flow, f"{name}.{part}").reshape(len(flow), HEADS, -1).swapaxes(0, 1)
            for part in ("q", "k", "v")
        )
        likeness = asked @ offered.swapaxes(1, 2) / np.sqrt(np.float32(WIDTH // HEADS))
        shares = np.exp(likeness - likeness.max(axis=2, keepdims=True))
        shares /= shares.sum(axis=2, keepdims=True)
        return np.asarray((shares @ given).swapaxes(0, 1).reshape(len(flow), WIDTH), np.float32)

    def _dense(self, flow: Matrix, name: str) -> Matrix:
        product = flow @ self._weights[name].T + self._model.floats(f"{name}.b")
        return np.asarray(product, np.float32)

    def _normalised(self, flow: Matrix, name: str) -> Matrix:
        centred = flow - flow.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + self._model.epsilon)
        gain, bias = self._model.floats(f"{name}.w"), self._model.floats(f"{name}.b")
        return np.asarray(centred / spread * gain + bias, np.float32)
