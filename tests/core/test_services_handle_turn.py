"""A message is answered exactly once, whatever happens at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from sangdam.backoffice.writes import Key, Write
from sangdam.bots.parse import parse_pack
from sangdam.dialogue.session import Session
from sangdam.dialogue.turn import Message, Turn
from sangdam.ports import Record, StorageUnavailableError, StoredSession, VersionConflictError
from sangdam.services.delete_session import delete_session
from sangdam.services.desk import Desk
from sangdam.services.errors import (
    ConversationBusyError,
    UnknownQuickReplyError,
    UnknownSessionError,
    WrongTokenError,
)
from sangdam.services.handle_turn import RELEASE_KEPT, TRIES, handle_turn
from sangdam.services.read_history import read_history
from sangdam_adapters.memory import MemoryConversations
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from tests.core import corner_shop
from tests.core.counter import Counter, Customer, keys, publish, release_of

# Once


def test_the_same_message_again_gets_the_same_turn(customer: Customer) -> None:
    message = Message("a", text="배송비 얼마예요")
    first = customer.sends(message)
    customer.says("20261118-0001")
    assert customer.sends(message) == first
    assert customer.session.turn == 2


def test_the_same_message_again_gets_the_same_turn_whatever_it_says(customer: Customer) -> None:
    first = customer.sends(Message("a", text="배송비 얼마예요"))
    assert customer.sends(Message("a", text="상담원")) == first
    assert customer.sends(Message("a", quick_reply="/nonsense")) == first
    assert customer.session.owner == "bot"


def test_two_senders_of_one_message_get_one_turn(counter: Counter) -> None:
    for _ in range(20):
        customer = counter.customer("ko")
        message = Message("a", text="배송비 얼마예요")
        with ThreadPoolExecutor(2) as pool:
            one, other = pool.map(customer.sends, [message] * 2)
        assert one == other
        assert customer.session.turn == 1


def test_many_messages_at_once_are_numbered_without_gaps_or_refused(counter: Counter) -> None:
    customer = counter.customer("ko")
    session_id = customer.session_id

    def send(number: int) -> int | None:
        try:
            return customer.sends(Message(f"t{number}", text="배송비 얼마예요")).number
        except ConversationBusyError:
            return None

    with ThreadPoolExecutor(20) as pool:
        numbers = list(pool.map(send, range(20)))
    stored = sorted(number for number in numbers if number is not None)
    assert stored == list(range(1, len(stored) + 1))
    history = counter.conversations.turns(session_id, after=-1, limit=100)
    assert [turn.number for turn in history] == [0, *stored]
    assert customer.session.turn == len(stored)
    for number, turn_number in enumerate(numbers):
        repeated = counter.conversations.turn_of_message(session_id, f"t{number}")
        assert (repeated is None) == (turn_number is None)


@dataclass(slots=True)
class Interrupted:
    """Port ``Conversations`` where somebody else comes first, so many times."""

    inner: MemoryConversations
    times: int

    def commit(
        self, session: Session, turn: Turn, *, expected_version: int, writes: Sequence[Write] = ()
    ) -> None:
        if self.times > 0:
            self.times -= 1
            raise VersionConflictError("somebody else came first")
        self.inner.commit(session, turn, expected_version=expected_version, writes=writes)

    def open(self, session: Session, first: Turn) -> None:
        self.inner.open(session, first)

    def load(self, session_id: str) -> StoredSession | None:
        return self.inner.load(session_id)

    def turn_of_message(self, session_id: str, message_id: str) -> Turn | None:
        return self.inner.turn_of_message(session_id, message_id)

    def turns(self, session_id: str, *, after: int, limit: int) -> list[Turn]:
        return list(self.inner.turns(session_id, after=after, limit=limit))

    def turn(self, session_id: str, number: int) -> Turn | None:
        return self.inner.turn(session_id, number)

    def delete(self, session_id: str) -> None:
        self.inner.delete(session_id)


def test_a_conflict_starts_the_story_again(counter: Counter, customer: Customer) -> None:
    counter.desk = replace(
        counter.desk, conversations=Interrupted(counter.conversations, TRIES - 1)
    )
    assert customer.says("배송비 얼마예요").number == 1


def test_too_many_conflicts_are_told_and_nothing_is_stored(
    counter: Counter, customer: Customer
) -> None:
    before = customer.session
    counter.desk = replace(counter.desk, conversations=Interrupted(counter.conversations, TRIES))
    with pytest.raises(ConversationBusyError, match="send this one again"):
        customer.says("배송비 얼마예요")
    assert customer.session == before
    assert counter.conversations.turn(customer.session_id, 1) is None


class Forgetful(MemoryConversations):
    """A store in which a repeated message's turn has expired by the time it is looked for."""

    def turn_of_message(self, session_id: str, message_id: str) -> Turn | None:
        return None


