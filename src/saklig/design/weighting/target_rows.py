"""Targets from the rows of a table: variable, group, count; without a group the count is the total of a quantity."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from saklig.design.weighting.faults import WeightingError, raise_any
from saklig.design.weighting.targets import Margin, Targets, Total
from saklig.language.catalog import say

COLUMNS = {"variable": "variable", "variabel": "variable", "group": "group", "grupp": "group"}
COLUMNS |= {"count": "count", "antal": "count"}
SPACES = re.compile("[ \u00a0\u202f\u2009]")
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
MISSING = math.nan


def read_targets(rows: Iterable[tuple[int, Sequence[str]]], file: str, decimal_comma: bool = False) -> Targets:
    """Targets from (line, cells), the first of them the header (in English or Swedish, in any order).

    Thousands may be parted by spaces. `decimal_comma`: 3,5 is three and a half; else a comma in a number is a fault.
    Raises WeightingError naming the file and the line, or what Targets finds in them.
    """
    lines = iter(rows)
    place = _columns(next(lines, (1, ()))[1], file)
    problems: list[str] = []
    margins: dict[str, tuple[list[str], list[float]]] = {}
    totals: list[tuple[str, float]] = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) <= max(place.values()):
            problems.append(
                say("{file}, line {line}: it has too few cells; variable, group and count", file=file, line=line)
            )
            continue
        variable, group, written = (cells[place[name]].strip() for name in ("variable", "group", "count"))
        if not variable:
            problems.append(say("{file}, line {line}: it names no variable", file=file, line=line))
            continue
        count = _number(written, decimal_comma)
        if count is None:
            wrong = say(
                "{file}, line {line}: “{written}” is not a number; write it with digits, such as 4421",
                file=file,
                line=line,
                written=written,
            )
            problems.append(wrong)
            continue
        if group:
            groups, counts = margins.setdefault(variable, ([], []))
            groups.append(group)
            counts.append(count)
        else:
            totals.append((variable, count))
    raise_any(problems)
    return _made(margins, totals)


def _made(margins: dict[str, tuple[list[str], list[float]]], totals: Sequence[tuple[str, float]]) -> Targets:
    """Every margin and total checks itself; what they find is told at once."""
    problems: list[str] = []
    made: list[Margin] = []
    sums: list[Total] = []
    for variable, (groups, counts) in margins.items():
        try:
            made.append(Margin(variable=variable, groups=tuple(groups), counts=tuple(counts)))
        except WeightingError as error:
            problems += error.problems
    for variable, total in totals:
        try:
            sums.append(Total(variable=variable, total=total))
        except WeightingError as error:
            problems += error.problems
    raise_any(problems)
    return Targets(margins=tuple(made), totals=tuple(sums))


def _columns(header: Sequence[str], file: str) -> dict[str, int]:
    found = {
        COLUMNS[name]: position
        for position, cell in reversed(list(enumerate(header)))
        if (name := cell.strip().lstrip("\ufeff").lower()) in COLUMNS
    }
    lacking = [name for name in ("variable", "group", "count") if name not in found]
    if lacking:
        wrong = say(
            "{file}: the first line lacks {names}; the columns are variable, group and count",
            file=file,
            names=", ".join(lacking),
        )
        raise WeightingError([wrong])
    return found


def _number(written: str, decimal_comma: bool) -> float | None:
    """NaN for an empty cell, which the margin then names; None for what is no number."""
    digits = SPACES.sub("", written).replace("\u2212", "-")
    if not digits:
        return MISSING
    if decimal_comma:
        digits = digits.replace(",", ".", 1)
    return float(digits) if NUMBER.fullmatch(digits) else None
