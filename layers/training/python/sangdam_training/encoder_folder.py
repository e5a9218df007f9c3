"""An encoder's folder: its manifest, the sum of every file, and how it is put in place whole."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sangdam_training.encoder_pieces import build_pieces

if TYPE_CHECKING:
    from sangdam.ports import Encoder
    from sangdam_training.encoder_draft import EncoderGraph

MANIFEST = "manifest.json"
GRAPH = "encoder.onnx"
DATA = "encoder.onnx.data"
PIECES = "pieces.bin"
MODEL = "sentencepiece.model"
LICENCE = "LICENSE"
LAYERS = "layers.npz"
WORDS = "words.txt"


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
    """What the encoder's folder holds and where it comes from.

    `prefix` is put before every text, and of a text no more than `most_pieces` pieces are read,
    marks included (None: all). `layers` are so many numbers a text that the last layers are given;
    none, if these are not told. `vocabulary` is `sentencepiece` or `wordpiece`; `letters` are those
    that are read, and texts with any other have zeros (None: all letters; `latin`). `parts` are
    how long the vectors are that stand side by side in a row (none told: there is one).
    """

    format: int
    recipe: int
    name: str
    dimensions: int
    languages: tuple[str, ...]
    package: str
    version: str
    licence: str
    files: tuple[EncoderFile, ...]
    prefix: str = ""
    most_pieces: int | None = None
    layers: int = 0
    vocabulary: str = "sentencepiece"
    letters: str | None = None
    parts: tuple[int, ...] = ()

    def to_json(self) -> str:
        """Return the manifest's text; equal manifests have equal text."""
        told = asdict(self)
        # So that encoders which gain nothing from a new format keep their names.
        if self.format < 4:
            del told["vocabulary"], told["letters"]
        if self.format < 5:
            del told["parts"]
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def complete(
    work: Path,
    *,
    graph: EncoderGraph,
    model: bytes,
    licence: str,
    manifest_of: Callable[[Path], EncoderManifest],
) -> EncoderManifest:
    """Write the graph, the vocabulary of a SentencePiece `model`, the licence and the manifest.

    Returns the manifest; whatever else stands in the folder already belongs to it.
    """
    vocabulary = {MODEL: model, PIECES: build_pieces(model)}
    return finish(
        work, graph=graph, vocabulary=vocabulary, licence=licence, manifest_of=manifest_of
    )


def finish(
    work: Path,
    *,
    graph: EncoderGraph,
    vocabulary: Mapping[str, bytes],
    licence: str,
    manifest_of: Callable[[Path], EncoderManifest],
) -> EncoderManifest:
    """Write the graph, a vocabulary (files by name), the licence and the manifest; return this."""
    (work / GRAPH).write_bytes(graph.model)
    (work / DATA).write_bytes(graph.data)
    for name, data in vocabulary.items():
        (work / name).write_bytes(data)
    (work / LICENCE).write_text(licence, encoding="utf-8")
    manifest = manifest_of(work)
    (work / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return manifest


@contextmanager
def assembled(out: Path) -> Iterator[Path]:
    """Give a folder to fill, and put it where `out` is unless something fails meanwhile."""
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield work
        work.chmod(0o755)
        _replace(work, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def read_folder(folder: Path, manifest_of: Callable[[Path], EncoderManifest]) -> EncoderManifest:
    """Check every byte of a built folder and return its manifest.

    Args:
        folder: what the recipe built.
        manifest_of: makes the manifest that the recipe would write of a folder.

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
        manifest = manifest_of(folder)
    except OSError as error:
        raise EncoderRecipeError(f"{error.filename}: {error.strerror}") from error
    for file in manifest.files:
        if recorded.get(file.name) != asdict(file):
            raise EncoderRecipeError(f"{folder / file.name}: not what its manifest says")
    if found != json.loads(manifest.to_json()):
        raise EncoderRecipeError(f"{path}: made by another recipe")
    return manifest


def files_of(
    folder: Path, *, vocabulary: Sequence[str] = (PIECES, MODEL)
) -> tuple[EncoderFile, ...]:
    """Return the files of a filled folder with their sizes and sums."""
    names = [LICENCE, GRAPH, DATA, *vocabulary]
    if (folder / LAYERS).exists():
        names.append(LAYERS)
    return tuple(
        EncoderFile(name, (folder / name).stat().st_size, digest(folder / name)) for name in names
    )


def digest(path: Path) -> str:
    """Return the SHA-256 sum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def compare(
    encoder: Encoder, expected: NDArray[Any], texts: Sequence[str], *, least: float
) -> None:
    """Refuse an encoder whose vectors are not those that are `expected`.

    Raises:
        EncoderRecipeError: the cosine of one of the `texts` is below `least`, in any of the parts.
    """
    ends = np.cumsum(encoder.parts)[:-1]
    vectors = np.asarray(encoder.encode(texts))[:, : expected.shape[1]]
    by_part = zip(np.split(expected, ends, axis=1), np.split(vectors, ends, axis=1), strict=True)
    cosines = np.min([np.sum(one * other, axis=1) for one, other in by_part], axis=0)
    worst = int(np.argmin(cosines))
    # Written so that a NaN is refused too.
    if not cosines[worst] >= least:
        raise EncoderRecipeError(
            f"the vector of {texts[worst][:40]!r} has cosine {cosines[worst]:.6f} with the "
            f"package's own, at least {least} is needed; nothing was published"
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
