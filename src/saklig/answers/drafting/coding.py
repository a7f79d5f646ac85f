"""From a column's labels and values to a code list: the answers, what is missing, what was not asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from saklig.answers.drafting.naming import Ids, clean
from saklig.answers.drafting.words import LAST, Meaning, is_rating, meaning_of, scale_order
from saklig.answers.lookup import value_counts
from saklig.answers.matching import as_number, canonical, is_blank
from saklig.answers.measured import can_be_added
from saklig.answers.model import Value, Variable
from saklig.language.text import Text
from saklig.study.model import Category, Role

ROLES: Mapping[Meaning, Role] = {
    Meaning.DONT_KNOW: Role.DONT_KNOW,
    Meaning.REFUSED: Role.REFUSED,
    Meaning.NO_ANSWER: Role.NO_ANSWER,
}
NOT_HERE = frozenset({"NA", "N/A", "#N/A", "NaN", "nan", "NULL", "#NULL!", "."})  # how programs write "nothing here"
MANY_CODES = 100  # a longer code list is a classification, such as of occupations
FEW_NUMBERS = 10  # so many different whole numbers without labels may still be codes
LONGEST_SCALE = 11
_SHORT_FOR_MISSING = re.compile(r"n\.?a\.?|no answer|ej svar|uppgift saknas", re.IGNORECASE)
SET_APART = frozenset({-99, -98, -97, -9, -8, -7, 77, 88, 96, 97, 98, 99, 777, 888, 996, 997, 998, 999})
"""Codes by which surveys set "other", "don't know" and the like apart from the answers."""


@dataclass(frozen=True)
class Coding:
    """How a column is coded. `numeric`: it holds numbers, and `categories` only what is missing beside them.

    `guessed`: the answers, or some of them, are in alphabetical order, for want of a better one. `labelled`: every code
    has a label. `apart`: numbers that are taken for codes of a missing answer, since they lie far from the others.
    """

    categories: tuple[Category, ...]
    not_asked: tuple[Value, ...] = ()
    numeric: bool = False
    rating: bool = False
    ends_labelled: bool = False
    guessed: bool = False
    labelled: bool = True
    apart: tuple[Value, ...] = ()

    @property
    def answers(self) -> tuple[Category, ...]:
        return tuple(category for category in self.categories if category.role is Role.ANSWER)

    @property
    def answer_codes(self) -> tuple[Value, ...]:
        return tuple(category.code for category in self.answers)


@dataclass(frozen=True)
class Habits:
    """What holds for a file as a whole. `tells_no_answer`: item non-response has a code, so that "NA" is not asked."""

    language: str
    tells_no_answer: bool = False


def coding_of(variable: Variable, habits: Habits, texts: Mapping[Value, Text] | None = None) -> Coding:
    """`texts`: what a questionnaire says of the values, before the file's own labels."""
    words = _Labels(variable, habits, texts or {})
    counts = value_counts(variable)
    used = [canonical(value) for index, value in enumerate(variable.values) if counts[index] and not is_blank(value)]
    declared = {canonical(value) for value in variable.missing}
    known = list(dict.fromkeys([*words.values, *used]))
    not_asked, missing, answers = [], [], []
    for value in known:
        meaning = words.meaning(value, declared)
        if meaning is Meaning.NOT_ASKED:
            not_asked.append(value)
        elif meaning is not None:
            if value in words.values or value not in declared:
                missing.append((value, ROLES[meaning]))
        elif value in used or words.has(value):
            answers.append(value)
    rest = _Rest(tuple(missing), tuple(not_asked))
    apart = () if declared else _far_apart([value for value in answers if value in used and not words.has(value)])
    numbers = [value for value in answers if value in used and value not in apart]
    if _is_numeric(answers, used, words) and _can_be_added(numbers):
        rest = replace(rest, missing=(*rest.missing, *((value, Role.NO_ANSWER) for value in apart)))
        return Coding(words.categories((), rest.missing), rest.not_asked, numeric=True, apart=apart)
    return _coded(answers, rest, words)


@dataclass(frozen=True)
class _Rest:
    missing: tuple[tuple[Value, Role], ...]
    not_asked: tuple[Value, ...]


_TRUTH: Mapping[Value, str] = {1: "true", 0: "false"}
_YES_AND_NO = {"sv": ("Ja", "Nej"), "en": ("Yes", "No")}


