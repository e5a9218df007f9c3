"""Reading the fields of a JSON body: every mistake is noted, then all are told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sangdam_adapters.problems import FieldProblem, ProblemError


@dataclass(slots=True)
class Fields:
    """A JSON object being read; :meth:`done` refuses it if anything was wrong."""

    body: Mapping[str, Any]
    problems: list[FieldProblem] = field(default_factory=list)

    def wrong(self, name: str, ko: str, en: str) -> None:
        self.problems.append(FieldProblem(name, {"ko": ko, "en": en}))

    def only(self, *names: str) -> None:
        """Refuse fields that mean nothing: a misspelt name must not be ignored."""
        for name in self.body:
            if name not in names:
                known = ", ".join(names)
                self.wrong(
                    clean(name[:64]), f"모르는 항목입니다. 쓸 수 있는 항목: {known}",
                    f"is not known; fields: {known}",
                )  # fmt: skip

    def text(
        self, name: str, *, limit: int, pattern: str | None = None, required: bool = True
    ) -> str | None:
        value = self.body.get(name)
        if value is None:
            if required:
                self.wrong(name, "꼭 필요한 항목입니다.", "is missing")
            return None
        if not isinstance(value, str):
            self.wrong(name, "문자열이어야 합니다.", "must be a text")
            return None
        value = clean(value)
        if not value.strip():
            self.wrong(name, "비어 있습니다.", "is empty")
            return None
        if len(value) > limit:
            self.wrong(
                name,
                f"{limit:,}자까지 보낼 수 있습니다 (지금 {len(value):,}자).",
                f"may have at most {limit:,} characters (it has {len(value):,})",
            )
            return None
        if pattern is not None and re.fullmatch(pattern, value) is None:
            self.wrong(name, f"형식이 맞지 않습니다: {pattern}", f"must match {pattern}")
            return None
        return value

    def choice(self, name: str, allowed: Sequence[str]) -> str | None:
        value = self.body.get(name)
        if value is None:
            return None
        if value not in allowed:
            known = ", ".join(allowed)
            self.wrong(name, f"{known} 중 하나여야 합니다.", f"must be one of {known}")
            return None
        return str(value)

    def integer(self, name: str, *, low: int, high: int) -> int | None:
        value = self.body.get(name)
        if value is None:
            self.wrong(name, "꼭 필요한 항목입니다.", "is missing")
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.wrong(
                name,
                f"{low}부터 {high}까지의 정수여야 합니다.",
                f"must be a whole number from {low} to {high}",
            )
            return None
        return value

    def done(self) -> None:
        """Raise a ProblemError naming every field that was wrong."""
        if self.problems:
            raise ProblemError("invalid_fields", fields=self.problems)


def clean(text: str) -> str:
    """Return a text that can be stored and sent: a lone surrogate, legal in JSON, is U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
