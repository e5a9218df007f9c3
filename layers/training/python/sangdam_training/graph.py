"""The trained model as one ONNX graph that receives numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, compose, helper, numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.linear_model import LogisticRegression

from sangdam_training.families import Linear
from sangdam_training.lexical import LexicalHead
from sangdam_training.outsiders import OutsiderRule
from sangdam_training.scope import Gauge, PartlyRead, ScopeRule
from sangdam_training.tuned import TunedHead
from sangdam_training.vectors import TINY, Centring

Matrix = NDArray[np.float32]

OPSET = 18
ML_OPSET = 3
IR_VERSION = 8


@dataclass(frozen=True, slots=True)
class VectorPart:
    """What the graph needs of the models of one part of the sentence vector.

    ``start`` is where the part begins in a row of the encoder; ``head`` is the weighted sum of all
    models that are given the part; ``centres`` are ``[intents, dimensions]``. Of some texts a
    ``partial`` one has nothing but zeros, and nothing to say.
    """

    space: str
    part: int
    start: int
    centring: Centring
    head: Linear
    centres: Matrix
    partial: bool = False


@dataclass(frozen=True, slots=True)
class LayersPart:
    """The encoder's last layers as tuned for the bot, and how much they count."""

    start: int
    head: TunedHead
    weight: float
    centres: Matrix


@dataclass(frozen=True, slots=True)
class Released:
    """Everything the graph is made of."""

    lexical: LexicalHead
    vectors: tuple[VectorPart, ...]
    layers: LayersPart | None
    scope: ScopeRule
    partly: PartlyRead | None
    outsiders: OutsiderRule | None


def build_graph(released: Released) -> bytes:
    """Return the serialised graph; the same parts give the same bytes.

    Inputs: ``vector`` float32 ``[1, dimensions]``, a row of the encoder, if there are parts that
    take it; ``rows`` int64 ``[n]`` and ``weights`` float32 ``[n]``, at least one, the known
    features of a text. Outputs: ``probabilities`` float32 ``[1, intents]`` and ``in_scope``
    float32 ``[1]``.
    """
    draft = _Draft()
    logits = _lexical_part(draft, released.lexical)
    near: dict[str, str] = {}
    taken = whole = None
    for vector in released.vectors:
        row = _slice(draft, vector.start, vector.start + len(vector.centring.mean))
        unit = _centred_part(draft, vector.space, vector.centring, row)
        said = _head(draft, vector.space, vector.head, unit)
        if vector.partial:
            read = _read_part(draft, row)
            said = draft.node("Mul", said, read)
            whole = read if whole is None else draft.node("Mul", whole, read)
        logits = draft.node("Add", logits, said)
        near[vector.space] = _nearness_part(draft, vector.space, vector.centres, unit)
        if taken is None and released.outsiders is not None:
            taken = _outsider_part(draft, released.outsiders, unit)
    if released.layers is not None:
        unit, tuned = _layers_part(draft, released.layers)
        logits = draft.node("Add", logits, tuned)
        near["layers"] = _nearness_part(draft, "layers", released.layers.centres, unit)
    if released.partly is not None and whole is not None:
        scale = draft.number("partly_scale", released.partly.scale)
        scales = _either(draft, whole, draft.number("whole_scale", 1.0), scale)
        logits = draft.node("Mul", logits, scales)
    draft.node("Softmax", logits, axis=-1, output="probabilities")
    score = _scope_part(draft, released.scope, "", logits, near=near)
    if released.partly is not None and whole is not None:
        rest = _scope_part(draft, released.partly.scope, "partly_", logits, near=near)
        flat = draft.node("Reshape", whole, draft.ints("one", [1]))
        score = _either(draft, flat, score, rest)
    if taken is not None:
        score = draft.node("Sub", score, taken)
    draft.node("Identity", score, output="in_scope")
    return draft.finish(takes_vector=bool(near))


