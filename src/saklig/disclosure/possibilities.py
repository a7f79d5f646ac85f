"""What could have been answered: the space in which the audit looks for other sets of answers.

Respondents are grouped in classes that an attacker cannot tell apart (same groups, stratum, weight and cluster, and
asked the same). A family's answers of one respondent are a profile: one state for every part. A set of answers is then
a matrix of counts, classes × profiles; who within a class gave which profile does not change any published number.

Profiles are those that were given, and those that follow from them by giving another part's answer, or other options
of a multiple answer, within what the questionnaire allows (at most so many options, exclusive options, routing). More
profiles would only give more witnesses; that some are left out can withhold more than necessary, never less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import ANSWERED, NO_ANSWER, NOT_ASKED, Coded, Column, Marked, Measured
from saklig.design.model import Design
from saklig.disclosure.evidence import WaveView
from saklig.disclosure.families import Family, Key, routers
from saklig.study.model import Kind, Part, Role
from saklig.tabulation.table import Grouping, Table
from saklig.tabulation.tabulate import tabulate

MOST_CELLS = 700
"""Classes × profiles up to which profiles beyond those that were given are added."""


@dataclass(frozen=True, kw_only=True)
class Feature:
    """Something that a respondent's answer is or is not; whoever `has` it, bool (profiles,), is protected from its
    being
    known. `name` is for tests and never shown."""

    part: Key
    name: str
    has: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Possibilities:
    """`respondents`: int64 (asked,), positions among the wave's. `class_of`, `profile_of`: int64 (asked,).

    `member`: bool (classes, columns). `unit`: int64 (classes,), the stratum × weight × cluster of each class, in 0 …
    and
    `weight`: float64 (classes,), weights as shares of the mean weight.
    `columns`: part → the answers of one respondent a profile. `tables`: part → the table with one group a profile.
    `allowed`: bool (classes, profiles): the profile is possible in the class.
    """

    respondents: NDArray[np.int64]
    class_of: NDArray[np.int64]
    profile_of: NDArray[np.int64]
    member: NDArray[np.bool_]
    unit: NDArray[np.int64]
    weight: NDArray[np.float64]
    columns: Mapping[Key, Column]
    tables: Mapping[Key, Table]
    allowed: NDArray[np.bool_]
    features: tuple[Feature, ...]

    @property
    def given(self) -> NDArray[np.int64]:
        """The answers as they were given: counts, classes × profiles."""
        shape = self.allowed.shape
        flat = self.class_of * shape[1] + self.profile_of
        return np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)


def possibilities(family: Family, view: WaveView, *, weights_known: bool = True) -> Possibilities:
    """The classes, profiles and features of one family. Without known weights, classes are the groups alone."""
    columns = {part.key: _one_silence(view.answers.columns[part.key], part) for part in family.parts}
    asked = np.logical_or.reduce([column.codes != NOT_ASKED for column in columns.values()])
    respondents = np.flatnonzero(asked)
    roots = [part.key for part in family.parts if not routers(part, family.parts)]
    known: list[NDArray[Any]] = [
        view.columns.classes[0],
        *((columns[key].codes == NOT_ASKED).astype(np.int64) for key in roots),
    ]
    design = view.design
    drawn: list[NDArray[Any]] = [design.stratum, design.weights] if weights_known else []
    if weights_known and design.cluster is not None:
        drawn += [design.cluster, *(stage.units for stage in design.later if stage.units is not None)]
    unit_of = _numbered(drawn, respondents)
    class_of = _numbered([*known, *drawn], respondents)
    first = np.unique(class_of, return_index=True)[1]
    states = np.concatenate([_states(columns[part.key])[respondents] for part in family.parts], axis=1)
    profiles, profile_of = np.unique(states, axis=0, return_inverse=True)
    more = _variants(profiles, family, columns, MOST_CELLS // max(1, len(first)) - len(profiles))
    every = np.concatenate([profiles, more]) if len(more) else profiles
    as_columns = _as_columns(every, family, columns)
    tables = {part.key: _each_alone(part, as_columns[part.key], len(every)) for part in family.parts}
    weight = design.weights[respondents][first] / max(1.0, float(design.weights[respondents].mean()))
    not_asked = np.stack([as_columns[key].codes == NOT_ASKED for key in roots], axis=1)
    of_class = np.stack([columns[key].codes[respondents][first] == NOT_ASKED for key in roots], axis=1)
    return Possibilities(
        respondents=respondents,
        class_of=class_of,
        profile_of=profile_of.reshape(-1).astype(np.int64),
        member=view.columns.classes[1][view.columns.classes[0][respondents][first]],
        unit=unit_of[first],
        weight=weight,
        columns=as_columns,
        tables=tables,
        allowed=(of_class[:, None, :] == not_asked[None, :, :]).all(axis=2),
        features=tuple(
            feature
            for part in family.parts
            for feature in _features(part, as_columns[part.key], tables[part.key])
            if feature.has[: len(profiles)].any()
        ),
    )


def _one_silence(column: Column, part: Part) -> Column:
    """No answer is one state, whether the file had nothing or the category for it: they are published as one row."""
    silent = next((place for place, row in enumerate(part.rows) if row.role is Role.NO_ANSWER), NO_ANSWER)
    return replace(column, codes=np.where(column.codes == NO_ANSWER, silent, column.codes).astype(np.int16))


def _numbered(keys: Sequence[NDArray[Any]], respondents: NDArray[np.int64]) -> NDArray[np.int64]:
    if not keys:
        return np.zeros(len(respondents), np.int64)
    stacked = np.stack([np.asarray(key, np.int64)[respondents] for key in keys], axis=1)
    return np.unique(stacked, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _states(column: Column) -> NDArray[np.int64]:
    """Shape (n, width): everything that the column says of a respondent."""
    match column:
        case Coded():
            extra = np.zeros((len(column.codes), 0), np.int64)
        case Marked():
            extra = column.marks.astype(np.int64)
        case Measured():
            extra = column.values[:, None]
    return np.concatenate([column.codes.astype(np.int64)[:, None], extra], axis=1)


def _slices(family: Family, columns: Mapping[Key, Column]) -> Iterator[tuple[Part, slice]]:
    start = 0
    for part in family.parts:
        width = _states(columns[part.key]).shape[1]
        yield part, slice(start, start + width)
        start += width


def _as_columns(states: NDArray[np.int64], family: Family, columns: Mapping[Key, Column]) -> dict[Key, Column]:
    made: dict[Key, Column] = {}
    for part, where in _slices(family, columns):
        piece = states[:, where]
        codes = piece[:, 0].astype(np.int16)
        match columns[part.key]:
            case Coded():
                made[part.key] = Coded(codes)
            case Marked():
                made[part.key] = Marked(codes, piece[:, 1:].astype(np.uint8))
            case Measured(decimals=decimals):
                made[part.key] = Measured(codes, piece[:, 1], decimals)
    return made


def _each_alone(part: Part, column: Column, profiles: int) -> Table:
    """The publication's own table of one respondent a profile: what each profile adds to each row."""
    alone = Grouping(
        by=("profile",),
        groups=tuple((str(profile),) for profile in range(profiles)),
        codes=np.arange(profiles, dtype=np.int32),
    )
    design = Design(
        weights=np.ones(profiles, np.int64),
        scale=1,
        stratum=np.zeros(profiles, np.int32),
        cluster=None,
        clusters_by_stratum=np.array([profiles], np.int64),
        fraction=np.zeros(1),
        population=np.array([-1], np.int64),
        intervals=False,
    )
    return tabulate(part, column, alone, design, errors=False)


