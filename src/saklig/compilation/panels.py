"""How the numbers of two waves of a panel hang together, from the answers of the persons who are in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from saklig.answers.model import Answers
from saklig.compilation.tellable import Number, tellable
from saklig.design.model import Design
from saklig.disclosure.protect import Protected
from saklig.disclosure.publication import tenths
from saklig.edition.publication import Samples, WaveCorrelations, WavePair, row_name
from saklig.study.model import Part
from saklig.tabulation.joint import scores
from saklig.tabulation.layout import layout_of
from saklig.tabulation.panel import Groups, NotOneSample, Panel, correlations


def wave_correlations(protected: Protected, pairs: Sequence[WavePair]) -> Iterator[WaveCorrelations]:
    """Of the published numbers of both waves that stand for so many that the audit does not look at single members.

    Nothing where two waves cannot be seen as one sample.
    """
    waves = {answers.wave: (answers, design) for answers, design in protected.waves}
    few = min(answers.n for answers, _ in protected.waves)
    tells = protected.policy.tells_correlations(few)
    panels = [pair for pair in pairs if pair.samples is Samples.PERSONS] if tells else []
    told = tellable(protected, groups=True) if panels else {}
    for pair in panels:
        of_both = told[pair.wave] & told[pair.wave2]
        yield from _PairOfWaves(protected, pair, waves[pair.wave], waves[pair.wave2], of_both).correlations()


@dataclass(frozen=True)
class _PairOfWaves:
    """`told`: the numbers that may be told of."""

    protected: Protected
    pair: WavePair
    first: tuple[Answers, Design]
    second: tuple[Answers, Design]
    told: set[Number]

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
        layout = layout_of(parts[0])
        ratios = [place for place in range(len(layout.rows)) if place not in layout.quantiles.values()]
        rows = [row_name(layout.rows[place].category, layout.rows[place].stat) for place in ratios]
        panels, ys, xs = [], [], []
        for part, (answers, design) in zip(parts, self._both, strict=True):
            assert answers.persons is not None, "the answers say who answered in both waves"
            panels.append(Panel(design=design, persons=answers.persons, strata=answers.stratum_ids or ("",)))
            y, x = zip(*(scores(part, answers.columns[part.key], place) for place in ratios), strict=True)
            ys.append(np.stack(y, axis=1))
            xs.append(np.stack(x, axis=1))
        for by, names, codes in self._groupings():
            found = correlations(panels[0], panels[1], (ys[0], ys[1]), (xs[0], xs[1]), codes, len(names))
            told = np.array([[(*parts[0].key, row, by, name) in self.told for row in rows] for name in names])
            lines = {row: tenths(np.where(told, found, np.nan)[:, at]) for at, row in enumerate(rows)}
            lines = {row: line for row, line in lines.items() if set(line) != {None}}
            if lines:
                yield WaveCorrelations(
                    wave=self.pair.wave,
                    wave2=self.pair.wave2,
                    question=parts[0].key[0],
                    item=parts[0].key[1],
                    by=(by,) if by else (),
                    names=names,
                    tenths=lines,
                )

    def _groupings(self) -> Iterator[tuple[str, tuple[str, ...], tuple[Groups, Groups]]]:
        """Everybody, and the groups of the backgrounds that both waves have."""
        yield "", ("",), (np.zeros(self.first[0].n, np.int64), np.zeros(self.second[0].n, np.int64))
        for each in self.protected.study.backgrounds:
            if all(each.id in answers.backgrounds for answers, _ in self._both):
                first, second = (answers.backgrounds[each.id] for answers, _ in self._both)
                yield each.id, tuple(group.id for group in each.groups), (first, second)
