"""scripts/chat says what is missing before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.commands import chat
from scripts.local.paths import PACKS


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
