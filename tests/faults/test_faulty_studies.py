"""Study files that cannot be: what is said, with the line, and that nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from faults_study import STUDY, write_study

Saklig = Callable[..., Any]

SINGLE = 'kind = "single"'
# What stands in the study, what shall stand there instead, the line that is named and words of the message.
FAULTY: dict[str, tuple[str, str, int, tuple[str, ...]]] = {
    "typo in a key": (SINGLE, 'kidn = "single"', 34, ("question q1", "“kidn”", "no such key", "did you mean “kind”?")),
    "typo in a value": (SINGLE, 'kind = "singel"', 34, ("question q1", "“kind”", "did you mean “single”?")),
    "question asks itself": (
        SINGLE,
        SINGLE + "\n  asked_if = { q1 = [1] }",
        35,
        ("“asked_if”", "goes in a circle, q1 → q1", "take one condition out"),
    ),
    "routing in a circle": (
        SINGLE,
        SINGLE + "\n  asked_if = { q2 = [1] }",
        35,
        ("“asked_if”", "goes in a circle, q1 → q2 → q1", "take one condition out"),
    ),
    "routing to nothing": ("{ q1 = [1] }", "{ q11 = [1] }", 47, ("question q2", "“asked_if”", "did you mean “q1”?")),
    "routing by no code": ("{ q1 = [1] }", "{ q1 = [7] }", 47, ("question q2", "“asked_if”")),
    "two questions with one id": ('id = "q2"', 'id = "q1"', 33, ("question q1", "stands twice", "another id")),
    "an id with a space": ('id = "q2"', 'id = "Q 2"', 43, ("question Q 2", "is not an id", "for example “q-2”")),
    "an id of Windows": ('id = "q2"', 'id = "con"', 43, ("question con", "cannot be used", "for example “con-1”")),
    "an id of 65 letters": ('id = "q2"', f'id = "{"q" * 65}"', 43, ("is 65 characters long", "at most 64")),
    "a study's id in capitals": ('id = "liten"\ntitle', 'id = "Liten"\ntitle', 1, ("“Liten”", "for example “liten”")),
    "no date": ("2021-09-24", "2021-09-31", 8, ("there is no such date", "written 2021-09-24")),
    "an open quotation mark": ('id = "q2"', 'id = "q2', 43, ("over the end of its line", "close it")),
    "a key twice": (SINGLE, f"{SINGLE}\n  {SINGLE}", 35, ("stands twice", "keep one")),
    "an endless number": ("population = { norr = 100,", "population = { norr = inf,", 12, ("must be",)),
    "a column twice": (
        'id = "q2"',
        'id = "q2"\n  variable = "q1"',
        43,
        ("question q2", "“q1” holds the answers to question q1 too", "keep one of them"),
    ),
    "weights from answers": (
        'weight = "vikt"',
        'weight = "q1"',
        10,
        ("wave 2021, “weight”", "“q1” holds the answers to question q1, which is confidential", "public = true"),
    ),
    "a background from one of several answers": (
        'id = "storlek"',
        'id = "storlek"\nvariable = "q2"',
        22,
        ("background storlek", "“q2” holds the answers to question q2", "leave the question out"),
    ),
    "a code twice": ("{ code = 2, label = { sv = \"N", "{ code = 1, label = { sv = \"N", 33, ("question q1", "1")),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTY)
def test_a_faulty_study(saklig: Saklig, tmp_path: Path, fault: str) -> None:
    old, new, line, words = FAULTY[fault]
    study = write_study(tmp_path, (old, new))
    before = sorted(tmp_path.rglob("*"))
    said = saklig("publish", study)
    assert (said.code, said.out) == (1, "")
    assert f"study.toml:{line}:" in said.err
    for word in words:
        assert word in said.err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (SINGLE, SINGLE + '\n  variable = "q11"', ("answers.csv", "question “q1”", "no column “q11”", "“q1”?")),
        ('"vikt"', '"vigt"', ("answers.csv", "wave “2021”", "no column “vigt”", "did you mean “vikt”?")),
        ('"stratum"', '"strata"', ("answers.csv", "wave “2021”", "no column “strata”", "did you mean “stratum”?")),
        ("syd = 200", "sydd = 200", ("answers.csv", "column “stratum”", "“syd”", "add their population")),
        (
            '"answers.csv"',
            '"answer.csv"',
            ("answer.csv: there is no such", "A file called answers.csv lies there"),
        ),
        ('"organisations"', '"organisation"', ("study.toml", "policy", "did you mean “organisations”?")),
        ('"organisations"', '"organisations"\nthreshold = "five"', ("study.toml", "threshold", "write a whole number")),
        ('"organisations"', '"organisations"\nthreshhold = 5', ("study.toml", "did you mean “threshold”?")),
        ('"organisations"', '"organisations"\nthreshold = -1', ("study.toml", "threshold", "below zero")),
    ],
)
@pytest.mark.parametrize("command", ["check", "publish"])
def test_a_study_that_names_what_is_not_there(
    saklig: Saklig, tmp_path: Path, old: str, new: str, words: tuple[str, ...], command: str
) -> None:
    study = write_study(tmp_path, (old, new))
    before = sorted(tmp_path.rglob("*"))
    said = saklig(command, study)
    assert (said.code, said.out) == (1, "")
    for word in words:
        assert word in said.err
    assert sorted(tmp_path.rglob("*")) == before


def put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def put_circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("put", "words"),
    [
        (Path.unlink, ("there is no such file", "saklig init")),
        (put_folder, ("this is a folder", "name the study file in it")),
        (put_circle, ("cannot be read",)),
        (lambda path: path.write_bytes(b""), ("“id” is missing", "write id =", "has no wave of answers")),
        (lambda path: path.write_bytes(STUDY.encode("latin-1")), ("study.toml:35", "is not UTF-8", "encoding UTF-8")),
        (lambda path: path.write_bytes(b"\0" * 100), ("study.toml:1",)),
        (lambda path: path.write_text("a = " + "[" * 10_000), ("study.toml",)),
        (lambda path: path.write_text("a = 1" + "0" * 5_000), ("study.toml",)),
    ],
)  # fmt: skip
def test_a_study_that_is_none(saklig: Saklig, study: Path, put: Callable[[Path], None], words: tuple[str, ...]) -> None:
    put(study)
    for command in ("check", "publish"):
        said = saklig(command, study)
        assert (said.code, said.out) == (1, "")
        for word in ("study.toml", *words):
            assert word in said.err
    assert not Path("out").exists()


def test_a_byte_order_mark_is_no_fault(saklig: Saklig, study: Path) -> None:
    study.write_bytes(b"\xef\xbb\xbf" + STUDY.encode().replace(b"\n", b"\r\n"))
    assert saklig("check", study).code == 0
