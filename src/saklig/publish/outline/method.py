"""The method page: AAPOR's A1–A11, each item said or said to be missing, and how the numbers were computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from saklig.edition.facts import NONE
from saklig.language.catalog import N_
from saklig.publish.outline.changes import how_sure
from saklig.publish.outline.context import Context
from saklig.publish.outline.design import design_in_words
from saklig.publish.outline.fieldwork import fieldwork_sections
from saklig.publish.outline.files import FILES
from saklig.publish.outline.front import in_brief, selection_is_told
from saklig.publish.outline.item_nonresponse import item_nonresponse
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
from saklig.publish.outline.panel import panel_section
from saklig.publish.outline.replication import by_replicates
from saklig.publish.outline.weighting import weighting_sections
from saklig.publish.outline.wording import STATISTICS
from saklig.study.model import METHOD_FIELDS, Interval, ResponseModel, Sample, unreported

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

QUALITY_DECLARATION = {
    "collection": ("2.2.3", N_("Measurement")),
    "sponsor": ("1.1", N_("Purpose and information needs")),
    "conductor": ("G", N_("Contact")),
    "instruments": ("2.2.3", N_("Measurement")),
    "population": ("1.2.1", N_("Objects and population")),
    "sampling": ("2.2.1–2.2.2", N_("Sampling and frame coverage")),
    "recruitment": ("2.2.4", N_("Non-response")),
    "mode": ("2.2.3", N_("Measurement")),
    "dates": ("1.2.5", N_("Reference times")),
    "sizes_and_precision": ("2.1", N_("Overall reliability")),
    "weighting": ("2.2.6", N_("Model assumptions")),
    "processing": ("2.2.5", N_("Processing")),
    "limitations": ("2.1", N_("Overall reliability")),
}
"""Our field → the item of Statistics Sweden's quality declaration (kvalitetsdeklaration) that asks for the same."""

SAMPLES = {
    Sample.PROBABILITY: N_("Probability sample: everyone in the frame had a known chance of being drawn."),
    Sample.RECRUITED_PANEL: N_("Panel recruited by probability sampling."),
    Sample.SELF_SELECTED: N_(
        "Self-selected: the respondents chose to take part. No margin of error can be computed for the population."
    ),
    Sample.CENSUS: N_("Census: everyone in the population was invited."),
}

SHARES = {
    Interval.LOGIT: N_(
        "Intervals of shares are logit intervals, symmetric on the logit scale; where a share is 0 or 100 per cent "
        "they are exact."
    ),
    Interval.BETA: N_(
        "Intervals of shares are Clopper and Pearson’s, with an effective number of answers (Korn and Graubard); where "
        "a share is 0 or 100 per cent they are exact."
    ),
    Interval.LIKELIHOOD: N_(
        "Intervals of shares are those of the working likelihood, scaled by the design effect (Rao and Scott); where a "
        "share is 0 or 100 per cent they are exact."
    ),
    Interval.WILSON: N_(
        "Intervals of shares are Wilson’s, with an effective number of answers (Dean and Pagano); where a share is 0 "
        "or 100 per cent they are exact."
    ),
    Interval.MEAN: N_(
        "Intervals of shares are symmetric, the share plus and minus a margin of error; where a share is 0 or 100 per "
        "cent they are exact."
    ),
}
"""How the intervals of shares are made."""

OTHER_INTERVALS = (
    ({"mean", "balance"}, N_("Intervals of means and balances are symmetric, with the quantiles of Student’s t.")),
    ({"median", "q1", "q3"}, N_("Intervals of medians and quartiles are Woodruff’s.")),
)
"""Statistics that are not shares, and how their intervals are made."""

NOT_TOLD = N_("How the respondents were selected is not reported. No margin of error can be computed.")


