"""The sentence encoder as an ONNX graph: weights of the pinned package in, model bytes out.

The graph takes a batch of texts that all have the same number of pieces (`pieces`, int32 [n, t],
begin and end marks included) and returns `vectors`, float32 [n, 512], each of length one. Batches
of one length need neither padding nor a mask, so a text's vector does not depend on its company.

Architecture: Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic Retrieval"
(the n-gram convolution variant); the weights are stored in 6 bits by the package.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import AttributeProto, GraphProto, ModelProto, TensorProto, helper

OPSET = 18
IR_VERSION = 9
CHUNKS = 17
DIMENSIONS = 512
WIDTH = 256
# n-gram order and how many pieces to the left of the centre it sees.
BRANCHES = ((2, 0), (3, 1), (5, 2))

Weights = Mapping[str, NDArray[Any]]

_PAGE = 4096
_INLINE_BYTES = 1024


@dataclass(frozen=True, slots=True)
class EncoderGraph:
    """An ONNX model and the bytes of the data file that it points to."""

    model: bytes
    data: bytes


def build_graph(weights: Weights, *, data_name: str) -> EncoderGraph:
    """Build the encoder's graph; the same weights give the same bytes every time.

    Args:
        weights: the arrays of the package's `weights.npz`, by name.
        data_name: file name, beside the model, under which the data will be stored.
    """
    graph = _Graph(data_name)
    pieces = "pieces"
    graph.initializer("table", _table(weights))
    scale = graph.initializer("scale", weights["scale"].astype(np.float32)[:, None])
    lowest = graph.initializer("lowest", weights["lo"].astype(np.float32)[:, None])
    chunks = graph.initializer("chunks", np.array(CHUNKS, dtype=np.int32))
    epsilon = float(weights["eps"])

    # A row of the table is dequantised with the scale of its chunk, and chunks take turns by id.
    chunk = graph.node("Mod", [pieces, chunks])
    rows = graph.node("Cast", [graph.node("Gather", ["table", pieces])], to=TensorProto.FLOAT)
    scaled = graph.node("Mul", [rows, graph.node("Gather", [scale, chunk])])
    embedded = graph.node("Add", [scaled, graph.node("Gather", [lowest, chunk])])

    orders = [order for order, _ in BRANCHES]
    projected = graph.dense(
        embedded,
        "projection",
        np.concatenate([weights[f"proj{n}"] for n in orders], axis=1),
        np.concatenate([weights[f"proj_b{n}"] for n in orders]),
    )
    normal = graph.normalise(
        projected,
        "projection_norm",
        np.concatenate([weights[f"ln_g{n}"] for n in orders]),
        np.concatenate([weights[f"ln_b{n}"] for n in orders]),
        epsilon=epsilon,
    )
    widths = graph.initializer("widths", np.array([WIDTH] * len(BRANCHES), dtype=np.int64))
    parts = graph.nodes("Split", [normal, widths], len(BRANCHES), axis=2)
    features = [embedded]
    for part, (order, left) in zip(parts, BRANCHES, strict=True):
        for layer in ("1", "2"):
            part = graph.convolve(
                part,
                f"ngram{order}_{layer}",
                weights[f"w{layer}_{order}"],
                weights[f"b{layer}_{order}"],
                left=left,
            )
        features.append(part)
    joined = graph.normalise(
        graph.node("Concat", features, axis=2),
        "features_norm",
        weights["ln_g"],
        weights["ln_b"],
        epsilon=epsilon,
    )
    graph.head(joined, weights, epsilon=epsilon)
    return graph.finish()


def _table(weights: Weights) -> NDArray[np.uint8]:
    rows = [weights[f"q{chunk + 1}"] for chunk in range(CHUNKS)]
    table = np.empty((CHUNKS * rows[0].shape[0], DIMENSIONS), dtype=np.uint8)
    for chunk, block in enumerate(rows):
        table[chunk::CHUNKS] = block
    return table


class _Graph:
    """Collects nodes and initializers; big initializers go to page-aligned external data."""

    def __init__(self, data_name: str) -> None:
        self._data_name = data_name
        self._data = bytearray()
        self._initializers: list[TensorProto] = []
        self._nodes: list[Any] = []

    def initializer(self, name: str, value: NDArray[Any]) -> str:
        array = np.ascontiguousarray(value)
        raw = array.tobytes()
        tensor = TensorProto(
            name=name, dims=array.shape, data_type=helper.np_dtype_to_tensor_dtype(array.dtype)
        )
        if len(raw) < _INLINE_BYTES:
            tensor.raw_data = raw
        else:
            self._data.extend(bytes(-len(self._data) % _PAGE))
            tensor.data_location = TensorProto.EXTERNAL
            place = {"location": self._data_name, "offset": len(self._data), "length": len(raw)}
            for key, entry in place.items():
                tensor.external_data.add(key=key, value=str(entry))
            self._data.extend(raw)
        self._initializers.append(tensor)
        return name

    def nodes(self, kind: str, inputs: list[str], count: int, **attributes: Any) -> list[str]:
        outputs = [f"{kind.lower()}_{len(self._nodes)}_{index}" for index in range(count)]
        self._add(kind, inputs, outputs, attributes)
        return outputs

    def node(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        return self.nodes(kind, inputs, 1, **attributes)[0]

    def _add(
        self, kind: str, inputs: list[str], outputs: list[str], attributes: Mapping[str, Any]
    ) -> None:
        node = helper.make_node(kind, inputs, outputs)
        made: list[AttributeProto] = [
            helper.make_attribute(name, attributes[name]) for name in sorted(attributes)
        ]
        node.attribute.extend(made)
        self._nodes.append(node)

    def dense(
        self, source: str, name: str, weight: NDArray[Any], bias: NDArray[Any] | None = None
    ) -> str:
        product = self.node("MatMul", [source, self.initializer(f"{name}_weight", weight)])
        if bias is None:
            return product
        return self.node("Add", [product, self.initializer(f"{name}_bias", bias)])

    def normalise(
        self,
        source: str,
        name: str,
        gain: NDArray[Any],
        bias: NDArray[Any],
        *,
        epsilon: float,
    ) -> str:
        inputs = [
            source,
            self.initializer(f"{name}_gain", gain),
            self.initializer(f"{name}_bias", bias),
        ]
        return self.node("LayerNormalization", inputs, axis=-1, epsilon=epsilon)

    def convolve(
        self, source: str, name: str, weight: NDArray[Any], bias: NDArray[Any], *, left: int
    ) -> str:
        """Add the n-gram layer: Relu(convolution along the text) + its own input.

        The convolution is written as shifted copies side by side and one matrix product, which
        spares the two transposes that Conv needs and uses the fastest kernel there is.
        """
        order = weight.shape[0] // WIDTH
        right = order - 1 - left
        pads = self.initializer(f"{name}_pads", np.array([0, left, 0, 0, right, 0], dtype=np.int64))
        padded = self.node("Pad", [source, pads], mode="constant")
        axis = self.initializer(f"{name}_axis", np.array([1], dtype=np.int64))
        shifted = []
        for shift in range(order):
            start = self.initializer(f"{name}_from{shift}", np.array([shift], dtype=np.int64))
            stop = shift - order + 1 or np.iinfo(np.int64).max
            end = self.initializer(f"{name}_to{shift}", np.array([stop], dtype=np.int64))
            shifted.append(self.node("Slice", [padded, start, end, axis]))
        windows = self.node("Concat", shifted, axis=2)
        return self.node(
            "Add", [self.node("Relu", [self.dense(windows, name, weight, bias)]), source]
        )

    def head(self, features: str, weights: Weights, *, epsilon: float) -> None:
        """Add up the pieces, divide by the root of their number, run the residual dense layers."""
        along = self.initializer("along_pieces", np.array([1], dtype=np.int64))
        total = self.dense(
            self.node("ReduceSum", [features, along], keepdims=0), "sum", weights["cnn_W"]
        )
        shape = self.node("Shape", [features], start=1, end=2)
        count = self.node("Cast", [shape], to=TensorProto.FLOAT)
        bias = self.node("Mul", [count, self.initializer("sum_bias", weights["cnn_b"])])
        mean = self.node("Div", [self.node("Add", [total, bias]), self.node("Sqrt", [count])])
        first = self.node("Relu", [self.dense(mean, "head0", weights["d0"])])
        second = self.node(
            "Relu",
            [
                self.node(
                    "Add",
                    [
                        self.dense(mean, "skip1", weights["p1"]),
                        self.dense(first, "head1", weights["d1"]),
                    ],
                )
            ],
        )
        third = self.node("Relu", [self.dense(second, "head2", weights["d2"])])
        last = self.node(
            "Tanh",
            [
                self.node(
                    "Add",
                    [
                        self.dense(second, "skip3", weights["p3"]),
                        self.dense(third, "head3", weights["d3"]),
                    ],
                )
            ],
        )
        square = self.node("ReduceSum", [self.node("Mul", [last, last]), along], keepdims=1)
        least = self.initializer("least_square", np.array(epsilon, dtype=np.float32))
        length = self.node("Sqrt", [self.node("Max", [square, least])])
        self._add("Div", [last, length], ["vectors"], {})

    def finish(self) -> EncoderGraph:
        graph = GraphProto(name="sentence_encoder")
        graph.node.extend(self._nodes)
        graph.initializer.extend(self._initializers)
        graph.input.append(helper.make_tensor_value_info("pieces", TensorProto.INT32, ["n", "t"]))
        graph.output.append(
            helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", DIMENSIONS])
        )
        model = ModelProto(ir_version=IR_VERSION, producer_name="sangdam", graph=graph)
        model.opset_import.append(helper.make_opsetid("", OPSET))
        return EncoderGraph(
            model=model.SerializeToString(deterministic=True), data=bytes(self._data)
        )
