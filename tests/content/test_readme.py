"""The READMEs stay true: equal in both languages, and every command in them is run."""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from openpyxl import Workbook

from sangdam_adapters import stores
from sangdam_adapters.file_releases import FileRegistry
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local.paths import PACKS, RELEASES, ROOT
from scripts.local.prepare import prepare

KOREAN, ENGLISH = ROOT / "README.ko.md", ROOT / "README.md"

Check = Callable[["Reader", str], None]


def commands(readme: Path) -> list[str]:
    """Return every line of the shell blocks of a README."""
    blocks = re.findall(r"```sh\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.strip().splitlines()]


@dataclass(slots=True)
class Reader:
    """Somebody who follows the README from top to bottom."""

    folder: Path
    url: str = ""
    variables: dict[str, str] = field(default_factory=dict)

    def shell(self, command: str, *, answers: str = "", beside: bool = False) -> str:
        """Run a command of the README; ``beside`` its own files instead of the repository's."""
        if beside:
            command = command.replace("scripts/", f"{ROOT}/scripts/", 1)
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.folder if beside else ROOT,
            env={**os.environ, "SANGDAM_FOLDER": str(self.folder), "PATH": _path()},
            input=answers,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout


def _path() -> str:
    return f"{ROOT}{os.pathsep}{os.environ['PATH']}"


def it_runs(reader: Reader, command: str) -> None:
    reader.shell(command)


def it_helps(reader: Reader, command: str) -> None:
    """Too large for a test, or this very run: at least it is there and explains itself."""
    assert "usage" in reader.shell(f"{command.split()[0]} --help").lower()


def it_talks(reader: Reader, command: str) -> None:
    said = reader.shell(command, answers="배송비는 얼마예요?\n/quit\n")
    assert "3,000원" in said
    assert "delivery_fee" in said


def it_measures(reader: Reader, command: str) -> None:
    rows = ["text,intent,lang"]
    for number in range(8):
        rows += [f"배송 언제 와요 {number},delivery,ko", f"I want a refund {number},refund,en"]
    for name in ("train.csv", "test.csv"):
        (reader.folder / name).write_text("\n".join(rows), encoding="utf-8")
    reader.shell(command, beside=True)
    result = json.loads((reader.folder / "result.json").read_text(encoding="utf-8"))
    assert result["tests"]["test"]["accuracy"] == 1.0


def it_begins(reader: Reader, command: str) -> None:
    """A bot of one's own, in a folder of its own, trained no longer than it must."""
    releases = f"--releases {reader.folder}/releases"
    more = {"train": f"--out {reader.folder}/releases --seconds 4", "chat": releases}
    verb = command.split()[0].removeprefix("scripts/")
    own = f"{command} --packs {reader.folder}/bots {more.get(verb, '')}"
    said = reader.shell(own, answers="배송은 얼마나 걸려요?\n/quit\n")
    if verb in ("new-bot", "validate"):
        assert "nothing wrong" in said
    if verb == "chat":
        assert "다온서점" in said
        assert "delivery_time" in said


def it_imports(reader: Reader, command: str) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["질문", "답변"])
    for question, answer in SHEET:
        sheet.append([question, answer])
    book.save(reader.folder / "faq.xlsx")
    where = f"--out {reader.folder}/bots --report {reader.folder}/flower_shop.csv"
    said = reader.shell(f"{command} {where}", beside=True)
    assert f"{len(SHEET)} rows" in said
    assert (reader.folder / "flower_shop.csv").is_file()


def it_posts(reader: Reader, command: str) -> None:
    """Send what curl would send, to wherever the service listens."""
    words = shlex.split(re.sub(r"\$([A-Z]+)", lambda name: reader.variables[name[1]], command))
    pairs = list(itertools.pairwise(words))
    headers = dict(value.split(": ", 1) for option, value in pairs if option == "-H")
    body = next(value for option, value in pairs if option == "-d")
    target = next(word for word in words if word.startswith("localhost:8000"))
    connection = HTTPConnection(urlsplit(reader.url).netloc, timeout=60)
    connection.request("POST", target.removeprefix("localhost:8000"), body.encode(), headers)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    assert response.status in (200, 201), answer
    if "token" in answer:
        reader.variables |= {"SESSION": answer["session_id"], "TOKEN": answer["token"]}
    else:
        assert "20261118-0001" in answer["reply"]["messages"][0]["text"]


def it_publishes(reader: Reader, command: str) -> None:
    assert "current release is" in reader.shell(command)


def it_needs_an_account(reader: Reader, command: str) -> None:
    """Untried, and said so in both READMEs."""
    assert "Nothing here has been deployed to AWS yet" in ENGLISH.read_text(encoding="utf-8")
    assert "아직 AWS에 배포해 보지 않았습니다" in KOREAN.read_text(encoding="utf-8")


