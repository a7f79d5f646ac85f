"""How the rows of a part's table are made of what is counted.

Respondents are counted in *columns*, and every row is a share (or a mean) of columns: `share[c, r]` says whether column
c is in row r, and `base[c, b]` whether it is in base b. For exclusive answers the columns are the part's categories;
for overlapping ones they are the rows themselves, beside four that tell how each respondent answered at all.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from saklig.study.model import Base, Category, Kind, Part, Role
from saklig.tabulation.table import Row

NO_ANSWER_ROW = "no-answer"
"""The category id under which no answer is published where the study has no category for it."""

ROLES = (Role.ANSWER, Role.DONT_KNOW, Role.REFUSED, Role.NO_ANSWER)
IN_BASE = {
    Base.OPINION: frozenset({Role.ANSWER}),
    Base.VALID: frozenset({Role.ANSWER, Role.DONT_KNOW}),
    Base.ASKED: frozenset(ROLES),
}
BASE, ASKED, MEASURED = 0, 1, 2
"""Positions of the three bases of a part: its own, everyone asked, and those whose answer has a number."""

Matrix = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Mark:
    """A column of an overlapping part: chosen are any of the positions `of`, at place `at_most` or better (0: any)."""

    of: tuple[int, ...]
    at_most: int


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Rows r, columns c, positions p in the part's rows.

    `share`: int64 (c, r) and `base`: int64 (c, 3), 0 or 1. `base_of`: int64 (r,), the base of each row.
    `score`: int64 (c, r), what a column counts in the rows `mean` and `balance`; other rows as `share`.
    `shares`: the rows that are shares. `mean`, `balance`: their rows or −1; `quantiles`: rows by name.
    `balanced`: the rows of the positive and the negative share of a balance, each over the row's base.
    `column_of`: int64 (p + 3,), the column of a code, by code + 3; the last column, `columns` − 1, is of nobody.
    `marks`: the columns of an overlapping part, before its four columns of `ROLES`.
    `roles`: int64 (p,), the position of each category's role in ROLES. `silent`: the position that no answer counts at.
    """

    rows: tuple[Row, ...]
    columns: int
    share: Matrix
    base: Matrix
    base_of: NDArray[np.int64]
    score: Matrix
    shares: NDArray[np.int64]
    mean: int
    balance: int
    quantiles: dict[str, int]
    balanced: tuple[int, int]
    column_of: NDArray[np.int64]
    marks: tuple[Mark, ...]
    roles: NDArray[np.int64]
    silent: int


_KEPT: dict[int, tuple[weakref.ref[Part], Layout]] = {}


def layout_of(part: Part) -> Layout:
    """The layout of a part, made once while the part lives (hashing a questionnaire would cost more than making it)."""
    key = id(part)
    kept = _KEPT.get(key)
    if kept is not None and kept[0]() is part:
        return kept[1]
    layout = _overlapping(part) if part.overlapping else _exclusive(part)
    _KEPT[key] = (weakref.ref(part, lambda _: _KEPT.pop(key, None)), layout)
    return layout


def _exclusive(part: Part) -> Layout:
    size = len(part.rows)
    silent = _silent(part)
    columns = size + 3  # beside the categories: no answer, a number in no class, and nobody (not asked)
    roles = [*(row.role for row in part.rows), Role.NO_ANSWER, Role.ANSWER]
    in_base = [role in IN_BASE[part.base] for role in roles]
    lines = _share_lines(part)
    scores = _scores(part)
    rows = [Row(category=line.id) for line in lines]
    stats = _stats(part, scores, lines)
    share = np.zeros((columns, len(rows) + len(stats)), dtype=np.int64)
    base_of = np.full(share.shape[1], BASE, dtype=np.int64)
    for r, line in enumerate(lines):
        share[list(line.of), r] = 1
        base_of[r] = line.base
    score = share.copy()
    base = np.zeros((columns, 3), dtype=np.int64)
    base[: size + 2, BASE] = in_base
    base[: size + 2, ASKED] = 1
    balance, balanced = -1, _balanced(part, lines) or (-1, -1)
    for r, stat in enumerate(stats, start=len(rows)):
        if stat == "balance":
            balance = r
            score[:, r] = share[:, balanced[0]] - share[:, balanced[1]]
        else:
            base_of[r] = MEASURED
    if part.question.kind is Kind.NUMERIC:
        base[: len(part.question.classes), MEASURED] = 1
        base[size + 1, MEASURED] = 1
    for position, value in scores.items():
        base[position, MEASURED] = 1
        if "mean" in stats:
            score[position, len(rows) + stats.index("mean")] = value
    column_of = np.concatenate([[size + 1, silent, columns - 1], np.arange(size)]).astype(np.int64)
    return Layout(
        rows=(*rows, *(Row(stat=stat) for stat in stats)),
        columns=columns,
        share=share,
        base=base,
        base_of=base_of,
        score=score,
        shares=np.arange(len(rows)),
        mean=len(rows) + stats.index("mean") if "mean" in stats else -1,
        balance=balance,
        quantiles={stat: len(rows) + stats.index(stat) for stat in stats if stat in ("median", "q1", "q3")},
        balanced=balanced,
        column_of=column_of,
        marks=(),
        roles=_role_positions(part.rows),
        silent=silent,
    )