def method_page(context: Context) -> Page:
    _ = context._
    waves = [replace(context, wave=context.study.wave(wave)) for wave in reversed(context.reading.waves)] or [context]
    sections = [
        *(_brief(each, several=len(waves) > 1) for each in waves),
        Section(
            id="aapor",
            heading=Words(_("How the survey was made")),
            blocks=(Terms(terms=tuple(_items(context))),),
            introduction=Words(
                _(
                    "Items A1–A11 of AAPOR’s Transparency Initiative, each with the corresponding item of Statistics "
                    "Sweden’s quality declaration. Items that are missing are marked as not reported."
                )
            ),
        ),
        *(
            section
            for each in waves
            for section in panel_section(
                each,
                f"panel-{each.wave.id}" if len(waves) > 1 else "panel",
                _headed(each, _("The panel"), len(waves) > 1),
            )
        ),
        Section(id="numbers", heading=Words(_("How the numbers were computed")), blocks=tuple(_computed(context))),
        Section(
            id="declaration",
            heading=Words(_("The rest of the quality declaration")),
            blocks=(Terms(terms=tuple(_rest_of_declaration(context))),),
            introduction=Words(
                _("What else Statistics Sweden’s quality declaration asks for, and where it is answered.")
            ),
        ),
    ]
    sections += [_strata_section(each, several=len(waves) > 1) for each in waves if each.wave.strata]
    for each in waves:
        made = (
            *weighting_sections(each, _headed, several=len(waves) > 1),
            *fieldwork_sections(each, _headed, several=len(waves) > 1),
            *item_nonresponse(each, _headed, several=len(waves) > 1),
        )
        sections += [_captioned(each, section) for section in made] if len(waves) > 1 else made
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


def _headed(context: Context, heading: str, several: bool) -> str:
    label = context.words(context.wave.label)
    return context._("{heading}, wave {wave}", heading=heading, wave=label) if several else heading


def _captioned(context: Context, section: Section) -> Section:
    """Its tables named by the wave too: a table is also a landmark, and no two on a page have one name."""
    blocks = (
        replace(block, caption=_headed(context, block.caption, True)) if isinstance(block, Table) else block
        for block in section.blocks
    )
    return replace(section, blocks=tuple(blocks))


def _brief(context: Context, *, several: bool) -> Section:
    heading = _headed(context, context._("In brief"), several)
    id = f"brief-{context.wave.id}" if several else "brief"
    return Section(id=id, heading=Words(heading), blocks=(in_brief(context),))


def _strata_section(context: Context, *, several: bool) -> Section:
    heading = _headed(context, context._("Strata"), several)
    id = f"strata-{context.wave.id}" if several else "strata"
    return Section(id=id, heading=Words(heading), blocks=(_strata(context, f"{id}-table", several),))


def _rest_of_declaration(context: Context) -> Iterator[Term]:
    _, study = context._, context.study
    names = ", ".join(context.words(background.label).text for background in study.backgrounds)
    kinds = dict.fromkeys(fact for fact in _statistics(context))
    yield Term(name=_("Statistical measures"), code="1.2.3", values=(Words(", ".join(kinds)),))
    yield Term(
        name=_("Groups in the results"),
        code="1.2.4",
        values=(Words(names or _("no background variables")),),
        absent=not study.backgrounds,
    )
    changed = [each for each in study.questions if each.changes or each.id in context.edition.breaks]
    if len(context.reading.waves) > 1:
        n = len(changed)
        said = _.ngettext(
            "{n} question was changed between the waves; its page says how.",
            "{n} questions were changed between the waves; their pages say how.",
            n,
            n=context.count(n),
        )
        same = _("No question was changed.")
        of_waves = (context.words(wave.change.note) for wave in study.waves if wave.change)
        sure = (Words(words) for words in how_sure(context, context.edition.publication.pairs))
        values = (Words(said if n else same), *of_waves, *sure)
        yield Term(name=_("Comparability over time"), code="5.1", values=values)
    yield Term(
        name=_("Confidentiality"), code="B", values=(Words(_("Described on the page “What is not shown, and why”.")),)
    )
    contact = study.contact
    yield Term(
        name=_("Contact"),
        code="G",
        values=(context.words(contact) if contact else Words(not_reported(context)),),
        absent=not contact,
    )


def _statistics(context: Context) -> Iterator[str]:
    """The measures that the edition holds, in words."""
    _ = context._
    yield _("shares in per cent")
    held = set(context.edition.facts.address["stat"].values)
    for stat, name in STATISTICS.items():
        if stat in held:
            yield _(name).lower()


def not_reported(context: Context) -> str:
    """By name, where it is known who carried out the survey."""
    who = context.study.method.get("conductor") or context.study.method.get("sponsor")
    return context._("not reported by {name}", name=context.words(who)) if who else context._("not reported")


