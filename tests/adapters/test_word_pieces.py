"""How the English encoder's texts are cut: as the model was given them, whatever the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sangdam_adapters.encoders import english_folder
from sangdam_adapters.sentence_pieces import PiecesError
from sangdam_adapters.word_pieces import WordPieces
from sangdam_training.english_words import WordCut, vocabulary
from scripts.commands import encoder as command
from tests.adapters.test_onnx_encoder import TEXTS

# What Hugging Face's tokenizers 0.23.3 make of each.
EXPECTED = {
    "": "",
    " \t\r\n\u00a0\u3000": "",
    "Where is my order?": "where is my order ?",
    "I'd like to re-order, please!!": "i ' d like to re - order , please ! !",
    "unaffable Reembolso": "una ##ffa ##ble re ##em ##bol ##so",
    "$5.00 €5 £5": "$ 5 . 00 € ##5 £5",
    "order no. 20261122-0001": "order no . 202 ##6 ##11 ##22 - 000 ##1",
    "café naïve Ångström e\u0301cole ÜBER": "cafe naive ang ##strom ecole uber",
    "straße ŒUVRE İstanbul": "st ##raße œ ##u ##vre istanbul",
    "I’m “sure” — really…": "i ’ m “ sure ” — really …",
    "¿Dónde? ¡Sí!": "¿ don ##de ? ¡ si !",
    "tab\there\x0bbell\x07\x00 \x7fDEL": "tab here ##bell del",
    "soft\u00adhyphen zero\u200bwidth\ufeff a\ufffdb": "soft ##hy ##ph ##en zero ##wi ##dt ##h ab",
    "line\u2028para\u2029next\u0085z": "line para next ##z",
    "😀 ok😀": "[UNK] [UNK]",
    "[SEP] <s> ##ing": "[ sep ] < s > # # ing",
    "中文x ∞ ½ ①": "中 文 x ∞ ½ [UNK]",
    "한국어 배송": "ᄒ ##ᅡ ##ᆫ ##ᄀ ##ᅮ ##ᆨ ##ᄋ ##ᅥ ᄇ ##ᅢ ##ᄉ ##ᅩ ##ᆼ",
    "\u037e \u226e \u2260 Σας ΣΑΣ": "; < = σ ##α ##ς σ ##α ##σ",
    "x" * 100: "xx " + " ".join(["##xx"] * 49),
    "x" * 101: "[UNK]",
    "e\u0301" * 100 + " " + "é" * 101: "ee " + "##ee " * 49 + "[UNK]",
}


@pytest.fixture(scope="module")
def words() -> Path:
    assert command.main(["--profile", "accurate"]) == 0
    return english_folder(command.DEFAULT_OUT) / "words.txt"


@pytest.fixture(scope="module")
def pieces(words: Path) -> WordPieces:
    return WordPieces.open(words)


@pytest.fixture(scope="module")
def names(words: Path) -> list[str]:
    return vocabulary(words.read_bytes())


@pytest.fixture(scope="module")
def long_way(names: list[str]) -> WordCut:
    return WordCut(names)


@pytest.mark.parametrize("text", EXPECTED)
def test_a_text_is_cut_as_the_model_was_given_it(
    pieces: WordPieces, names: list[str], text: str
) -> None:
    found = [names[number] for number in pieces.encode(text)]
    assert " ".join(found) == f"[CLS] {EXPECTED[text]} [SEP]".replace("  ", " ")


def test_every_text_is_cut_as_the_long_way_round(pieces: WordPieces, long_way: WordCut) -> None:
    for text in TEXTS:
        assert pieces.encode(text) == long_way.cut(text, most=20_000), text[:40]


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(st.text(max_size=60))
@example("\ud800a \udfff")
@example("\u1fef\u0344\ufb01\u2a6d")
def test_any_text_is_cut_as_the_long_way_round(
    pieces: WordPieces, long_way: WordCut, text: str
) -> None:
    assert pieces.encode(text) == long_way.cut(text, most=20_000)


@pytest.mark.parametrize("unit", ["x", "e\u0301", "!", "한", "中", "\u0301", "z" * 99 + " "])
def test_a_very_long_text_is_cut_all_the_same(pieces: WordPieces, unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    assert len(pieces.encode(text)) <= 2 + len(text)


def test_no_more_looks_are_needed_than_the_longest_piece_has_letters_for_each() -> None:
    class Counted(str):
        looks = 0

        def __getitem__(self, key: object) -> str:
            Counted.looks += 1
            return str.__getitem__(self, key)  # type: ignore[index]  # as str takes it

    few = WordPieces(["[CLS]", "[SEP]", "[UNK]", "a", "##a", "##aaaa"])
    assert few._cut(Counted("a" * 100)) == [3, *[5] * 24, *[4] * 3]
    assert Counted.looks <= 100 * len("##aaaa")


@pytest.mark.parametrize(
    ("text", "message"),
    [("", r"\[CLS\]"), ("[CLS]\n[SEP]\na\n", r"\[UNK\]"), ("[CLS]\n[CLS]\n", "twice")],
)
def test_a_file_that_is_no_vocabulary_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "words.txt").write_text(text, "utf-8")
    with pytest.raises(PiecesError, match=rf"words.txt: .*{message}"):
        WordPieces.open(tmp_path / "words.txt")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_bytes(b"[CLS]\n\xff\n")
    with pytest.raises(PiecesError, match=r"words.txt"):
        WordPieces.open(tmp_path / "words.txt")
