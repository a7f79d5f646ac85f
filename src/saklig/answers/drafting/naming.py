"""Ids, labels and common stems for what a file only names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from saklig.language.text import printable
from saklig.study.address import LONGEST_ID, suggest_id

LONGEST_NAME = 24  # a longer column name is a question's wording
LONGEST_LABEL = 80
SHORTEST_STEM = 8
SHORTEST_BEFORE_BRACKET = 3
_SEPARATORS = re.compile(r"[\s:;.,?!\-–—\[\](){}|/…_]+$")
_LEADING = re.compile(r"^[\s:;.,?!\-–—\])}|/…_]+")
_NUMBERED = re.compile(
    r"(?P<stem>.*?[A-Za-zÅÄÖåäö].*?)(?P<mark>[_.\-]|(?<=\d)(?=[a-zA-Z])|r(?=\d+c\d+$))?(?P<suffix>(?:\d+c)?\d+|[a-zA-Z])$"
)
_IN_BRACKETS = re.compile(r"(?P<stem>[^()\[\]]+)[(\[](?P<rest>[^()\[\]]+)[)\]]")
_BRACKETED = re.compile(r"(?P<stem>[^\[\]\s]+)\[(?P<suffix>[^\[\]\s]+)\]")


def clean(words: str) -> str:
    """Words on one line, without characters that no page can hold."""
    return " ".join(printable(words).split())


def short(words: str) -> str:
    """At most LONGEST_LABEL characters, cut between words."""
    if len(words) <= LONGEST_LABEL:
        return words
    cut = words[: LONGEST_LABEL - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:–-(") + "…"


def is_wording(name: str) -> bool:
    """Whether a column's name is the question itself, as survey services export it."""
    return len(name) > LONGEST_NAME or " " in name.strip()


class Ids:
    """Hands out ids that are not yet taken."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def new(self, wanted: str) -> str:
        first = suggest_id(wanted)
        found, number = first, 2
        while found in self._taken:
            ending = f"-{number}"
            found, number = first[: LONGEST_ID - len(ending)] + ending, number + 1
        self._taken.add(found)
        return found


def name_stem(name: str) -> tuple[str, str, bool] | None:
    """(stem, suffix, whether a mark parts them): q7_2 and q7[2] → (q7, 2, True), mar3 → (mar, 3, False)."""
    if (match := _BRACKETED.fullmatch(name.strip())) and len(name.strip()) <= LONGEST_NAME:
        return match["stem"], match["suffix"], True
    match = _NUMBERED.fullmatch(name.strip())
    if not match or is_wording(name):
        return None
    return match["stem"], match["suffix"], match["mark"] is not None


def common_stem(labels: Sequence[str]) -> tuple[str, list[str]] | None:
    """What labels have in common at their beginning, or else at their end, and what is left of each.

    None where less than SHORTEST_STEM characters are common, or where nothing is left of one, or two are left alike.
    """
    for shortest, (stem, rests) in (
        (SHORTEST_STEM, _prefix(labels)),
        (SHORTEST_BEFORE_BRACKET, _before_bracket(labels)),
        (SHORTEST_STEM, _suffix(labels)),
    ):
        distinct = {rest.casefold() for rest in rests}
        if len(stem) >= shortest and all(rests) and len(distinct) == len(rests):
            return stem, rests
    return None


def _before_bracket(labels: Sequence[str]) -> tuple[str, list[str]]:
    """ "Rank (first)", "Rank (second)": the words before the bracket that differs."""
    parted = [_IN_BRACKETS.fullmatch(label) for label in labels]
    found = [match for match in parted if match]
    if len(found) < len(labels) or len({match["stem"] for match in found}) > 1:
        return "", ["" for _ in labels]
    return found[0]["stem"].strip(), [match["rest"].strip() for match in found]


def _prefix(labels: Sequence[str]) -> tuple[str, list[str]]:
    stem = _beginning(labels)
    bracket = max(stem.rfind("("), stem.rfind("["))
    if bracket >= 0 and not {")", "]"} & set(stem[bracket:]):  # never inside a bracket
        stem = stem[: bracket + 1]
    if not _SEPARATORS.search(stem):  # never inside a word
        stem = stem[: max(stem.rfind(mark) for mark in " :-–[(?.") + 1]
    rests = [_LEADING.sub("", label[len(stem) :]).strip() for label in labels]
    for opened, closed in ("[]", "()"):
        if stem.count(opened) > stem.count(closed) and all(rest.endswith(closed) for rest in rests):
            rests = [rest[:-1].strip() for rest in rests]
    return stem.strip().rstrip("-–:[(|").strip(), rests


def _suffix(labels: Sequence[str]) -> tuple[str, list[str]]:
    stem = _beginning([label[::-1] for label in labels])[::-1]
    mark = re.search(r"[\]:–—|]|\s-\s", stem)
    if not mark:
        return "", ["" for _ in labels]
    stem = stem[mark.start() :]
    rests = [label[: len(label) - len(stem)].strip(" [-–:") for label in labels]
    return stem.strip(" ]:-–—|"), rests


def _beginning(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    same = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:same]
