"""Patterns compiled at their first search: like compiled ones, and every one of them is sound."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import sangdam
from sangdam.text.lazy import _LazyPattern, lazy_pattern


def test_it_finds_what_a_compiled_pattern_finds() -> None:
    lazy, ready = lazy_pattern("(?P<a>b+)|c", re.I), re.compile("(?P<a>b+)|c", re.I)
    for text in ("", "abBc", "C", "x"):
        for method in ("search", "match", "fullmatch"):
            found, expected = getattr(lazy, method)(text), getattr(ready, method)(text)
            assert (found and found.groupdict()) == (expected and expected.groupdict())
        assert lazy.sub("-", text) == ready.sub("-", text)
        assert lazy.findall(text) == ready.findall(text)
    assert (lazy.pattern, lazy.flags, lazy.groupindex) == (
        ready.pattern, ready.flags, ready.groupindex,
    )  # fmt: skip


def test_it_is_compiled_once_and_what_it_can_do_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_now = re.compile
    lazy = lazy_pattern("x")

    def counted(pattern: str, flags: int) -> re.Pattern[str]:
        compiled.append(pattern)
        return compile_now(pattern, flags)

    monkeypatch.setattr("sangdam.text.lazy.re.compile", counted)
    assert not compiled
    for _ in range(3):
        assert lazy.search("x")
    assert compiled == ["x"]


def test_threads_get_the_same() -> None:
    lazy = lazy_pattern("[0-9]+")
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda text: lazy.findall(text), ["1 2", "3"] * 50))
    assert found == [["1", "2"], ["3"]] * 50


def test_a_pattern_that_is_none_says_so_when_it_is_used() -> None:
    with pytest.raises(re.error, match="unterminated"):
        lazy_pattern("(").search("")
    with pytest.raises(AttributeError, match="_no_such_thing"):
        lazy_pattern("a")._no_such_thing  # type: ignore[attr-defined]  # noqa: B018


def test_every_pattern_of_the_product_is_one() -> None:
    for module in pkgutil.walk_packages(sangdam.__path__, "sangdam."):
        importlib.import_module(module.name)
    found = [one for one in gc.get_objects() if isinstance(one, _LazyPattern)]
    assert len(found) > 200
    for one in found:
        re.compile(one.pattern, one._flags)


def test_importing_the_parsers_compiles_next_to_nothing() -> None:
    script = (
        "import re\n"
        "from sangdam.text import lazy\n"
        "made, compile_now = [], re._compile\n"
        "re._compile = lambda *a: (made.append(a[0]), compile_now(*a))[1]\n"
        "import sangdam.nlu.entities.money, sangdam.nlu.entities.name, sangdam.text.secrets\n"
        "print(len(made))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 20
