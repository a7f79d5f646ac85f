"""Targets from the rows of a table: variable, group, count; without a group the count is the total of a quantity."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from saklig.design.weighting.faults import WeightingError, plain, raise_any
from saklig.design.weighting.naming import Names
from saklig.design.weighting.targets import Margin, Targets, Total
from saklig.language.catalog import say

COUNT, PERCENT = "count", "percent"
COLUMNS = {"variable": "variable", "variabel": "variable", "group": "group", "grupp": "group"}
COLUMNS |= {"count": COUNT, "antal": COUNT, "percent": PERCENT, "procent": PERCENT}
SPACES = re.compile("[ \u00a0\u202f\u2009]")
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
MISSING = math.nan
SLACK = 0.5
"""Percentages of a variable that are rounded may miss 100 by so much."""


@dataclass(frozen=True)
class Row:
    """`place`: "targets.csv, line 3"."""

    place: str
    variable: str
    group: str
    count: float


def read_targets(
    rows: Iterable[tuple[int, Sequence[str]]],
    file: str,
    decimal_comma: bool = False,
    names: Names | None = None,
    units: float = 0.0,
    respondents: int = 0,
) -> Targets:
    """Targets from (line, cells), the first of them the header (in English or Swedish, in any order).

    Thousands may be parted by spaces. `decimal_comma`: 3,5 is three and a half; else a comma in a number is a fault.
    `names`: what variables and groups may be called; None takes them as they are written. `units`: the size of the
    population, of which the column `percent` has shares. `respondents`: how many have answered. Raises WeightingError
    naming the file and the line, or what Targets finds in them.
    """
    lines = iter(rows)
    place, kind = _columns(next(lines, (1, ()))[1], file)
    problems: list[str] = []
    found = list(_rows(lines, place, file, decimal_comma, problems))
    if names is not None:
        found = _named(found, names, problems)
    raise_any(problems)
    margins: dict[str, list[Row]] = {}
    for row in found:
        if row.group:
            margins.setdefault(row.variable, []).append(row)
    totals = [row for row in found if not row.group]
    if kind == PERCENT:
        problems += [say("{place}: a quantity has a total, and no share; give its targets in a file of counts",
                         place=row.place) for row in totals]  # fmt: skip
        for variable, those in margins.items():
            problems += _no_percentages(those, names.without_target(variable, {row.group for row in those})
                                        if names else [], respondents)  # fmt: skip
            margins[variable] = _of_units(those, units)
        raise_any(problems)
    return _made(margins, totals, shares=kind == PERCENT)


def _rows(
    lines: Iterable[tuple[int, Sequence[str]]],
    place: dict[str, int],
    file: str,
    decimal_comma: bool,
    problems: list[str],
) -> Iterator[Row]:
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) <= max(place.values()):
            problems.append(
                say("{file}, line {line}: it has too few cells; variable, group and count", file=file, line=line)
            )
            continue
        variable, group, written = (cells[place[name]].strip() for name in ("variable", "group", COUNT))
        if not variable:
            problems.append(say("{file}, line {line}: it names no variable", file=file, line=line))
            continue
        count = _number(written, decimal_comma)
        if count is None:
            wrong = say(
                "{file}, line {line}: “{written}” is not a number; write it with digits, such as 4421",
                file=file,
                line=line,
                written=written[:80],
            )
            problems.append(wrong)
            continue
        yield Row(say("{file}, line {line}", file=file, line=line), variable, group, count)


def _named(rows: Sequence[Row], names: Names, problems: list[str]) -> list[Row]:
    """The rows with the ids of their variables and groups."""
    found = []
    for row in rows:
        variable, wrong = names.variable(row.variable[:200])
        group = ""
        if variable and row.group:
            group, wrong = names.group(variable, row.group[:200])
        elif variable in names.groups:
            wrong = say("“{variable}” has groups; name one of them", variable=variable)
        if wrong:
            problems.append(f"{row.place}: {wrong}")
        else:
            found.append(Row(row.place, variable, group, row.count))
    return found


def _no_percentages(rows: list[Row], without: list[str], respondents: int) -> list[str]:
    """What is wrong with percentages of one variable; a group that stands twice or is empty, the margin tells of.

    `without`: groups that have no row. What they miss 100 by within SLACK is taken for rounding.
    """
    negative = [
        f"{row.place}: "
        + say(
            "“{variable}”, group “{group}”: its share is {share} per cent, and cannot be negative; correct it",
            variable=row.variable,
            group=row.group,
            share=plain(row.count),
        )
        for row in rows
        if row.count < 0
    ]
    total = math.fsum(row.count for row in rows)
    twice = len({row.group for row in rows}) < len(rows)
    if negative or twice or not math.isfinite(total) or not total or abs(total - 100) <= SLACK:
        return negative
    words: dict[str, object] = {"variable": rows[0].variable, "total": plain(total)}
    if abs(total - 1) <= SLACK / 100:
        wrong = say("“{variable}”: the percentages add up to {total}: they are shares; write them as percentages, 50 "
                    "and not 0.5", **words)  # fmt: skip
    elif without:
        named = ", ".join(say("“{variable}”", variable=group) for group in without)
        wrong = say("“{variable}”: the percentages add up to {total}; there is no target for {groups}", **words,
                    groups=named)  # fmt: skip
    elif respondents and total > max(respondents, 100):
        wrong = say("“{variable}”: the percentages add up to {total}, not to 100; if they are numbers of the "
                    "population, call the column count", **words)  # fmt: skip
    else:
        wrong = say("“{variable}”: the percentages add up to {total}, not to 100; correct them", **words)
    return [f"{rows[0].place}: {wrong}"]


def _of_units(rows: list[Row], units: float) -> list[Row]:
    """Percentages as counts of the population; as they are where one is missing, or all are zero."""
    total = math.fsum(row.count for row in rows)
    if not total or not math.isfinite(total):
        return rows
    return [replace(row, count=row.count / total * units) for row in rows]


def _made(margins: dict[str, list[Row]], totals: Sequence[Row], *, shares: bool) -> Targets:
    """Every margin and total checks itself; what they find is told at once."""
    problems: list[str] = []
    made: list[Margin] = []
    sums: list[Total] = []
    for variable, rows in margins.items():
        try:
            margin = Margin(
                variable=variable,
                groups=tuple(row.group for row in rows),
                counts=tuple(row.count for row in rows),
                places=tuple(row.place for row in rows),
            )
            made.append(margin)
        except WeightingError as error:
            problems += error.problems
    for row in totals:
        try:
            sums.append(Total(variable=row.variable, total=row.count))
        except WeightingError as error:
            problems += error.problems
    raise_any(problems)
    return Targets(margins=tuple(made), totals=tuple(sums), shares=shares)


def _columns(header: Sequence[str], file: str) -> tuple[dict[str, int], str]:
    """Where variable, group and count stand, and whether the last are counts or percentages."""
    found = {
        COLUMNS[name]: position
        for position, cell in reversed(list(enumerate(header)))
        if (name := cell.strip().lstrip("\ufeff").lower()) in COLUMNS
    }
    if COUNT in found and PERCENT in found:
        raise WeightingError([say("{file}: the first line has count and percent; keep one of them", file=file)])
    kind = PERCENT if PERCENT in found else COUNT
    if kind == PERCENT:
        found[COUNT] = found.pop(PERCENT)
    lacking = [name for name in ("variable", "group", COUNT) if name not in found]
    if lacking:
        wrong = say(
            "{file}: the first line lacks {names}; the columns are variable, group and count",
            file=file,
            names=", ".join(lacking),
        )
        raise WeightingError([wrong])
    return found, kind


def _number(written: str, decimal_comma: bool) -> float | None:
    """NaN for an empty cell, which the margin then names; None for what is no number."""
    digits = SPACES.sub("", written).replace("\u2212", "-")
    if not digits:
        return MISSING
    if decimal_comma:
        digits = digits.replace(",", ".", 1)
    return float(digits) if NUMBER.fullmatch(digits) else None
