"""Every mistake of a pack written as YAML names the line where it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest
import yaml

from sangdam.bots.reading import Mistake, PackError
from sangdam_adapters.yaml_bots import YamlPacks, open_reader
from tests.core import corner_shop

Spoil = Callable[..., list[Mistake]]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The corner shop as an author would write it: examples in blocks, one line each."""
    folder = tmp_path / corner_shop.NAME
    folder.mkdir()
    for name, data in corner_shop.files().items():
        text = yaml.dump(data, Dumper=_Blocks, allow_unicode=True, sort_keys=False)
        (folder / name).write_text(f"# a comment\n\n{text}", "utf-8")
    YamlPacks(tmp_path).load(corner_shop.NAME)
    return folder


class _Blocks(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Blocks.add_representer(str, _text)


def mistakes(pack: Path) -> list[Mistake]:
    with pytest.raises(PackError) as caught:
        YamlPacks(pack.parent).load(pack.name)
    return list(caught.value.mistakes)


def change(pack: Path, file: str, old: str, new: str) -> int:
    """Replace a text that stands once; return its line."""
    text = (pack / file).read_text("utf-8")
    assert text.count(old) == 1, f"{text.count(old)} times {old!r} in\n{text}"
    (pack / file).write_text(text.replace(old, new), "utf-8")
    return line_of(text, old)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("bot.yaml", "- answer\n", "- sell\n", "goal[0]"),
        ("bot.yaml", "error_budget: 0.1", "error_budget: 2", "policy.error_budget"),
        ("bot.yaml", "clarify_choices:", "clarify:", "policy.clarify"),
        ("bot.yaml", "form: return_status", "form: returns", "intents.return_status.form"),
        ("bot.yaml", "attempts: 2", "attempts: 0", "forms.return_status.attempts"),
        ("ko.yaml", "상담원을 연결해 드릴게요.", '" "', "system.handoff"),
        ("ko.yaml", "- 다시 한번 말씀해 주시겠어요?", "- ''", "system.fallback[1]"),
        ("ko.yaml", "  - order_status\n  fallback", "  - orders\n  fallback",
         "system.welcome.quick_replies[0]"),
        ("examples.ko.yaml", "- 환불 며칠\n", "환불 며칠\n",
         "nlu[6].examples line 1 (refund_when)"),
        ("examples.ko.yaml", "- 입금 언제들어와요", "- 입금 [언제](date)",
         "nlu[6].examples line 2 (refund_when)"),
        ("examples.en.yaml", "- intent: refund_when", "- intent: refunds", "nlu[6].intent"),
        ("conversations.ko.yaml", "intent: delivery_fee", "intent: [x]",
         "conversations[0].turns[0].expect.intent"),
    ],
)  # fmt: skip
def test_a_mistake_names_the_line_of_its_key(
    pack: Path, file: str, old: str, new: str, key: str
) -> None:
    line = change(pack, file, old, new)
    found = next(one for one in mistakes(pack) if one.key == key)
    assert (found.file, found.line) == (f"corner/{file}", line)
    assert str(found).startswith(f"corner/{file}:{line}: {key}: ")


def test_a_missing_key_names_the_line_of_what_would_hold_it(pack: Path) -> None:
    text = (pack / "ko.yaml").read_text("utf-8")
    change(pack, "ko.yaml", "  refund_when:\n    title: 환불 기간\n", "  refund_when:\n")
    (found,) = mistakes(pack)
    assert (found.key, found.line) == (
        "intents.refund_when.title",
        line_of(text, "  refund_when:"),
    )
    english = line_of((pack / "en.yaml").read_text("utf-8"), "title: Refund time")
    assert found.problem.endswith(f"; en.yaml:{english} has it")


def test_a_missing_key_of_a_file_names_its_first_line_with_data(pack: Path) -> None:
    change(pack, "ko.yaml", "name: 모퉁이상점\n", "")
    (found,) = mistakes(pack)
    assert (found.key, found.line) == ("name", 3)


