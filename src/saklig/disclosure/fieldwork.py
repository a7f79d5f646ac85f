"""The fieldwork report as published: counts of outcomes by row, and the rates that these give.

Whoever did not answer is a person too, and why they did not is theirs. A reader is taken to know who was invited, with
every background, and who answered; what is protected is how the others' cases ended, and who broke off half way. A
group's number of respondents is printed only where the edition's facts print it already, and where it does not tell,
beside the number of answers, of few who answered and are not among them (`fieldwork_answers`). Rates are computed from
what is printed and from nothing else, so that they tell nothing more. What was printed before is known, and a row that
differs from it by less than the threshold is not printed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor

import numpy as np

from saklig.answers.cases import Cases
from saklig.answers.model import Answers
from saklig.design.fieldwork.aapor import RATES
from saklig.design.fieldwork.eligibility import proportional
from saklig.design.fieldwork.rates import Coefficients, Rate
from saklig.design.fieldwork.surveyforeningen import SHARES
from saklig.disclosure.cells import Cells, printable
from saklig.disclosure.fieldwork_answers import beside_answers
from saklig.disclosure.fieldwork_rows import EVERYBODY, Place, Rows
from saklig.disclosure.policy import Policy
from saklig.disclosure.reader import Mask
from saklig.edition.facts import Facts, Status
from saklig.edition.fieldwork import FieldworkReport, FieldworkRow
from saklig.study.fieldwork import ANSWERED, DISPOSITIONS, REASONS, Disposition
from saklig.study.model import Study, Wave

_SPLIT = len(ANSWERED)
_KIN = (0, 0, 0, 1, 1, 2)
"""Of REASONS: refusals, non-contacts and others count alike in every rate's denominator; so do the two unknown."""
_WEIGHTED = ("RR1", "RR2", "RR3", "RR4", "RR5", "RR6")


def protect_fieldwork(
    cases: Cases, answers: Answers, study: Study, facts: Facts, policy: Policy, earlier: Sequence[FieldworkReport]
) -> FieldworkReport:
    """The report of one wave. `study`, `facts`: as published; the groups of the cases and the answers are those of this
    study. `earlier`: the reports of the same wave that were published before."""
    wave = study.wave(cases.wave)
    rows = Rows.of(cases, study)
    again = next((report for report in reversed(earlier) if _says_the_same(report, rows)), None)
    if again is not None:
        answered, shown = _as_before(again, rows)
    else:
        answered = beside_answers(_answered(rows, cases.wave, facts, policy), cases, answers, study, policy, earlier)
        near, known, only_before = _before(rows, earlier, policy.threshold)
        withheld = np.array([place not in answered for place in rows.places]) | near | only_before
        shown = _printable(rows, withheld, known, policy)
    named = [number for number, place in enumerate(rows.places) if place[1] or place == EVERYBODY]
    made = [_row(rows, number, answered, shown[number]) for number in named]
    e, estimated = _eligible(wave, made[0])
    return FieldworkReport(
        wave=wave.id,
        rows=tuple(_with_rates(row, e, policy) for row in made),
        eligible=None if e is None or _nobody_unknown(made[0]) else _half_up(e * 1000),
        estimated=estimated,
        weighted=_weighted(made, wave, e, policy),
    )


def _answered(rows: Rows, wave: str, facts: Facts, policy: Policy) -> dict[Place, int]:
    """Of the rows whose number of respondents is printed. Everybody's and the strata's are part of every edition."""
    n = rows.counts[:, :_SPLIT].sum(axis=1)
    published = _published_groups(facts, wave)
    shown = {place for place in rows.places if not place[0] or place in published}
    for breakdown in rows.breakdowns if policy.threshold else ():
        if not rows.places[breakdown[0]][0]:
            continue
        of = {rows.places[row]: int(n[row]) for row in breakdown}
        shown |= {place for place, count in of.items() if not count and place[1]}
        shown -= {place for place, count in of.items() if 0 < count < policy.threshold}
        while True:
            hidden = [count for place, count in of.items() if place not in shown and count]
            free = [place for place in of if place in shown and of[place]]
            if not hidden or (len(hidden) > 1 and sum(hidden) >= policy.threshold) or not free:
                break
            shown.discard(min(free, key=lambda place: (of[place], place)))
    shown = shown if policy.threshold else {place for place in rows.places if place[1] or place == EVERYBODY}
    return {place: int(count) for place, count in zip(rows.places, n, strict=True) if place in shown}


