"""Every file of the shared surveys is read; what is found in them is pinned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from saklig.answers.model import Source, Variable
from saklig.answers.readers import read

Survey = Callable[[str], Path]


def given(variable: Variable) -> list[object]:
    return [None if code < 0 else variable.values[code] for code in variable.codes]


def counts(source: Source, name: str) -> Counter[object]:
    return Counter(given(source.variable(name)))


@pytest.mark.parametrize(
    ("name", "format", "rows", "columns"),
    [
        ("flying-etiquette/flying-etiquette.csv", "CSV", 1040, 27),
        ("gss-2010/2010.sav", "SPSS", 2044, 790),
        ("ipums-cps/cps_00157.xml", "DDI Codebook", 7668, 8),
        ("ipums-cps/cps_00157.dat.gz", "DDI Codebook", 7668, 8),
        ("limesurvey/answers.lss", "LimeSurvey", 0, 8),
        ("limesurvey/survey.lss", "LimeSurvey", 0, 3),
        ("masculinity/raw-responses.csv", "CSV", 1615, 98),
        ("masculinity/masculinity-survey.csv", "CSV", 232, 12),
        ("multiple-response/simple_alltypes.sav", "SPSS", 6, 12),
        ("other-formats/missing_test.dta", "Stata", 1, 9),
        ("other-formats/missing_test.sas7bdat", "SAS", 1, 9),
        ("other-formats/missing_test.sav", "SPSS", 2, 1),
        ("other-formats/sample.por", "SPSS portable", 5, 7),
        ("other-formats/sample.sas7bdat", "SAS", 5, 7),
        ("quantipy-example/example-a.csv", "quantipy", 8255, 78),
        ("quantipy-example/example-a.json", "quantipy", 8255, 78),
        ("star-wars/StarWars.csv", "CSV", 1186, 38),
        ("triple-s/sample-1.sss", "Triple-S", 3, 14),
        ("triple-s/sample-1.asc", "Triple-S", 3, 14),
        ("triple-s/sample-2.sss", "Triple-S", 1, 90),
        ("triple-s/sample-2.csv", "Triple-S", 1, 90),
        ("triple-s/sample-3.sss", "Triple-S", 98, 200),
        ("triple-s/sample-3.dat", "Triple-S", 98, 200),
        ("triple-s/sample-4.sss", "Triple-S", 10, 3),
        ("triple-s/sample-4.asc", "Triple-S", 10, 3),
    ],
)
def test_every_survey_is_read(survey: Survey, name: str, format: str, rows: int, columns: int) -> None:
    source = read(survey(name))
    assert (source.format, source.rows, len(source.variables)) == (format, rows, columns)
    assert source.path == survey(name)
    for variable in source.variables:
        assert len(variable.codes) == rows
        assert variable.codes.max(initial=-1) < len(variable.values)
        assert len(set(variable.values)) == len(variable.values)
        assert all(value != "" for value in variable.values)


def test_gss_keeps_labels_and_user_missing_values(survey: Survey) -> None:
    source = read(survey("gss-2010/2010.sav"))
    assert source.found == ("encoding windows-1252",)
    assert sum(bool(variable.labels) for variable in source.variables) == 785
    assert sum(bool(variable.missing) for variable in source.variables) == 784
    happy = source.variable("happy")
    assert happy.label == "GENERAL HAPPINESS"
    assert dict(happy.labels) == {
        0: "IAP", 1: "VERY HAPPY", 2: "PRETTY HAPPY", 3: "NOT TOO HAPPY", 8: "DK", 9: "NA",
    }  # fmt: skip
    assert happy.missing == {0, 8, 9}
    assert sum(counts(source, "happy").values()) == 2044


def test_ranges_of_missing_values_reach_values_and_labels(survey: Survey) -> None:
    source = read(survey("multiple-response/simple_alltypes.sav"))
    z = source.variable("z")
    assert read(survey("multiple-response/simple_alltypes.sav")).variable("x").missing == {7, 8, 99}
    assert z.missing == {-9, 999}  # −999 to 0, and 999
    assert given(z) == [-9, None, 1.234, 999, 3.14159, None]
    assert source.variable("y").is_date
    assert given(source.variable("quarter"))[0] == "2014-Q4"


def test_declared_sets_of_both_kinds(survey: Survey) -> None:
    categories, marks = read(survey("multiple-response/simple_alltypes.sav")).sets
    assert (categories.name, categories.counted) == ("categorical_array", None)
    assert categories.variables == ("ca_subvar_1", "ca_subvar_2", "ca_subvar_3")
    assert (marks.name, marks.label, marks.counted) == ("mymrset", "My multiple response set", 1)
    assert marks.variables == ("bool1", "bool2", "bool3")


def test_extended_missing_values_of_stata_and_sas(survey: Survey) -> None:
    stata = read(survey("other-formats/missing_test.dta"))
    assert stata.variable("var1").values == (".a",)
    assert stata.variable("var1").missing == {".a"}
    assert dict(stata.variable("var1").labels) == {".a": "missing"}
    assert stata.variable("var8").values == ()
    sas = read(survey("other-formats/missing_test.sas7bdat"))
    assert dict(sas.variable("var1").labels) == {".A": "missing"}
    assert sas.variable("var7").missing == {"._"}
    assert "labels from the catalogue missing_formats.sas7bcat" in sas.found
    assert (
        "no format of the catalogue missing_formats.sas7bcat fits"
        in read(survey("other-formats/sample.sas7bdat")).found
    )


def test_dates_of_the_portable_and_the_sas_file_agree(survey: Survey) -> None:
    portable, sas = read(survey("other-formats/sample.por")), read(survey("other-formats/sample.sas7bdat"))
    for source, day, moment, clock in ((portable, "MYDATE", "DTIME", "MYTIME"), (sas, "mydate", "dtime", "mytime")):
        assert given(source.variable(day)) == ["2018-05-06", "1880-05-06", "1960-01-01", "1583-01-01", None]
        assert given(source.variable(moment))[1] == "1880-05-06 10:10:10"
        assert given(source.variable(clock)) == ["10:10:10", "23:10:10", "00:00:00", "16:10:10", None]
        assert source.variable(day).is_date
    assert dict(portable.variable("MYLABL").labels) == {1: "Male", 2: "Female"}


def test_masculinity_has_its_weights_and_its_not_asked(survey: Survey) -> None:
    source = read(survey("masculinity/raw-responses.csv"))
    assert source.found == ("encoding UTF-8", "delimiter comma", "columns without a name are called column_1")
    assert counts(source, "q0001") == {
        "Somewhat masculine": 826, "Very masculine": 612, "Not very masculine": 131,
        "Not at all masculine": 32, "No answer": 14,
    }  # fmt: skip
    assert counts(source, "q0010_0001")["NA"] == 735
    assert all(isinstance(value, float) for value in source.variable("weight").values)
    assert source.variable("StartDate").is_date


def test_star_wars_has_two_header_rows(survey: Survey) -> None:
    source = read(survey("star-wars/StarWars.csv"))
    assert source.found == (
        "encoding windows-1252", "delimiter comma", "two header rows, as SurveyMonkey writes them",
    )  # fmt: skip
    names = [variable.name for variable in source.variables]
    assert names[:4] == ["RespondentID", "q1", "q2", "q3_1"]
    assert names[-5:] == ["Gender", "Age", "Household Income", "Education", "Location (Census Region)"]
    kinds = {hint.variables[0]: (hint.kind, len(hint.variables)) for hint in source.hints}
    assert kinds["q3_1"] == ("multiple", 6)
    assert kinds["q4_1"] == ("ranking", 6)
    assert kinds["q5_1"] == ("grid", 14)
    assert kinds["q6"] == ("single", 1)
    assert "RespondentID" not in kinds
    assert source.variable("q4_2").values == (1, 2, 3, 4, 5, 6)
    assert source.variable("q5_1").label.endswith("familiar with him/her. - Han Solo")


def test_quantipy_has_grids_sets_and_shared_lists(survey: Survey) -> None:
    source = read(survey("quantipy-example/example-a.csv"))
    assert (source.title, source.language) == ("Quantipy Example Data", "en-GB")
    assert "codebook example-a.json" in source.found
    assert [len(hint.variables) for hint in source.hints if hint.kind == "grid"] == [6, 3, 6, 10, 10, 10]
    sets = [hint for hint in source.hints if hint.kind == "multiple"]
    assert [hint.variables[0] for hint in sets] == ["q2", "q3", "q8", "q9"]
    assert all(hint.delimiter == ";" for hint in sets)
    assert source.variable("q3").values[0] == "1;2;3;"
    assert all(isinstance(value, str) for value in source.variable("q8").values)
    assert source.variable("q5_1").labels[1] == "I would refuse if asked"
    assert source.variable("start_time").is_date
    assert source.variable("weight_a").values[0] > 0


def test_triple_s_of_fixed_width(survey: Survey) -> None:
    source = read(survey("triple-s/sample-1.sss"))
    assert source.title == "Historic House Exit Survey First Wave"
    assert "Triple-S 1.2, one answer per record “V”" in source.found
    assert given(source.variable("Q1")) == [2, 3, 2]
    assert [given(source.variable(f"Q2_{code}")) for code in (1, 2, 3, 9)] == [
        [1, 0, 1],
        [0, 1, 0],
        [1, 0, 0],
        [1, 0, 1],
    ]
    assert given(source.variable("Q3")) == ["Amusement Park", None, '"Marco\'s" Restaurant']
    assert [given(source.variable(name)) for name in ("Q4_1", "Q4_2")] == [[1, 2, 9], [9, None, 4]]
    assert given(source.variable("Q5")) == [12, 999, 58]
    assert dict(source.variable("Q5").labels) == {500: "500 or more", 999: "Not stated"}
    assert given(source.variable("Q6")) == [1, 1, 0]
    assert given(source.variable("Q99")) == [1.4, 0.9, 0.7]
    assert [(each.name, each.counted) for each in source.sets] == [("Q2", 1), ("Q4", None)]
    assert next(hint for hint in source.hints if hint.variables == ("Q7",)).condition == "Q6"


def test_triple_s_with_csv_and_a_byte_order_mark(survey: Survey) -> None:
    source = read(survey("triple-s/sample-2.sss"))
    assert "encoding UTF-8 with a byte-order mark" in source.found
    assert given(source.variable("AA15M1_3")) == [1]
    assert given(source.variable("AA15M1_1")) == [0]
    assert source.variable("AA08N1").labels[given(source.variable("AA08N1"))[0]] == "Male"


def test_triple_s_of_200_variables_and_of_a_household_level(survey: Survey) -> None:
    large = read(survey("triple-s/sample-3.sss"))
    assert given(large.variable("id"))[:3] == [1, 3, 4]
    assert large.variable("submitdate_date").is_date
    assert large.variable("FAFE_SQ04").labels == {"Y": "Yes", "N": "No", "U": "Uncertain"}
    household = read(survey("triple-s/sample-4.sss"))
    assert household.language == "fr-FR"
    assert "Triple-S 2.0, one answer per record “A”" in household.found
    assert given(household.variable("foyer")) == list(range(1, 11))
    assert household.variable("weekday").labels[1] == "Monday"


def test_limesurvey_without_answers_is_a_questionnaire(survey: Survey) -> None:
    source = read(survey("limesurvey/answers.lss"))
    assert source.title == "Survey with Question Answers"
    assert "LimeSurvey database version 638" in source.found
    assert any("no answers" in said for said in source.found)
    multiple, grid = source.hints
    assert (multiple.kind, multiple.section) == ("multiple", "Group One")
    assert [text.words[0][1] for text in multiple.item_texts.values()] == [
        "First option",
        "Second option",
        "Third option",
    ]
    assert grid.kind == "grid"
    assert [text.words[0][1] for text in grid.category_texts.values()] == [
        "Too much", "More than I like", "Just Right", "Less than I like", "Too little",
    ]  # fmt: skip
    other = read(survey("limesurvey/survey.lss"))
    assert "LimeSurvey database version 641" in other.found
    assert [hint.text.words[0][1] for hint in other.hints] == [
        "Text for first question", "Text for second question", "Do you like this survey?",
    ]  # fmt: skip


def test_ddi_with_packed_fixed_width_data(survey: Survey) -> None:
    source = read(survey("ipums-cps/cps_00157.xml"))
    assert source.found == ("data in cps_00157.dat.gz", "encoding ISO-8859-1", "unpacked with gzip")
    assert counts(source, "YEAR") == {1962: 4065, 1963: 3603}
    assert given(source.variable("ASECWT"))[:3] == [1475.59, 1470.72, 1578.75]  # four implied decimals
    assert source.variable("STATEFIP").labels[27] == "Minnesota"
    assert given(source.variable("INCTOT"))[:3] == [4883, 5800, 999999998]
    assert source.variable("INCTOT").label == "Total personal income"
