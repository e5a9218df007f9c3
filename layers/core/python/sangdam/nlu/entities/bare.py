"""Does a message say nothing but a value? ``20261118-0001이요`` and ``it's 20261118-0001`` do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sangdam.nlu.understanding import Entity

BESIDE = frozenset(
    (
        "요 예요 에요 이요 이에요 이예요 입니다 임 네 넵 예 여기요 여기 여기있어요 "
        "번 번이요 번입니다 번이에요 번요 주문번호 주문번호는 주문번호요 번호 번호는 제 "
        "제꺼 주문 "
        "its it is s the this one no nr number order my yes here "
    ).split()
)


def is_bare(plain: str, entities: Sequence[Entity], *, beside: frozenset[str] = BESIDE) -> bool:
    """Tell whether a normalised text holds the entities and, ``beside`` them, no other meaning."""
    if not entities:
        return False
    return all(word in beside for word in re.findall(r"\w+", without(plain, entities)))


def without(plain: str, entities: Sequence[Entity]) -> str:
    """Return a normalised text with a space for each letter of its entities."""
    rest = list(plain)
    for entity in entities:
        rest[entity.start : entity.end] = " " * (entity.end - entity.start)
    return "".join(rest)