def _published_groups(facts: Facts, wave: str) -> set[Place]:
    """(background, group) of which some number of the wave is printed."""
    columns = {name: facts.address[name] for name in ("wave", "wave2", "by1", "group1", "by2", "versus")}
    here = np.ones(len(facts), bool)
    for name, wanted in (("wave", wave), ("wave2", ""), ("by2", ""), ("versus", "")):
        labels = columns[name]
        here &= np.array([value == wanted for value in labels.values] or [False])[labels.codes]
    status = np.array([value == Status.PUBLISHED for value in facts.status.values] or [False])[facts.status.codes]
    by, group = columns["by1"], columns["group1"]
    pairs = {(int(b), int(g)) for b, g in zip(by.codes[here & status], group.codes[here & status], strict=True)}
    return {(by.values[b], group.values[g]) for b, g in pairs if by.values[b]}


def _says_the_same(report: FieldworkReport, rows: Rows) -> bool:
    """Whether every number that it prints is so of these cases, and it has their rows: then it can be printed again."""
    at = {place: number for number, place in enumerate(rows.places) if place[1] or place == EVERYBODY}
    if {row.place for row in report.rows} != set(at):
        return False
    for row in report.rows:
        counts = dict(zip(DISPOSITIONS, rows.counts[at[row.place]].tolist(), strict=True))
        answered = sum(counts[each] for each in ANSWERED)
        printed = {each: count for each, count in row.counts.items() if count is not None}
        if row.cases != sum(counts.values()) or row.answered not in (None, answered):
            return False
        if any(counts[each] != count for each, count in printed.items()):
            return False
    return True


def _as_before(report: FieldworkReport, rows: Rows) -> tuple[dict[Place, int], Mask]:
    """What is printed: the very numbers of an earlier report, and so nothing new."""
    printed = {row.place: row for row in report.rows}
    shown = np.zeros(rows.counts.shape, bool)
    for number, place in enumerate(rows.places):
        if place in printed:
            shown[number] = [printed[place].counts[each] is not None for each in DISPOSITIONS]
    return {place: row.answered for place, row in printed.items() if row.answered is not None}, shown


def _before(rows: Rows, earlier: Sequence[FieldworkReport], threshold: int) -> tuple[Mask, Mask, Mask]:
    """Rows too near to what was printed before, counts that were printed before, and rows of which nothing may be
    printed but those: all, where what was printed before had other groups."""
    counts, sizes = rows.counts, rows.counts.sum(axis=1)
    near = np.zeros(len(rows.places), bool)
    known = np.zeros(counts.shape, bool)
    only = np.zeros(len(rows.places), bool)
    at = {place: number for number, place in enumerate(rows.places)}
    for report in earlier:
        for row in report.rows:
            if row.place not in at:
                only[:] = True
                continue
            number = at[row.place]
            then = {DISPOSITIONS.index(name): count for name, count in row.counts.items() if count is not None}
            differences = [abs(count - int(counts[number, place])) for place, count in then.items()]
            differences.append(abs(row.cases - int(sizes[number])))
            if row.answered is not None:
                differences.append(abs(row.answered - int(counts[number, :_SPLIT].sum())))
            near[number] |= any(0 < difference < threshold for difference in differences)
            for place, count in then.items():
                known[number, place] |= count == counts[number, place]
    known &= ~near[:, None]
    return near, known, only


def _printable(rows: Rows, withheld: Mask, known: Mask, policy: Policy) -> Mask:
    """Bool (rows, dispositions). Who answered is known, so that the two halves have nothing to do with each other."""
    shown = np.zeros(rows.counts.shape, bool)
    dominance = policy.dominance_below * policy.threshold
    for half, kin, below in ((slice(_SPLIT), (0, 0), 0), (slice(_SPLIT, None), _KIN, dominance)):
        if half == slice(_SPLIT) and not rows.counts[0, 1]:
            shown[:, half] = ~withheld[:, None]  # nobody broke off: who answered has answered all
            continue
        cells = Cells(
            profiles=rows.profiles[:, half],
            members=rows.members,
            kin=kin,
            refused=withheld,
            known=known[:, half],
            breakdowns=rows.breakdowns,
        )
        known_to_all = policy.participation != "secret"
        shown[:, half] = printable(cells, policy.threshold, below, profiles_known=known_to_all)
    return shown