def test_an_example_of_two_intents_names_both_lines(pack: Path) -> None:
    first = line_of((pack / "examples.ko.yaml").read_text("utf-8"), "- 배송비 얼마예요")
    line = change(pack, "examples.ko.yaml", "- 환불 며칠\n", "- 배송비 얼마예요?\n")
    (found,) = mistakes(pack)
    assert found.line == line
    assert f"stands also under 'delivery_fee' (line {first}); keep it in one" in found.problem


def test_an_example_of_another_language_names_the_other_file(pack: Path) -> None:
    first = line_of((pack / "examples.ko.yaml").read_text("utf-8"), "- 환불 며칠")
    line = change(pack, "examples.en.yaml", "- track it", "- 환불 며칠")
    (found,) = mistakes(pack)
    assert (found.file, found.line) == ("corner/examples.en.yaml", line)
    assert f"under 'refund_when' (examples.ko.yaml:{first}); keep" in found.problem


def test_an_example_that_stands_twice_names_the_first(pack: Path) -> None:
    line = change(pack, "examples.ko.yaml", "- 입금 언제들어와요", "- 환불 며칠")
    (found,) = mistakes(pack)
    assert found.line == line
    assert f"stands there already (line {line - 1}); take one out" in found.problem


def test_a_phrase_that_is_an_example_of_another_intent_names_the_example(pack: Path) -> None:
    place = line_of((pack / "examples.ko.yaml").read_text("utf-8"), "- 환불 며칠")
    line = change(pack, "ko.yaml", "delivery_fee: 배송비\n", "delivery_fee: 환불 며칠\n")
    (found,) = mistakes(pack)
    assert found.line == line
    assert f"an example of 'refund_when' (examples.ko.yaml:{place})" in found.problem


def test_an_intent_without_examples_names_the_line_of_the_intent(pack: Path) -> None:
    line = change(pack, "bot.yaml", "  refund_when: {}\n", "  refund_why: {}\n")
    found = [one for one in mistakes(pack) if one.key == "intents.refund_why"]
    assert next((one.file, one.line) for one in found) == ("corner/bot.yaml", line)


def test_what_a_conversation_expects_in_vain_names_its_line(pack: Path) -> None:
    text = (pack / "conversations.ko.yaml").read_text("utf-8")
    line = line_of(text, "reply: intent/delivery_fee")
    change(pack, "conversations.ko.yaml", "reply: intent/delivery_fee", "reply: intent/delivery")
    (found,) = mistakes(pack)
    assert found.line == line
    assert found.problem.endswith("; did you mean 'intent/delivery_fee'?")


def test_a_key_that_stands_twice_is_told_with_both_lines(pack: Path) -> None:
    text = (pack / "bot.yaml").read_text("utf-8")
    line = change(pack, "bot.yaml", "  refund_when: {}\n", "  refund_when: {}\n  thanks: {}\n")
    (found,) = mistakes(pack)
    assert (found.key, found.line) == ("intents.thanks", line + 1)
    assert f"stands in line {line_of(text, '  thanks:')} already; keep one" in found.problem


@pytest.mark.parametrize(
    ("old", "new", "later", "problem"),
    [
        ("name: 모퉁이상점", "name: a: b", 0, "mapping values are not allowed in this context"),
        ("name: 모퉁이상점", "name: [a", 1, "(while parsing a flow sequence that begins in line"),
        (
            "name: 모퉁이상점",
            "\tname: a",
            0,
            "found a tab character that violates indentation (while",
        ),
        ("name: 모퉁이상점", "name: *a", 0, "found undefined alias"),
        ("name: 모퉁이상점", "name: a\x01", 0, "the character U+0001 is not allowed; delete it"),
        ("name: 모퉁이상점", "name: 2026-13-45", 0, "month must be in 1..12; put it in quotes"),
        ("name: 모퉁이상점", f"name: {'9' * 5000}", 0, "Exceeds the limit"),
        (
            "name: 모퉁이상점",
            "name: !!python/object:a.B {}",
            0,
            "could not determine a constructor",
        ),
    ],
)
def test_what_is_no_yaml_names_its_line_and_a_way_out(
    pack: Path, old: str, new: str, later: int, problem: str
) -> None:
    line = change(pack, "ko.yaml", old, new) + later
    (found,) = mistakes(pack)
    assert (found.file, found.line) == ("corner/ko.yaml", line)
    assert problem in found.problem


