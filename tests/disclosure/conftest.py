"""Small made studies whose answers are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from saklig.answers.model import ANSWERED, Answers, Coded, Column, Marked, Measured
from saklig.design.drawn import design_of
from saklig.design.model import Design
from saklig.language.text import Text
from saklig.study.model import (
    Background,
    Category,
    CodeList,
    DisclosureSettings,
    Fold,
    Group,
    Kind,
    Question,
    Role,
    Section,
    Study,
    Wave,
)

WORDS = Text((("en", "x"),))


def _codes(name: str, size: int) -> CodeList:
    answers = [Category(id=str(code), label=WORDS, code=code, score=code) for code in range(1, size + 1)]
    missing = [
        Category(id="8", label=WORDS, code=8, role=Role.DONT_KNOW),
        Category(id="9", label=WORDS, code=9, role=Role.REFUSED),
    ]
    return CodeList(id=name, categories=(*answers, *missing))


def single(name: str, size: int = 3, **more: object) -> Question:
    return Question(id=name, kind=Kind.SINGLE, text=WORDS, label=WORDS, codes=_codes(name, size), **more)  # type: ignore[arg-type]


def multiple(name: str, size: int = 3, **more: object) -> Question:
    return Question(id=name, kind=Kind.MULTIPLE, text=WORDS, label=WORDS, codes=_codes(name, size), **more)  # type: ignore[arg-type]


def numeric(name: str, **more: object) -> Question:
    return Question(id=name, kind=Kind.NUMERIC, text=WORDS, label=WORDS, **more)  # type: ignore[arg-type]


def background(name: str, groups: int, folds: Sequence[tuple[str, Sequence[str]]] = ()) -> Background:
    return Background(
        id=name,
        label=WORDS,
        groups=tuple(Group(id=f"{name}{group}", label=WORDS, codes=(group,)) for group in range(groups)),
        fold=tuple(Fold(id=each, label=WORDS, of=tuple(of)) for each, of in folds),
    )


def study_of(
    questions: Sequence[Question],
    backgrounds: Sequence[Background] = (),
    *,
    policy: str = "organisations",
    waves: Sequence[str] = ("1",),
    pairs: Sequence[tuple[str, str]] = (),
    **changed: int | str | bool,
) -> Study:
    return Study(
        id="small",
        title=WORDS,
        languages=("en",),
        sections=(Section(id="1", title=WORDS, questions=tuple(questions)),),
        waves=tuple(Wave(id=wave, label=WORDS) for wave in waves),
        backgrounds=tuple(backgrounds),
        pairs=tuple(pairs),
        disclosure=DisclosureSettings(policy=policy, changed=tuple(changed.items())),
    )


def coded(codes: Sequence[int]) -> Coded:
    return Coded(np.array(codes, np.int16))


def marked(marks: Sequence[Sequence[int]], rows: int, codes: Sequence[int] | None = None) -> Marked:
    wide = np.zeros((len(marks), rows), np.uint8)
    wide[:, : len(marks[0])] = marks
    given = np.full(len(marks), ANSWERED, np.int16) if codes is None else np.array(codes, np.int16)
    return Marked(given, wide)


def measured(values: Sequence[int]) -> Measured:
    return Measured(np.full(len(values), ANSWERED, np.int16), np.array(values, np.int64), 0)


def wave_of(
    study: Study,
    columns: Mapping[str, Column],
    backgrounds: Mapping[str, Sequence[int]] | None = None,
    *,
    weights: Sequence[float] | None = None,
    strata: Sequence[int] | None = None,
    clusters: Sequence[int] | None = None,
    wave: str = "1",
) -> tuple[Answers, Design]:
    n = len(next(iter(columns.values())).codes)
    answers = Answers(
        wave=wave,
        n=n,
        columns={(name, ""): column for name, column in columns.items()},
        backgrounds={name: np.array(codes, np.int16) for name, codes in (backgrounds or {}).items()},
        weights=np.ones(n) if weights is None else np.array(weights, float),
        weighted=weights is not None,
        strata=None if strata is None else np.array(strata, np.int32),
        stratum_ids=() if strata is None else tuple(f"s{each}" for each in sorted(set(strata))),
        clusters=None if clusters is None else np.array(clusters, np.int32),
    )
    return answers, design_of(study, answers)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20211027)
