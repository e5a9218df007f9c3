"""A linear head as skl2onnx exports it."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.linear_model import LogisticRegression

from sangdam_training.classifier_draft import OPSET
from sangdam_training.families import Linear

ML_OPSET = 3


def exported(head: Linear) -> Linear:
    """Return the numbers skl2onnx writes for a head.

    Its operator for a linear classifier also names the winner, and nobody asks for that; with
    these numbers a plain product says the same in less time.
    """
    if len(head.intercept) == 2:
        # An estimator of two classes knows their difference alone; the energy needs both logits.
        return head
    graph = export_head(head).graph
    node = next(one for one in graph.node if one.op_type == "LinearClassifier")
    told = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    rows = np.asarray(told["coefficients"], np.float32).reshape(len(head.intercept), -1)
    return Linear(np.ascontiguousarray(rows.T), np.asarray(told["intercepts"], np.float32))


def export_head(head: Linear) -> onnx.ModelProto:
    """Return skl2onnx's own model of a head of three intents or more; its second output are the
    raw scores."""
    estimator = _as_logistic(head)
    model: onnx.ModelProto = to_onnx(
        estimator,
        initial_types=[("unit", FloatTensorType([None, head.weights.shape[0]]))],
        target_opset={"": OPSET, "ai.onnx.ml": ML_OPSET},
        options={id(estimator): {"raw_scores": True, "zipmap": False}},
    )
    return model


def _as_logistic(head: Linear) -> LogisticRegression:
    """Return an estimator of three intents or more with these weights."""
    weights, intercept = head.weights.T.astype(np.float64), head.intercept.astype(np.float64)
    model = LogisticRegression()
    model.classes_ = np.arange(len(head.intercept))
    model.coef_, model.intercept_ = weights, intercept
    model.n_features_in_ = weights.shape[1]
    model.n_iter_ = np.zeros(1, np.int32)
    return model
