"""The trained model as one ONNX graph that receives numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from sangdam_training.classifier_draft import ClassifierDraft
from sangdam_training.exported_head import exported
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
    models that are given the part; ``centres`` are ``[intents, dimensions]``, None where nearness
    is not measured; the weights of both fit into 16 bits. Of some texts a ``partial`` one has
    nothing but zeros, and nothing to say.
    """

    space: str
    part: int
    start: int
    centring: Centring
    head: Linear
    centres: Matrix | None
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

    A message is alone in its graph, so the time goes into reading the weights and into starting
    nodes: what can be added up or multiplied here is no node there.
    """
    draft = ClassifierDraft()
    heads = {vector.space: exported(vector.head) for vector in released.vectors}
    columns = _columns(draft, released)
    said = {"lexical": _lexical_part(draft, released.lexical)}
    added: list[str] = []
    near: dict[str, str] = {}
    taken = whole = None
    for vector in released.vectors:
        row = columns[vector.start]
        unit = _centred_part(draft, vector.space, vector.centring, row)
        weights = draft.halves(f"{vector.space}_weights", heads[vector.space].weights)
        intercept = draft.tensor(f"{vector.space}_intercept", heads[vector.space].intercept)
        logits = draft.node("Gemm", unit, weights, intercept)
        if vector.partial:
            read = _read_part(draft, row)
            added.append(draft.node("Where", read, logits, draft.number("nothing", 0)))
            whole = read if whole is None else draft.node("And", whole, read)
        else:
            said[vector.space] = logits
        if vector.centres is not None:
            near[vector.space] = _nearness_part(draft, vector.space, vector.centres, unit)
        if taken is None and released.outsiders is not None:
            taken = _outsider_part(draft, released.outsiders, unit)
    layers = released.layers
    if layers is not None:
        unit = _layers_part(draft, layers.head, columns[layers.start])
        out = draft.halves("layers_out", layers.head.layers["out"])
        weight = np.float32(layers.weight)
        bias = draft.tensor("layers_intercept", weight * layers.head.layers["bias"])
        said["layers"] = draft.node("Gemm", unit, out, bias, alpha=float(weight))
        near["layers"] = _nearness_part(draft, "layers", layers.centres, unit)
    logits = _pool_part(draft, released.partly, said, added, whole=whole)
    rules = [released.scope]
    if released.partly is not None and whole is not None:
        rules.append(released.partly.scope)
    draft.node("Softmax", logits, axis=-1, output="probabilities")
    _scope_part(draft, rules, logits, near, whole=whole, taken=taken)
    return draft.finish(takes_vector=bool(columns))


def _columns(draft: ClassifierDraft, released: Released) -> Mapping[int, str]:
    """What the parts take of the encoder's row, by where it begins."""
    ends = {one.start: one.start + len(one.centring.mean) for one in released.vectors}
    layers = released.layers
    if layers is None:
        # The row may go on with what layers would be given: only some of it is cut out.
        last = draft.ints("last", [-1])
        return {
            start: draft.node(
                "Slice", "vector", draft.ints(f"at_{start}", [start]),
                draft.ints(f"at_{end}", [end]), last,
            )
            for start, end in ends.items()
        }  # fmt: skip
    ends[layers.start] = layers.start + layers.head.layers["sum"].shape[0]
    edges = sorted({0, *ends, *ends.values()})
    pieces = draft.split("vector", np.diff(edges).tolist())
    return dict(zip(edges, pieces, strict=False))


def _pool_part(
    draft: ClassifierDraft,
    partly: PartlyRead | None,
    said: Mapping[str, str],
    added: Sequence[str],
    *,
    whole: str | None,
) -> str:
    """The sum of what is said in all spaces, ``[1, intents]``.

    What every text has counts otherwise beside what only some have: one product with a row of
    ones, or of what they count there.
    """
    if partly is None:
        return draft.node("Sum", *said.values(), *added)
    counts = draft.tensor("beside", np.asarray([[partly.beside[one] for one in said]], np.float32))
    if whole is not None:
        alone = draft.tensor("alone", np.ones((1, len(said)), np.float32))
        counts = draft.node("Where", whole, counts, alone)
    stacked = draft.node("Concat", *said.values(), axis=0)
    return draft.node("Sum", draft.node("MatMul", counts, stacked), *added)


def _lexical_part(draft: ClassifierDraft, lexical: LexicalHead) -> str:
    """An embedding bag: the rows of the known features, weighted and summed, 8 bits a number."""
    picked = draft.node("Gather", draft.tensor("table", lexical.steps), "rows", axis=0)
    numbers = draft.node("Cast", picked, to=TensorProto.FLOAT)
    steps = draft.node("MatMul", "weights", numbers)
    scaled = draft.node("Mul", steps, draft.tensor("scales", lexical.scales))
    return draft.node("Add", scaled, draft.tensor("intercept", lexical.intercept[None]))


