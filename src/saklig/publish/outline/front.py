"""The front page, and a page for each section: what was asked of whom, and the way in."""

from __future__ import annotations

import math
from dataclasses import replace

from saklig.edition.facts import Status
from saklig.publish.outline.context import Context
from saklig.publish.outline.files import FILES, section_file
from saklig.publish.outline.model import (
    Column,
    Illustration,
    Link,
    Links,
    MapArrow,
    MapBox,
    Page,
    PageKind,
    Row,
    Section,
    Table,
    Term,
    Terms,
    Words,
)
from saklig.publish.outline.panel import cumulative_rate
from saklig.publish.outline.question import section_title
from saklig.study.model import Box, Perspective, Question, Sample
from saklig.study.model import Section as StudySection


def front_page(context: Context) -> Page:
    _, study = context._, context.study
    title = context.words(study.title)
    standfirst = tuple(context.words(text) for text in (study.subtitle, study.description) if text)
    sections = [Section(id="method", heading=Words(_("In brief")), blocks=(in_brief(context, headline=True),))]
    if study.perspectives:
        pictures = tuple(illustration(context, perspective) for perspective in study.perspectives)
        heading = Words(_("How are the questions connected?"))
        n = len(pictures)
        introduction = _.ngettext(
            "One perspective on the survey. Choose a box to read the answers.",
            "{n} perspectives on the same survey. Choose a box to read the answers.",
            n,
            n=_small_number(context, n),
        )
        sections.append(Section(id="perspectives", heading=heading, blocks=pictures, introduction=Words(introduction)))
    sections.append(Section(id="questions", heading=Words(_("All questions")), blocks=all_questions(context)))
    return Page(
        kind=PageKind.FRONT,
        file=context.front_file,
        language=context.language,
        title=title,
        label=Words(_("Results")) if context.wave == context.latest else wave_name(context),
        standfirst=standfirst,
        sections=tuple(sections),
        waves=context.fronts(),
    )


def wave_name(context: Context) -> Words:
    label = context.words(context.wave.label)
    return Words(context._("Wave {wave}", wave=label), label.language)


def _small_number(context: Context, n: int) -> str:
    words = {2: context._("Two"), 3: context._("Three"), 4: context._("Four")}
    return words.get(n, context.count(n))


def all_questions(context: Context) -> tuple[Links, ...]:
    """For each section a heading link and its questions, as in the questionnaire."""
    return tuple(
        Links(links=(section_link(context, section), *_links(context, section))) for section in sections(context)
    )


def sections(context: Context) -> tuple[StudySection, ...]:
    """Those with questions: in the latest wave every one that the study ever had, in an earlier one its own."""
    return tuple(section for section in context.study.sections if questions_of(context, section))


def questions_of(context: Context, section: StudySection) -> tuple[Question, ...]:
    """What `sections` says, of questions."""
    latest = context.wave == context.latest
    return tuple(question for question in section.questions if latest or context.asked(question))


def section_link(context: Context, section: StudySection) -> Link:
    return Link(text=section_title(context, section), target=context.section_file(section.id))


def question_link(context: Context, question: Question) -> Link:
    """Where the question was not asked in this wave, the link says in which it was."""
    label, waves = context.words(question.label), context.waves_of(question)
    if waves and context.wave not in waves:
        label = Words(f"{label} ({context.words(waves[-1].label)})", label.language)
    return Link(text=label, target=context.file(question))


def _links(context: Context, section: StudySection) -> tuple[Link, ...]:
    return tuple(question_link(context, question) for question in questions_of(context, section))


def section_page(context: Context, section: StudySection) -> Page:
    """The section's questions with their literal wording, in the questionnaire's order."""
    links = tuple(
        replace(question_link(context, question), note=context.words(context.text_of(question)).text)
        for question in questions_of(context, section)
    )
    introduction = (context.words(section.introduction),) if section.introduction else ()
    n = len(links)
    return Page(
        kind=PageKind.SECTION,
        file=context.section_file(section.id),
        language=context.language,
        waves=context.switch(lambda wave: context.section_file_in(wave, section)),
        title=section_title(context, section),
        label=section_title(context, section),
        standfirst=introduction,
        under=(Words(context._.ngettext("{n} question", "{n} questions", n, n=context.count(n))),),
        sections=(Section(id="questions", heading=Words(context._("Questions")), blocks=(Links(links=links),)),),
    )


