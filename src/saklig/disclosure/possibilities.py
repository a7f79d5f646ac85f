"""What could have been answered: the space in which the audit looks for other sets of answers.

Respondents are grouped in classes that an attacker cannot tell apart (same groups, stratum, weight and cluster, and
asked the same, in every layer). A family's answers of one respondent are a profile: one state for every part. A set of
answers is then a matrix of counts, classes × profiles; who within a class gave which profile does not change any
published number.

Profiles are those that were given, and those that follow from them by giving another part's answer, or other options
of a multiple answer, within what the questionnaire allows (at most so many options, exclusive options, routing). More
profiles would only give more witnesses; that some are left out can withhold more than necessary, never less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import ANSWERED, NO_ANSWER, NOT_ASKED, Coded, Column, Marked, Measured
from saklig.design.model import Design
from saklig.disclosure.families import Key, routers
from saklig.disclosure.layers import Layer
from saklig.disclosure.profiles import differing, pieces_of, states_of, variants
from saklig.study.model import Part
from saklig.tabulation.table import Grouping, Table
from saklig.tabulation.tabulate import tabulate

MOST_CELLS = 700
"""Classes × profiles up to which profiles beyond those that were given are added."""


@dataclass(frozen=True, kw_only=True)
class Feature:
    """Something that a respondent's answer is or is not; whoever `has` it, bool (profiles,), is protected from its
    being known. `name` is for tests and never shown."""

    part: Key
    name: str
    has: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Possibilities:
    """`respondents`: int64 (asked,), positions among the audit's people. `class_of`, `profile_of`: int64 (asked,).

    `rows`: layer → int64 (asked,), the row of each in the layer's wave, −1 for those whom it does not have.
    `member`: bool (classes, columns of all layers, one after the other).
    `unit`: int64 (classes,), the stratum × weight × cluster (× cell of an adjustment) of each class, in 0 …; where the
    weights are secret, those that they can be told from all the same.
    `weight`: float64 (layers, classes), weights as shares of the mean weight.
    `columns`: layer → part → the answers of one respondent a profile. `tables`: layer → part → the table with one group
    a profile. `allowed`: bool (classes, profiles): the profile is possible in the class.
    `corrected`: bool (profiles, pairs of layers' answers to one part): the two are not the same.
    """

    respondents: NDArray[np.int64]
    rows: tuple[NDArray[np.int64], ...]
    class_of: NDArray[np.int64]
    profile_of: NDArray[np.int64]
    member: NDArray[np.bool_]
    unit: NDArray[np.int64]
    weight: NDArray[np.float64]
    columns: tuple[Mapping[Key, Column], ...]
    tables: tuple[Mapping[Key, Table], ...]
    allowed: NDArray[np.bool_]
    corrected: NDArray[np.bool_]
    features: tuple[Feature, ...]

    @cached_property
    def given(self) -> NDArray[np.int64]:
        """The answers as they were given: counts, classes × profiles."""
        shape = self.allowed.shape
        flat = self.class_of * shape[1] + self.profile_of
        return np.bincount(flat, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)


def possibilities(layers: Sequence[Layer], *, weights_known: bool = True) -> Possibilities:
    """The classes, profiles and features of one family.

    Without known weights classes are the groups alone, parted by weight where weights follow from groups.
    """
    everybody = 1 + max(int(layer.people.max(initial=-1)) for layer in layers)
    rows = [_rows(layer, everybody) for layer in layers]
    pieces = pieces_of(layers, rows)
    asked = np.logical_or.reduce([piece.column.codes != NOT_ASKED for piece in pieces])
    respondents = np.flatnonzero(asked)
    roots = [
        next(piece for piece in pieces if number in piece.layers and piece.part.key == part.key)
        for number, layer in enumerate(layers)
        for part in layer.family.parts
        if not routers(part, layer.family.parts)
    ]
    known: list[NDArray[Any]] = [
        *(_at(layer.view.columns.classes[0], row) for layer, row in zip(layers, rows, strict=True)),
        *((piece.column.codes == NOT_ASKED).astype(np.int64) for piece in roots),
    ]
    drawn: list[NDArray[Any]] = []
    for layer, row in zip(layers, rows, strict=True):
        arrays = _drawn(layer.view.design) if weights_known else _told(layer)
        drawn += [_at(array, row) for array in arrays]
    unit_of = _numbered(drawn, respondents)
    class_of = _numbered([*known, *drawn], respondents)
    first = np.unique(class_of, return_index=True)[1]
    states = np.concatenate([states_of(piece.column)[respondents] for piece in pieces], axis=1)
    profiles, profile_of = np.unique(states, axis=0, return_inverse=True)
    more = variants(profiles, pieces, layers, MOST_CELLS // max(1, len(first)) - len(profiles))
    every = np.concatenate([profiles, more]) if len(more) else profiles
    made = [piece.column_of(every) for piece in pieces]
    alone = [_each_alone(piece.part, column, len(every)) for piece, column in zip(pieces, made, strict=True)]
    not_asked = np.stack([piece.column_of(every).codes == NOT_ASKED for piece in roots], axis=1)
    of_class = np.stack([piece.column.codes[respondents][first] == NOT_ASKED for piece in roots], axis=1)
    in_layers = [
        [place for place, piece in enumerate(pieces) if number in piece.layers] for number in range(len(layers))
    ]
    return Possibilities(
        respondents=respondents,
        rows=tuple(row[respondents] for row in rows),
        class_of=class_of,
        profile_of=profile_of.reshape(-1).astype(np.int64),
        member=np.concatenate(
            [_members(layer, row[respondents][first]) for layer, row in zip(layers, rows, strict=True)], axis=1
        ),
        unit=unit_of[first],
        weight=np.stack(
            [_weight(layer.view.design, row[respondents], first) for layer, row in zip(layers, rows, strict=True)]
        ),
        columns=tuple({pieces[place].part.key: made[place] for place in places} for places in in_layers),
        tables=tuple({pieces[place].part.key: alone[place] for place in places} for places in in_layers),
        allowed=(of_class[:, None, :] == not_asked[None, :, :]).all(axis=2),
        corrected=differing(pieces, every),
        features=tuple(
            feature
            for piece, column, table in zip(pieces, made, alone, strict=True)
            for feature in _features(piece.part, column, table)
            if feature.has[: len(profiles)].any()
        ),
    )


def _rows(layer: Layer, everybody: int) -> NDArray[np.int64]:
    rows = np.full(everybody, -1, np.int64)
    rows[layer.people] = np.arange(len(layer.people))
    return rows


def _at(array: NDArray[Any], row: NDArray[np.int64]) -> NDArray[np.int64]:
    """−1 for whom the layer does not have."""
    return np.where(row >= 0, np.asarray(array, np.int64)[row], -1)


def _drawn(design: Design) -> Iterator[NDArray[Any]]:
    yield design.stratum
    yield design.weights
    if design.cluster is not None:
        yield design.cluster
        yield from (stage.units for stage in design.later if stage.units is not None)
    if design.replicates is not None:
        yield design.replicates.alike
    if (adjustment := design.adjustment) is not None:  # alike in what the weights were adjusted to, and from
        yield adjustment.index
        for weights in (adjustment.inner, adjustment.after):
            yield np.unique(weights, return_inverse=True)[1]


def _told(layer: Layer) -> Iterator[NDArray[Any]]:
    """The weights, where they follow from groups: from strata, from a background (or a published pair), or from targets
    that they were made to meet. Whoever has the published numbers can then compute them.

    Where hardly two have the same weight, something that is not published is in the weights, and they are secret;
    unless all who are alike in stratum and targets have one: then nothing else is in them, however many crossed groups
    there are. In a group that is shown only some of them meet, and its weighted shares beside its counts tell which of
    them gave what.
    """
    design, groupings = layer.view.design, layer.view.columns.groupings
    distinct, which = np.unique(design.weights, return_inverse=True)
    if len(distinct) > 1 and _of_targets_alone(which, design):
        yield which
        return
    if not 1 < len(distinct) <= len(which) / layer.policy.threshold:
        return
    if design.adjustment is not None or any(
        _follow(which, of) for of in (design.stratum, *(g.codes for g in groupings))
    ):
        yield which


def _of_targets_alone(which: NDArray[np.int64], design: Design) -> bool:
    """Not where everybody is alone in stratum and targets: that says nothing of what else may be in the weights."""
    if design.adjustment is None:
        return False
    alike = (design.adjustment.index + 1) * (int(design.stratum.max()) + 1) + design.stratum
    return len(np.unique(alike)) < len(which) and _follow(which, alike)


def _follow(which: NDArray[np.int64], codes: NDArray[Any]) -> bool:
    """Whether whoever is in one group has one weight."""
    pairs = np.unique(codes.astype(np.int64) * (int(which.max()) + 1) + which)
    return len(pairs) == len(np.unique(codes))


def _members(layer: Layer, row: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Shape (classes, columns of the layer)."""
    inverse, member = layer.view.columns.classes
    return member[inverse[row]] & (row >= 0)[:, None]


def _weight(design: Design, row: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.float64]:
    weights = np.where(row >= 0, design.weights[row], 0)
    mean = weights[row >= 0].mean() if (row >= 0).any() else 0.0
    return weights[first] / max(1.0, float(mean))


def _numbered(keys: Sequence[NDArray[Any]], respondents: NDArray[np.int64]) -> NDArray[np.int64]:
    if not keys:
        return np.zeros(len(respondents), np.int64)
    stacked = np.stack([np.asarray(key, np.int64)[respondents] for key in keys], axis=1)
    return np.unique(stacked, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


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


def with_profiles(
    space: Possibilities, layer: int, columns: Mapping[Key, Column], profile_of: NDArray[np.int64]
) -> dict[Key, Column]:
    """A layer's `columns` when each of `space.respondents` gives the profile `profile_of`."""
    made: dict[Key, Column] = {}
    present = space.rows[layer] >= 0
    rows, profile_of = space.rows[layer][present], profile_of[present]
    for key, given in space.columns[layer].items():
        column = columns[key]
        codes = column.codes.copy()
        codes[rows] = given.codes[profile_of]
        if isinstance(column, Marked) and isinstance(given, Marked):
            marks = column.marks.copy()
            marks[rows] = given.marks[profile_of]
            made[key] = replace(column, codes=codes, marks=marks)
        elif isinstance(column, Measured) and isinstance(given, Measured):
            values = column.values.copy()
            values[rows] = given.values[profile_of]
            made[key] = replace(column, codes=codes, values=values)
        else:
            made[key] = Coded(codes)
    return made
