"""What training refuses, in words a bot author can act on."""

from __future__ import annotations


class TrainingError(Exception):
    """These examples cannot be learnt from, or the exported model is not the trained one."""