def in_brief(context: Context, *, headline: bool = False) -> Terms:
    """Who, how many, when and how, how certain, by whom: before any result."""
    terms = (_who(context), _how_many(context), _when(context), _how_certain(context), _by_whom(context))
    return Terms(terms=terms, headline=headline)


def _not_reported(context: Context) -> tuple[Words, ...]:
    return (Words(context._("not reported")),)


def _who(context: Context) -> Term:
    name = context.study.population_name
    values = (context.words(name),) if name else _not_reported(context)
    return Term(name=context._("Who"), values=values, absent=not name)


def _how_many(context: Context) -> Term:
    _, response = context._, context.response
    if response is None:
        return Term(name=_("Answers"), values=_not_reported(context), absent=True)
    n, invited = context.count(response.respondents), context.invited
    if context.study.sample is Sample.CENSUS:
        invited = invited or context.population
    if not invited:
        return Term(name=_("Answers"), values=(Words(n),))
    rate = _response_rate(context, response.respondents, invited)
    drawn = context.study.sample is Sample.PROBABILITY
    said = _("{n} of {invited} in the sample") if drawn else _("{n} of {invited} invited")
    value = Words(said.format(n=n, invited=context.count(invited)))
    note = _("response rate {rate} per cent", rate=rate)
    if cumulative := cumulative_rate(context):
        note = _(
            "response rate {rate} per cent; cumulative, from recruitment on, {cumulative} per cent",
            rate=rate,
            cumulative=cumulative,
        )
    return Term(name=_("Answers"), values=(value,), note=note)


