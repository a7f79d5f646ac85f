"""SPSS, Stata and SAS beyond what the shared surveys show."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from saklig.answers.model import AnswersError
from saklig.answers.readers import read, statistical
from saklig.answers.readers.moments import sas_moment, spss_moment, stata_moment

File = Callable[..., Path]


def given(source, name: str) -> list[object]:
    variable = source.variable(name)
    return [None if code < 0 else variable.values[code] for code in variable.codes]


def test_a_compressed_file(own_file: Callable[[str], Path]) -> None:
    source = read(own_file("small.zsav"))
    assert (source.format, source.rows, source.title) == ("SPSS", 4, "En liten enkät")
    q1 = source.variable("q1")
    assert (q1.label, dict(q1.labels), q1.missing) == ("Hur nöjd är du?", {1: "Ja", 2: "Nej", 9: "Vet ej"}, {9})
    assert q1.measure == "nominal"
    assert given(source, "q1") == [1, 2, 9, None]
    assert given(source, "namn") == ["Åsa", "Örjan", None, "<script>alert(1)</script>"]
    assert given(source, "day") == ["2021-09-01", "2021-09-24", None, "2021-09-01"]


def test_stata_with_labels_and_a_date(own_file: Callable[[str], Path]) -> None:
    source = read(own_file("small.dta"))
    assert source.title == "En liten enkät"
    assert dict(source.variable("q1").labels) == {1: "Ja", 2: "Nej", 9: "Vet ej"}
    assert given(source, "day")[1] == "2021-09-24"


def test_the_files_own_weight_is_found_under_its_long_name(sav: File) -> None:
    columns = {"Q1": [1.0, 2.0], "VIKT_A": [1.25, 0.75]}
    path = sav(columns, labels={"Q1": b"Kind"}, weight=2, long_names={"Q1": "fraga_ett", "VIKT_A": "Kalibrerad_vikt"})
    source = read(path)
    assert source.weight == "Kalibrerad_vikt"
    assert "the file itself is weighted by Kalibrerad_vikt" in source.found
    assert read(path, columns=["fraga_ett"]).weight == ""


def test_no_weight_and_a_weight_out_of_range(sav: File) -> None:
    assert read(sav({"Q1": [1.0]})).weight == ""
    assert read(sav({"Q1": [1.0]}, weight=99)).weight == ""


def test_labels_in_windows_1252(sav: File) -> None:
    label = "Hur nöjd är du på skalan 1–5?"
    source = read(sav({"Q1": [1.0]}, labels={"Q1": label.encode("cp1252")}))
    assert source.variable("Q1").label == label


def test_labels_that_are_not_in_the_declared_encoding(sav: File) -> None:
    path = sav({"Q1": [1.0]}, labels={"Q1": "Hur nöjd är du?".encode("cp1252")}, code_page=65001)
    source = read(path)
    assert source.variable("Q1").label == "Hur nöjd är du?"
    assert source.found == ("encoding windows-1252",)


def test_scripts_and_formulas_in_labels_are_text(sav: File) -> None:
    label = "=1+1 <script>alert('x')</script>"
    assert read(sav({"Q1": [1.0]}, labels={"Q1": label.encode()})).variable("Q1").label == label


def test_a_file_without_answers(sav: File) -> None:
    with pytest.raises(AnswersError, match="variables but no answers"):
        read(sav({"Q1": []}))


def test_declared_sets_keep_their_counted_value(sav: File) -> None:
    sets = b"$tried=D1 1 5 Tried a b\n"
    source = read(sav({"A": [1.0, 0.0], "B": [0.0, 1.0]}, sets=sets))
    assert [(each.name, each.label, each.variables, each.counted) for each in source.sets] == [
        ("tried", "Tried", ("A", "B"), 1)
    ]


def test_reading_a_few_columns_at_a_time_gives_the_same(sav: File, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {f"Q{number}": [float(number), None, 2.5] for number in range(7)}
    path = sav(columns)
    whole = read(path)
    monkeypatch.setattr(statistical, "CELLS_AT_A_TIME", 6)
    parts = read(path)
    assert [variable.name for variable in parts.variables] == list(columns)
    for one, other in zip(whole.variables, parts.variables, strict=True):
        assert one.values == other.values
        assert np.array_equal(one.codes, other.codes)


# Byte of small.zsav → what stands there instead. Each ended the program inside the library before it was checked.
DAMAGE = {
    "a text of two thousand million characters": (180, b"\xff\xff\xff\x7f"),
    "a text without its continuation": (180, b"\x80\0\0\0"),
    "a number shown as text": (192, b"\0\x08\x01\0"),
    "labels of a variable that does not exist": (464, b"\x63\0\0\0"),
    "labels of variable nought": (464, b"\0\0\0\0"),
    "labels of a continuation": (464, b"\x03\0\0\0"),
    "two thousand million labels": (404, b"\xff\xff\xff\x7f"),
    "an extension longer than the file": (476, b"\xff\xff\xff\x7f"),
    "a record of an unknown kind": (468, b"\x2a\0\0\0"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_list_of_variables(own_file: Callable[[str], Path], text_file: File, damage: str) -> None:
    place, put = DAMAGE[damage]
    content = bytearray(own_file("small.zsav").read_bytes())
    content[place : place + len(put)] = put
    with pytest.raises(AnswersError, match=r"byte \d+: this is not a whole SPSS file: its list of variables"):
        read(text_file(bytes(content), "answers.zsav"))


def labelled_text(content: bytes, value: bytes) -> bytes:
    """small.zsav with its first variable turned into a text of one character, of which `value` carries a label."""
    changed = bytearray(content)
    text_format = struct.pack("<i", (1 << 16) | (1 << 8))
    changed[180:200] = struct.pack("<i", 1) + changed[184:188] + struct.pack("<i", 0) + text_format * 2
    length = struct.unpack_from("<i", changed, 208)[0]
    after = 212 + (length + 3) // 4 * 4
    del changed[after : after + 8]  # the missing value
    for number, label in ((1.0, b"\x02Ja"), (2.0, b"\x03Nej"), (9.0, b"\x06Vet")):
        place = changed.index(struct.pack("<d", number) + label)
        changed[place : place + 8] = value if label == b"\x02Ja" else label[1:2].ljust(8)
    return bytes(changed)


def test_labelled_texts_in_another_encoding_than_declared(own_file: Callable[[str], Path], text_file: File) -> None:
    from saklig.answers.readers.spss_dictionary import encoding_to_force

    whole = own_file("small.zsav").read_bytes()
    fitting = text_file(labelled_text(whole, "Å".encode().ljust(8)), "fits.zsav")
    assert encoding_to_force(fitting) == ""
    other = text_file(labelled_text(whole, b"A      \xc5"), "other.zsav")
    assert encoding_to_force(other) == "windows-1252"
    none = text_file(labelled_text(whole, b"A     \x81\xc5"), "none.zsav")
    with pytest.raises(AnswersError, match="in no encoding that can be found out"):
        read(none)


@pytest.mark.parametrize(
    ("moment", "display", "value", "text"),
    [
        (spss_moment, "EDATE10", 13_166_064_000.0, "2000-01-01"),
        (spss_moment, "DTIME8", 90_061.0, "25:01:01"),
        (spss_moment, "MOYR8", 13_166_064_000.0, "2000-01"),
        (stata_moment, "%tdD_m_Y", 22_524.0, "2021-09-01"),
        (stata_moment, "%tc", 1_946_073_600_000.0, "2021-09-01 00:00:00"),
        (stata_moment, "%tm", 740.0, "2021-09"),
        (stata_moment, "%tq", 246.0, "2021-Q3"),
        (sas_moment, "YYMMDD10.", 22_524.0, "2021-09-01"),
        (sas_moment, "DATETIME20.3", 1_946_073_600.0, "2021-09-01 00:00:00"),
        (sas_moment, "E8601DA10", 22_524.0, "2021-09-01"),
    ],
)
def test_moments(moment, display: str, value: float, text: str) -> None:
    assert moment(display)(value) == text


@pytest.mark.parametrize(
    ("moment", "display"), [(spss_moment, "F8.2"), (stata_moment, "%9.0g"), (sas_moment, "BEST12"), (sas_moment, "")]
)
def test_plain_numbers_are_no_moments(moment, display: str) -> None:
    assert moment(display) is None
