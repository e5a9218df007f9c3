"""The web function serves its static files as a browser and its caches want them."""

from __future__ import annotations

import importlib.util
import json
import re
from typing import Any

import pytest

from functions.web import app

NEEDED = [path for path in app.SERVED if path != "/widget.js"]


def get(path: str, method: str = "GET", **more: Any) -> dict[str, Any]:
    return app.handler({"rawPath": path, "requestContext": {"http": {"method": method}}, **more})


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/widget.js", "text/javascript; charset=utf-8"),
        ("/assets/chat.js", "text/javascript; charset=utf-8"),
        ("/assets/chat.css", "text/css; charset=utf-8"),
        ("/assets/icon.svg", "image/svg+xml; charset=utf-8"),
    ],
)
def test_every_kind_of_file_has_its_type(path: str, kind: str) -> None:
    answer = get(path)
    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"] == kind
    assert answer["body"]


def test_nothing_is_read_at_import() -> None:
    spec = importlib.util.spec_from_file_location("fresh_web_app", app.__file__)
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    assert fresh.static_files.cache_info().currsize == 0


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}'])
def test_a_browser_that_has_the_file_is_told_so(form: str) -> None:
    tag = get("/")["headers"]["etag"]
    answer = get("/", headers={"if-none-match": form.format(tag)})
    assert (answer["statusCode"], answer["body"]) == (304, "")
    assert answer["headers"]["etag"] == tag


def test_a_browser_with_an_older_file_gets_the_new_one() -> None:
    assert get("/", headers={"if-none-match": '"older"'})["statusCode"] == 200


def test_head_answers_like_get_without_the_body() -> None:
    head, full = get("/", "HEAD"), get("/")
    assert head["body"] == ""
    assert (head["statusCode"], head["headers"]) == (full["statusCode"], full["headers"])


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/assets/missing.js", "GET"),
        ("/assets/index.html", "GET"),
        ("/assets/../app.py", "GET"),
        ("/assets/%2e%2e%2fapp.py", "GET"),
        ("/assets/..\\app.py", "GET"),
        ("/assets//etc/passwd", "GET"),
        ("/assets/", "GET"),
        ("/app.py", "GET"),
        ("//", "GET"),
        ("", "GET"),
        ("/", "POST"),
    ],
)
def test_anything_else_is_a_problem_document(path: str, method: str) -> None:
    answer = get(path, method)
    assert answer["statusCode"] == 404
    assert answer["headers"]["content-type"] == "application/problem+json"
    problem = json.loads(answer["body"])
    assert problem["status"] == 404
    assert f"{method} {path}" in problem["detail"]


def test_the_page_names_its_files_by_a_version_that_may_be_kept_for_ever() -> None:
    version, texts = app.static_files()
    named = re.findall(r'"(assets/[\w.-]+)\?v=(\w+)"', texts["/"])
    assert {f"/{path}" for path, _ in named} == set(NEEDED) - {"/"}
    assert {own for _, own in named} == {version}
    for path, _ in named:
        kept = get(f"/{path}", queryStringParameters={"v": version})
        assert kept["headers"]["cache-control"] == "public, max-age=31536000, immutable"
        other = get(f"/{path}", queryStringParameters={"v": "older"})
        assert other["headers"]["cache-control"] == "no-cache"


def test_the_modules_become_one_in_which_no_name_is_taken_twice() -> None:
    script = get("/assets/chat.js")["body"]
    assert re.findall(r"(?m)^(?:import|export)\b.*", script) == []
    names = re.findall(r"(?m)^(?:const|let|class|function|async function) (\w+)", script)
    assert len(names) > 30
    assert sorted(names) == sorted(set(names))
    imported = {
        name
        for path in app.STATIC.glob("*.js")
        for names in re.findall(r"(?m)^import \{ (.*) \} from", path.read_text("utf-8"))
        for name in names.split(", ")
    }
    assert imported <= set(names)


def test_the_page_is_asked_for_anew_and_the_widget_now_and_then() -> None:
    assert get("/")["headers"]["cache-control"] == "no-cache"
    assert get("/widget.js")["headers"]["cache-control"] == "public, max-age=3600"


@pytest.mark.parametrize("path", ["/", "/widget.js", "/assets/chat.js", "/missing"])
def test_every_answer_carries_the_security_headers(path: str) -> None:
    headers = get(path)["headers"]
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_a_team_may_say_which_sites_frame_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    assert get("/")["headers"]["content-security-policy"].endswith("frame-ancestors *")
    monkeypatch.setenv("SANGDAM_FRAME_ANCESTORS", "https://shop.example")
    policy = get("/")["headers"]["content-security-policy"]
    assert policy.endswith("frame-ancestors https://shop.example")


def test_the_page_needs_nothing_from_elsewhere_and_is_small() -> None:
    texts = app.static_files()[1]
    for path, text in texts.items():
        loaded = re.findall(
            r"""(?:src|href|url\(|from|import\()\s*=?\s*["'](https?:[^"']+)""", text
        )
        # The one address is the example in the widget's first comment.
        assert [one for one in loaded if "…" not in one] == [], path
    assert sum(len(texts[path].encode()) for path in NEEDED) < 80_000


def test_both_languages_say_the_same_things_and_all_of_them_are_used() -> None:
    words = (app.STATIC / "words.js").read_text("utf-8")
    korean, english = (
        re.findall(r"(?m)^  (\w+): (\(\w*\) =>|\(.*?\) =>|\")", table)
        for table in re.findall(r"(?ms)^const (?:ko|en) = \{(.*?)^\};", words)
    )
    assert korean == english
    assert len(korean) > 40
    others = [path for path in app.STATIC.glob("*.js") if path.name != "words.js"]
    used = set(re.findall(r"\w+", "".join(path.read_text("utf-8") for path in others)))
    assert {name for name, _ in korean} <= used
