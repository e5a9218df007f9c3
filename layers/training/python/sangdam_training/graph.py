"""The trained model as one ONNX graph that receives numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, compose
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.linear_model import LogisticRegression

from sangdam_training.classifier_draft import ML_OPSET, OPSET, ClassifierDraft
from sangdam_training.families import Linear
from sangdam_training.lexical import LexicalHead
from sangdam_training.outsiders import OutsiderRule
from sangdam_training.scope import Gauge, PartlyRead, ScopeRule
from sangdam_training.tuned import TunedHead
from sangdam_training.vectors import Centring

Matrix = NDArray[np.float32]


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
    draft = ClassifierDraft()
    logits = _lexical_part(draft, released.lexical)
    near: dict[str, str] = {}
    taken = read = None
    for vector in released.vectors:
        row = _slice(draft, vector.start, vector.start + len(vector.centring.mean))
        unit = _centred_part(draft, vector.space, vector.centring, row)
        said = _head(draft, vector.space, vector.head, unit)
        if vector.partial:
            there = _read_part(draft, row)
            said = draft.node("Mul", said, there)
            read = there if read is None else draft.node("Mul", read, there)
        logits = draft.node("Add", logits, said)
        near[vector.space] = _nearness_part(draft, vector.space, vector.centres, unit)
        if taken is None and released.outsiders is not None:
            taken = _outsider_part(draft, released.outsiders, unit)
    if released.layers is not None:
        unit, tuned = _layers_part(draft, released.layers)
        logits = draft.node("Add", logits, tuned)
        near["layers"] = _nearness_part(draft, "layers", released.layers.centres, unit)
    rules = [released.scope]
    whole = None
    if released.partly is not None and read is not None:
        rules.insert(0, released.partly.scope)
        whole = draft.node("Cast", read, to=TensorProto.INT64)
        scales = draft.tensor("partly_scales", np.array([released.partly.scale, 1], np.float32))
        logits = draft.node("Mul", logits, draft.node("Gather", scales, whole, axis=0))
    draft.node("Softmax", logits, axis=-1, output="probabilities")
    score = _scope_part(draft, rules, logits, near)
    if whole is not None:
        flat = draft.node("Reshape", whole, draft.ints("one", [1]))
        score = draft.node("Gather", score, flat, axis=1)
    if taken is not None:
        score = draft.node("Sub", score, taken)
    draft.node("Reshape", score, draft.ints("one", [1]), output="in_scope")
    return draft.finish(takes_vector=bool(near))


def _lexical_part(draft: ClassifierDraft, lexical: LexicalHead) -> str:
    """An embedding bag: the rows of the known features, weighted and summed, 8 bits a number."""
    picked = draft.node("Gather", draft.tensor("table", lexical.steps), "rows", axis=0)
    numbers = draft.node("Cast", picked, to=TensorProto.FLOAT)
    row = draft.node("Unsqueeze", "weights", draft.ints("front", [0]))
    steps = draft.node("MatMul", row, numbers)
    scaled = draft.node("Mul", steps, draft.tensor("scales", lexical.scales))
    return draft.node("Add", scaled, draft.tensor("intercept", lexical.intercept))


def _slice(draft: ClassifierDraft, start: int, end: int) -> str:
    """Columns of the encoder's row."""
    return draft.node(
        "Slice",
        "vector",
        draft.ints(f"at_{start}", [start]),
        draft.ints(f"at_{end}", [end]),
        draft.ints("last", [-1]),
    )


def _unit(draft: ClassifierDraft, rows: str) -> str:
    """Rows of length 1; nothing but zeros stays so."""
    return draft.node("LpNormalization", rows, axis=-1, p=2)


def _centred_part(draft: ClassifierDraft, space: str, centring: Centring, row: str) -> str:
    moved = draft.node("Sub", row, draft.tensor(f"{space}_mean", centring.mean))
    return _unit(draft, draft.node("Mul", moved, draft.tensor(f"{space}_scale", centring.scale)))


def _nearness_part(draft: ClassifierDraft, space: str, centres: Matrix, unit: str) -> str:
    likeness = draft.node("MatMul", unit, draft.tensor(f"{space}_centres", centres.T))
    return draft.node("ReduceMax", likeness, draft.ints("last", [-1]), keepdims=1)


def _layers_part(draft: ClassifierDraft, part: LayersPart) -> tuple[str, str]:
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
    weight = float(np.float32(part.weight))
    logits = draft.node("Gemm", unit, layer("out"), layer("bias"), alpha=weight, beta=weight)
    return unit, logits


def _outsider_part(draft: ClassifierDraft, outsiders: OutsiderRule, unit: str) -> str:
    """What is taken off the in-scope score of a unit vector, ``[1, 1]``."""
    direction = draft.tensor("outsider_direction", outsiders.direction[:, None])
    offset = draft.number("outsider_offset", outsiders.offset)
    taken = draft.node("Gemm", unit, direction, offset)
    return draft.node("Relu", taken) if outsiders.one_sided else taken


def _head(draft: ClassifierDraft, space: str, head: Linear, unit: str) -> str:
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


def _read_part(draft: ClassifierDraft, row: str) -> str:
    """1 where a part of the row has length 1, and 0 where it is nothing but zeros, ``[1, 1]``."""
    length = draft.node("ReduceL2", row, draft.ints("last", [-1]), keepdims=1)
    return draft.node(
        "Cast", draft.node("Greater", length, draft.number("half", 0.5)), to=TensorProto.FLOAT
    )


def _scope_part(
    draft: ClassifierDraft, rules: Sequence[ScopeRule], logits: str, near: Mapping[str, str]
) -> str:
    """The in-scope score by each of the rules, ``[1, rules]``: one product for all gauges."""
    measures = {"": draft.node("ReduceLogSumExp", logits, draft.ints("last", [-1]), keepdims=1)}
    measures |= {space: near[space] for rule in rules for space in rule.near}
    gauges = [{"": rule.energy, **rule.near} for rule in rules]
    # A rule that leaves a measure out weighs it with nothing.
    idle = Gauge(0.0, 0.0)
    scales = np.array([[row.get(one, idle).scale for one in measures] for row in gauges])
    means = np.array([[row.get(one, idle).mean for one in measures] for row in gauges])
    values = draft.node("Concat", *measures.values(), axis=1)
    # Moved before they are scaled: the difference of two large numbers would lose digits.
    usual = means[-1]
    moved = draft.node("Sub", values, draft.tensor("gauge_means", usual.astype(np.float32)))
    offsets = ((usual - means) * scales).sum(axis=1)
    return draft.node(
        "Gemm",
        moved,
        draft.tensor("gauge_scales", scales.T.astype(np.float32)),
        draft.tensor("gauge_offsets", offsets.astype(np.float32)),
    )