class _Labels:
    """The labels of a column's values, by canonical value."""

    def __init__(self, variable: Variable, habits: Habits, texts: Mapping[Value, Text]) -> None:
        self._habits = habits
        self._texts = {canonical(value): text for value, text in texts.items()}
        self._labels = {canonical(value): clean(label) for value, label in variable.labels.items()}
        if self._labels == _TRUTH:  # a logical variable: the answers to a question that is asked
            self._labels = dict(zip(_TRUTH, _YES_AND_NO.get(habits.language[:2], _TRUTH.values()), strict=True))
        self.values = [value for value in dict.fromkeys([*self._texts, *self._labels]) if not is_blank(value)]

    def has(self, value: Value) -> bool:
        return value in self._texts or bool(self._labels.get(value))

    def speaks(self, value: Value) -> bool:
        """Whether it has words of its own: files also label 2 as "2"."""
        return self.has(value) and self.words(value) != str(value)

    def words(self, value: Value) -> str:
        text = self._texts.get(value)
        return text.words[0][1] if text else self._labels.get(value) or clean(str(value)) or "–"

    def text(self, value: Value) -> Text:
        return self._texts.get(value) or Text.of({self._habits.language: self.words(value)})

    def meaning(self, value: Value, declared: set[Value]) -> Meaning | None:
        if value in NOT_HERE and not self.has(value):
            return Meaning.NOT_ASKED if self._habits.tells_no_answer else Meaning.NO_ANSWER
        found = meaning_of(self.words(value)) if self.has(value) or isinstance(value, str) else None
        known = declared and value not in declared and found in (Meaning.NO_ANSWER, Meaning.NOT_ASKED)
        if known and not _SHORT_FOR_MISSING.fullmatch(self.words(value)):
            return None  # the file knows its missing values, so that here "not available" is an answer
        return found or (Meaning.NO_ANSWER if value in declared else None)

    def categories(self, answers: tuple[Value, ...], missing: tuple[tuple[Value, Role], ...]) -> tuple[Category, ...]:
        ids, shown = Ids(), set[str]()
        found = []
        for value, role in (*((value, Role.ANSWER) for value in answers), *missing):
            label = self.text(value)
            if label.words[0][1] in shown:  # two codes with one label: told apart by the code
                label = Text.of({language: f"{words} ({value})" for language, words in label.words})
            shown.add(label.words[0][1])
            found.append(Category(id=ids.new(str(value)), label=label, code=value, role=role))
        return tuple(found)


def _is_numeric(answers: list[Value], used: list[Value], words: _Labels) -> bool:
    """Numbers rather than codes: more of them than codes would be, and hardly any carries a label."""
    given = [value for value in answers if value in used]
    bare = [value for value in given if not words.has(value)]
    if not bare or any(as_number(value) is None for value in given):
        return False
    if any(isinstance(value, float) for value in bare):
        return True
    numbers = sorted(value for value in given if isinstance(value, int))
    if not numbers:  # texts such as "3,5"; "0114" is a code
        return len(given) > FEW_NUMBERS and any("," in str(value) for value in given)
    if _is_end_labelled(answers, numbers, words):
        return False
    codes = [number for number in numbers if number not in SET_APART] or numbers
    wide = codes[-1] - codes[0] > 3 * FEW_NUMBERS
    return len([value for value in bare if value in codes]) > FEW_NUMBERS or (len(bare) >= len(given) / 2 and wide)


def _can_be_added(numbers: list[Value]) -> bool:
    """Else they are codes, such as the numbers of accounts: `check` would refuse them as numbers."""
    found = [as_number(value) for value in numbers]
    return can_be_added([number for number in found if number is not None])


_NINES = re.compile(r"9{2,}[6-9]|8{3,}|7{3,}")
_FAR = 2  # times as large as the largest of the other numbers
_MOST_BELOW_ZERO = 3


def _far_apart(values: list[Value]) -> tuple[Value, ...]:
    """Numbers such as 999 and −9 beside others of another size: files without labels mean “no answer” by them."""
    numbers = [value for value in values if not isinstance(value, str)]
    high = [number for number in numbers if _NINES.fullmatch(str(number))]
    low = [number for number in numbers if number < 0]
    if len(low) > _MOST_BELOW_ZERO or not all(-10 < number < 0 or number in _BELOW_ZERO for number in low):
        low = []
    usual = [number for number in numbers if number not in high and number not in low]
    if len(usual) <= len(high) + len(low):
        return ()
    high = [number for number in high if number > _FAR * max(usual)]
    return tuple(sorted([*low, *high]))


