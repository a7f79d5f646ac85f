"""What an engine makes of a raw file: routing, waves, texts, pairs of backgrounds, and what does not fit."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saklig.answers.model import AnswersError
from saklig.design.model import DesignError
from saklig.tabulation.engines.with_duckdb import connect, over_parquet
from saklig.tabulation.statistics import EngineError
from saklig.tabulation.tabulate import tabulate_each
from small_parquet import assert_same_bits

STUDY = """
id = "s"
title = { en = "Raw" }
pairs = [["size", "part"]]

[[wave]]
id = "2021"
answers = "answers.parquet"
where = { year = 2021 }
weight = "w"
strata = "stratum"
cluster = "place"

[codes.yes]
categories = [
  { code = "Yes", id = "yes", label = { en = "Yes" } },
  { code = "It's \\\\ no", id = "no", label = { en = "No" } },
  { code = "?", id = "unsure", role = "dont-know", label = { en = "Unsure" } },
]

[[background]]
id = "size"
label = { en = "Size" }
groups = [
  { id = "small", to = 9, label = { en = "Small" } },
  { id = "large", from = 10, label = { en = "Large" } },
]

[[background]]
id = "part"
label = { en = "Part" }
groups = [
  { id = "north", code = "N", label = { en = "North" } },
  { id = "south", code = "S'", label = { en = "South" } },
]

[[section]]
id = "1"
title = { en = "One" }
  [[section.question]]
  id = "q1"
  kind = "single"
  text = { en = "First?" }
  label = { en = "First" }
  codes = "yes"
  [[section.question]]
  id = "q2"
  kind = "single"
  text = { en = "Second?" }
  label = { en = "Second" }
  codes = "yes"
  asked_if = { q1 = ["yes"] }
  [[section.question]]
  id = "q3"
  kind = "single"
  text = { en = "Third?" }
  label = { en = "Third" }
  codes = "yes"
  asked_if = { q2 = ["no", "unsure"] }
"""

SAID = np.array(["Yes", "It's \\ no", "?", None], dtype=object)


@pytest.fixture
def written(small_parquet):
    """The study and 400 answers of two years."""
    draw = np.random.default_rng(5)
    n = 400
    columns = {
        "year": draw.integers(2020, 2022, n),
        "w": np.round(draw.uniform(0.2, 3, n), 2),
        "stratum": draw.integers(1, 4, n),
        "place": draw.integers(1, 9, n),
        "size": draw.integers(0, 30, n),
        "part": np.array(["N", "S'", " "], dtype=object)[draw.integers(0, 3, n)],
    } | {f"q{number}": SAID[draw.integers(0, 4, n)] for number in (1, 2, 3)}
    small_parquet.write(STUDY, columns)
    return small_parquet


NUMBERS = st.integers(-9, 12) | st.sampled_from([99, 2000, -1001])


@given(
    st.dictionaries(NUMBERS, st.integers(-2, 8), min_size=1)
    | st.dictionaries(NUMBERS.map(float), st.integers(-2, 8), min_size=1)
    | st.dictionaries(st.sampled_from([0.5, 1.0, 2.25]), st.integers(-2, 8), min_size=1)
    | st.dictionaries(st.booleans(), st.integers(-2, 8), min_size=1)
    | st.dictionaries(st.text("1'\\"), st.integers(-2, 8), min_size=1),
    st.integers(-2, 8),
)
def test_duckdb_gives_every_value_its_code_and_null_the_blank(codes, blank):
    session = connect()
    values = [*codes, None]
    session.connection.register("raw", pa.table({"a b": pa.array(values)}))
    text = session.coded(session.name("a b"), codes, blank)
    assert session.table(f"SELECT {text} AS c FROM raw").column("c").to_pylist() == [*codes.values(), blank]


def test_decimals_are_codes_too(written):
    """As Spark has unsigned numbers of 64 bits."""

    def errors():
        engine, study = over(written)
        return [table.se.tobytes() for tables in tabulate_each(list(study.parts("2021")), engine) for table in tables]

    whole = errors()
    written.change(stratum=lambda numbers: [Decimal(number) for number in numbers])
    assert errors() == whole


def over(written):
    study, sources = written.read()
    return over_parquet(written.file, study, sources, "2021"), study


def test_routing_waves_texts_and_pairs_are_as_in_memory(written):
    engine, study = over(written)
    parts = list(study.parts("2021"))
    assert [grouping.by for grouping in engine.frame.groupings] == [(), ("size",), ("part",), ("size", "part")]
    assert_same_bits(tabulate_each(parts, engine), tabulate_each(parts, written.memory("2021")))
    asked = [next(tabulate_each([part], engine))[0].base[0].max() for part in parts]
    assert asked[0] > asked[1] > asked[2] > 5


def test_a_value_that_the_study_lacks_is_told_as_in_memory(written):
    written.change(q2=lambda cells: ["Maybe" if cell == "?" else cell for cell in cells])
    with pytest.raises(AnswersError, match=r"question “q2”: the column “q2” has .* that the study lacks"):
        over(written)


def test_a_column_of_texts_is_no_question(written):
    written.change(q1=lambda cells: [f"my answer {number}" for number, _ in enumerate(cells * 30)][: len(cells)])
    with pytest.raises(AnswersError, match="that the study lacks"):
        over(written)


def test_a_column_with_too_many_values_is_refused_before_they_are_looked_at(written, monkeypatch):
    monkeypatch.setattr("saklig.tabulation.engines.raw_relation.MOST_VALUES", 20)
    with pytest.raises(EngineError, match="column “size”: more than 20 different values are no codes"):
        over(written)


@pytest.mark.parametrize(
    ("column", "of", "error", "said"),
    [
        ("w", lambda cells: [None, *cells[1:]], EngineError, "every respondent needs a weight of 0 or more"),
        ("w", lambda cells: [-1.0 for _ in cells], EngineError, "every respondent needs a weight of 0 or more"),
        ("w", lambda cells: [0.0 for _ in cells], DesignError, "all weights are zero"),
        ("place", lambda cells: [None for _ in cells], EngineError, "every respondent needs a cluster"),
        ("place", lambda cells: [1 for _ in cells], DesignError, "from one no error can be told"),
    ],
)
def test_a_design_that_the_file_contradicts_is_refused(written, column, of, error, said):
    written.change(**{column: of})
    with pytest.raises(error, match=said):
        over(written)


def test_a_population_smaller_than_its_sample_is_refused(written):
    text = STUDY.replace('weight = "w"', 'population = 30\nweight = "w"')
    written.write(text)
    with pytest.raises(DesignError, match="more respondents than its population"):
        over(written)


def test_what_is_no_code_leads_nowhere(written):
    text = STUDY.replace('kind = "single"\n  text = { en = "First?" }', 'kind = "multiple"\n  text = { en = "First?" }')
    text = text.replace(
        'codes = "yes"\n  [[section.question]]\n  id = "q2"',
        'codes = "yes"\n  delimiter = ";"\n  [[section.question]]\n  id = "q2"',
    )
    written.write(text)
    with pytest.raises(AnswersError, match="`asked_if` names “q1”, whose answers a database cannot read as one code"):
        over(written)
