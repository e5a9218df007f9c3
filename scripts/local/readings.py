"""Which encoders packs ask for, read without checking anything else of them."""

from __future__ import annotations

from pathlib import Path

import yaml

from sangdam.bots.definition import PROFILES, Reading, reading_of


def readings(packs: Path) -> frozenset[Reading]:
    """Return how the bots of a folder of packs are read."""
    return frozenset(reading(path.parent) for path in packs.glob("*/bot.yaml"))


def reading(pack: Path) -> Reading:
    """Return how the bot of a pack is read: as most are, if the pack cannot be read itself.

    What is wrong with it others say.
    """
    try:
        top = yaml.safe_load((pack / "bot.yaml").read_text(encoding="utf-8"))
        profile, languages = top.get("profile", "fast"), set(top.get("languages") or ())
    except (OSError, ValueError, TypeError, AttributeError, yaml.YAMLError):
        return "fast"
    return reading_of(profile, languages) if profile in PROFILES else "fast"
