"""The evaluation report of a release: what it can do, what it cannot, and what to do about it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sangdam.learning import findings as to_do
from sangdam.learning.curves import Bin, Mark, Point, marks, reliability, risk_coverage
from sangdam.learning.findings import Finding
from sangdam.learning.held_out import Comparison as Comparison
from sangdam.learning.held_out import DataSummary as DataSummary
from sangdam.learning.held_out import HeldOutRow as HeldOutRow
from sangdam.learning.held_out import shown, tidied
from sangdam.learning.plain import from_plain
from sangdam.learning.suspects import (
    LISTED,
    LISTED_PAIRS,
    Mislabelled,
    NearDuplicate,
    find_mislabelled,
    find_near_duplicates,
)
from sangdam.learning.tables import (
    ConfusedPair,
    IntentFigures,
    LanguageFigures,
    Overall,
    by_intent,
    by_language,
    confused_pairs,
    confusion_cells,
    measure,
)
from sangdam.nlu.understanding import Thresholds

FORMAT = 1
DOCUMENT = "report.json"
PAGE = "report.html"

COMPARED = 60
"""So many lines of the model search are listed: those kept, then the best."""


class ReportError(ValueError):
    """A document that is no report this code reads; says where it is from and the way out."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report says, as plain values; lists are bounded, so it stays below 400 kB.

    ``confusion`` holds the filled cells of the matrix as (expected, predicted, rows), positions in
    ``names``. ``mislabelled_rows`` counts all, of which ``mislabelled`` lists the most doubtful.
    ``guaranteed`` tells whether the thresholds carry an exact bound on ``error_budget``.
    ``figures`` are further ones the trainer wants to be seen (seconds, features ...).
    """

    names: tuple[str, ...]
    overall: Overall
    languages: tuple[LanguageFigures, ...]
    thresholds: Thresholds
    error_budget: float | None
    guaranteed: bool | None
    intents: tuple[IntentFigures, ...]
    confusion: tuple[tuple[int, int, int], ...]
    confused: tuple[ConfusedPair, ...]
    mislabelled: tuple[Mislabelled, ...]
    mislabelled_rows: int
    near_duplicates: tuple[NearDuplicate, ...]
    reliability: tuple[Bin, ...]
    risk_coverage: tuple[Point, ...]
    marks: tuple[Mark, ...]
    search: tuple[Comparison, ...]
    augmentation: tuple[Comparison, ...]
    data: DataSummary
    figures: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    bot: str = ""
    release: str = ""
    created_at: str = ""

    def to_json(self) -> bytes:
        """Return the report as canonical JSON, one entry a line: equal reports give equal bytes."""
        document = {"format": FORMAT, **asdict(self)}
        lines = (
            f"{json.dumps(name)}: "
            + json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            for name, value in document.items()
        )
        # A lone surrogate, which UTF-8 cannot write, becomes the escape that JSON knows.
        return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8", "backslashreplace")

    @staticmethod
    def from_json(data: bytes, *, where: str) -> Report:
        """Read a report back.

        Raises
        ------
        ReportError
            If it is damaged, or of a format this code does not read.
        """
        try:
            top = json.loads(data)
            if top["format"] != FORMAT:
                raise ReportError(
                    f"{where}: report has format {top['format']}, this version reads {FORMAT};"
                    " train the bot again"
                )
            return from_plain(Report, top)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            if isinstance(error, ReportError):
                raise
            raise ReportError(
                f"{where}: report cannot be read ({error!r}); train the bot again"
            ) from error


def build_report(
    rows: Sequence[HeldOutRow],
    *,
    thresholds: Thresholds,
    names: Sequence[str] = (),
    error_budget: float | None = None,
    guaranteed: bool | None = None,
    comparisons: Sequence[Comparison] = (),
    augmentation: Sequence[Comparison] = (),
    data: DataSummary | None = None,
    figures: Mapping[str, Any] | None = None,
) -> Report:
    """Return the report on rows that the model has not learnt from.

    Nothing is drawn and no clock is read: the same input gives the same report, whatever the
    order of ``names``; the order of rows matters where nothing else decides.

    Parameters
    ----------
    rows
        Held-out rows as judged with the chosen thresholds; none at all is allowed. Out-of-scope
        rows, if there are any, count for the out-of-scope figures alone, and as wrong answers.
    thresholds, error_budget, guaranteed
        Where answering stops, the promise it was chosen for, and whether an exact bound holds it.
    names
        The bot's intents; those that only rows name are added.
    comparisons, augmentation
        The model search, a line a setting, and what was measured with and without augmentation.
    data
        What was learnt from; without it the page leaves that part out.
    figures
        Further figures to be seen, plain JSON: name to number, text or truth value.
    """
    rows = tidied(rows)
    known = [row for row in rows if row.is_known]
    mentioned = {row.expected for row in known} | {row.predicted for row in known}
    every = tuple(sorted({*names, *mentioned}))
    twins = find_near_duplicates(known)
    doubtful = find_mislabelled(known, twins=twins)
    data = data or DataSummary()
    report = Report(
        names=every,
        overall=measure(rows, names=every),
        languages=by_language(known),
        thresholds=thresholds,
        error_budget=error_budget,
        guaranteed=guaranteed,
        intents=by_intent(known, names=every),
        confusion=confusion_cells(known, names=every),
        confused=confused_pairs(known),
        mislabelled=tuple(doubtful[:LISTED]),
        mislabelled_rows=len(doubtful),
        near_duplicates=tuple(twins[:LISTED_PAIRS]),
        reliability=reliability(known),
        risk_coverage=risk_coverage(known),
        marks=marks(known),
        search=_best(comparisons),
        augmentation=tuple(map(_rounded, augmentation)),
        data=replace(data, contradictory=tuple(map(shown, data.contradictory[:LISTED]))),
        figures={name: _plain(value) for name, value in (figures or {}).items()},
    )
    return replace(report, findings=to_do.find(report))


def _best(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    ordered = sorted(comparisons, key=lambda one: (not one.kept, -(one.accuracy or 0.0)))
    return tuple(map(_rounded, ordered[:COMPARED]))


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _rounded(line: Comparison) -> Comparison:
    def cut(value: float | None, digits: int) -> float | None:
        return None if value is None or not math.isfinite(value) else round(float(value), digits)

    return replace(
        line,
        accuracy=cut(line.accuracy, 4), loss=cut(line.loss, 4), seconds=cut(line.seconds, 2),
    )  # fmt: skip
