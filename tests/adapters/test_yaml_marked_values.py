"""Values marked in examples are read by the parsers that will read them in messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from sangdam.bots.reading import PackError
from sangdam_adapters.yaml_bots import YamlPacks
from tests.core import corner_shop

GOOD = (
    ("date", "내일"), ("date", "next Tuesday"), ("time", "오후 3시 반"), ("time", "3시"),
    ("datetime", "내일 오후 2시"), ("date_range", "12월 3일부터 5일까지"),
    ("datetime_range", "tomorrow from 2 to 4 pm"), ("duration", "한 시간 반"),
    ("number", "스물다섯"), ("count", "두 명"), ("money", "3만 5천원"), ("percent", "십 프로"),
    ("phone", "010-1234-5678"),
    ("email", "Kim@example.com"), ("name", "김민수"), ("yes_no", "네"), ("ordinal", "두 번째"),
    ("text", "가볍고 오래 가는 것"),
)  # fmt: skip
BAD = (
    ("date", "언젠가"), ("time", "아무 때나"), ("datetime", "내일"), ("date_range", "나중"),
    ("duration", "오래"), ("number", "많이"), ("count", "여럿"), ("money", "싸게"),
    ("percent", "반"), ("phone", "전화"), ("email", "메일"),
    ("name", "1234"), ("yes_no", "배송"), ("ordinal", "그거"),
)  # fmt: skip


def load(folder: Path, kind: str, text: str) -> None:
    files: dict[str, Any] = corner_shop.files()
    files["bot.yaml"]["entities"]["wanted"] = {"type": kind}
    for language in ("ko", "en"):
        files[f"{language}.yaml"]["system"]["which"] = "?"
    files["examples.ko.yaml"]["nlu"][6]["examples"] = f"- [{text}](wanted) 환불이요\n- 환불\n"
    pack = folder / corner_shop.NAME
    pack.mkdir()
    for name, data in files.items():
        (pack / name).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    YamlPacks(folder).load(corner_shop.NAME)


@pytest.mark.parametrize(("kind", "text"), GOOD)
def test_a_marked_value_that_its_parser_reads_is_fine(tmp_path: Path, kind: str, text: str) -> None:
    load(tmp_path, kind, text)


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_a_marked_value_that_its_parser_does_not_read_is_a_mistake(
    tmp_path: Path, kind: str, text: str
) -> None:
    with pytest.raises(PackError, match=f"line 1 .*'{text}' does not look like a wanted") as caught:
        load(tmp_path, kind, text)
    assert len(caught.value.mistakes) == 1
