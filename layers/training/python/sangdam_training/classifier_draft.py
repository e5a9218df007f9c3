"""A classifier's ONNX graph in the making: nodes and constants, named in the order they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 18
IR_VERSION = 8


class ClassifierDraft:
    """Nodes and constants of a graph in the making; names are given in order."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._named: set[str] = set()

    def node(
        self, operator: str, *inputs: str, output: str | None = None, **settings: float
    ) -> str:
        name = output or f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(_node(operator, inputs, name, settings))
        return name

    def split(self, rows: str, sizes: Sequence[int]) -> tuple[str, ...]:
        """Cut columns apart."""
        name = f"split_{len(self.nodes)}"
        pieces = tuple(f"{name}_{number}" for number in range(len(sizes)))
        inputs = [rows, self.ints(f"{name}_sizes", list(sizes))]
        self.nodes.append(helper.make_node("Split", inputs, list(pieces), name=name, axis=-1))
        return pieces

    def tensor(self, name: str, values: NDArray[np.generic]) -> str:
        if name not in self._named:
            self._named.add(name)
            self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def halves(self, name: str, values: NDArray[np.float32]) -> str:
        """Store values in 16 bits; onnxruntime widens them once, when the graph is opened."""
        return self.node("Cast", self.tensor(name, values.astype(np.float16)), to=TensorProto.FLOAT)

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
            opset_imports=[helper.make_opsetid("", OPSET)],
            producer_name="sangdam",
        )
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))


def _node(
    operator: str, inputs: Sequence[str], name: str, settings: Mapping[str, float]
) -> onnx.NodeProto:
    attributes: dict[str, Any] = dict(settings)
    return helper.make_node(operator, list(inputs), [name], name=name, **attributes)
