"""A bot pack becomes a bot, or a list of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from sangdam.bots.definition import Example, Intent, QuickReply, Slot
from sangdam.bots.parse import parse_pack
from sangdam.bots.reading import PackError
from tests.core.corner_shop import NAME, Files, files

GONE = object()


def spoil(*changes: tuple[str, object]) -> Files:
    """Return the corner shop's files with values replaced at ``file/key/key`` (or taken out)."""
    spoilt = files()
    for path, value in changes:
        *folders, last = path.split("/")
        place: Any = spoilt
        for key in folders:
            place = place[int(key)] if isinstance(place, list) else place[key]
        if value is GONE:
            del place[int(last) if isinstance(place, list) else last]
        elif isinstance(place, list):
            place[int(last)] = value
        else:
            place[last] = value
    return spoilt


def mistakes_of(spoilt: Files) -> list[str]:
    with pytest.raises(PackError) as refused:
        parse_pack(NAME, spoilt)
    return [str(mistake) for mistake in refused.value.mistakes]


def test_a_good_pack_is_a_bot() -> None:
    pack = parse_pack(NAME, files())
    bot = pack.bot
    assert (bot.name, bot.languages, bot.goal) == (NAME, ("ko", "en"), ("answer", "orders"))
    assert bot.intents["order_status"] == Intent(
        "order_status", "form", "order_status", {"ko": "주문 조회", "en": "Track an order"}
    )
    assert bot.forms["return_status"].slots == (
        Slot("phone", "phone"),
        Slot("order_number", "order_number"),
    )
    assert bot.policy.error_budget == 0.1
    assert bot.scripts["ko"].bot_name == "모퉁이상점"
    assert bot.scripts["ko"].phrases["intent/delivery_fee"] == ("배송비",)


def test_an_annotated_example_is_read_as_plain_text() -> None:
    pack = parse_pack(NAME, files())
    assert Example("20261118-0001 언제쯤", "order_status", "ko") in pack.examples


def test_a_button_named_by_its_intent_shows_the_intents_title() -> None:
    bot = parse_pack(NAME, files()).bot
    korean = bot.scripts["ko"].replies["intent/delivery_fee"]
    assert korean.quick_replies == (QuickReply("주문 조회", "/order_status"),)
    english = bot.scripts["en"].replies["intent/delivery_fee"]
    assert english.quick_replies == (QuickReply("Where is it?", "/order_status"),)


def test_conversations_are_read_with_what_they_expect() -> None:
    first, second = parse_pack(NAME, files()).conversations
    assert (first.language, second.language) == ("ko", "en")
    assert first.steps[0].expect.replies == ("intent/delivery_fee",)
    assert first.steps[1].press == "주문 조회"
    assert second.steps[1].expect.replies == ()


def test_a_pack_may_leave_out_conversations_phrases_and_policy() -> None:
    spoilt = spoil(
        ("conversations.ko.yaml", GONE),
        ("conversations.en.yaml", GONE),
        ("ko.yaml/phrases", GONE),
        ("en.yaml/phrases", GONE),
        ("bot.yaml/policy", GONE),
        ("bot.yaml/time_zone", GONE),
    )
    pack = parse_pack(NAME, spoilt)
    assert pack.conversations == ()
    assert pack.bot.policy.error_budget == 0.05


def test_a_pack_in_one_language_is_a_bot() -> None:
    spoilt = spoil(
        ("bot.yaml/languages", ["ko"]),
        ("en.yaml", GONE),
        ("examples.en.yaml", GONE),
        ("conversations.en.yaml", GONE),
    )
    assert tuple(parse_pack(NAME, spoilt).bot.scripts) == ("ko",)


def test_a_text_in_a_yaml_number_is_a_text() -> None:
    spoilt = spoil(("ko.yaml/intents/refund_when/reply", 1588))
    assert parse_pack(NAME, spoilt).bot.scripts["ko"].replies["intent/refund_when"].variants == (
        "1588",
    )


Change = tuple[str, object]

