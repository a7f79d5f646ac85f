"""Select-all questions and rankings that stand in a column per option."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from saklig.answers.drafting.coding import MANY_CODES, NOT_HERE, ROLES, SET_APART, Habits
from saklig.answers.drafting.naming import Ids, clean, name_stem
from saklig.answers.drafting.words import NONE_OF_THEM, Meaning, meaning_of
from saklig.answers.lookup import value_counts
from saklig.answers.marked import NOT_CHOSEN_WORDS
from saklig.answers.matching import canonical, is_blank
from saklig.answers.model import Value, Variable
from saklig.language.text import Text
from saklig.study.model import Category, Role

FEWEST_BARE = 3  # so many columns of 0 and 1 without labels make a set
_YES = frozenset({"1", "yes", "ja", "x", "true", "selected", "checked", "vald", "chosen", "mentioned", "markerad"})
_PLAIN_NO = frozenset({"0", "no", "nej", "false"})


@dataclass(frozen=True)
class Option:
    """One column of a set: the value that means chosen, whether another value says "not chosen", values not asked."""

    chosen: Value | None
    says_no: str
    not_asked: tuple[Value, ...]


def option_of(variable: Variable, habits: Habits) -> Option | None:
    """None where the column has more than one value beside "not chosen" and what is missing."""
    counts = value_counts(variable)
    labels = {canonical(value): clean(label) for value, label in variable.labels.items() if not is_blank(value)}
    declared = {canonical(value) for value in variable.missing}
    used = [canonical(value) for index, value in enumerate(variable.values) if counts[index] and not is_blank(value)]
    chosen: list[Value] = []
    not_asked: list[Value] = []
    says_no = ""
    for value in dict.fromkeys([*used, *labels]):
        words = (labels.get(value) or str(value)).casefold()
        meaning = meaning_of(words) if value in labels or value in NOT_HERE else None
        if value in NOT_HERE and value not in labels:
            if habits.tells_no_answer:
                not_asked.append(value)
        elif words in NOT_CHOSEN_WORDS or (str(value) == "0" and meaning is None):
            says_no = words
        elif meaning is Meaning.NOT_ASKED:
            not_asked.append(value)
        elif value not in declared and (value in used or meaning is None):
            chosen.append(value)
    if len(chosen) > 1:
        return None
    return Option(chosen[0] if chosen else None, says_no, tuple(not_asked))


def is_select_all(variables: Sequence[Variable], options: Sequence[Option | None], marked: bool) -> bool:
    """Whether columns that belong together are one question with several answers.

    They are where a column says "not selected", where each column holds its own option's words and nothing else, or
    where there are three or more columns of 0 and 1. Columns of yes and no are as likely a grid, and stay apart.
    """
    if len(variables) < 2 or any(option is None for option in options):
        return False
    found = [option for option in options if option]
    given = [option.chosen for option in found if option.chosen is not None]
    if len(given) < 2:
        return False
    if any(option.says_no and option.says_no not in _PLAIN_NO for option in found):
        return True
    own_words = all(isinstance(value, str) and value.casefold() not in _YES for value in given)
    if own_words and len(set(given)) == len(given):
        return True
    labelled = any(variable.labels for variable in variables)
    bare = all(value == 1 for value in given) and all(option.says_no in ("0", "") for option in found)
    return bare and not labelled and len(found) >= FEWEST_BARE and marked and any(option.says_no for option in found)


def options_as_categories(
    variables: Sequence[Variable], options: Sequence[Option], rests: Sequence[str], habits: Habits
) -> tuple[tuple[Category, str], ...]:
    """A category for each column, with the column's name. Its code is what the column holds, or else its number."""
    values = [option.chosen for option in options]
    own = all(isinstance(value, str) and value.casefold() not in _YES for value in values if value is not None)
    own = own and len({value for value in values if value is not None}) == sum(value is not None for value in values)
    ids = Ids()
    found: list[tuple[Category, str]] = []
    for place, (variable, value, rest) in enumerate(zip(variables, values, rests, strict=True), start=1):
        code: Value = value if own and value is not None else _number(variable.name, place)
        words = clean(str(value)) if own and value is not None and rest == variable.name else clean(rest)
        meaning = meaning_of(words)
        role = ROLES.get(meaning, Role.ANSWER) if meaning else Role.ANSWER
        category = Category(id=ids.new(str(code)), label=Text.of({habits.language: words}), code=code, role=role)
        found.append((excluding([category])[0], variable.name))
    codes = [canonical(category.code) for category, _ in found]
    if len(set(codes)) < len(codes):
        found = [(_numbered(category, place), name) for place, (category, name) in enumerate(found, start=1)]
    return tuple(found)


