"""The sentence encoder as an ONNX graph: weights of the pinned package in, model bytes out.

The graph takes texts that all have the same number of pieces (`pieces`, int32 [n, t], begin and end
marks included) and returns `vectors`, float32 [n, 512], each of length one.

Architecture: Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic Retrieval"
(the n-gram convolution variant). The table is stored in 6 bits by the package, and so it is here:
four numbers of a row in three bytes, unpacked by plain operators. Matrices stand in 7 bits (see
`seven_bits`).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from sangdam_training.encoder_draft import CONTRIBUTED, EncoderDraft, EncoderGraph
from sangdam_training.encoder_folder import EncoderRecipeError
from sangdam_training.seven_bits import in_steps

CHUNKS = 17
DIMENSIONS = 512
WIDTH = 256
BITS = 6
QUARTER = DIMENSIONS // 4
LAYERS = DIMENSIONS + 3 * WIDTH + 1
"""Numbers the last layers are given of a text: its features added up and divided by the root of
the number of pieces, and that root."""
# n-gram order and how many pieces to the left of the centre it sees.
BRANCHES = ((2, 0), (3, 1), (5, 2))

Weights = Mapping[str, NDArray[Any]]


def last_layers(weights: Weights) -> dict[str, NDArray[np.float16]]:
    """Return the layers that make a vector of `layers`, in 16 bits, by name.

    With relu and `x` a row of `layers`: `m = x sum`; `[h, s] = m down`; `b = relu(s + relu(h)
    across)`; `[c, t] = b up`; the vector is `tanh(t + relu(c) skip)` scaled to length one.
    """
    layers = {
        "sum": np.concatenate([weights["cnn_W"], weights["cnn_b"].reshape(1, -1)]),
        "down": np.concatenate([weights["d0"], weights["p1"]], axis=1),
        "across": weights["d1"],
        "up": np.concatenate([weights["d2"], weights["p3"]], axis=1),
        "skip": weights["d3"],
    }
    return {name: np.asarray(layer, np.float16) for name, layer in layers.items()}


def build_graph(weights: Weights, *, data_name: str, exact: bool = False) -> EncoderGraph:
    """Build the encoder's graph; the same weights give the same bytes every time.

    Args:
        weights: the arrays of the package's `weights.npz`, by name.
        data_name: file name, beside the model, under which the data will be stored.
        exact: leave all matrices in single precision.
    """
    graph = EncoderDraft(data_name)
    dense = _Dense(graph, weights, exact=exact)
    pieces = "pieces"
    graph.initializer("table", packed(_table(weights)))
    scale = graph.initializer("scale", weights["scale"].astype(np.float32)[:, None])
    lowest = graph.initializer("lowest", weights["lo"].astype(np.float32)[:, None])
    chunks = graph.initializer("chunks", np.array(CHUNKS, dtype=np.int32))
    epsilon = float(weights["eps"])

    # A row of the table is dequantised with the scale of its chunk, and chunks take turns by id.
    chunk = graph.node("Mod", [pieces, chunks])
    rows = graph.node("Cast", [_unpacked(graph, pieces)], to=TensorProto.FLOAT)
    scaled = graph.node("Mul", [rows, graph.node("Gather", [scale, chunk])])
    embedded = graph.node("Add", [scaled, graph.node("Gather", [lowest, chunk])])

    orders = [order for order, _ in BRANCHES]
    first = np.concatenate([weights[f"proj{n}"] for n in orders], axis=1)
    offset = np.concatenate([weights[f"proj_b{n}"] for n in orders])
    normal = graph.normalise(
        _projected(graph, embedded, first, offset, exact=exact),
        "projection_norm",
        np.concatenate([weights[f"ln_g{n}"] for n in orders]),
        np.concatenate([weights[f"ln_b{n}"] for n in orders]),
        epsilon=epsilon,
    )
    widths = graph.initializer("widths", np.array([WIDTH] * len(BRANCHES), dtype=np.int64))
    parts = graph.nodes("Split", [normal, widths], len(BRANCHES), axis=2)
    features = [embedded]
    places = _places(graph)
    for part, (order, left) in zip(parts, BRANCHES, strict=True):
        for layer in ("1", "2"):
            part = _convolve(graph, dense, part, places, order=order, layer=layer, left=left)
        features.append(part)
    joined = graph.normalise(
        graph.node("Concat", features, axis=2),
        "features_norm",
        weights["ln_g"],
        weights["ln_b"],
        epsilon=epsilon,
    )
    _head(graph, dense, joined, weights, epsilon=epsilon)
    outputs = {"vectors": DIMENSIONS, "layers": LAYERS}
    return graph.finish(outputs=outputs, domains=(CONTRIBUTED,))


def _table(weights: Weights) -> NDArray[np.uint8]:
    rows = [weights[f"q{chunk + 1}"] for chunk in range(CHUNKS)]
    table = np.empty((CHUNKS * rows[0].shape[0], DIMENSIONS), dtype=np.uint8)
    for chunk, block in enumerate(rows):
        table[chunk::CHUNKS] = block
    return table


def packed(table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Pack rows of 512 numbers of 6 bits into 384 bytes.

    Byte `i` holds number `i` in its lower 6 bits. The numbers from 384 on are spread over the upper
    2 bits of what is left: number `384 + i` over the bytes `i`, `128 + i` and `256 + i`, its lowest
    bits first.

    Raises:
        EncoderRecipeError: a number takes more than 6 bits.
    """
    if table.max(initial=0) >> BITS:
        raise EncoderRecipeError(
            f"the table holds {table.max()}, which takes more than {BITS} bits"
        )
    rows = table[:, : 3 * QUARTER].copy()
    for part in range(3):
        spread = table[:, 3 * QUARTER :] >> (2 * part) & 3
        rows[:, part * QUARTER : (part + 1) * QUARTER] |= spread << BITS
    return rows


