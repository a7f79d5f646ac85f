"""The page of a question: its words, the answers, every breakdown, and how it was asked."""

from __future__ import annotations

from collections.abc import Iterator

from saklig.language.catalog import N_
from saklig.publish.outline import breakdown, group_changes, over_time
from saklig.publish.outline.context import Context
from saklig.publish.outline.model import Block, Link, Page, PageKind, Section, Term, Terms, Words
from saklig.publish.outline.pictures import EVERYBODY, bars, histogram, is_stacked, ranking, stack, stacks
from saklig.publish.outline.reading import QuestionFacts
from saklig.publish.outline.rows import Subject, category_label
from saklig.publish.outline.tables import grid, item_label
from saklig.study.model import Base, Kind, Question, question_parts
from saklig.study.model import Section as StudySection

PRESENTED = {
    "read-aloud": N_("The answers were read aloud."),
    "shown": N_("The answers were shown."),
    "not-read": N_("The answers were not read aloud."),
}
ROTATION = {
    "options": N_("The order of the answers was rotated between respondents."),
    "items": N_("The order of the items was rotated between respondents."),
    "reversed": N_("The answers were shown in reversed order to half of the respondents."),
}
BASES = {
    Base.VALID: N_("Those who were asked and answered. “Don’t know”, where it was offered, is an answer."),
    Base.OPINION: N_("Those who were asked and had an opinion. “Don’t know” is shown beside it."),
    Base.ASKED: N_("Everyone who was asked, those who did not answer included."),
}


def subjects(context: Context, facts: QuestionFacts, question: Question) -> tuple[Subject, ...]:
    """One for the question, or one for each item of a grid."""
    parts = question_parts(question, context.wave.id, context.study.base)
    return tuple(Subject(context, facts, part) for part in parts)


def question_pages(context: Context, section: StudySection, question: Question) -> tuple[Page, ...]:
    """The question's page, and where it has more numbers than a page can hold, those on which its breakdowns go on."""
    facts = context.reading.question(context.wave.id, question.id)
    parts = subjects(context, facts, question)
    result = Section(id="answers", heading=Words(context._("Answers")), blocks=tuple(_result(parts)))
    in_time = over_time.sheets(context, parts)
    beside = over_time.weight(context, parts) if any(not sheet.file for sheet in in_time) else 0
    by_background = breakdown.sheets(parts, beside)
    changed = group_changes.sheets(context, parts, by_background[0].weight)
    sheets = (*by_background, *(sheet for sheet in (*in_time, *changed) if sheet.file))
    asked_in = context.waves_of(question)
    page = Page(
        kind=PageKind.QUESTION,
        file=context.file(question),
        language=context.language,
        title=context.words(context.text_of(question)),
        label=context.words(question.label),
        quoted=True,
        over=_over(context, section, question),
        standfirst=_standfirst(context, question),
        under=_under(context, parts),
        sections=(
            result,
            *(section for sheet in by_background if not sheet.file for section in sheet.sections),
            *breakdown.elsewhere(context, sheets),
            *(section for sheet in (*in_time, *changed) if not sheet.file for section in sheet.sections),
            _asked(context, question),
        ),
        waves=context.switch(lambda wave: context.file_in(wave, question) if wave in asked_in else ""),
        changes=over_time.differences_told(context, question),
    )
    return (page, *(breakdown.page(page, sheet, context, question) for sheet in sheets if sheet.file))


def _over(context: Context, section: StudySection, question: Question) -> tuple[Link | Words, ...]:
    asked = [each.id for each in section.questions if context.asked(each)]
    place = asked.index(question.id) + 1
    of = context._("question {n} of {total}", n=context.count(place), total=context.count(len(asked)))
    return (Link(text=section_title(context, section), target=context.section_file(section.id)), Words(of))


def section_title(context: Context, section: StudySection) -> Words:
    """Numbered as in the questionnaire where its id is a number."""
    title = context.words(section.title)
    return Words(f"{section.id}. {title.text}", title.language) if section.id.isdigit() else title


def _standfirst(context: Context, question: Question) -> tuple[Words, ...]:
    texts = (question.introduction, context.study.instruction_of(question, context.wave.id))
    return tuple(context.words(text) for text in texts if text)