BAD: Sequence[tuple[Sequence[Change], Sequence[str]]] = (
    # bot.yaml
    ([("bot.yaml", GONE)], ["corner/bot.yaml: is missing; every pack has one"]),
    ([("bot.yaml/format", 2)], ["corner/bot.yaml: format: is 2; this version reads format: 1"]),
    ([("bot.yaml/format", True)], ["corner/bot.yaml: format: is True;"]),
    ([("bot.yaml/bot", "shop")], ["corner/bot.yaml: bot: is 'shop', but the folder is called"]),
    ([("bot.yaml/goal", [])], ["corner/bot.yaml: goal: is empty; say what the bot is for"]),
    ([("bot.yaml/goal", ["sell"])], ["corner/bot.yaml: goal[0]: is 'sell'; it must be one of"]),
    (
        [("bot.yaml/profile", "quick")],
        ["corner/bot.yaml: profile: is 'quick'; it must be one of fast, accurate"],
    ),
    ([("bot.yaml/goal", "answer")], ["corner/bot.yaml: goal: must be a list, not a text", "goal:"]),
    ([("bot.yaml/colour", 1)], ["corner/bot.yaml: colour: is not known here; known: format,"]),
    ([("bot.yaml/policy/error_budget", 2)], ["bot.yaml: policy.error_budget: is 2; it must lie"]),
    (
        [("bot.yaml/policy/error_budget", float("nan"))],
        ["bot.yaml: policy.error_budget: is nan; it must lie between 0.001 and 0.5"],
    ),
    ([("bot.yaml/policy/clarify_choices", "3")], ["policy.clarify_choices: must be a number, not"]),
    (
        [("bot.yaml/policy/clarify_choices", 2.5)],
        ["policy.clarify_choices: is 2.5; it must be a whole number"],
    ),
    ([("bot.yaml/policy/budget", 1)], ["bot.yaml: policy.budget: is not known here"]),
    (
        [("bot.yaml/intents/Refund", {}), ("ko.yaml/intents/Refund", {"title": "a", "reply": "b"})],
        [
            "bot.yaml: intents.Refund: an intent's name is lower-case letters, digits and _",
            "en.yaml: intents.Refund.title: is missing",
            "en.yaml: intents.Refund.reply: is missing (it answers intent 'Refund')",
            "bot.yaml: intents.Refund: intent 'Refund' has no examples",
        ],
    ),
    ([("bot.yaml/intents/thanks/kind", "chat")], ["bot.yaml: intents.thanks.kind: is 'chat'; it"]),
    ([("bot.yaml/intents/thanks/from", 1)], ["bot.yaml: intents.thanks.from: is not known here"]),
    (
        [("bot.yaml/intents/order_status", {"form": "lookup"})],
        [
            "bot.yaml: intents.order_status.form: form 'lookup' is not defined under forms (order_",
            "bot.yaml: forms.order_status: no intent leads here; add 'form: order_status' to one",
        ],
    ),
    (
        [("bot.yaml/intents/order_status", {"form": ["order_status"]})],
        ["bot.yaml: intents.order_status.form: must be a text, not a list", "forms.order_status"],
    ),
    (
        [("bot.yaml/intents/order_status", {"kind": "form"})],
        ["intents.order_status.form: is missing; an intent of kind form opens one", "no intent"],
    ),
    (
        [("bot.yaml/intents/order_status", {"form": "order_status", "kind": "handoff"})],
        ["intents.order_status.kind: is 'handoff', but the intent opens form 'order_status'"],
    ),
    ([("bot.yaml/entities/phone/type", "colour")], ["bot.yaml: entities.phone.type: is 'colour';"]),
    (
        [("bot.yaml/entities/phone/patterns/0", "(010")],
        ["bot.yaml: entities.phone.patterns[0]: is no regular expression: missing )"],
    ),
    (
        [("bot.yaml/entities/phone/patterns/0", "a{99999999999}()()()")],
        ["bot.yaml: entities.phone.patterns[0]: is no regular expression"],
    ),
    (
        [("bot.yaml/entities/phone/patterns/0", "(0*)(1*)(2*)")],
        ["bot.yaml: entities.phone.patterns[0]: matches an empty text"],
    ),
    (
        [("bot.yaml/entities/phone/value", "{1}{4}")],
        ["bot.yaml: entities.phone.value: '{1}{4}' asks for more groups than entities.phone.pat"],
    ),
    (
        [("bot.yaml/entities/Order Nr", {"type": "pattern", "patterns": ["x+"]})],
        ["bot.yaml: entities.Order Nr: an entity's name is lower-case letters, digits and _"],
    ),
    (
        [(f"bot.yaml/entities/{'e' * 33}", {"type": "pattern", "patterns": ["x+"]})],
        ["an entity's name is lower-case letters, digits and _, at most 32 in all"],
    ),
    (
        [("bot.yaml/forms/order_status/slots/order_number/entity", "number")],
        ["forms.order_status.slots.order_number.entity: 'number' is not defined under entities ("],
    ),
    (
        [("bot.yaml/forms/order_status/slots/order_number/ask", "?")],
        ["bot.yaml: forms.order_status.slots.order_number.ask: is not known here; known: entity"],
    ),
    (
        [("bot.yaml/forms/order_status/action", "orders.guess")],
        ["bot.yaml: forms.order_status.action: is 'orders.guess'; it must be one of orders.status"],
    ),
    ([("bot.yaml/forms/order_status/attempts", 0)], ["forms.order_status.attempts: is 0; it must"]),
    (
        [("bot.yaml/forms/order_status/slots", {"mobile": {"entity": "phone"}})],
        [
            "forms.order_status.slots: slot 'order_number' is missing; orders.status needs it",
            "forms.order_status.slots.mobile: means nothing to orders.status; say what it is for",
            "ko.yaml: forms.order_status.slots.order_number: is not known here; known: mobile",
            "ko.yaml: forms.order_status.slots.mobile.ask: is missing (used by form 'order_status'",
            "ko.yaml: forms.order_status.slots.mobile.ask_again: is missing",
            "en.yaml: forms.order_status.slots.order_number: is not known here",
            "en.yaml: forms.order_status.slots.mobile.ask: is missing",
            "en.yaml: forms.order_status.slots.mobile.ask_again: is missing",
            "turn 2: reply 'form/order_status/order_number/ask' does not exist in the pack",
        ],
    ),
    (
        [
            (
                "bot.yaml/forms/order_status/slots",
                {
                    **{f"number_{place}": {"entity": "order_number"} for place in range(10)},
                    "order_number": {"entity": "order_number"},
                },
            )
        ],
        ["bot.yaml: forms.order_status.slots: has 11 slots; a form asks for 1 to 10", "number_"],
    ),
    # the words
    (
        [("bot.yaml/languages", [])],
        ["corner/bot.yaml: languages: is empty; list one or more of ko, en"],
    ),
    (
        [("bot.yaml/languages", ["ko", "en", "jp"])],
        ["corner/bot.yaml: languages[2]: is 'jp'; it must be one of ko, en"],
    ),
    ([("en.yaml", GONE)], ["corner/en.yaml: is missing; bot.yaml lists 'en' under languages"]),
    (
        [("bot.yaml/languages", ["ko"])],
        [
            "corner/en.yaml: bot.yaml does not list 'en' under languages",
            "corner/examples.en.yaml: bot.yaml does not list 'en'",
            "corner/conversations.en.yaml: bot.yaml does not list 'en'",
        ],
    ),
    ([("ko.yaml/language", "en")], ["ko.yaml: language: must be 'ko', as the file's name says"]),
    ([("ko.yaml/name", GONE)], ["ko.yaml: name: must be a text, not empty"]),
    ([("ko.yaml/system/welcome", GONE)], ["ko.yaml: system.welcome: is missing (every bot needs"]),
    ([("ko.yaml/system/hello", "x")], ["ko.yaml: system.hello: is not known here; known: welcome"]),
    ([("ko.yaml/system/resume", [])], ["ko.yaml: system.resume: is an empty list: give at least"]),
    ([("ko.yaml/system/resume", [" "])], ["ko.yaml: system.resume[0]: is an empty text"]),
    ([("ko.yaml/system/resume", True)], ["ko.yaml: system.resume: must be a text, not true/false"]),
    (
        [("ko.yaml/system/resume", date(2026, 1, 1))],
        ["ko.yaml: system.resume: must be a text, not a date"],
    ),
    (
        [("ko.yaml/system/resume", ["이어서", "이어서"])],
        ["ko.yaml: system.resume: '이어서' stands there twice; give different wordings"],
    ),
    (
        [("ko.yaml/system/resume", "가" * 2001)],
        ["ko.yaml: system.resume: has 2001 characters; the"],
    ),
    (
        [("ko.yaml/system/resume", "a\ud800b")],
        ["ko.yaml: system.resume: holds half a character (\\ud800)"],
    ),
    (
        [("ko.yaml/system/cancel", ["그만", "그만하기"])],
        ["ko.yaml: system.cancel: is the label of a button: one text, nothing else"],
    ),
    (
        [("ko.yaml/system/cancel", "가" * 41)],
        ["ko.yaml: system.cancel: has 41 characters; the limit is 40"],
    ),
    (
        [("ko.yaml/intents/thanks/title", "가" * 41)],
        ["ko.yaml: intents.thanks.title: has 41 characters; the limit is 40"],
    ),
    (
        [("ko.yaml/system/welcome/quick_replies", [{"label": "가" * 41, "value": "/thanks"}])],
        ["ko.yaml: system.welcome.quick_replies[0].label: has 41 characters; the limit is 40"],
    ),
    ([("ko.yaml/system/resume", "{a")], ["ko.yaml: system.resume: has a lone brace (expected '}'"]),
    ([("ko.yaml/system/resume", "}")], ["ko.yaml: system.resume: has a lone brace"]),
    (
        [("ko.yaml/intents/refund_when/reply", "{order_number}일")],
        ["ko.yaml: intents.refund_when.reply: '{order_number}' is not known; fields: none here"],
    ),
    (
        [("ko.yaml/forms/order_status/outcomes/paid", "{courier}")],
        ["forms.order_status.outcomes.paid: '{courier}' is not known; fields: order_number, items"],
    ),
    (
        [("ko.yaml/forms/order_status/outcomes/paid", "{items:>9}")],
        ["ko.yaml: forms.order_status.outcomes.paid: '{items}' must stand alone in its braces"],
    ),
    (
        [("ko.yaml/forms/order_status/outcomes/paid", "{items!r}")],
        ["ko.yaml: forms.order_status.outcomes.paid: '{items}' must stand alone in its braces"],
    ),
    ([("ko.yaml/intents/thanks/title", GONE)], ["ko.yaml: intents.thanks.title: is missing; butt"]),
    (
        [("ko.yaml/intents/thanks/title", ["감사"])],
        ["ko.yaml: intents.thanks.title: must be a text"],
    ),
    (
        [("ko.yaml/intents/thanks/title", "배송비")],
        ["ko.yaml: intents.delivery_fee.title: '배송비' is also the title of 'thanks'"],
    ),
    (
        [("ko.yaml/intents/human_agent/reply", "네")],
        ["ko.yaml: intents.human_agent.reply: is never said: 'human_agent' is a handoff"],
    ),
    ([("ko.yaml/intents/thank", {"title": "a"})], ["ko.yaml: intents.thank: is not known here"]),
    (
        [("ko.yaml/forms/order_status/outcomes/lost", "x")],
        ["ko.yaml: forms.order_status.outcomes.lost: is not known here; known: not_found, paid"],
    ),
    (
        [("ko.yaml/forms/order_status/outcomes/not_found", GONE)],
        ["forms.order_status.outcomes.not_found: is missing (orders.status can come to it)"],
    ),
    # buttons
    (
        [("ko.yaml/system/welcome/quick_replies", ["refunds"])],
        ["ko.yaml: system.welcome.quick_replies[0]: 'refunds' is no intent of bot.yaml"],
    ),
    (
        [("ko.yaml/system/welcome/quick_replies", [{"label": "환불", "value": "refund_when"}])],
        ["system.welcome.quick_replies[0].value: is 'refund_when'; it must look like /intent"],
    ),
    (
        [("ko.yaml/system/welcome/quick_replies", [{"value": "/refund_when"}])],
        ["ko.yaml: system.welcome.quick_replies[0].label: must be a text, not empty"],
    ),
    (
        [("ko.yaml/system/welcome/quick_replies", [{"label": "a", "value": "/thanks{x"}])],
        ["system.welcome.quick_replies[0].value: is '/thanks{x'; it must look like /intent or"],
    ),
    (
        [
            (
                "ko.yaml/system/welcome/quick_replies",
                [{"label": "a", "value": '/order_status{"order": "20261118-0001"}'}],
            )
        ],
        ["fills slot 'order', which its intent does not ask for (it asks for order_number)"],
    ),
    (
        [
            (
                "ko.yaml/system/welcome/quick_replies",
                [{"label": "a", "value": '/order_status{"order_number": "1"}'}],
            )
        ],
        ["fills slot 'order_number' with '1', which does not look like a order_number"],
    ),
    (
        [("ko.yaml/system/welcome/quick_replies", [{"label": "a", "value": "/refunds"}])],
        ["system.welcome.quick_replies[0].value: '/refunds' leads to no intent of bot.yaml"],
    ),
    (
        [
            (
                "ko.yaml/system/welcome/quick_replies",
                [{"label": "a", "value": '/cancel{"order_number": "20261118-0001"}'}],
            )
        ],
        ["fills slots, which a button of the system has not"],
    ),
    (
        [("ko.yaml/system/welcome/quick_replies", ["cancel"])],
        ["system.welcome.quick_replies[0]: 'cancel' needs a label: write label and value"],
    ),
    # phrases
    (
        [("ko.yaml/phrases/cancel", ["취소", "배송비!"])],
        ["ko.yaml: phrases.intents.delivery_fee: '배송비' stands also under 'cancel'; keep it in"],
    ),
    (
        [("ko.yaml/phrases/intents/thanks", ["배송 비"])],
        ["ko.yaml: phrases.intents.thanks: '배송 비' stands also under 'delivery_fee'; keep it in"],
    ),
    (
        [("ko.yaml/phrases/intents/thanks", ["환불 며칠?"])],
        ["ko.yaml: phrases.intents.thanks: '환불 며칠?' is an example of 'refund_when' (ex"],
    ),
    ([("ko.yaml/phrases/intents/nope", "x")], ["phrases.intents.nope: intent 'nope' is not defin"]),
    ([("ko.yaml/phrases/cancel", ["?!"])], ["ko.yaml: phrases.cancel: '?!' has neither letters"]),
    # examples
    (
        [("examples.ko.yaml/nlu/6/examples", "- 배송비 얼마예요\n")],
        [
            "corner/examples.ko.yaml: nlu[6].examples line 1 (refund_when): '배송비 얼마예요' "
            "stands also under 'delivery_fee' (nlu[5].examples line 1); keep it in one of them"
        ],
    ),
    (
        [("examples.ko.yaml/nlu/6/examples", "- 배송비얼마예요?")],
        ["stands also under 'delivery_fee'"],
    ),
    (
        [("examples.ko.yaml/nlu/6/examples", "- ＳＨＩＰＰＩＮＧ price")],
        ["nlu[5].examples line 1 (delivery_fee): 'shipping price' stands also under 'refund_when'"],
    ),
    (
        [("examples.ko.yaml/nlu/6/examples", "- [내일](date) 환불")],
        ["examples.ko.yaml: nlu[6].examples line 1 (refund_when): entity 'date' is not defined in"],
    ),
    (
        [("examples.ko.yaml/nlu/6/examples", "- [내일](order_number) 환불")],
        ["nlu[6].examples line 1 (refund_when): '내일' does not look like a order_number"],
    ),
    (
        [("examples.ko.yaml/nlu/6/examples", "- [내일](order_number 환불")],
        ["nlu[6].examples line 1 (refund_when): has a lone bracket; mark values as [value](entity"],
    ),
    (
        [("examples.ko.yaml/nlu/6/examples", "환불")],
        ["nlu[6].examples line 1 (refund_when): '환불' must begin with '- '"],
    ),
    (
        [("examples.ko.yaml/nlu/6/intent", "refunds")],
        ["examples.ko.yaml: nlu[6].intent: intent 'refunds' is not defined in bot.yaml"],
    ),
    (
        [("examples.ko.yaml/nlu/6", {}), ("examples.en.yaml/nlu/6", GONE)],
        [
            "examples.ko.yaml: nlu[6].intent: must be a text, not empty",
            "examples.ko.yaml: nlu[6].examples (): must be a text, not empty",
            "bot.yaml: intents.refund_when: intent 'refund_when' has no examples; add some to exam",
        ],
    ),
    (
        [("examples.ko.yaml/nlu/6/examples", "- 환불\n\n- \n")],
        ["nlu[6].examples line 3 (refund_when): '-' must begin with '- '"],
    ),
    (
        [("examples.ko.yaml/nlu/6/examples", "- 환불 며칠\n- 입금\n- 환불 며칠 \n")],
        ["nlu[6].examples line 3 (refund_when): '환불 며칠' stands there already (nlu[6].examples"],
    ),
    # conversations
    (
        [
            (
                "conversations.ko.yaml/conversations",
                [{"name": "a", "turns": [{"user": "x"}]}, {"name": "a", "turns": [{"user": "x"}]}],
            )
        ],
        ["conversations.ko.yaml: conversations[1].name: 'a' is already taken; names tell fail"],
    ),
    (
        [("conversations.ko.yaml/language", "en")],
        ["conversations.ko.yaml: language: must be 'ko', as the file's name says"],
    ),
    ([("conversations.ko.yaml/format", 2)], ["conversations.ko.yaml: format: is 2; this version"]),
    (
        [("conversations.ko.yaml/conversations/0/turns", [])],
        ["conversations[0].turns: is empty; a conversation has at least one message"],
    ),
    (
        [("conversations.ko.yaml/conversations/0/turns/0/user", GONE)],
        ["conversations[0].turns[0]: needs either 'user' (a text) or 'press' (a button's label)"],
    ),
    (
        [("conversations.ko.yaml/conversations/0/turns/0/user", None)],
        ["conversations.ko.yaml: conversations[0].turns[0].user: must be a text, not empty"],
    ),
    (
        [("conversations.ko.yaml/conversations/0/turns/0/expect/intent", ["thanks"])],
        ["conversations[0].turns[0].expect.intent: must be a text, not a list"],
    ),
    (
        [("conversations.ko.yaml/conversations/0/turns/0/expect/intent", "refunds")],
        ["'배송비를 묻고 주문을 조회한다' turn 1: intent 'refunds' is not defined in bot.yaml"],
    ),
    (
        [("conversations.ko.yaml/conversations/0/turns/0/expect/reply", "intent/refunds")],
        ["'배송비를 묻고 주문을 조회한다' turn 1: reply 'intent/refunds' does not exist in the"],
    ),
    (
        [("conversations.ko.yaml/conversations/0/turns/0/expect/says", "x")],
        ["conversations[0].turns[0].expect.says: is not known here; known: intent, decision"],
    ),
    (
        [("conversations.ko.yaml/conversations/0/turns/2/expect/owner", "robot")],
        ["conversations[0].turns[2].expect.owner: is 'robot'; it must be one of bot, human"],
    ),
)


