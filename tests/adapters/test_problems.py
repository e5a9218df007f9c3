"""Every refusal has its words in both languages, and a kind that never changes."""

from __future__ import annotations

import re

import pytest

from sangdam.bots.definition import LANGUAGES
from sangdam.services import errors
from sangdam_adapters.problems import (
    PROBLEMS,
    FieldProblem,
    ProblemError,
    problem_document,
)

HANGUL = re.compile("[가-힣]")


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_problem_is_told_in_either_language(code: str) -> None:
    for language in LANGUAGES:
        document = problem_document(code, language)
        assert document["type"] == f"urn:sangdam:problem:{code.replace('_', '-')}"
        assert document["status"] == PROBLEMS[code].status
        for name in ("title", "detail"):
            words = str(document[name])
            assert bool(HANGUL.search(words)) == (language == "ko")
            assert "{" not in words
            assert words == words.strip()


def test_every_refusal_of_the_services_has_its_problem() -> None:
    refusals = [one for one in vars(errors).values() if isinstance(one, type)]
    codes = {one.code for one in refusals if issubclass(one, errors.RefusedError)}
    assert codes - {"refused"} <= set(PROBLEMS)


def test_what_may_be_sent_again_says_when() -> None:
    again = {code for code, problem in PROBLEMS.items() if problem.retry_after is not None}
    assert again == {"busy", "unavailable"}


def test_a_detail_is_filled_in_where_there_is_one() -> None:
    document = problem_document("invalid_json", "en", detail="(line 3)")
    assert document["detail"] == "The request body must be a JSON object. (line 3)"


def test_wrong_fields_are_listed_in_the_language_asked_for() -> None:
    wrong = [FieldProblem("text", {"ko": "비어 있습니다.", "en": "is empty"})]
    assert problem_document("invalid_fields", "ko", fields=wrong)["errors"] == [
        {"field": "text", "problem": "비어 있습니다."}
    ]
    assert problem_document("invalid_fields", "en", fields=wrong)["errors"] == [
        {"field": "text", "problem": "is empty"}
    ]
    assert "errors" not in problem_document("invalid_json", "en")


def test_a_problem_error_says_its_code_in_logs() -> None:
    assert str(ProblemError("invalid_json", detail="(line 3)")) == "invalid_json (line 3)"
