"""Every engine gives bit for bit what the engine in memory gives, which the oracle has judged."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from random_answers import Case, cases
from raw_files import write_raw
from sameness import memory, same

from saklig.study.model import Kind
from saklig.tabulation.engines.relational import is_countable
from saklig.tabulation.engines.with_duckdb import over_answers, over_parquet
from saklig.tabulation.plan import groupings
from saklig.tabulation.statistics import EngineError, Statistics
from saklig.tabulation.tabulate import tabulate_each

SLOW = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SLOW
@given(cases())
def test_duckdb_counts_as_memory_does(case: Case):
    parts = [part for part in case.parts if is_countable(part)]
    engine = over_answers(case.answers.columns, groupings(case.study, case.answers), case.design)
    assert same(engine.frame, memory(case).frame)
    for errors in (True, False):
        ours = list(engine.statistics(parts, errors=errors))
        theirs: list[Statistics] = list(memory(case).statistics(parts, errors=errors))
        assert len(ours) == len(theirs) == len(parts)
        for one, other in zip(ours, theirs, strict=True):
            assert same(one, other)
    for one, other in zip(tabulate_each(parts, engine), tabulate_each(parts, memory(case)), strict=True):
        assert same(one, other)


@SLOW
@given(cases())
def test_duckdb_reads_a_file_as_memory_does(case: Case):
    parts = [part for part in case.parts if is_countable(part)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "it's.parquet"
        sources = write_raw(case, path)
        engine = over_parquet(path, case.study, sources, "1")
        assert {**vars(engine.frame), "groupings": ()} == {**vars(memory(case).frame), "groupings": ()}
        for one, other in zip(
            engine.statistics(parts, errors=True), memory(case).statistics(parts, errors=True), strict=True
        ):
            assert same(one, other)


@SLOW
@given(cases())
def test_many_clusters_are_added_up_in_the_engine_to_the_same_errors(case: Case):
    assume(case.design.cluster is not None)
    parts = [part for part in case.parts if is_countable(part)]
    made = over_answers(case.answers.columns, groupings(case.study, case.answers), case.design)
    engine = replace(made, most=0)
    for given_, known in zip(
        engine.statistics(parts, errors=True), memory(case).statistics(parts, errors=True), strict=True
    ):
        assert given_.stages[0].products is not None
        for name in ("count", "weight", "square", "present"):
            assert same(getattr(given_, name), getattr(known, name)), name
    for tables, known_tables in zip(tabulate_each(parts, engine), tabulate_each(parts, memory(case)), strict=True):
        for one, other in zip(tables, known_tables, strict=True):
            for name in ("count", "base", "numerator", "denominator", "df"):
                assert same(getattr(one, name), getattr(other, name)), name
            for name in ("se", "lower", "upper", "deff"):
                np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=2e-11, atol=0, err_msg=name)


@SLOW
@given(cases(most=6))
def test_what_is_no_code_is_refused_before_anything_is_counted(case: Case):
    engine = over_answers(case.answers.columns, groupings(case.study, case.answers), case.design)
    others = [part for part in case.parts if not is_countable(part)]
    assert {part.question.kind for part in others} == {Kind.MULTIPLE, Kind.OPEN, Kind.RANKING, Kind.NUMERIC}
    for part in others:
        with pytest.raises(EngineError, match=f"question “{part.question.id}”"):
            next(engine.statistics([*case.parts[:1], part], errors=True))