@pytest.mark.parametrize(("changes", "expected"), BAD)
def test_each_mistake_is_named_with_file_key_and_way_out(
    changes: Sequence[Change], expected: Sequence[str]
) -> None:
    found = mistakes_of(spoil(*changes))
    unexpected = [one for one in found if not any(part in one for part in expected)]
    missing = [part for part in expected if not any(part in one for one in found)]
    assert (unexpected, missing) == ([], [])


RESERVED = ("cancel", "back_to_bot", "none", "out_of_scope", "system")


@pytest.mark.parametrize("name", RESERVED)
def test_an_intent_may_not_have_a_name_of_the_system(name: str) -> None:
    found = mistakes_of(spoil((f"bot.yaml/intents/{name}", {})))
    wanted = f"corner/bot.yaml: intents.{name}: '{name}' is a name of the system; choose another"
    assert wanted in found


@pytest.mark.parametrize("intents", [{}, {"thanks": {}}])
def test_a_bot_needs_intents_to_tell_apart(intents: Files) -> None:
    found = mistakes_of(spoil(("bot.yaml/intents", intents)))
    assert "corner/bot.yaml: intents: a bot needs two intents or more to tell apart" in found


def test_names_and_texts_may_be_as_long_as_the_limit() -> None:
    longest = spoil(
        (f"bot.yaml/entities/{'e' * 32}", {"type": "pattern", "patterns": ["x+"]}),
        ("ko.yaml/system/cancel", "가" * 40),
        ("ko.yaml/system/resume", "가" * 2000),
    )
    assert parse_pack(NAME, longest).bot.scripts["ko"].replies["system/cancel"].variants


