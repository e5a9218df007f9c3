"""Groups as a bot pack: the structure, the words and the examples of each language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sangdam.bots.definition import LANGUAGES, Language
from sangdam.bots.phrase import phrase_key, same_text_key
from sangdam.bots.script import MESSAGE_LIMIT
from scripts.importing.group import Group
from scripts.importing.naming import titles_of
from scripts.importing.note import Note
from scripts.importing.starter import HANDOFF, KINDS, Starter

SECOND_LANGUAGE = 0.2
"""The language of fewer answers is spoken too if at least this share of intents has one in it."""

WORDINGS = 6
"""Most wordings of a reply that are taken over; more are hardly ever the same thing."""

EXAMPLES = 300
"""Most examples of an intent in one language; more cost training time and teach little."""

PHRASES = 20
"""So many questions of an intent are answered in the sheet's own words without asking the model."""

THIN, ERROR_BUDGET, THIN_BUDGET = 3, 0.2, 0.1
"""Where most intents have fewer questions than this, what a model is sure of means little: then
fewer of its answers may be wrong, and it asks back instead."""

BUTTONS = 3

_FIGURE = re.compile(r"\d[\d,.]*")
_SENTENCE_END = re.compile(r"(?<=[.!?。…])\s|\n")


@dataclass(frozen=True, slots=True)
class Draft:
    """A pack before it is written: data by file name, and what an author sees beside intents."""

    bot: str
    languages: tuple[Language, ...]
    error_budget: float
    kinds: Mapping[str, str]
    remarks: Mapping[str, str]
    words: Mapping[Language, Mapping[str, Any]]
    examples: Mapping[Language, Mapping[str, Sequence[str]]]
    notes: tuple[Note, ...]


def spoken_languages(groups: Sequence[Group]) -> tuple[Language, ...]:
    """Return the languages of a bot with these answers, the one of most answers first."""
    counts = {one: sum(one in group.languages for group in groups) for one in LANGUAGES}
    rows = Counter(entry.answered_in for group in groups for entry in group.entries)
    order = sorted(LANGUAGES, key=lambda one: -rows[one])
    return tuple(
        one
        for place, one in enumerate(order)
        if place == 0 or counts[one] >= SECOND_LANGUAGE * len(groups)
    )


def owners_of(groups: Sequence[Group], starters: Sequence[Starter]) -> dict[int, str]:
    """Return which groups are an intent that every bot has, such as a greeting.

    They are those that the sheet calls so, or that share an example with it.
    """
    examples = {
        same_text_key(text): name
        for starter in starters
        for name in KINDS
        for text in starter.examples(name)
    }
    found: dict[int, str] = {}
    for place, group in enumerate(groups):
        label = group.label.lower().replace(" ", "_")
        keys = (entry.question_key for entry in group.entries)
        name = label if label in KINDS else next((examples[k] for k in keys if k in examples), "")
        if name and name not in found.values():
            found[place] = name
    return found


def draft_pack(
    bot: str,
    title: str,
    groups: Sequence[Group],
    names: Sequence[str],
    *,
    starters: Sequence[Starter],
) -> Draft:
    """Return the pack of groups called ``names``; a name may be one that every bot has."""
    notes: list[Note] = []
    taught = {entry.question_key for group in groups for entry in group.entries}
    by_name = dict(zip(names, groups, strict=True))
    languages = tuple(starter.language for starter in starters)
    kinds = {name: KINDS.get(name, "answer") for name in (*KINDS, *names)}
    words: dict[Language, Mapping[str, Any]] = {}
    examples: dict[Language, Mapping[str, Sequence[str]]] = {}
    for starter in starters:
        words[starter.language] = {
            **_words(starter, title, by_name, notes),
            "phrases": _phrases(starter, by_name, languages, taught),
        }
        examples[starter.language] = _examples(starter, by_name, languages, taught, notes)
    remarks = {name: _remark(by_name[name], words[languages[0]], name) for name in names}
    usual = median(len(group.questions()) for group in groups)
    return Draft(
        bot, languages, ERROR_BUDGET if usual >= THIN else THIN_BUDGET, kinds, remarks, words,
        examples, tuple(dict.fromkeys(notes)),
    )  # fmt: skip


def _words(
    starter: Starter, title: str, by_name: Mapping[str, Group], notes: list[Note]
) -> dict[str, Any]:
    language = starter.language
    own = {name: group for name, group in by_name.items() if name not in KINDS}
    brought = [str(starter.intents[name]["title"]) for name in KINDS]
    titles = titles_of(tuple(own.values()), language, taken=brought)
    intents: dict[str, Any] = {}
    for name in KINDS:
        intents[name] = {"title": starter.intents[name]["title"]}
        if name == HANDOFF:
            if name in by_name:
                notes.append(_handoff_note(by_name[name]))
        elif name in by_name:
            intents[name]["reply"] = _reply(by_name[name], starter, notes)
        else:
            intents[name]["reply"] = starter.intents[name]["reply"]
    for (name, group), shown in zip(own.items(), titles, strict=True):
        intents[name] = {"title": shown, "reply": _reply(group, starter, notes)}
    asked = sorted(own, key=lambda name: (-len(own[name].entries), own[name].row))
    buttons = [*asked[:BUTTONS], HANDOFF]
    shown_name = _escaped(title)
    system: dict[str, Any] = {
        key: [one.replace("{name}", shown_name) for one in value]
        if isinstance(value, list) else value
        for key, value in starter.system.items()
    }  # fmt: skip
    for key in ("welcome", "fallback"):
        system[key] = {"text": system[key], "quick_replies": buttons}
    system["offer_human"] = {"text": system["offer_human"], "quick_replies": [HANDOFF]}
    return {
        "format": 1,
        "language": language,
        "name": title,
        "system": system,
        "intents": intents,
    }


