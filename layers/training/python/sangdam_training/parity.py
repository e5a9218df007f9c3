"""The exported model must say what the trained one says, text by text, or there is no release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sangdam.nlu.model import IntentModel
from sangdam.nlu.understanding import Scores
from sangdam_training.errors import TrainingError

Matrix = NDArray[np.float32]

LIMIT = 1e-5
"""Largest difference of a probability, given the same vector."""

ROAD_LIMIT = 1e-3
"""Largest difference of a probability when a text is encoded anew, alone and not in a batch."""

HOSTILE: tuple[str, ...] = (
    "", " ", "\n\t\r\n", "\u00a0\u2003\u3000", "\u200b\u200d\ufeff", "\x00\x01\x1b[31m\x7f",
    "ㅋㅋㅋㅋㅋㅋ", "ㅠㅠ", "ㅇㅋ", "ㄱㄴㄷㅏㅑㅓ", "\u1112\u1161\u11ab\u1100\u1173\u11af", "ﾡﾂﾄ",
    "배송언제와요", "배송 언제 와요?", "배송 where is 제 order #123", "뷁쀍꿻", "１２３ＡＢＣ",
    "😀😀😀👩‍👩‍👧‍👦🇰🇷", "¿¡§¶•ªº", "İıßſﬁ", "e\u0301\u0323\u0307" * 30, "\ud800", "a\udfffb",
    "العربية עברית", "日本語と中文", "<script>alert(1)</script>", "'; DROP TABLE intents; --",
    "{{7*7}} ${x} %s %n", "\\u0000", "NaN", "0", "-1e309", "a" * 10_000, "가" * 10_000,
    "배송 언제 와요? " * 700, "\u0300" * 10_000, "한 " * 3_000,
)  # fmt: skip
"""Texts nobody should send and somebody will; no model may stumble over one."""


class BatchModel(IntentModel, Protocol):
    """An opened model that can also score texts whose vectors are known already."""

    def score_many(
        self, texts: Sequence[str], *, vectors: Matrix | None = None
    ) -> Sequence[Scores]: ...


class BatchOpener(Protocol):
    """Opens the files of a release as the serving side does."""

    def open(self, files: Mapping[str, bytes]) -> BatchModel: ...


@dataclass(frozen=True, slots=True)
class Expected:
    """What the trained model says: ``probabilities`` ``[texts, intents]``, ``in_scope`` of each."""

    names: Sequence[str]
    probabilities: Matrix
    in_scope: NDArray[np.float32]


def check_parity(
    model: BatchModel,
    texts: Sequence[str],
    expected: Expected,
    *,
    vectors: Matrix | None,
    alone: Expected,
    sample: NDArray[np.bool_],
) -> float:
    """Compare the opened model with the trained one on texts; return the largest difference.

    ``expected`` is of the texts read in full, ``alone`` of what serving makes of each; the latter
    is compared on every so many of the texts in the ``sample``.

    Raises
    ------
    TrainingError
        If a probability differs by more than ``LIMIT``, or an in-scope score by more than a
        thousandth of its unit.
    """
    scored = model.score_many(texts, vectors=vectors)
    worst = _compare(texts, scored, expected, limit=LIMIT)
    asked = np.arange(0, len(texts), max(1, len(texts) // 100))
    asked = asked[sample[asked]]
    shown = [texts[index] for index in asked.tolist()]
    served = [model.score(text) for text in shown]
    part = Expected(alone.names, alone.probabilities[asked], alone.in_scope[asked])
    _compare(shown, served, part, limit=ROAD_LIMIT)
    return worst


def _compare(
    texts: Sequence[str], scored: Sequence[Scores], expected: Expected, *, limit: float
) -> float:
    column = {name: index for index, name in enumerate(expected.names)}
    worst = 0.0
    for row, (text, scores) in enumerate(zip(texts, scored, strict=True)):
        given = np.full(len(column), np.nan)
        for name, probability in scores.intents:
            given[column[name]] = probability
        gap = float(np.abs(given - expected.probabilities[row]).max())
        if not gap <= limit:
            raise TrainingError(
                f"the exported model differs from the trained one by {gap:.2g} in probability"
                f" (at most {limit:.0e} is allowed) on {text[:40]!r}: the release is refused;"
                " check the versions of skl2onnx, onnx and onnxruntime against the lock files"
            )
        scope_gap = abs(scores.in_scope - float(expected.in_scope[row]))
        if not scope_gap <= max(100 * limit, 1e-5 * abs(scores.in_scope)):
            raise TrainingError(
                f"the exported model's in-scope score differs by {scope_gap:.2g} on {text[:40]!r}:"
                " the release is refused; check the versions of onnx and onnxruntime"
            )
        worst = max(worst, gap)
    return worst
