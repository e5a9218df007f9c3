"""Lengths of time, and what only looks like one."""

from __future__ import annotations

import pytest

from sangdam.nlu.entities import duration
from tests.core.entity_tables.table import Row, rows, setting, values


@pytest.mark.parametrize("row", rows("duration"), ids=str)
def test_a_length_of_time_is_read_as_a_careful_speaker_means_it(row: Row) -> None:
    assert values(duration.find(row.text, row.setting)) == row.expected


def test_an_hour_and_a_half_has_one_value_however_it_is_said() -> None:
    said = setting("now=2026-11-22T14:30")
    texts = (
        "한 시간 반",
        "1시간 30분",
        "90분",
        "1.5시간",
        "an hour and a half",
        "90 minutes",
        "1h30m",
    )
    found = [duration.find(text, said) for text in texts]
    assert {one.readings[0].value for (one,) in found} == {"PT1H30M"}
