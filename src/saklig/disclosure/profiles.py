"""Profiles: everything that one respondent said in one family, as one row of small integers.

A piece is what one part says of everybody. Where two layers (see `layers`) say the same of everybody, they share one
piece; where an answer was corrected between two editions, the part has a piece for each, and a profile holds the answer
before and the answer after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import ANSWERED, NO_ANSWER, NOT_ASKED, Coded, Column, Marked, Measured
from saklig.disclosure.families import Key, routers
from saklig.disclosure.layers import Layer
from saklig.study.model import Kind, Part, Role

States = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """`column`: over all people of the audit, NOT_ASKED for those whom the layer does not have. `layers`: the layers
    that say so. `where`: its place in a profile."""

    part: Part
    column: Column
    layers: tuple[int, ...]
    where: slice

    def column_of(self, profiles: States) -> Column:
        """The piece of each profile, shape (profiles, width), as answers of one respondent a profile."""
        states = profiles[:, self.where]
        codes = states[:, 0].astype(np.int16)
        match self.column:
            case Coded():
                return Coded(codes)
            case Marked():
                return Marked(codes, states[:, 1:].astype(np.uint8))
            case Measured(decimals=decimals):
                return Measured(codes, states[:, 1], decimals)

    def is_alike(self, other: Piece) -> bool:
        """Whether a state means the same in both."""
        ids, others = ([row.id for row in each.part.rows] for each in (self, other))
        one, two = self.column, other.column
        scaled = not (isinstance(one, Measured) and isinstance(two, Measured)) or one.decimals == two.decimals
        return self.part.key == other.part.key and type(one) is type(two) and ids == others and scaled


def pieces_of(layers: Sequence[Layer], rows: Sequence[NDArray[np.int64]]) -> tuple[Piece, ...]:
    """The pieces of all layers, those of the first in its order. `rows`: layer → the row of each of the audit's people
    in the layer's wave, −1 for those it does not have."""
    found: list[Piece] = []
    start = 0
    for number, (layer, row) in enumerate(zip(layers, rows, strict=True)):
        for part in layer.family.parts:
            column = _over_people(_one_silence(layer.view.answers.columns[part.key], part), row)
            states = states_of(column)
            piece = Piece(part=part, column=column, layers=(number,), where=slice(start, start + states.shape[1]))
            for place, other in enumerate(found):
                if piece.is_alike(other) and (states_of(other.column) == states).all():
                    found[place] = replace(other, layers=(*other.layers, number))
                    break
            else:
                found.append(piece)
                start += states.shape[1]
    return tuple(found)


def states_of(column: Column) -> States:
    """Shape (n, width): everything that the column says of a respondent."""
    match column:
        case Coded():
            extra = np.zeros((len(column.codes), 0), np.int64)
        case Marked():
            extra = column.marks.astype(np.int64)
        case Measured():
            extra = column.values[:, None]
    return np.concatenate([column.codes.astype(np.int64)[:, None], extra], axis=1)


def differing(pieces: Sequence[Piece], profiles: States) -> NDArray[np.bool_]:
    """Shape (profiles, pairs of pieces of one part): holds two different answers, before and after a correction."""
    found = [
        (profiles[:, piece.where] != profiles[:, other.where]).any(axis=1)
        for place, piece in enumerate(pieces)
        for other in pieces[:place]
        if piece.is_alike(other)
    ]
    return np.stack(found, axis=1) if found else np.zeros((len(profiles), 0), bool)


def _one_silence(column: Column, part: Part) -> Column:
    """No answer is one state, whether the file had nothing or the category for it: they are published as one row."""
    silent = next((place for place, row in enumerate(part.rows) if row.role is Role.NO_ANSWER), NO_ANSWER)
    return replace(column, codes=np.where(column.codes == NO_ANSWER, silent, column.codes).astype(np.int16))


def _over_people(column: Column, row: NDArray[np.int64]) -> Column:
    absent = row < 0
    made = replace(column, codes=np.where(absent, NOT_ASKED, column.codes[row]).astype(np.int16))
    if isinstance(column, Marked) and isinstance(made, Marked):
        return replace(made, marks=np.where(absent[:, None], 0, column.marks[row]).astype(np.uint8))
    if isinstance(column, Measured) and isinstance(made, Measured):
        return replace(made, values=np.where(absent, 0, column.values[row]))
    return made


def variants(profiles: States, pieces: Sequence[Piece], layers: Sequence[Layer], most: int) -> States:
    """Up to `most` profiles that nobody gave, the ones nearest to those that were given, in a fixed order."""
    known = {row.tobytes() for row in profiles}
    made: list[States] = []
    for changed in _changed(profiles, pieces, layers) if most > 0 else ():
        if changed.tobytes() not in known:
            known.add(changed.tobytes())
            made.append(changed)
        if len(made) >= most:
            break
    return np.array(made, np.int64).reshape(len(made), profiles.shape[1])


def _changed(profiles: States, pieces: Sequence[Piece], layers: Sequence[Layer]) -> Iterator[States]:
    """Given profiles with another answer to one part: the same in every layer in which it was the same.

    Where a part's answers were coded otherwise before, nothing is varied: what belongs together is not known.
    """
    leads: set[Key] = {
        router for layer in layers for part in layer.family.parts for router in routers(part, layer.family.parts)
    }
    for place, piece in enumerate(pieces):
        alike = [other for other in pieces if other.part.key == piece.part.key]
        if piece.part.key in leads or not all(piece.is_alike(other) for other in alike) or alike[0] is not piece:
            continue
        states = np.unique(np.concatenate([profiles[:, each.where] for each in alike]), axis=0)
        states = states[states[:, 0] != NOT_ASKED]
        if isinstance(pieces[place].column, Marked):
            states = np.concatenate([states, *_neighbours(states, piece.part)])
        for profile in profiles if len(pieces) > 1 else profiles[:1]:
            own = next((each for each in alike if profile[each.where][0] != NOT_ASKED), None)
            if own is None:
                continue
            together = [each.where for each in alike if (profile[each.where] == profile[own.where]).all()]
            for state in states:
                changed = profile.copy()
                for where in together:
                    changed[where] = state
                yield changed


def _neighbours(states: States, part: Part) -> list[States]:
    """Given sets of options with one option taken away, added or exchanged for another that somebody chose."""
    answered = states[states[:, 0] == ANSWERED][:, 1:]
    used = np.flatnonzero((answered > 0).any(axis=0))
    found: dict[bytes, States] = {}
    for marks in answered:
        for option in used:
            toggled = marks.copy()
            toggled[option] = 0 if marks[option] else 1
            exchanged = [_exchanged(marks, option, other) for other in used if marks[option] and not marks[other]]
            for each in [*([] if part.question.kind is Kind.RANKING else [toggled]), *exchanged]:
                if _is_possible(each, part, answered):
                    found[each.tobytes()] = each
    return [np.concatenate([np.full((1, 1), ANSWERED, np.int64), each[None, :]], axis=1) for each in found.values()]


def _exchanged(marks: States, option: np.intp, other: np.intp) -> States:
    swapped = marks.copy()
    swapped[other], swapped[option] = marks[option], 0
    return swapped


def _is_possible(marks: States, part: Part, answered: States) -> bool:
    chosen = np.flatnonzero(marks)
    alone = any(part.rows[place].exclusive for place in chosen)
    most = part.question.at_most if part.question.at_most is not None else marks.size
    fewest = int((answered > 0).sum(axis=1).min())
    return fewest <= len(chosen) <= most and not (alone and len(chosen) > 1)
