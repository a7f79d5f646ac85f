"""Parquet: every type of column that a survey may hold."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from saklig.answers.model import AnswersError
from saklig.answers.readers import read


def given(source, name: str) -> list[object]:
    variable = source.variable(name)
    return [None if code < 0 else variable.values[code] for code in variable.codes]


@pytest.fixture
def table(tmp_path: Path):
    def write(columns: dict[str, object], **options: object) -> Path:
        path = tmp_path / "answers.parquet"
        pq.write_table(pa.table(columns), path, **options)
        return path

    return write


def test_every_type_of_column(table) -> None:
    path = table(
        {
            "whole": pa.array([3, 1, None, 3]),
            "float": pa.array([2.5, float("nan"), 1.0, None]),
            "text": pa.array(["Ja ", "", "Nej", "Ja"]),
            "coded": pa.array(["b", "a", None, "b"]).dictionary_encode(),
            "truth": pa.array([True, False, None, True]),
            "day": pa.array([dt.date(2021, 9, 2), dt.date(2021, 9, 1), None, None]),
            "several": pa.array([[1, 3], [], None, [7]]),
            "record": pa.array([{"x": 1}] * 4),
        }
    )
    source = read(path)
    assert (source.format, source.rows) == ("Parquet", 4)
    assert given(source, "whole") == [3, 1, None, 3]
    assert source.variable("whole").values == (1, 3)
    assert given(source, "float") == [2.5, None, 1, None]
    assert given(source, "text") == ["Ja", None, "Nej", "Ja"]
    assert given(source, "coded") == ["b", "a", None, "b"]
    assert given(source, "truth") == [1, 0, None, 1]
    assert dict(source.variable("truth").labels) == {1: "true", 0: "false"}
    assert given(source, "day") == ["2021-09-02", "2021-09-01", None, None]
    assert source.variable("day").is_date
    assert given(source, "several") == ["1;3", None, None, "7"]
    assert [(hint.kind, hint.variables, hint.delimiter) for hint in source.hints] == [("multiple", ("several",), ";")]
    assert source.found == ("left out, since they hold records and not values: record",)


def test_row_groups_share_one_list_of_values(table) -> None:
    source = read(table({"x": pa.array(["b", "a", "a", "c"])}, row_group_size=1))
    assert given(source, "x") == ["b", "a", "a", "c"]
    assert len(source.variable("x").values) == 3


def test_only_the_columns_that_are_asked_for(table) -> None:
    assert [variable.name for variable in read(table({"a": [1], "b": [2]}), columns=["b"]).variables] == ["b"]


def test_no_answers(table) -> None:
    with pytest.raises(AnswersError, match="columns but no answers"):
        read(table({"a": pa.array([], pa.int64())}))


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_truncated_file(table, share: float) -> None:
    path = table({"a": list(range(1000))})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(AnswersError, match="not a whole Parquet file"):
        read(path)


def test_columns_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "answers.parquet"
    pq.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]), path)
    with pytest.raises(AnswersError, match="several columns are called “a”"):
        read(path)
