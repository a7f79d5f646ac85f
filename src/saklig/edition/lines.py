"""Where the lines of an edition are broken over its waves: what its study says, its files list, its numbers show."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from saklig.edition.facts import Facts, Status
from saklig.edition.lookup import Index
from saklig.edition.publication import Publication
from saklig.study.breaks import Break, Breaks, Cause, breaks_of, waves_of
from saklig.study.model import Base, Question, Role, Study


def line_breaks(study: Study, publication: Publication, facts: Facts) -> Breaks:
    """Question id → its breaks; the same from an edition as when it was made."""
    if len(study.waves) < 2:
        return {}
    return breaks_of(study, (*publication.breaks, *_asked(study, publication, facts)))


def _asked(study: Study, publication: Publication, facts: Facts) -> Iterator[Break]:
    """Questions without routing that everybody was asked in one wave and not in the next, as published bases tell."""
    index = Index(facts, study)
    respondents = {each.wave: each.respondents for each in publication.responses}
    for question in study.questions:
        if question.asked_if:
            continue
        for earlier, wave in pairwise(waves_of(study, question)):
            before, after = (_put_to(question, each, study, index) for each in (earlier, wave))
            everybody = [n == respondents.get(each) for n, each in ((before, earlier), (after, wave))]
            if before is not None and after is not None and everybody[0] != everybody[1]:
                yield Break(question=question.id, earlier=earlier, wave=wave, cause=Cause.ASKED)


def _put_to(question: Question, wave: str, study: Study, index: Index) -> int | None:
    """How many were asked, the fewest of a grid's items; None where no published base says it."""
    base = question.base or study.base
    missing = {
        "no-answer",
        *(
            each.id
            for each in (question.codes.categories if question.codes else ())
            if each.role in (Role.REFUSED, Role.NO_ANSWER) or (each.role is Role.DONT_KNOW and base is Base.OPINION)
        ),
    }
    found = [
        fact.base
        for item in question.items or (None,)
        for fact in index.facts_of(wave, question.id, item.id if item else "")
        if fact.base is not None
        and fact.status is Status.PUBLISHED
        and not fact.stat
        and (base is Base.ASKED or fact.category in missing)
    ]
    return min(found, default=None)
