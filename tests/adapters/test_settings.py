"""Settings are addresses, and a wrong one is told with its name and what would do."""

from __future__ import annotations

import pytest

from sangdam_adapters.settings import Address, Settings, SettingsError

NAMES = {
    "conversations": "SANGDAM_CONVERSATIONS",
    "feedback": "SANGDAM_FEEDBACK",
    "backoffice": "SANGDAM_BACKOFFICE",
    "releases": "SANGDAM_RELEASES",
    "baseline": "SANGDAM_BASELINE",
    "packs": "SANGDAM_PACKS",
    "encoder": "SANGDAM_ENCODER",
    "notify": "SANGDAM_NOTIFY",
}


def address(setting: str, value: str) -> Address:
    found = getattr(Settings({NAMES[setting]: value}), setting)
    assert isinstance(found, Address)
    return found


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("conversations", "memory://", Address("memory", "", "")),
        ("conversations", "memory://local", Address("memory", "local", "")),
        ("feedback", "dynamodb://Stack-Table_1.x", Address("dynamodb", "Stack-Table_1.x", "")),
        ("releases", "s3://bucket", Address("s3", "bucket", "")),
        ("releases", "s3://bucket/some/prefix", Address("s3", "bucket", "/some/prefix")),
        ("packs", "file:///opt/content/bots", Address("file", "", "/opt/content/bots")),
        ("packs", "file:///a folder/#1?/봇", Address("file", "", "/a folder/#1?/봇")),
        ("encoder", "none://", Address("none", "", "")),
        ("notify", "none://", Address("none", "", "")),
        ("notify", "sns://arn:aws:sns:r:1:t", Address("sns", "arn:aws:sns:r:1:t", "")),
        ("encoder", "lambda://encode", Address("lambda", "encode", "")),
        (
            "encoder",
            "lambda://arn:aws:lambda:ap-northeast-2:123456789012:function:encode",
            Address("lambda", "arn:aws:lambda:ap-northeast-2:123456789012:function:encode", ""),
        ),
    ],
)
def test_an_address_is_read_and_written_the_same(
    setting: str, value: str, expected: Address
) -> None:
    assert address(setting, value) == expected
    assert str(expected) == value


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("conversations", "redis://here"),
        ("conversations", "s3://bucket"),
        ("conversations", "dynamodb://"),
        ("conversations", "dynamodb://table/extra"),
        ("conversations", "table"),
        ("notify", "sns://"),
        ("notify", "arn:aws:sns:r:1:t"),
        ("releases", "s3://"),
        ("packs", "file://opt/content/bots"),
        ("packs", "file:///"),
        ("packs", "/opt/content/bots"),
        ("packs", "memory://"),
        ("encoder", "lambda://"),
    ],
)
def test_a_wrong_address_is_refused_with_what_would_do(setting: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        address(setting, value)
    assert NAMES[setting] in str(caught.value)
    assert repr(value) in str(caught.value)
    assert "://" in str(caught.value).partition("must be one of")[2]


@pytest.mark.parametrize("setting", NAMES)
@pytest.mark.parametrize("environment", [{}, dict.fromkeys(NAMES.values(), "")])
def test_a_missing_address_is_named(setting: str, environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=f"{NAMES[setting]} is not set; set it to one of"):
        getattr(Settings(environment), setting)


def test_settings_that_are_not_used_need_not_be_there() -> None:
    """Each function is given only what it uses."""
    assert Settings({"SANGDAM_FEEDBACK": "memory://"}).feedback.scheme == "memory"


@pytest.mark.parametrize(("text", "seconds"), [("1", 1.0), ("90.5", 90.5), ("86400", 86400.0)])
def test_training_may_take_as_long_as_it_says(text: str, seconds: float) -> None:
    assert Settings({"SANGDAM_TRAINING_SECONDS": text}).training_seconds == seconds


@pytest.mark.parametrize("text", ["", "0", "-5", "soon", "nan", "inf", "1e9"])
def test_a_training_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"SANGDAM_TRAINING_SECONDS.*1\.\.86400"):
        _ = Settings({"SANGDAM_TRAINING_SECONDS": text}).training_seconds


def test_training_has_five_minutes_where_nothing_is_said() -> None:
    assert Settings({}).training_seconds == 300
