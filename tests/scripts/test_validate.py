"""scripts/validate BOT tells every mistake of a pack with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts.commands import validate
from scripts.local.paths import PACKS


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    shutil.copytree(PACKS / "shop", tmp_path / "shop")
    return tmp_path


def test_a_good_pack_is_summed_up(packs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validate.main(["--packs", str(packs), "shop"]) == 0
    assert capsys.readouterr().out.startswith("shop: 6")


def test_mistakes_are_listed_with_file_and_line_and_counted(
    packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = packs / "shop" / "ko.yaml"
    lines = path.read_text("utf-8").splitlines()
    place = lines.index("  cancel: 그만하기")
    lines[place] = "  cancel: [그만하기]"
    path.write_text("\n".join([*lines, "colour: red"]), "utf-8")
    assert validate.main(["--packs", str(packs), "shop"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(f"shop/ko.yaml:{place + 1}: system.cancel: is the label of a button")
    assert said[1].startswith(f"shop/ko.yaml:{len(lines) + 1}: colour: is not known here; known:")
    assert said[2] == "shop: 2 mistakes"


def test_a_bot_that_is_not_there_is_told(packs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validate.main(["--packs", str(packs), "shop", "bank"]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("shop: ")
    assert "there is no bot pack 'bank'" in told.err
