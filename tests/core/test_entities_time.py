"""Times of day: which hour an expression means, and when the opening hours decide."""

from __future__ import annotations

import pytest

from sangdam.nlu.entities import time as times
from tests.core.entity_tables.table import Row, rows, values


@pytest.mark.parametrize("row", rows("time"), ids=str)
def test_a_time_of_day_is_read_as_a_careful_speaker_means_it(row: Row) -> None:
    assert values(times.find(row.text, row.setting)) == row.expected
