"""From rows to groups and to a valid pack, without files and without an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangdam.bots.definition import LANGUAGES, Language
from sangdam.bots.parse import Pack
from scripts.importing.entry import Reading, read_entries
from scripts.importing.group import Group
from scripts.importing.grouping import group_entries, most_asked
from scripts.importing.headings import find_headings
from scripts.importing.naming import name_groups, titles_of, typical
from scripts.importing.note import Note, write_notes
from scripts.importing.pack import draft_pack, owners_of, spoken_languages
from scripts.importing.sheet import Row, Sheet
from scripts.importing.starter import KINDS, Starter, read_starter
from scripts.importing.writing import check_files, files_of

Cells = Sequence[Sequence[str]]


def reading(*rows: Sequence[str]) -> Reading:
    sheet = Sheet("x", tuple(Row(n, tuple(row)) for n, row in enumerate(rows, start=1) if any(row)))
    return read_entries(*find_headings([sheet], where="x"))


def grouped(*rows: Sequence[str]) -> tuple[tuple[Group, ...], tuple[Note, ...]]:
    read = reading(*rows)
    groups, notes = group_entries(read.entries, None)
    return groups, (*read.notes, *notes)


@cache
def starter(language: Language) -> Starter:
    return read_starter(language)


def pack_of(*rows: Sequence[str]) -> tuple[Pack, dict[str, str], tuple[Note, ...]]:
    groups, notes = grouped(*rows)
    starters = [starter(language) for language in spoken_languages(groups)]
    owners = owners_of(groups, starters)
    rest = iter(
        name_groups(
            [group for place, group in enumerate(groups) if place not in owners],
            taken=KINDS, encode=None,
        )
    )  # fmt: skip
    names = [owners[place] if place in owners else next(rest) for place in range(len(groups))]
    draft = draft_pack("faq", "행복 {상점}", groups, names, starters=starters)
    files = files_of(draft, source="faq.csv")
    return check_files("faq", files), files, (*notes, *draft.notes)


HEAD = ("질문", "답변")


def test_questions_that_share_an_answer_become_one_intent() -> None:
    groups, notes = grouped(HEAD, ("배송비?", "3천원"), ("환불?", "7일"), ("택배비?", "3천원!"))
    assert [group.questions() for group in groups] == [("배송비?", "택배비?"), ("환불?",)]
    assert notes == ()


def test_a_named_intent_keeps_its_rows_together_whatever_they_answer() -> None:
    groups, _ = grouped(
        (*HEAD, "의도"), ("배송비?", "3천원", "fee"), ("택배비?", "삼천원이에요", "Fee"),
        ("반품비?", "3천원", "return fee"), ("운송비?", "삼천원이에요", ""),
    )  # fmt: skip
    assert [(group.label, len(group.entries)) for group in groups] == [
        ("fee", 3),
        ("return fee", 1),
    ]


def test_topics_name_intents_only_where_a_topic_has_one_answer() -> None:
    few = reading(("분류", *HEAD), ("배송", "가?", "1"), ("배송", "나?", "1"), ("환불", "다?", "2"))
    assert {entry.label for entry in few.entries} == {"배송", "환불"}
    many = reading(
        ("분류", *HEAD), ("배송", "가?", "1"), ("배송", "나?", "2"), ("환불", "다?", "3"),
        ("환불", "라?", "4"),
    )  # fmt: skip
    assert {entry.label for entry in many.entries} == {""}


def test_exact_duplicates_are_dropped_and_named() -> None:
    groups, notes = grouped(HEAD, ("배송비?", "3천원"), ("배송비 ?", "3천원 "), ("환불?", "7일"))
    assert groups[0].questions() == ("배송비?",)
    assert [(note.row, note.kind, note.why) for note in notes] == [
        (3, "duplicate", "says the same as row 2")
    ]


def test_the_same_question_with_other_answers_stays_with_the_answer_of_most_rows() -> None:
    groups, notes = grouped(
        HEAD, ("배송비?", "5천원"), ("배송비", "3천원"), ("배송비!", "3천원이요"),
        ("배송비 ", "3천원"),
    )  # fmt: skip
    assert [group.answers() for group in groups] == [("5천원",)]
    assert {note.kind for note in notes} == {"contradiction", "duplicate"}
    contradiction = next(note for note in notes if note.kind == "contradiction")
    assert "row 2 answers the same question otherwise" in contradiction.why
    assert "3천원" in contradiction.text


def test_an_empty_answer_continues_the_one_above_but_not_over_a_gap() -> None:
    read = reading(
        HEAD, ("배송비?", "3천원"), ("택배비?", ""), ("", ""), ("환불?", ""), ("교환?", "-")
    )
    assert [(entry.question, entry.answer) for entry in read.entries] == [
        ("배송비?", "3천원"),
        ("택배비?", "3천원"),
    ]
    assert [(note.row, note.kind) for note in read.notes] == [
        (3, "doubt"),
        (5, "unusable"),
        (6, "unusable"),
    ]


def test_unusable_rows_say_why_and_what_to_do() -> None:
    read = reading(
        HEAD, ("", "답만 있어요"), ("=A1+1", "답"), ("질문?", '=HYPERLINK("x")'),
        ("질문?", "#REF!"),
        ("가" * 301, "답"), ("질문", "답변"), ("👍🏻\u200b", "답"), ("!", "답"),
    )  # fmt: skip
    assert [(note.row, note.why) for note in read.notes if note.why != "has no answer"] == [
        (2, "has no question"),
        (3, "its question is a formula"),
        (4, "its answer is a formula"),
        (5, "its answer is a formula that failed"),
        (6, "its question has 301 characters; the limit is 300"),
    ]
    assert all(note.way_out for note in read.notes)
    assert [entry.question for entry in read.entries] == ["👍🏻", "!"]


def test_two_languages_in_columns_of_their_own_are_one_intent_each() -> None:
    pack, files, notes = pack_of(
        ("질문(한글)", "Question", "답변(한글)", "Answer"),
        ("배송비가 얼마예요?", "How much is shipping?", "3천원이에요.", "It is 3,000 won."),
        ("어디에 있어요?", "Where are you?", "서울이에요.", "In Seoul."),
    )
    assert pack.bot.languages == ("ko", "en")
    assert set(files) == {"bot.yaml", *(f"{kind}{one}.yaml" for kind in ("", "examples.")
                                        for one in ("ko", "en"))}  # fmt: skip
    name = "shipping"
    assert pack.bot.scripts["ko"].replies[f"intent/{name}"].variants == ("3천원이에요.",)
    assert pack.bot.scripts["en"].replies[f"intent/{name}"].variants == ("It is 3,000 won.",)
    assert pack.bot.title(name, "ko") == "배송비가 얼마예요?"
    assert notes == ()


def test_a_few_english_questions_do_not_make_a_korean_bot_speak_english() -> None:
    rows = [(f"{letter}는 뭐예요?", f"{letter}예요 {n}") for n, letter in enumerate("가나다라마바")]
    pack, files, _ = pack_of(HEAD, *rows, ("VIP membership?", "가예요 0"))
    assert pack.bot.languages == ("ko",)
    assert "examples.en.yaml" not in files
    assert "VIP membership?" in files["examples.ko.yaml"]


def test_an_english_answer_may_explain_korean_terms() -> None:
    read = reading(("Q", "A"), ("receipt?", "A cash receipt (현금영수증) is in My page."))
    assert read.entries[0].answered_in == "en"


def test_an_answer_without_words_is_in_the_language_of_its_question() -> None:
    read = reading(("Q", "A"), ("주소?", "https://example.com/a?b=1"), ("phone?", "010-1234-5678"))
    assert [entry.answered_in for entry in read.entries] == ["ko", "en"]


def test_braces_markup_and_links_become_text_that_is_said_as_it_stands() -> None:
    pack, _, _ = pack_of(
        HEAD,
        (
            "[배송] 언제 와요?",
            "<p>{오늘}</p><p><a href='https://a.example/b'>여기</a> &amp; 저기</p>",
        ),
        ("가격](x)?", "{0!r} {"),
    )
    replies = [
        reply.variants[0].format_map({})
        for key, reply in pack.bot.scripts["ko"].replies.items() if key.startswith("intent/faq")
    ]  # fmt: skip
    assert replies == ["{오늘}\n여기 (https://a.example/b) & 저기", "{0!r} {"]
    assert [one.text for one in pack.examples if one.intent == "faq_2"] == ["(배송) 언제 와요?"]


def test_an_answer_that_is_too_long_is_cut_after_a_sentence_and_leads_to_a_person() -> None:
    answer = "{문장} 하나를 더 적어요. " * 200
    pack, _, notes = pack_of(HEAD, ("긴 답?", answer), ("짧은 답?", "네"))
    reply = pack.bot.scripts["ko"].replies["intent/faq_2"]
    assert len(reply.variants[0]) <= 2000
    assert "적어요.\n내용이 길어" in reply.variants[0]
    assert [button.value for button in reply.quick_replies] == ["/human_agent"]
    assert [(note.row, note.kind) for note in notes] == [(2, "doubt")]


def test_wordings_of_one_intent_with_different_figures_are_doubted() -> None:
    _, _, notes = pack_of(
        (*HEAD, "intent"), ("배송비?", "3,000원이에요", "fee"), ("택배비?", "5,000원이에요", "fee"),
        ("환불?", "7일", "refund"),
    )  # fmt: skip
    assert [(note.row, note.kind) for note in notes] == [(3, "contradiction")]


def test_the_sheets_own_greeting_takes_the_place_of_ours() -> None:
    pack, _, _ = pack_of(HEAD, ("안녕하세요", "어서 오세요, 꽃집이에요!"), ("환불?", "7일"))
    assert pack.bot.scripts["ko"].replies["intent/greeting"].variants == (
        "어서 오세요, 꽃집이에요!",
    )
    assert len([one for one in pack.examples if one.intent == "greeting"]) > 5


def test_a_person_is_handed_over_to_even_if_the_sheet_has_an_answer_for_it() -> None:
    pack, _, notes = pack_of((*HEAD, "의도"), ("사람이요", "잠시만요", "human_agent"),
                             ("환불?", "7일", "환불"))  # fmt: skip
    assert pack.bot.intents["human_agent"].kind == "handoff"
    assert any("system.handoff" in note.way_out for note in notes)


def test_the_sheets_own_questions_are_answered_without_a_model() -> None:
    pack, _, _ = pack_of(HEAD, ("배송비?", "3천원"), ("그만하기", "네"))
    phrases = pack.bot.scripts["ko"].phrases
    assert phrases["intent/faq_2"] == ("배송비?",)
    assert "그만하기" not in phrases["cancel"]


def test_names_are_the_sheets_in_latin_letters_then_english_words_then_the_row() -> None:
    groups, _ = grouped(
        (*HEAD, "의도"), ("가?", "1", "Delivery Fee"), ("나?", "2", "orderStatus"),
        ("다?", "3", "배송"),
        ("How do I return my shoes?", "yes", "돌려주기"), ("라?", "5", "delivery-fee!"),
        ("마?", "6", "2nd"), ("바?", "7", "cancel"),
    )  # fmt: skip
    assert name_groups(groups, taken=(), encode=None) == (
        "delivery_fee", "order_status", "faq_4", "return_shoes", "delivery_fee_2", "faq_2nd",
        "cancel_2",
    )  # fmt: skip


def test_titles_are_short_unique_and_in_the_language() -> None:
    groups, _ = grouped(
        (*HEAD, "의도"), ("아주 긴 질문 " * 20, "1", ""), ("아주 긴 질문 " * 21, "2", ""),
        ("배송비 얼마예요?", "3", "delivery_fee"), ("나?", "4", "반품 안내"),
    )  # fmt: skip
    titles = titles_of(groups, "ko", taken=("반품 안내",))
    assert all(len(title) <= 40 for title in titles)
    assert len(set(titles)) == 4
    assert titles[2:] == ("배송비 얼마예요?", "반품 안내 (2)")
    assert titles_of(groups[2:3], "en", taken=()) == ("Delivery fee",)


def test_the_most_typical_question_is_the_title() -> None:
    questions = ["얼마?", "배송비 얼마예요?", "배송비가 얼마인가요", "무료로 보내 주시나요?"]
    assert typical(questions).startswith("배송비")


def test_of_too_many_intents_those_asked_most_are_kept() -> None:
    groups, _ = grouped(HEAD, ("가?", "1"), ("나?", "2"), ("다?", "2"), ("라?", "3"))
    kept, notes = most_asked(groups, 2)
    assert [group.row for group in kept] == [2, 3]
    assert [(note.row, note.kind) for note in notes] == [(5, "left out")]


class _Twins:
    """Finds alike what begins with the same letter."""

    def alike(self, groups: Sequence[Group]) -> list[tuple[int, int]]:
        first: dict[str, int] = {}
        found = []
        for place, group in enumerate(groups):
            twin = first.setdefault(group.questions()[0][0], place)
            if twin != place:
                found.append((place, twin))
        return found

    def translations(
        self, groups: Sequence[Group], others: Sequence[Group]
    ) -> list[tuple[int, int]]:
        return [(0, 0)]


def test_what_means_the_same_is_joined_within_and_across_languages() -> None:
    read = reading(
        HEAD, ("배송비?", "3천원"), ("배송료?", "삼천원"), ("환불?", "7일"),
        ("Fee?", "three thousand"),
    )  # fmt: skip
    groups, notes = group_entries(read.entries, _Twins())
    assert [group.questions() for group in groups] == [("배송비?", "배송료?", "Fee?"), ("환불?",)]
    assert [(note.row, note.kind) for note in notes] == [(3, "doubt")]


def test_the_report_cannot_run_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "report.csv"
    write_notes([Note(3, "unusable", "its question is a formula", "x", "=1+1"),
                 Note(2, "doubt", "why", "how", "@SUM(A1)")], path)  # fmt: skip
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[1:] == [
        "3,unusable,its question is a formula,x,'=1+1",
        "2,doubt,why,how,'@SUM(A1)",
    ]


CELL = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="{}[]()-#:'\"=&<>| \n\r\t\x00\x85\u2028\ufeff\ud7ffㅋ가aA1!@%*", max_size=20),
    st.sampled_from(
        ["안녕하세요", "hello", "human_agent", "취소할래요", "out_of_scope", "no", "1"]
    ),
)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_whatever_stands_in_the_cells_the_pack_is_valid(rows: list[tuple[str, str, str]]) -> None:
    if not reading(("Q", "A", "intent"), *rows).entries:
        return
    pack, _, _ = pack_of(("Q", "A", "intent"), *rows)
    assert set(KINDS) <= set(pack.bot.intents)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_brought_along_is_told_from_the_others(language: Language) -> None:
    words = starter(language)
    texts = [text for name in KINDS for text in words.examples(name)] + [*words.out_of_scope]
    assert len(texts) == len(set(texts))
    assert len(words.out_of_scope) >= 30
    assert all(len(words.examples(name)) >= 10 for name in KINDS)