def test_a_turn_that_was_not_stored_is_never_returned(counter: Counter) -> None:
    conversations = Forgetful(clock=counter.clock)
    counter.conversations = conversations
    counter.desk = replace(counter.desk, conversations=conversations)
    customer = counter.customer("ko")
    customer.sends(Message("a", text="배송비 얼마예요"))
    with pytest.raises(ConversationBusyError):
        customer.sends(Message("a", text="배송비 얼마예요"))


class Unreachable(MemoryBackOffice):
    """Port ``BackOffice`` that cannot be reached."""

    def get(self, key: Key) -> Record | None:
        raise StorageUnavailableError("orders cannot be reached")


def test_an_unreachable_back_office_leaves_nothing_half_stored(
    counter: Counter, customer: Customer
) -> None:
    reachable = counter.desk
    counter.desk = replace(reachable, backoffice=Unreachable())
    before = customer.session
    message = Message("a", text="20261118-0001")
    with pytest.raises(StorageUnavailableError):
        customer.sends(message)
    assert customer.session == before
    counter.desk = reachable
    assert customer.sends(message).number == 1


# Refusals


def test_an_unknown_session_is_refused(counter: Counter) -> None:
    with pytest.raises(UnknownSessionError):
        handle_turn("nobody", Message("a", text="x"), token="t", desk=counter.desk)


def test_a_wrong_token_is_refused_and_nothing_is_stored(
    counter: Counter, customer: Customer
) -> None:
    for token in ("", "x", "\ud800", counter.customer().opened.token):
        with pytest.raises(WrongTokenError):
            handle_turn(customer.session_id, Message("a", text="x"), token=token, desk=counter.desk)
    assert customer.session.turn == 0


def test_an_expired_session_is_unknown(counter: Counter, customer: Customer) -> None:
    counter.clock.pass_by(timedelta(days=31))
    with pytest.raises(UnknownSessionError):
        customer.says("배송비 얼마예요")


def test_a_button_of_another_bot_is_refused_and_nothing_is_stored(customer: Customer) -> None:
    for value in ("/transfer_money", "hello", '/order_status{"order_number": "1"}'):
        with pytest.raises(UnknownQuickReplyError, match="send back the value"):
            customer.presses(value)
    assert customer.session.turn == 0


def test_a_button_keeps_the_label_it_showed(counter: Counter) -> None:
    customer = counter.customer("en")
    customer.says("shipping price")
    offered = customer.presses("/order_status").message
    assert offered is not None
    assert offered.label == "Where is it?"
    of_long_ago = customer.presses("/delivery_fee").message
    assert of_long_ago is not None
    assert of_long_ago.label == "Delivery fee"


def test_the_token_itself_is_stored_nowhere(counter: Counter, customer: Customer) -> None:
    assert customer.opened.token not in repr(customer.session)
    assert len(bytes.fromhex(customer.opened.token)) == 32


# Greeting


def test_a_customer_is_greeted_in_a_language_of_the_bot(counter: Counter) -> None:
    korean, english, any_ = counter.customer("ko"), counter.customer("en"), counter.customer()
    assert korean.opened.turn.reply.messages[0].text == "안녕하세요, 모퉁이상점입니다."
    assert english.opened.turn.reply.messages[0].text == "Hello from Corner Shop."
    assert any_.session.language == "ko"
    assert (korean.opened.turn.number, korean.opened.turn.message) == (0, None)


# Releases


def next_pack() -> corner_shop.Files:
    """Return the corner shop with delivery at 4,000 won."""
    files = corner_shop.files()
    files["ko.yaml"]["intents"]["delivery_fee"]["reply"] = "배송비는 4,000원이에요."
    return files


def test_a_running_session_keeps_its_release(counter: Counter) -> None:
    running = counter.customer("ko")
    running.says("배송비 얼마예요")
    pack = parse_pack(corner_shop.NAME, next_pack())
    newer = publish(counter.registry, release_of(pack, now=counter.clock() + timedelta(hours=1)))
    counter.clock.pass_by(RELEASE_KEPT - timedelta(seconds=1))
    assert "3,000원" in running.says("배송비 얼마예요").reply.messages[0].text
    fresh = counter.customer("ko").says("배송비 얼마예요")
    assert "4,000원" in fresh.reply.messages[0].text
    assert fresh.release == newer.name


def test_a_session_that_rested_goes_on_with_the_newer_release(counter: Counter) -> None:
    rested = counter.customer("ko")
    pack = parse_pack(corner_shop.NAME, next_pack())
    newer = publish(counter.registry, release_of(pack))
    counter.clock.pass_by(RELEASE_KEPT)
    assert "4,000원" in rested.says("배송비 얼마예요").reply.messages[0].text
    assert rested.session.release == newer.name


