"""Mistakes name their lines as far as it is told where keys stand, and values nobody reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.bots.definition import EntityType
from sangdam.bots.parse import parse_pack
from sangdam.bots.reading import Lines, Mistake, PackError, Reader, line_of
from tests.core.corner_shop import NAME, Files, files

LINES: Lines = {
    "": 2, "forms": 10, "forms.booking": 11, "forms.booking.slots[1]": 14, "nlu[0].examples": 20,
    "nlu[0].examples line 3": 24,
}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("forms.booking", 11),
        ("forms.booking.slots[1]", 14),
        ("forms.booking.slots[1].date.entity", 14),
        ("forms.booking.slots[0]", 11),
        ("forms.bookings", 10),
        ("format", 2),
        ("", 2),
        ("nlu[0].examples line 3 (greeting)", 24),
        ("nlu[0].examples line 4 (greeting)", 20),
        ("nlu[0].examples (greeting)", 20),
        ("nlu[7].intent", 2),
    ],
)
def test_a_key_stands_where_it_is_or_where_it_would_be(key: str, line: int) -> None:
    assert line_of(LINES, key) == line
    assert line_of({}, key) is None


@given(key=st.text(alphabet=st.sampled_from("ab.[]01 line()"), max_size=30))
def test_any_key_has_a_line_if_the_file_has_one(key: str) -> None:
    assert line_of(LINES, key) in LINES.values()
    assert line_of({"a": 1}, key) in (1, None)


def test_a_mistake_is_shown_as_editors_and_terminals_link_to_it() -> None:
    assert str(Mistake("corner/ko.yaml", "name", "is missing", 7)) == (
        "corner/ko.yaml:7: name: is missing"
    )
    assert str(Mistake("corner/ko.yaml", "", "is no YAML", 7)) == "corner/ko.yaml:7: is no YAML"
    assert str(Mistake("corner/ko.yaml", "name", "is missing")) == (
        "corner/ko.yaml: name: is missing"
    )


def test_a_mistake_may_be_called_otherwise_than_its_place() -> None:
    reader = Reader("corner/ko.yaml", lines=LINES)
    reader.wrong("'a talk' turn 2", "is wrong", at="forms.booking")
    assert [(one.key, one.line) for one in reader.mistakes] == [("'a talk' turn 2", 11)]


def test_a_pack_without_lines_is_judged_all_the_same() -> None:
    spoilt = files()
    spoilt["ko.yaml"]["system"].pop("welcome")
    assert {one.line for one in mistakes(spoilt)} == {None}


def test_what_was_found_before_is_told_with_the_rest() -> None:
    before = Mistake("corner/extra.yaml", "", "is no file of a pack")
    with pytest.raises(PackError) as caught:
        parse_pack(NAME, files(), told=[before])
    assert caught.value.mistakes == (before,)


def test_nothing_is_said_of_what_might_stand_in_an_unread_file() -> None:
    broken = Mistake("corner/examples.ko.yaml", "", "is no valid YAML", 3)
    spoilt = files()
    del spoilt["examples.ko.yaml"]
    del spoilt["examples.en.yaml"]
    with pytest.raises(PackError) as caught:
        parse_pack(NAME, spoilt, told=[broken], unread={"examples.ko.yaml"})
    assert caught.value.mistakes == (broken,)


def test_a_marked_value_that_no_parser_reads_is_a_mistake() -> None:
    spoilt = files()
    spoilt["bot.yaml"]["entities"]["day"] = {"type": "date"}
    for language in ("ko", "en"):
        spoilt[f"{language}.yaml"]["system"]["which"] = "?"
    spoilt["examples.ko.yaml"]["nlu"][6]["examples"] = "- [내일](day) 환불\n- [모래](day) 환불\n"
    asked: list[tuple[str, str]] = []

    def reads(entity: EntityType, text: str) -> bool:
        asked.append((entity.name, text))
        return text != "모래"

    with pytest.raises(PackError) as caught:
        parse_pack(NAME, spoilt, reads=reads)
    (found,) = caught.value.mistakes
    assert found.key == "nlu[6].examples line 2 (refund_when)"
    assert found.problem.startswith("'모래' does not look like a day; mark what customers really")
    assert ("order_number", "20261118-0001") in asked


def mistakes(spoilt: Files) -> tuple[Mistake, ...]:
    with pytest.raises(PackError) as caught:
        parse_pack(NAME, spoilt)
    return caught.value.mistakes
