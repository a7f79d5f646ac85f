"""The columns of replicate weights."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from saklig.answers.findings import Findings, rows_in_words
from saklig.answers.lookup import find_variable
from saklig.answers.matching import as_number, canonical, is_blank
from saklig.answers.model import Source, Variable
from saklig.language.catalog import N_, say

MOST_WEIGHTS = 2**28
"""Answers × columns that are held in memory: 2 GiB."""

Rows = NDArray[np.int64]  # for each respondent the position in the file, from 1


def columns_named(names: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of a file that `names` mean, in the order of the names; `*` stands for a whole number, and what it
    finds is ordered by that. A name that finds nothing stays."""
    found: list[str] = []
    for name in names:
        if name.count("*") != 1 or name in columns:
            found.append(name)
            continue
        before, after = map(re.escape, name.split("*"))
        matches = [
            (int(match[1]), column) for column in columns if (match := re.fullmatch(f"{before}([0-9]+){after}", column))
        ]
        found += [column for _, column in sorted(matches)] or [name]
    return tuple(dict.fromkeys(found))


def bind_replicates(
    names: Sequence[str], source: Source, rows: Rows, place: str, findings: Findings
) -> NDArray[np.float64] | None:
    """float64 (n, R), as in the file. What is missing, no number or negative is an error that names rows, and a
    replicate in which nobody has a weight one that names its column; never weights."""
    listed = columns_named(names, [variable.name for variable in source.variables])
    unfound = [name for name in listed if "*" in name and not any(each.name == name for each in source.variables)]
    if unfound:
        findings.error(
            place,
            say(
                "the file has no columns of replicate weights “{name}”, where * stands for a number; write their names",
                name=unfound[0],
            ),
        )
        return None
    variables = [find_variable(source, name, place, findings) for name in listed]
    if any(variable is None for variable in variables):
        return None
    if source.rows * len(variables) > MOST_WEIGHTS:
        findings.error(
            place,
            say(
                "{n} columns of replicate weights for {rows} answers need {size} GB of memory; name fewer columns, as "
                "the data’s documentation allows, or leave the errors to the strata and clusters",
                n=len(variables),
                rows=source.rows,
                size=f"{source.rows * len(variables) * 8 / 2**30:.0f}",
            ),
        )
        return None
    columns = np.empty((source.rows, len(variables)))
    for place_of, variable in enumerate(variables):
        if variable is not None:
            columns[:, place_of] = _numbers(variable)
    return columns if _usable(columns, listed, rows, place, findings) else None


def _numbers(variable: Variable) -> NDArray[np.float64]:
    missing = frozenset(map(canonical, variable.missing))
    table = np.full(len(variable.values) + 1, np.nan)
    for index, value in enumerate(variable.values):
        number = None if is_blank(value) or canonical(value) in missing else as_number(value)
        table[index] = np.nan if number is None else float(number)
    found: NDArray[np.float64] = table[variable.codes]
    return found


def _usable(columns: NDArray[np.float64], names: Sequence[str], rows: Rows, place: str, findings: Findings) -> bool:
    for wrong, message in (
        (
            ~np.isfinite(columns),
            N_("the replicate weight in the column “{name}” is missing or no number for {rows}; everyone needs one"),
        ),
        (columns < 0, N_("the replicate weight in the column “{name}” is negative for {rows}; a weight is 0 or more")),
    ):
        faulty = np.flatnonzero(wrong.any(axis=0))
        if faulty.size:
            column = int(faulty[0])
            findings.error(place, say(message, name=names[column], rows=rows_in_words(wrong[:, column], rows)))
            return False
    empty = np.flatnonzero(~(columns > 0).any(axis=0))
    if empty.size:
        findings.error(
            place,
            say(
                "the replicate weights in the column “{name}” are 0 for everyone; check which columns were named",
                name=names[int(empty[0])],
            ),
        )
        return False
    return True
