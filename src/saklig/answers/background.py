"""Background variables: from a column's values to groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saklig.answers.findings import FEWEST_COUNTED, Findings, some
from saklig.answers.lookup import find_variable, spread, value_counts
from saklig.answers.matching import as_number, canonical, is_blank
from saklig.answers.model import Source, Value
from saklig.language.catalog import say
from saklig.study.model import Background, Group

NO_GROUP = -1


def bind_background(background: Background, name: str, source: Source, findings: Findings) -> NDArray[np.int16]:
    """int16 (n,): the position in the background's groups, −1 where unknown; the number of unknowns is remarked."""
    place = say("background “{name}”", name=background.id)
    variable = find_variable(source, name, place, findings)
    if variable is None:
        return np.full(source.rows, NO_GROUP, dtype=np.int16)
    counts = value_counts(variable)
    table = np.full(len(variable.values) + 1, NO_GROUP, dtype=np.int16)
    by_code = {canonical(code): at for at, group in enumerate(background.groups) for code in group.codes}
    missing = frozenset(map(canonical, variable.missing))
    for index, value in enumerate(variable.values):
        if is_blank(value):
            continue
        key = canonical(value)
        table[index] = by_code.get(key, NO_GROUP if key in missing else _in_range(value, background.groups))
    found = spread(variable, table)
    unknown, in_none = int((found == NO_GROUP).sum()), int(counts[:-1][table[:-1] == NO_GROUP].sum())
    if unknown:
        known_missing = unknown - in_none
        parts = [_part(in_none, unknown) + say("with a value that no group has")] if in_none else []
        parts += [_part(known_missing, unknown) + say("without a value")] if known_missing else []
        findings.remark(
            place,
            say("{who} in no group ({parts}); counted in the whole only", who=some(unknown), parts=", ".join(parts)),
        )
    if unknown == source.rows:
        findings.error(
            place, say("nobody belongs to any group; compare the groups’ codes with the column “{name}”", name=name)
        )
    return found


def _part(number: int, whole: int) -> str:
    """Neither part of the whole is told where one is small: the other would tell it."""
    if number == whole:
        return ""
    return say("some") + " " if min(number, whole - number) < FEWEST_COUNTED else f"{number} "


def _in_range(value: Value, groups: tuple[Group, ...]) -> int:
    number = as_number(value)
    if number is None:
        return NO_GROUP
    for position, group in enumerate(groups):
        if group.lower is None and group.upper is None:
            continue
        lower = None if group.lower is None else as_number(group.lower)
        upper = None if group.upper is None else as_number(group.upper)
        if (lower is None or number >= lower) and (upper is None or number <= upper):
            return position
    return NO_GROUP