def _features(part: Part, column: Column, table: Table) -> Iterator[Feature]:
    for state in [*range(len(part.rows)), NO_ANSWER]:
        name = part.rows[state].id if state >= 0 else "no answer"
        yield Feature(part=part.key, name=name, has=column.codes == state)
    chosen = np.zeros((len(column.codes), 0), bool)
    match column:
        case Coded():
            chosen = column.codes[:, None] == np.arange(len(part.rows))[None, :]
        case Marked():
            chosen = column.marks > 0
            for place, row in enumerate(part.rows):
                yield Feature(part=part.key, name=f"chose {row.id}", has=chosen[:, place])
        case Measured():
            yield from _measured_features(part, column, table)
    asked = column.codes != NOT_ASKED
    for place, row in enumerate(part.rows):
        if row.sensitive and chosen.shape[1]:
            yield Feature(part=part.key, name=f"did not choose {row.id}", has=asked & ~chosen[:, place])


def _measured_features(part: Part, column: Measured, table: Table) -> Iterator[Feature]:
    answered = column.codes == ANSWERED
    classes = {each.id for each in part.question.classes}
    rows = [place for place, row in enumerate(table.rows) if row.category in classes and not row.stat]
    for place in rows:
        yield Feature(part=part.key, name=f"in {table.rows[place].category}", has=table.count[:, place] > 0)
    unclassed = answered & ~(table.count[:, rows] > 0).any(axis=1) if rows else answered
    for value in np.unique(column.values[unclassed]):
        yield Feature(part=part.key, name="value", has=unclassed & (column.values == value))