def _unpacked(graph: EncoderDraft, pieces: str) -> str:
    """Look pieces up in the packed table and take the numbers of their rows apart."""

    def byte(name: str, value: int) -> str:
        return graph.initializer(name, np.array(value, dtype=np.uint8))

    rows = graph.node("Gather", ["table", pieces])
    lower = graph.node("BitwiseAnd", [rows, byte("lower", (1 << BITS) - 1)])
    upper = graph.node("BitShift", [rows, byte("bits", BITS)], direction="RIGHT")
    quarters = graph.ints("quarters", QUARTER, QUARTER, QUARTER)
    first, second, third = graph.nodes("Split", [upper, quarters], 3, axis=2)
    second = graph.node("BitShift", [second, byte("two", 2)], direction="LEFT")
    third = graph.node("BitShift", [third, byte("four", 4)], direction="LEFT")
    last = graph.node("BitwiseOr", [graph.node("BitwiseOr", [first, second]), third])
    return graph.node("Concat", [lower, last], axis=2)


class _Dense:
    """Multiplies by matrices of the package, rounded or as they are."""

    def __init__(self, draft: EncoderDraft, weights: Weights, *, exact: bool) -> None:
        self._draft, self._weights, self._exact = draft, weights, exact

    def __call__(self, source: str, name: str, bias: str | None = None) -> str:
        weight = self._weights[name]
        offset = None if bias is None else self._weights[bias]
        if self._exact:
            return self._draft.dense(source, name, weight, offset)
        return self._draft.rounded_dense(source, name, in_steps(weight), offset)


def _projected(
    draft: EncoderDraft, source: str, weight: NDArray[Any], bias: NDArray[Any], *, exact: bool
) -> str:
    """Multiply by the first matrix.

    The pieces that mark begin and end are five times as large as others, which would be left with
    three of the 8 bits. So all are brought to the same size before they are rounded.
    """
    if exact:
        return draft.dense(source, "projection", weight, bias)
    sizes = [draft.node("Abs", [source]), draft.ints("across_numbers", -1)]
    size = draft.node("ReduceMax", sizes, keepdims=1)
    alike = draft.node("Div", [source, size])
    product = draft.rounded_dense(alike, "projection", in_steps(weight))
    bias_name = draft.initializer("projection_bias", bias)
    return draft.node("Add", [draft.node("Mul", [product, size]), bias_name])


def _places(draft: EncoderDraft) -> str:
    """Return the place of each piece in a text, int64 [t, 1]."""
    count = draft.node("Shape", ["pieces"], start=1, end=2)
    zero, one = (draft.initializer(f"number{value}", np.array(value)) for value in (0, 1))
    row = draft.node("Range", [zero, draft.node("Squeeze", [count]), one])
    return draft.node("Unsqueeze", [row, draft.ints("each_place", 1)])


def _convolve(
    draft: EncoderDraft,
    dense: _Dense,
    source: str,
    places: str,
    *,
    order: int,
    layer: str,
    left: int,
) -> str:
    """Add the n-gram layer: Relu(convolution along the text) + its own input.

    The convolution is written as windows side by side and one matrix product, which spares the two
    transposes that Conv needs and uses the fastest kernel there is.
    """
    name = f"ngram{order}_{layer}"
    pads = draft.ints(f"{name}_pads", 0, left, 0, 0, order - 1 - left, 0)
    padded = draft.node("Pad", [source, pads], mode="constant")
    shifts = draft.initializer(f"{name}_shifts", np.arange(order)[None])
    seen = draft.node("Gather", [padded, draft.node("Add", [places, shifts])], axis=1)
    windows = draft.node("Reshape", [seen, draft.ints(f"{name}_wide", 0, 0, order * WIDTH)])
    found = draft.node("Relu", [dense(windows, f"w{layer}_{order}", f"b{layer}_{order}")])
    return draft.node("Add", [found, source])


def _head(
    draft: EncoderDraft, dense: _Dense, features: str, weights: Weights, *, epsilon: float
) -> None:
    """Add up the pieces, divide by the root of their number, run the residual dense layers."""
    along = draft.initializer("along_pieces", np.array([1], dtype=np.int64))
    added = draft.node("ReduceSum", [features, along], keepdims=0)
    total = dense(added, "cnn_W")
    shape = draft.node("Shape", [features], start=1, end=2)
    count = draft.node("Cast", [shape], to=TensorProto.FLOAT)
    bias = draft.node("Mul", [count, draft.initializer("sum_bias", weights["cnn_b"])])
    root = draft.node("Sqrt", [count])
    mean = draft.node("Div", [draft.node("Add", [total, bias]), root])
    texts = draft.node("Shape", [features], start=0, end=1)
    single = draft.initializer("single", np.array([1], dtype=np.int64))
    column = draft.node("Concat", [texts, single], axis=0)
    roots = draft.node("Expand", [root, column])
    draft.add("Concat", [draft.node("Div", [added, root]), roots], ["layers"], {"axis": 1})
    first = draft.node("Relu", [dense(mean, "d0")])
    both = draft.node("Add", [dense(mean, "p1"), dense(first, "d1")])
    second = draft.node("Relu", [both])
    third = draft.node("Relu", [dense(second, "d2")])
    both = draft.node("Add", [dense(second, "p3"), dense(third, "d3")])
    last = draft.node("Tanh", [both])
    square = draft.node("ReduceSum", [draft.node("Mul", [last, last]), along], keepdims=1)
    least = draft.initializer("least_square", np.array(epsilon, dtype=np.float32))
    length = draft.node("Sqrt", [draft.node("Max", [square, least])])
    draft.add("Div", [last, length], ["vectors"], {})