def test_all_mistakes_of_all_files_are_told_in_one_run() -> None:
    spoilt = spoil(
        ("bot.yaml/goal", []),
        ("bot.yaml/intents/thanks/kind", "chat"),
        ("ko.yaml/system/welcome", GONE),
        ("en.yaml/intents/refund_when/reply", "{x}"),
        ("examples.ko.yaml/nlu/6/intent", "refunds"),
        ("examples.en.yaml/nlu/6/examples", "x"),
        ("conversations.ko.yaml/conversations/0/turns/0/user", GONE),
        ("conversations.en.yaml/conversations/0/name", 7.5),
        ("conversations.en.yaml/conversations/0/turns/0/expect/intent", "refunds"),
    )
    places = {one.split(": ")[0] for one in mistakes_of(spoilt)}
    assert places == {
        "corner/bot.yaml",
        "corner/ko.yaml",
        "corner/en.yaml",
        "corner/examples.ko.yaml",
        "corner/examples.en.yaml",
        "corner/conversations.ko.yaml",
        "corner/conversations.en.yaml",
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            [("en.yaml/system/welcome", GONE)],
            "en.yaml: system.welcome: is missing (every bot needs it); ko.yaml has it",
        ),
        (
            [("ko.yaml/intents/thanks/title", GONE)],
            "ko.yaml: intents.thanks.title: is missing; buttons and reports show it; en.yaml has",
        ),
        (
            [("en.yaml/phrases/cancel", GONE)],
            "en.yaml: phrases.cancel: is missing, although the bot speaks both languages; ko.yaml",
        ),
        (
            [("ko.yaml/system/which", "어느 쪽인가요?")],
            "en.yaml: system.which: is missing, although the bot speaks both languages; ko.yaml",
        ),
    ],
)
def test_what_one_language_lacks_names_the_language_that_has_it(
    changes: Sequence[Change], expected: str
) -> None:
    (found,) = mistakes_of(spoil(*changes))
    assert expected in found


