"""The contracts on imports hold back what they are there to hold back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = "Functions use adapters or training, and these use the domain; never upwards"
FUNCTIONS = "Functions do not know each other"
DOMAIN = "Inside the domain: services, ports, decisions, understanding, bots, text"
STANDARD = "The domain imports nothing but the standard library"
ONNXRUNTIME = "onnxruntime is imported in two files"
SKLEARN = "scikit-learn lives in the training package alone"
BOTO = "boto3 is imported in files named for what they talk to"
YAML = "YAML is read in one file"

PARTS_OF_LAYERS = ("core", "adapters", "training")
CORE = "layers/core/python/sangdam"
ADAPTERS = "layers/adapters/python/sangdam_adapters"
TRAINING = "layers/training/python/sangdam_training"

# A part of the smallest tree that has every place the contracts name, and keeps all of them.
CLEAN: Mapping[str, str] = {
    f"{CORE}/__init__.py": "",
    f"{CORE}/text/__init__.py": "import re",
    f"{CORE}/bots/__init__.py": "import sangdam.text",
    f"{CORE}/nlu/__init__.py": "import sangdam.bots",
    f"{CORE}/dialogue/__init__.py": "import sangdam.nlu",
    f"{CORE}/backoffice/__init__.py": "import sangdam.nlu",
    f"{CORE}/learning/__init__.py": "import sangdam.nlu",
    f"{CORE}/ports.py": "import sangdam.dialogue",
    f"{CORE}/services/__init__.py": "import sangdam.ports, sangdam.text",
    f"{ADAPTERS}/__init__.py": "import numpy",
    f"{ADAPTERS}/onnx_encoder.py": "import onnxruntime, sangdam.ports",
    f"{ADAPTERS}/onnx_classifier.py": "import onnxruntime",
    f"{ADAPTERS}/dynamodb_backoffice.py": "import boto3, botocore.config",
    f"{ADAPTERS}/s3_releases.py": "import boto3",
    f"{ADAPTERS}/lambda_encoder.py": "import boto3",
    f"{ADAPTERS}/yaml_bots.py": "import yaml",
    f"{TRAINING}/__init__.py": "import sklearn.svm, skl2onnx, numpy, sangdam.ports",
    "functions/chat/app.py": "import sangdam.ports, sangdam_adapters.onnx_encoder",
    "functions/web/app.py": "import json",
}
# Contract -> what is planted where, and the import that must be reported.
VIOLATIONS: tuple[tuple[str, str, str, str], ...] = (
    (PARTS, f"{CORE}/text/a.py", "import sangdam_adapters", "sangdam.text.a -> sangdam_adapters"),
    (PARTS, f"{ADAPTERS}/b.py", "import sangdam_training", "sangdam_adapters.b -> sangdam_train"),
    (PARTS, f"{TRAINING}/c.py", "import sangdam_adapters", "sangdam_training.c -> sangdam_adapt"),
    (PARTS, f"{ADAPTERS}/d.py", "import functions.web.app", "sangdam_adapters.d -> functions.web"),
    (FUNCTIONS, "functions/chat/a.py", "import functions.web.app", "functions.chat.a -> functions"),
    (DOMAIN, f"{CORE}/text/d.py", "import sangdam.services", "sangdam.text.d -> sangdam.services"),
    (DOMAIN, f"{CORE}/dialogue/e.py", "import sangdam.learning", "sangdam.dialogue.e -> sangdam."),
    (DOMAIN, f"{CORE}/bots/f.py", "import sangdam.nlu", "sangdam.bots.f -> sangdam.nlu"),
    (DOMAIN, f"{CORE}/nlu/g.py", "import sangdam.ports", "sangdam.nlu.g -> sangdam.ports"),
    (DOMAIN, f"{CORE}/utils/__init__.py", "", "sangdam.utils"),
    (STANDARD, f"{CORE}/nlu/h.py", "import numpy", "sangdam.nlu.h -> numpy"),
    (STANDARD, f"{CORE}/nlu/i.py", "def f():\n    import onnx", "sangdam.nlu.i -> onnx"),
    (ONNXRUNTIME, f"{ADAPTERS}/j.py", "import onnxruntime", "sangdam_adapters.j -> onnxruntime"),
    (ONNXRUNTIME, f"{TRAINING}/k.py", "import onnxruntime", "sangdam_training.k -> onnxruntime"),
    (SKLEARN, f"{ADAPTERS}/l.py", "from sklearn import svm", "sangdam_adapters.l -> sklearn"),
    (SKLEARN, "functions/chat/m.py", "import skl2onnx", "functions.chat.m -> skl2onnx"),
    (BOTO, f"{ADAPTERS}/n.py", "import boto3", "sangdam_adapters.n -> boto3"),
    (BOTO, "functions/chat/o.py", "import botocore.config", "functions.chat.o -> botocore"),
    (YAML, f"{TRAINING}/p.py", "import yaml", "sangdam_training.p -> yaml"),
)


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", "utf-8")


def lint(root: Path) -> str:
    """Check a tree with the repository's contracts and return what is said of it."""
    shutil.copy(ROOT / ".importlinter", root)
    folders = [root, *(root / "layers" / part / "python" for part in PARTS_OF_LAYERS), ROOT]
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders)), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a tree with every violation in it."""
    root = tmp_path_factory.mktemp("planted")
    write(root, CLEAN)
    write(root, {place: text for _, place, text, _ in VIOLATIONS})
    return lint(root)


def test_a_clean_tree_keeps_every_contract(tmp_path: Path) -> None:
    write(tmp_path, CLEAN)
    told = lint(tmp_path)
    names = [PARTS, FUNCTIONS, DOMAIN, STANDARD, ONNXRUNTIME, SKLEARN, BOTO, YAML]
    assert [name for name in names if f"{name} KEPT" not in told] == [], told
    assert "0 broken" in told


@pytest.mark.parametrize(("contract", "place", "text", "reported"), VIOLATIONS)
def test_a_planted_violation_is_caught(
    planted: str, contract: str, place: str, text: str, reported: str
) -> None:
    assert f"{contract} BROKEN" in planted
    assert reported in section(planted, contract), planted


def section(told: str, contract: str) -> str:
    """Return what is said of one broken contract."""
    _, _, after = told.partition("Broken contracts")[2].partition(f"{contract}\n-")
    return re.split(r"\n[^\n]+\n-{5,}\n", after)[0]
