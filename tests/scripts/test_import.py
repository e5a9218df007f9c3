"""scripts/import: from the command line to a pack, a report and the next thing to type."""

from __future__ import annotations

import csv
import importlib
from pathlib import Path
from typing import Any

import pytest

from sangdam_adapters.yaml_bots import YamlPacks

# A word of the language, so that no import statement can name it.
command: Any = importlib.import_module("scripts.commands.import")

SHEET = """\
자주 묻는 질문,,
질문,답변,작성일
배송비는 얼마예요?,배송비는 3천원이에요.,2026-11-01
택배비 얼마?,배송비는 3천원이에요.,2026-11-01
환불은 언제 되나요?,"영업일 3일 안에
환불해 드려요.",2026-11-02
환불은 언제 되나요,영업일 5일 안에 돼요.,2026-11-02
교환되나요?,,
매장은 어디예요?,서울이에요.,2026-11-02
매장은 어디예요?,서울이에요.,2026-11-03
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "faq.csv"
    path.write_bytes(SHEET.encode("cp949"))
    return path


def run(sheet: Path, *more: str) -> int:
    out = sheet.parent / "bots"
    report = sheet.parent / "report.csv"
    status: int = command.main(
        [str(sheet), "--bot", "flower_shop", "--no-encoder", "--out", str(out),
         "--report", str(report), *more]
    )  # fmt: skip
    return status


def test_a_sheet_becomes_a_pack_and_a_report(
    sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(sheet, "--title", "꽃집") == 0
    said = capsys.readouterr().out
    assert "faq.csv (faq.csv): 7 rows; 1 contradiction, 1 doubt, 1 duplicate" in said
    assert "flower_shop: 8 intents (4 brought along)" in said
    assert f"next: scripts/train flower_shop --packs {sheet.parent / 'bots'}" in said
    pack = YamlPacks(sheet.parent / "bots").load("flower_shop")
    script = pack.bot.scripts["ko"]
    assert script.bot_name == "꽃집"
    assert "꽃집입니다" in script.replies["system/welcome"].variants[0]
    assert script.replies["intent/faq_5"].variants == ("영업일 3일 안에\n환불해 드려요.",)
    assert [one.text for one in pack.examples if one.intent == "faq_3"] == [
        "배송비는 얼마예요?",
        "택배비 얼마?",
    ]
    with (sheet.parent / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["what"]) for row in rows] == [
        ("6", "contradiction"),
        ("7", "doubt"),
        ("9", "duplicate"),
    ]
    assert all(row["what to do"] for row in rows)


def test_the_structure_shows_which_rows_an_intent_is_made_of(sheet: Path) -> None:
    assert run(sheet) == 0
    text = (sheet.parent / "bots/flower_shop/bot.yaml").read_text("utf-8")
    assert "  faq_3: {}  # 배송비는 얼마예요? (rows 3, 4)\n" in text


def test_a_pack_is_replaced_only_by_force_and_kept(
    sheet: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(command, "CACHE", tmp_path / "cache")
    assert run(sheet) == 0
    mine = sheet.parent / "bots/flower_shop/ko.yaml"
    mine.write_text("mine", "utf-8")
    capsys.readouterr()
    assert run(sheet) == 1
    error = capsys.readouterr().err
    assert "a pack stands there already" in error
    assert "--force" in error
    assert mine.read_text("utf-8") == "mine"
    assert run(sheet, "--force") == 0
    assert "the former pack is kept in" in capsys.readouterr().out
    assert mine.read_text("utf-8") != "mine"
    kept = tmp_path / "cache/imports/flower_shop.before/ko.yaml"
    assert kept.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        ("질문,메모\n가?,나\n", (), "no column of answers was found"),
        ("질문,답변\n", (), "none of the 0 rows below the headings (row 1)"),
        ("질문,답변\n가?,=A1\n", (), "the first: row 2: unusable: its answer is a formula"),
        (
            "질문,답변\n가?,나\n",
            ("--bot", "꽃집"),
            "--bot 꽃집: a bot's name is lower-case letters",
        ),
        ("질문,답변\n가?,나\n", ("--sheet", "하나"), "a CSV file has one sheet; leave --sheet out"),
    ],
)
def test_what_no_bot_can_be_made_of_is_told_in_one_line(
    tmp_path: Path, content: str, more: tuple[str, ...], said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    path = tmp_path / "faq.csv"
    path.write_text(content, "utf-8")
    assert run(path, *more) == 1
    error = capsys.readouterr().err.strip().splitlines()
    assert said in error[-1]
    assert not (tmp_path / "bots").exists()


def test_without_the_encoder_the_way_to_it_is_named(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "ENCODER", sheet.parent / "nothing")
    arguments = [str(sheet), "--bot", "flower_shop", "--out", str(sheet.parent / "bots")]
    assert command.main(arguments) == 1
    assert "scripts/encoder builds it" in capsys.readouterr().err
