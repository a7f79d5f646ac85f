"""Where a question's line over the waves is broken, and why: what differs between two waves in what was asked.

A line joins numbers that answer the same question. Where the wording, the answers to choose from, who was asked or how
differs, it does not, and no difference is computed over the place. What the study says of a wave itself, with `change`,
comes first: its `breaks = false` mends what would be found, its own words stand in the place of the program's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from saklig.language.text import Text
from saklig.study.questionnaire import Base, Change, Question, Role

if TYPE_CHECKING:
    from saklig.study.model import Study


class Cause(StrEnum):
    """What differs. LABELS and CODES are found in the data files, ASKED in the numbers; the others in the study."""

    CHANGE = "change"  # the question's own `change` says it
    OPTIONS = "options"  # answers were added or taken away
    SCALE = "scale"  # so were points of a scale that has a mean
    ROUTING = "routing"  # a question that decides who is asked is broken
    WAVE = "wave"  # the wave's own `change` says it
    MODE = "mode"  # the waves' `mode` differ in more than case, spaces and punctuation
    LABELS = "labels"  # the files call the same codes different things
    CODES = "codes"  # the files list different codes
    ASKED = "asked"  # everybody was asked in one of the waves, and not in the other


@dataclass(frozen=True, kw_only=True)
class Break:
    """Between the waves `earlier` and `wave`, one after the other among those in which the question was asked.

    `added`, `removed`: ids of categories (of CODES and LABELS: those concerned, as `added`). `router`: of ROUTING, the
    question that decides who is asked.
    """

    question: str
    earlier: str
    wave: str
    cause: Cause
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    router: str = ""


Breaks = Mapping[str, tuple[Break, ...]]
"""Question id → its breaks in the order of the waves; a question without any is not in it."""

OWN = (Cause.CHANGE, Cause.WAVE)
"""What the study says itself; everything else was found."""
_OF_ALL = (Cause.WAVE, Cause.MODE)


def breaks_of(study: Study, found: Iterable[Break] = ()) -> Breaks:
    """`found`: what files and numbers showed."""
    shown = tuple(found)
    broken: dict[str, tuple[Break, ...]] = {}
    for question in study.questions:  # a router stands before what it routes to
        own = [
            each
            for earlier, wave in pairwise(waves_of(study, question))
            for each in _between(study, question, earlier, wave, shown, broken)
        ]
        if own:
            broken[question.id] = tuple(own)
    return broken


def waves_of(study: Study, question: Question) -> tuple[str, ...]:
    """The waves in which a question was asked, in their order."""
    return tuple(wave.id for wave in study.waves if not question.waves or wave.id in question.waves)


def is_broken(breaks: Breaks, study: Study, question: str, earlier: str, wave: str) -> bool:
    """Whether the line is broken anywhere after `earlier` and up to `wave`."""
    order = [each.id for each in study.waves]
    after, until = order.index(earlier), order.index(wave)
    return any(after < order.index(each.wave) <= until for each in breaks.get(question, ()))


def _between(
    study: Study, question: Question, earlier: str, wave: str, found: tuple[Break, ...], broken: Breaks
) -> Iterator[Break]:
    here = Break(question=question.id, earlier=earlier, wave=wave, cause=Cause.CHANGE)
    passed = _passed(study, earlier, wave)
    own = [change for change in question.changes if change.wave in passed]
    if any(change.breaks for change in own):
        yield here
        return
    if own:
        return
    yield from _options(question, question.base or study.base, here)
    yield from (each for each in found if (each.question, each.earlier, each.wave) == (question.id, earlier, wave))
    yield from _routing(question, passed, here, broken)
    yield from _whole_wave(study, passed, here)


def _passed(study: Study, earlier: str, wave: str) -> tuple[str, ...]:
    order = [each.id for each in study.waves]
    return tuple(order[order.index(earlier) + 1 : order.index(wave) + 1])


def _options(question: Question, base: Base, here: Break) -> Iterator[Break]:
    """What a share is of: a category that counts in the base, offered in one of the waves only."""
    counted = [
        category
        for category in (question.codes.categories if question.codes else ())
        if category.role is Role.ANSWER
        or (category.role is Role.DONT_KNOW and base is not Base.OPINION)
        or base is Base.ASKED
    ]
    before = {each.id for each in counted if not each.waves or here.earlier in each.waves}
    after = {each.id for each in counted if not each.waves or here.wave in each.waves}
    if before == after:
        return
    points = {each.id for each in counted if each.score is not None} if question.mean else set()
    yield replace(
        here,
        cause=Cause.SCALE if (before ^ after) & points else Cause.OPTIONS,
        added=tuple(each.id for each in counted if each.id in after - before),
        removed=tuple(each.id for each in counted if each.id in before - after),
    )


def _routing(question: Question, passed: tuple[str, ...], here: Break, broken: Breaks) -> Iterator[Break]:
    for router in dict.fromkeys(condition.question for condition in question.asked_if):
        causes = [each.cause for each in broken.get(router, ()) if each.wave in passed]
        if any(cause not in _OF_ALL for cause in causes):
            yield replace(here, cause=Cause.ROUTING, router=router)


def _whole_wave(study: Study, passed: tuple[str, ...], here: Break) -> Iterator[Break]:
    changes = [change for name in passed if (change := study.wave(name).change)]
    if any(change.breaks for change in changes):
        yield replace(here, cause=Cause.WAVE)
    elif not changes:
        before, after = study.wave(here.earlier).mode, study.wave(here.wave).mode
        if before and after and not _same_words(before, after):
            yield replace(here, cause=Cause.MODE)


def _same_words(one: Text, other: Text) -> bool:
    """Whether two texts say the same in every language that both have, and have one."""
    shared = [language for language in one.languages if other.get(language) is not None]
    return bool(shared) and all(_letters(one.get(each)) == _letters(other.get(each)) for each in shared)


def _letters(words: str | None) -> str:
    """Words without what two people may write differently: case, spaces, punctuation."""
    folded = unicodedata.normalize("NFKC", words or "").casefold()
    return "".join(letter for letter in folded if unicodedata.category(letter)[0] not in "CPSZ")


def changes_between(study: Study, question: Question, earlier: str, wave: str) -> tuple[Change, ...]:
    """What the study says of the question between two waves, in the order of the waves."""
    passed = _passed(study, earlier, wave)
    made = [change for change in question.changes if change.wave in passed]
    return tuple(sorted(made, key=lambda change: passed.index(change.wave)))


def notes_between(study: Study, question: Question, earlier: str, wave: str) -> tuple[Text, ...]:
    """Everything that the study says of what differs between two waves, whether it breaks the line or not: of the
    waves, then of the question."""
    of_waves = [change.note for name in _passed(study, earlier, wave) if (change := study.wave(name).change)]
    return (*of_waves, *(change.note for change in changes_between(study, question, earlier, wave)))
