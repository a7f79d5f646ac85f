"""Which columns results are likely to be broken down by."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.answers.drafting.coding import Coding
from saklig.answers.drafting.naming import Ids, clean
from saklig.answers.lookup import value_counts
from saklig.answers.matching import as_number, canonical
from saklig.answers.model import Variable
from saklig.language.text import Text
from saklig.study.model import Background, Group, Role

MOST_BACKGROUNDS = 8
MOST_GROUPS = 12
FEWEST_IN_GROUP = 5
LONGEST_LABEL = 60  # a longer label asks for something else than who the respondent is

# What surveys break down by, most usual first: names of columns, and whole labels.
_CONCEPTS: tuple[tuple[str, str, str], ...] = (
    (
        "sex",
        r"sex|gender|kön|kon|sexc|kvinnaman",
        r"(?:respondent['’]?s? )?(?:sex|gender)|kön|(?:what is )?your gender|are you:?",
    ),
    (
        "age",
        r"age|ålder|alder|agegroup|agegrp|agecat|agegr|ageband|åldersgrupp|aldersgrupp|age\d|agec",
        r"(?:age|ålder)(?: ?(?:group|of respondent|category|klass))?|åldersgrupp|what is your age\??|"
        r"respondent['’]?s? age",
    ),
    (
        "region",
        r"region|län|lan|county|area|landsdel|nuts\d?|division|del|part|uscensusregion",
        r"(?:census )?region.*|län|landsdel|location \(.*region\)|region of interview",
    ),
    (
        "education",
        r"edu|educ|education|degree|utbildning|utbildningsnivå|educ\d|edulevel",
        r"(?:highest )?(?:level of )?education.*|.*highest degree|utbildning.*",
    ),
    (
        "employment",
        r"wrkstat|employment|empstat|sysselsättning|occupation|yrke|arbetsmarknad",
        r"(?:employment|labou?r force) status|sysselsättning",
    ),
    ("marital", r"marital|civilstånd|civil|marstat|marst", r"marital status|civilstånd"),
    (
        "income",
        r"income|inkomst|hhincome|incomegrp|income\d*",
        r"(?:household |total family |annual )*income|(?:hushålls)?inkomst",
    ),
    ("ethnicity", r"race|ethnicity|ethnic|racethn?\w?|race\d", r"(?:race|ethnicity)(?: of respondent)?"),
    ("children", r"kids|children|haskids|barn", r"(?:has |any )?children|barn i hushållet"),
    (
        "size",
        r"size|storlek|sizeband|storleksklass|kommunstorlek",
        r"(?:company|municipality|organi[sz]ation)?['’ s]*size|(?:kommunens )?storlek",
    ),
    (
        "type",
        r"type|kommuntyp|kommungrupp|bransch|sector|sektor|industry",
        r"kommuntyp|kommungrupp|bransch|sektor|industry|sector",
    ),
    ("party", r"party|parti|partyid|partisympati", r"political party affiliation|partisympati"),
    ("urban", r"urban|tätort|tatort|urbanrural|urbanity", r"urban(?:/| or )rural|type of (?:community|place)"),
)
_PATTERNS = tuple((concept, re.compile(name, re.I), re.compile(label, re.I)) for concept, name, label in _CONCEPTS)
_DIFFERENT = re.compile(r"\d+$")
_AGE_BOUNDS = (0, 16, 30, 45, 65)
_AGE_RANGE = (0, 120)


@dataclass(frozen=True)
class Candidate:
    """A column that is coded, with the id and the label that its background would have."""

    variable: Variable
    coding: Coding
    label: Text


def likely_backgrounds(
    candidates: Sequence[Candidate], same: Callable[[str], Text]
) -> tuple[tuple[Background, str], ...]:
    """At most MOST_BACKGROUNDS backgrounds, one a concept, each with its column; groups that nobody is in are kept."""
    best: dict[str, tuple[int, Candidate]] = {}
    for candidate in candidates:
        concept, score = _concept(candidate.variable)
        if concept and (concept not in best or score > best[concept][0]) and _groups(candidate, same):
            best[concept] = (score, candidate)
    ids = Ids()
    found: list[tuple[Background, str]] = []
    for concept, _, _ in _PATTERNS:
        if concept in best and len(found) < MOST_BACKGROUNDS:
            candidate = best[concept][1]
            name = candidate.variable.name
            identity = ids.new(name if len(name) <= 24 and " " not in name else concept)
            background = Background(id=identity, label=candidate.label, groups=_groups(candidate, same))
            found.append((background, name))
    return tuple(found)


def _concept(variable: Variable) -> tuple[str, int]:
    """The concept and how surely: 3 by the exact name, 2 by a numbered one, 1 by the label."""
    name, label = variable.name.strip(), clean(variable.label).strip(" .:?")
    plain = re.sub(r"[\s_.\-]", "", name)
    for concept, names, labels in _PATTERNS:
        if names.fullmatch(plain):
            return concept, 2 if _DIFFERENT.search(plain) else 3
        if len(label or name) <= LONGEST_LABEL and labels.fullmatch(label or name.strip(" .:?")):
            return concept, 1
    return "", 0


def _groups(candidate: Candidate, same: Callable[[str], Text]) -> tuple[Group, ...]:
    """The groups, or none where there are too few or too many, or too few respondents in almost all."""
    variable, coding = candidate.variable, candidate.coding
    counts = value_counts(variable)
    if coding.numeric:
        return _age_groups(candidate, counts, same)
    given = {canonical(value): int(counts[index]) for index, value in enumerate(variable.values)}
    answers = [category for category in coding.categories if category.role is Role.ANSWER]
    groups = tuple(
        Group(id=category.id, label=category.label, codes=(category.code,))
        for category in answers
        if given.get(canonical(category.code))
    )
    large = sum(given[canonical(group.codes[0])] >= FEWEST_IN_GROUP for group in groups)
    return groups if 2 <= len(groups) <= MOST_GROUPS and large >= 2 else ()


def _age_groups(candidate: Candidate, counts: NDArray[np.int64], same: Callable[[str], Text]) -> tuple[Group, ...]:
    """Age in years by the bounds that official statistics use; none for other numbers."""
    variable = candidate.variable
    if _concept(variable)[0] != "age":
        return ()
    codes = {canonical(category.code) for category in candidate.coding.categories}
    codes |= {canonical(value) for value in candidate.coding.not_asked}
    declared = {canonical(value) for value in variable.missing}
    missing = declared | codes
    top = _AGE_RANGE[1] if codes - declared else None  # else 999 would be among the oldest
    ages = {
        float(number): int(counts[index])
        for index, value in enumerate(variable.values)
        if counts[index] and canonical(value) not in missing and (number := as_number(value)) is not None
    }
    if not ages or min(ages) < _AGE_RANGE[0] or max(ages) > _AGE_RANGE[1] or len(ages) < 2 * len(_AGE_BOUNDS):
        return ()
    groups = []
    for lower, upper in zip(_AGE_BOUNDS, (*_AGE_BOUNDS[1:], None), strict=True):
        inside = sum(count for age, count in ages.items() if age >= lower and (upper is None or age < upper))
        if inside:
            last = None if upper is None else upper - 1
            identity = f"{lower}-plus" if last is None else f"{lower}-{last}"
            words = f"{lower}+" if last is None else f"{lower}–{last}"
            groups.append(Group(id=identity, label=same(words), lower=lower, upper=top if last is None else last))
    return tuple(groups) if len(groups) >= 2 else ()
