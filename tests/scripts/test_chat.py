"""scripts/chat says what is missing before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from sangdam_adapters.file_releases import FileRegistry
from scripts.commands import chat
from scripts.local.paths import PACKS
from tests.adapters.samples import HandClock, a_release


def test_a_bot_that_does_not_exist_is_told_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert chat.main(["nobody"]) == 2
    assert "There is no bot 'nobody'" in (told := capsys.readouterr().err)
    assert "bank, clinic, shop, travel" in told


def test_a_bot_without_a_release_is_told_with_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chat.main(["shop", "--releases", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert f"'shop' has no release in {tmp_path}" in told
    assert f"scripts/train shop --packs {PACKS} --out {tmp_path}" in told


def test_a_release_that_cannot_be_opened_is_told_of_not_thrown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = FileRegistry(tmp_path, clock=HandClock())
    registry.publish(damaged := a_release())
    registry.move("shop", to=damaged.name, expected=None)
    assert chat.main(["shop", "--releases", str(tmp_path)]) == 1
    assert "Traceback" not in (told := capsys.readouterr().err)
    assert "POST /v1/sessions answered 500" in told