def _overlapping(part: Part) -> Layout:
    places = {"": 0}
    if part.question.kind is Kind.RANKING:
        top = part.question.top
        places = {"first": 1} | ({f"top-{top}": top} if top > 1 else {})
    rows: list[Row] = []
    marks: list[Mark] = []
    base_of: list[int] = []
    for line in _share_lines(part):
        ranked = places if line.base == BASE and line.opinion else {"": 0}
        for stat, at_most in ranked.items():
            rows.append(Row(category=line.id, stat=stat))
            marks.append(Mark(of=line.of, at_most=at_most))
            base_of.append(line.base)
    columns = len(rows) + len(ROLES) + 1
    share = np.zeros((columns, len(rows)), dtype=np.int64)
    share[np.arange(len(rows)), np.arange(len(rows))] = 1
    base = np.zeros((columns, 3), dtype=np.int64)
    base[len(rows) : -1, BASE] = [role in IN_BASE[part.base] for role in ROLES]
    base[len(rows) : -1, ASKED] = 1
    return Layout(
        rows=tuple(rows),
        columns=columns,
        share=share,
        base=base,
        base_of=np.array(base_of, dtype=np.int64),
        score=share,
        shares=np.arange(len(rows)),
        mean=-1,
        balance=-1,
        quantiles={},
        balanced=(-1, -1),
        column_of=np.zeros(0, dtype=np.int64),
        marks=tuple(marks),
        roles=_role_positions(part.rows),
        silent=_silent(part),
    )


@dataclass(frozen=True)
class _Line:
    """A share: its category or net id, the positions it counts, its base; `opinion`: of answers, not "don't know"."""

    id: str
    of: tuple[int, ...]
    base: int
    opinion: bool


def _share_lines(part: Part) -> list[_Line]:
    """Answers, nets, missing categories. A net counts those of its categories that are in the base."""
    kept = IN_BASE[part.base] - ({Role.REFUSED, Role.NO_ANSWER} if part.base is Base.ASKED else set())
    position = {row.id: index for index, row in enumerate(part.rows)}
    answers = [row for row in part.rows if row.role in kept]
    missing = [row for row in part.rows if row.role not in kept]
    lines = [_Line(row.id, (position[row.id],), BASE, row.role is Role.ANSWER) for row in answers]
    for net in part.question.nets:
        members = [position[each] for each in net.of if each in position]
        if not members:  # none of them was offered in this wave
            continue
        counted = [each for each in members if part.rows[each].role in kept]
        base = BASE if counted else ASKED
        chosen = tuple(counted or members)
        opinion = any(part.rows[each].role is Role.ANSWER for each in chosen)
        lines.append(_Line(net.id, chosen, base, opinion))
    lines += [_Line(row.id, (position[row.id],), ASKED, False) for row in missing]
    if not any(row.role is Role.NO_ANSWER for row in part.rows):
        lines.append(_Line(_free_id(NO_ANSWER_ROW, (line.id for line in lines)), (len(part.rows),), ASKED, False))
    return lines


def _free_id(wanted: str, taken: Iterable[str]) -> str:
    used = set(taken)
    return next(each for each in chain((wanted,), (f"{wanted}-{n}" for n in count(2))) if each not in used)


def _silent(part: Part) -> int:
    """The position under which no answer is counted: the category for it, or the one after the last."""
    found = (index for index, row in enumerate(part.rows) if row.role is Role.NO_ANSWER)
    return next(found, len(part.rows))


def _scores(part: Part) -> dict[int, int]:
    """Position → what it counts in a mean; empty where the part has none."""
    if not part.question.mean or part.question.kind is Kind.NUMERIC:
        return {}
    rows = enumerate(part.rows)
    return {index: row.score for index, row in rows if row.score is not None and row.role is Role.ANSWER}


def _stats(part: Part, scores: dict[int, int], lines: Sequence[_Line]) -> list[str]:
    if part.question.kind is Kind.NUMERIC:
        return ["mean", "median", "q1", "q3"]
    return (["mean"] if scores else []) + (["balance"] if _balanced(part, lines) is not None else [])


def _balanced(part: Part, lines: Sequence[_Line]) -> tuple[int, int] | None:
    """The rows of the two sides of a balance; None where there is none, or where a side was not offered."""
    balance = part.question.balance
    place = {line.id: index for index, line in enumerate(lines) if line.base == BASE}
    if balance is None or balance.positive not in place or balance.negative not in place:
        return None
    return place[balance.positive], place[balance.negative]


def _role_positions(rows: Sequence[Category]) -> NDArray[np.int64]:
    return np.array([ROLES.index(row.role) for row in rows], dtype=np.int64)