_BELOW_ZERO = frozenset({-77, -88, -97, -98, -99, -777, -888, -997, -998, -999, -9997, -9998, -9999})


def _is_end_labelled(answers: list[Value], numbers: list[int], words: _Labels) -> bool:
    """A scale such as 1 "hard-working" … 7 "lazy" of which the steps between carry no words."""
    labelled = sorted(value for value in answers if isinstance(value, int) and words.speaks(value))
    if len(labelled) < 2 or not numbers:
        return False
    low, high = labelled[0], labelled[-1]
    between = [number for number in numbers if low < number < high and number not in labelled]
    inside = low <= numbers[0] and numbers[-1] <= high and high - low < LONGEST_SCALE
    return inside and len(labelled) <= 3 and bool(between)


def _coded(answers: list[Value], rest: _Rest, words: _Labels) -> Coding:
    numbers = [value for value in answers if isinstance(value, int)]
    ends = len(numbers) == len(answers) and _is_end_labelled(answers, sorted(numbers), words)
    if ends:  # the steps that nobody chose were offered too
        elsewhere = {*rest.not_asked, *(value for value, _ in rest.missing)}
        answers = [value for value in range(min(numbers), max(numbers) + 1) if value not in elsewhere]
    ordered, guessed = _ordered(answers, words)
    categories = words.categories(tuple(ordered), rest.missing)
    labels = [words.words(value) for value in ordered if not LAST.fullmatch(words.words(value))]
    whole = len(numbers) == len(answers) and 3 <= len(answers) <= LONGEST_SCALE
    rating = ends or (whole and len(labels) == len(ordered) and is_rating(labels))
    if rating:
        categories = tuple(
            replace(category, score=category.code)
            if category.role is Role.ANSWER and isinstance(category.code, int)
            else category
            for category in categories
        )
    labelled = [value for value in ordered if words.has(value)]
    speaking = [value for value in ordered if words.speaks(value)]
    return Coding(
        categories,
        rest.not_asked,
        rating=rating,
        ends_labelled=ends and speaking == [ordered[0], ordered[-1]],
        guessed=guessed,
        labelled=len(labelled) == len(ordered),
    )


def _ordered(answers: list[Value], words: _Labels) -> tuple[list[Value], bool]:
    """The answers in the order shown, and whether that is only alphabetical: the file's, or else by what they say.

    Never the order of appearance, which tells what the first respondents answered. Answers on one step of a scale, or
    outside it, are in alphabetical order.
    """
    if all(words.has(value) for value in answers):
        return answers, False
    if not any(isinstance(value, str) for value in answers):
        return sorted(answers, key=lambda value: float(value)), False
    labels = [words.words(value) for value in answers]
    last = [bool(LAST.fullmatch(label)) for label in labels]
    places = scale_order(labels) or _by_number(labels)
    steps = dict(enumerate(places or ()))
    keys = sorted(
        range(len(answers)), key=lambda at: (last[at], steps.get(at, (0.0,)), labels[at].casefold(), labels[at])
    )
    told = [steps[at] for at in keys if not last[at]] if places else []
    return [answers[at] for at in keys], places is None or len(set(told)) < len(told)


_NUMBER = re.compile(r"\d+(?:[ ,.\u00a0]\d{3})*(?:\.\d+)?")


def _by_number(labels: list[str]) -> list[tuple[float, ...]] | None:
    """Ranges such as "$25,000 - $49,999" by their numbers; "under" comes before and "over" after the first of them."""
    found = []
    for label in labels:
        numbers = [float(re.sub(r"[ ,\u00a0](?=\d{3})", "", match)) for match in _NUMBER.findall(label)]
        if not numbers:
            return None
        number, *others = numbers
        below = re.match(r"\s*(?:<|≤|under|less|below|upp? to|up to|mindre|högst)", label, re.IGNORECASE)
        above = re.match(r"\s*(?:>|≥|over|more than|above|över|mer än)", label, re.IGNORECASE)
        found.append((number - 0.5 if below else number + 0.5 if above else number, *others))
    return found