def _items(context: Context) -> Iterator[Term]:
    """Every item; those that the waves say themselves (mode, dates, weighting) are taken from there when the method is
    silent."""
    elsewhere = {"mode": context.mode, "dates": context.dates}
    if context.edition.publication.weightings and "weighting" not in unreported(context.study):
        elsewhere["weighting"] = context._("See How the answers were weighted, below")
    for name, code in METHOD_FIELDS.items():
        text = context.study.method.get(name)
        known = elsewhere.get(name, "")
        population = context.study.population_name if name == "population" else None
        if text:
            values = (context.words(text),)
        elif population:
            values = (context.words(population),)
        else:
            values = (Words(known or not_reported(context)),)
        absent = not (text or population or known)
        number, title = QUALITY_DECLARATION[name]
        note = f"SCB {number} {context._(title)}"
        yield Term(name=context._(FIELDS[name]), values=values, note=note, code=code, absent=absent)


def _computed(context: Context) -> Iterator[Block]:
    _, response = context._, context.response
    known = context.study.sample is not Sample.SELF_SELECTED or selection_is_told(context)
    held = set(context.edition.facts.address["stat"].values)
    replicates = context.wave.replicates if response and response.replicates else None
    sentences = [SAMPLES[context.study.sample] if known else NOT_TOLD]
    if response and response.weighted:
        sentences.append(N_("Shares are weighted; bases are unweighted numbers of answers."))
    elif response:
        sentences.append(N_("Nothing is weighted; bases are numbers of answers."))
    sentences += _intervals(context, held)
    if any(question.nets for question in context.study.questions):
        sentences.append(
            N_(
                "A net is computed from the answers themselves and not from rounded shares. Its share can therefore "
                "differ by one from the sum of its parts: answers shown as 37 and 46 per cent can together be 84 per "
                "cent."
            )
        )
    for sentence in sentences:
        yield Paragraph(words=Words(_(sentence)))
    if replicates and response:
        yield Paragraph(words=Words(" ".join(by_replicates(context, replicates, response.replicates))))
    if context.study.modelled:
        yield Paragraph(
            words=Words(
                _(
                    "The assumption, in the words of those who made the survey: {assumption}",
                    assumption=context.words(context.study.modelled).text,
                )
            )
        )
    else:
        yield from (Paragraph(words=Words(said)) for said in design_in_words(context))
    n = context.count(context.wording.few_below)
    few = _("A share with a base below {n} is published but marked as uncertain (italic).", n=n)
    yield Paragraph(words=Words(few))


def _intervals(context: Context, held: set[str]) -> Iterator[str]:
    """Which there are, how they were made, and on what assumption of those who did not answer."""
    study = context.study
    if study.sample is Sample.SELF_SELECTED and study.modelled is None:
        return
    if not bool((context.edition.facts.lower != NONE).any()):
        if study.sample is Sample.CENSUS and study.response_model is ResponseModel.NONE:
            yield N_(
                "Not everyone in the population answered, and nothing is assumed of those who did not. Therefore there "
                "are no intervals, and the numbers speak of those who answered."
            )
        return
    if context.response and context.response.replicates:
        yield N_(
            "Intervals are 95 per cent confidence intervals. Their errors are computed from replicate weights, as said "
            "below."
        )
    elif study.sample is Sample.CENSUS:
        yield N_(
            "Intervals are 95 per cent confidence intervals, computed by Taylor linearisation as if those who answered "
            "had been drawn at random."
        )
    elif study.modelled is None:
        yield N_(
            "Intervals are 95 per cent confidence intervals, computed from the sampling design by Taylor linearisation."
        )
    else:
        yield N_(
            "The intervals are modelled: they are as wide as 95 per cent confidence intervals would be if the "
            "respondents were a random sample. No such sample was drawn, and they are no margin of error."
        )
    yield SHARES[study.interval]
    yield from (said for stats, said in OTHER_INTERVALS if stats & held)
    if unanswered(context) and study.sample is not Sample.SELF_SELECTED:
        yield N_(
            "Not everyone who was invited answered. The intervals rest on the assumption that those who answered are a "
            "random sample, within their stratum where there are strata."
        )


def unanswered(context: Context) -> bool:
    """Whether it is known that some who were invited did not answer."""
    invited = context.invited or (context.population if context.study.sample is Sample.CENSUS else None)
    return bool(context.response and invited and context.response.respondents < invited)


def _strata(context: Context, id: str, several: bool) -> Table:
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
        id=id,
        caption=_headed(context, _("Population, invited and answers by stratum"), several),
        stub=_("Stratum"),
        columns=tuple(Column(label=Words(name)) for name in columns),
        rows=rows,
    )
