"""The compiled loops give bit for bit what numpy gives, which the oracle has judged; correlations to 1e-11."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_answers import Case, cases

from saklig.answers.model import NO_ANSWER, NOT_ASKED, Coded, Column
from saklig.design.drawn import fixed_point_weights
from saklig.design.model import Design
from saklig.language.text import Text
from saklig.study.model import Category, CodeList, Kind, Part, Question, question_parts
from saklig.tabulation import compiled
from saklig.tabulation.breakdown import Breakdown, breakdown
from saklig.tabulation.compiled import packing
from saklig.tabulation.engines import fast
from saklig.tabulation.engines.memory import Memory
from saklig.tabulation.plan import groupings
from saklig.tabulation.statistics import Engine
from saklig.tabulation.table import Grouping, Table
from saklig.tabulation.tabulate import tabulate_each

pytest.importorskip("numba", reason="the compiled loops need numba, the extra `fast`")

SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.fixture(autouse=True, scope="module")
def _compiled_even_where_it_does_not_pay():
    """Also for a handful of respondents, in tiles of five."""
    from saklig.tabulation.compiled import counting

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "ROWS_PER_UNIT", 0)
        patch.setattr(counting, "TILE", 5)
        yield


def tables(parts: list[Part], engine: Engine, *, errors: bool = True, from_sums: int) -> list[tuple[Table, ...]]:
    """`from_sums`: from so many sums on, their variances are made by compiled loops."""
    from saklig.tabulation.compiled import loops  # noqa: F401

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "SUMS", from_sums)
        return list(tabulate_each(parts, engine, errors=errors, correlations=True))


NEVER = 2**62


def same(one: list[tuple[Table, ...]], other: list[tuple[Table, ...]]) -> bool:
    assert len(one) == len(other)
    for ours, theirs in zip(sum(one, ()), sum(other, ()), strict=True):
        for each in fields(Table):
            left, right = getattr(ours, each.name), getattr(theirs, each.name)
            if each.name == "correlation":
                assert (left is None) == (right is None)
                np.testing.assert_allclose(
                    np.zeros(0) if left is None else left, np.zeros(0) if right is None else right, rtol=0, atol=1e-11
                )
            elif isinstance(left, np.ndarray):
                assert (left.dtype, left.tobytes()) == (right.dtype, right.tobytes()), (each.name, left, right)
    return True


@SLOW
@given(cases(), st.sampled_from([0, 64]), st.sampled_from([(1,), (36,), (1000,)]), st.sampled_from([1, 2, 15]))
def test_every_way_of_counting_gives_the_same_tables(case: Case, own_copy: int, limits: tuple[int, ...], bits: int):
    """Sums that threads share or have of their own; groupings apart or all in one pack; counts that soon are full."""
    from saklig.tabulation.compiled import counting

    memory = Memory(columns=case.answers.columns, broken=breakdown(groupings(case.study, case.answers), case.design))
    engine = fast.Fast(memory=memory)
    assert {part.question.kind for part in case.parts if engine.counts(part)} == {Kind.SINGLE, Kind.SCALE, Kind.GRID}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "OWN_COPY", own_copy)
        patch.setattr(counting, "MOST_BITS", bits)
        patch.setattr(packing, "LIMITS", limits)
        for errors in (True, False):
            expected = tables(case.parts, memory, errors=errors, from_sums=NEVER)
            assert same(tables(case.parts, engine, errors=errors, from_sums=0), expected)
            assert same(tables(case.parts, memory, errors=errors, from_sums=0), expected)


def part_of(roles: int) -> Part:
    words = Text.of({"en": "?"})
    categories = tuple(Category(id=f"c{i}", label=words, code=i) for i in range(roles))
    codes = CodeList(id="c", categories=categories)
    return next(iter(question_parts(Question(id=f"q{roles}", kind=Kind.SINGLE, text=words, label=words, codes=codes))))


def made(random: np.random.Generator, n: int, *, clusters: int, weights: np.ndarray, shuffled: bool) -> Breakdown:
    cluster = np.sort(random.integers(0, clusters, n)).astype(np.int32)
    if shuffled:
        random.shuffle(cluster)
    whole, scale = fixed_point_weights(weights, "here")
    strata = max(1, clusters // 20)
    design = Design(
        weights=whole,
        scale=scale,
        stratum=(cluster % strata).astype(np.int32),
        cluster=cluster,
        clusters_by_stratum=np.bincount(np.arange(clusters) % strata),
        fraction=np.zeros(strata),
        population=np.full(strata, -1),
    )
    everyone = Grouping(by=(), groups=((),), codes=np.broadcast_to(np.int32(0), n))
    split = tuple(
        Grouping(by=(f"b{size}",), groups=tuple((str(i),) for i in range(size)), codes=random.integers(-1, size, n))
        for size in (2, 7, 12, 90)
    )
    return breakdown((everyone, *split), design)


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("special", [0.0, 4.5e9 / 9])
def test_many_respondents_in_a_unit(shuffled: bool, special: float):
    """More than one number holds the count and weights of; some without weight, or nine with nearly all that there may
    be."""
    random = np.random.default_rng(11)
    n = 30_000
    weights = random.lognormal(0, 1, n)
    weights[random.choice(n, 9, replace=False) if special else random.random(n) < 0.3] = special
    parts = [part_of(3), part_of(9)]
    columns: dict[tuple[str, str], Column] = {
        part.key: Coded(random.integers(NO_ANSWER, len(part.rows), n).astype(np.int16)) for part in parts
    }
    columns[parts[0].key].codes[:100] = NOT_ASKED
    memory = Memory(columns=columns, broken=made(random, n, clusters=40, weights=weights, shuffled=shuffled))
    assert same(tables(parts, fast.Fast(memory=memory), from_sums=0), tables(parts, memory, from_sums=NEVER))


@pytest.mark.parametrize("fault", [ImportError, RuntimeError])
def test_where_the_loops_cannot_be_loaded_numpy_counts(fault: type[Exception], monkeypatch: pytest.MonkeyPatch):
    """numba that is not here or does not suit this numpy, or has nowhere to keep what it compiles."""

    def fails(_: str) -> None:
        raise fault

    monkeypatch.setattr(compiled, "import_module", fails)
    compiled.available.cache_clear()
    n, part = compiled.RESPONDENTS, part_of(4)
    broken = made(np.random.default_rng(13), n, clusters=40, weights=np.ones(n), shuffled=False)
    assert isinstance(fast.in_memory({part.key: Coded(np.zeros(n, dtype=np.int16))}, broken), Memory)
    compiled.available.cache_clear()


def test_a_large_survey_is_counted_by_compiled_loops_and_a_small_one_is_not():
    random = np.random.default_rng(12)
    part = part_of(4)
    for n, kind in ((compiled.RESPONDENTS, fast.Fast), (compiled.RESPONDENTS - 1, Memory)):
        broken = made(random, n, clusters=40, weights=np.ones(n), shuffled=False)
        column = Coded(random.integers(0, 4, n).astype(np.int16))
        assert isinstance(fast.in_memory({part.key: column}, broken), kind)
