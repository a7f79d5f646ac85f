"""The fieldwork on the method page: what became of those who were invited, rates, groups, and questions left open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from saklig.edition.fieldwork import FieldworkReport, FieldworkRow
from saklig.language.catalog import N_
from saklig.publish.outline.context import Context
from saklig.publish.outline.model import Block, Column, Paragraph, Row, RowKind, Section, Table, Words
from saklig.study.fieldwork import Disposition

WITHHELD = ".."
NOTE = N_("..  withheld, to protect those who were invited")

RATES = {
    "RR1": N_("Response rate, complete answers; all of unknown eligibility counted as eligible"),
    "RR2": N_("Response rate, partial answers too; all of unknown eligibility counted as eligible"),
    "RR3": N_("Response rate, complete answers; of unknown eligibility the share e"),
    "RR4": N_("Response rate, partial answers too; of unknown eligibility the share e"),
    "RR5": N_("Response rate, complete answers; none of unknown eligibility"),
    "RR6": N_("Response rate, partial answers too; none of unknown eligibility"),
    "COOP1": N_("Cooperation rate, complete answers among all who were reached"),
    "COOP2": N_("Cooperation rate, partial answers too, among all who were reached"),
    "COOP3": N_("Cooperation rate, complete answers among those reached who were able to take part"),
    "COOP4": N_("Cooperation rate, partial answers too, among those reached who were able to take part"),
    "REF1": N_("Refusal rate; all of unknown eligibility counted as eligible"),
    "REF2": N_("Refusal rate; of unknown eligibility the share e"),
    "REF3": N_("Refusal rate; none of unknown eligibility"),
    "CON1": N_("Contact rate; all of unknown eligibility counted as eligible"),
    "CON2": N_("Contact rate; of unknown eligibility the share e"),
    "CON3": N_("Contact rate; none of unknown eligibility"),
}

Headed = Callable[[Context, str, bool], str]


def fieldwork_sections(context: Context, headed: Headed, *, several: bool) -> Iterator[Section]:
    """None for a wave without a report. `headed`: a heading with the wave, where there are several."""
    report = context.fieldwork
    if report is None:
        return
    _ = context._
    suffix = f"-{context.wave.id}" if several else ""
    blocks: list[Block] = [*_sentences(context, report), _outcomes(context, report, f"outcomes{suffix}")]
    if len(report.rows) > 1:
        blocks += [_groups(context, report, f"outcomes-groups{suffix}"), _against(context, report, f"frame{suffix}")]
    heading = headed(context, _("Fieldwork and non-response"), several)
    yield Section(id=f"fieldwork{suffix}", heading=Words(heading), blocks=tuple(blocks))
    yield Section(
        id=f"outcome-rates{suffix}",
        heading=Words(headed(context, _("AAPOR’s outcome rates"), several)),
        blocks=(_rates(context, report, f"rates{suffix}"),),
        introduction=Words(
            _("As defined in AAPOR’s Standard Definitions (10th edition, 2023); of everybody who was invited.")
        ),
        folded=True,
    )


def _sentences(context: Context, report: FieldworkReport) -> Iterator[Paragraph]:
    _, whole = context._, report.whole
    answered, invited = context.count(whole.answered or 0), context.count(whole.cases)
    ineligible = whole.counts[Disposition.NOT_ELIGIBLE]
    if "RR2" not in whole.rates or ineligible is None:
        said = _("{n} of the {invited} who were invited answered.", n=answered, invited=invited)
    elif ineligible:
        said = _(
            "{n} of the {eligible} invited who belong to the population, or may do so, answered, {rate} per cent "
            "(AAPOR RR2). Another {ineligible} were invited who turned out not to belong to it.",
            n=answered,
            eligible=context.count(whole.cases - ineligible),
            rate=_per_cent(context, whole, "RR2"),
            ineligible=context.count(ineligible),
        )
    else:
        said = _(
            "{n} of the {invited} who were invited answered, {rate} per cent (AAPOR RR2).",
            n=answered,
            invited=invited,
            rate=_per_cent(context, whole, "RR2"),
        )
    yield Paragraph(words=Words(said))
    if "RR2" in report.weighted:
        rate = context.wording.said(report.weighted["RR2"], whole.decimals, "")
        weighted = _(
            "Weighted by how many each stratum has in the population, the response rate is {rate} per cent.", rate=rate
        )
        yield Paragraph(words=Words(weighted))
    if report.eligible is not None:
        yield from _eligibility(context, report, report.eligible)


def _eligibility(context: Context, report: FieldworkReport, eligible: int) -> Iterator[Paragraph]:
    _, said = context._, context.wave.eligibility
    share = context.wording.said(eligible, 1, "")
    if report.estimated or said is None:
        words = _(
            "Of the cases whose eligibility is not known, {share} per cent are counted as eligible: the same share as "
            "among the others (proportional allocation).",
            share=share,
        )
        yield Paragraph(words=Words(words))
        return
    words = _("Of the cases whose eligibility is not known, {share} per cent are counted as eligible.", share=share)
    yield Paragraph(words=Words(words))
    if said.reason is not None:
        yield Paragraph(words=context.words(said.reason))


def _per_cent(context: Context, row: FieldworkRow, rate: str) -> str:
    if rate not in row.rates:
        return WITHHELD
    return context.wording.said(row.rates[rate], row.decimals, "")


def _count(context: Context, n: int | None) -> str:
    return WITHHELD if n is None else context.count(n)


def _sum(row: FieldworkRow, *of: Disposition) -> int | None:
    """None where one of them is withheld."""
    counts = [count for each in of if (count := row.counts[each]) is not None]
    return sum(counts) if len(counts) == len(of) else None


UNKNOWN = (Disposition.UNKNOWN_HOUSEHOLD, Disposition.UNKNOWN_OTHER)


def _outcomes(context: Context, report: FieldworkReport, id: str) -> Table:
    """The Swedish standard's parts of the sample: respondents, non-response by cause, those outside the population."""
    _, whole = context._, report.whole

    def row(label: str, n: int | None, rate: str = "", kind: RowKind = RowKind.ANSWER, note: str = "") -> Row:
        share = _per_cent(context, whole, rate) if rate else ""
        return Row(label=Words(label), cells=(_count(context, n), share), kind=kind, note=note)

    counts = whole.counts
    rows = [row(_("Invited"), whole.cases)]
    rows.append(row(_("Answered"), whole.answered, "responded"))
    if counts[Disposition.PARTIAL] != 0:
        rows.append(row(_("of them in part"), counts[Disposition.PARTIAL], kind=RowKind.PART))
    rows += [
        row(_("Declined or broke off"), counts[Disposition.REFUSAL], "refused"),
        row(_("Not reached"), counts[Disposition.NON_CONTACT], "not-reached"),
        row(_("Prevented, for example by illness or language"), counts[Disposition.OTHER], "prevented"),
        row(_("Not known whether they belong to the population"), _sum(whole, *UNKNOWN), "unknown"),
        row(_("Turned out not to belong to the population"), counts[Disposition.NOT_ELIGIBLE]),
        row(_("Non-response in all"), None, "not-responded", RowKind.NET),
    ]
    rows[-1] = Row(label=rows[-1].label, cells=("", rows[-1].cells[1]), kind=RowKind.NET)
    return Table(
        id=id,
        caption=_("What became of those who were invited"),
        stub=_("Outcome"),
        columns=(Column(label=Words(_("Number"))), Column(label=Words(_("Per cent of the net sample")))),
        rows=tuple(rows),
        notes=(
            _(
                "The net sample is those who answered or did not; of the cases of unknown eligibility, the share that "
                "is counted as eligible (Surveyföreningen’s standard for non-response, 2005)."
            ),
            *_notes(context, [whole]),
        ),
    )


