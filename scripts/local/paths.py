"""Where things stand in this repository."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKS = ROOT / "layers" / "content" / "bots"
CACHE = ROOT / ".cache"
ENCODER = CACHE / "encoder"
RELEASES = CACHE / "releases"
