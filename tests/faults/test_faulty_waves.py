"""Several waves that do not fit together: what is said, and that nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from faults_study import HEADER, answers, write_study

Saklig = Callable[..., Any]

WAVE = """
[[wave]]
id = "2023"
start = 2023-09-01
answers = "answers-2023.csv"
weight = "vikt"
strata = "stratum"
population = { norr = 100, syd = 200 }
"""
LATER = answers(90)[30:]


def two_waves(folder: Path, *changes: tuple[str, str], lines: list[str] = LATER, header: str = HEADER) -> Path:
    study = write_study(folder)
    (folder / "answers-2023.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    text = study.read_text(encoding="utf-8").replace("\n[disclosure]", WAVE + "\n[disclosure]", 1)
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    study.write_text(text, encoding="utf-8")
    return study


def persons(lines: list[str], first: int) -> list[str]:
    return [f"{line},p{number}" for number, line in enumerate(lines, start=first)]


def test_two_waves_that_fit(saklig: Saklig, tmp_path: Path) -> None:
    said = saklig("check", two_waves(tmp_path))
    assert said.code == 0, said.err
    assert "Wave 2023: 60 respondents." in said.out


def test_a_wave_whose_code_list_differs(saklig: Saklig, tmp_path: Path) -> None:
    study = two_waves(tmp_path, lines=[*LATER, "1,norr,1,3,"])
    said = saklig("check", study)
    assert said.code == 1
    for words in ("answers-2023.csv", "question “q1”", "the code 3 that the study lacks", "add to its categories"):
        assert words in said.err


def test_a_code_of_another_wave(saklig: Saklig, tmp_path: Path) -> None:
    added = '{ code = 2, label = { sv = "Nej", en = "No" } },'
    study = two_waves(
        tmp_path, (added, added + '\n{ code = 3, label = { sv = "Nja", en = "Well" }, waves = ["2023"] },')
    )
    text = (tmp_path / "answers.csv").read_text(encoding="utf-8")
    (tmp_path / "answers.csv").write_text(text + "1,norr,1,3,\n", encoding="utf-8")
    said = saklig("check", study)
    assert said.code == 1
    for words in ("answers.csv", "question “q1”", "the code 3", "offers in other waves only", "name this wave"):
        assert words in said.err


def test_the_same_file_twice(saklig: Saklig, tmp_path: Path) -> None:
    said = saklig("check", two_waves(tmp_path, ('"answers-2023.csv"', '"answers.csv"')))
    assert said.code == 1
    for words in ("answers.csv", "“2021” and “2023” have the same answers", "where = { wave = 2021 }"):
        assert words in said.err


def test_a_copy_of_the_same_file(saklig: Saklig, tmp_path: Path) -> None:
    said = saklig("publish", two_waves(tmp_path, lines=answers()))
    assert said.code == 1
    assert "answers-2023.csv" in said.err
    assert "“2021” and “2023” have the same answers" in said.err
    assert not (tmp_path / "out").exists()


def test_one_file_whose_rows_are_parted_is_fine(saklig: Saklig, tmp_path: Path) -> None:
    lines = [f"{line},{year}" for year, those in (("2021", answers()), ("2023", LATER)) for line in those]
    study = two_waves(
        tmp_path,
        ('answers = "answers.csv"', 'answers = "both.csv"\nwhere = { wave = 2021 }'),
        ('answers = "answers-2023.csv"', 'answers = "both.csv"\nwhere = { wave = 2023 }'),
    )
    (tmp_path / "both.csv").write_text("\n".join([HEADER + ",wave", *lines]) + "\n", encoding="utf-8")
    assert saklig("check", study).code == 0
    study.write_text(study.read_text(encoding="utf-8").replace("wave = 2023 }", "wave = 2021 }"), encoding="utf-8")
    assert "have the same answers" in saklig("check", study).err


def test_a_person_twice(saklig: Saklig, tmp_path: Path) -> None:
    lines = persons(LATER, 1)
    study = two_waves(
        tmp_path,
        ('"answers-2023.csv"', '"answers-2023.csv"\nperson = "vem"'),
        lines=[*lines, lines[0]],
        header=HEADER + ",vem",
    )
    said = saklig("check", study)
    assert said.code == 1
    for words in ("answers-2023.csv", "the same person (column “vem”) answered more than once", "number 1 and 61"):
        assert words in said.err
    assert "p1" not in said.err, "nobody's id leaves the file"


def test_persons_in_one_wave_only(saklig: Saklig, tmp_path: Path) -> None:
    study = two_waves(
        tmp_path,
        ('"answers-2023.csv"', '"answers-2023.csv"\nperson = "vem"'),
        lines=persons(LATER, 1),
        header=HEADER + ",vem",
    )
    said = saklig("check", study)
    assert said.code == 0
    assert "the column of persons is named in the wave 2023 only" in said.out


def test_independent_waves_with_the_same_persons(saklig: Saklig, tmp_path: Path) -> None:
    study = two_waves(
        tmp_path,
        ('"answers-2023.csv"', '"answers-2023.csv"\nindependent = true\nperson = "vem"'),
        ('"answers.csv"', '"answers.csv"\nperson = "vem"'),
        lines=persons(LATER, 30),
        header=HEADER + ",vem",
    )
    (tmp_path / "answers.csv").write_text("\n".join([HEADER + ",vem", *persons(answers(), 1)]) + "\n", encoding="utf-8")
    said = saklig("check", study)
    assert said.code == 1
    for words in ("“2023” is said to be independent", "wave “2021” answered again", "take `independent` out"):
        assert words in said.err


def test_waves_out_of_order(saklig: Saklig, tmp_path: Path) -> None:
    said = saklig("check", two_waves(tmp_path, ("start = 2023-09-01", "start = 2019-09-01")))
    assert said.code == 1
    for words in ("study.toml:", "wave 2023", "start", "starts before the wave “2021”", "in the order of time"):
        assert words in said.err


def test_a_question_of_one_wave(saklig: Saklig, tmp_path: Path) -> None:
    header = HEADER.replace(",q2", "")
    study = two_waves(tmp_path, lines=[line.rpartition(",")[0] for line in LATER], header=header)
    said = saklig("check", study)
    assert said.code == 1
    for words in (
        "answers-2023.csv",
        "question “q2”",
        "no column “q2”",
        "not asked in the wave “2023”",
        "waves = [ … ]",
    ):
        assert words in said.err
    text = study.read_text(encoding="utf-8").replace('id = "q2"', 'id = "q2"\n  waves = ["2021"]')
    study.write_text(text, encoding="utf-8")
    assert saklig("publish", study, "--only", "edition").code == 0


def test_a_code_that_one_wave_never_has(saklig: Saklig, tmp_path: Path) -> None:
    study = two_waves(tmp_path, lines=["1,norr,1,1,1"] * 30 + ["2,syd,2,1,2"] * 30)
    said = saklig("check", study)
    assert "question “q1”: the code 2 is in other waves and not in the wave “2023”" in said.out


@pytest.mark.parametrize(
    ("cells", "broken"),
    [(("", ""), False), (("-7", ""), True), (("-7", "-7"), False)],
    ids=["everyone", "some in one wave", "some in both"],
)
def test_who_was_asked_differs(saklig: Saklig, tmp_path: Path, cells: tuple[str, str], broken: bool) -> None:
    asked = ('id = "q1"\n  kind', 'id = "q1"\n  not_asked = [-7]\n  kind')
    rows = [["1,norr,1,1,1"] * 30 + ["2,syd,2,2,"] * 20 + ([f"2,syd,2,{cell},"] * 10 if cell else []) for cell in cells]
    rows[1].append("3,norr,1,2,")
    study = two_waves(tmp_path, asked, lines=rows[1])
    (tmp_path / "answers.csv").write_text("\n".join([HEADER, *rows[0]]) + "\n", encoding="utf-8")
    said = saklig("check", study)
    assert said.code == 0
    words = "question “q1”: everyone was asked in one of the waves “2021” and “2023”, and not in the other"
    assert (words in said.out) is broken


def test_check_says_where_lines_are_broken(saklig: Saklig, tmp_path: Path) -> None:
    study = two_waves(
        tmp_path,
        ("end = 2021-09-24\n", 'end = 2021-09-24\nmode = { sv = "webb", en = "web" }\n'),
        ("start = 2023-09-01\n", 'start = 2023-09-01\nmode = { sv = "telefon", en = "telephone" }\n'),
    )
    said = saklig("check", study)
    assert "Where a line over the waves is broken, and no difference is published:" in said.out
    assert "q1, 2021..2023: The answers were collected in another way: web in 2021, telephone in 2023." in said.out
    swedish = saklig("check", study, "--language", "sv")
    assert "Svaren samlades in på ett annat sätt: webb i 2021, telefon i 2023." in swedish.out
    assert 'give the later wave: change = { note = "…", breaks = false }' in said.out
    assert "of a question are comparable all the same" not in said.out, "nothing else differs"