def _under(context: Context, parts: tuple[Subject, ...]) -> tuple[Words, ...]:
    """Who was asked, who answered, when and how."""
    _, question = context._, parts[0].question
    counted = parts[0].part.base
    asked = next((n for part in parts if (n := part.asked()) is not None), None)
    if asked is None and counted is Base.ASKED:
        asked = parts[0].answered()
    if asked is None and not question.asked_if and context.response:
        asked = context.response.respondents
    answered = [n for part in parts if counted is Base.VALID and (n := part.answered()) is not None]
    said = []
    if asked is not None:
        said.append(_.ngettext("{n} asked", "{n} asked", asked, n=context.count(asked)))
    if answered:
        low, high = min(answered), max(answered)
        spread = context.count(high) if low == high else f"{context.count(low)}–{context.count(high)}"
        said.append(_.ngettext("{n} answered", "{n} answered", high, n=spread))
    if put_to := routing(context, question):
        said.append(put_to)
    elif context.response and asked == context.response.respondents and not context.edition.publication.draft:
        said.append(_("put to everyone"))
    if how := ", ".join(part for part in (context.mode, context.dates) if part):
        said.append(how)
    return tuple(Words(words) for words in said)


def routing(context: Context, question: Question) -> str:
    """Who the question was put to, in words; empty where it was everyone."""
    conditions = []
    for condition in question.asked_if:
        earlier = context.study.question(condition.question)
        labels = _labels(context, earlier)
        labels |= {net.id: context.words(net.label).text for net in earlier.nets}
        chosen = (labels.get(category, category) for category in condition.categories)
        answers = context._(" or ").join(context._("“{text}”", text=label) for label in chosen)
        name = context.words(earlier.label).text
        item = next((item for item in earlier.items if item.id == condition.item), None)
        name += f", {context.words(item.label).text}" if item else ""
        conditions.append(context._("{answers} on “{question}”", answers=answers, question=name))
    if not conditions:
        return ""
    return context._("put to those who answered {conditions}", conditions=context._(" and ").join(conditions))


def _labels(context: Context, question: Question) -> dict[str, str]:
    """Category id → what it is called."""
    rows = (row for part in question_parts(question) for row in part.rows)
    return {row.id: category_label(context, question, row).text for row in rows}


def _result(parts: tuple[Subject, ...]) -> Iterator[Block]:
    """Everybody's answers."""
    first = parts[0]
    if first.part.item is None:
        yield from _single(first)
    elif is_stacked(first):
        rows = tuple(stack(part, EVERYBODY, item_label(part)) for part in parts)
        places = [(part, EVERYBODY, None) for part in parts]
        _ = first.context._
        yield stacks(parts, "answers", "", rows, grid(first, "answers-table", _("All answers"), _("Item"), places))
    else:
        for part in parts:
            yield bars(part, f"answers-{part.item}", headed=True)


def _single(subject: Subject) -> Iterator[Block]:
    if subject.question.kind is Kind.RANKING:
        yield ranking(subject, "answers", "", [EVERYBODY])
    elif subject.question.kind is Kind.NUMERIC and subject.question.classes:
        yield histogram(subject, "answers")
    else:
        yield bars(subject, "answers")


def _asked(context: Context, question: Question) -> Section:
    """How the question was asked: what a reader needs to judge the answers."""
    _ = context._
    terms = [Term(name=_("Base"), values=(Words(_(BASES[question.base or context.study.base])),))]
    if said := routing(context, question):
        terms.append(Term(name=_("Put to"), values=(Words(said[0].upper() + said[1:] + "."),)))
    presented = "" if question.kind in (Kind.NUMERIC, Kind.OPEN) else question.presented
    shown = [table[value] for table, value in ((PRESENTED, presented), (ROTATION, question.rotation)) if value]
    if question.at_most:
        most = question.at_most
        shown.append(_.ngettext("At most {n} answer could be given.", "At most {n} answers could be given.", most))
    if shown:
        terms.append(Term(name=_("How it was asked"), values=tuple(Words(_(words)) for words in shown)))
    asked_in = question.asked_in or context.study.languages[:1]
    if context.language not in asked_in:
        text = context.text_of(question)
        original = tuple(Words(text.get(tag) or "", tag) for tag in asked_in if text.get(tag))
        if original and context.words(text).language == "":
            note = _("The wording above is a translation. The question was asked in these words:")
            terms.append(Term(name=_("Original wording"), values=(Words(note), *original)))
    if question.items:
        terms.append(Term(name=_("Items"), values=tuple(context.words(item.text) for item in question.items)))
    for net in question.nets:
        labels = _labels(context, question)
        together = ", ".join(labels.get(category, category) for category in net.of)
        terms.append(
            Term(name=context.words(net.label).text, values=(Words(_("Combines: {answers}", answers=together)),))
        )
    for change in question.changes:
        values = (context.words(change.note), *((context.words(change.text),) if change.text else ()))
        label = context.words(context.study.wave(change.wave).label).text
        terms.append(Term(name=_("Changed in {wave}", wave=label), values=values))
    return Section(id="asked", heading=Words(_("How the question was asked")), blocks=(Terms(terms=tuple(terms)),))
