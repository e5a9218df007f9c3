"""scripts/handoff: people answer customers from a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from sangdam.backoffice.queue import handoff_key, read_handoff
from sangdam_adapters import stores
from sangdam_adapters.memory import MemoryConversations
from sangdam_adapters.memory_backoffice import MemoryBackOffice
from sangdam_adapters.settings import Settings
from scripts.commands import handoff
from scripts.local.target import Target
from tests.core import front_desk
from tests.core.counter import Counter, Customer, texts

BOT = front_desk.NAME


class Packs:
    """The one pack there is."""

    def __init__(self, folder: object) -> None:
        pass

    def load(self, name: str) -> object:
        assert name == BOT
        return front_desk.pack()


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    """A counter whose stores are those that the command finds."""
    stores.forget_memory()
    addresses = ("SANGDAM_CONVERSATIONS", "SANGDAM_BACKOFFICE")
    settings = Settings(dict.fromkeys(addresses, "memory://test"))
    monkeypatch.setattr(handoff, "find_target", lambda stack: Target(settings, "retrain"))
    monkeypatch.setattr(handoff, "YamlPacks", Packs)
    counter = Counter(pack=front_desk.pack())
    monkeypatch.setattr(stores, "now", counter.clock)
    conversations = stores.open_conversations(
        settings.conversations, backoffice=settings.backoffice
    )
    backoffice = stores.open_backoffice(settings.backoffice)
    assert isinstance(conversations, MemoryConversations)
    assert isinstance(backoffice, MemoryBackOffice)
    counter.conversations, counter.backoffice = conversations, backoffice
    counter.desk = replace(counter.desk, conversations=conversations, backoffice=backoffice)
    yield counter
    stores.forget_memory()


@pytest.fixture
def guest(counter: Counter) -> Customer:
    guest = counter.customer("ko")
    guest.says("월요일 오전 10시에 김원장님 예약할게요")
    guest.says("상담원 바꿔주세요")
    return guest


def run(*arguments: str) -> int:
    return handoff.main([*arguments, "--bot", BOT, "--by", "kim"])


def last(guest: Customer, counter: Counter) -> str:
    (turn,) = counter.conversations.turns(guest.session_id, after=guest.session.turn - 1, limit=1)
    return texts(turn)


def test_a_customer_is_answered_from_the_terminal(
    counter: Counter, guest: Customer, capsys: pytest.CaptureFixture[str]
) -> None:
    start = guest.session_id[:8]
    assert run("list") == 0
    assert run("show", start) == 0
    assert run("take", start) == 0
    assert run("say", start, "안녕하세요, 김상담입니다.") == 0
    assert last(guest, counter) == "안녕하세요, 김상담입니다."
    assert run("release", start, "좋은 하루 되세요.") == 0
    assert last(guest, counter).startswith("좋은 하루 되세요.")
    assert run("list") == 0
    out = capsys.readouterr().out
    assert "1 waiting" in out
    assert "[ko] 예약하기: 선생님 김원장님" in out
    assert "customer: 월요일 오전 10시에 김원장님 예약할게요" in out
    assert "is yours" in out
    assert out.endswith("0 waiting\n")


def test_it_says_who_has_taken_a_conversation(
    counter: Counter, guest: Customer, capsys: pytest.CaptureFixture[str]
) -> None:
    run("take", guest.session_id)
    assert handoff.main(["take", guest.session_id, "--bot", BOT, "--by", "lee"]) == 1
    assert "kim has taken session" in capsys.readouterr().err
    run("list")
    assert "(taken by kim)" in capsys.readouterr().out
    found = counter.backoffice.get(handoff_key(BOT, guest.session_id))
    assert found is not None
    assert read_handoff(found.record).by == "kim"


def test_a_call_back_is_settled(counter: Counter, capsys: pytest.CaptureFixture[str]) -> None:
    counter.clock.pass_by(timedelta(hours=10))
    guest = counter.customer("ko")
    for text in ("상담원", "홍길동", "01022223333", "영수증이 필요해요"):
        guest.says(text)
    run("list")
    line = capsys.readouterr().out.splitlines()[1]
    assert "call back: name 홍길동, phone +821022223333, topic 영수증이 필요해요" in line
    number = line.split()[0]
    assert run("show", number) == 0
    assert run("say", number, "여보세요") == 1
    assert "'done' settles it" in capsys.readouterr().err
    assert run("done", number) == 0
    assert run("done", number) == 1
    assert "no request" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "nobody"), "'desk' has no session nobody"),
        (("take", "nobody"), "does not wait"),
        (("say", "nobody", "x"), "'desk' has no session nobody"),
        (("release", "nobody"), "'desk' has no session nobody"),
    ],
)
def test_who_does_not_wait_is_told(
    counter: Counter, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert run(*arguments) == 1
    assert told in capsys.readouterr().err


def test_the_beginning_of_an_id_must_fit_one(
    counter: Counter, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        counter.customer("ko").says("상담원")
    assert run("take", "") == 1
    assert "write more of it" in capsys.readouterr().err
