"""Every environment is locked, and Lambda runs the versions that were developed with."""

from __future__ import annotations

import re

import pytest

from scripts.commands.lock import LOCKS, pins
from scripts.local.paths import ROOT

DEV = ROOT / "infra" / "locks" / "dev.txt"
LAYERS = ("layers/runtime/requirements.txt", "layers/trainer/requirements.txt")


def test_every_lock_file_is_written_by_the_lock_script() -> None:
    there = {
        str(path.relative_to(ROOT))
        for pattern in ("infra/locks/*.txt", "layers/*/requirements.txt")
        for path in ROOT.glob(pattern)
    }
    assert there == {lock.file for lock in LOCKS}


@pytest.mark.parametrize("file", [lock.file for lock in LOCKS])
def test_a_lock_pins_and_hashes_everything_and_names_no_place_to_download_from(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) == len(pins(ROOT / file)) > 0
    for entry in entries:
        assert re.match(r"[\w.-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert "://" not in text
    assert "index" not in text


@pytest.mark.parametrize("file", LAYERS)
def test_layers_hold_the_versions_that_were_developed_with(file: str) -> None:
    developed = pins(DEV)
    assert {name: developed.get(name) for name in pins(ROOT / file)} == pins(ROOT / file)


def test_the_serving_layer_has_no_package_of_training() -> None:
    serving = set(pins(ROOT / LAYERS[0]))
    assert {"boto3", "numpy", "onnxruntime", "aws-lambda-powertools"} <= serving
    assert not serving & {"scikit-learn", "scipy", "skl2onnx", "onnx", "pydantic", "sentencepiece"}
    assert {"scikit-learn", "skl2onnx", "pyyaml"} <= set(pins(ROOT / LAYERS[1]))
