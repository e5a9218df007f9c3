"""What language understanding needs of a classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sangdam.nlu.understanding import Scores, Thresholds


class IntentModel(Protocol):
    """A classifier of a release, ready to score messages."""

    @property
    def thresholds(self) -> Thresholds: ...

    def score(self, text: str) -> Scores:
        """Score one message of any length and content; never raises on text."""

    def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]] | None:
        """Return a vector of length 1 for each text; None if the model works without an encoder."""
