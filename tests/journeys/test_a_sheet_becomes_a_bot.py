"""A shop's sheet of 300 questions and answers, from the command line to an answer over HTTP."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, islice, zip_longest
from pathlib import Path

from sangdam_adapters import stores
from sangdam_adapters.file_releases import FileRegistry
from sangdam_adapters.settings import Settings
from sangdam_adapters.yaml_bots import YamlPacks
from scripts.local.baseline import publish_baseline
from scripts.local.paths import PACKS
from scripts.local.prepare import run_module
from scripts.local.service import Service
from tests.journeys.conftest import Client, Talk

ROWS = 300
SECONDS = "4"
"""Enough to compare the quickest models; the rest of training takes as long again."""


def shop_rows() -> Iterator[tuple[str, str]]:
    """The shop's own questions, one of each intent after the other, each with its answer."""
    pack = YamlPacks(PACKS).load("shop")
    replies = pack.bot.scripts["ko"].replies
    asked = defaultdict(list)
    for one in pack.examples:
        intent = pack.bot.intents.get(one.intent)
        if one.language == "ko" and intent is not None and intent.kind == "answer":
            asked[one.intent].append((one.text, replies[f"intent/{one.intent}"].variants[0]))
    rounds = zip_longest(*asked.values())
    return (row for row in chain.from_iterable(rounds) if row is not None)


def test_a_sheet_of_300_rows_becomes_a_bot_that_answers(
    client: Client, service: Service, tmp_path: Path
) -> None:
    rows = list(islice(shop_rows(), ROWS))
    sheet = tmp_path / "자주 묻는 질문.csv"
    with sheet.open("w", encoding="cp949", errors="ignore", newline="") as file:
        csv.writer(file).writerows([("문의 내용", "답변"), *rows])
    packs, releases = tmp_path / "bots", tmp_path / "releases"
    written = run_module(
        "scripts.commands.import", str(sheet), "--bot", "imported", "--title", "가온상점",
        "--out", str(packs), "--report", str(tmp_path / "report.csv"),
    )  # fmt: skip
    assert written == 0
    trained = run_module(
        "scripts.commands.train", "imported", "--packs", str(packs), "--out", str(releases),
        "--seconds", SECONDS,
    )  # fmt: skip
    assert trained == 0
    registry = stores.open_registry(Settings(service.environment).releases)
    publish_baseline(FileRegistry(releases, clock=stores.now), registry)

    opened = client.send("POST", "/v1/sessions", {"bot": "imported", "language": "ko"})
    assert opened.status == 201, opened.body
    talk = Talk(client, opened.json["session_id"], opened.json["token"], opened.json)
    assert "가온상점" in opened.json["reply"]["messages"][0]["text"]
    for question, answer in (rows[0], rows[100], rows[-1]):
        assert talk.say(question)["reply"]["messages"][0]["text"] == answer
    reworded = talk.say("배송비는 얼마인지 알려 주세요")["reply"]
    offered = [button["value"] for button in reworded["quick_replies"]]
    assert "3,000원" in reworded["messages"][0]["text"] or "/delivery_fee" in offered
    assert talk.say("정말 고맙습니다!")["understanding"]["intent"] == "thanks"
