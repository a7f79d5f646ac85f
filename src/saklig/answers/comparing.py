"""The files of several waves held against each other: codes that mean something else, rows that are the same.

Only what the files say of their columns is published as a break of a line over waves. What the answers show, a code
that is in one wave only, is a remark to whoever made the study, who knows whether the option was offered.
"""

from __future__ import annotations

import filecmp
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise

import numpy as np

from saklig.answers.matching import canonical
from saklig.answers.model import NOT_ASKED, Answers, AnswersError, Coded, Source, Value, Variable
from saklig.answers.unused import FEWEST_ANSWERS
from saklig.language.catalog import say
from saklig.study.breaks import Break, Cause, waves_of
from saklig.study.model import Category, Kind, Part, Question, Role, Study, question_parts
from saklig.study.sources import Sources, WaveSource

FEWEST_LABELS = 2
"""A column with fewer labels than that has no code list."""
FEWEST_OF_A_CODE = 5
"""Fewer of one code in another wave, and it is nothing to wonder at that this one has none."""
_NOT_WORDS = re.compile(r"[\W_]+")


def check_files(sources: Sources) -> None:
    """Raises AnswersError where two waves have the same answers: the same file and rows, or a copy of the file."""
    for earlier, wave in combinations(sources.waves, 2):
        if _same_rows(earlier, wave):
            raise AnswersError(
                say(
                    "{file}: the waves “{earlier}” and “{wave}” have the same answers; name another file for one of "
                    "them, or say which rows are whose: where = {{ wave = 2021 }}",
                    file=wave.answers.name,
                    earlier=earlier.wave,
                    wave=wave.wave,
                )
            )


def _same_rows(earlier: WaveSource, wave: WaveSource) -> bool:
    if earlier.answers != wave.answers and not _copies(earlier, wave):
        return False
    if not earlier.wave_variable or not wave.wave_variable:
        return True
    # Rows that two columns choose may be parted by them, as in a file with a column of zeros and ones for each wave.
    values = [canonical(each.wave_value) for each in (earlier, wave) if each.wave_value is not None]
    return earlier.wave_variable == wave.wave_variable and len(set(values)) < 2


def _copies(earlier: WaveSource, wave: WaveSource) -> bool:
    try:
        return filecmp.cmp(earlier.answers, wave.answers, shallow=False)
    except OSError:  # whoever reads the file says what is wrong with it
        return False


def check_independence(study: Study, waves: Sequence[Answers], file: str) -> None:
    """Raises AnswersError where a wave is said to be independent, and the same persons answered before."""
    for place, answers in enumerate(waves):
        if not study.wave(answers.wave).independent or answers.persons is None:
            continue
        for earlier in waves[:place]:
            known = earlier.persons
            if known is not None and np.isin(answers.persons[answers.persons >= 0], known[known >= 0]).any():
                raise AnswersError(
                    say(
                        "{file}: the wave “{wave}” is said to be independent, and persons of the wave “{earlier}” "
                        "answered again; take `independent` out",
                        file=file,
                        wave=answers.wave,
                        earlier=earlier.wave,
                    )
                )


def breaks_in_files(study: Study, sources: Sources, files: Mapping[str, Source]) -> tuple[Break, ...]:
    """`files`: wave → its file. Breaks of questions whose answers the files of two waves in a row list differently."""
    found: list[Break] = []
    for question in study.questions:
        if question.kind is not Kind.NUMERIC:
            for earlier, wave in pairwise(waves_of(study, question)):
                if files[earlier].path != files[wave].path:
                    found += _differences(question, sources, (earlier, wave), (files[earlier], files[wave]))
    return tuple(found)


def _differences(
    question: Question, sources: Sources, waves: tuple[str, str], files: tuple[Source, Source]
) -> Iterator[Break]:
    counted = {
        canonical(each.code): each
        for each in (question.codes.categories if question.codes else ())
        if each.role in (Role.ANSWER, Role.DONT_KNOW)
    }
    renamed: set[str] = set()
    listed: set[str] = set()
    others = False
    for part in question_parts(question):
        where = sources.questions.get(part.key)
        for name in (where.variable, *where.by_place) if where else ():
            before, after = (_labels(file, name) for file in files)
            if min(len(before), len(after)) < FEWEST_LABELS:
                continue
            renamed |= {
                counted[code].id
                for code in counted.keys() & before.keys() & after.keys()
                if _words(before[code]) != _words(after[code])
            }
            alone = {code for code in before.keys() ^ after.keys() if not _expected(counted.get(code), waves)}
            listed |= {counted[code].id for code in alone if code in counted}
            others |= bool(alone - counted.keys() - _beside(question))
    order = [each.id for each in counted.values()]
    if renamed:
        yield _break(question, waves, Cause.LABELS, [name for name in order if name in renamed])
    if listed or others:
        yield _break(question, waves, Cause.CODES, [name for name in order if name in listed])


