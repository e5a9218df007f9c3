"""What may be wrong with the examples rather than with the model."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sangdam.learning.held_out import HeldOutRow, shown
from sangdam.learning.intervals import DIGITS

LISTED = 50
LISTED_PAIRS = 20
EXAMPLES = 2
"""So many sentences of each intent show why two intents are taken for one."""

OVERLAP = 0.2
"""Two intents that share this much of their probability are worth a look."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that shows something; ``confidence`` is that of ``predicted``."""

    text: str
    language: str | None
    expected: str
    predicted: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Mislabelled:
    """An example that looks as if it belonged to ``suggested``, with both intents' probability."""

    text: str
    language: str | None
    expected: str
    suggested: str
    own: float
    other: float


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two intents that are hard to tell apart.

    ``overlap`` is 0 where neither takes anything of the other, 1 where a coin would do as well;
    ``mistakes`` of their ``rows`` were taken for the other intent.
    """

    one: str
    other: str
    overlap: float
    mistakes: int
    rows: int
    examples: tuple[Quote, ...]


def find_mislabelled(
    rows: Sequence[HeldOutRow], *, twins: Iterable[NearDuplicate] = ()
) -> list[Mislabelled]:
    """Return the rows of known intents whose label is to be doubted, the most doubtful first.

    Confident learning (Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in
    Dataset Labels", 2021): an intent's own threshold is the mean probability that its rows give to
    it. A row is doubted when its own intent stays below its threshold while another one, more
    probable, reaches its own; of several the most probable is suggested. The order is by the
    difference of the two probabilities. An intent outside a row's ranked ones has probability 0.
    Between ``twins``, near-duplicate intents, no label is doubted: there the intents are to blame.
    """
    given: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows:
        given[row.expected].append(row.probability(row.expected))
    threshold = {name: math.fsum(shares) / len(shares) for name, shares in given.items()}
    alike = {(pair.one, pair.other) for pair in twins}
    alike |= {(other, one) for one, other in alike}
    found = []
    for row in rows:
        own = row.probability(row.expected)
        if own >= threshold[row.expected]:
            continue
        for name, share in sorted(row.ranked, key=lambda one: (-one[1], one[0])):
            if name != row.expected and share > own and share >= threshold.get(name, math.inf):
                if (row.expected, name) not in alike:
                    found.append((own - share, row, name, own, share))
                break
    found.sort(key=lambda one: (one[0], one[1].expected, one[1].text))
    return [
        Mislabelled(
            shown(row.text), row.language, row.expected, name,
            round(own, DIGITS), round(share, DIGITS),
        )
        for _, row, name, own, share in found
    ]  # fmt: skip


def find_near_duplicates(rows: Sequence[HeldOutRow]) -> list[NearDuplicate]:
    """Return pairs of intents that share rows' probability both ways, the closest first.

    With a the mean probability that the rows of one give to the other, and b the reverse, the
    overlap is 2 √(ab): intents that cannot be told apart get a half each way, so 1, and a pair
    where only one side leaks gets little. Pairs below ``OVERLAP`` are left out.
    """
    of_intent = Counter(row.expected for row in rows)
    leaked: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    taken: Counter[tuple[str, str]] = Counter()
    members: defaultdict[str, list[HeldOutRow]] = defaultdict(list)
    for row in rows:
        members[row.expected].append(row)
        taken[row.expected, row.predicted] += 1
        for name, share in row.ranked:
            if name != row.expected and name in of_intent:
                leaked[row.expected, name].append(share)
    mean = {
        pair: min(1.0, math.fsum(shares) / of_intent[pair[0]]) for pair, shares in leaked.items()
    }
    result = []
    for (one, other), there in mean.items():
        overlap = 2 * math.sqrt(there * mean.get((other, one), 0.0))
        if one > other or overlap < OVERLAP:
            continue
        result.append(
            NearDuplicate(
                one=one,
                other=other,
                overlap=round(min(1.0, overlap), DIGITS),
                mistakes=taken[one, other] + taken[other, one],
                rows=of_intent[one] + of_intent[other],
                examples=(
                    *_most_shared(members[one], with_intent=other),
                    *_most_shared(members[other], with_intent=one),
                ),
            )
        )
    return sorted(result, key=lambda pair: (-pair.overlap, pair.one, pair.other))


def quote(row: HeldOutRow) -> Quote:
    """Return a row as a report quotes it."""
    confidence = round(row.confidence, DIGITS)
    return Quote(shown(row.text), row.language, row.expected, row.predicted, confidence)


def _most_shared(rows: Sequence[HeldOutRow], *, with_intent: str) -> tuple[Quote, ...]:
    ordered = sorted(rows, key=lambda row: (-row.probability(with_intent), row.text))
    return tuple(map(quote, ordered[:EXAMPLES]))
