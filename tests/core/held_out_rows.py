"""Held-out rows as a model might have judged them, drawn with a seed."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from sangdam.learning.held_out import Comparison, DataSummary, HeldOutRow
from sangdam.learning.report import Report, build_report
from sangdam.nlu.understanding import OUT_OF_SCOPE, Scores, Thresholds

THRESHOLDS = Thresholds(
    answer=0.6, clarify=0.2, in_scope=-2.0, clarify_in_scope=-3.0,
    rule="at most 5.0% of automatic answers are wrong with 95% confidence",
)  # fmt: skip
SENTENCES = (
    ("ko", "주문한 상품이 아직 안 왔는데 언제쯤 받을 수 있을까요? {}"),
    ("en", "Hello, I would like to know what happened to number {} of mine"),
    ("ko", "{}번 관련해서 여쭤볼 게 있어요"),
)


def row(
    expected: str,
    ranked: Sequence[tuple[str, float]],
    *,
    text: str = "언제 와요?",
    language: str | None = "ko",
    in_scope: float = 1.0,
    thresholds: Thresholds = THRESHOLDS,
) -> HeldOutRow:
    """Return one row; what is predicted and decided follows from the ranked intents."""
    scores = Scores(tuple(ranked), in_scope)
    predicted, confidence = ranked[0]
    return HeldOutRow(
        text, language, expected, predicted, confidence, in_scope, tuple(ranked),
        thresholds.decide(scores),
    )  # fmt: skip


def draw_rows(
    intents: int = 12, rows: int = 600, *, seed: int = 0, outside: int = 40, mislabelled: int = 0
) -> list[HeldOutRow]:
    """Return rows of a passable model: neighbours are confused, 0 and 1 are near duplicates.

    The first ``mislabelled`` rows carry the label of another intent than the one they are of.
    """
    draw = random.Random(seed)
    names = [f"intent_{number:03d}" for number in range(intents)]
    result = []
    for number in range(rows + outside):
        is_outside = number >= rows
        truth = number % intents
        logits = [draw.gauss(0, 0.5) for _ in names]
        if not is_outside:
            logits[truth] += draw.gauss(6, 2)
            logits[(truth + 1) % intents] += draw.gauss(2, 1)
        if truth < 2 and not is_outside:
            logits[0], logits[1] = (6 + draw.gauss(0, 0.3) for _ in range(2))
        whole = math.fsum(math.exp(logit) for logit in logits)
        shares = sorted(
            zip(names, (math.exp(logit) / whole for logit in logits), strict=True),
            key=lambda one: (-one[1], one[0]),
        )
        label = names[(truth + intents // 2) % intents] if number < mislabelled else names[truth]
        language, sentence = SENTENCES[number % len(SENTENCES)]
        result.append(
            row(
                OUT_OF_SCOPE if is_outside else label,
                shares[:5],
                text=sentence.format(number),
                language=language,
                in_scope=draw.gauss(-3.5 if is_outside else 1, 1),
            )
        )
    return result


def draw_report(rows: Sequence[HeldOutRow] | None = None) -> Report:
    """Return a report with something in every part of it."""
    search = [
        Comparison(f"vectors C={10**power:g}", 0.8 + power / 100, 0.7 - power / 50, 1.5 + power)
        for power in range(-2, 4)
    ]
    best = Comparison("vectors x lexical", 0.861, 0.52, 4.25, kept=True, note="chosen")
    return build_report(
        draw_rows(mislabelled=6) if rows is None else rows,
        thresholds=THRESHOLDS,
        error_budget=0.05,
        guaranteed=True,
        comparisons=[*search, best],
        augmentation=[
            Comparison("without", 0.861, 0.52, kept=True, note="as it was"),
            Comparison("typos", 0.858, 0.53),
        ],
        data=DataSummary(
            rows=640, intents=12, titles=12, out_of_scope=40, duplicates=9, empty=1,
            contradictions=2, contradictory=("환불해 주세요", "cancel it"),
        ),
        figures={"folds": 5, "seconds": 12.5, "profile": "fast"},
    )  # fmt: skip