def test_what_both_languages_lack_points_nowhere() -> None:
    found = mistakes_of(spoil(("ko.yaml/system/welcome", GONE), ("en.yaml/system/welcome", GONE)))
    assert len(found) == 2
    assert not any("has it" in one for one in found)


def test_examples_that_differ_in_spaces_are_two_and_so_are_those_of_two_languages() -> None:
    spoilt = spoil(
        ("examples.ko.yaml/nlu/6/examples", "- 환불 며칠\n- 환불며칠\n- refund waiting\n")
    )
    assert len(parse_pack(NAME, spoilt).examples) == 29


def test_mistakes_are_told_once_and_in_the_order_of_files() -> None:
    found = mistakes_of(
        spoil(
            ("ko.yaml/system/welcome", GONE),
            ("bot.yaml/goal", []),
            ("en.yaml/system/resume", {"text": ["x", "x"], "quick_replies": ["nope", "nope"]}),
        )
    )
    files = [one.partition(":")[0] for one in found]
    assert files == sorted(files)
    assert len(found) == len(set(found))


def test_mistakes_in_the_words_are_told_even_if_the_languages_are_wrong() -> None:
    spoilt = spoil(("bot.yaml/languages", "ko, en"), ("ko.yaml/system/welcome", GONE))
    found = mistakes_of(spoilt)
    assert any("bot.yaml: languages" in one for one in found)
    assert any("ko.yaml: system.welcome: is missing" in one for one in found)


def test_emoji_alone_are_examples_as_good_as_others() -> None:
    spoilt = spoil(
        ("examples.ko.yaml/nlu/0/examples", "- 👍\n- 고마워요"),
        ("examples.ko.yaml/nlu/6/examples", "- 💸\n- 환불 며칠"),
    )
    assert len(parse_pack(NAME, spoilt).examples) == 28


def test_an_annotation_is_checked_as_messages_are_read() -> None:
    spoilt = spoil(
        ("examples.ko.yaml/nlu/6/examples", "- [２０２６１１１８－０００１](order_number) 환불")
    )
    assert parse_pack(NAME, spoilt).examples


def test_a_key_that_yaml_reads_as_no_text_is_named() -> None:
    spoilt = spoil()
    spoilt["bot.yaml"]["intents"][False] = {}
    assert mistakes_of(spoilt) == [
        "corner/bot.yaml: intents: key False is read as true/false: put it in quotes"
    ]


@pytest.mark.parametrize("name", ["bot.yaml", "ko.yaml", "examples.ko.yaml"])
@pytest.mark.parametrize("data", [[], "text", 7, {"format": 1}])
def test_a_file_of_another_shape_is_refused(name: str, data: object) -> None:
    assert mistakes_of(spoil((name, data)))
