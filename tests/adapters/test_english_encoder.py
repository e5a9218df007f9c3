"""The English encoder: which texts it reads, and what its vectors are like."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sangdam_adapters.encoders import english_folder
from sangdam_adapters.onnx_encoder import EncoderError, OnnxEncoder, is_latin
from sangdam_training import english_words
from sangdam_training.english_recipe import MOST_PIECES, QUESTIONS
from scripts.commands import encoder as command
from tests.adapters.test_onnx_encoder import TEXTS

READ = ("refund", "", "42", "😀", "!!!", "café", "Đà Nẵng ①", "ok \ud800", "a" * 10_000)
UNREAD = (
    "환불",
    "ㅠㅠ",
    "refund 해주세요",
    "где мой заказ",
    "我的包裹",
    "ə",
    "Ω",
    "𝕳i",
    "x" * 90 + "가",
)


@pytest.fixture(scope="module")
def folder() -> Path:
    assert command.main(["--profile", "fast"]) == 0
    return english_folder(command.DEFAULT_OUT)


@pytest.fixture(scope="module")
def encoder(folder: Path) -> OnnxEncoder:
    return OnnxEncoder.open(folder)


@given(st.text())
@example("ɏɐ")
@example("ỿἀ")
def test_the_recipe_and_serving_read_the_same_texts(text: str) -> None:
    assert is_latin(text) == english_words.is_latin(text)


@pytest.mark.parametrize("text", READ)
def test_text_without_any_other_letter_than_latin_ones_is_read(text: str) -> None:
    assert is_latin(text)


@pytest.mark.parametrize("text", UNREAD)
def test_text_with_one_other_letter_is_not_read(text: str) -> None:
    assert not is_latin(text)


def test_vectors_have_length_one_or_are_zero(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode([*QUESTIONS, *UNREAD, *READ[:-1]])
    assert vectors.dtype == np.float32
    assert (encoder.parts, encoder.dimensions) == ((384, 384), 768)
    zeros = slice(len(QUESTIONS), len(QUESTIONS) + len(UNREAD))
    assert not vectors[zeros].any()
    for part in (vectors[:, :384], vectors[:, 384:]):
        lengths = np.linalg.norm(part, axis=1)
        assert np.abs(np.delete(lengths, zeros) - 1).max() < 1e-5


def test_what_is_not_read_opens_nothing(tmp_path: Path, folder: Path) -> None:
    copy = tmp_path / "encoder"
    shutil.copytree(folder, copy)
    waiting = OnnxEncoder.open(copy, later=True)
    (copy / "words.txt").unlink()
    assert not waiting.encode(UNREAD).any()
    assert waiting.encode([]).shape == (0, 768)
    with pytest.raises(EncoderError, match=r"cannot be opened .*words.txt"):
        waiting.encode(["refund"])


def test_opened_later_it_reads_as_ever(encoder: OnnxEncoder, folder: Path) -> None:
    later = OnnxEncoder.open(folder, later=True)
    assert (later.name, later.parts) == (encoder.name, encoder.parts)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(later.encode, [QUESTIONS] * 8))
    expected = encoder.encode(QUESTIONS).tobytes()
    assert all(rows.tobytes() == expected for rows in found)


def test_a_vector_hardly_depends_on_the_other_texts(encoder: OnnxEncoder) -> None:
    texts = [*QUESTIONS[::4], "환불", ""]
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    together = encoder.encode(texts)
    assert np.abs(together - alone).max() < 1e-5
    assert together.tobytes() == encoder.encode(texts).tobytes()


def test_of_a_long_text_the_beginning_is_read(encoder: OnnxEncoder) -> None:
    long = "order " * MOST_PIECES
    assert (encoder.encode([long]) == encoder.encode([long + "refund " * 500])).all()
    assert (encoder.encode(["order " * 10]) != encoder.encode(["order " * 10 + "refund"])).any()


def test_blank_and_hostile_texts_have_vectors_too(encoder: OnnxEncoder) -> None:
    blank = encoder.encode(["", "  ", "\n\t", "\u3000", "\ufeff\ufffd"])
    assert (blank == blank[0]).all()
    assert np.isfinite(encoder.encode([text[:60] for text in TEXTS[-80:]])).all()


def test_close_meanings_lie_closer_than_others(encoder: OnnxEncoder) -> None:
    ask, same, other = encoder.encode(["I want a refund", "Give me my money back", "Nice weather"])
    for part in (slice(384), slice(384, 768)):
        assert ask[part] @ same[part] > ask[part] @ other[part] + 0.1


@pytest.mark.parametrize(("old", "new"), [('"latin"', '"runes"'), ('"wordpiece"', '"words"')])
def test_a_vocabulary_or_letters_of_no_known_kind_are_refused(
    folder: Path, tmp_path: Path, old: str, new: str
) -> None:
    text = (folder / "manifest.json").read_text("utf-8").replace(old, new)
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(EncoderError, match=rf"not a manifest.*{new[1:-1]}"):
        OnnxEncoder.open(tmp_path)


def test_the_vocabulary_is_checked_when_it_is_opened(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).symlink_to(file)
    words = tmp_path / "words.txt"
    data = words.read_bytes()
    words.unlink()
    with pytest.raises(EncoderError, match=r"words.txt.*scripts/encoder"):
        OnnxEncoder.open(tmp_path)
    words.write_bytes(data[:-1])
    with pytest.raises(EncoderError, match=r"words.txt: \d+ bytes, its manifest says \d+"):
        OnnxEncoder.open(tmp_path)
    words.write_bytes(data.replace(b"[SEP]", b"[SEQ]"))
    with pytest.raises(EncoderError, match=r"cannot be opened .*\[SEP\].*scripts/encoder"):
        OnnxEncoder.open(tmp_path)


def test_the_folder_fits_beside_everything_else_of_the_chat_function(folder: Path) -> None:
    assert sum(file.stat().st_size for file in folder.iterdir()) < 30_000_000
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert (manifest["format"], manifest["languages"], manifest["letters"]) == (5, ["en"], "latin")