def _response_rate(context: Context, respondents: int, invited: int) -> str:
    """That of the fieldwork report where there is one (RR2): without those who did not belong to the population."""
    report = context.fieldwork
    if report and "RR2" in report.whole.rates:
        return context.wording.said(report.whole.rates["RR2"], report.whole.decimals, "")
    return context.count((200 * respondents + invited) // (2 * invited))


def _when(context: Context) -> Term:
    found = [text for text in (context.dates, context.mode) if text]
    name = context._("When and how")
    if not found:
        return Term(name=name, values=_not_reported(context), absent=True)
    return Term(name=name, values=(Words(found[0]),), note=found[1] if len(found) > 1 else "")


def _how_certain(context: Context) -> Term:
    """The farthest end of any interval from its share, everybody's answers: a bound, not a typical value."""
    _, name = context._, context._("Uncertainty")
    if context.study.sample is Sample.SELF_SELECTED:
        why = _("the respondents chose to take part, and nothing is known of how they differ from others")
        if not selection_is_told(context):
            why = _("how the respondents were selected is not reported")
        if context.study.modelled is not None:
            why = _("{why}; intervals are modelled, on an assumption that the page “Method” states", why=why)
        return Term(name=name, values=(Words(_("no margin of error")),), note=why)
    reach = farthest(context)
    if reach is None:
        return Term(name=name, values=(Words(_("no intervals")),))
    response = context.response
    complete = bool(response and response.respondents == context.population)
    if reach == 0 and complete and context.study.sample is Sample.CENSUS:
        return Term(name=name, values=(Words(_("no sampling error")),), note=_("everyone in the population answered"))
    value = _.ngettext("at most {n} percentage point", "at most {n} percentage points", reach, n=context.count(reach))
    note = _(
        "in either direction, for a percentage of all respondents (95 per cent confidence interval, at least {n} "
        "answers)",
        n=context.count(context.wording.few_below),
    )
    return Term(name=name, values=(Words(value),), note=note)


def selection_is_told(context: Context) -> bool:
    """A draft is called self-selected until somebody says how its respondents were selected."""
    return any(context.study.method.get(name) for name in ("sampling", "recruitment"))


def farthest(context: Context) -> int | None:
    """In whole percentage points, over the shares of everybody's answers that are not marked as uncertain."""
    reach = -1.0
    for question in context.study.questions:
        facts = context.reading.question(context.wave.id, question.id)
        for key in facts.everybody:
            (_item, category, stat, _groups), row = key, facts.rows[key]
            certain = facts.base[row] >= context.wording.few_below
            if stat or not category or facts.status[row] is not Status.PUBLISHED or not certain:
                continue
            value, lower, upper = facts.value[row], facts.lower[row], facts.upper[row]
            if lower >= 0 and upper >= 0:
                reach = max(reach, max(value - lower, upper - value) / 10 ** facts.decimals[row])
    return math.ceil(reach) if reach >= 0 else None


def _by_whom(context: Context) -> Term:
    _, method = context._, context.study.method
    conductor, sponsor = method.get("conductor"), method.get("sponsor")
    if not conductor and not sponsor:
        return Term(name=_("By whom"), values=_not_reported(context), absent=True)
    if conductor and sponsor:
        note = _("commissioned by {sponsor}", sponsor=context.words(sponsor))
        return Term(name=_("By whom"), values=(context.words(conductor),), note=note)
    if sponsor:
        return Term(name=_("Commissioned by"), values=(context.words(sponsor),))
    assert conductor is not None
    return Term(name=_("By whom"), values=(context.words(conductor),))


def illustration(context: Context, perspective: Perspective) -> Illustration:
    boxes = tuple(_box(context, box) for box in perspective.boxes)
    names = {box.id: box.label for box in boxes}
    arrows = tuple(
        MapArrow(origin=arrow.origin, target=arrow.target, verb=context.words(arrow.verb))
        for arrow in perspective.arrows
    )
    said = "; ".join(f"{names[arrow.origin]} {arrow.verb} {names[arrow.target]}" for arrow in arrows)
    title = context.words(perspective.title)
    alternative = context._("The perspective {title}. {arrows}.", title=title, arrows=said)
    rows = tuple(
        Row(label=names[arrow.origin], cells=(arrow.verb, Words(str(names[arrow.target])))) for arrow in arrows
    )
    columns = (
        Column(label=Words(context._("Relation")), numeric=False),
        Column(label=Words(context._("To")), numeric=False),
    )
    id = f"perspective-{perspective.id}"
    table = Table(id=f"{id}-table", caption=title.text, stub=context._("From"), columns=columns, rows=rows)
    subtitle = context.words(perspective.description).text if perspective.description else ""
    frame = context.frame(id, title, subtitle, "", alternative)
    return Illustration(frame=frame, boxes=boxes, arrows=arrows, table=table)


def _box(context: Context, box: Box) -> MapBox:
    link, goes_to = "", ""
    if box.sections:
        section = next(section for section in context.study.sections if section.id == box.sections[0])
        here = bool(questions_of(context, section))
        link = context.section_file(section.id) if here else section_file(section.id)
        goes_to = context._.ngettext("Section {ids}", "Sections {ids}", len(box.sections), ids=", ".join(box.sections))
    elif box.questions:
        question = context.study.question(box.questions[0])
        link, goes_to = context.file(question), context.words(question.label).text
    return MapBox(
        id=box.id,
        label=context.words(box.label),
        column=box.at[0],
        row=box.at[1],
        detail=context.words(box.detail) if box.detail else None,
        link=link,
        goes_to=goes_to,
        context=box.context,
    )


def facts_page(context: Context) -> Page:
    """The index of all facts; without a browser's help it is the list of the questions that they belong to."""
    _ = context._
    heading, total = Words(_("Questions")), len(context.edition.facts)
    said = _("All {n} facts of the edition. Each has an address of its own.", n=context.count(total))
    return Page(
        kind=PageKind.FACTS,
        file=FILES[PageKind.FACTS],
        language=context.language,
        title=Words(_("Index of all facts")),
        label=Words(_("All facts")),
        standfirst=(Words(said),),
        sections=(Section(id="questions", heading=heading, blocks=all_questions(context)),),
    )
