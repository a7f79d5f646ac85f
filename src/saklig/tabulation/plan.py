"""The complete plan: by what every part of a study is tabulated, and the rows that each table has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Answers
from saklig.study.model import Background, Part, Study
from saklig.tabulation.layout import layout_of
from saklig.tabulation.table import Grouping, Row


def groupings(study: Study, answers: Answers) -> tuple[Grouping, ...]:
    """The whole population, each background of the wave, and each pair that the study names, in the study's order."""
    present = {
        background.id: background
        for background in study.backgrounds
        if background.id in answers.backgrounds and (not background.waves or answers.wave in background.waves)
    }
    whole = Grouping(by=(), groups=((),), codes=np.broadcast_to(np.int16(0), answers.n))
    single = [grouping_of((each,), (answers.backgrounds[each.id],)) for each in present.values()]
    pairs = [
        grouping_of((present[one], present[other]), (answers.backgrounds[one], answers.backgrounds[other]))
        for one, other in study.pairs
        if one in present and other in present
    ]
    return (whole, *single, *pairs)


def grouping_of(backgrounds: Sequence[Background], codes: Sequence[NDArray[np.int16]]) -> Grouping:
    """One or two backgrounds and the position of each respondent's group in each, −1 where unknown.

    In a pair the second background varies fastest; a respondent unknown in either is in no group.
    """
    if len(backgrounds) == 1:
        (only,) = backgrounds
        return Grouping(by=(only.id,), groups=tuple((group.id,) for group in only.groups), codes=codes[0])
    groups: list[tuple[str, ...]] = [()]
    cell = np.zeros(len(codes[0]), dtype=np.int32)
    unknown = np.zeros(len(codes[0]), dtype=bool)
    for background, position in zip(backgrounds, codes, strict=True):
        groups = [(*group, each.id) for group in groups for each in background.groups]
        cell = cell * np.int32(len(background.groups)) + position.astype(np.int32)
        unknown |= position < 0
    cell[unknown] = -1
    return Grouping(by=tuple(background.id for background in backgrounds), groups=tuple(groups), codes=cell)


def rows_of(part: Part) -> tuple[Row, ...]:
    """Categories or classes, nets, missing categories (no answer last), then mean, balance, median, q1, q3.

    A ranking has for each option (and net) the share that placed it first and the share that placed it among the first
    `top`. A part without a category for no answer has the row `no-answer` all the same.
    """
    return layout_of(part).rows
