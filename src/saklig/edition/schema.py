"""What every row of an edition obeys, checked before rows are written and after they are read."""

from __future__ import annotations

import numpy as np

from saklig.edition.errors import EditionError
from saklig.edition.facts import ADDRESS_COLUMNS, NONE, NUMBER_COLUMNS, Facts, Labels, Status
from saklig.edition.lookup import combined_codes
from saklig.language.catalog import say
from saklig.study.address import STAT, AddressError, check_id
from saklig.study.model import Study

SMALL_COLUMNS = ("count", "base", "df")
"""Written as int32; the other numbers as int64."""
MOST_DECIMALS = 9


def check_facts(facts: Facts, study: Study) -> None:
    """Raises EditionError for the first rule that a row breaks, naming the column and, where it helps, the row."""
    for name, labels in (*facts.address.items(), ("status", facts.status)):
        _check_labels(name, labels, len(facts))
    _check_ids(facts)
    _check_known(facts, study)
    _check_numbers(facts)
    key = combined_codes(facts.address.values())
    order = np.argsort(key, kind="stable")
    twice = np.flatnonzero(np.diff(key[order]) == 0)
    if len(twice):
        raise EditionError(
            say(
                "two rows of the facts have one address: rows {first} and {second}",
                first=order[twice[0]],
                second=order[twice[0] + 1],
            )
        )


def _check_labels(name: str, labels: Labels, rows: int) -> None:
    codes = labels.codes
    if len(codes) != rows or (rows and not (codes.min() >= 0 and codes.max() < len(labels.values))):
        raise EditionError(
            say("the column “{name}” of the facts has codes outside its dictionary, or another length", name=name)
        )
    if len(set(labels.values)) != len(labels.values):
        raise EditionError(say("the dictionary of the column “{name}” of the facts holds a text twice", name=name))


def _check_ids(facts: Facts) -> None:
    if tuple(facts.address) != ADDRESS_COLUMNS:
        raise EditionError(say("the facts' address columns are not {columns}", columns=", ".join(ADDRESS_COLUMNS)))
    for name, labels in facts.address.items():
        for text in filter(None, labels.values):
            try:
                if name != "stat":
                    check_id(text, name)
                elif not STAT.fullmatch(text):
                    raise AddressError(say("there is no statistic “{text}”", text=text))
            except AddressError as error:
                raise EditionError(say("the column “{name}” of the facts: {error}", name=name, error=error)) from None
    unknown = set(facts.status.values) - {status.value for status in Status}
    if unknown:
        raise EditionError(
            say("the column “status” of the facts holds “{value}”, which is no status", value=sorted(unknown)[0])
        )


def _check_known(facts: Facts, study: Study) -> None:
    """Every wave, question, item and background variable of a row stands in the study."""
    backgrounds = {background.id for background in study.backgrounds}
    known = {
        "wave": {wave.id for wave in study.waves},
        "wave2": {wave.id for wave in study.waves} | {""},
        "question": {question.id for question in study.questions},
        "item": {item.id for question in study.questions for item in question.items} | {""},
        "by1": backgrounds | {""},
        "by2": backgrounds | {""},
    }
    for name, ids in known.items():
        labels = facts.address[name]
        used = {labels.values[code] for code in np.unique(labels.codes)}
        if strange := sorted(used - ids):
            raise EditionError(
                say(
                    "the column “{name}” of the facts names “{value}”, which the study does not have",
                    name=name,
                    value=strange[0],
                )
            )


def _check_numbers(facts: Facts) -> None:
    statuses = np.array([Status(text) for text in facts.status.values])
    status = statuses[facts.status.codes] if len(facts) else np.empty(0)
    published, withheld = status == Status.PUBLISHED, status == Status.WITHHELD
    for name in NUMBER_COLUMNS:
        numbers = facts.numbers(name)
        if len(numbers) != len(facts):
            raise EditionError(say("the column “{name}” of the facts has another length than the others", name=name))
        there = numbers != NONE
        if np.any(there & withheld):
            row = int(np.flatnonzero(there & withheld)[0])
            raise EditionError(
                say("row {row} of the facts is withheld, and yet has a number in “{name}”", row=row, name=name)
            )
        if name in SMALL_COLUMNS and np.any(there & ((numbers < 0) | (numbers > np.iinfo(np.int32).max))):
            raise EditionError(
                say("the column “{name}” of the facts holds a number below 0 or above 2 147 483 647", name=name)
            )
    valued = facts.value != NONE
    if np.any(valued != published):
        row = int(np.flatnonzero(valued != published)[0])
        raise EditionError(
            say("row {row} of the facts has a value without being published, or is published without one", row=row)
        )
    if np.any((facts.decimals < 0) | (facts.decimals > MOST_DECIMALS)) or len(facts.decimals) != len(facts):
        raise EditionError(
            say(
                "the column “decimals” of the facts holds a number outside 0–{most}",
                most=MOST_DECIMALS,
            )
        )
