"""The second encoder against the package it was made from: how it cuts text, and its vectors."""

from __future__ import annotations

import ctypes
import platform
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sangdam.text.normalise import normalise
from sangdam_adapters.encoders import accurate_folder
from sangdam_adapters.onnx_encoder import OnnxEncoder
from sangdam_adapters.sentence_pieces import SentencePieces
from sangdam_adapters.yaml_bots import YamlPacks
from sangdam_training.encoder_pieces import normaliser_of
from sangdam_training.encoder_recipe import sentencepiece_source
from sangdam_training.transformer_package import (
    MODEL,
    WHEEL,
    PackedModel,
    fetch_model,
    read_model,
)
from sangdam_training.transformer_pieces import kept_pieces, sentencepiece_model
from sangdam_training.transformer_recipe import MOST_PIECES, PREFIX
from scripts.commands import encoder as command
from scripts.local.paths import PACKS
from tests.adapters.test_onnx_encoder import TEXTS

OURS = [text for text in TEXTS if text.isprintable() and len(text) < 300]


@pytest.fixture(scope="module")
def folder() -> Path:
    assert command.main(["--profile", "accurate"]) == 0
    return accurate_folder(command.DEFAULT_OUT)


@pytest.fixture(scope="module")
def encoder(folder: Path) -> OnnxEncoder:
    return OnnxEncoder.open(folder)


@pytest.fixture(scope="module")
def pieces(folder: Path) -> SentencePieces:
    return SentencePieces.open(folder / "pieces.bin")


@pytest.fixture(scope="module")
def model(folder: Path) -> PackedModel:
    return read_model(fetch_model(command.DOWNLOADS))


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    """What the packs teach: thousands of Korean and English sentences."""
    packs = YamlPacks(PACKS)
    found = {normalise(one.text) for name in packs.names() for one in packs.load(name).examples}
    return sorted(found)


def sentencepiece(**source: Any) -> Any:
    with warnings.catch_warnings():
        # Its SWIG types lack __module__, of which Python 3.12 and later complain.
        warnings.simplefilter("ignore", DeprecationWarning)
        from sentencepiece import SentencePieceProcessor

        return SentencePieceProcessor(**source)


@pytest.fixture(scope="module")
def reference(folder: Path) -> Any:
    return sentencepiece(model_file=str(folder / "sentencepiece.model"))


class Engine:
    """The package's own engine in C."""

    def __init__(self, wheel: Path, folder: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.endswith((".so", ".so.1.0.0"))]
            for name in (*names, MODEL):
                archive.extract(name, folder)
        (engine,) = (name for name in names if "_engine" in name)
        self._library = ctypes.CDLL(str(folder / engine))
        self._library.e5_load.restype = ctypes.c_void_p
        self._library.e5_load.argtypes = [ctypes.c_char_p]
        self._library.e5_embed.argtypes = [
            *(ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p)
        ]
        self._library.e5_token_count.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
        self._model = self._library.e5_load(str(folder / MODEL).encode())

    def count(self, text: str) -> int:
        return int(self._library.e5_token_count(self._model, text.encode(), 1))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.empty((len(texts), 384), np.float32)
        for row, text in zip(rows, texts, strict=True):
            self._library.e5_embed(self._model, text.encode(), 1, row.ctypes.data)
        return rows


