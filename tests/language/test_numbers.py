"""Numbers and dates as people read them. "_" stands for a no-break space."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saklig.language import numbers, phrases


def plain(text: str) -> str:
    assert "\u202f" not in text
    return text.replace("\u00a0", "_")


@pytest.mark.parametrize(
    ("value", "decimals", "language", "written"),
    [
        (12, 0, "sv", "12_%"),
        (12, 0, "en", "12%"),
        (125, 1, "sv", "12,5_%"),
        (125, 1, "en", "12.5%"),
        (5, 1, "sv", "0,5_%"),
        (0, 0, "sv", "0_%"),
        (100, 0, "en", "100%"),
        (-3, 0, "sv", "−3_%"),
        (12, 0, "sv-FI", "12_%"),
        (12, 0, "en-US", "12%"),
        (12, 0, "fi", "12_%"),
        (12, 0, "not a language", "12%"),
    ],
)
def test_per_cent(value: int, decimals: int, language: str, written: str) -> None:
    assert plain(numbers.percent(value, decimals, language)) == written


@pytest.mark.parametrize(
    ("value", "decimals", "swedish", "english"),
    [
        (34, 1, "3,4", "3.4"),
        (5, 2, "0,05", "0.05"),
        (-5, 1, "−0,5", "−0.5"),
        (1000, 0, "1_000", "1,000"),
        (1234567, 0, "1_234_567", "1,234,567"),
        (-123456789, 2, "−1_234_567,89", "−1,234,567.89"),
        (999, 0, "999", "999"),
        (0, 0, "0", "0"),
        (0, 1, "0,0", "0.0"),
    ],
)
def test_decimals(value: int, decimals: int, swedish: str, english: str) -> None:
    assert plain(numbers.decimal(value, decimals, "sv")) == swedish
    assert numbers.decimal(value, decimals, "en") == english


@given(st.integers(-(10**15), 10**15), st.integers(0, 6), st.sampled_from(["sv", "en", "de"]))
def test_what_is_written_is_the_number(value: int, decimals: int, language: str) -> None:
    marks = numbers.marks(language)
    text = numbers.decimal(value, decimals, language)
    back = text.replace(marks.group, "").replace(marks.decimal, ".").replace(numbers.MINUS, "-")
    assert Fraction(back) == Fraction(value, 10**decimals)


@pytest.mark.parametrize(
    ("lower", "upper", "swedish", "english"),
    [
        (7, 20, "7–20_%", "7–20%"),
        (0, 5, "0–5_%", "0–5%"),
        (-5, 3, "−5_– 3_%", "−5_– 3%"),
        (-5, -3, "−5_– −3_%", "−5_– −3%"),
    ],
)
def test_intervals(lower: int, upper: int, swedish: str, english: str) -> None:
    assert plain(numbers.percent_interval(lower, upper, 0, "sv")) == swedish
    assert plain(numbers.percent_interval(lower, upper, 0, "en")) == english


@pytest.mark.parametrize(
    ("value", "decimals", "swedish", "english"),
    [
        (1, 0, "+1 procentenhet", "+1 percentage point"),
        (-1, 0, "−1 procentenhet", "−1 percentage point"),
        (0, 0, "0 procentenheter", "0 percentage points"),
        (12, 0, "+12 procentenheter", "+12 percentage points"),
        (1, 1, "+0,1 procentenheter", "+0.1 percentage points"),
    ],
)
def test_points_are_one_or_several(value: int, decimals: int, swedish: str, english: str) -> None:
    assert phrases.points(value, decimals, "sv") == swedish
    assert phrases.points(value, decimals, "en") == english


@pytest.mark.parametrize(
    ("lower", "upper", "swedish", "english"),
    [(7, 20, "7–20", "7–20"), (-14, 15, "−14 till 15", "−14 to 15"), (-5, -3, "−5 till −3", "−5 to −3")],
)
def test_intervals_in_sentences(lower: int, upper: int, swedish: str, english: str) -> None:
    assert phrases.interval(lower, upper, 0, "sv") == swedish
    assert phrases.interval(lower, upper, 0, "en") == english


def test_signs() -> None:
    assert [numbers.signed(value, 0, "sv") for value in (12, 0, -12)] == ["+12", "0", "−12"]


@pytest.mark.parametrize(
    ("number", "swedish", "english"),
    [
        (0.5, "0,5", "0.5"),
        (15000, "15_000", "15,000"),
        (-2.25, "−2,25", "−2.25"),
        (1e-3, "0,001", "0.001"),
        (1e6, "1_000_000", "1,000,000"),
        (0.1 + 0.2, "0,3", "0.3"),
    ],
)
def test_numbers_as_they_were_written(number: float, swedish: str, english: str) -> None:
    assert plain(numbers.exact(number, "sv")) == swedish
    assert numbers.exact(number, "en") == english


def test_what_is_no_number_is_refused() -> None:
    for number in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not a number"):
            numbers.exact(number, "sv")


@pytest.mark.parametrize(
    ("size", "written"), [(1, "1_kB"), (1499, "1_kB"), (1500, "2_kB"), (999_999, "1_000_kB"), (3_450_000, "3,5_MB")]
)
def test_file_sizes(size: int, written: str) -> None:
    assert plain(numbers.file_size(size, "sv")) == written


@pytest.mark.parametrize(
    ("start", "end", "swedish", "english"),
    [
        ("2021-09-01", "2021-09-24", "1–24 september 2021", "1–24 September 2021"),
        ("2021-08-31", "2021-09-24", "31 augusti – 24 september 2021", "31 August – 24 September 2021"),
        ("2021-12-31", "2022-01-02", "31 december 2021 – 2 januari 2022", "31 December 2021 – 2 January 2022"),
        ("2021-09-01", "2021-09-01", "1 september 2021", "1 September 2021"),
        ("2021-09-01", "", "1 september 2021", "1 September 2021"),
        ("", "2021-09-24", "24 september 2021", "24 September 2021"),
        ("", "", "", ""),
    ],
)
def test_dates(start: str, end: str, swedish: str, english: str) -> None:
    assert numbers.date_range(start, end, "sv") == swedish
    assert numbers.date_range(start, end, "en") == english


def test_dates_of_other_languages_are_whole() -> None:
    assert numbers.date_range("2021-09-01", "2021-09-24", "fi") == "1. syyskuuta 2021 – 24. syyskuuta 2021"


def test_babel_is_imported_where_it_is_used() -> None:
    script = (
        "import sys, saklig.language.numbers, saklig.language.catalog, saklig.study.file; print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
