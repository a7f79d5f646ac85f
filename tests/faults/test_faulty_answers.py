"""Answers that cannot be published: what is said, and that nothing is written."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from faults_study import HEADER, answers, write_answers, write_study

from saklig.answers.readers import archives

Saklig = Callable[..., Any]
Tree = Callable[[Path], dict[str, str]]
LINES = answers()
TEXT = "\n".join([HEADER, *LINES]) + "\n"


def zero(lines: list[str]) -> list[str]:
    return ["0" + line[line.index(",") :] for line in lines]


def with_lines(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines, ""]).encode()


FAULTY: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "short row": (with_lines(*LINES[:5], "1,norr,1"), ("line 7: ", "has 3 cells, the header has 5", "delimiter")),
    "long row": (with_lines(*LINES[:5], "1,norr,1,1,2,3"), ("line 7: ", "has 6 cells, the header has 5", "delimiter")),
    "open quotation mark": (TEXT.replace("norr", '"norr', 1).encode(), ("line 3: ", "never closed", "Close it")),
    "columns twice": (TEXT.replace("storlek", "q1", 1).encode(), ("“q1” in columns 3, 4", "a name of its own")),
    "no rows": (with_lines(), ("column names but no answers", "Export it again")),
    "nothing": (b"", ("the file is empty", "Export the answers again")),
    "NUL": (TEXT.replace("norr", "no\0rr", 1).encode(), ("line 3: ", "NUL characters", "Save the file again")),
    "a PDF": (b"%PDF-1.7 ...", ("the name says text with a delimiter", "is a PDF", "Export the answers again")),
    "unknown code": (
        with_lines(*LINES, "1,norr,1,7,"),
        ("question “q1”", "column “q1”", "the code 7 that the study lacks", "correct the data"),
    ),
    "negative weight": (with_lines(*LINES, "-1,norr,1,1,1"), ("column “vikt”", "negative", "answer number 61")),
    "no weight": (with_lines(*LINES, ",norr,1,1,1"), ("column “vikt”", "missing", "answer number 61", "give every")),
    "weight of letters": (with_lines(*LINES, "x,norr,1,1,1"), ("column “vikt”", "no number", "answer number 61")),
    "endless weight": (with_lines(*LINES, "inf,norr,1,1,1"), ("column “vikt”", "no number", "answer number 61")),
    "huge weight": (with_lines(*LINES, "1e300,norr,1,1,1"), ("wave “2021”", "add up to 1e+300", "divide them all")),
    "weights all zero": (with_lines(*zero(LINES)), ("column “vikt”", "is 0 for everyone", "name the right column")),
    "no stratum": (with_lines(*LINES, "1,,1,1,1"), ("column “stratum”", "missing", "answer number 61")),
    "other stratum": (with_lines(*LINES, *["1,ost,1,1,1"] * 3), ("column “stratum”", "“ost”", "add their population")),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTY)
@pytest.mark.parametrize("command", ["check", "publish"])
def test_faulty_answers(saklig: Saklig, study: Path, tmp_path: Path, fault: str, command: str) -> None:
    content, words = FAULTY[fault]
    study.with_name("answers.csv").write_bytes(content)
    before = sorted(tmp_path.rglob("*"))
    said = saklig(command, study)
    assert (said.code, said.out) == (1, "")
    assert "answers.csv" in said.err
    for word in words:
        assert word in said.err
    assert sorted(tmp_path.rglob("*")) == before


def test_what_was_published_stays(saklig: Saklig, study: Path, published: Path, tree: Tree) -> None:
    for content, _ in FAULTY.values():
        study.with_name("answers.csv").write_bytes(content)
        before = tree(published.parent)
        assert saklig("publish", study, "--out", published).code == 1
        assert tree(published.parent) == before


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace(";", "|").replace(",", ";").encode(),
        TEXT.rstrip("\n").encode(),
        b"sep=,\n" + TEXT.encode(),
    ],
    ids=["byte-order mark", "UTF-16", "Windows' line ends", "semicolons", "no end of the last line", "sep="],
)
def test_answers_that_must_simply_work(saklig: Saklig, tmp_path: Path, content: bytes) -> None:
    delimiter = "|" if b";stratum" in content else ";"
    study = write_study(tmp_path, ('delimiter = ";"', f'delimiter = "{delimiter}"'))
    plain = saklig("publish", write_study(tmp_path / "plain"), "--out", tmp_path / "a", "--json", "--only", "edition")
    study.with_name("answers.csv").write_bytes(content)
    said = saklig("publish", study, "--out", tmp_path / "b", "--json", "--only", "edition")
    assert said.code == plain.code == 0, said.out
    # The set's delimiter is no part of what is published.
    assert [line for line in said.out.splitlines() if 'edition"' in line] == [
        line for line in plain.out.splitlines() if 'edition"' in line
    ]


def test_an_old_encoding_is_found_and_said(saklig: Saklig, tmp_path: Path) -> None:
    study = write_study(tmp_path)
    said = saklig("check", study)
    study.with_name("answers.csv").write_bytes(TEXT.replace("norr", "nörr").encode("windows-1252"))
    again = saklig("check", study)
    assert again.code == 0
    assert "answers.csv: encoding UTF-8" in said.out
    assert "answers.csv: encoding windows-1252" in again.out.replace("Windows", "windows")


def test_a_code_that_nobody_gave_is_fine(saklig: Saklig, tmp_path: Path) -> None:
    category = '{ code = 2, label = { sv = "Nej", en = "No" } },'
    study = write_study(tmp_path, (category, category + '\n    { code = 3, label = { sv = "Kanske", en = "Maybe" } },'))
    said = saklig("check", study)
    assert said.code == 0
    assert "question “q1”: no answer has the code 3; if it was offered, all is well" in said.out
    assert saklig("publish", study, "--only", "edition").code == 0


def test_a_stratum_with_one_respondent(saklig: Saklig, tmp_path: Path) -> None:
    study = write_study(tmp_path, ("syd = 200", "syd = 200, ost = 10"))
    write_answers(tmp_path, *LINES, "1,ost,1,1,1")
    said = saklig("publish", study)
    assert said.code == 1
    for word in ("answers.csv", "wave “2021”, stratum “ost”", "one respondent", "merge it with a neighbouring stratum"):
        assert word in said.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("syd = 200", "syd = 5"), ("the stratum “syd”", "a population of 5", "correct `population`")),
        (("{ norr = 100, syd = 200 }", "50"), ("60 respondents but a population of 50", "correct `population`")),
    ],
)
def test_a_population_smaller_than_the_sample(
    saklig: Saklig, tmp_path: Path, change: tuple[str, str], words: tuple[str, ...]
) -> None:
    said = saklig("publish", write_study(tmp_path, change))
    assert said.code == 1
    for word in ("answers.csv", "wave “2021”", *words):
        assert word in said.err


def put_nothing(path: Path) -> None:
    path.unlink()


def put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def put_circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def put_link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


@pytest.mark.parametrize(
    ("put", "words"),
    [
        (put_nothing, ("there is no such file", "Check the spelling")),
        (put_folder, ("this is a folder", "Name the file in it")),
        (put_circle, ("a link that leads nowhere or in a circle", "Name the data file itself")),
        (put_link_to_nothing, ("a link that leads nowhere or in a circle", "Name the data file itself")),
    ],
)
def test_answers_that_are_no_file(
    saklig: Saklig, study: Path, put: Callable[[Path], None], words: tuple[str, ...]
) -> None:
    put(study.with_name("answers.csv"))
    said = saklig("publish", study)
    assert said.code == 1
    for word in ("answers.csv", *words):
        assert word in said.err


def test_answers_that_may_not_be_read(saklig: Saklig, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def refuse(path: Path, *arguments: object, **more: object) -> object:
        if path.name == "answers.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **more)

    monkeypatch.setattr(Path, "open", refuse)
    said = saklig("publish", study)
    assert said.code == 1
    for word in ("answers.csv", "cannot be opened", "Check who may read it"):
        assert word in said.err


@pytest.mark.parametrize("command", ["init", "publish"])
def test_no_such_file(saklig: Saklig, tmp_path: Path, command: str) -> None:
    said = saklig(command, "nowhere.sav")
    assert (said.code, said.out) == (1, "")
    assert "nowhere.sav: there is no such file" in said.err
    assert not list(tmp_path.iterdir())


def test_a_data_file_where_a_study_is_wanted(saklig: Saklig, study: Path) -> None:
    said = saklig("publish", study.with_name("answers.csv"))
    assert said.code == 1
    assert "this is a data file" in said.err
    assert "saklig init" in said.err


@pytest.mark.parametrize("share", [0.01, 0.4, 0.95])
def test_a_truncated_sav(saklig: Saklig, tmp_path: Path, share: float) -> None:
    whole = Path(__file__).parents[2] / "../shared/data/surveys/multiple-response/simple_alltypes.sav"
    if not whole.is_file():
        pytest.skip("the shared surveys are not here")
    content = whole.read_bytes()
    (tmp_path / "cut.sav").write_bytes(content[: int(len(content) * share)])
    said = saklig("init", "cut.sav")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("cut.sav: ")
    assert "again" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["cut.sav"]


ENTITIES = """<?xml version="1.0"?>
<!DOCTYPE sss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/hostname">]>
<sss version="2.0"><survey><title>&b;</title><record ident="A"><variable ident="1" type="single"><name>q1</name>
<label>&x;</label><position start="1"/><values><value code="1">Ja</value></values></variable></record></survey></sss>
"""


@pytest.mark.parametrize("name", ["a.sss", "a.xml", "a.lss"])
def test_xml_with_entities(saklig: Saklig, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(ENTITIES)
    (tmp_path / "a.asc").write_text("1\n1\n")
    said = saklig("init", name)
    assert (said.code, said.out) == (1, "")
    assert f"{name}: the file declares entities" in said.err
    assert "resolve the entities" in said.err
    assert "aaaa" not in said.err


def workbook(path: Path, sheet: bytes) -> None:
    names = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{names}"><sheets><sheet name="a" sheetId="1"/></sheets></workbook>'
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)


def test_a_zip_bomb(saklig: Saklig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_INFLATED_SHEET", 2**20)
    workbook(tmp_path / "bomb.xlsx", b" " * 2**22)
    assert (tmp_path / "bomb.xlsx").stat().st_size < 2**14
    said = saklig("init", "bomb.xlsx")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("bomb.xlsx: unpacked, the workbook is larger than 1 MiB")
    assert "export it as CSV" in said.err


def test_a_workbook_cut_short(saklig: Saklig, tmp_path: Path) -> None:
    workbook(tmp_path / "whole.xlsx", b"<worksheet/>")
    (tmp_path / "cut.xlsx").write_bytes((tmp_path / "whole.xlsx").read_bytes()[:300])
    said = saklig("init", "cut.xlsx")
    assert said.code == 1
    assert "cut short or damaged" in said.err
    assert "Copy or download it again" in said.err
