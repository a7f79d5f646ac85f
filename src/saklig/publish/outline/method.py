"""The method page: AAPOR's A1–A11, each item said or said to be missing, and how the numbers were computed."""

from __future__ import annotations

from collections.abc import Iterator

from saklig.language.catalog import N_
from saklig.publish.outline.context import Context
from saklig.publish.outline.files import FILES
from saklig.publish.outline.front import in_brief
from saklig.publish.outline.model import (
    Block,
    Column,
    Page,
    PageKind,
    Paragraph,
    Row,
    Section,
    Table,
    Term,
    Terms,
    Words,
)
from saklig.study.model import METHOD_FIELDS, Sample

FIELDS = {
    "collection": N_("How data were collected"),
    "sponsor": N_("Who commissioned the survey"),
    "conductor": N_("Who carried it out"),
    "instruments": N_("Questionnaire and other instruments"),
    "population": N_("Population"),
    "sampling": N_("How the sample was drawn"),
    "recruitment": N_("How respondents were recruited"),
    "mode": N_("Mode of collection"),
    "dates": N_("Dates of collection"),
    "sizes_and_precision": N_("Sample sizes and precision"),
    "weighting": N_("Weighting"),
    "processing": N_("Processing and quality control"),
    "limitations": N_("Limitations"),
}

SAMPLES = {
    Sample.PROBABILITY: N_("Probability sample: everyone in the frame had a known chance of being drawn."),
    Sample.RECRUITED_PANEL: N_("Panel recruited by probability sampling."),
    Sample.SELF_SELECTED: N_(
        "Self-selected: the respondents chose to take part. No margin of error can be computed for the population."
    ),
    Sample.CENSUS: N_("Census: everyone in the population was invited."),
}


def method_page(context: Context) -> Page:
    _ = context._
    sections = [
        Section(id="brief", heading=Words(_("In brief")), blocks=(in_brief(context),)),
        Section(
            id="aapor",
            heading=Words(_("How the survey was made")),
            blocks=(Terms(terms=tuple(_items(context))),),
            introduction=Words(_("The items A1–A11 of AAPOR’s Transparency Initiative. What is missing is said.")),
        ),
        Section(id="numbers", heading=Words(_("How the numbers were computed")), blocks=tuple(_computed(context))),
    ]
    if context.wave.strata:
        sections.append(Section(id="strata", heading=Words(_("Strata")), blocks=(_strata(context),)))
    findings = context.edition.publication.findings
    if findings:
        blocks = tuple(Paragraph(words=Words(finding)) for finding in findings)
        sections.append(Section(id="findings", heading=Words(_("Remarks on the questionnaire")), blocks=blocks))
    return Page(
        kind=PageKind.METHOD,
        file=FILES[PageKind.METHOD],
        language=context.language,
        title=Words(_("Method")),
        label=Words(_("Method")),
        sections=tuple(sections),
    )


def _items(context: Context) -> Iterator[Term]:
    """Every item; those that the waves say themselves (mode, dates) are taken from there when the method is silent."""
    for name, code in METHOD_FIELDS.items():
        text = context.study.method.get(name)
        known = {"mode": context.mode, "dates": context.dates}.get(name, "")
        population = context.study.population_name if name == "population" else None
        if text:
            values = (context.words(text),)
        elif population:
            values = (context.words(population),)
        else:
            values = (Words(known or context._("not reported")),)
        absent = not (text or population or known)
        yield Term(name=context._(FIELDS[name]), values=values, code=code, absent=absent)


def _computed(context: Context) -> Iterator[Block]:
    _, response = context._, context.response
    sentences = [SAMPLES[context.study.sample]]
    if response and response.weighted:
        sentences.append(N_("Shares are weighted; bases are unweighted numbers of answers."))
    elif response:
        sentences.append(N_("Nothing is weighted; bases are numbers of answers."))
    if context.study.sample is not Sample.SELF_SELECTED:
        sentences.append(
            N_(
                "Intervals are 95 per cent confidence intervals, computed from the sampling design by Taylor "
                "linearisation: on the logit scale, and exactly where a share is 0 or 100 per cent."
            )
        )
    if context.population and context.study.sample is not Sample.SELF_SELECTED:
        sentences.append(N_("The finite population is taken into account."))
    if response and response.clustered:
        sentences.append(N_("Respondents were drawn in clusters, which the intervals take into account."))
    sentences.append(
        N_(
            "A net is counted from the answers themselves and not from rounded shares: the printed parts 37 and 46 can "
            "be 84 together."
        )
    )
    for sentence in sentences:
        yield Paragraph(words=Words(_(sentence)))
    n = context.count(context.wording.few_below)
    few = _("A share with fewer than {n} answers behind it is published and marked as uncertain (italic).", n=n)
    yield Paragraph(words=Words(few))


def _strata(context: Context) -> Table:
    _, response = context._, context.response
    columns = (_("Population"), _("Invited"), _("Answers"))

    def cell(n: int | None) -> str:
        return context.count(n) if n is not None else _("not reported")

    rows = tuple(
        Row(
            label=context.words(stratum.label) if stratum.label else Words(stratum.id),
            cells=(
                cell(stratum.population),
                cell(stratum.invited),
                cell(response.by_stratum.get(stratum.id) if response else None),
            ),
        )
        for stratum in context.wave.strata
    )
    return Table(
        id="strata-table",
        caption=_("Population, invited and answers by stratum"),
        stub=_("Stratum"),
        columns=tuple(Column(label=Words(name)) for name in columns),
        rows=rows,
    )