def excluding(categories: Sequence[Category]) -> tuple[Category, ...]:
    """The same categories, of which "none of these" excludes the others."""
    return tuple(
        replace(category, exclusive=category.role is Role.ANSWER and NONE_OF_THEM.fullmatch(label) is not None)
        for category in categories
        for label in (category.label.words[0][1],)
    )


def _number(name: str, place: int) -> int:
    stem = name_stem(name)
    return int(stem[1]) if stem and stem[1].isdigit() else place


def _numbered(category: Category, place: int) -> Category:
    return Category(id=str(place), label=category.label, code=place, role=category.role, exclusive=category.exclusive)


def chosen_values(options: Sequence[Option]) -> tuple[Value, ...]:
    """The value that means chosen, where it is one and the same; () where each column has its own words."""
    values = {canonical(option.chosen) for option in options if option.chosen is not None}
    return tuple(values) if len(values) == 1 else ()


def ranking_places(variables: Sequence[Variable]) -> int:
    """How many places were given in columns that hold places 1, 2, … of a ranking; 0 where they do not."""
    if len(variables) < FEWEST_BARE:
        return 0
    columns = []
    for variable in variables:
        missing = {canonical(value) for value in variable.missing}
        places = np.zeros(len(variable.values) + 1, dtype=np.int64)
        counts = value_counts(variable)
        for index, value in enumerate(variable.values):
            key = canonical(value)
            if not counts[index] or key in missing or is_blank(value):
                continue
            if variable.labels.get(value) or not isinstance(key, int) or not 1 <= key <= len(variables):
                return 0
            places[index] = key
        columns.append(places[variable.codes])
    given = np.stack(columns, axis=1)
    highest = int(given.max(initial=0))
    for place in range(1, highest + 1):
        times = (given == place).sum(axis=1)
        if (times > 1).any() or not times.any():
            return 0
    return highest if highest >= 2 else 0


def repeats_a_code(variables: Sequence[Variable]) -> bool:
    """Whether some row has the same value in two of the columns."""
    place: dict[Value, int] = {}
    columns = []
    for variable in variables:
        missing = {canonical(value) for value in variable.missing}
        table = np.full(len(variable.values) + 1, -1, dtype=np.int64)
        for index, value in enumerate(variable.values):
            key = canonical(value)
            if not is_blank(value) and key not in missing:
                table[index] = place.setdefault(key, len(place))
        columns.append(table[variable.codes])
    return any(
        bool(((one == other) & (one >= 0)).any()) for at, one in enumerate(columns) for other in columns[at + 1 :]
    )


FEWEST_DOUBLES = 5.0  # so many would have been expected by chance


@dataclass(frozen=True)
class Mentions:
    """Codes in columns of the first, second, … choice. `full`: who made one choice made them all."""

    values: tuple[Value, ...]
    full: bool


def mentions(variables: Sequence[Variable]) -> Mentions | None:
    """None where columns of bare whole numbers repeat a code in a row, or where chance might have kept them from it.

    Codes that are set apart (98, 99) stand in the first column for the whole, and are left out of this.
    """
    columns = []
    for variable in variables:
        missing = {canonical(value) for value in variable.missing}
        codes = np.full(len(variable.values) + 1, -1, dtype=np.int64)
        for index, value in enumerate(variable.values):
            key = canonical(value)
            if is_blank(value) or key in missing or key in SET_APART:
                continue
            if variable.labels.get(value) or not isinstance(key, int) or not 0 <= key <= MANY_CODES:
                return None
            codes[index] = key
        columns.append(codes[variable.codes])
    given = np.stack(columns, axis=1)
    expected = 0.0
    for first in range(len(columns)):
        for second in range(first):
            one, other = (given[(given[:, [first, second]] >= 0).all(axis=1)][:, at] for at in (first, second))
            if (one == other).any():
                return None
            if len(one):
                shares = [np.bincount(each, minlength=MANY_CODES + 1) / len(one) for each in (one, other)]
                expected += len(one) * float(shares[0] @ shares[1])
    if expected < FEWEST_DOUBLES:
        return None
    answered = given[(given >= 0).any(axis=1)]
    values = {value for variable in variables for value in variable.values if not is_blank(value)}
    return Mentions(
        tuple(sorted({canonical(value) for value in values}, key=lambda value: float(value))),
        bool((answered >= 0).all()),
    )
