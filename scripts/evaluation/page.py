"""The report page of an evaluation: the same as a release carries, over the test files' rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sangdam.bots.definition import Language
from sangdam.learning.held_out import Comparison, DataSummary, HeldOutRow
from sangdam.learning.report import build_report
from sangdam.nlu.understanding import Thresholds
from sangdam.ports import TrainingPlan
from sangdam_adapters.report_page import render


def write_page(
    rows: Sequence[HeldOutRow],
    path: Path,
    *,
    thresholds: Thresholds,
    training: Mapping[str, Any],
    error_budget: float = TrainingPlan().error_budget,
) -> Path:
    """Write the page of judged test rows and return where it is.

    ``training`` are the metrics of the release, of which the model search is shown. The page is in
    Korean where most rows are.
    """
    report = build_report(
        rows,
        thresholds=thresholds,
        error_budget=error_budget,
        comparisons=[
            Comparison(str(line["name"]), line.get("accuracy"), line.get("loss"))
            for line in training.get("search", ())
        ],
        data=DataSummary.of_metrics(training.get("data", {})),
    )
    korean = sum(row.language == "ko" for row in rows)
    language: Language = "ko" if 2 * korean > len(rows) else "en"
    path.write_bytes(render(replace(report, bot=path.stem), language=language))
    return path
