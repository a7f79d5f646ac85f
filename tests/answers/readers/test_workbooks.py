"""Excel and OpenDocument: cells as data, and archives made to burst."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from saklig.answers.model import AnswersError
from saklig.answers.readers import archives, read

File = Callable[..., Path]
ROWS = [["id", "kommun", "betyg", "kod"], [1, "Åre", 4.5, "0114"], [2, "Malå", 3, "1080"]]


def given(source, name: str) -> list[object]:
    variable = source.variable(name)
    return [None if code < 0 else variable.values[code] for code in variable.codes]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_both_formats_give_the_same(kind: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(kind)({"Svar": ROWS} if kind == "xlsx" else ROWS)
    source = read(path)
    assert source.rows == 2
    assert source.found == ("sheet “Svar”",)
    assert given(source, "id") == [1, 2]
    assert given(source, "kommun") == ["Åre", "Malå"]
    assert given(source, "betyg") == [4.5, 3]
    assert given(source, "kod") == ["0114", "1080"]


def test_the_first_sheet_with_cells_or_the_named_one(xlsx: File) -> None:
    path = xlsx({"Tom": [], "Svar": ROWS, "Mer": [["x"], [7]]})
    assert read(path).found == ("sheet “Svar” of 3",)
    assert given(read(path, sheet="Mer"), "x") == [7]
    with pytest.raises(AnswersError, match=r"there is no sheet “Nej”\. There are: Tom, Svar, Mer"):
        read(path, sheet="Nej")


def test_surveymonkey_headers_in_a_workbook(xlsx: File) -> None:
    rows = [
        ["RespondentID", "Which? Select all.", None, "Age"],
        [None, "Tea", "Coffee", "Response"],
        [1, "Tea", None, "18-29"],
        [2, None, "Coffee", "30-44"],
    ]
    source = read(xlsx({"Svar": rows}))
    assert "two header rows, as SurveyMonkey writes them" in source.found
    assert [(hint.kind, hint.variables) for hint in source.hints] == [
        ("multiple", ("q1_1", "q1_2")), ("single", ("Age",)),
    ]  # fmt: skip


def test_a_formula_is_its_last_value_and_text_that_looks_like_one_is_text(xlsx: File) -> None:
    formula = ('<c r="PLACE"><f>1+1</f><v>2</v></c>',)
    source = read(xlsx({"Svar": [["a", "b"], [formula, "=HYPERLINK(1)"]]}))
    assert given(source, "a") == [2]
    assert given(source, "b") == ["=HYPERLINK(1)"]


def test_truth_values_and_blank_cells(xlsx: File) -> None:
    true = ('<c r="PLACE" t="b"><v>1</v></c>',)
    source = read(xlsx({"Svar": [["a", "b"], [true, None], [None, "x"]]}))
    assert given(source, "a") == ["TRUE", None]
    assert given(source, "b") == [None, "x"]


def test_columns_that_formatting_left_behind(xlsx: File) -> None:
    source = read(xlsx({"Svar": [["a", "b", ""], [1, 2, ""]]}))
    assert [variable.name for variable in source.variables] == ["a", "b"]


@pytest.mark.parametrize("rows", [[["a", "b"]], [[]], [["a", "a"], [1, 2]]])
def test_no_answers_or_columns_of_one_name(xlsx: File, rows: list[list[object]]) -> None:
    with pytest.raises(AnswersError, match=r"no answers|anything in them|same name"):
        read(xlsx({"Svar": rows}))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_workbook(xlsx: File, share: float) -> None:
    path = xlsx({"Svar": ROWS})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(AnswersError, match=r"answers\.xlsx: "):
        read(path)


def test_a_damaged_workbook(xlsx: File) -> None:
    path = xlsx({"Svar": ROWS})
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/worksheets/s1.xml").header_offset + 60
    content[start : start + 40] = b"\xff" * 40
    path.write_bytes(bytes(content))
    with pytest.raises(AnswersError, match="cut short or damaged"):
        read(path)


def test_a_bomb_that_says_its_size(xlsx: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_INFLATED_SHEET", 2**20)
    path = xlsx({"Svar": [["a"], ["x" * 2**21]]})
    assert path.stat().st_size < 2**14
    with pytest.raises(AnswersError, match=r"unpacked, the workbook is larger than 1 MiB"):
        read(path)


def test_a_bomb_that_lies_about_its_size(xlsx: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_INFLATED_SHEET", 2**20)
    path = xlsx({"Svar": [["a"], ["x" * 2**21]]})
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/s1.xml").file_size
    assert content.count(struct.pack("<I", size)) == 2
    path.write_bytes(bytes(content).replace(struct.pack("<I", size), struct.pack("<I", 1000)))
    with pytest.raises(AnswersError, match="unpacked, the workbook is larger than 1 MiB"):
        read(path)


def test_overlapping_members_are_each_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_INFLATED_SHEET", 2**20)
    path = tmp_path / "answers.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x" * 300_000)
        first = archive.infolist()[0]
        for number in range(4):
            twin = zipfile.ZipInfo(f"xl/worksheets/s{number}.xml")
            twin.header_offset, twin.CRC = first.header_offset, first.CRC
            twin.compress_size, twin.file_size, twin.compress_type = first.compress_size, 1, first.compress_type
            archive.filelist.append(twin)
            archive.NameToInfo[twin.filename] = twin
    with pytest.raises(AnswersError, match="larger than 1 MiB"):
        read(path)


@pytest.mark.parametrize("place", ["XFD1048576", "A999999999", "ZZZZZZ9"])
def test_one_cell_at_the_far_corner(xlsx: File, place: str) -> None:
    path = xlsx({"Svar": [["a", (f'<c r="{place}"><v>1</v></c>',)], [1]]})
    with pytest.raises(AnswersError, match="spans more than 100000000 cells"):
        read(path)


def test_a_cell_at_the_far_corner_split_over_chunks() -> None:
    corner = archives.Corner()
    for part in (b'<sheetData><row r="1"><c r="A1"/><c s="3" r="XF', b'D1048576"><v>1</v>'):
        corner.see(part)
    assert corner.cells == 16384 * 1048576


def test_repeated_cells_of_an_opendocument_sheet(ods: File) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    with pytest.raises(AnswersError, match="spans more than"):
        read(ods(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'))


def test_repeated_blanks_of_an_opendocument_sheet_are_no_harm(ods: File) -> None:
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    body = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
        f"{blank}</table:table-row>"
        f'<table:table-row><table:table-cell office:value-type="float" office:value="7"/>{blank}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="1048574">{blank}</table:table-row>'
    )
    assert given(read(ods(body)), "a") == [7]


def test_a_password(xlsx: File) -> None:
    path = xlsx({"Svar": ROWS})
    content = bytearray(path.read_bytes())
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1
    path.write_bytes(bytes(content))
    with pytest.raises(AnswersError, match="has a password"):
        read(path)


def test_the_archive_check_counts_what_deflate_gives(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    content = b"abc" * 1000
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", content)
        archive.writestr("b", content, zipfile.ZIP_STORED)
    with zipfile.ZipFile(path) as archive, path.open("rb") as file:
        for member in archive.infolist():
            assert b"".join(archives._inflated(path, file, member)) == content
