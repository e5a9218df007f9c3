"""The page of a report: whole, in both languages, harmless whatever customers wrote."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangdam.bots.definition import LANGUAGES, Language
from sangdam.learning.report import Comparison, DataSummary, Report, build_report
from sangdam_adapters.report_labels import WORDS
from sangdam_adapters.report_markup import escape
from sangdam_adapters.report_page import render
from sangdam_adapters.report_words import FINDINGS, findings_in_words
from tests.core.held_out_rows import THRESHOLDS, draw_report, draw_rows, row

VOID = {"meta", "wbr"}
TAGS = {
    "html", "head", "meta", "wbr", "title", "style", "body", "header", "section", "div", "h1",
    "h2", "h3",
    "p", "b", "span", "small", "bdi", "ol", "ul", "li", "dl", "dt", "dd", "table", "thead",
    "tbody", "tr", "th", "td", "details", "summary",
    "svg", "g", "rect", "line", "circle", "polyline", "text",
}  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "&lt;b&gt; &amp; {rows} {0} %s",
    "\x00\x1b[31m\ufffe\ud800 거꾸로 \u202egnp.exe",
    "javascript:alert(1)",
)


class Reader(HTMLParser):
    """Reads a page and insists that tags are balanced and known, attributes free of doing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text: list[str] = []
        self.titles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, f"<{tag}>"
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in ("href", "src", "style", "xlink:href"), name
            assert value is not None, f"{tag} {name}"
        self.titles += tag == "title"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def read(page: bytes) -> str:
    """Return a page's text, every tag of it checked."""
    reader = Reader()
    reader.feed(page.decode())
    reader.close()
    assert reader.open == []
    return " ".join(" ".join(reader.text).split())


def a_report() -> Report:
    return replace(
        draw_report(draw_rows(30, 900, mislabelled=20)), bot="shop",
        release="20261122-033000-1a2b3c4d", created_at="2026-11-22T03:30:00+00:00",
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_every_part_in_its_language(language: Language) -> None:
    page = render(a_report(), language=language)
    text, words = read(page), WORDS[language]
    assert page.startswith(f'<!doctype html>\n<html lang="{language}">'.encode())
    for part in (
        "to_do", "intents", "confusion", "mislabelled", "near_duplicates", "reliability", "risk",
        "rule", "languages", "search", "augmentation", "data", "figures",
    ):  # fmt: skip
        assert words[part] in text, part
    assert "20261122-033000-1a2b3c4d" in text
    assert "2026-11-22 03:30 UTC" in text
    assert THRESHOLDS.rule in text
    assert "vectors x lexical" in text
    assert "환불해 주세요" in text
    assert page.count(b'<svg class="map"') == 1
    assert page.count(b'<svg class="plot"') == 2
    assert page.count(b'class="mark ') == 2


def test_english_pages_have_korean_only_where_customers_wrote_it() -> None:
    rows = [row("a", [("a", 0.9), ("b", 0.1)], text="Where is it?")] * 9
    rows += [row("a", [("b", 0.9), ("a", 0.1)], text="Hello")] * 3
    report = build_report(rows, thresholds=THRESHOLDS, error_budget=0.05)
    assert re.search("[가-힣]", read(render(report, language="en"))) is None


def test_both_languages_say_the_same_with_the_same_values() -> None:
    def fields(text: str) -> list[str]:
        return sorted({name for _, name, _, _ in Formatter().parse(text) if name})

    assert {key: fields(text) for key, text in WORDS["ko"].items()} == {
        key: fields(text) for key, text in WORDS["en"].items()
    }
    for kind, (found, advice) in FINDINGS["ko"].items():
        english, english_advice = FINDINGS["en"][kind]
        assert fields(found) == fields(english), kind
        assert fields(advice) == fields(english_advice), kind


def test_every_finding_has_words() -> None:
    report = a_report()
    assert {one.kind for one in report.findings} <= FINDINGS["ko"].keys()
    for language in LANGUAGES:
        said = findings_in_words(report, language=language)
        assert len(said) == len(report.findings)
        assert all(what and how and "{" not in what + how for what, how in said)


def test_a_page_needs_nothing_from_elsewhere() -> None:
    page = render(a_report(), language="ko").decode()
    assert "default-src 'none'" in page
    for reference in ("http:", "https:", "//", "url(", "@import", "<script", "<link", "src="):
        assert reference not in page, reference


@pytest.mark.parametrize("text", HOSTILE)
def test_what_customers_and_authors_wrote_is_text_wherever_it_stands(text: str) -> None:
    rows = [
        *[row(text, [(text, 0.5), ("b", 0.5)], text=text, language=text)] * 6,
        *[row("b", [(text, 0.5), ("b", 0.5)], text=text)] * 6,
        *[row("c", [("d", 0.9), ("c", 0.1)], text=text)] * 2,
        *[row("c", [("c", 0.9), ("d", 0.1)])] * 12,
        *[row("d", [("d", 0.8), ("c", 0.02)])] * 6,
    ]
    report = build_report(
        rows,
        thresholds=replace(THRESHOLDS, rule=text),
        error_budget=0.05,
        comparisons=[Comparison(text, 0.5, 0.5, note=text)],
        augmentation=[Comparison(text, None, None, note=text)],
        data=DataSummary(rows=3, contradictions=1, contradictory=(text,)),
        figures={text: text},
    )
    assert report.near_duplicates
    assert report.mislabelled
    report = replace(report, bot=text, release=text, created_at=text)
    for language in LANGUAGES:
        page = render(report, language=language)
        assert re.sub("[\x00-\x1f\ud800-\udfff\ufffe]", "\ufffd", text) in read(page)
        assert not re.search(b"[\x00-\x08\x0b-\x1f]", page)


def test_nothing_that_could_end_a_text_or_an_attribute_is_left() -> None:
    assert escape("\"'<>&\x00") == "&quot;&#x27;&lt;&gt;&amp;\ufffd"


@given(st.text(max_size=60))
def test_any_text_at_all_makes_a_sound_page(text: str) -> None:
    rows = [row(text, [("b", 0.6), (text, 0.4)], text=text)] * 2
    read(render(build_report(rows, thresholds=THRESHOLDS), language="ko"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_without_rows_says_so(language: Language) -> None:
    report = build_report([], thresholds=THRESHOLDS, names=["a", "b"])
    assert WORDS[language]["nothing"] in read(render(report, language=language))


def test_a_perfect_bot_has_nothing_to_do() -> None:
    rows = [row(name, [(name, 0.99)]) for name in ("a", "b")] * 20
    text = read(render(build_report(rows, thresholds=THRESHOLDS), language="en"))
    assert WORDS["en"]["to_do_none"] in text
    assert WORDS["en"]["no_mistakes"] in text


def test_rows_that_are_all_out_of_scope_make_a_page() -> None:
    rows = [row("out_of_scope", [("a", 0.3)], in_scope=-9.0)] * 5
    text = read(render(build_report(rows, thresholds=THRESHOLDS), language="en"))
    assert WORDS["en"]["refused"] in text


def test_a_large_bot_has_a_page_of_bounded_size() -> None:
    page = render(draw_report(draw_rows(150, 5000, mislabelled=200)), language="ko")
    assert len(page) < 600_000
    read(page)
