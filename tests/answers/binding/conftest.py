from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from saklig.answers.model import Source, Value, Variable
from saklig.language.text import Text
from saklig.study.model import Background, Category, CodeList, Kind, Question, Section, Study, Wave
from saklig.study.sources import QuestionSource, Sources, WaveSource


def variable_of(name: str, cells: Sequence[Value | None], **more: object) -> Variable:
    values: list[Value] = list(dict.fromkeys(cell for cell in cells if cell is not None))
    if not any(isinstance(value, str) for value in values):
        values.sort()
    codes = np.array([-1 if cell is None else values.index(cell) for cell in cells], dtype=np.int32)
    return Variable(name=name, codes=codes, values=tuple(values), **more)  # type: ignore[arg-type]


@pytest.fixture
def source_of() -> Callable[..., Source]:
    def make(columns: Mapping[str, Sequence[Value | None]], **facts: dict[str, object]) -> Source:
        variables = tuple(variable_of(name, cells, **facts.get(name, {})) for name, cells in columns.items())
        rows = len(variables[0].codes) if variables else 0
        return Source(path=Path("answers.csv"), format="csv", rows=rows, variables=variables)

    return make


def text(words: str) -> Text:
    return Text.of({"en": words})


@pytest.fixture
def categories() -> Callable[..., CodeList]:
    numbers = itertools.count(1)

    def make(*given: Value | Category) -> CodeList:
        return CodeList(
            id=f"codes-{next(numbers)}",  # lists that differ have names that differ
            categories=tuple(
                one if isinstance(one, Category) else Category(id=f"c{at}", label=text(str(one)), code=one)
                for at, one in enumerate(given, start=1)
            ),
        )

    return make


@pytest.fixture
def question() -> Callable[..., Question]:
    def make(question_id: str, kind: Kind, **more: object) -> Question:
        words = text(question_id)
        return Question(id=question_id, kind=kind, text=words, label=words, **more)  # type: ignore[arg-type]

    return make


@pytest.fixture
def bound() -> Callable[..., tuple[Study, Sources]]:
    """A study of questions, each with where its answers stand (default: the column of its id), and its sources."""

    def make(
        questions: Sequence[Question],
        where: Mapping[str, QuestionSource] | None = None,
        backgrounds: Sequence[Background] = (),
        wave: Wave | None = None,
        **wave_source: object,
    ) -> tuple[Study, Sources]:
        wave = wave or Wave(id="1", label=text("1"))
        study = Study(
            id="s",
            title=text("Study"),
            languages=("en",),
            sections=(Section(id="1", title=text("Section"), questions=tuple(questions)),),
            waves=(wave,),
            backgrounds=tuple(backgrounds),
        )
        sources = Sources(
            waves=(WaveSource(wave=wave.id, answers=Path("answers.csv"), **wave_source),),  # type: ignore[arg-type]
            questions={
                part.key: (where or {}).get(".".join(filter(None, part.key)))
                or QuestionSource(variable="_".join(filter(None, part.key)))
                for part in study.parts()
            },
            backgrounds={background.id: background.id for background in backgrounds},
        )
        return study, sources

    return make
