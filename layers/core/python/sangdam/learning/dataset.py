"""The rows a model learns from: cleaned, each text once, each with one meaning."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sangdam.bots.definition import Example
from sangdam.nlu.understanding import OUT_OF_SCOPE
from sangdam.text.normalise import normalise

_WORD_BREAK = re.compile(r"[\s_\-/.:]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Dataset:
    """Normalised texts with their intents, and the texts that must not be answered.

    ``texts[i]`` means ``intents[i]``; ``names`` are the intents in order. ``duplicates`` counts
    rows that said the same again; ``contradictions`` lists texts given several intents (the rows
    of the majority are kept, none without a majority); ``empty`` counts rows without a character.
    """

    texts: tuple[str, ...]
    intents: tuple[str, ...]
    names: tuple[str, ...]
    out_of_scope: tuple[str, ...]
    duplicates: int
    contradictions: tuple[str, ...]
    empty: int

    def __len__(self) -> int:
        return len(self.texts)


def clean(examples: Iterable[Example]) -> Dataset:
    """Return the dataset of examples, in the order in which their texts first appear.

    Texts are the same when they are equal after normalisation. A text given several intents keeps
    the one that more than half of its rows name; otherwise the text is dropped.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    empty = duplicates = 0
    for example in examples:
        text = normalise(example.text)
        if not text:
            empty += 1
            continue
        votes[text][example.intent] += 1
    kept: list[tuple[str, str]] = []
    contradictions: list[str] = []
    for text, counts in votes.items():
        intent, most = counts.most_common(1)[0]
        total = counts.total()
        duplicates += total - len(counts)
        if len(counts) > 1:
            contradictions.append(text)
            if 2 * most <= total:
                continue
        kept.append((text, intent))
    known = [(text, intent) for text, intent in kept if intent != OUT_OF_SCOPE]
    return Dataset(
        texts=tuple(text for text, _ in known),
        intents=tuple(intent for _, intent in known),
        names=tuple(sorted({intent for _, intent in known})),
        out_of_scope=tuple(text for text, intent in kept if intent == OUT_OF_SCOPE),
        duplicates=duplicates,
        contradictions=tuple(contradictions),
        empty=empty,
    )


def title_examples(
    dataset: Dataset, titles: Mapping[str, Sequence[str]] | None
) -> tuple[tuple[str, str], ...]:
    """Return (text, intent) pairs made of the intents' own names, each one more example.

    With few examples a name is worth one: ``card_arrival`` reads "card arrival". A name that says
    nothing (no word of two letters), is shared by several intents, or stands in the dataset already
    is left out.
    """
    known = set(dataset.texts)
    owners: dict[str, set[str]] = defaultdict(set)
    for name in dataset.names:
        for title in (words_of_name(name), *(titles or {}).get(name, ())):
            text = normalise(title)
            if any(len(word) > 1 and word.isalpha() for word in text.split()):
                owners[text].add(name)
    return tuple(
        (text, next(iter(names)))
        for text, names in owners.items()
        if len(names) == 1 and text not in known
    )


def words_of_name(name: str) -> str:
    """Return the words an intent's name is made of; numbers say nothing and are left out.

    >>> words_of_name("Refund_not_showing_up"), words_of_name("shopping/altQuestion_12")
    ('Refund not showing up', 'shopping alt Question')
    """
    words = _WORD_BREAK.split(_CAMEL.sub(" ", name))
    return " ".join(word for word in words if word and not word.isdigit())
