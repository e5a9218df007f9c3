"""The evaluation report as one HTML page that needs nothing else, in Korean or English.

Everything that came from a pack or a customer goes through ``escape``; there is no script in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sangdam.bots.definition import Language
from sangdam.learning.intervals import Share
from sangdam.learning.report import Report
from sangdam.learning.suspects import Quote
from sangdam.learning.tables import IntentFigures
from sangdam_adapters.report_labels import WORDS
from sangdam_adapters.report_markup import (
    details,
    escape,
    name_of,
    said,
    section,
    table,
    words_of,
)
from sangdam_adapters.report_pictures import bar, heat_map, reliability, risk_coverage
from sangdam_adapters.report_style import STYLE
from sangdam_adapters.report_training import data, search
from sangdam_adapters.report_words import findings_in_words, percent, with_interval

PICTURED = 20
"""The matrix shows so many intents, and so many bars stand before "show all"."""

QUOTED = 6
"""The sentences of so many confused pairs stand open."""

Words = Mapping[str, str]


def render(report: Report, *, language: Language) -> bytes:
    """Return the page of a report: port ``ReportPage``."""
    words = WORDS[language]
    title = " · ".join(filter(None, (report.bot, words["title"])))
    sections = [_header(report, words)]
    if report.overall.rows or report.overall.out_of_scope_rows:
        sections.append(_tiles(report, words))
    sections.append(_to_do(report, words, language))
    if report.overall.rows:
        sections += [
            _intents(report, words), _confusion(report, words), _near_duplicates(report, words),
            _mislabelled(report, words), _certainty(report, words), _languages(report, words),
        ]  # fmt: skip
    sections += [search(report, words), data(report, words)]
    page = (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(filter(None, sections))
        + "\n</body>\n</html>\n"
    )
    return page.encode()


def _header(report: Report, words: Words) -> str:
    rows = f"{report.overall.rows + report.overall.out_of_scope_rows:,}"
    about = words["about"].format(rows=rows) if rows != "0" else words["nothing"]
    made = words["made"].format(at=_moment(report.created_at)) if report.created_at else ""
    named = " · ".join(filter(None, (report.release, made)))
    return (
        f"<header><h1>{escape(report.bot)} {words['title']}</h1>"
        f"<p>{escape(named)}</p><p>{words_of(about)}</p></header>"
    )


def _tiles(report: Report, words: Words) -> str:
    overall, budget = report.overall, report.error_budget
    wrong = overall.wrong_among_answered
    promised = "" if budget is None else words["budget"].format(budget=percent(budget))
    is_broken = wrong is not None and budget is not None and wrong.value > budget
    error = overall.calibration_error
    tiles = [
        _tile(words["accuracy"], overall.accuracy),
        _tile(words["answered"], overall.answered),
        _tile(words["wrong"], wrong, note=promised, is_bad=is_broken),
        _tile(words["refused"], overall.refused),
        _tile(words["macro_f1"], overall.macro_f1),
        _tile(words["among_choices"], overall.among_choices),
    ]
    if error is not None:
        tiles.append(
            f'<div class="tile"><b>{error:.3f}</b><span>{words["calibration_error"]}</span></div>'
        )
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _tile(label: str, share: Share | None, *, note: str = "", is_bad: bool = False) -> str:
    if share is None:
        return ""
    interval = f"{share.low * 100:.1f}–{share.high * 100:.1f} %"
    small = " · ".join(filter(None, (f"[{interval}]", note)))
    kind = "tile bad" if is_bad else "tile"
    return (
        f'<div class="{kind}"><b>{percent(share.value)}</b><span>{escape(label)}</span>'
        f"<small>{escape(small)}</small></div>"
    )


def _to_do(report: Report, words: Words, language: Language) -> str:
    found = findings_in_words(report, language=language)
    items = (f"<li><b>{words_of(what)}</b><span>{words_of(how)}</span></li>" for what, how in found)
    listed = f'<ol class="todo">{"".join(items)}</ol>' if found else f"<p>{words['to_do_none']}</p>"
    return section(words["to_do"], listed)


def _intents(report: Report, words: Words) -> str:
    weakest = sorted(
        report.intents, key=lambda one: (one.f1.value if one.f1 else 2.0, -one.rows, one.name)
    )
    short = _intent_table(weakest[:PICTURED], words)
    whole = ""
    if len(weakest) > PICTURED:
        summary = words["all_intents"].format(count=len(weakest))
        whole = details(summary, _intent_table(report.intents, words))
    return section(words["intents"], short + whole, note=words["intents_note"])


def _intent_table(intents: Iterable[IntentFigures], words: Words) -> str:
    rows = (
        f'<tr{_low(one.f1)}><td class="name">{name_of(one.name)}</td>'
        f'<td class="wide">{bar(one.f1)}</td>'
        f'<td class="number">{with_interval(one.f1)}</td>'
        f'<td class="number">{percent(one.precision.value if one.precision else None)}</td>'
        f'<td class="number">{percent(one.recall.value if one.recall else None)}</td>'
        f'<td class="number">{one.rows:,}</td></tr>'
        for one in intents
    )
    heads = (
        (words["intent"], ""), ("", ""), (words["f1"], "number"), (words["precision"], "number"),
        (words["recall"], "number"), (words["rows"], "number"),
    )  # fmt: skip
    return table(heads, rows)


def _confusion(report: Report, words: Words) -> str:
    blamed: Counter[int] = Counter()
    cells: defaultdict[tuple[int, int], int] = defaultdict(int)
    for one, other, count in report.confusion:
        cells[one, other] = count
        if one != other:
            blamed.update({one: count, other: count})
    if not blamed:
        return section(words["confusion"], f"<p>{words['no_mistakes']}</p>")
    worst = sorted(sorted(blamed), key=lambda number: -blamed[number])[:PICTURED]
    worst.sort()
    matrix = [[cells[one, other] for other in worst] for one in worst]
    picture = heat_map([report.names[one] for one in worst], matrix, title=words["confusion"])
    pairs = [
        f'<div><h3>{name_of(pair.expected)} <span class="arrow">→</span> {name_of(pair.predicted)}'
        f' <small class="note">{words["pair"].format(rows=pair.rows, of=pair.of)}</small></h3>'
        f"{_quotes(pair.examples)}</div>"
        for pair in report.confused
    ]
    note = words["confusion_note"].format(count=len(worst))
    content = f'<div class="scroll">{picture}</div>{_pairs(pairs[:QUOTED])}'
    if len(pairs) > QUOTED:
        more = words["more_pairs"].format(count=len(pairs) - QUOTED)
        content += details(more, _pairs(pairs[QUOTED:]))
    return section(words["confusion"], content, note=note)


def _near_duplicates(report: Report, words: Words) -> str:
    pairs = (
        f'<div><h3>{name_of(pair.one)} <span class="arrow">↔</span> {name_of(pair.other)}'
        f' <small class="note">'
        + words["overlap"].format(
            share=f"{pair.overlap:.0%}", mistakes=pair.mistakes, rows=pair.rows
        )
        + f"</small></h3>{_quotes(pair.examples, named=True)}</div>"
        for pair in report.near_duplicates
    )
    content = _pairs(pairs) if report.near_duplicates else f"<p>{words['none']}</p>"
    return section(words["near_duplicates"], content, note=words["near_duplicates_note"])


def _mislabelled(report: Report, words: Words) -> str:
    rows = [
        f'<tr><td class="said">{said(one.text)}</td>'
        f'<td class="name">{name_of(one.expected)} <small>{one.own:.0%}</small></td>'
        f'<td class="name">{name_of(one.suggested)} <small>{one.other:.0%}</small></td></tr>'
        for one in report.mislabelled
    ]
    if not report.mislabelled:
        return section(words["mislabelled"], f"<p>{words['none']}</p>")
    heads = ((words["example"], ""), (words["labelled"], ""), (words["suggested"], ""))
    note = words["mislabelled_note"].format(
        rows=report.mislabelled_rows, shown=len(report.mislabelled)
    )
    content = table(heads, rows[:PICTURED])
    if len(rows) > PICTURED:
        more = words["more_examples"].format(count=len(rows) - PICTURED)
        content += details(more, table(heads, rows[PICTURED:]))
    return section(words["mislabelled"], content, note=note)


def _certainty(report: Report, words: Words) -> str:
    known = reliability(
        report.reliability, title=words["reliability"], across=words["confidence"],
        up=words["right"],
    )  # fmt: skip
    budget = report.error_budget
    curve = risk_coverage(
        report.risk_coverage, report.marks, title=words["risk"], across=words["coverage"],
        up=words["wrong_share"],
        labels={"answer": words["mark_answer"], "clarify": words["mark_clarify"]},
        budget=None
        if budget is None
        else (budget, words["budget"].format(budget=percent(budget))),
    )  # fmt: skip
    area = report.overall.area_under_risk
    note = words["risk_note"].format(area="–" if area is None else f"{area:.4f}")
    return (
        '<div class="pair">'
        + section(words["reliability"], known, note=words["reliability_note"])
        + section(words["risk"], curve + _rule(report, words), note=note)
        + "</div>"
    )


def _rule(report: Report, words: Words) -> str:
    rule = report.thresholds
    numbers = words["thresholds"].format(
        answer=f"{rule.answer:.3f}", clarify=f"{rule.clarify:.3f}",
        in_scope=_score(rule.in_scope), clarify_in_scope=_score(rule.clarify_in_scope),
    )  # fmt: skip
    promise = ""
    if report.guaranteed is not None:
        promise = words["guaranteed" if report.guaranteed else "estimated"]
    lines = (promise, numbers, rule.rule)
    return details(words["rule"], "".join(f"<p>{words_of(line)}</p>" for line in lines if line))


def _languages(report: Report, words: Words) -> str:
    if len(report.languages) < 2:
        return ""
    rows = (
        f"<tr{_low(one.accuracy)}><td>{escape(one.language or words['unknown'])}</td>"
        f'<td class="wide">{bar(one.accuracy)}</td>'
        f'<td class="number">{with_interval(one.accuracy)}</td>'
        f'<td class="number">{percent(one.answered.value)}</td>'
        f'<td class="number">{one.rows:,}</td></tr>'
        for one in report.languages
    )
    heads = (
        (words["language"], ""), ("", ""), (words["accuracy"], "number"),
        (words["answered"], "number"), (words["rows"], "number"),
    )  # fmt: skip
    return section(words["languages"], table(heads, rows))


def _pairs(pairs: Iterable[str]) -> str:
    return f'<div class="pairs">{"".join(pairs)}</div>'


def _quotes(quotes: Iterable[Quote], *, named: bool = False) -> str:
    items = []
    for one in quotes:
        whose = f"{escape(one.expected)} → " if named else ""
        sure = (
            f"{whose}{escape(one.predicted)} {one.confidence:.0%}"
            if named
            else (f"{one.confidence:.0%}")
        )
        items.append(f"<li>{said(one.text)} <small>{sure}</small></li>")
    return f'<ul class="quotes">{"".join(items)}</ul>'


def _low(share: Share | None) -> str:
    return ' class="low"' if share is not None and share.value < 0.7 else ""


def _score(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 1e6 else "–"


def _moment(text: str) -> str:
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M %Z}".strip()
    except ValueError:
        return text
