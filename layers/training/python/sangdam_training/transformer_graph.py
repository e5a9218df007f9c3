"""A transformer as an ONNX graph: packed weights in, model bytes out.

Architecture: a BERT (Devlin et al. 2019), vectors the mean over all pieces, marks included, of
length one: of what the last layer gives, and maybe of what earlier ones give, side by side. Some
look at pieces by their distance too (Raffel et al. 2020, "T5", section 2.1). Weights in 4 bits stay
so: `MatMulNBits` of onnxruntime multiplies them as they are, with what flows through rounded to 8
bits block by block. Those in 7 bits are multiplied faster, with what flows through rounded at one
scale (see `seven_bits`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from sangdam_training.encoder_draft import CONTRIBUTED, EncoderDraft, EncoderGraph
from sangdam_training.seven_bits import Steps, side_by_side
from sangdam_training.transformer_weights import (
    BLOCK,
    Blocks,
    RoundedWeights,
)

# Of MatMulNBits: products of 8-bit integers, added up in single precision.
_EIGHT_BITS = 4


def build_transformer_graph(
    model: RoundedWeights,
    *,
    kept: Sequence[int],
    positions: int,
    data_name: str,
    means: Sequence[int] | None = None,
    by_distance: NDArray[np.float32] | None = None,
    in_half: bool = False,
) -> EncoderGraph:
    """Build the graph; the same model gives the same bytes every time.

    Args:
        model: the weights.
        kept: ids of the pieces, in the order in which the table is to have them.
        positions: the most pieces a text may have.
        data_name: file name, beside the graph, under which the data will be stored.
        means: after which layers, counted from 1, vectors are taken; of the last one, if not told.
        by_distance: what is added to attention, float32 [heads, 2 * positions - 1], if anything.
        in_half: scales of 4-bit matrices are stored in 16 bits; opening the graph widens them.
    """
    draft = EncoderDraft(data_name)
    flows = [_embedded(draft, model, kept, positions)]
    near = None if by_distance is None else _near(draft, by_distance, positions)
    for number in range(model.layers):
        layer = _Layer(draft, model, number, near=near, in_half=in_half)
        flows.append(layer.add(flows[-1]))
    along = draft.ints("along_pieces", 1)
    taken = [
        draft.node("ReduceMean", [flows[layer], along], keepdims=0)
        for layer in means or [model.layers]
    ]
    if len(taken) == 1:
        draft.add("LpNormalization", taken, ["vectors"], {"axis": -1, "p": 2})
    else:
        units = [draft.node("LpNormalization", [mean], axis=-1, p=2) for mean in taken]
        draft.add("Concat", units, ["vectors"], {"axis": 1})
    width = model.size.width
    return draft.finish(outputs={"vectors": width * len(taken)}, domains=(CONTRIBUTED,))


def _embedded(
    draft: EncoderDraft, model: RoundedWeights, kept: Sequence[int], positions: int
) -> str:
    """Look the pieces up in the 4-bit table and add where they stand."""
    words, width = model.table(), model.size.width
    rows = np.asarray(kept)
    table = draft.initializer("table", words.nibbles[rows].reshape(len(rows), width // 2))
    scales = draft.initializer("table_scales", words.scales[rows])
    packed = draft.node("Gather", [table, "pieces"])
    low = draft.node("BitwiseAnd", [packed, draft.initializer("low", np.array(15, np.uint8))])
    four = draft.initializer("four", np.array(4, np.uint8))
    high = draft.node("BitShift", [packed, four], direction="RIGHT")
    halves = draft.ints("halves", 0, 0, width // BLOCK, BLOCK // 2)
    sides = [draft.node("Reshape", [side, halves]) for side in (low, high)]
    nibbles = draft.node("Cast", [draft.node("Concat", sides, axis=3)], to=TensorProto.FLOAT)
    middle = draft.initializer("middle", np.array(8, np.float32))
    scale = draft.node("Cast", [draft.node("Gather", [scales, "pieces"])], to=TensorProto.FLOAT)
    each = draft.node("Unsqueeze", [scale, draft.ints("each", 3)])
    weights = draft.node("Mul", [draft.node("Sub", [nibbles, middle]), each])
    word = draft.node("Reshape", [weights, draft.ints("whole", 0, 0, width)])
    places = model.floats("emb.pos").reshape(-1, width)[:positions]
    count = draft.node("Shape", ["pieces"], start=1, end=2)
    first = draft.ints("first", 0)
    place = draft.node(
        "Slice",
        [
            draft.initializer("places", places + model.floats("emb.type")[:width]),
            *(first, count, first),
        ],
    )
    return draft.normalise(
        draft.node("Add", [word, place]),
        "embedded",
        model.floats("emb.ln.w"),
        model.floats("emb.ln.b"),
        epsilon=model.epsilon,
    )


def _near(draft: EncoderDraft, by_distance: NDArray[np.float32], positions: int) -> str:
    """Lay out what is added to attention for each pair of pieces, float32 [1, heads, t, t]."""
    count = draft.node("Shape", ["pieces"], start=1, end=2)
    whole = draft.node("Squeeze", [count])
    start = draft.initializer("no_piece", np.array(0, np.int64))
    step = draft.initializer("a_piece", np.array(1, np.int64))
    standing = draft.node("Range", [start, whole, step])
    looked_at = draft.node("Unsqueeze", [standing, draft.ints("over", 0)])
    looking = draft.node("Unsqueeze", [standing, draft.ints("down", 1)])
    away = draft.node("Sub", [looked_at, looking])
    here = draft.initializer("same_place", np.array(positions - 1, np.int64))
    table = draft.initializer("by_distance", by_distance)
    found = draft.node("Gather", [table, draft.node("Add", [away, here])], axis=1)
    return draft.node("Unsqueeze", [found, draft.ints("each_text", 0)])


class _Layer:
    """One layer: attention, then two dense layers, each added to what it was given."""

    def __init__(
        self,
        draft: EncoderDraft,
        model: RoundedWeights,
        number: int,
        *,
        near: str | None,
        in_half: bool,
    ) -> None:
        self._draft = draft
        self._model = model
        self._name = f"l{number}"
        self._near = near
        self._in_half = in_half

    def add(self, flow: str) -> str:
        draft, size = self._draft, self._model.size
        width = size.width
        asked = self._dense(flow, ("q", "k", "v"), inputs=width)
        widths = draft.ints(f"{self._name}_widths", width, width, width)
        given = draft.nodes("Split", [asked, widths], 3, axis=2)
        if self._near is not None:
            given += ["", "", self._near]
        seen = draft.contributed("MultiHeadAttention", given, num_heads=size.heads)
        flow = self._joined(flow, self._dense(seen, ("ao",), inputs=width), "aln")
        inner = draft.contributed("Gelu", [self._dense(flow, ("fi",), inputs=width)])
        return self._joined(flow, self._dense(inner, ("fo",), inputs=size.inner), "oln")

    def _joined(self, flow: str, change: str, norm: str) -> str:
        model, name = self._model, f"{self._name}.{norm}"
        return self._draft.normalise(
            self._draft.node("Add", [flow, change]),
            name,
            model.floats(f"{name}.w"),
            model.floats(f"{name}.b"),
            epsilon=model.epsilon,
        )

    def _dense(self, source: str, parts: Sequence[str], *, inputs: int) -> str:
        """Multiply by the matrices of `parts` side by side."""
        draft, model = self._draft, self._model
        name = f"{self._name}.{'_'.join(parts)}"
        matrices = [model.matrix(f"{self._name}.{part}.w", inputs=inputs) for part in parts]
        bias = np.concatenate([model.floats(f"{self._name}.{part}.b") for part in parts])
        steps = [one for one in matrices if isinstance(one, Steps)]
        if steps:
            return draft.rounded_dense(source, name, side_by_side(steps), bias)
        blocks = [one for one in matrices if isinstance(one, Blocks)]
        scales = np.concatenate([one.scales for one in blocks])
        product = draft.contributed(
            "MatMulNBits",
            [
                source,
                draft.initializer(name, np.concatenate([_paired(one) for one in blocks])),
                self._scales(f"{name}_scales", scales.reshape(-1)),
            ],
            K=inputs,
            N=len(scales),
            accuracy_level=_EIGHT_BITS,
            bits=4,
            block_size=BLOCK,
        )
        return draft.node("Add", [product, draft.initializer(f"{name}_bias", bias)])

    def _scales(self, name: str, scales: NDArray[np.float16]) -> str:
        """Add the scales of a matrix, which is multiplied with them in single precision."""
        if not self._in_half:
            return self._draft.initializer(name, scales.astype(np.float32))
        stored = self._draft.initializer(name, scales)
        return self._draft.node("Cast", [stored], to=TensorProto.FLOAT)


def _paired(blocks: Blocks) -> NDArray[np.uint8]:
    """Return the nibbles as MatMulNBits wants them: neighbours share a byte, the first one low."""
    values = blocks.values()
    return np.asarray(values[:, :, 0::2] | values[:, :, 1::2] << 4, np.uint8)