def _break(question: Question, waves: tuple[str, str], cause: Cause, categories: Sequence[str]) -> Break:
    return Break(question=question.id, earlier=waves[0], wave=waves[1], cause=cause, added=tuple(categories))


def _labels(source: Source, name: str) -> dict[Value, str]:
    variable = next((each for each in source.variables if each.name == name), None)
    return {} if variable is None else _answers(variable)


def _answers(variable: Variable) -> dict[Value, str]:
    missing = frozenset(map(canonical, variable.missing))
    return {canonical(value): label for value, label in variable.labels.items() if canonical(value) not in missing}


def _words(label: str) -> str:
    """A label without what two files may write differently: case, spaces, punctuation."""
    return _NOT_WORDS.sub(" ", label.casefold()).strip()


def _expected(category: Category | None, waves: tuple[str, str]) -> bool:
    """Whether the study says that the category was not offered in both."""
    return category is not None and bool(category.waves) and not set(waves) <= set(category.waves)


def _beside(question: Question) -> set[Value]:
    """Codes of those who did not answer; files do not always list them."""
    return {
        canonical(each.code)
        for each in (question.codes.categories if question.codes else ())
        if each.role in (Role.REFUSED, Role.NO_ANSWER)
    }


def remarks_on_waves(study: Study, waves: Sequence[Answers]) -> tuple[str, ...]:
    """What whoever made the study may have forgotten to say of a wave."""
    by_wave = {answers.wave: answers for answers in waves}
    found = [*_persons(waves)]
    for question in study.questions:
        for earlier, wave in pairwise(waves_of(study, question)):
            found += _only_in_one(study, question, by_wave[earlier], by_wave[wave])
            found += _only_some_asked(question, by_wave[earlier], by_wave[wave])
    return tuple(found)


def _persons(waves: Sequence[Answers]) -> Iterator[str]:
    named = [answers.wave for answers in waves if answers.persons is not None]
    if named and len(named) < len(waves):
        yield say(
            "the column of persons is named in the wave {waves} only, so nobody can tell who answered in several; the "
            "intervals of changes allow for that",
            waves=", ".join(named),
        )


def _only_in_one(study: Study, question: Question, earlier: Answers, wave: Answers) -> Iterator[str]:
    if any(change.wave == wave.wave for change in question.changes):
        return
    before, after = (_used(study, question, answers) for answers in (earlier, wave))
    for name, code in ((each.id, each.code) for each in (question.codes.categories if question.codes else ())):
        for one, other, where in ((before, after, wave.wave), (after, before, earlier.wave)):
            if one.get(name, 0) >= FEWEST_OF_A_CODE and other.get(name) == 0 and sum(other.values()) >= FEWEST_ANSWERS:
                yield say(
                    "question “{question}”: the code {code} is in other waves and not in the wave “{wave}”; if it was "
                    "not offered then, say in which it was: waves = [ … ]",
                    question=question.id,
                    code=code,
                    wave=where,
                )


def _only_some_asked(question: Question, earlier: Answers, wave: Answers) -> Iterator[str]:
    """Who sees only published bases sees it too (`edition.lines`), and the line is broken there."""
    if question.asked_if or any(change.wave == wave.wave for change in question.changes):
        return
    skipped = [
        any((answers.columns[part.key].codes == NOT_ASKED).any() for part in question_parts(question))
        for answers in (earlier, wave)
    ]
    if skipped[0] != skipped[1]:
        yield say(
            "question “{question}”: everyone was asked in one of the waves “{earlier}” and “{wave}”, and not in the "
            "other; say why with `asked_if` or `change`",
            question=question.id,
            earlier=earlier.wave,
            wave=wave.wave,
        )


def _used(study: Study, question: Question, answers: Answers) -> dict[str, int]:
    """Category → how many chose it, over all parts; a category that was not offered in the wave is not in it."""
    counts: dict[str, int] = {}
    for part in question_parts(question, answers.wave, study.base):
        for name, count in _counted(part, answers):
            counts[name] = counts.get(name, 0) + count
    return counts


def _counted(part: Part, answers: Answers) -> Iterator[tuple[str, int]]:
    column = answers.columns[part.key]
    if isinstance(column, Coded):
        chosen = np.bincount(column.codes[column.codes >= 0], minlength=len(part.rows))
        for row, count in zip(part.rows, chosen.tolist(), strict=True):
            if row.role is Role.ANSWER:
                yield row.id, count
