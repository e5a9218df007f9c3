"""What intents are called: identifiers an author can read, and titles that customers can."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sangdam.bots.definition import LANGUAGES, Language
from sangdam.bots.quick_reply import LABEL_LIMIT
from sangdam.bots.structure import RESERVED
from sangdam.learning.dataset import words_of_name
from sangdam.text.korean import has_hangul, language_of
from scripts.importing.group import Group

TOPICS = Path(__file__).with_name("topics.txt")

CLEAR, AHEAD = 0.5, 0.05
"""A topic names a group if their cosine is at least this, and so far ahead of the second topic."""

_LOOKED_AT = 20
_LONGEST = 40
_WORDS = 4
_LETTERS = re.compile("[a-z0-9]+")
_STOP = frozenset(
    "a an and any are as at be been by can could did do does for from get had has have how i if in"
    " is it its me my of on one or our please should so some tell that the their them there they"
    " this to us was we what when where which who whom whose why will with would you your much many"
    " long want need know about am s t re ve ll d m".split()
)

Encode = Callable[[Sequence[str], str], NDArray[np.float32]]


def name_groups(
    groups: Sequence[Group], *, taken: Iterable[str], encode: Encode | None
) -> tuple[str, ...]:
    """Return a name for each group: lower-case letters, digits and _.

    In this order: what the sheet calls it in Latin letters; the topic it is clearly about, whatever
    its language; the main words of an English question; ``faq_12`` after the row it begins in.
    """
    topics = _topics_of(groups, encode)
    used = {*taken, *RESERVED}
    names = []
    for group, topic in zip(groups, topics, strict=True):
        name = _slug(group.label) or topic or _from_english(group) or f"faq_{group.row}"
        names.append(_free(name, used))
        used.add(names[-1])
    return tuple(names)


def titles_of(
    groups: Sequence[Group], language: Language, *, taken: Iterable[str]
) -> tuple[str, ...]:
    """Return what customers read on the button of each group: short, and no two the same."""
    used = {*taken}
    titles = []
    for group in groups:
        title = _cut(_title(group, language), LABEL_LIMIT)
        number = 2
        while title in used:
            end = f" ({number})"
            title = _cut(_title(group, language), LABEL_LIMIT - len(end)) + end
            number += 1
        used.add(title)
        titles.append(title)
    return tuple(titles)


def _title(group: Group, language: Language) -> str:
    """The sheet's own name in this language, else the most typical question, else any name."""
    if group.label and language_of(group.label) == language:
        words = words_of_name(group.label) if language == "en" else group.label.replace("_", " ")
        if words.strip():
            return words[:1].upper() + words[1:]
    for spoken in (language, *LANGUAGES):
        if questions := group.questions(spoken):
            return typical(questions)
    return group.label or f"FAQ {group.row}"


def typical(questions: Sequence[str]) -> str:
    """Return the question that has most in common with the others, short ones first.

    >>> typical(["배송비", "배송비는 얼마예요?", "제주도로 보내면 배송비는 얼마예요?"])
    '배송비는 얼마예요?'
    """
    looked_at = questions[:_LOOKED_AT]
    short = [one for one in looked_at if 6 <= len(one) <= LABEL_LIMIT]
    candidates = short or [one for one in looked_at if len(one) <= LABEL_LIMIT] or looked_at
    shared = Counter(pair for one in looked_at for pair in set(_pairs(one)))

    def commonness(text: str) -> float:
        pairs = _pairs(text)
        return sum(shared[pair] for pair in pairs) / max(len(pairs), 8)

    return max(candidates, key=commonness)


def _pairs(text: str) -> list[str]:
    letters = "".join(text.lower().split())
    return [letters[place : place + 2] for place in range(len(letters) - 1)]


def _topics_of(groups: Sequence[Group], encode: Encode | None) -> list[str]:
    """Give each topic to the one group without a Latin name that it fits best, if clearly."""
    found = [""] * len(groups)
    places = [place for place, group in enumerate(groups) if not _slug(group.label)]
    if encode is None or not places:
        return found
    names, questions = _read_topics()
    topics = encode(questions, "reading topics")
    asked = [_about(groups[place]) for place in places]
    owner = np.repeat(np.arange(len(places)), [len(one) for one in asked])
    rows = encode([text for one in asked for text in one], "looking for names")
    sums = np.zeros((len(places), rows.shape[1]), np.float32)
    np.add.at(sums, owner, rows)
    sums /= np.maximum(np.sqrt((sums * sums).sum(axis=1, keepdims=True)), np.float32(1e-6))
    near = sums @ topics.T
    second, first = np.sort(near, axis=1)[:, -2:].T
    clear = (first >= CLEAR) & (first - second >= AHEAD)
    best = near.argmax(axis=1)
    for index in sorted(np.flatnonzero(clear), key=lambda index: -float(first[index])):
        if names[best[index]] not in found:
            found[places[index]] = names[best[index]]
    return found


def _about(group: Group) -> tuple[str, ...]:
    label = (group.label,) if group.label else ()
    return (*label, *group.questions()[:_LOOKED_AT])


def _read_topics() -> tuple[list[str], list[str]]:
    lines = TOPICS.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(": ", 1) for line in lines if line and not line.startswith("#")]
    return [name for name, _ in pairs], [question for _, question in pairs]


def _slug(label: str) -> str:
    """Return a label as an identifier; empty if its letters are not Latin."""
    if has_hangul(label):
        return ""
    # Letters with accents lose them; signs become _.
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", label))
    words = _LETTERS.findall(plain.encode("ascii", "ignore").decode().lower())
    return _shortened(words) if any(map(str.isalpha, "".join(words))) else ""


def _from_english(group: Group) -> str:
    questions = group.questions("en")
    words = _LETTERS.findall(typical(questions).lower().replace("'", "")) if questions else []
    telling = [word for word in dict.fromkeys(words) if word not in _STOP]
    return _shortened(telling[:_WORDS])


def _shortened(words: Sequence[str]) -> str:
    """Join words into an identifier that begins with a letter and stays readable."""
    name = "_".join(words)
    if name and not name[0].isalpha():
        name = f"faq_{name}"
    while len(name) > _LONGEST and "_" in name:
        name = name.rpartition("_")[0]
    return name[:_LONGEST]


def _free(name: str, used: set[str]) -> str:
    number = 2
    found = name
    while found in used:
        found = f"{name}_{number}"
        number += 1
    return found


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > limit // 2 else head).rstrip(" ,.·") + "…"
