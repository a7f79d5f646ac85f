"""From addresses to respondents: which part, which row of its table and who is in the groups, withheld or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Answers
from saklig.compilation.compiling import Bound
from saklig.design.model import Design
from saklig.edition.facts import Fact, Status, facts_from
from saklig.edition.lookup import Index
from saklig.study.address import Address
from saklig.study.model import Background, Part, Study
from saklig.tabulation.plan import rows_of
from saklig.tabulation.table import Grouping


def places(bound: Bound, addresses: Sequence[Address]) -> list[Fact]:
    """Facts without numbers, each in its latest wave where its address names none. Raises NoSuchFact as an edition."""
    index = Index(facts_from(_planned(bound.study, addresses)), bound.study)
    return [index.fact(address) for address in addresses]


def wave_of(bound: Bound, wave: str) -> tuple[Answers, Design]:
    return next(each for each in bound.waves if each[0].wave == wave)


def part_of(bound: Bound, place: Fact) -> Part:
    return next(part for part in bound.study.parts(place.wave) if part.key == (place.question, place.item))


def row_of(part: Part, place: Fact) -> int:
    return next(at for at, row in enumerate(rows_of(part)) if (row.category, row.stat) == (place.category, place.stat))


def grouping_of_place(bound: Bound, place: Fact) -> Grouping:
    """The one group that the place speaks of; everybody else is in none."""
    inside = inside_of(bound, place)
    return Grouping(by=place.by, groups=(place.groups,), codes=np.where(inside, 0, -1).astype(np.int32))


def inside_of(bound: Bound, place: Fact) -> NDArray[np.bool_]:
    """Who is in the place's groups, (n,)."""
    answers, _ = wave_of(bound, place.wave)
    inside = np.ones(answers.n, dtype=np.bool_)
    for by, group in zip(place.by, place.groups, strict=True):
        if by not in answers.backgrounds:
            return np.zeros(answers.n, dtype=np.bool_)
        background = bound.study.background(by)
        order = [each.id for each in background.groups]
        inside &= np.isin(answers.backgrounds[by], [order.index(each) for each in _unfolded(background, group)])
    return inside


def _unfolded(background: Background, group: str) -> list[str]:
    """The groups that a group or a fold of them stands for."""
    folds = {fold.id: fold.of for fold in background.fold}
    return [group] if group not in folds else [each for part in folds[group] for each in _unfolded(background, part)]


def _planned(study: Study, addresses: Sequence[Address]) -> Iterator[Fact]:
    """Every place that one could mean: of everybody, and by the backgrounds that are asked for."""
    known = [background.id for background in study.backgrounds]
    asked = [{group.background for group in address.groups} for address in addresses]
    groupings = sorted({(), *(tuple(name for name in known if name in names) for names in asked)})
    cells = [(by, tuple(product(*(_group_ids(study.background(name)) for name in by)))) for by in groupings]
    for wave in study.waves:
        for part in study.parts(wave.id):
            for (by, groups), row in product(cells, rows_of(part)):
                by1, by2 = (*by, "", "")[:2]
                for cell in groups:
                    group1, group2 = (*cell, "", "")[:2]
                    yield Fact(
                        wave=wave.id, question=part.key[0], item=part.key[1], category=row.category, stat=row.stat,
                        by1=by1, group1=group1, by2=by2, group2=group2, status=Status.WITHHELD,
                    )  # fmt: skip


def _group_ids(background: Background) -> list[str]:
    return [*(group.id for group in background.groups), *(fold.id for fold in background.fold)]
