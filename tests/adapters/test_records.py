"""The stored form of every record: read back as written, refused if of another kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam_adapters import records
from sangdam_adapters.records import RecordError, write
from tests.adapters import samples
from tests.adapters.samples import a_feedback, a_label, a_session, a_turn

READERS: dict[str, tuple[Callable[[str], Any], Any]] = {
    "session": (records.read_session, a_session()),
    "turn": (records.read_turn, a_turn()),
    "feedback": (records.read_feedback, a_feedback()),
    "label": (records.read_label, a_label()),
}


@given(samples.sessions)
def test_a_session_is_read_back_as_written(record: Any) -> None:
    assert records.read_session(write(record)) == record


@given(samples.turns)
def test_a_turn_is_read_back_as_written(record: Any) -> None:
    assert records.read_turn(write(record)) == record


@given(samples.feedbacks)
def test_a_feedback_is_read_back_as_written(record: Any) -> None:
    assert records.read_feedback(write(record)) == record


@given(samples.labels)
def test_a_label_is_read_back_as_written(record: Any) -> None:
    assert records.read_label(write(record)) == record


@given(st.one_of(samples.sessions, samples.turns, samples.feedbacks))
def test_a_record_is_text_that_utf_8_can_write(record: Any) -> None:
    assert json.loads(write(record).encode("utf-8"))["format"] == 1


def test_korean_is_written_as_it_is_read() -> None:
    assert "배송 언제 와요?" in write(a_turn())


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("other", [0, 2, "1", None, "absent"])
def test_a_record_of_another_format_is_refused(kind: str, other: object) -> None:
    read, record = READERS[kind]
    document = json.loads(write(record))
    if other == "absent":
        del document["format"]
    else:
        document["format"] = other
    with pytest.raises(RecordError, match=f"stored {kind} has format .*this version reads 1"):
        read(json.dumps(document))


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"text"'])
def test_a_record_that_is_none_is_refused(kind: str, text: str) -> None:
    with pytest.raises(RecordError, match=f"stored {kind} is damaged"):
        READERS[kind][0](text)


def test_a_moment_keeps_its_microseconds_and_its_zone() -> None:
    moment = datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC)
    turn = records.read_turn(write(a_turn(at=moment)))
    assert turn.at == moment
    assert turn.at.tzinfo is not None


def test_what_has_no_stored_form_is_refused() -> None:
    with pytest.raises(TypeError, match="set has no stored form"):
        write(a_turn(text={"no", "text"}))  # type: ignore[arg-type]


def test_a_feedback_from_before_there_were_picks_is_a_customers() -> None:
    document = json.loads(write(a_feedback()))
    del document["source"]
    assert records.read_feedback(json.dumps(document)).source == "customer"
