"""The columns of the sampling design: weights, strata, persons."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from saklig.answers.findings import Findings, codes_in_words, counted, rows_in_words, some
from saklig.answers.lookup import find_variable, value_counts
from saklig.answers.matching import as_number, canonical, is_blank
from saklig.answers.model import Source, Value, Variable
from saklig.language.catalog import say
from saklig.study.address import suggest_id
from saklig.study.model import Wave

Rows = NDArray[np.int64]  # for each respondent the position in the file, from 1
_NO_PERSON = -1


def bind_quantity(name: str, source: Source, rows: Rows, place: str, findings: Findings) -> NDArray[np.float64]:
    """float64 (n,), a number of every respondent; missing ones are errors that name rows."""
    variable = find_variable(source, name, place, findings)
    if variable is None:
        return np.zeros(source.rows)
    numbers = _numbers(variable)
    if (absent := ~np.isfinite(numbers)).any():
        wrong = say(
            "the quantity in the column “{name}” is missing or no number for {rows}; weighting needs it of everyone",
            name=name,
            rows=rows_in_words(absent, rows),
        )
        findings.error(place, wrong)
    return numbers


def _numbers(variable: Variable) -> NDArray[np.float64]:
    """NaN where there is none."""
    table = np.full(len(variable.values) + 1, np.nan)
    missing = frozenset(map(canonical, variable.missing))
    for index, value in enumerate(variable.values):
        number = None if is_blank(value) or canonical(value) in missing else as_number(value)
        table[index] = np.nan if number is None else float(number)
    found: NDArray[np.float64] = table[variable.codes]
    return found


def bind_weights(name: str, source: Source, rows: Rows, place: str, findings: Findings) -> NDArray[np.float64]:
    """float64 (n,). Negative and missing weights are errors that name rows, never weights; all zero is one too."""
    ones = np.ones(source.rows)
    variable = find_variable(source, name, place, findings)
    if variable is None:
        return ones
    weights = _numbers(variable)
    absent, negative = ~np.isfinite(weights), weights < 0
    what = say("the weight in the column “{name}”", name=name)
    if absent.any():
        findings.error(
            place,
            say(
                "{what} is missing or no number for {rows}; give every respondent a weight, or "
                "leave them out with `where`",
                what=what,
                rows=rows_in_words(absent, rows),
            ),
        )
    if negative.any():
        findings.error(
            place,
            say(
                "{what} is negative for {rows}; a weight is 0 or more",
                what=what,
                rows=rows_in_words(negative, rows),
            ),
        )
    if absent.any() or negative.any():
        return ones
    zero = int((weights == 0).sum())
    if zero == source.rows:
        findings.error(place, say("{what} is 0 for everyone; name the right column, or none", what=what))
        return ones
    if zero:
        findings.remark(place, say("{who} with the weight 0: counted in bases only", who=some(zero)))
    return weights


def bind_strata(
    name: str, wave: Wave, source: Source, rows: Rows, place: str, findings: Findings
) -> tuple[NDArray[np.int32] | None, tuple[str, ...]]:
    """int32 (n,), positions in the ids returned: the wave's strata first, else those of the data in their order."""
    strata, ids = stratum_positions(name, wave, source, rows, place, findings)
    if strata is not None:
        _check_populations(strata, wave, place, findings)
    return strata, ids


def stratum_positions(
    name: str, wave: Wave, source: Source, rows: Rows, place: str, findings: Findings
) -> tuple[NDArray[np.int32] | None, tuple[str, ...]]:
    """As `bind_strata`, of rows that need not be respondents: their number is not compared with the population."""
    variable = find_variable(source, name, place, findings)
    if variable is None:
        return None, ()
    listed = {stratum.id: position for position, stratum in enumerate(wave.strata)}
    ids = list(listed)
    labels = {canonical(value): label for value, label in variable.labels.items()}
    counts = value_counts(variable)
    table = np.full(len(variable.values) + 1, -1, dtype=np.int32)
    unlisted: list[int] = []
    for index, value in enumerate(variable.values):
        if is_blank(value) or not counts[index]:
            continue
        names = _stratum_names(value, labels)
        found = next((listed[candidate] for candidate in names if candidate in listed), None)
        if found is not None:
            table[index] = found
        elif wave.strata:
            unlisted.append(index)
        else:
            table[index] = len(ids)
            ids.append(_unused(suggest_id(str(value)), ids))
    if unlisted:
        findings.error(
            place,
            say(
                "the column “{name}” has {codes} that the wave does not list among its strata "
                "({strata}); add their population, or correct the data",
                name=name,
                codes=codes_in_words(variable, unlisted, counts),
                strata=_some(list(listed)),
            ),
        )
        return None, ()
    strata: NDArray[np.int32] = table[variable.codes]
    if (strata < 0).any():
        findings.error(
            place,
            say(
                "the stratum (column “{name}”) is missing for {rows}",
                name=name,
                rows=rows_in_words(strata < 0, rows),
            ),
        )
        return None, ()
    return strata, tuple(ids)


def _some(names: list[str]) -> str:
    return ", ".join(names[:6]) + (" …" if len(names) > 6 else "")


def _stratum_names(value: Value, labels: Mapping[Value, str]) -> list[str]:
    texts = [str(canonical(value)), str(value).strip(), labels.get(canonical(value), "")]
    return [name for text in texts if text for name in (text, suggest_id(text))]


def _unused(wanted: str, ids: list[str]) -> str:
    found, number = wanted, 2
    while found in ids:
        found, number = f"{wanted[:58]}-{number}", number + 1
    return found


def _check_populations(strata: NDArray[np.int32], wave: Wave, place: str, findings: Findings) -> None:
    sizes = np.bincount(strata, minlength=len(wave.strata))
    for position, stratum in enumerate(wave.strata):
        size = int(sizes[position])
        if stratum.population is not None and size > stratum.population:
            findings.error(
                place,
                say(
                    "the stratum “{stratum}” has {who} but a population of {population}; correct "
                    "`population`, or leave out whoever answered twice",
                    stratum=stratum.id,
                    who=counted(size),
                    population=stratum.population,
                ),
            )
        elif stratum.invited is not None and size > stratum.invited:
            findings.error(
                place,
                say(
                    "the stratum “{stratum}” has {who} but {invited} were invited; correct `invited`",
                    stratum=stratum.id,
                    who=counted(size),
                    invited=stratum.invited,
                ),
            )
        elif not size:
            findings.remark(place, say("nobody in the stratum “{stratum}” answered", stratum=stratum.id))


def bind_persons(name: str, source: Source, rows: Rows, place: str, findings: Findings) -> NDArray[np.int64] | None:
    """int64 (n,): the same for the same person in every wave, as made from the value alone; −1 where missing."""
    variable = find_variable(source, name, place, findings)
    if variable is None:
        return None
    table = np.array([*map(_person, variable.values), _NO_PERSON], dtype=np.int64)
    persons: NDArray[np.int64] = table[variable.codes]
    twice = _given_twice(variable)[variable.codes] & (persons != _NO_PERSON)
    if twice.any():
        findings.error(
            place,
            say(
                "the same person (column “{name}”) answered more than once: {rows}",
                name=name,
                rows=rows_in_words(twice, rows),
            ),
        )
    return persons


def _given_twice(variable: Variable) -> NDArray[np.bool_]:
    twice: NDArray[np.bool_] = value_counts(variable) > 1
    return twice


def _person(value: Value) -> int:
    if is_blank(value):
        return _NO_PERSON
    digest = hashlib.blake2b(str(canonical(value)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1
