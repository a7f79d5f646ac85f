"""Text files with a delimiter: what is found, and what is refused with the line named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from saklig.answers.model import AnswersError
from saklig.answers.readers import read

File = Callable[..., Path]


def given(source, name: str) -> list[object]:
    variable = source.variable(name)
    return [None if code < 0 else variable.values[code] for code in variable.codes]


@pytest.mark.parametrize(
    ("delimiter", "called"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")]
)
def test_the_delimiter_is_found(text_file: File, delimiter: str, called: str) -> None:
    lines = [["id", "kommun", "svar"], ["1", "Åre", "ja, visst"], ["2", "Malå", "nej; aldrig"]]
    content = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    source = read(text_file(content))
    assert f"delimiter {called}" in source.found
    assert given(source, "svar") == ["ja, visst", "nej; aldrig"]


@pytest.mark.parametrize(
    ("encoding", "called"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with a byte-order mark"), ("utf-16", "UTF-16"),
        ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("cp1252", "windows-1252"),
    ],
)  # fmt: skip
def test_the_encoding_is_found(text_file: File, encoding: str, called: str) -> None:
    source = read(text_file("fråga,nöjd\nÖrebro,ja\nÅmål,nej\n" * 1, encoding=encoding))
    assert f"encoding {called}" in source.found
    assert [variable.name for variable in source.variables] == ["fråga", "nöjd"]
    assert given(source, "fråga") == ["Örebro", "Åmål"]


def test_a_given_encoding_is_used(text_file: File) -> None:
    source = read(text_file("a,b\nåäö,1\n", encoding="mac-roman"), encoding="mac-roman")
    assert given(source, "a") == ["åäö"]


def test_a_wrong_encoding_names_the_line(text_file: File) -> None:
    path = text_file("a,b\nplain,1\nåäö,2\n", encoding="cp1252")
    with pytest.raises(
        AnswersError, match=r"answers\.csv: line 3: .*not in the encoding utf-8.*Leave the encoding out"
    ):
        read(path, encoding="utf-8")
    with pytest.raises(AnswersError, match="no encoding called “klingon”"):
        read(path, encoding="klingon")
    with pytest.raises(AnswersError, match="no encoding called “zip”"):
        read(path, encoding="zip")


def test_bytes_in_no_encoding_name_the_line(text_file: File) -> None:
    with pytest.raises(AnswersError, match=r"line 2: a character is in no encoding.*UTF-8"):
        read(text_file(b"a,b\n\x8f\xff,1\n"))


def test_a_long_file_is_decoded_across_chunks(text_file: File) -> None:
    body = "".join(f"{number},å\n" for number in range(200_000))
    source = read(text_file("n,text\n" + body))
    assert source.rows == 200_000
    assert source.variable("text").values == ("å",)


@pytest.mark.parametrize("row", ["1,2", "1,2,3,4", '1,"2,3'])
def test_a_ragged_row_names_its_line_and_not_its_answers(text_file: File, row: str) -> None:
    path = text_file(f'a,b,c\n1,"secret\nof two lines",3\n{row}\n')
    with pytest.raises(AnswersError, match=r"answers\.csv: line 4: ") as caught:
        read(path)
    assert "secret" not in str(caught.value)


def test_an_open_quotation_mark_names_the_line_where_it_opens(text_file: File) -> None:
    path = text_file('a,b\n1,2\n1,"2\n3,4\n5,6\n')
    with pytest.raises(AnswersError, match=r"line 3: a quotation mark is opened and never closed.*Close it"):
        read(path)


def test_a_quotation_mark_open_over_a_large_file_is_found(text_file: File) -> None:
    with pytest.raises(AnswersError, match=r"line 2: a quotation mark is opened"):
        read(text_file('a,b\n1,"2\n' + "3,4\n" * 100_000))


def test_text_after_a_quotation_mark(text_file: File) -> None:
    with pytest.raises(AnswersError, match=r"line 2: text follows a closing quotation mark.*Double"):
        read(text_file('a,b\n1,"x" y\n'))


def test_columns_of_one_name_are_refused(text_file: File) -> None:
    with pytest.raises(AnswersError, match=r"header: several columns have the same name: “q1” in columns 1, 3"):
        read(text_file("q1,q2,q1\n1,2,3\n"))


@pytest.mark.parametrize("content", ["q1,q2\n", "q1,q2", "q1,q2\n\n\n", "﻿q1,q2\n"])
def test_no_answers(text_file: File, content: str) -> None:
    with pytest.raises(AnswersError, match="column names but no answers"):
        read(text_file(content))


def test_nothing_but_blank_rows(text_file: File) -> None:
    with pytest.raises(AnswersError, match="blank rows"):
        read(text_file("\n\n\n"))


def test_nul_characters_name_the_line(text_file: File) -> None:
    with pytest.raises(AnswersError, match=r"line 3: the line holds NUL characters"):
        read(text_file(b"a,b\n1,2\n1,\x00\n"))


def test_one_column_keeps_its_blank_answers(text_file: File) -> None:
    source = read(text_file("svar\nja\n\nnej\n\n"))
    assert given(source, "svar") == ["ja", None, "nej"]


def test_one_column_whose_texts_hold_commas(text_file: File) -> None:
    assert given(read(text_file("svar\nja, visst\nnej\n")), "svar") == ["ja, visst", "nej"]


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n'])
def test_a_first_line_for_excel(text_file: File, first: str) -> None:
    source = read(text_file(f"{first}a;b,c\n1;2\n"))
    assert [variable.name for variable in source.variables] == ["a", "b,c"]
    assert given(source, "b,c") == [2]


def test_surveymonkey_in_swedish(text_file: File) -> None:
    source = read(text_file("Svarande-ID,Hur nöjd är du?,Kön\n,Svar,Svar\n1,Mycket,Kvinna\n"))
    assert source.rows == 1
    assert [variable.name for variable in source.variables] == ["Svarande-ID", "q1", "Kön"]


def test_unnamed_columns_are_called_by_their_place(text_file: File) -> None:
    source = read(text_file(",svar\n1,ja\n2,nej\n"))
    assert [variable.name for variable in source.variables] == ["column_1", "svar"]
    assert "columns without a name are called column_1" in source.found


def test_decimal_comma_in_a_swedish_file(text_file: File) -> None:
    source = read(text_file("kommun;vikt;val\n0114;1,25;1,3\n1080;0,5;2,4,5\n"))
    assert "decimal comma in vikt" in source.found
    assert given(source, "vikt") == [1.25, 0.5]
    assert given(source, "val") == ["1,3", "2,4,5"]
    assert given(source, "kommun") == ["0114", "1080"]


def test_only_the_columns_that_are_asked_for(text_file: File) -> None:
    source = read(text_file("a,b,c\n1,2,3\n"), columns=["c", "a"])
    assert [variable.name for variable in source.variables] == ["a", "c"]
    with pytest.raises(AnswersError, match="none of the columns"):
        read(text_file("a,b,c\n1,2,3\n"), columns=["d"])


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "<script>alert(1)</script>", "@SUM(A1)", "=cmd|'/c calc'!A0"])
def test_scripts_and_formulas_are_text(text_file: File, cell: str) -> None:
    source = read(text_file(f'a,"{cell}"\n1,"{cell}"\n'))
    assert given(source, cell) == [cell]


def test_line_ends_of_every_system(text_file: File) -> None:
    for end in ("\n", "\r\n", "\r"):
        assert given(read(text_file(f"a,b{end}1,2{end}3,4{end}")), "b") == [2, 4]


MONKEY = (
    "RespondentID,StartDate,Which? Select all.,,,Rank them,,How often?,,Age,Anything else?\n"
    ",,Tea,Coffee,Other (please specify),Red,Blue,At home,Out,Response,Open-Ended Response\n"
    "11,2021-09-01,Tea,,,1,2,Often,Never,18-29,\n"
    "12,2021-09-02,,Coffee,Milk,2,1,Never,,30-44,Thanks\n"
)


def test_surveymonkey_options_ranks_items_and_written_answers(text_file: File) -> None:
    source = read(text_file(MONKEY))
    assert source.rows == 2
    assert [variable.name for variable in source.variables] == [
        "RespondentID", "StartDate", "q1_1", "q1_2", "q1_3", "q2_1", "q2_2", "q3_1", "q3_2", "Age", "q5",
    ]  # fmt: skip
    assert [(hint.kind, hint.variables) for hint in source.hints] == [
        ("multiple", ("q1_1", "q1_2")), ("open", ("q1_3",)), ("ranking", ("q2_1", "q2_2")),
        ("grid", ("q3_1", "q3_2")), ("single", ("Age",)), ("single", ("q5",)),
    ]  # fmt: skip
    assert source.variable("q1_2").label == "Which? Select all. - Coffee"
    assert source.hints[0].item_texts["q1_2"].words == (("und", "Coffee"),)


def test_a_place_given_twice_is_no_ranking(text_file: File) -> None:
    source = read(text_file(MONKEY.replace("12,2021-09-02,,Coffee,Milk,2,1", "12,2021-09-02,,Coffee,Milk,1,1")))
    assert ("grid", ("q2_1", "q2_2")) in [(hint.kind, hint.variables) for hint in source.hints]


def test_an_answer_row_is_not_taken_for_a_second_header(text_file: File) -> None:
    assert read(text_file("id,,b\n1,2,3\n4,5,6\n")).rows == 2
    assert read(text_file("id,svar\n1,Response\n2,Other\n")).rows == 2
