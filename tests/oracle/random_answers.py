"""Random small studies, designs and answers, for Hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from oracle import ANSWERED, NO_ANSWER, NOT_ASKED, Person, Sample
from saklig.answers.model import Answers, Coded, Column, Marked, Measured
from saklig.design.drawn import design_of
from saklig.design.model import Design
from saklig.language.text import Text
from saklig.study.model import (
    Background,
    Balance,
    Base,
    Category,
    CodeList,
    Group,
    Interval,
    Item,
    Kind,
    Lonely,
    Net,
    NumberClass,
    Part,
    Question,
    Role,
    Section,
    Stratum,
    Study,
    Wave,
)

SEVERAL = (Kind.MULTIPLE, Kind.OPEN, Kind.RANKING)


@dataclass(frozen=True)
class Case:
    study: Study
    answers: Answers
    design: Design
    parts: list[Part]


def words(text: str) -> Text:
    return Text.of({"sv": text})


@st.composite
def questions(draw: st.DrawFn, number: int, kind: Kind) -> Question:
    roles = [Role.ANSWER] * draw(st.integers(1, 4)) if kind is not Kind.NUMERIC else []
    roles += draw(st.lists(st.sampled_from([Role.DONT_KNOW, Role.REFUSED, Role.NO_ANSWER]), max_size=3, unique=True))
    bases = [None, Base.VALID, Base.ASKED] + ([Base.OPINION] if Role.DONT_KNOW in roles else [])
    categories = tuple(
        Category(id=f"c{i}", label=words("c"), code=i, role=role, score=_score(draw, kind, role))
        for i, role in enumerate(roles)
    )
    answers = [each.id for each in categories if each.role is Role.ANSWER]
    classes = draw(st.sampled_from([(), ((0, 9), (10, 20)), ((None, 5), (7, 11), (12, None))])) if not answers else ()
    more = answers + [f"n{i}" for i in range(len(classes))]
    more += [each.id for each in categories if each.role is Role.DONT_KNOW]
    nets = draw(st.lists(st.lists(st.sampled_from(more), min_size=1, unique=True), max_size=2)) if more else []
    balance = None
    if kind in (Kind.SINGLE, Kind.SCALE, Kind.GRID) and len(answers) > 1 and draw(st.booleans()):
        balance = Balance(positive=answers[-1], negative=answers[0])
    scored = any(each.score is not None for each in categories)
    return Question(
        id=f"q{number}",
        kind=kind,
        text=words("?"),
        label=words("?"),
        base=draw(st.sampled_from(bases)),
        codes=CodeList(id=f"k{number}", categories=categories) if categories else None,
        nets=tuple(Net(id=f"net{i}", label=words("n"), of=tuple(of)) for i, of in enumerate(nets)),
        mean=kind in (Kind.SCALE, Kind.GRID) and scored,
        balance=balance,
        items=tuple(Item(id=each, text=words(each), label=words(each)) for each in "ab") if kind is Kind.GRID else (),
        top=draw(st.integers(1, len(answers))) if kind is Kind.RANKING else 0,
        classes=tuple(
            NumberClass(id=f"n{i}", label=words("n"), lower=low, upper=high) for i, (low, high) in enumerate(classes)
        ),
    )


def _score(draw: st.DrawFn, kind: Kind, role: Role) -> int | None:
    if kind not in (Kind.SCALE, Kind.GRID) or role is not Role.ANSWER:
        return None
    return draw(st.none() | st.integers(-5, 10) | st.sampled_from([1990, 2010, 450_000]))


@st.composite
def columns(draw: st.DrawFn, part: Part, n: int) -> Column:
    missing = [i for i, row in enumerate(part.rows) if row.role is not Role.ANSWER]
    kind = part.question.kind
    if kind in SEVERAL:
        codes = draw(
            st.lists(st.sampled_from([ANSWERED] * 4 + [NOT_ASKED, NO_ANSWER, *missing]), min_size=n, max_size=n)
        )
        marks = np.zeros((n, len(part.rows)), dtype=np.uint8)
        answers = [i for i, row in enumerate(part.rows) if row.role is Role.ANSWER or kind is not Kind.RANKING]
        for person, code in enumerate(codes):
            picked = draw(st.lists(st.sampled_from(answers), unique=True)) if code == ANSWERED else []
            for place, position in enumerate(picked, start=1):
                marks[person, position] = place if kind is Kind.RANKING else 1
        return Marked(codes=np.array(codes, dtype=np.int16), marks=marks)
    if kind is Kind.NUMERIC:
        codes = draw(
            st.lists(st.sampled_from([ANSWERED] * 4 + [NOT_ASKED, NO_ANSWER, *missing]), min_size=n, max_size=n)
        )
        codes = [code if code < 0 or code >= len(part.question.classes) else ANSWERED for code in codes]
        top = draw(st.sampled_from([3, 25, 10**9]))
        values = draw(st.lists(st.integers(-top // 3, top), min_size=n, max_size=n))
        kept = np.array([value if code == ANSWERED else 0 for value, code in zip(values, codes, strict=True)])
        return Measured(codes=np.array(codes, dtype=np.int16), values=kept.astype(np.int64), decimals=0)
    possible = [NOT_ASKED, NO_ANSWER, *range(len(part.rows)), *range(len(part.rows))]
    return Coded(np.array(draw(st.lists(st.sampled_from(possible), min_size=n, max_size=n)), dtype=np.int16))


@st.composite
def cases(draw: st.DrawFn, most: int = 24) -> Case:
    """A study with one question of every kind, answers to it, and a simple, stratified or clustered design."""
    strata = draw(st.integers(1, 3))
    stratified, clustered = draw(st.booleans()), draw(st.booleans())
    lonely = draw(st.sampled_from(Lonely)) if stratified and strata > 1 else Lonely.FAIL
    least = 2 if lonely is Lonely.FAIL else 1
    sizes = [draw(st.integers(least if h else 2, most // strata)) for h in range(strata)]
    n = sum(sizes)
    stratum = np.repeat(np.arange(strata), sizes).astype(np.int32) if stratified else None
    clusters = None
    if clustered:
        of = np.repeat(np.arange(strata), sizes) if stratified else np.zeros(n, dtype=int)
        clusters = np.array(
            [2 * h + draw(st.integers(0, 1)) + 10 * draw(st.integers(0, 1)) for h in of], dtype=np.int32
        )
        for h in range(1 if lonely is not Lonely.FAIL else strata):  # at least two clusters in (the first) stratum
            members = np.flatnonzero(of == h)
            if len(members):
                clusters[members[:2]] = (2 * h, 2 * h + 1)
    more = st.integers(0, 30)
    population = [size + draw(more) for size in sizes] if draw(st.booleans()) else None
    weighted = draw(st.booleans())
    weight = st.sampled_from([0.0, 0.5, 1.0, 1.25, 3.1, 17.3])
    weights = np.array([draw(weight) for _ in range(n)]) if weighted else np.ones(n)
    weights[0] = 1.0
    groups = tuple(Group(id=f"g{i}", label=words("g"), codes=(i,)) for i in range(3))
    background = Background(id="b", label=words("b"), groups=groups)
    ids = tuple(f"s{h}" for h in range(strata)) if stratified else ()
    known = population if stratified and population else []
    wave = Wave(
        id="1",
        label=words("1"),
        population=sum(population) if population else None,
        strata=tuple(Stratum(id=f"s{h}", population=size) for h, size in enumerate(known)),
        lonely=lonely,
    )
    asked = tuple(draw(questions(number=i, kind=kind)) for i, kind in enumerate(Kind))
    study = Study(
        id="s",
        title=words("s"),
        languages=("sv",),
        sections=(Section(id="1", title=words("1"), questions=asked),),
        waves=(wave,),
        base=draw(st.sampled_from([Base.VALID, Base.ASKED])),
        backgrounds=(background,),
        interval=draw(st.sampled_from(Interval)),
    )
    parts = list(study.parts("1"))
    answers = Answers(
        wave="1",
        n=n,
        columns={part.key: draw(columns(part, n)) for part in parts},
        backgrounds={"b": np.array([draw(st.integers(-1, 2)) for _ in range(n)], dtype=np.int16)},
        weights=weights,
        weighted=weighted,
        strata=stratum,
        stratum_ids=ids,
        clusters=clusters,
    )
    return Case(study, answers, design_of(study, answers), parts)


def sample(case: Case, part: Part, codes: np.ndarray) -> Sample:
    """The same answers as plain Python."""
    design, column = case.design, case.answers.columns[part.key]
    people = [
        Person(
            code=int(column.codes[i]),
            places=tuple(int(place) for place in column.marks[i]) if isinstance(column, Marked) else (),
            number=int(column.values[i]) if isinstance(column, Measured) else 0,
            weight=int(design.weights[i]),
            stratum=int(design.stratum[i]),
            cluster=i if design.cluster is None else int(design.cluster[i]),
            group=int(codes[i]),
        )
        for i in range(case.answers.n)
    ]
    known = [int(each) for each in design.population]
    return Sample(
        people=people,
        drawn=[int(each) for each in design.clusters_by_stratum],
        fraction=[
            Fraction(int(n), units) if units > 0 and design.cluster is None else Fraction(0)
            for n, units in zip(design.clusters_by_stratum, known, strict=True)
        ],
        population=None if min(known) < 0 else sum(known),
        lonely=design.lonely.value,
        interval=design.interval.value,
    )
