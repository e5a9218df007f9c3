"""Spaces and letters put right as a bot's own examples have them, before anything is scored.

Learnt from the training texts and kept with the classifier: both are given what this returns, in
training as in serving. A text that is written as the examples are stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sangdam.text.spacing import Spacing, learn_spacing
from sangdam.text.spelling import Spelling, learn_spelling

VERSION = 1
"""Changes whenever the same examples would put a text right otherwise."""


@dataclass(frozen=True, slots=True)
class Orthography:
    """How a bot's examples are spaced and spelt; one that was taught nothing changes nothing."""

    spacing: Spacing = field(default_factory=Spacing)
    spelling: Spelling = field(default_factory=Spelling)

    def __call__(self, text: str) -> str:
        """Return a normalised text put right; the result is normalised too."""
        return self.spelling(self.spacing(text))

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON."""
        return {
            "version": VERSION,
            "spacing": self.spacing.to_json(),
            "words": dict(self.spelling.words),
        }

    @classmethod
    def from_json(cls, data: Any) -> Orthography:
        """Return the orthography of ``to_json``.

        Raises
        ------
        ValueError
            If the data is none, or of another version.
        """
        if not isinstance(data, dict) or data.get("version") != VERSION:
            raise ValueError(f"the orthography is not of version {VERSION}")
        words = data.get("words")
        if not isinstance(words, dict) or not all(
            isinstance(count, int) and count > 0 for count in words.values()
        ):
            raise ValueError("the words of the orthography are no words with counts")
        return cls(Spacing.from_json(str(data.get("spacing"))), Spelling(words))


def learn_orthography(texts: Iterable[str], *, seed: int) -> Orthography:
    """Return the orthography of normalised training texts."""
    known = list(texts)
    spacing = learn_spacing(known, seed=seed)
    return Orthography(spacing, learn_spelling(map(spacing, known)))
