"""What a column of text or numbers becomes."""

from __future__ import annotations

import numpy as np
import pytest

from saklig.answers.readers.columns import Description, TextColumn, as_padded_value, as_value, decide, numbers
from saklig.answers.readers.columns import mixed as mixed_column


def column(*cells: str, **options: bool):
    texts = TextColumn()
    texts.add(cells)
    return decide("x", *texts.texts(), **options).variable


def given(variable) -> list:
    return [None if code < 0 else variable.values[code] for code in variable.codes]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1), ("-9", -9), ("1.5", 1.5), ("2.0", 2), (".5", 0.5), ("1e3", 1000), ("0", 0), ("-0", 0),
        ("0114", "0114"), ("+1", "+1"), ("1 000", "1 000"), ("1,5", "1,5"), ("٣", "٣"), ("1e999", "1e999"),
        ("12345678901234567890123", "12345678901234567890123"), ("NaN", "NaN"), ("Infinity", "Infinity"), ("", ""),
    ],
)  # fmt: skip
def test_only_what_is_written_as_a_plain_number_is_one(text: str, value: object) -> None:
    assert as_value(text) == value
    assert type(as_value(text)) is type(value)


@pytest.mark.parametrize(("text", "value"), [("01", 1), ("-007", -7), ("000", 0), ("00.90", 0.9), ("0A1", "0A1")])
def test_zeros_fill_fields_of_fixed_width(text: str, value: object) -> None:
    assert as_padded_value(text) == value


def test_numbers_rise_and_whole_floats_are_int() -> None:
    variable = column("3", "1", "", "2.0", "1")
    assert variable.values == (1, 2, 3)
    assert [type(value) for value in variable.values] == [int, int, int]
    assert given(variable) == [3, 1, None, 2, 1]


def test_one_text_makes_the_whole_column_text() -> None:
    assert given(column("3", "1", "many")) == ["3", "1", "many"]


def test_a_code_with_a_leading_zero_keeps_the_column_text() -> None:
    assert column("0114", "1080").values == ("0114", "1080")


def test_texts_are_stripped_and_merged() -> None:
    variable = column("Ja ", " Nej", "Ja", "  ")
    assert variable.values == ("Ja", "Nej")
    assert variable.codes.tolist() == [0, 1, 0, -1]


def test_marks_for_no_number_stay_apart_from_blanks() -> None:
    variable = column("2", "NA", "1", "")
    assert variable.values == (1, 2, "NA")
    assert variable.missing == {"NA"}
    assert given(variable) == [2, "NA", 1, None]


def test_a_column_of_marks_alone_is_text() -> None:
    variable = column("NA", "NA")
    assert variable.values == ("NA",)
    assert not variable.missing


def test_decimal_comma_only_where_it_is_allowed() -> None:
    assert column("1,5", "2", decimal_comma=True).values == (1.5, 2)
    assert column("1,5", "2").values == ("1,5", "2")
    assert column("1,3,7", "1,3", decimal_comma=True).values == ("1,3,7", "1,3")


@pytest.mark.parametrize(
    "text", ["2021-09-01", "2021-09-01 12:00:05.5", "5/10/18 4:01", "1.9.2021", "9/1/2021 4:01 PM"]
)
def test_dates_are_marked(text: str) -> None:
    assert column(text, text).is_date
    assert not column(text, "later").is_date


@pytest.mark.parametrize("spread", [10, 1_000_000])
def test_numbers_are_encoded_the_same_way_dense_or_sparse(spread: int) -> None:
    values = np.array([3.0, np.nan, -1.0, 3.0, 0.0]) * spread
    variable = numbers("x", values)
    assert variable.values == (-spread, 0, 3 * spread)
    assert variable.codes.tolist() == [2, -1, 0, 2, 1]
    assert variable.codes.dtype == np.int32


def test_an_empty_column_has_no_values() -> None:
    variable = numbers("x", np.full(3, np.nan))
    assert variable.values == ()
    assert variable.codes.tolist() == [-1, -1, -1]


def test_an_infinity_is_no_answer() -> None:
    variable = numbers("x", np.array([1.0, np.inf, -np.inf]))
    assert variable.values == (1,)
    assert variable.codes.tolist() == [0, -1, -1]


def test_letters_stand_after_numbers() -> None:
    variable = mixed_column("x", [2.0, ".a", None, 1.0], Description(label="L"))
    assert variable.values == (1, 2, ".a")
    assert variable.codes.tolist() == [1, 2, -1, 0]
    assert variable.label == "L"


def test_chunks_make_one_column() -> None:
    texts = TextColumn()
    texts.add(["a", "b"])
    texts.add(["b", "c"])
    found, codes = texts.texts()
    assert found == ["a", "b", "c"]
    assert codes.tolist() == [0, 1, 1, 2]