def _reply(group: Group, starter: Starter, notes: list[Note]) -> Any:
    """Return the wordings of a group's answer, and a button to a person where one is cut off."""
    answers = group.answers(starter.language)
    first = group.entries[0]
    if not answers:
        answers = group.answers()
        why = f"has no answer in {starter.language}; the other language's stands in its place"
        way_out = f"translate it in {starter.language}.yaml, or add a row with the answer"
        notes.append(Note(group.row, "doubt", why, way_out, first.question))
    if len(answers) > WORDINGS:
        why = f"its intent has {len(answers)} answers; the {WORDINGS} of most rows were kept"
        way_out = "give different things different intents"
        notes.append(Note(group.row, "doubt", why, way_out, first.question))
        answers = answers[:WORDINGS]
    _compare_figures(group, answers, notes)
    is_cut = False
    shaped = []
    for answer in answers:
        text = _escaped(answer)
        if len(text) > MESSAGE_LIMIT:
            is_cut = True
            text = _shortened(answer, starter.cut)
            row = next(e.row for e in group.entries if e.answer == answer)
            why = f"its answer has {len(answer):,} characters, the limit is {MESSAGE_LIMIT:,}"
            way_out = "shorten it, or split it into several questions; its end was cut off"
            notes.append(Note(row, "doubt", why, way_out, answer))
        shaped.append(text)
    texts: Any = list(dict.fromkeys(shaped))
    texts = texts[0] if len(texts) == 1 else texts
    return {"text": texts, "quick_replies": [HANDOFF]} if is_cut else texts


def _compare_figures(group: Group, answers: Sequence[str], notes: list[Note]) -> None:
    """Note wordings of one answer that name different figures: one of them must be wrong."""
    named = [frozenset(one.strip(".,") for one in _FIGURE.findall(text)) for text in answers]
    for one, figures in zip(answers[1:], named[1:], strict=True):
        if figures and named[0] and not (figures <= named[0] or named[0] <= figures):
            row = next(e.row for e in group.entries if e.answer == one)
            why = f"its intent's answers name different figures (compare row {group.row})"
            way_out = "correct the wrong one, or give them two intents; customers get both in turn"
            notes.append(Note(row, "contradiction", why, way_out, one))


def _shortened(answer: str, end: str) -> str:
    """Return an answer cut after a sentence, with the words that say so."""
    room = MESSAGE_LIMIT - len(end) - 1
    kept = answer[:room]
    while len(_escaped(kept)) > room:
        kept = kept[: -max(1, (len(_escaped(kept)) - room) // 2)]
    ends = [match.start() for match in _SENTENCE_END.finditer(kept)]
    if ends and ends[-1] > room // 2:
        kept = kept[: ends[-1]]
    return f"{_escaped(kept.rstrip())}\n{end}"


def _examples(
    starter: Starter,
    by_name: Mapping[str, Group],
    languages: Sequence[Language],
    taught: set[str],
    notes: list[Note],
) -> dict[str, Sequence[str]]:
    """Return the questions of each intent in one language; the first language has the strays'."""
    found: dict[str, Sequence[str]] = {}
    for name in KINDS:
        found[name] = [text for text in starter.examples(name) if same_text_key(text) not in taught]
    for name, group in by_name.items():
        mine = _asked(group, starter.language, languages)
        if len(mine) > EXAMPLES:
            why = f"its intent has {len(mine):,} questions; {EXAMPLES} spread over them were kept"
            notes.append(Note(group.row, "left out", why, "nothing to do", mine[0]))
            mine = [mine[place * len(mine) // EXAMPLES] for place in range(EXAMPLES)]
        found[name] = [*mine, *found.get(name, ())]
    found["out_of_scope"] = [
        text for text in starter.out_of_scope if same_text_key(text) not in taught
    ]
    return {name: texts for name, texts in found.items() if texts}


def _asked(group: Group, language: Language, languages: Sequence[Language]) -> list[str]:
    """Return the questions of a group in one language; the bot's first has the strays' too."""
    strays = [one for one in LANGUAGES if one not in languages]
    chosen = (language, *(strays if language == languages[0] else ()))
    return [question for one in chosen for question in group.questions(one)]


def _phrases(
    starter: Starter, by_name: Mapping[str, Group], languages: Sequence[Language], taught: set[str]
) -> dict[str, Any]:
    """Return whole messages that need no model: to give up a form, and the sheet's questions."""
    cancel = [one for one in starter.phrases["cancel"] if same_text_key(one) not in taught]
    intents = {
        name: [one for one in _asked(group, starter.language, languages) if phrase_key(one)]
        for name, group in by_name.items()
    }
    found = {name: phrases[:PHRASES] for name, phrases in intents.items() if phrases}
    return {**({"cancel": cancel} if cancel else {}), **({"intents": found} if found else {})}


def _handoff_note(group: Group) -> Note:
    why = f"intent '{HANDOFF}' hands over to a person, so its answer is not said"
    way_out = "write what is said then under system.handoff"
    return Note(group.row, "doubt", why, way_out, group.answers()[0])


def _remark(group: Group, words: Mapping[str, Any], name: str) -> str:
    rows = sorted({entry.row for entry in group.entries})
    shown = ", ".join(map(str, rows[:4])) + (" ..." if len(rows) > 4 else "")
    return f"{words['intents'][name]['title']} (row{'s' if len(rows) > 1 else ''} {shown})"


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