def _unit(draft: ClassifierDraft, rows: str) -> str:
    """Rows of length 1; nothing but zeros stays so."""
    return draft.node("LpNormalization", rows, axis=-1, p=2)


def _centred_part(draft: ClassifierDraft, space: str, centring: Centring, row: str) -> str:
    moved = draft.node("Sub", row, draft.tensor(f"{space}_mean", centring.mean))
    if (centring.scale != 1).any():
        moved = draft.node("Mul", moved, draft.tensor(f"{space}_scale", centring.scale))
    return _unit(draft, moved)


def _nearness_part(draft: ClassifierDraft, space: str, centres: Matrix, unit: str) -> str:
    likeness = draft.node("MatMul", unit, draft.halves(f"{space}_centres", centres.T))
    return draft.node("ReduceMax", likeness, draft.ints("last", [-1]), keepdims=1)


def _layers_part(draft: ClassifierDraft, head: TunedHead, row: str) -> str:
    """The unit vector of the tuned layers (see ``tuned``).

    Matrices that stand side by side there are apart here: a product and what follows it are then
    one node to onnxruntime, which can add and apply relu or tanh to all of a product only.
    """
    layers = head.layers
    wide, width = layers["across"].shape[0], layers["skip"].shape[0]

    def product(rows: str, name: str, weights: Matrix, *added: str) -> str:
        return draft.node("Gemm", rows, draft.halves(f"layers_{name}", weights), *added)

    summed = product(row, "sum", layers["sum"])
    hidden = draft.node("Relu", product(summed, "down", layers["down"][:, :wide]))
    skipped = product(summed, "past", layers["down"][:, wide:])
    middle = draft.node("Relu", product(hidden, "across", layers["across"], skipped))
    tall = draft.node("Relu", product(middle, "up", layers["up"][:, :width]))
    straight = product(middle, "straight", layers["up"][:, width:])
    last = draft.node("Tanh", product(tall, "skip", layers["skip"], straight))
    mean = draft.tensor("layers_mean", head.mean)
    return _unit(draft, draft.node("Sub", _unit(draft, last), mean))


def _outsider_part(draft: ClassifierDraft, outsiders: OutsiderRule, unit: str) -> str:
    """What is taken off the in-scope score of a unit vector, ``[1, 1]``."""
    direction = draft.tensor("outsider_direction", outsiders.direction[:, None])
    offset = draft.number("outsider_offset", outsiders.offset)
    taken = draft.node("Gemm", unit, direction, offset)
    return draft.node("Relu", taken) if outsiders.one_sided else taken


def _read_part(draft: ClassifierDraft, row: str) -> str:
    """Whether a part of the row has length 1 and is not all zeros, a truth value ``[1]``."""
    length = draft.node("ReduceL2", row, draft.ints("last", [-1]), keepdims=0)
    return draft.node("Greater", length, draft.number("half", 0.5))


def _scope_part(
    draft: ClassifierDraft,
    rules: Sequence[ScopeRule],
    logits: str,
    near: Mapping[str, str],
    *,
    whole: str | None,
    taken: str | None,
) -> None:
    """The in-scope score, one product for all gauges; with two rules the second is for texts that
    are not read as a whole."""
    measures = {"": draft.node("ReduceLogSumExp", logits, draft.ints("last", [-1]), keepdims=1)}
    measures |= {space: near[space] for rule in rules for space in rule.near}
    gauges = [{"": rule.energy, **rule.near} for rule in rules]
    if taken is not None:
        measures["outsiders"] = taken
        for row in gauges:
            row["outsiders"] = Gauge(0.0, -1.0)
    # A rule that leaves a measure out weighs it with nothing.
    idle = Gauge(0.0, 0.0)
    means = [[row.get(one, idle).mean for one in measures] for row in gauges]
    scales = [[row.get(one, idle).scale for one in measures] for row in gauges]

    def of_the_rule(name: str, rows: Sequence[Sequence[float]]) -> str:
        tensors = [
            draft.tensor(f"{name}_{number}", np.asarray(row, np.float32))
            for number, row in enumerate(rows)
        ]
        if whole is None or len(tensors) == 1:
            return tensors[0]
        return draft.node("Where", whole, *tensors)

    values = draft.node("Concat", *measures.values(), axis=1)
    # Moved before they are scaled: the difference of two large numbers would lose digits.
    moved = draft.node("Sub", values, of_the_rule("gauge_means", means))
    draft.node("MatMul", moved, of_the_rule("gauge_scales", scales), output="in_scope")
