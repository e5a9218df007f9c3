"""The page of an evaluation shows the test rows, and the search of the training before them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.evaluation.page import write_page
from tests.core.held_out_rows import THRESHOLDS, draw_rows, row

TRAINING = {
    "search": [{"name": "vectors C=30", "accuracy": 0.91, "loss": 0.4}],
    "data": {"rows": 123, "intents": 12, "contradictory_texts": ["환불"]},
}


def test_the_page_is_written_in_the_language_of_most_rows(tmp_path: Path) -> None:
    path = write_page(
        draw_rows(), tmp_path / "result.html", thresholds=THRESHOLDS, training=TRAINING
    )
    text = path.read_text("utf-8")
    assert '<html lang="ko">' in text
    assert "vectors C=30" in text
    assert "<bdi>123</bdi>" in text
    assert "<h1>result 평가 보고서</h1>" in text


@pytest.mark.parametrize("training", [{}, TRAINING])
def test_english_rows_make_an_english_page(tmp_path: Path, training: dict[str, object]) -> None:
    rows = [row("a", [("a", 0.9), ("b", 0.1)], language=None, text="Where is it?")] * 3
    path = write_page(rows, tmp_path / "en.html", thresholds=THRESHOLDS, training=training)
    assert '<html lang="en">' in path.read_text("utf-8")