def test_a_file_in_another_encoding_names_the_line_where_it_shows(pack: Path) -> None:
    (pack / "ko.yaml").write_bytes("format: 1\nname: 모퉁이\n".encode("euc-kr"))
    (found,) = mistakes(pack)
    assert (found.line, found.key) == (2, "")
    assert "save it as UTF-8" in found.problem


def test_a_file_that_cannot_be_read_hides_no_mistake_of_another(pack: Path) -> None:
    change(pack, "ko.yaml", "name: 모퉁이상점", "name: [")
    change(pack, "en.yaml", "title: Refund time", "titel: Refund time")
    change(pack, "examples.en.yaml", "- track it", "- ")
    said = {(one.file, one.key) for one in mistakes(pack)}
    assert said == {
        ("corner/ko.yaml", ""),
        ("corner/en.yaml", "intents.refund_when.titel"),
        ("corner/en.yaml", "intents.refund_when.title"),
        ("corner/examples.en.yaml", "nlu[2].examples line 2 (order_status)"),
    }


def test_an_unreadable_bot_is_told_alone_with_what_else_cannot_be_read(pack: Path) -> None:
    change(pack, "bot.yaml", "format: 1", "format: [")
    change(pack, "en.yaml", "name: Corner Shop", "name: [")
    assert [one.file for one in mistakes(pack)] == ["corner/bot.yaml", "corner/en.yaml"]


def test_blank_lines_in_front_of_examples_are_counted(pack: Path) -> None:
    line = change(
        pack, "examples.ko.yaml", "    - 환불 며칠\n", "\n\n    - 환불 며칠\n\n    환불\n"
    )
    (found,) = mistakes(pack)
    assert found.line == line + 4


@pytest.mark.parametrize(
    "text",
    ["name: &a [*a]", "a: &a {b: 1}\nsystem: *a\nintents: {<<: *a}", "? [1]\n: 2", "- 1\n- [2]"],
)
def test_aliases_and_odd_keys_do_no_harm(pack: Path, text: str) -> None:
    (pack / "ko.yaml").write_text(text, "utf-8")
    assert all(one.line for one in mistakes(pack) if one.file == "corner/ko.yaml")


def _stairs() -> str:
    return "".join(f"{' ' * step}a:\n" for step in range(2000))


@pytest.mark.parametrize(
    ("line", "text"),
    [(1, "[" * 50_000 + "]" * 50_000), (1, "- " * 50_000), (101, _stairs()), (1, "{a: " * 50_000)],
)
def test_nesting_without_end_is_told(pack: Path, line: int, text: str) -> None:
    (pack / "ko.yaml").write_text(text, "utf-8")
    (found,) = mistakes(pack)
    assert found.line == line
    assert "more than 100 levels stand in each other" in found.problem


def test_a_long_file_is_read_quickly(pack: Path) -> None:
    """Lines are found in one pass over what the parser has made anyway."""
    lines = "".join(f"    - 환불 문의 {number}\n" for number in range(20_000))
    change(pack, "examples.ko.yaml", "    - 환불 며칠\n", lines)
    change(pack, "examples.ko.yaml", "- 환불 문의 19999\n", "- 환불 문의 19998\n")
    began = process_time()
    (found,) = mistakes(pack)
    assert process_time() - began < 10
    assert "환불 문의 19998" in found.problem


def test_a_reader_of_another_file_knows_its_lines(tmp_path: Path) -> None:
    (tmp_path / "demo.yaml").write_text("format: 2\norders:\n  - status: lost\n", "utf-8")
    reader, top = open_reader(tmp_path / "demo.yaml", "shop/demo.yaml")
    reader.format(top)
    reader.wrong("orders[0].status", "is 'lost'")
    assert [one.line for one in reader.mistakes] == [1, 3]


def test_a_reader_of_another_file_refuses_what_is_no_yaml(tmp_path: Path) -> None:
    (tmp_path / "demo.yaml").write_text("format: 1\norders: [\n", "utf-8")
    with pytest.raises(PackError, match=r"^shop/demo\.yaml:\d: is no valid YAML"):
        open_reader(tmp_path / "demo.yaml", "shop/demo.yaml")
