"""Who was asked: `asked_if` evaluated over earlier answers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from saklig.answers.findings import Findings, some
from saklig.answers.matching import as_number
from saklig.answers.model import ANSWERED, NOT_ASKED, Coded, Column, Marked, Measured
from saklig.language.catalog import say
from saklig.study.model import Condition, Part, Question


def routed(
    question: Question,
    parts: Mapping[tuple[str, str], Part],
    columns: Mapping[tuple[str, str], Column],
    n: int,
    place: str,
    findings: Findings,
) -> NDArray[np.bool_]:
    """bool (n,): whose earlier answers lead to `question`. An earlier question left unanswered leads nowhere."""
    asked = np.ones(n, dtype=bool)
    for condition in question.asked_if:
        key = (condition.question, condition.item)
        if key not in columns:
            if not findings.errors:  # otherwise the column is missing for a reason that was told
                findings.error(
                    place,
                    say(
                        "`asked_if` names “{name}”, which was not asked in this wave",
                        name=".".join(filter(None, key)),
                    ),
                )
            continue
        asked &= _holds(condition, parts[key], columns[key])
    return asked


def _holds(condition: Condition, part: Part, column: Column) -> NDArray[np.bool_]:
    wanted = {member for category in condition.categories for member in _members(category, part)}
    positions = [position for position, row in enumerate(part.rows) if row.id in wanted]
    holds: NDArray[np.bool_] = np.isin(column.codes, positions)
    if isinstance(column, Marked):
        holds |= (column.codes == ANSWERED) & column.marks[:, positions].any(axis=1)
    if isinstance(column, Measured):
        for number_class in part.question.classes:
            if number_class.id in wanted:
                holds |= (column.codes == ANSWERED) & _within(column, number_class.lower, number_class.upper)
    return holds


def _members(category: str, part: Part) -> tuple[str, ...]:
    return next((net.of for net in part.question.nets if net.id == category), (category,))


def _within(column: Measured, lower: float | None, upper: float | None) -> NDArray[np.bool_]:
    unit = 10**column.decimals
    inside = np.ones(column.values.shape, dtype=bool)
    if lower is not None:
        inside &= column.values >= float((as_number(lower) or Decimal(0)) * unit)
    if upper is not None:
        inside &= column.values <= float((as_number(upper) or Decimal(0)) * unit)
    return inside


def apply_routing(column: Column, asked: NDArray[np.bool_], place: str, findings: Findings) -> Column:
    """The column in which whoever was not asked is NOT_ASKED; answers of such respondents are counted and dropped."""
    given = column.codes >= 0
    if isinstance(column, Coded):
        answered = given
    elif isinstance(column, Marked):  # all "not selected" is what many files hold of those who never saw the question
        answered = given | column.marks.any(axis=1)
    else:
        answered = given | (column.codes == ANSWERED)
    stray = int((answered & ~asked).sum())
    if stray:
        findings.remark(
            place, say("{who} answered though the routing did not lead there; counted as not asked", who=some(stray))
        )
    skipped = int((asked & (column.codes == NOT_ASKED)).sum()) if not asked.all() else 0
    if skipped:
        findings.remark(
            place,
            say(
                "according to the data {who} never saw the question, though the routing leads there; "
                "counted as not asked",
                who=some(skipped),
            ),
        )
    codes = np.where(asked, column.codes, NOT_ASKED).astype(np.int16)
    if isinstance(column, Coded):
        return Coded(codes)
    if isinstance(column, Marked):
        return Marked(codes, np.where(asked[:, None], column.marks, 0).astype(np.uint8))
    return Measured(codes, np.where(asked, column.values, 0).astype(np.int64), column.decimals)
