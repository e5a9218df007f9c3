"""The part of a report about training: what competed, what was learnt from, by which methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sangdam.learning.held_out import Comparison
from sangdam.learning.intervals import Share
from sangdam.learning.report import Report
from sangdam_adapters.report_markup import details, escape, listing, said, section, table, words_of
from sangdam_adapters.report_pictures import bar
from sangdam_adapters.report_words import percent, with_interval

SOURCES = (
    "Wilson 1927 (intervals) · Guo et al. 2017 (calibration) · Geifman et al. 2019 (risk-coverage)"
    " · Northcutt, Jiang and Chuang 2021 (confident learning) · Zou and Donner 2008 (mean of F1)"
)


def search(report: Report, words: Mapping[str, str]) -> str:
    """Return the tables of what competed: settings, and learning with and without more."""
    parts = [
        section(words[kind], _comparisons(lines, words), note=words[f"{kind}_note"])
        for kind, lines in (("search", report.search), ("augmentation", report.augmentation))
        if lines
    ]
    return "\n".join(parts)


def _comparisons(lines: Sequence[Comparison], words: Mapping[str, str]) -> str:
    measured = [line.accuracy for line in lines if line.accuracy is not None]
    # Settings that compete are close to each other: bars from zero would all look the same.
    low = max(0.0, min(measured, default=0.0) - 0.02)
    high = max((*measured, low + 0.05))
    has_seconds = any(line.seconds is not None for line in lines)
    rows = []
    for line in lines:
        share = None if line.accuracy is None else Share(*[line.accuracy] * 3)
        seconds = "–" if line.seconds is None else f"{line.seconds:.1f}"
        kept = f"✓ {words['kept']}" if line.kept else ""
        rows.append(
            f'<tr{" class=kept" if line.kept else ""}><td class="name">{words_of(line.name)}</td>'
            f'<td class="wide">{bar(share, low=low, high=high)}</td>'
            f'<td class="number">{percent(line.accuracy)}</td>'
            f'<td class="number">{"–" if line.loss is None else f"{line.loss:.4f}"}</td>'
            + (f'<td class="number">{seconds}</td>' if has_seconds else "")
            + f'<td class="note">{words_of(" · ".join(filter(None, (kept, line.note))))}</td></tr>'
        )
    heads = [
        (words["setting"], ""), ("", ""), (words["accuracy"], "number"), (words["loss"], "number"),
        *([(words["seconds"], "number")] if has_seconds else []), (words["note"], ""),
    ]  # fmt: skip
    return table(heads, rows)


def data(report: Report, words: Mapping[str, str]) -> str:
    """Return what was learnt from, and the figures that have no picture."""
    learnt_from, overall = report.data, report.overall
    counts = [
        (words[f"data_{name}"], f"{getattr(learnt_from, name):,}")
        for name in (
            "rows", "intents", "titles", "out_of_scope", "off_topic", "duplicates", "empty",
            "contradictions",
        )
    ] if learnt_from.rows else []  # fmt: skip
    listed = "".join(f"<li>{said(text)}</li>" for text in learnt_from.contradictory)
    more = details(words["contradictory"], f'<ul class="quotes">{listed}</ul>') if listed else ""
    learnt = section(words["data"], listing(counts) + more) if counts else ""
    further = [
        (words["clarified"], with_interval(overall.clarified)),
        (words["fallback"], with_interval(overall.fallen_back)),
        (words["auroc"], _number(overall.out_of_scope_auroc)),
        *((name, _number(value)) for name, value in report.figures.items()),
    ]
    shown = [(name, value) for name, value in further if value != "–"]
    sources = f'<p class="note">{words["sources"]}: {escape(SOURCES)}</p>'
    return learnt + section(words["figures"], listing(shown) + sources)


def _number(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
