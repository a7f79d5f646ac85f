"""Files that are not there, not whole, not what their name says, or made to do harm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from saklig.answers.model import AnswersError
from saklig.answers.readers import FORMATS, read

File = Callable[..., Path]
Survey = Callable[[str], Path]


def test_no_such_file_offers_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "answers-2021.csv").write_text("a\n1\n")
    with pytest.raises(AnswersError, match=r"answers-2012\.csv: there is no such file.*answers-2021\.csv lies there"):
        read(tmp_path / "answers-2012.csv")
    with pytest.raises(AnswersError, match="does not exist either"):
        read(tmp_path / "nowhere" / "answers.csv")


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "answers.csv"
    folder.mkdir()
    with pytest.raises(AnswersError, match="this is a folder"):
        read(folder)


def test_a_device_is_not_read() -> None:
    with pytest.raises(AnswersError, match="not an ordinary file"):
        read(Path("/dev/zero"))


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_empty_file_of_every_format(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"answers{suffix}"
    path.touch()
    with pytest.raises(AnswersError, match=r"answers.*: the file is empty\. Export the answers again\."):
        read(path)


@pytest.mark.parametrize("name", ["answers.docx", "answers", "answers.csv.exe"])
def test_an_unknown_suffix_lists_the_known(text_file: File, name: str) -> None:
    with pytest.raises(AnswersError, match=r"are not read\. These are: \.sav, "):
        read(text_file("a,b\n1,2\n", name))


def test_an_old_workbook_says_how_to_save_it(text_file: File) -> None:
    path = text_file("", "answers.xls")
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    with pytest.raises(
        AnswersError, match=r"answers\.xls: files that end in \.xls are not read\. .* save it as \.xlsx"
    ):
        read(path)


@pytest.mark.parametrize(
    ("name", "real"),
    [
        ("gss-2010/2010.sav", "an SPSS file"),
        ("other-formats/missing_test.dta", "a Stata file"),
        ("other-formats/sample.sas7bdat", "a SAS file"),
        ("other-formats/sample.por", "an SPSS portable file"),
        ("ipums-cps/cps_00157.dat.gz", "a file packed with gzip"),
        ("masculinity/masculinity-survey.pdf", "a PDF"),
        ("triple-s/sample-4.sss", "an XML file"),
        ("quantipy-example/example-a.json", "a JSON file"),
    ],
)
def test_a_wrong_suffix_is_told(survey: Survey, text_file: File, name: str, real: str) -> None:
    path = text_file(survey(name).read_bytes(), "answers.csv")
    with pytest.raises(AnswersError, match=f"the name says text with a delimiter .CSV., but this is {real}"):
        read(path)


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix not in {".csv", ".tsv", ".tab", ".txt"}])
def test_text_under_another_formats_name(text_file: File, suffix: str) -> None:
    with pytest.raises(AnswersError, match=r"the name says|cannot be read without its codebook"):
        read(text_file("a,b\n1,2\n", f"answers{suffix}"))


def test_a_workbook_called_csv_says_what_to_do(xlsx: File) -> None:
    path = xlsx({"Svar": [["a"], [1]]}, "answers.csv")
    with pytest.raises(AnswersError, match=r"but this is an Excel workbook\. Rename it so that it ends in \.xlsx\."):
        read(path)


@pytest.mark.parametrize(
    ("head", "real"),
    [(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel workbook"), (b"<html><body>", "a web page")],
)
def test_what_portals_hand_out_in_place_of_a_workbook(text_file: File, head: bytes, real: str) -> None:
    with pytest.raises(AnswersError, match=real):
        read(text_file(head, "answers.xlsx"))


@pytest.mark.parametrize("name", ["gss-2010/2010.sav", "multiple-response/simple_alltypes.sav"])
@pytest.mark.parametrize("share", [0.0005, 0.01, 0.1, 0.3, 0.5, 0.9, 0.999])
def test_a_truncated_sav(survey: Survey, text_file: File, name: str, share: float) -> None:
    content = survey(name).read_bytes()
    path = text_file(content[: max(1, int(len(content) * share))], "answers.sav")
    with pytest.raises(AnswersError, match=r"answers\.sav: "):
        read(path)


@pytest.mark.parametrize(
    "name",
    ["other-formats/missing_test.dta", "other-formats/sample.por", "other-formats/sample.sas7bdat"],
)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6])
def test_other_truncated_files(survey: Survey, text_file: File, name: str, share: float) -> None:
    content = survey(name).read_bytes()
    path = text_file(content[: int(len(content) * share)], "answers" + Path(name).suffix)
    with pytest.raises(AnswersError, match=r"answers\."):
        read(path)


@pytest.mark.parametrize("place", range(4, 2700, 97))
def test_a_damaged_sav_never_ends_in_another_error(survey: Survey, text_file: File, place: int) -> None:
    content = bytearray(survey("multiple-response/simple_alltypes.sav").read_bytes())
    content[place : place + 4] = b"\xff\xff\xff\x7f"
    try:
        source = read(text_file(bytes(content), "answers.sav"))
    except AnswersError:
        return
    assert source.rows <= 6


def test_memory_that_does_not_suffice_is_said(survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyreadstat

    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pyreadstat, "read_sav", fail)
    with pytest.raises(AnswersError, match="more memory than this machine has"):
        read(survey("gss-2010/2010.sav"))