def test_a_session_whose_release_is_gone_goes_on_with_the_current_one(counter: Counter) -> None:
    old = counter.customer("ko")
    fresh = Counter(clock=counter.clock, pack=parse_pack(corner_shop.NAME, next_pack()))
    counter.desk = replace(counter.desk, shelf=fresh.shelf)
    turn = old.says("배송비 얼마예요")
    assert "4,000원" in turn.reply.messages[0].text
    assert old.session.release == turn.release == fresh.registry.releases("corner")[0]
    assert any("gone" in warning for warning in fresh.warnings)


def without_forms() -> corner_shop.Files:
    """Return the corner shop without the form for orders."""
    files = corner_shop.files()
    files["bot.yaml"]["intents"]["order_status"] = {}
    del files["bot.yaml"]["forms"]["order_status"]
    del files["conversations.ko.yaml"]
    for language in ("ko", "en"):
        words = files[f"{language}.yaml"]
        del words["forms"]["order_status"]
        words["intents"]["order_status"]["reply"] = "see the app"
    return files


def test_a_form_that_a_newer_release_has_not_is_given_up(counter: Counter) -> None:
    customer = counter.customer("ko")
    customer.says("배송조회 부탁드려요")
    publish(counter.registry, release_of(parse_pack(corner_shop.NAME, without_forms())))
    counter.clock.pass_by(RELEASE_KEPT)
    assert keys(customer.says("배송비 얼마예요")) == ["intent/delivery_fee"]
    assert customer.session.open_form is None


def test_a_form_that_is_finished_survives_a_release_without_it(counter: Counter) -> None:
    customer = counter.customer("ko")
    customer.says("20261118-0001")
    publish(counter.registry, release_of(parse_pack(corner_shop.NAME, without_forms())))
    counter.clock.pass_by(RELEASE_KEPT)
    assert keys(customer.says("20261119-0002")) == ["form/return_status/phone/ask"]


def test_a_repeated_button_of_an_older_release_gets_its_turn(counter: Counter) -> None:
    customer = counter.customer("ko")
    message = Message("a", quick_reply='/order_status{"order_number": "20261118-0001"}')
    first = customer.sends(message)
    publish(counter.registry, release_of(parse_pack(corner_shop.NAME, without_forms())))
    counter.clock.pass_by(RELEASE_KEPT)
    assert customer.sends(message) == first


# History and deletion


def test_a_history_is_read_page_by_page(counter: Counter, customer: Customer) -> None:
    for _ in range(4):
        customer.says("배송비 얼마예요")
    after: int | None = -1
    pages = []
    while after is not None:
        page = read_history(
            customer.session_id, token=customer.opened.token, after=after, limit=2,
            conversations=counter.conversations,
        )  # fmt: skip
        pages.append([turn.number for turn in page.turns])
        after = page.next
    assert pages == [[0, 1], [2, 3], [4]]


def test_a_history_beyond_its_end_is_empty(counter: Counter, customer: Customer) -> None:
    page = read_history(
        customer.session_id, token=customer.opened.token, after=99, limit=5,
        conversations=counter.conversations,
    )  # fmt: skip
    assert (page.turns, page.next) == ((), None)


def test_nobody_reads_or_deletes_anothers_session(counter: Counter, customer: Customer) -> None:
    with pytest.raises(WrongTokenError):
        read_history(
            customer.session_id, token="x", after=-1, limit=5, conversations=counter.conversations
        )
    with pytest.raises(WrongTokenError):
        delete_session(
            customer.session_id, token="x",
            conversations=counter.conversations, backoffice=counter.backoffice,
        )  # fmt: skip
    assert customer.says("배송비 얼마예요").number == 1


def test_a_deleted_session_is_forgotten(counter: Counter, customer: Customer) -> None:
    customer.sends(Message("a", text="배송비 얼마예요"))
    delete_session(
        customer.session_id, token=customer.opened.token,
        conversations=counter.conversations, backoffice=counter.backoffice,
    )  # fmt: skip
    assert counter.conversations.turn_of_message(customer.session_id, "a") is None
    with pytest.raises(UnknownSessionError):
        customer.says("배송비 얼마예요")
    with pytest.raises(UnknownSessionError):
        delete_session(
            customer.session_id, token=customer.opened.token,
            conversations=counter.conversations, backoffice=counter.backoffice,
        )  # fmt: skip


def test_a_session_deleted_during_a_turn_is_not_brought_back(
    counter: Counter, customer: Customer
) -> None:
    class Deleting(MemoryConversations):
        def commit(
            self,
            session: Session,
            turn: Turn,
            *,
            expected_version: int,
            writes: Sequence[Write] = (),
        ) -> None:
            self.delete(session.session_id)
            super().commit(session, turn, expected_version=expected_version, writes=writes)

    conversations = Deleting(clock=counter.clock)
    counter.conversations = conversations
    desk: Desk = replace(counter.desk, conversations=conversations)
    counter.desk = desk
    leaving = counter.customer("ko")
    with pytest.raises(UnknownSessionError):
        leaving.says("배송비 얼마예요")
    assert conversations.load(leaving.session_id) is None