SHEET = [
    ("배송비는 얼마예요?", "꽃 배송비는 4천원이에요."),
    ("택배비가 얼마인가요?", "꽃 배송비는 4천원이에요."),
    ("꽃다발은 며칠 전에 주문해야 하나요?", "하루 전까지 주문해 주세요."),
    ("당일 주문도 되나요?", "하루 전까지 주문해 주세요."),
    ("화분 분갈이도 해 주시나요?", "네, 화분을 가져오시면 분갈이해 드려요."),
    ("분갈이 비용이 궁금해요", "네, 화분을 가져오시면 분갈이해 드려요."),
]

HOW: dict[str, Check] = {
    # The longest beginning of a command decides.
    "scripts/run": it_helps,  # run for real by the fixture below
    "scripts/test": it_helps,
    "scripts/chat": it_talks,
    "curl": it_posts,
    "scripts/new-bot": it_begins,
    "scripts/validate my_shop": it_begins,
    "scripts/train my_shop": it_begins,
    "scripts/chat my_shop": it_begins,
    "scripts/import": it_imports,
    "scripts/train flower_shop": it_begins,
    "scripts/train": it_runs,
    "scripts/converse": it_runs,
    "scripts/evaluate": it_measures,
    "scripts/build": it_helps,  # run for real at night
    "sam": it_needs_an_account,
    "scripts/handoff": it_runs,
    "scripts/review": it_runs,
    "scripts/retrain": it_runs,
    "scripts/report": it_runs,
    "scripts/publish": it_publishes,
    "scripts/rollback": it_publishes,
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Follow the first command: scripts/run, on a free port and without a window."""
    prepare(ROOT)
    folder = tmp_path_factory.mktemp("reader")
    with subprocess.Popen(
        [str(ROOT / "scripts" / "run"), "--port", "0", "--no-browser"],
        cwd=ROOT,
        env={**os.environ, "SANGDAM_FOLDER": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        found = next(
            (url for line in running.stdout if (url := re.search(r"http://\S+/", line))), None
        )
        assert found is not None, "scripts/run ended without an address"
        yield Reader(folder, url=found[0])
        running.send_signal(signal.SIGTERM)
        running.stdout.read()
    assert running.returncode == 0


@pytest.mark.parametrize(
    "command", [one for one in dict.fromkeys(commands(ENGLISH)) if "rollback" not in one]
)
def test_every_command_of_the_readme_does_what_it_says(reader: Reader, command: str) -> None:
    beginning = max((one for one in HOW if command.startswith(one)), key=len)
    HOW[beginning](reader, command)


def test_a_release_can_be_taken_back(reader: Reader) -> None:
    """How one that was learnt at night is taken back, tests/journeys tell."""
    trained, folder = FileRegistry(RELEASES, clock=stores.now), reader.folder / "younger"
    pointer = trained.current("shop")
    assert pointer is not None
    older = trained.load("shop", pointer.release)
    about = replace(older.manifest, release="29991231-000000-child", parent=older.name)
    younger = FileRegistry(folder, clock=stores.now)
    younger.publish(replace(older, manifest=replace(about, attachments={})))
    younger.move("shop", to=about.release, expected=None)
    published = reader.shell(f"scripts/publish shop --releases {folder}")
    assert f"current release is {about.release}, replacing {older.name}" in published
    assert f"current release is {older.name}" in reader.shell("scripts/rollback shop")


def test_both_readmes_give_the_same_commands() -> None:
    assert commands(KOREAN) == commands(ENGLISH)


def test_both_readmes_have_the_same_sections_and_pictures() -> None:
    def shape(readme: Path) -> list[str]:
        text = readme.read_text(encoding="utf-8")
        return re.findall(r"^(#+) ", text, re.MULTILINE) + re.findall(r"\]\((.*?)\)", text)[1:]

    assert shape(KOREAN) == shape(ENGLISH)


@pytest.mark.parametrize("readme", [KOREAN, ENGLISH], ids=["ko", "en"])
def test_every_file_a_readme_names_is_there(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    folders = re.findall(r"^\| `([a-z]+/[a-z/]*)`", text, re.MULTILINE)
    assert [name for name in (*links, *folders) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("readme", [KOREAN, ENGLISH], ids=["ko", "en"])
@pytest.mark.parametrize("bot", YamlPacks(PACKS).names())
def test_every_bot_is_told_with_what_it_really_does(readme: Path, bot: str) -> None:
    pack = YamlPacks(PACKS).load(bot).bot
    row = re.search(
        rf"^\| `{bot}` \| (.*?) \| .* \((.*?)\) \|$", readme.read_text("utf-8"), re.MULTILINE
    )
    assert row is not None
    assert row[1] == pack.scripts["ko" if readme == KOREAN else "en"].bot_name
    done = {form.action.partition(".")[0] for form in pack.forms.values()}
    assert set(re.findall(r"`(\w+)`", row[2])) == done