@pytest.fixture(scope="module")
def engine(model: PackedModel, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("the package's engine is compiled for Linux on x86-64 alone")
    return Engine(command.DOWNLOADS / WHEEL.file, tmp_path_factory.mktemp("engine"))


def test_every_text_is_cut_as_sentencepiece_cuts_it(
    pieces: SentencePieces, reference: Any, sentences: list[str]
) -> None:
    assert len(sentences) > 2000
    for text in (*sentences, *TEXTS):
        assert pieces.encode(PREFIX + text) == [1, *reference.encode(PREFIX + text), 2], text[:40]


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(st.text(max_size=60))
def test_any_text_is_cut_as_sentencepiece_cuts_it(
    pieces: SentencePieces, reference: Any, text: str
) -> None:
    assert pieces.encode(PREFIX + text) == [1, *reference.encode(PREFIX + text), 2]


def test_korean_and_english_are_cut_as_with_the_whole_vocabulary(
    pieces: SentencePieces, model: PackedModel, sentences: list[str]
) -> None:
    whole = [3, 0, 2, *(number for number, score in enumerate(model.scores) if score < 0)]
    assert len(whole) > 249_990
    normaliser = normaliser_of(sentencepiece_source().read_bytes())
    full = sentencepiece(model_proto=sentencepiece_model(model, whole, normaliser=normaliser))
    kept = kept_pieces(model)
    for text in sentences:
        known = [kept[number] for number in pieces.encode(PREFIX + text)]
        assert known == [0, *(whole[number] for number in full.encode(PREFIX + text)), 2], text


def test_every_character_the_model_knows_is_kept(model: PackedModel) -> None:
    single = {piece.replace("▁", "") for piece in model.pieces if len(piece.replace("▁", "")) == 1}
    kept = {model.pieces[number].replace("▁", "") for number in kept_pieces(model)}
    assert len(single) > 10_000
    assert single <= kept


def test_texts_have_as_many_pieces_as_the_package_counts(
    pieces: SentencePieces, engine: Engine, sentences: list[str]
) -> None:
    # The package repeats the unknown piece, in which we follow SentencePiece.
    for text in sentences:
        found = pieces.encode(PREFIX + text)
        assert 0 in found or len(found) == engine.count(text), text


def test_vectors_are_those_of_the_packages_engine(
    encoder: OnnxEncoder, engine: Engine, sentences: list[str]
) -> None:
    texts = sentences[:: len(sentences) // 60]
    cosines = np.sum(encoder.encode(texts) * engine.encode(texts), axis=1)
    assert len(texts) >= 60
    assert cosines.min() >= 0.999


def test_vectors_are_float32_of_length_one(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode(OURS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(OURS), encoder.dimensions) == (len(OURS), 384)
    assert encoder.parts == (384,)
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-5


def test_a_vector_hardly_depends_on_the_other_texts(encoder: OnnxEncoder) -> None:
    texts = OURS[::5]
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.sum(encoder.encode(texts) * alone, axis=1).min() > 0.99999


def test_the_same_call_gives_the_same_bytes(encoder: OnnxEncoder) -> None:
    texts = OURS[:40]
    assert encoder.encode(texts).tobytes() == encoder.encode(texts).tobytes()


def test_blank_and_hostile_texts_have_vectors_too(encoder: OnnxEncoder) -> None:
    blank = encoder.encode(["", "  ", "\n\t", "\u3000", "\ufeff\ufffd"])
    assert (blank == blank[0]).all()
    assert np.isfinite(encoder.encode([text[:60] for text in TEXTS[-80:]])).all()


def test_of_a_long_text_the_beginning_is_read(encoder: OnnxEncoder) -> None:
    words = "배송 "
    long = words * MOST_PIECES
    assert (encoder.encode([long]) == encoder.encode([long + "refund " * 500])).all()
    assert (encoder.encode([words * 10]) != encoder.encode([words * 10 + "refund"])).any()


def test_close_meanings_lie_closer_than_others_across_languages(encoder: OnnxEncoder) -> None:
    ask, same, other = encoder.encode(["환불 받고 싶어요", "I want a refund", "오늘 날씨 좋네요"])
    assert ask @ same > ask @ other


def test_the_folder_fits_beside_everything_else_of_the_chat_function(folder: Path) -> None:
    served = ("LICENSE", "manifest.json", "encoder.onnx", "encoder.onnx.data", "pieces.bin")
    assert sum((folder / name).stat().st_size for name in served) < 46_000_000
