"""Ranges of days and of times, said with both ends, by name or by their length."""

from __future__ import annotations

import pytest

from sangdam.nlu.entities import interval
from tests.core.entity_tables.table import Row, rows, setting, values


@pytest.mark.parametrize("row", rows("interval"), ids=str)
def test_a_range_is_read_as_a_careful_speaker_means_it(row: Row) -> None:
    assert values(interval.find(row.text, row.setting)) == row.expected


def test_ranges_of_days_and_of_times_can_be_asked_for_alone() -> None:
    said = setting("now=2026-11-22T14:30")
    text = "12월 3일부터 5일까지, 내일 오후 2시부터 4시까지"
    assert [one.readings[0].value for one in interval.find_date_ranges(text, said)] == [
        "2026-12-03/2026-12-05"
    ]
    assert [one.readings[0].value for one in interval.find_datetime_ranges(text, said)] == [
        "2026-11-23T14:00/2026-11-23T16:00"
    ]
