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

from sangdam_training.combination import Combination
from sangdam_training.lexical import MARGIN_SCALE, LexicalHead
from sangdam_training.outsiders import OutsiderRule
from sangdam_training.scope import Gauge, ScopeRule
from sangdam_training.vectors import TINY, Centring

Matrix = NDArray[np.float32]

OPSET = 18
ML_OPSET = 3
IR_VERSION = 8
HEAD = "head/"


@dataclass(frozen=True, slots=True)
class VectorPart:
    """What the graph needs of the vector model."""

    centring: Centring
    head: LogisticRegression
    centres: Matrix


def build_graph(
    *,
    vector: VectorPart | None,
    lexical: LexicalHead,
    combination: Combination,
    scope: ScopeRule,
    outsiders: OutsiderRule | None = None,
) -> bytes:
    """Return the serialised graph; the same parts give the same bytes.

    Inputs: ``vector`` float32 ``[1, dimensions]`` if there is a vector part; ``rows`` int64 ``[n]``
    and ``weights`` float32 ``[n]``, at least one, the known features of a text. Outputs:
    ``probabilities`` float32 ``[1, intents]`` and ``in_scope`` float32 ``[1]``.
    """
    draft = _Draft()
    lexical_logits = _lexical_part(draft, lexical)
    logits = draft.node("Mul", lexical_logits, draft.number("weight", combination.weight))
    near = taken = None
    if vector is not None:
        unit = _unit_part(draft, vector.centring)
        logits = draft.node("Add", _head(draft, vector.head, unit), logits)
        near = _nearness_part(draft, vector.centres, unit)
        taken = None if outsiders is None else _outsider_part(draft, outsiders, unit)
    cooled = draft.node("Div", logits, draft.number("temperature", combination.temperature))
    draft.node("Softmax", cooled, axis=-1, output="probabilities")
    _scope_part(draft, scope, logits, cooled, near=near, taken=taken)
    return draft.finish(dimensions=None if vector is None else len(vector.centring.mean))


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

    def tensor(self, name: str, values: NDArray[np.generic]) -> str:
        if name not in self._named:
            self._named.add(name)
            self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def number(self, name: str, value: float) -> str:
        return self.tensor(name, np.float32(value).reshape(1))

    def ints(self, name: str, values: list[int]) -> str:
        return self.tensor(name, np.asarray(values, np.int64))

    def finish(self, *, dimensions: int | None) -> bytes:
        inputs = [
            helper.make_tensor_value_info("rows", TensorProto.INT64, ["features"]),
            helper.make_tensor_value_info("weights", TensorProto.FLOAT, ["features"]),
        ]
        if dimensions is not None:
            inputs.insert(
                0, helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, dimensions])
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
    margins = draft.node("Add", scaled, draft.tensor("intercept", lexical.intercept))
    return draft.node("Mul", margins, draft.number("margin_scale", MARGIN_SCALE))


def _unit_part(draft: _Draft, centring: Centring) -> str:
    moved = draft.node("Sub", "vector", draft.tensor("mean", centring.mean))
    length = draft.node("ReduceL2", moved, draft.ints("last", [-1]), keepdims=1)
    safe = draft.node("Max", length, draft.number("tiny", TINY))
    return draft.node("Div", moved, safe)


def _nearness_part(draft: _Draft, centres: Matrix, unit: str) -> str:
    likeness = draft.node("MatMul", unit, draft.tensor("centres", centres.T))
    return draft.node("ReduceMax", likeness, draft.ints("last", [-1]), keepdims=0)


def _outsider_part(draft: _Draft, outsiders: OutsiderRule, unit: str) -> str:
    """What is taken off the in-scope score of a unit vector, ``[1]``."""
    direction = draft.tensor("outsider_direction", outsiders.direction[:, None])
    along = draft.node("MatMul", unit, direction)
    flat = draft.node("Reshape", along, draft.ints("one", [1]))
    return draft.node("Add", flat, draft.number("outsider_offset", outsiders.offset))


def _head(draft: _Draft, head: LogisticRegression, unit: str) -> str:
    """The head as skl2onnx exports it, its numbers in and its raw scores out."""
    exported = to_onnx(
        head,
        initial_types=[("unit", FloatTensorType([None, head.coef_.shape[1]]))],
        target_opset={"": OPSET, "ai.onnx.ml": ML_OPSET},
        options={id(head): {"raw_scores": True, "zipmap": False}},
    )
    prefixed = compose.add_prefix(exported, HEAD).graph
    entry, scores = str(prefixed.input[0].name), str(prefixed.output[1].name)
    needed = _needed(prefixed, scores)
    for node in needed:
        node.input[:] = [unit if name == entry else name for name in node.input]
    draft.nodes.extend(needed)
    used = {name for node in needed for name in node.input}
    draft.constants.extend(one for one in prefixed.initializer if one.name in used)
    if len(head.classes_) == 2:
        # skl2onnx gives [-d, d] where the logits of a sigmoid are half of that.
        return draft.node("Mul", scores, draft.number("half", 0.5))
    return scores


def _needed(graph: onnx.GraphProto, output: str) -> list[onnx.NodeProto]:
    """Return the nodes an output depends on, in order; the predicted label is not wanted."""
    wanted = {output}
    kept: list[onnx.NodeProto] = []
    for node in reversed(graph.node):
        if wanted.intersection(node.output):
            wanted.update(node.input)
            kept.insert(0, node)
    return kept


def _scope_part(
    draft: _Draft,
    scope: ScopeRule,
    logits: str,
    cooled: str,
    *,
    near: str | None,
    taken: str | None,
) -> None:
    last = draft.ints("last", [-1])
    energy = draft.node("ReduceLogSumExp", logits, last, keepdims=0)
    surety = draft.node("ReduceMax", draft.node("LogSoftmax", cooled, axis=-1), last, keepdims=0)
    score = draft.node(
        "Add",
        _gauge_part(draft, scope.energy, "energy", energy),
        _gauge_part(draft, scope.surety, "surety", surety),
    )
    if scope.nearness is not None and near is not None:
        score = draft.node("Add", score, _gauge_part(draft, scope.nearness, "nearness", near))
    if taken is not None:
        score = draft.node("Sub", score, taken)
    draft.node("Identity", score, output="in_scope")


def _gauge_part(draft: _Draft, gauge: Gauge, name: str, value: str) -> str:
    away = draft.node("Sub", value, draft.number(f"{name}_mean", gauge.mean))
    return draft.node("Mul", away, draft.number(f"{name}_scale", gauge.scale))
