"""A peer is installed in one folder, asked what ours is asked, and never waited for in vain."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sangdam.bots.definition import OUT_OF_SCOPE, Example
from scripts.evaluation.bench_peer import (
    OURS,
    PACKAGES,
    PEER,
    SCRIPT,
    PeerBrokenError,
    PeerMissingError,
    beside_peer,
    install,
    open_peer,
    split,
)
from tests.training.sentences import OUTSIDE, examples, silent

NODE = shutil.which("node")
MESSAGE = Example("배송 언제 와요", "track_order", "ko")

# Stand for programs: each notes how it was called in the folder it was found in.
NPM = """#!{python}
import json, pathlib, sys
with open("{bin}/npm.log", "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
folder = pathlib.Path(sys.argv[sys.argv.index("--prefix") + 1])
for wanted in sys.argv[1:]:
    name, at, version = wanted.rpartition("@")
    if at and name.startswith("@nlpjs/"):
        place = folder / "node_modules" / name
        place.mkdir(parents=True, exist_ok=True)
        (place / "package.json").write_text(json.dumps({{"version": version}}))
"""
NODE_THAT_ANSWERS = """#!{python}
import json, sys
log = open("{bin}/node.log", "a")
for line in sys.stdin:
    log.write(line)
    log.flush()
    asked = json.loads(line)
    answer = {{"intent": "refund_money", "seconds": 0.004}}
    print(json.dumps({{"seconds": 2}} if "train" in asked else answer), flush=True)
"""
# Fails on purpose at the first message, or says what it is told to.
NODE_THAT_STOPS = """#!{python}
import sys
sys.stdin.readline()
print({said!r}, end="", flush=True)
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Put a fake program on a path that has nothing else, and return where its notes are."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(name: str, text: str, **given: str) -> Path:
        place = folder / name
        place.write_text(text.format(python=sys.executable, bin=folder, **given), "utf-8")
        place.chmod(0o755)
        return folder / f"{name}.log"

    return put


def read(log: Path) -> list[Any]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def test_both_learn_the_same_and_are_asked_the_same(
    program: Callable[..., Path], tmp_path: Path
) -> None:
    program("npm", NPM)
    log = program("node", NODE_THAT_ANSWERS)
    given = [*examples(), *(Example(text, OUT_OF_SCOPE, "ko") for text in OUTSIDE)]
    found = beside_peer(given, encoder=None, seed=0, progress=silent, folder=tmp_path / "peers")
    learnt, held_out = split(given, seed=0)
    first, *asked = read(log)
    assert [(one["text"], one["intent"], one["language"]) for one in first["train"]] == [
        (one.text, one.intent, one.language) for one in learnt
    ]
    assert {(one["text"], one["language"]) for one in asked} == {
        (one.text, one.language) for one in held_out
    }
    assert list(found) == [OURS, PEER]
    right = sum(one.intent == "refund_money" for one in held_out)
    assert found[PEER] == {
        "accuracy_percent": pytest.approx(100 * right / len(held_out)),
        "p50_ms": pytest.approx(4.0),
        "p99_ms": pytest.approx(4.0),
        "training_seconds": 2.0,
    }
    assert set(found[OURS]) == set(found[PEER])
    assert found[OURS]["accuracy_percent"] > 50


def test_every_intent_and_language_is_learnt_and_held_out() -> None:
    given = [*examples(), *(Example(text, OUT_OF_SCOPE, "ko") for text in OUTSIDE), *examples()]
    learnt, held_out = split(given, seed=0)
    assert sorted(one.text for one in (*learnt, *held_out)) == sorted(
        one.text for one in examples()
    )
    kinds = {(one.intent, one.language) for one in examples()}
    assert {(one.intent, one.language) for one in learnt} == kinds
    assert {one.intent for one in held_out} == {one.intent for one in examples()}
    assert len(held_out) < len(learnt) / 2
    assert split(given, seed=0) == (learnt, held_out)
    assert split(given, seed=1) != (learnt, held_out)


def test_it_is_installed_once_in_exact_versions_and_runs_no_scripts(
    program: Callable[..., Path], tmp_path: Path
) -> None:
    log = program("npm", NPM)
    folder = tmp_path / "peers"
    install(folder)
    install(folder)
    (arguments,) = read(log)
    assert arguments[0] == "install"
    assert {"--no-save", "--ignore-scripts"} <= set(arguments)
    for option in ("--prefix", "--cache"):
        assert Path(arguments[arguments.index(option) + 1]).is_relative_to(folder)
    wanted = [one for one in arguments if one.startswith("@")]
    assert wanted == [f"{name}@{version}" for name, version in PACKAGES.items()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in PACKAGES.values())


def test_another_version_is_replaced(program: Callable[..., Path], tmp_path: Path) -> None:
    log = program("npm", NPM)
    install(tmp_path)
    package = tmp_path / "node_modules" / "@nlpjs/nlp" / "package.json"
    for damaged in ('{"version": "3.0.0"}', "{", "[]"):
        package.write_text(damaged, "utf-8")
        install(tmp_path)
        assert json.loads(package.read_text("utf-8"))["version"] == PACKAGES["@nlpjs/nlp"]
    assert len(read(log)) == 4


def test_without_node_or_npm_it_is_missing(program: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(PeerMissingError, match="there is no node on this machine"), open_peer():
        pass
    program("node", NODE_THAT_ANSWERS)
    with (
        pytest.raises(PeerMissingError, match="there is no npm on this machine"),
        open_peer(tmp_path / "peers"),
    ):
        pass


def test_npms_own_words_are_told(program: Callable[..., Path], tmp_path: Path) -> None:
    program("npm", "#!/bin/sh\necho 'npm error network is down' >&2\necho >&2\nexit 1\n")
    with pytest.raises(PeerMissingError, match=r"\(npm error network is down\); it needs"):
        install(tmp_path)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", "stopped without an answer"),
        ("Epoch 1\n", "'Epoch 1' is no answer"),
        ("[1]\n", "is no answer"),
        ('{"intent": "a"}\n', "without its seconds"),
        ('{"intent": "a", "seconds": "1"}\n', "without its seconds"),
        ('{"intent": "a", "seconds": -1}\n', "without its seconds"),
    ],
)
def test_a_peer_that_gives_no_answer_is_not_waited_for(
    program: Callable[..., Path], tmp_path: Path, said: str, words: str
) -> None:
    program("npm", NPM)
    program("node", NODE_THAT_STOPS, said=said)
    with open_peer(tmp_path) as peer, pytest.raises(PeerBrokenError, match=words):
        peer.answer(MESSAGE)


