"""A session is a fold over events: it replays, stays small and never refuses an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from sangdam.bots.definition import QuickReply
from sangdam.bots.forms import SLOTS_LIMIT
from sangdam.bots.names import NAME_LIMIT
from sangdam.bots.quick_reply import LABEL_LIMIT, SLOT_LIMIT, VALUE_LIMIT
from sangdam.dialogue.events import (
    ClarificationAsked,
    Event,
    FormFinished,
    FormGivenUp,
    FormOpened,
    FormParked,
    FormResumed,
    HandoffEnded,
    HandoffRequested,
    IntentAnswered,
    LanguageSwitched,
    MessageMissed,
    ReleaseChanged,
    ReplyGiven,
    ReplySaid,
    SlotAsked,
    SlotCleared,
    SlotFilled,
    SlotMissed,
    SlotSkipped,
    ThingsListed,
    ValuesDoubted,
    ValuesKept,
    ValuesRejected,
    ValuesShown,
)
from sangdam.dialogue.session import (
    LISTED_BY_KEPT,
    WORDINGS_KEPT,
    OpenForm,
    Session,
    apply,
    finished_as,
    fold,
    offered_kept,
)
from sangdam_adapters import records

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
NEW = Session(
    session_id="s" * 64,
    bot="b" * 64,
    release="20261120-030000-0123abcd",
    language="ko",
    token_hash="f" * 64,
    opened_at=NOON,
    last_at=NOON,
)

SLOTS = [f"{number}".rjust(NAME_LIMIT, "s") for number in range(SLOTS_LIMIT)]
FORMS = [f"{number}".rjust(NAME_LIMIT, "f") for number in range(3)]
INTENTS = [f"{number}".rjust(64, "i") for number in range(60)]
KEYS = [f"intent/{intent}" for intent in INTENTS] + [
    f"form/{form}/{slot}/ask_again" for form in FORMS for slot in SLOTS
]
VALUES = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=SLOT_LIMIT // 4)
slot, form, intent = map(st.sampled_from, (SLOTS, FORMS, INTENTS))

EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(LanguageSwitched, st.sampled_from(["ko", "en"])),
    st.builds(ReleaseChanged, st.just("20261121-030000-0123abcd")),
    st.builds(IntentAnswered, intent),
    st.just(MessageMissed()),
    st.builds(ClarificationAsked, st.tuples(intent, intent)),
    st.builds(FormOpened, form),
    st.builds(SlotAsked, slot),
    st.builds(SlotFilled, slot, VALUES),
    st.builds(SlotMissed, slot),
    st.builds(SlotCleared, slot),
    st.builds(FormFinished, form, st.just("paid"), st.dictionaries(slot, VALUES, max_size=1)),
    st.builds(FormGivenUp, form),
    st.just(FormParked()),
    st.just(FormResumed()),
    st.builds(SlotSkipped, slot),
    st.builds(ValuesDoubted, st.tuples(slot)),
    st.builds(ValuesShown, st.just("0123456789ab")),
    st.just(ValuesRejected()),
    st.builds(ValuesKept, st.dictionaries(slot, VALUES, max_size=9)),
    st.builds(ThingsListed, intent, slot, st.lists(st.tuples(VALUES, VALUES)).map(tuple)),
    st.just(HandoffRequested()),
    st.just(HandoffEnded()),
    st.builds(ReplySaid, st.sampled_from(KEYS), st.integers(0, 9)),
    st.builds(ReplyGiven, st.sampled_from(("0123456789ab", "ba9876543210"))),
)


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=60))
def test_any_events_fold_into_a_session_that_replays(events: list[Event]) -> None:
    session = fold(NEW, events)
    assert fold(NEW, events) == session
    assert fold(fold(NEW, events[:7]), events[7:]) == session


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=60))
def test_a_stored_session_comes_back_the_same(events: list[Event]) -> None:
    session = fold(NEW, events)
    assert records.read_session(records.write(session)) == session


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=60))
def test_a_form_is_open_or_finished_but_never_both(events: list[Event]) -> None:
    session = fold(NEW, events)
    assert session.open_form is None or session.finished_form is None
    assert session.misses >= 0


def test_the_largest_session_that_can_be_is_below_8_kilobytes() -> None:
    largest = "\U0001f600" * (SLOT_LIMIT // 4)  # four bytes each
    button = QuickReply("\U0001f600" * LABEL_LIMIT, "/".ljust(VALUE_LIMIT, "x"))
    events: list[Event] = [ReplySaid(key, 9) for key in KEYS]
    filled: list[Event] = [SlotFilled(name, largest) for name in SLOTS]
    events += [IntentAnswered(INTENTS[0]), ValuesKept(dict.fromkeys(SLOTS, largest))]
    lists = FormFinished(FORMS[0], "found", {"shown": largest[:20]})
    events += [FormOpened(FORMS[0]), *filled[: LISTED_BY_KEPT // (SLOT_LIMIT + NAME_LIMIT)], lists]
    events += [ThingsListed(INTENTS[0], SLOTS[0], ((largest, largest),) * 9)]
    events += [FormOpened(FORMS[0]), *filled, FormParked(), FormOpened(FORMS[1]), *filled]
    events += [SlotMissed(SLOTS[0])] * 10 + [ReplyGiven("0123456789ab")] * 99
    session = replace(fold(NEW, events), offered=offered_kept((button,) * 20))
    assert len(session.wordings) == WORDINGS_KEPT
    assert session.listed is not None
    assert session.listed.by is not None
    assert len(records.write(session).encode()) < 8192


@settings(deadline=None, max_examples=30)
@given(st.lists(EVENTS, max_size=400))
def test_no_conversation_is_too_long_to_stay_small(events: list[Event]) -> None:
    assert len(records.write(fold(NEW, events)).encode()) < 8192


def test_what_listed_things_is_kept_with_them() -> None:
    events: list[Event] = [
        FormOpened("advice"),
        SlotFilled("wish", "가방"),
        FormFinished("advice", "found", {"shown": "tote"}),
        ThingsListed("look", "item", (("tote", "토트백"),)),
        FormOpened("look"),
        FormFinished("look", "in_stock"),
    ]
    session = fold(NEW, events)
    listed = OpenForm("advice", {"wish": "가방"}, remembered={"shown": "tote"})
    assert finished_as(session, "advice") == listed
    assert finished_as(session, "look") == OpenForm("look")
    assert finished_as(session, "other") is None
    assert records.read_session(records.write(session)) == session


def test_a_form_collects_values_and_remembers_what_it_asks_for() -> None:
    session = fold(NEW, [FormOpened("f"), SlotFilled("a", "1"), SlotAsked("b"), SlotMissed("b")])
    assert session.open_form == OpenForm("f", {"a": "1"}, "b", 1)


def test_misses_count_for_the_slot_that_is_asked_for() -> None:
    two = fold(NEW, [FormOpened("f"), SlotAsked("a"), SlotMissed("a"), SlotMissed("a")])
    assert two.open_form == OpenForm("f", {}, "a", 2)
    asked_again = apply(two, SlotAsked("a"))
    assert asked_again.open_form == OpenForm("f", {}, "a", 2)
    next_slot = fold(two, [SlotFilled("a", "1"), SlotAsked("b")])
    assert next_slot.open_form == OpenForm("f", {"a": "1"}, "b", 0)


def test_a_value_that_leads_nowhere_again_and_again_is_counted() -> None:
    session = fold(NEW, [FormOpened("f"), SlotAsked("a")])
    for times in (1, 2, 3):
        session = fold(session, [SlotFilled("a", "1"), SlotCleared("a"), SlotMissed("a")])
        assert session.open_form == OpenForm("f", {}, "a", times)


def test_misses_of_one_slot_are_not_held_against_another() -> None:
    session = fold(NEW, [FormOpened("f"), SlotFilled("a", "1"), SlotAsked("b"), SlotMissed("b")])
    session = fold(session, [SlotFilled("b", "2"), SlotCleared("a"), SlotMissed("a")])
    assert session.open_form == OpenForm("f", {"b": "2"}, "a", 1)


def test_a_finished_form_is_known_until_something_else_is_talked_about() -> None:
    finished = fold(NEW, [FormOpened("f"), SlotFilled("a", "1"), FormFinished("f", "paid")])
    assert finished.finished_form is not None
    assert finished.finished_form.values == {"a": "1"}
    assert apply(finished, IntentAnswered("i")).finished_form is None
    assert apply(finished, MessageMissed()).finished_form is None
    assert apply(finished, FormOpened("g")).finished_form is None


def test_being_asked_which_is_meant_makes_no_miss_undone() -> None:
    session = fold(NEW, [MessageMissed(), ClarificationAsked(("a", "b"))])
    assert session.misses == 1
    assert apply(session, IntentAnswered("a")).misses == 0


def test_a_person_takes_over_everything_and_gives_it_back() -> None:
    session = fold(NEW, [FormOpened("f"), HandoffRequested()])
    assert (session.owner, session.open_form) == ("human", None)
    assert apply(session, HandoffEnded()) == replace(NEW, owner="bot")


def test_events_of_a_form_without_a_form_change_nothing() -> None:
    assert fold(NEW, [SlotAsked("a"), SlotFilled("a", "1"), SlotMissed("a")]) == NEW


def test_the_wordings_of_long_ago_are_forgotten_first() -> None:
    session = fold(NEW, [ReplySaid(f"k{number}", 0) for number in range(WORDINGS_KEPT + 1)])
    assert "k0" not in session.wordings
    again = fold(session, [ReplySaid("k1", 1), ReplySaid("new", 0)])
    assert again.wordings["k1"] == 1
    assert "k2" not in again.wordings
