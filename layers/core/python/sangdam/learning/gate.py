"""The promotion gate: what a challenger must show before it replaces the champion."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a release may be published; ``reasons`` say why not (or what was checked)."""

    passed: bool
    reasons: tuple[str, ...]


TOLERANCE = 0.02
"""How much cross-validated accuracy may fall before a challenger is refused; below this the fall
is within the noise of a few hundred examples."""


def judge(
    *,
    conversations_played: int,
    differences: tuple[str, ...],
    accuracy: float | None,
    champion_accuracy: float | None,
) -> Verdict:
    """Return whether a challenger passes.

    Parameters
    ----------
    conversations_played, differences
        How many of the pack's conversations were replayed, and every answer that differed.
    accuracy, champion_accuracy
        Cross-validated accuracies (0..1) of challenger and champion; None where unknown.
    """
    reasons: list[str] = [f"conversation differs: {one}" for one in differences]
    if accuracy is not None and not 0.0 <= accuracy <= 1.0:
        reasons.append(f"cross-validated accuracy {accuracy} is none: training went wrong")
    elif (
        accuracy is not None
        and champion_accuracy is not None
        and accuracy < champion_accuracy - TOLERANCE
    ):
        reasons.append(
            f"cross-validated accuracy {accuracy:.3f} is more than {TOLERANCE:.2f} below the "
            f"champion's {champion_accuracy:.3f}"
        )
    if reasons:
        return Verdict(False, tuple(reasons))
    return Verdict(True, (f"all {conversations_played} conversations answered as expected",))
