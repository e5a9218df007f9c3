"""The layers' recipes: what is left out, what is kept, and when a layer is built again."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.local.paths import ROOT
from scripts.stack.layers import note_inputs


def botocore(packages: Path) -> Path:
    folder = packages / "botocore"
    for service in ("dynamodb", "s3", "ec2"):
        (folder / "data" / service / "2020-01-01").mkdir(parents=True)
        (folder / "data" / service / "2020-01-01" / "service-2.json").write_text("{}", "utf-8")
    endpoints = {
        "version": 3,
        "partitions": [
            {
                "partition": "aws",
                "regions": {"ap-northeast-2": {}},
                "services": {"dynamodb": {"endpoints": {}}, "ec2": {}, "s3": {}},
            }
        ],
    }
    (folder / "data" / "endpoints.json").write_text(json.dumps(endpoints), "utf-8")
    for service in ("s3", "ec2"):
        (packages / "boto3" / "data" / service).mkdir(parents=True)
    (packages / "boto3" / "examples").mkdir()
    return folder


def trim(folder: Path, *services: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "layers" / "trim_botocore.py", folder, *services],
        capture_output=True,
        text=True,
        check=False,
    )


def test_botocore_keeps_the_services_named_and_every_region(tmp_path: Path) -> None:
    folder = botocore(tmp_path)
    assert trim(folder, "dynamodb", "s3").returncode == 0
    services = sorted(path.name for path in (folder / "data").iterdir() if path.is_dir())
    assert services == ["dynamodb", "s3"]
    [partition] = json.loads((folder / "data" / "endpoints.json").read_text("utf-8"))["partitions"]
    assert sorted(partition["services"]) == ["dynamodb", "s3"]
    assert partition["regions"] == {"ap-northeast-2": {}}
    assert [path.name for path in (tmp_path / "boto3" / "data").iterdir()] == ["s3"]


def test_a_service_that_botocore_does_not_have_is_named_and_nothing_is_removed(
    tmp_path: Path,
) -> None:
    folder = botocore(tmp_path)
    done = trim(folder, "dynamodb", "s33")
    assert done.returncode == 1
    assert "s33" in done.stderr
    assert (folder / "data" / "ec2").is_dir()


def repository(root: Path) -> Path:
    for layer in ("core", "encoder", "content"):
        (root / "layers" / layer).mkdir(parents=True)
        (root / "layers" / layer / "Makefile").write_text("build:", "utf-8")
    (root / "layers" / "layer.mk").write_text("define install", "utf-8")
    (root / "layers" / "trim_botocore.py").write_text("pass", "utf-8")
    (root / ".cache" / "encoder").mkdir(parents=True)
    (root / ".cache" / "encoder" / "manifest.json").write_text("{}", "utf-8")
    return root


def bot(root: Path, name: str) -> None:
    folder = root / "layers" / "content" / "bots" / name
    folder.mkdir(parents=True)
    (folder / "bot.yaml").write_text("format: 1\nlanguages: [ko]\n", "utf-8")


@pytest.mark.skipif(shutil.which("make") is None, reason="make builds the layers")
def test_the_layer_has_the_encoders_that_the_bots_read_with(tmp_path: Path) -> None:
    """Which ones these are, tests of scripts/encoder tell."""
    root, layer = tmp_path / "root", tmp_path / "layer"
    (root / "layers" / "encoder").mkdir(parents=True)
    for name in ("layer.mk", "encoder/Makefile"):
        shutil.copy(ROOT / "layers" / name, root / "layers" / name)
    script = root / "scripts" / "encoder"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nprintf %s "$*" > "{tmp_path}/asked"\n', "utf-8")
    script.chmod(0o755)
    command = ("make", "-f", root / "layers" / "encoder" / "Makefile", "build-EncoderLayer")
    subprocess.run([*command, f"ARTIFACTS_DIR={layer}"], check=True, capture_output=True)
    assert (tmp_path / "asked").read_text("utf-8") == f"--into {layer}"


def test_layers_are_built_again_when_something_outside_their_folder_changes(
    tmp_path: Path,
) -> None:
    root = repository(tmp_path)
    assert note_inputs(root, python="python3.13") == ("content", "core", "encoder")
    assert note_inputs(root, python="python3.13") == ()
    (root / ".cache" / "encoder" / "manifest.json").write_text('{"name": "new"}', "utf-8")
    assert note_inputs(root, python="python3.13") == ("encoder",)
    (root / ".cache" / "releases" / "shop").mkdir(parents=True)
    (root / ".cache" / "releases" / "shop" / "current.json").write_text("{}", "utf-8")
    assert note_inputs(root, python="python3.13") == ("content",)
    bot(root, "fast")
    assert note_inputs(root, python="python3.13") == ("encoder",)
    (root / "layers" / "layer.mk").write_text("define install # otherwise", "utf-8")
    assert note_inputs(root, python="python3.13") == ("content", "core", "encoder")
    assert note_inputs(root, python="") == ("content", "core", "encoder")


def test_the_notes_are_files_that_git_ignores() -> None:
    assert "build/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
