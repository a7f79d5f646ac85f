"""One column of the data, one question: what two questions tell of the same answers would be protected apart."""

from __future__ import annotations

from collections.abc import Iterator

from saklig.language.catalog import say
from saklig.study.model import Question, Study
from saklig.study.problems import Problem
from saklig.study.sources import QuestionSource, Sources


def shared_columns(study: Study, sources: Sources) -> tuple[Problem, ...]:
    """A problem for every question that reads a column which an earlier question of the same wave reads too.

    The audit takes each question as answers of its own: a number withheld of one could be read from the other. Answers
    given in public need no protection, and two public questions may share a column.
    """
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