def _notes(context: Context, rows: Sequence[FieldworkRow]) -> tuple[str, ...]:
    hidden = any(row.answered is None or None in row.counts.values() for row in rows)
    return (context._(NOTE),) if hidden else ()


def _groups(context: Context, report: FieldworkReport, id: str) -> Table:
    _ = context._
    columns: dict[str, Callable[[FieldworkRow], int | None]] = {
        _("Invited"): lambda row: row.cases,
        _("Answered"): lambda row: row.answered,
        _("Declined"): lambda row: row.counts[Disposition.REFUSAL],
        _("Not reached"): lambda row: row.counts[Disposition.NON_CONTACT],
        _("Prevented"): lambda row: row.counts[Disposition.OTHER],
        _("Not known"): lambda row: _sum(row, *UNKNOWN),
        _("Not of the population"): lambda row: row.counts[Disposition.NOT_ELIGIBLE],
    }
    used = {name: of for name, of in columns.items() if any(of(row) != 0 for row in report.rows)}
    rows = [
        Row(
            label=label,
            cells=(*(_count(context, of(row)) for of in used.values()), _per_cent(context, row, "RR2")),
            group=heading,
        )
        for row, label, heading in _labelled(context, report)
    ]
    named = [*used, _("Response rate, per cent (RR2)")]
    return Table(
        id=id,
        caption=_("Outcomes by group"),
        stub=_("Group"),
        columns=tuple(Column(label=Words(name)) for name in named),
        rows=tuple(rows),
        notes=_notes(context, report.rows[1:]),
    )