class _Draft:
    """Nodes and constants of a graph in the making; names are given in order."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._named: set[str] = set()

    def node(self, operator: str, *inputs: str, output: str | None = None, **settings: int) -> str:
        name = output or f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(_node(operator, inputs, name, settings))
        return name

    def split(self, rows: str, sizes: str) -> tuple[str, str]:
        names = f"split_{len(self.nodes)}_first", f"split_{len(self.nodes)}_second"
        node = helper.make_node("Split", [rows, sizes], list(names), name=names[0], axis=-1)
        self.nodes.append(node)
        return names

    def tensor(self, name: str, values: NDArray[np.generic]) -> str:
        if name not in self._named:
            self._named.add(name)
            self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def number(self, name: str, value: float) -> str:
        return self.tensor(name, np.float32(value).reshape(1))

    def ints(self, name: str, values: list[int]) -> str:
        return self.tensor(name, np.asarray(values, np.int64))

    def finish(self, *, takes_vector: bool) -> bytes:
        inputs = [
            helper.make_tensor_value_info("rows", TensorProto.INT64, ["features"]),
            helper.make_tensor_value_info("weights", TensorProto.FLOAT, ["features"]),
        ]
        if takes_vector:
            inputs.insert(
                0, helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, "dimensions"])
            )
        outputs = [
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, None]),
            helper.make_tensor_value_info("in_scope", TensorProto.FLOAT, [1]),
        ]
        graph = helper.make_graph(self.nodes, "classifier", inputs, outputs, self.constants)
        model = helper.make_model(
            graph,
            opset_imports=[
                helper.make_opsetid("", OPSET),
                helper.make_opsetid("ai.onnx.ml", ML_OPSET),
            ],
            producer_name="sangdam",
        )
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))


def _node(
    operator: str, inputs: Sequence[str], name: str, settings: Mapping[str, int]
) -> onnx.NodeProto:
    attributes: dict[str, Any] = dict(settings)
    return helper.make_node(operator, list(inputs), [name], name=name, **attributes)


def _lexical_part(draft: _Draft, lexical: LexicalHead) -> str:
    """An embedding bag: the rows of the known features, weighted and summed, 8 bits a number."""
    picked = draft.node("Gather", draft.tensor("table", lexical.steps), "rows", axis=0)
    numbers = draft.node("Cast", picked, to=TensorProto.FLOAT)
    row = draft.node("Unsqueeze", "weights", draft.ints("front", [0]))
    steps = draft.node("MatMul", row, numbers)
    scaled = draft.node("Mul", steps, draft.tensor("scales", lexical.scales))
    return draft.node("Add", scaled, draft.tensor("intercept", lexical.intercept))


def _slice(draft: _Draft, start: int, end: int) -> str:
    """Columns of the encoder's row."""
    return draft.node(
        "Slice",
        "vector",
        draft.ints(f"at_{start}", [start]),
        draft.ints(f"at_{end}", [end]),
        draft.ints("last", [-1]),
    )


def _unit(draft: _Draft, rows: str) -> str:
    length = draft.node("ReduceL2", rows, draft.ints("last", [-1]), keepdims=1)
    return draft.node("Div", rows, draft.node("Max", length, draft.number("tiny", TINY)))


def _centred_part(draft: _Draft, space: str, centring: Centring, row: str) -> str:
    moved = draft.node("Sub", row, draft.tensor(f"{space}_mean", centring.mean))
    return _unit(draft, draft.node("Mul", moved, draft.tensor(f"{space}_scale", centring.scale)))


def _nearness_part(draft: _Draft, space: str, centres: Matrix, unit: str) -> str:
    likeness = draft.node("MatMul", unit, draft.tensor(f"{space}_centres", centres.T))
    return draft.node("ReduceMax", likeness, draft.ints("last", [-1]), keepdims=0)


def _layers_part(draft: _Draft, part: LayersPart) -> tuple[str, str]:
    """The tuned layers (see ``tuned``), stored in 16 bits: their units and weighted logits."""
    layers = part.head.layers

    def layer(name: str) -> str:
        half = draft.tensor(f"layers_{name}", layers[name].astype(np.float16))
        return draft.node("Cast", half, to=TensorProto.FLOAT)

    def halves(rows: str, first: int, second: int) -> tuple[str, str]:
        sizes = draft.ints(f"sizes_{first}_{second}", [first, second])
        return draft.split(rows, sizes)

    wide, width = layers["across"].shape[0], layers["skip"].shape[0]
    row = _slice(draft, part.start, part.start + layers["sum"].shape[0])
    both = draft.node("MatMul", draft.node("MatMul", row, layer("sum")), layer("down"))
    hidden, skipped = halves(both, wide, wide)
    crossed = draft.node("MatMul", draft.node("Relu", hidden), layer("across"))
    middle = draft.node("Relu", draft.node("Add", skipped, crossed))
    tall, straight = halves(draft.node("MatMul", middle, layer("up")), width, width)
    raised = draft.node("MatMul", draft.node("Relu", tall), layer("skip"))
    vector = _unit(draft, draft.node("Tanh", draft.node("Add", straight, raised)))
    unit = _unit(draft, draft.node("Sub", vector, draft.tensor("layers_mean", part.head.mean)))
    logits = draft.node("Add", draft.node("MatMul", unit, layer("out")), layer("bias"))
    return unit, draft.node("Mul", logits, draft.number("layers_weight", part.weight))