def _row(rows: Rows, number: int, answered: Mapping[Place, int], shown: Mask) -> FieldworkRow:
    place, counts = rows.places[number], rows.counts[number].tolist()
    printed = shown if place in answered else np.zeros_like(shown)
    return FieldworkRow(
        by=place[0],
        group=place[1],
        cases=sum(counts),
        answered=answered.get(place),
        counts={each: counts[i] if printed[i] else None for i, each in enumerate(DISPOSITIONS)},
    )


def _nobody_unknown(row: FieldworkRow) -> bool:
    return row.counts[Disposition.UNKNOWN_HOUSEHOLD] == 0 and row.counts[Disposition.UNKNOWN_OTHER] == 0


def _eligible(wave: Wave, whole: FieldworkRow) -> tuple[Fraction | None, bool]:
    """e, and whether it is estimated; None where what is printed does not give it."""
    if wave.eligibility is not None:
        return Fraction(str(wave.eligibility.share)), False
    if _nobody_unknown(whole):
        return Fraction(1), True
    ineligible = whole.counts[Disposition.NOT_ELIGIBLE]
    eligible = _printed_sum(whole, {each: Fraction(each is not Disposition.NOT_ELIGIBLE) for each in _KNOWN})
    if ineligible is None or eligible is None:
        return None, True
    return proportional({Disposition.COMPLETE: int(eligible), Disposition.NOT_ELIGIBLE: ineligible}), True


_KNOWN = tuple(each for each in DISPOSITIONS if each not in (Disposition.UNKNOWN_HOUSEHOLD, Disposition.UNKNOWN_OTHER))


def _with_rates(row: FieldworkRow, e: Fraction | None, policy: Policy) -> FieldworkRow:
    decimals = int(row.cases >= policy.decimals_from)
    rates = {}
    for name, rate in {**RATES, **SHARES}.items():
        parts = _parts(row, rate, e)
        if parts is not None and parts[1]:
            rates[name] = _half_up(parts[0] / parts[1] * 100 * 10**decimals)
    return FieldworkRow(
        by=row.by,
        group=row.group,
        cases=row.cases,
        answered=row.answered,
        counts=row.counts,
        rates=rates,
        decimals=decimals,
    )


def _parts(row: FieldworkRow, rate: Rate, e: Fraction | None) -> tuple[Fraction, Fraction] | None:
    """Numerator and denominator, where the printed counts give both."""
    if rate.needs_e and e is None:
        return None
    above, below = _printed_sum(row, rate.numerator(e)), _printed_sum(row, rate.denominator(e))
    return None if above is None or below is None else (above, below)


def _printed_sum(row: FieldworkRow, coefficients: Coefficients) -> Fraction | None:
    """A sum of counts from what is printed. Of withheld ones their sum is known, and no more."""
    if row.answered is None:
        return None
    found = Fraction(0)
    for half, of in ((ANSWERED, row.answered), (REASONS, row.cases - row.answered)):
        printed = {each: count for each in half if (count := row.counts[each]) is not None}
        rest = {coefficients.get(each, Fraction(0)) for each in half if each not in printed}
        if len(rest) > 1:
            return None
        found += sum(coefficients.get(each, Fraction(0)) * count for each, count in printed.items())
        found += sum(rest) * (of - sum(printed.values()))
    return found


def _weighted(rows: Sequence[FieldworkRow], wave: Wave, e: Fraction | None, policy: Policy) -> dict[str, int]:
    """Rates of everybody, each stratum's cases weighted by population / invited, where all of it is printed."""
    sizes = {each.id: each.population for each in wave.strata if each.population is not None}
    strata = [row for row in rows if not row.by and row.group]
    if not strata or any(row.group not in sizes or not row.cases for row in strata):
        return {}
    decimals = int(rows[0].cases >= policy.decimals_from)
    found = {}
    for name in _WEIGHTED:
        parts = [_parts(row, RATES[name], e) for row in strata]
        weights = [Fraction(sizes[row.group], row.cases) for row in strata]
        known = [(weight * part[0], weight * part[1]) for weight, part in zip(weights, parts, strict=True) if part]
        if len(known) == len(strata) and (below := sum(part[1] for part in known)):
            found[name] = _half_up(sum(part[0] for part in known) / below * 100 * 10**decimals)
    return found


def _half_up(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))