def _labelled(context: Context, report: FieldworkReport) -> Iterator[tuple[FieldworkRow, Words, Words]]:
    """Each stratum and group with its label, and the heading that it stands under."""
    strata = {stratum.id: stratum for stratum in context.wave.strata}
    for row in report.strata:
        label = strata[row.group].label
        yield row, context.words(label) if label else Words(row.group), Words(context._("Strata"))
    for name in report.backgrounds:
        if _told(report.groups(name)) == _told(report.strata):
            continue  # the strata once more
        background = context.study.background(name)
        labels = {group.id: group.label for group in background.groups}
        for row in report.groups(name):
            yield row, context.words(labels[row.group]), context.words(background.label)


def _told(rows: Sequence[FieldworkRow]) -> list[object]:
    return [(row.cases, row.answered, row.counts) for row in rows]


def _against(context: Context, report: FieldworkReport, id: str) -> Table:
    """Respondents against the frame: each group's share of the population, of the invited and of those who answered."""
    _, whole = context._, report.whole
    populations = {stratum.id: stratum.population for stratum in context.wave.strata}
    population = context.population if report.strata else None
    rows = []
    for row, label, heading in _labelled(context, report):
        of_population = populations.get(row.group) if not row.by else None
        cells = [_share(context, of_population, population)] if population else []
        cells += [_share(context, row.cases, whole.cases), _share(context, row.answered, whole.answered, WITHHELD)]
        rows.append(Row(label=label, cells=tuple(cells), group=heading))
    columns = [*([_("Of the population")] if population else []), _("Of the invited"), _("Of those who answered")]
    return Table(
        id=id,
        caption=_("Those who answered beside the frame, per cent"),
        stub=_("Group"),
        columns=tuple(Column(label=Words(name)) for name in columns),
        rows=tuple(rows),
        notes=(_("Unweighted."), *((context._(NOTE),) if any(row.answered is None for row in report.rows) else ())),
    )


def _share(context: Context, n: int | None, of: int | None, absent: str = "") -> str:
    """In whole per cent, halves up."""
    if n is None or not of:
        return absent
    return context.count((200 * n + of) // (2 * of))


def _rates(context: Context, report: FieldworkReport, id: str) -> Table:
    _, whole = context._, report.whole
    weighted = bool(report.weighted)
    rows = []
    for name, meaning in RATES.items():
        cells = [_per_cent(context, whole, name)]
        if weighted:
            cells.append(
                context.wording.said(report.weighted[name], whole.decimals, "") if name in report.weighted else ""
            )
        rows.append(Row(label=Words(name), note=_(meaning), cells=tuple(cells)))
    columns = [_("Per cent"), *([_("Weighted by stratum")] if weighted else [])]
    hidden = any(cell == WITHHELD for row in rows for cell in row.cells)
    return Table(
        id=id,
        caption=_("Outcome rates"),
        stub=_("Rate"),
        columns=tuple(Column(label=Words(name)) for name in columns),
        rows=tuple(rows),
        notes=(
            _("e: the share of the cases of unknown eligibility that is counted as eligible"),
            *((_(NOTE),) if hidden else ()),
        ),
    )