def _outsider_part(draft: _Draft, outsiders: OutsiderRule, unit: str) -> str:
    """What is taken off the in-scope score of a unit vector, ``[1]``."""
    direction = draft.tensor("outsider_direction", outsiders.direction[:, None])
    along = draft.node("MatMul", unit, direction)
    flat = draft.node("Reshape", along, draft.ints("one", [1]))
    taken = draft.node("Add", flat, draft.number("outsider_offset", outsiders.offset))
    return draft.node("Relu", taken) if outsiders.one_sided else taken


def _head(draft: _Draft, space: str, head: Linear, unit: str) -> str:
    """The head as skl2onnx exports it, its numbers in and its raw scores out."""
    if len(head.intercept) == 2:
        # An estimator of two classes knows their difference alone; the energy needs both logits.
        scores = draft.node("MatMul", unit, draft.tensor(f"{space}_weights", head.weights))
        return draft.node("Add", scores, draft.tensor(f"{space}_intercept", head.intercept))
    model = _as_logistic(head)
    exported = to_onnx(
        model,
        initial_types=[("unit", FloatTensorType([None, head.weights.shape[0]]))],
        target_opset={"": OPSET, "ai.onnx.ml": ML_OPSET},
        options={id(model): {"raw_scores": True, "zipmap": False}},
    )
    prefixed = compose.add_prefix(exported, f"{space}/").graph
    entry, scores = str(prefixed.input[0].name), str(prefixed.output[1].name)
    needed = _needed(prefixed, scores)
    for node in needed:
        node.input[:] = [unit if name == entry else name for name in node.input]
    draft.nodes.extend(needed)
    used = {name for node in needed for name in node.input}
    draft.constants.extend(one for one in prefixed.initializer if one.name in used)
    return scores


def _as_logistic(head: Linear) -> LogisticRegression:
    """Return an estimator of three intents or more with these weights."""
    weights, intercept = head.weights.T.astype(np.float64), head.intercept.astype(np.float64)
    model = LogisticRegression()
    model.classes_ = np.arange(len(head.intercept))
    model.coef_, model.intercept_ = weights, intercept
    model.n_features_in_ = weights.shape[1]
    model.n_iter_ = np.zeros(1, np.int32)
    return model


def _needed(graph: onnx.GraphProto, output: str) -> list[onnx.NodeProto]:
    """Return the nodes an output depends on, in order; the predicted label is not wanted."""
    wanted = {output}
    kept: list[onnx.NodeProto] = []
    for node in reversed(graph.node):
        if wanted.intersection(node.output):
            wanted.update(node.input)
            kept.insert(0, node)
    return kept


def _read_part(draft: _Draft, row: str) -> str:
    """1 where a part of the row has length 1, and 0 where it is nothing but zeros, ``[1, 1]``."""
    length = draft.node("ReduceL2", row, draft.ints("last", [-1]), keepdims=1)
    return draft.node(
        "Cast", draft.node("Greater", length, draft.number("half", 0.5)), to=TensorProto.FLOAT
    )


def _either(draft: _Draft, first: str, one: str, other: str) -> str:
    """The one where ``first`` is 1, the other where it is 0."""
    chosen = draft.node("Cast", first, to=TensorProto.BOOL)
    return draft.node("Where", chosen, one, other)


def _scope_part(
    draft: _Draft, scope: ScopeRule, named: str, logits: str, *, near: Mapping[str, str]
) -> str:
    last = draft.ints("last", [-1])
    energy = draft.node("ReduceLogSumExp", logits, last, keepdims=0)
    score = _gauge_part(draft, scope.energy, f"{named}energy", energy)
    for space, gauge in scope.near.items():
        close = _gauge_part(draft, gauge, f"{named}near_{space}", near[space])
        score = draft.node("Add", score, close)
    return score


def _gauge_part(draft: _Draft, gauge: Gauge, name: str, value: str) -> str:
    away = draft.node("Sub", value, draft.number(f"{name}_mean", gauge.mean))
    return draft.node("Mul", away, draft.number(f"{name}_scale", gauge.scale))
