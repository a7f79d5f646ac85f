"""Parquet: one column at a time, its text as the dictionary that the file already holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from saklig.answers.model import QuestionHint, Source, Value, Variable
from saklig.answers.readers.columns import Description, described, recode, whole
from saklig.answers.readers.faults import fault
from saklig.answers.readers.source_hints import Hints
from saklig.language.catalog import say
from saklig.language.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

SET_DELIMITER = ";"
TRUTH: dict[Value, str] = {1: "true", 0: "false"}


def read_parquet(path: Path, hints: Hints) -> Source:
    """The columns that hold one value, or a list of values, a row. Raises AnswersError where the file is broken."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            if not file.metadata.num_rows:
                raise fault(path, say("the file has columns but no answers"), say("Export it again with its answers"))
            fields = [field for field in file.schema_arrow if hints.wants(field.name)]
            readable = [field for field in fields if _is_readable(field.type)]
            _check_names(path, [field.name for field in file.schema_arrow])
            if not readable:
                raise fault(
                    path, say("the file has no columns of single values"), say("Export one column per question")
                )
            variables = tuple(variable_of(field, file.read(columns=[field.name]).column(0)) for field in readable)
            rows = file.metadata.num_rows
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise fault(
            path,
            say("this is not a whole Parquet file ({kind})", kind=type(error).__name__),
            say("Copy it or write it again"),
        ) from None
    except (MemoryError, pa.ArrowMemoryError):
        raise fault(path, say("the file needs more memory than this machine has"), say("Read fewer columns")) from None
    left = [field.name for field in fields if field not in readable]
    return Source(
        path=path,
        format="Parquet",
        rows=rows,
        variables=variables,
        hints=tuple(_set_hint(field.name) for field in readable if _is_list(field.type)),
        found=(say("left out, since they hold records and not values: {names}", names=", ".join(left)),)
        if left
        else (),
    )


def _check_names(path: Path, names: list[str]) -> None:
    if double := sorted({name for name in names if names.count(name) > 1}):
        raise fault(
            path,
            say("several columns are called “{name}”", name=double[0]),
            say("Give every column a name of its own"),
            "schema",
        )


def _is_list(type: pa.DataType) -> bool:
    import pyarrow.types as of

    return bool(of.is_list(type) or of.is_large_list(type))


def _is_readable(type: pa.DataType) -> bool:
    import pyarrow.types as of

    inner = type.value_type if _is_list(type) else type
    return not of.is_nested(inner)


def _set_hint(name: str) -> QuestionHint:
    return QuestionHint(variables=(name,), kind="multiple", text=Text.of({"und": name}), delimiter=SET_DELIMITER)


def variable_of(field: pa.Field, column: pa.ChunkedArray) -> Variable:
    """A column of single values, or lists of them, as the file types it."""
    import pyarrow as pa
    import pyarrow.types as of

    if _is_list(field.type):
        joined = [
            None if cell is None else SET_DELIMITER.join(str(item) for item in cell if item is not None) or None
            for cell in column.to_pylist()
        ]
        column = pa.chunked_array([pa.array(joined, pa.string())])
    if not of.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole_column = column.unify_dictionaries().combine_chunks()
    if isinstance(whole_column, pa.ChunkedArray):  # a column without rows stays in chunks
        whole_column = whole_column.chunk(0)
    codes = whole_column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    raw = whole_column.dictionary.to_pylist()
    type = whole_column.dictionary.type
    is_date = bool(of.is_temporal(type) and not of.is_duration(type))
    labels: dict[Value, str] = TRUTH if of.is_boolean(type) else {}
    said = Description(label=_label(field), labels=labels, is_date=is_date)
    return _ordered(field.name, codes, raw, said)


def _label(field: pa.Field) -> str:
    said = (field.metadata or {}).get(b"label", b"")
    return str(said.decode("utf-8", "replace")).strip()


def _ordered(name: str, codes: Any, raw: list[Any], said: Description) -> Variable:
    """Equal values once, numbers rising, blanks and not-a-numbers as −1."""
    kept = [_value(cell) for cell in raw]
    distinct = list(dict.fromkeys(value for value in kept if value is not None))
    if all(not isinstance(value, str) for value in distinct) or said.is_date:
        distinct.sort(key=lambda value: value)
    place = {value: position for position, value in enumerate(distinct)}
    positions = [-1 if value is None else place[value] for value in kept]
    return described(name, recode(codes, positions), tuple(distinct), said)


def _value(cell: Any) -> Value | None:
    if cell is None or cell != cell:
        return None
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace").strip() or None
    number = NUMBERS.get(type(cell))
    return number(cell) if number else str(cell)


NUMBERS: dict[type, Callable[[Any], Value | None]] = {
    bool: int,
    int: int,
    float: lambda cell: whole(cell) if np.isfinite(cell) else None,
}