def _variants(
    profiles: NDArray[np.int64], family: Family, columns: Mapping[Key, Column], most: int
) -> NDArray[np.int64]:
    """Up to `most` profiles that nobody gave, the ones nearest to those that were given, in a fixed order."""
    if most <= 0:
        return profiles[:0]
    leads = {router for part in family.parts for router in routers(part, family.parts)}
    known = {row.tobytes() for row in profiles}
    made: list[NDArray[np.int64]] = []
    for part, where in _slices(family, columns):
        if part.key in leads:
            continue
        column = columns[part.key]
        states = np.unique(profiles[:, where], axis=0)
        states = states[states[:, 0] != NOT_ASKED]
        if isinstance(column, Marked):
            states = np.concatenate([states, *_neighbours(states, part)])
        for profile in profiles if len(family.parts) > 1 else profiles[:1]:
            if profile[where][0] == NOT_ASKED:
                continue
            for state in states:
                changed = profile.copy()
                changed[where] = state
                if changed.tobytes() not in known:
                    known.add(changed.tobytes())
                    made.append(changed)
                if len(made) >= most:
                    return np.array(made, np.int64).reshape(len(made), profiles.shape[1])
    return np.array(made, np.int64).reshape(len(made), profiles.shape[1])


def _neighbours(states: NDArray[np.int64], part: Part) -> list[NDArray[np.int64]]:
    """Given sets of options with one option taken away, added or exchanged for another that somebody chose."""
    answered = states[states[:, 0] == ANSWERED][:, 1:]
    used = np.flatnonzero((answered > 0).any(axis=0))
    found: dict[bytes, NDArray[np.int64]] = {}
    for marks in answered:
        for option in used:
            toggled = marks.copy()
            toggled[option] = 0 if marks[option] else 1
            exchanged = [_exchanged(marks, option, other) for other in used if marks[option] and not marks[other]]
            for each in [*([] if part.question.kind is Kind.RANKING else [toggled]), *exchanged]:
                if _is_possible(each, part, answered):
                    found[each.tobytes()] = each
    return [np.concatenate([np.full((1, 1), ANSWERED, np.int64), each[None, :]], axis=1) for each in found.values()]


def _exchanged(marks: NDArray[np.int64], option: np.intp, other: np.intp) -> NDArray[np.int64]:
    swapped = marks.copy()
    swapped[other], swapped[option] = marks[option], 0
    return swapped


def _is_possible(marks: NDArray[np.int64], part: Part, answered: NDArray[np.int64]) -> bool:
    chosen = np.flatnonzero(marks)
    alone = any(part.rows[place].exclusive for place in chosen)
    most = part.question.at_most if part.question.at_most is not None else marks.size
    fewest = int((answered > 0).sum(axis=1).min())
    return fewest <= len(chosen) <= most and not (alone and len(chosen) > 1)


def with_profiles(
    space: Possibilities, columns: Mapping[Key, Column], profile_of: NDArray[np.int64]
) -> dict[Key, Column]:
    """The family's columns when each of `space.respondents` gives the profile `profile_of`."""
    made: dict[Key, Column] = {}
    for key, given in space.columns.items():
        column = columns[key]
        codes = column.codes.copy()
        codes[space.respondents] = given.codes[profile_of]
        if isinstance(column, Marked) and isinstance(given, Marked):
            marks = column.marks.copy()
            marks[space.respondents] = given.marks[profile_of]
            made[key] = replace(column, codes=codes, marks=marks)
        elif isinstance(column, Measured) and isinstance(given, Measured):
            values = column.values.copy()
            values[space.respondents] = given.values[profile_of]
            made[key] = replace(column, codes=codes, values=values)
        else:
            made[key] = Coded(codes)
    return made