def test_a_peer_that_has_stopped_is_told_apart_from_a_wrong_answer(
    program: Callable[..., Path], tmp_path: Path
) -> None:
    program("npm", NPM)
    program("node", "#!/bin/sh\nexit 3\n")
    many = [Example("가" * 1000, "long", "ko")] * 1000  # more than a pipe holds
    with open_peer(tmp_path) as peer, pytest.raises(PeerBrokenError, match="stopped"):
        peer.train(many)


def test_an_answer_may_name_no_intent(program: Callable[..., Path], tmp_path: Path) -> None:
    program("npm", NPM)
    program("node", NODE_THAT_STOPS, said='{"intent": null, "seconds": 0.5}\n')
    with open_peer(tmp_path) as peer:
        found = peer.answer(MESSAGE)
    assert (found.intent, found.seconds) == (None, 0.5)


def test_the_script_loads_what_is_installed() -> None:
    loaded = re.findall(r'load\("(.+?)"\)', SCRIPT.read_text("utf-8"))
    assert sorted(loaded) == sorted(PACKAGES)


# Stand for the packages: a sentence means what its first word was last taught to mean.
LIBRARY = {
    "@nlpjs/core": """
        exports.containerBootstrap = async () => {
          const plugins = [];
          return { use: (plugin) => plugins.push(plugin), get: () => new plugins[0]() };
        };""",
    "@nlpjs/nlp": """
        exports.Nlp = class {
          settings = { autoSave: true };
          languages = [];
          taught = {};
          addLanguage(language) { this.languages.push(language); }
          addDocument(language, text, intent) {
            if (!this.languages.includes(language)) throw new Error(language);
            this.taught[text.split(" ")[0]] = intent;
          }
          async train() { console.log("Epoch 1", this.settings.autoSave); }
          async process(language, text) {
            const intent = this.taught[text.split(" ")[0]];
            const known = intent ? [{ intent, score: 0.4 }] : [];
            return { intent: "None", classifications: [{ intent: "None", score: 1 }, ...known] };
          }
        };""",
    "@nlpjs/lang-en": "exports.LangEn = class {};",
    "@nlpjs/lang-ko": "exports.LangKo = class {};",
}


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_the_script_trains_and_answers(program: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "bin" / "node").symlink_to(str(NODE))
    folder = tmp_path / "peers"
    for name, code in LIBRARY.items():
        place = folder / "node_modules" / name
        place.mkdir(parents=True)
        (place / "package.json").write_text(json.dumps({"version": PACKAGES[name]}))
        (place / "index.js").write_text(code, "utf-8")
    with open_peer(folder) as peer:
        assert peer.train([MESSAGE, Example("refund me", "refund_money", "en")]) >= 0
        given = [
            peer.answer(Example(text, "", "ko")).intent for text in ("배송 조회", "refund", "날씨")
        ]
    assert given == ["track_order", "refund_money", None]
    assert Counter(one.name for one in folder.iterdir()) == {"node_modules": 1}
