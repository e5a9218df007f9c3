"""The template as it is written, and as it is understood."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.local.intrinsics import read_yaml
from scripts.local.paths import ROOT
from scripts.local.template import Template, load_template


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """template.yaml, functions like !Ref as {"Ref": ...}."""
    text = (ROOT / "template.yaml").read_text("utf-8")
    parsed: dict[str, Any] = read_yaml(text, name="template.yaml")
    return parsed


@pytest.fixture(scope="session")
def template() -> Template:
    """template.yaml with its functions resolved, parameters at their defaults."""
    return load_template(ROOT / "template.yaml")


@pytest.fixture(scope="session")
def contract() -> dict[str, Any]:
    """infra/openapi.yaml."""
    text = (ROOT / "infra" / "openapi.yaml").read_text("utf-8")
    parsed: dict[str, Any] = read_yaml(text, name="openapi.yaml")
    return parsed
