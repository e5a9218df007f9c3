"""Date-times: a day and a time said together, or a length of time from now."""

from __future__ import annotations

import pytest

from sangdam.nlu.entities import moment
from tests.core.entity_tables.table import Row, rows, values


@pytest.mark.parametrize("row", rows("moment"), ids=str)
def test_a_date_time_is_read_as_a_careful_speaker_means_it(row: Row) -> None:
    assert values(moment.find(row.text, row.setting)) == row.expected
