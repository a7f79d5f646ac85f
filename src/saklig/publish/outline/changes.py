"""How much a question's numbers have changed from one wave to another: a table below its picture over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from saklig.edition.facts import Fact
from saklig.edition.publication import Ground, WavePair
from saklig.edition.trends import difference_of
from saklig.language.catalog import N_
from saklig.publish.outline.context import Context
from saklig.publish.outline.model import Column, Number, Row, RowKind, Table, Words
from saklig.publish.outline.rows import Line, Subject
from saklig.publish.outline.wording import POINTS, fragment

HOW = {
    Ground.INDEPENDENT: N_(
        "Each interval is made of the two published intervals, and counts the waves as samples drawn without regard to "
        "each other."
    ),
    Ground.TOLD: N_(
        "The same persons were asked in both waves. How their two numbers hang together is published to a tenth and "
        "counted in; where it is not, as of groups with few answers, the interval is the widest possible."
    ),
    Ground.WIDEST: N_(
        "The same respondents may have answered in both waves, so each interval is the widest possible: the sum of "
        "both uncertainties. The true one is no wider."
    ),
}
"""What the intervals rest on, in words."""
ROUNDED = N_(
    "A change is the difference between the published, rounded numbers. It may be off by up to one unit in its last "
    "digit."
)


def changes(context: Context, part: Subject, id: str, heading: str) -> Table | None:
    """On the page of the last wave that asked; None where no change is published, as over a break."""
    question = part.question
    if context.wave != context.waves_of(question)[-1]:
        return None
    pairs = [(pair, found) for pair in context.edition.publication.pairs if (found := _facts(context, part, pair))]
    rows = tuple(_rows(part, pairs))
    if not rows:
        return None
    _ = context._
    names = tuple(label(context, pair) for pair, _found in pairs)
    in_points = all(row.kind is not RowKind.STATISTIC for row in rows)
    caption = (
        _("{heading}: change in percentage points", heading=heading)
        if in_points
        else _("{heading}: change, of shares in percentage points", heading=heading)
    )
    return Table(
        id=f"{id}-changes",
        caption=caption,
        stub=_("Answer"),
        columns=tuple(Column(label=Words(name)) for name in names),
        rows=rows,
        notes=(*how_sure(context, [pair for pair, _found in pairs]), _(ROUNDED)),
    )


Found = dict[tuple[str, str], Fact]
"""(category, statistic) → the change."""


def listed(part: Subject, pair: WavePair) -> Iterator[tuple[str, Words, Number]]:
    """(place in the address, what it is called, the change) of everybody's changes between two waves."""
    found = _facts(part.context, part, pair)
    for line in part.rank_lines if part.ranks else part.lines:
        for stat in (*part.ranks, line.stat):
            fact = found.get((line.category, difference_of(stat)))
            if number := change(part, pair, fact):
                place = f"/{line.category}" * bool(line.category) + f"~{difference_of(stat)}"
                yield place, named(part, line, stat), number


def _facts(context: Context, part: Subject, pair: WavePair) -> Found:
    facts = context.edition.facts_of(pair.wave, part.question.id, part.item, (), wave2=pair.wave2)
    return {(fact.category, fact.stat): fact for fact in facts}


def _rows(part: Subject, pairs: Sequence[tuple[WavePair, Found]]) -> Iterator[Row]:
    for line in part.rank_lines if part.ranks else part.lines:
        for stat in (*part.ranks, line.stat):
            cells = [change(part, pair, found.get((line.category, difference_of(stat)))) for pair, found in pairs]
            if any(cells):
                yield Row(
                    label=named(part, line, stat),
                    cells=tuple(cell or "" for cell in cells),
                    kind=line.kind,
                    note=_uncertain(part, line, stat, [pair for pair, _found in pairs]),
                )


def named(part: Subject, line: Line, stat: str) -> Words:
    """A row, and what is measured of it where that is not the same in all rows."""
    if stat not in part.ranks:  # what stands beside a ranking ("don't know") has a plain share
        return line.label
    return Words(f"{line.label.text}: {part.context.wording.statistic(stat)}", line.label.language)


def change(part: Subject, pair: WavePair, fact: Fact | None) -> Number | None:
    """The change as it is shown; None where there is none."""
    if fact is None or fact.value is None or fact.lower is None or fact.upper is None:
        return None
    wording, scale = part.context.wording, 10**fact.decimals
    said = wording.said(fact.value, fact.decimals, POINTS)
    groups = tuple(zip(fact.by, fact.groups, strict=True))
    place = fragment(fact.question, (fact.item, fact.category, fact.stat, groups))
    return Number(
        address=f"{pair.wave}..{pair.wave2}/{place}",
        text=said,
        short=said,
        interval=wording.span(fact.lower, fact.upper, fact.decimals),
        value=fact.value / scale,
        lower=fact.lower / scale,
        upper=fact.upper / scale,
        wave=part.context.wave.id,
    )


def _uncertain(part: Subject, line: Line, stat: str, pairs: Sequence[WavePair]) -> str:
    """A change of a number that few gave is as uncertain as that number."""
    context = part.context
    waves = {wave for pair in pairs for wave in (pair.wave, pair.wave2)}
    key = (part.item, line.category, stat, ())
    numbers = (context.wording.number(context.reading.question(wave, part.question.id), key) for wave in waves)
    return context._("uncertain, few answers") if any(number and number.few for number in numbers) else ""


def label(context: Context, pair: WavePair) -> str:
    """What the two waves are called: “2021–2023”."""
    labels = (context.words(context.study.wave(wave).label).text for wave in (pair.wave, pair.wave2))
    return "–".join(labels)


def how_sure(context: Context, pairs: Sequence[WavePair]) -> Iterator[str]:
    """What the intervals of changes rest on; the waves are named where they rest on different things."""
    publication = context.edition.publication
    grounds = {pair: publication.ground(pair.wave, pair.wave2) for pair in pairs}
    kinds = dict.fromkeys(grounds.values())
    for ground in kinds:
        said = context._(HOW[ground])
        of = [label(context, pair) for pair in pairs if grounds[pair] is ground]
        yield said if len(kinds) == 1 else f"{', '.join(of)}: {said}"
