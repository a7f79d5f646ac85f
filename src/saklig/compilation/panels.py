"""How the numbers of two waves of a panel hang together, from the answers of the persons who are in both."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from saklig.answers.model import Answers
from saklig.design.model import Design
from saklig.disclosure.protect import Protected
from saklig.disclosure.publication import in_tenths
from saklig.edition.publication import Samples, WaveCorrelations, WavePair, row_name
from saklig.study.model import Part
from saklig.tabulation.joint import scores
from saklig.tabulation.layout import layout_of
from saklig.tabulation.panel import Groups, NotOneSample, Panel, correlations

Key = tuple[str, ...]
"""Question, item, category, statistic, background and group."""


def wave_correlations(protected: Protected, pairs: Sequence[WavePair]) -> Iterator[WaveCorrelations]:
    """Of the published numbers of both waves that stand for so many that the audit does not look at single members.

    Nothing where two waves cannot be seen as one sample.
    """
    waves = {answers.wave: (answers, design) for answers, design in protected.waves}
    few = min(answers.n for answers, _ in protected.waves)
    tells = protected.policy.tells_correlations(few)
    panels = [pair for pair in pairs if pair.samples is Samples.PERSONS] if tells else []
    told = _may_be_told(protected) if panels else {}
    for pair in panels:
        of_both = told[pair.wave] & told[pair.wave2]
        yield from _PairOfWaves(protected, pair, waves[pair.wave], waves[pair.wave2], of_both).correlations()


def _may_be_told(protected: Protected) -> Mapping[str, set[Key]]:
    """By wave."""
    found: dict[str, set[Key]] = {wave.id: set() for wave in protected.study.waves}
    for fact in protected.facts.rows(slice(None)):
        large = fact.base is not None and fact.base >= protected.policy.audit_below
        if large and fact.lower is not None and not fact.by2:
            found[fact.wave].add((fact.question, fact.item, fact.category, fact.stat, fact.by1, fact.group1))
    return found


@dataclass(frozen=True)
class _PairOfWaves:
    """`told`: the numbers that may be told of."""

    protected: Protected
    pair: WavePair
    first: tuple[Answers, Design]
    second: tuple[Answers, Design]
    told: set[Key]

    def correlations(self) -> Iterator[WaveCorrelations]:
        parts = [{part.key: part for part in self.protected.study.parts(answers.wave)} for answers, _ in self._both]
        for key, part in parts[0].items():
            if key in parts[1] and layout_of(part).rows == layout_of(parts[1][key]).rows:
                try:
                    yield from self._of_part(part, parts[1][key])
                except NotOneSample:
                    return

    @property
    def _both(self) -> tuple[tuple[Answers, Design], tuple[Answers, Design]]:
        return self.first, self.second

    def _of_part(self, *parts: Part) -> Iterator[WaveCorrelations]:
        rows = layout_of(parts[0]).rows
        ratios = [place for place, row in enumerate(rows) if place not in layout_of(parts[0]).quantiles.values()]
        panels, ys, xs = [], [], []
        for part, (answers, design) in zip(parts, self._both, strict=True):
            assert answers.persons is not None, "the answers say who answered in both waves"
            panels.append(Panel(design=design, persons=answers.persons, strata=answers.stratum_ids or ("",)))
            y, x = zip(*(scores(part, answers.columns[part.key], place) for place in ratios), strict=True)
            ys.append(np.stack(y, axis=1))
            xs.append(np.stack(x, axis=1))
        for by, groups, codes in self._groupings():
            found = correlations(panels[0], panels[1], (ys[0], ys[1]), (xs[0], xs[1]), codes)
            lines = {
                row_name(rows[place].category, rows[place].stat): tuple(
                    self._tenths(parts[0], rows[place].category, rows[place].stat, by, group, float(found[at, column]))
                    if at < len(found)
                    else None
                    for at, group in enumerate(groups)
                )
                for column, place in enumerate(ratios)
            }
            lines = {row: line for row, line in lines.items() if set(line) != {None}}
            if lines:
                yield WaveCorrelations(
                    wave=self.pair.wave,
                    wave2=self.pair.wave2,
                    question=parts[0].key[0],
                    item=parts[0].key[1],
                    by=by,
                    names=tuple(",".join(group) for group in groups),
                    tenths=lines,
                )

    def _groupings(self) -> Iterator[tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[Groups, Groups]]]:
        """Everybody, and the backgrounds of both waves."""
        yield (), ((),), (np.zeros(self.first[0].n, np.int64), np.zeros(self.second[0].n, np.int64))
        for each in self.protected.study.backgrounds:
            if all(each.id in answers.backgrounds for answers, _ in self._both):
                first, second = (answers.backgrounds[each.id] for answers, _ in self._both)
                yield (each.id,), tuple((group.id,) for group in each.groups), (first, second)

    def _tenths(
        self, part: Part, category: str, stat: str, by: tuple[str, ...], group: tuple[str, ...], correlation: float
    ) -> int | None:
        key = (*part.key, category, stat, *(by or ("",)), *(group or ("",)))
        if key not in self.told or math.isnan(correlation):
            return None
        return int(in_tenths(np.array(correlation)))
