"""An encoder's ONNX graph in the making: weights go to a file of their own, mapped by serving.

All encoders take `pieces`, int32 [n, t], texts that all have the same number of pieces, and give
`vectors`, float32 [n, dimensions], and maybe more rows of that kind. The same calls give the same
bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import AttributeProto, GraphProto, ModelProto, TensorProto, helper

from sangdam_training.seven_bits import Steps

OPSET = 18
IR_VERSION = 9
CONTRIBUTED = "com.microsoft"
"""The domain of the operators that onnxruntime adds to those of ONNX."""

_PAGE = 4096
_INLINE_BYTES = 1024


@dataclass(frozen=True, slots=True)
class EncoderGraph:
    """An ONNX model and the bytes of the data file that it points to."""

    model: bytes
    data: bytes


class EncoderDraft:
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

    def ints(self, name: str, *values: int) -> str:
        return self.initializer(name, np.array(values, dtype=np.int64))

    def nodes(self, kind: str, inputs: list[str], count: int, **attributes: Any) -> list[str]:
        outputs = [f"{kind.lower()}_{len(self._nodes)}_{index}" for index in range(count)]
        self.add(kind, inputs, outputs, attributes)
        return outputs

    def node(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        return self.nodes(kind, inputs, 1, **attributes)[0]

    def contributed(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        """Add one of the operators that onnxruntime brings itself."""
        output = f"{kind.lower()}_{len(self._nodes)}_0"
        self.add(kind, inputs, [output], attributes, domain=CONTRIBUTED)
        return output

    def add(
        self,
        kind: str,
        inputs: list[str],
        outputs: list[str],
        attributes: Mapping[str, Any],
        *,
        domain: str | None = None,
    ) -> None:
        node = helper.make_node(kind, inputs, outputs, domain=domain)
        made: list[AttributeProto] = [
            helper.make_attribute(name, attributes[name]) for name in sorted(attributes)
        ]
        node.attribute.extend(made)
        self._nodes.append(node)

    def dense(
        self, source: str, name: str, weight: NDArray[Any], bias: NDArray[Any] | None = None
    ) -> str:
        """Multiply by a matrix in single precision."""
        product = self.node("MatMul", [source, self.initializer(f"{name}_weight", weight)])
        if bias is None:
            return product
        return self.node("Add", [product, self.initializer(f"{name}_bias", bias)])

    def rounded_dense(
        self, source: str, name: str, weight: Steps, bias: NDArray[Any] | None = None
    ) -> str:
        """Multiply by a matrix in 7 bits; `source` is rounded to 8, at one scale for all of it."""
        inputs = [
            source,
            self.initializer(f"{name}_weight", weight.values),
            self.initializer(f"{name}_scale", weight.scales),
        ]
        if bias is not None:
            inputs += ["", self.initializer(f"{name}_bias", bias)]
        return self.contributed("DynamicQuantizeMatMul", inputs)

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

    def finish(self, *, outputs: Mapping[str, int], domains: Sequence[str] = ()) -> EncoderGraph:
        graph = GraphProto(name="sentence_encoder")
        graph.node.extend(self._nodes)
        graph.initializer.extend(self._initializers)
        graph.input.append(helper.make_tensor_value_info("pieces", TensorProto.INT32, ["n", "t"]))
        graph.output.extend(
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width])
            for name, width in outputs.items()
        )
        model = ModelProto(ir_version=IR_VERSION, producer_name="sangdam", graph=graph)
        model.opset_import.append(helper.make_opsetid("", OPSET))
        model.opset_import.extend(helper.make_opsetid(domain, 1) for domain in domains)
        return EncoderGraph(
            model=model.SerializeToString(deterministic=True), data=bytes(self._data)
        )
