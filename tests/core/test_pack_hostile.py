"""Whatever data a pack holds, reading it ends in a bot or in a list of mistakes."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sangdam.bots.compiled import compile_bot, read_bot
from sangdam.bots.definition import Bot
from sangdam.bots.parse import parse_pack
from sangdam.bots.reading import PackError
from tests.core.corner_shop import NAME, files

KEYS = (
    "format language name system intents forms phrases bot goal languages policy entities type "
    "patterns value slots entity action attempts kind form text quick_replies label title reply "
    "nlu intent examples conversations turns user press expect welcome order_status thanks"
).split()
NESTED_BRACKETS = "(" * 5000
WORDS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [*KEYS, "{", "}", "{0}", "{a!r}", "[", "[[a]", "(?i", "a{9999999999}", "/thanks"]
    ),
    st.sampled_from(["- [x](phone)", "- a\n- b", "\ud800", "/thanks{", '/thanks{"a": 1}', "*"]),
    st.just(NESTED_BRACKETS),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), WORDS, st.dates(), st.binary(max_size=3)
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(st.sampled_from(KEYS), WORDS, st.integers(), st.none()), inner, max_size=5
        ),
    ),
    max_leaves=12,
)
GOOD = files()


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(data, dict):
        found += [one for key, inner in data.items() for one in places(inner, (*path, key))]
    if isinstance(data, list):
        found += [one for key, inner in enumerate(data) for one in places(inner, (*path, key))]
    return found


PLACES = places(GOOD)


def read(data: dict[str, Any]) -> None:
    bot, refused = _parse(data)
    if bot is not None:
        assert read_bot(compile_bot(bot)) == bot
        return
    assert refused.mistakes
    assert all(one.file.startswith(NAME) and one.problem for one in refused.mistakes)
    assert str(refused).encode()


def _parse(data: dict[str, Any]) -> tuple[Bot | None, PackError]:
    try:
        return parse_pack(NAME, data).bot, PackError([])
    except PackError as error:
        return None, error


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), DATA), min_size=1, max_size=3))
@example(changes=[(("bot.yaml", "intents", "order_status", "form"), ["a"])])
@example(changes=[(("bot.yaml", "entities", "order_number", "patterns"), "[[a]")])
@example(changes=[(("bot.yaml", "entities", "order_number", "patterns"), "a{9999999999}")])
@example(changes=[(("bot.yaml", "entities", "order_number", "patterns"), NESTED_BRACKETS)])
@example(changes=[(("bot.yaml", "bot"), 10**5000)])
@example(changes=[(("bot.yaml", "policy", "error_budget"), 10**5000)])
@example(changes=[(("ko.yaml", "name"), date(2026, 1, 1))])
@example(changes=[(("ko.yaml", "name"), "\ud800")])
def test_any_data_at_any_place_of_a_good_pack_is_a_bot_or_a_list_of_mistakes(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    spoilt = files()
    for path, value in changes:
        place: Any = spoilt
        try:
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # another change has taken this place away
    read(spoilt)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.dictionaries(st.sampled_from(sorted(GOOD)), DATA, max_size=4),
    kept=st.sets(st.sampled_from(sorted(GOOD))),
)
def test_any_data_in_any_file_is_a_bot_or_a_list_of_mistakes(
    data: dict[str, Any], kept: set[str]
) -> None:
    good = files()
    read({**{name: good[name] for name in kept}, **data})
