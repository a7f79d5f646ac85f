"""The whole publication as pages, in one language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from saklig.publish.outline.about import accessibility_page, verify_page
from saklig.publish.outline.context import Context
from saklig.publish.outline.front import facts_page, front_page, question_link, section_page, sections
from saklig.publish.outline.method import method_page
from saklig.publish.outline.model import Page
from saklig.publish.outline.protection import protection_page
from saklig.publish.outline.question import question_pages
from saklig.study.model import Question
from saklig.study.model import Section as StudySection


def questions_asked(context: Context) -> tuple[tuple[StudySection, Question], ...]:
    """The questions that have facts in the context's wave, in the questionnaire's order."""
    return tuple(
        (section, question)
        for section in sections(context)
        for question in section.questions
        if context.reading.asked(context.wave.id, question.id)
    )


def pages_of_questions(context: Context, places: slice = slice(None)) -> Iterator[tuple[Page, ...]]:
    """For each question its page, and those that it goes on to. `places`: of which of the questions that were asked."""
    asked = questions_asked(context)
    for place in range(len(asked))[places]:
        section, question = asked[place]
        before = question_link(context, asked[place - 1][1]) if place else None
        after = question_link(context, asked[place + 1][1]) if place + 1 < len(asked) else None
        yield tuple(replace(page, previous=before, next=after) for page in question_pages(context, section, question))


def other_pages(context: Context) -> Iterator[Page]:
    """Front, sections, method, protection, facts, how to verify, accessibility; of an earlier wave the first two."""
    yield front_page(context)
    for section in sections(context):
        yield section_page(context, section)
    if context.wave != context.latest:
        return
    yield method_page(context)
    yield protection_page(context)
    yield facts_page(context)
    yield verify_page(context)
    yield accessibility_page(context)
