"""One column of the data, one use: what else reads the column of a confidential question would tell its answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from saklig.language.catalog import say
from saklig.study.model import Question, Study
from saklig.study.problems import Problem
from saklig.study.sources import QuestionSource, Sources


def shared_columns(study: Study, sources: Sources) -> tuple[Problem, ...]:
    """A problem for every question that reads a column which is read for something else too.

    The audit takes each question as answers of its own: a number withheld of one could be read from another. And it
    takes backgrounds and the design for known: answers that stood there would be published as bases and sizes. Answers
    given in public need no protection; nor can those be protected that are known as a background (`unprotected`).
    """
    return (*_of_questions(study, sources), *_of_what_is_known(study, sources))


def _confidential_columns(study: Study, sources: Sources) -> Iterator[tuple[str, str]]:
    """Column and id of every confidential question."""
    for (question_id, _item), source in sources.questions.items():
        if study.question(question_id).confidential:
            yield from ((column, question_id) for column in _columns(source))


def known_with_their_backgrounds(sources: Sources) -> tuple[tuple[str, str], ...]:
    """(question id, column) of every question of one column that is a background or the strata too.

    Readers are taken to know these of everybody, and so the question is nothing that could be kept from them.
    """
    known = _taken_for_known(sources)
    of_one = (
        (question, source.variable)
        for (question, item), source in sources.questions.items()
        if not item and source.variable in known and not source.delimiter
    )
    return tuple(of_one)


def unprotected(study: Study, sources: Sources) -> Study:
    """The study with these questions no longer confidential."""
    known = {question for question, _ in known_with_their_backgrounds(sources)}
    sections = tuple(
        replace(
            section,
            questions=tuple(
                replace(each, confidential=False) if each.id in known else each for each in section.questions
            ),
        )
        for section in study.sections
    )
    return replace(study, sections=sections) if known else study


def _taken_for_known(sources: Sources) -> frozenset[str]:
    columns = {*sources.backgrounds.values(), *(wave.strata for wave in sources.waves)}
    return frozenset(columns - {""})


def _of_what_is_known(study: Study, sources: Sources) -> Iterator[Problem]:
    if study.disclosure.policy == "public":
        return
    known = known_with_their_backgrounds(sources)
    asked = {
        column: question
        for column, question in _confidential_columns(study, sources)
        if (question, column) not in known
    }
    for place, key, column in _known(sources):
        if column in asked:
            words = say(
                "the column “{column}” holds the answers to question {question}, which is confidential, and what is "
                "taken from it here would tell them; name another column, or leave the question out, or say "
                "public = true of it if its answers need no protection",
                column=column,
                question=asked[column],
            )
            yield Problem(place, words, key)


def _known(sources: Sources) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Place, key and column of everything that is published of groups and of the design."""
    for background, column in sources.backgrounds.items():
        yield (f"background {background}",), "variable", column
    for wave in sources.waves:
        place = (f"wave {wave.wave}",)
        single = (("weight", wave.weight), ("strata", wave.strata))
        several = (("cluster", wave.cluster), ("fpc", wave.fpc), ("replicates", wave.replicates))
        yield from ((place, key, column) for key, column in single)
        yield from ((place, key, column) for key, columns in several for column in columns)
        yield from (((*place, "weighting"), "quantities", column) for column in wave.quantities.values())


def _of_questions(study: Study, sources: Sources) -> tuple[Problem, ...]:
    readers: dict[str, list[Question]] = {}
    problems = []
    for (question_id, _item), source in sources.questions.items():
        question = study.question(question_id)
        for column in _columns(source):
            earlier = readers.setdefault(column, [])
            problems += [_problem(column, other, question) for other in earlier if _apart(other, question)]
            earlier.append(question)
    return tuple(dict.fromkeys(problems))


def _problem(column: str, other: Question, question: Question) -> Problem:
    return Problem(
        (f"question {question.id}",),
        say(
            "its column “{column}” holds the answers to question {other} too, and two questions with the same answers "
            "cannot be protected together; keep one of them, and show what the other would with `nets` or `classes`",
            column=column,
            other=other.id,
        ),
    )


def _columns(source: QuestionSource) -> Iterator[str]:
    yield from {column for column in (source.variable, *source.by_category.values(), *source.by_place) if column}


def _apart(one: Question, other: Question) -> bool:
    """Whether they are two questions of one wave that the audit would protect apart."""
    met = not one.waves or not other.waves or bool(set(one.waves) & set(other.waves))
    return one is not other and met and (one.confidential or other.confidential)
