"""The recipe: the same bytes every time, nothing published that fails, nothing by half."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from sangdam_training import encoder_recipe as recipe
from sangdam_training.encoder_folder import MANIFEST, EncoderRecipeError
from sangdam_training.encoder_graph import packed
from sangdam_training.encoder_pieces import PiecesError as ModelError
from sangdam_training.encoder_pieces import build_pieces
from scripts.commands import encoder as command
from tests.adapters.spoilt_encoder import SpoiltEncoder


def _linked(folder: Path, to: Path, *, but: str) -> Path:
    """Return a folder like `folder`, without the file `but`."""
    copy = to / "encoder"
    copy.mkdir()
    for file in folder.iterdir():
        if file.name != but:
            (copy / file.name).symlink_to(file)
    return copy


@pytest.fixture(scope="module")
def folder() -> Path:
    assert command.main([]) == 0
    return command.DEFAULT_OUT


@pytest.fixture(scope="module")
def refusal(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SpoiltEncoder, str]:
    """Build once over an older folder, with an encoder that fails the comparison."""
    out = tmp_path_factory.mktemp("recipe") / "encoder"
    out.mkdir()
    (out / "older").write_text("still here", "utf-8")
    spoilt = SpoiltEncoder()
    with pytest.raises(EncoderRecipeError) as caught:
        recipe.build_encoder(out, open_encoder=spoilt.open, report=spoilt.report)
    return out, spoilt, str(caught.value)


def test_the_package_gives_the_same_bytes_again(
    folder: Path, refusal: tuple[Path, SpoiltEncoder, str]
) -> None:
    _, built, _ = refusal
    # The manifest holds the sum of every file, and read_encoder checked those of `folder`.
    assert built.manifest == (folder / MANIFEST).read_text("utf-8")


def test_vectors_unlike_the_packages_are_not_published(
    refusal: tuple[Path, SpoiltEncoder, str],
) -> None:
    out, _, message = refusal
    assert "cosine" in message
    assert "nothing was published" in message
    assert [file.name for file in out.iterdir()] == ["older"]
    assert [entry.name for entry in out.parent.iterdir()] == ["encoder"]


def test_every_step_is_reported_in_order(refusal: tuple[Path, SpoiltEncoder, str]) -> None:
    _, spoilt, _ = refusal
    assert [done for _, done, _ in spoilt.steps] == [0, 1, 2, 3]
    assert {total for _, _, total in spoilt.steps} == {5}


def test_a_whole_folder_is_not_built_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "encoder.onnx").stat().st_mtime_ns
    assert command.main(["--out", str(folder)]) == 0
    assert (folder / "encoder.onnx").stat().st_mtime_ns == before
    assert "is ready" in capsys.readouterr().out


def test_a_changed_byte_is_found_and_named(folder: Path, tmp_path: Path) -> None:
    copy = _linked(folder, tmp_path, but="pieces.bin")
    damaged = bytearray((folder / "pieces.bin").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (copy / "pieces.bin").write_bytes(damaged)
    with pytest.raises(EncoderRecipeError, match=r"pieces.bin: not what its manifest says"):
        recipe.read_encoder(copy)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"recipe": 5', '"recipe": 4', "made by another recipe"),
        ('"files"', '"filez"', "cannot be read"),
    ],
)
def test_a_manifest_of_another_recipe_is_not_taken_for_this_one(
    folder: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    copy = _linked(folder, tmp_path, but=MANIFEST)
    changed = (folder / MANIFEST).read_text("utf-8").replace(old, new)
    (copy / MANIFEST).write_text(changed, "utf-8")
    with pytest.raises(EncoderRecipeError, match=message):
        recipe.read_encoder(copy)


def test_a_missing_folder_and_a_missing_file_are_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EncoderRecipeError, match=r"manifest.json: not built yet"):
        recipe.read_encoder(tmp_path / "nowhere")
    shutil.copyfile(folder / MANIFEST, tmp_path / MANIFEST)
    with pytest.raises(EncoderRecipeError, match="LICENSE"):
        recipe.read_encoder(tmp_path)


def test_the_licence_travels_with_the_files(folder: Path) -> None:
    assert "Apache License" in (folder / "LICENSE").read_text("utf-8")
    assert recipe.read_encoder(folder).licence == "Apache-2.0"


def test_a_model_without_a_character_map_is_refused() -> None:
    piece = b"\x0a\x0a\x0a\x03abc\x15\x00\x00\x80\xc0"
    with pytest.raises(ModelError, match="no character map"):
        build_pieces(piece)


def test_help_says_what_the_command_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(["--help"])
    assert stopped.value.code == 0
    assert "sentence encoder" in capsys.readouterr().out


def test_four_numbers_of_the_table_stand_in_three_bytes() -> None:
    table = np.random.default_rng(0).integers(0, 64, (40, 512)).astype(np.uint8)
    table[0], table[1] = 0, 63
    rows = packed(table)
    assert rows.shape == (40, 384)
    upper = rows >> 6
    last = upper[:, :128] | upper[:, 128:256] << 2 | upper[:, 256:] << 4
    assert np.array_equal(np.concatenate([rows & 63, last], axis=1), table)


def test_a_number_of_more_than_six_bits_is_refused() -> None:
    table = np.zeros((2, 512), np.uint8)
    table[1, 500] = 64
    with pytest.raises(EncoderRecipeError, match="holds 64, which takes more than 6 bits"):
        packed(table)
