"""Fieldwork that does not fit: what is said, and that neither a name nor an id of a case is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from faults_study import answers, write_study

Saklig = Callable[..., Any]

STRATA = [line.split(",")[1] for line in answers()]
INVITED = {"norr": STRATA.count("norr") + 14, "syd": STRATA.count("syd") + 16}
FIELDWORK = f"""\
invited = {{ norr = {INVITED["norr"]}, syd = {INVITED["syd"]} }}
[wave.fieldwork]
cases = "sample.csv"
case = "namn"
disposition = "utfall"
strata = "stratum"
"""
POPULATION = "population = { norr = 100, syd = 200 }\n"
OTHERS = [("norr", "2.10")] * 7 + [("norr", "2.20")] * 7 + [("syd", "2.10")] * 6 + [("syd", "2.20")] * 10


def sample() -> list[str]:
    cases = [(stratum, "1.1") for stratum in STRATA] + OTHERS
    return [f"hemlig{number},{stratum},{code}" for number, (stratum, code) in enumerate(cases)]


def write(folder: Path, lines: list[str], changed: tuple[str, str] = ("", "")) -> Path:
    study = write_study(folder, (POPULATION, POPULATION + FIELDWORK))
    text = study.read_text(encoding="utf-8")
    if changed[0]:
        assert text.count(changed[0]) == 1
        study.write_text(text.replace(*changed), encoding="utf-8")
    (folder / "sample.csv").write_text("\n".join(["namn,stratum,utfall", *lines]) + "\n", encoding="utf-8")
    return study


def ended(code: str, *rows: int) -> Callable[[list[str]], list[str]]:
    """The cases at these places end otherwise."""

    def change(lines: list[str]) -> list[str]:
        return [f"{line.rsplit(',', 1)[0]},{code}" if n in rows else line for n, line in enumerate(lines)]

    return change


def again(lines: list[str]) -> list[str]:
    """The last case is the one before it once more."""
    return [*lines[:-1], lines[-2]]


def moved(lines: list[str]) -> list[str]:
    return [line.replace("norr", "syd") if n == len(lines) - 20 else line for n, line in enumerate(lines)]


LAST = len(STRATA) + len(OTHERS) - 1
COUNTED = 'cases = "sample.csv"\ncase = "namn"\ndisposition = "utfall"\nstrata = "stratum"\n'
FAULTY: dict[str, tuple[Callable[[list[str]], list[str]], tuple[str, str], tuple[str, ...]]] = {
    "a code that AAPOR does not have": (
        ended("77", LAST),
        ("", ""),
        (
            "sample.csv does not fit",
            "column “utfall” has the code 77",
            'codes = { "5" = "R" }',
            "I answered, P answered in part",
        ),
    ),
    "a code that is not mapped": (
        ended("77", LAST),
        ('disposition = "utfall"', 'disposition = "utfall"\ncodes = { "1.1" = "I", "2.10" = "R", "2.2" = "NC" }'),
        ("the code 77 that `codes` does not list", '"5" = "R"'),
    ),
    "no disposition": (
        ended("", LAST, LAST - 2),
        ("", ""),
        (f"is missing for the cases number {LAST - 1}, {LAST + 1}", "3.20"),
    ),
    "no disposition beside codes of the study's own": (
        ended("", LAST),
        ('disposition = "utfall"', 'disposition = "utfall"\ncodes = { "1.1" = "I", "2.1" = "R", "2.2" = "NC" }'),
        (f"is missing for the case number {LAST + 1}", "has a code that stands for UO in `codes`"),
    ),
    "more answers than completes": (
        ended("2.10", 0),
        ("", ""),
        (f"answers of {len(STRATA)} respondents, but only {len(STRATA) - 1} cases are complete", "of 6"),
    ),
    "not as many as were invited": (
        lambda lines: lines[:-1],
        ("", ""),
        (f"there are {LAST} cases, but {LAST + 1} were invited", "the stratum “syd” has", "correct one of them"),
    ),
    "not as many in the strata": (moved, ("", ""), ("the stratum “norr” has", "the stratum “syd” has")),
    "an unknown stratum": (
        lambda lines: [lines[0].replace("norr", "öst").replace("syd", "öst"), *lines[1:]],
        ("", ""),
        ("column “stratum”", "that the wave does not list among its strata (norr, syd)"),
    ),
    "a case twice": (again, ("", ""), (f"stands more than once: the cases number {LAST}, {LAST + 1}", "final")),
    "no such column": (
        lambda lines: lines,
        ('disposition = "utfall"', 'disposition = "utfal"'),
        ("the file has no column “utfal”", "did you mean “utfall”?"),
    ),
    "no cases": (lambda _: [], ("", ""), ("sample.csv",)),
    "e above one": (
        lambda lines: lines,
        ('case = "namn"', 'eligibility = 1.5\nreason = "gissat"'),
        ("study.toml:", "wave 2021, fieldwork, “eligibility”: 1.5 is no share", "between 0 (none) and 1 (all)"),
    ),
    "e without a reason": (
        lambda lines: lines,
        ('case = "namn"', "eligibility = 0.5"),
        ("“eligibility”: the reason is missing", "leave `eligibility` out to have it estimated"),
    ),
    "a reason without e": (
        lambda lines: lines,
        ('case = "namn"', 'reason = "gissat"'),
        ("“reason”: is the reason for `eligibility`, which is missing",),
    ),
    "no disposition's letters": (
        lambda lines: lines,
        ('case = "namn"', 'codes = { "1" = "CN" }'),
        ("“CN” is no disposition of AAPOR’s", "there are I answered, P answered in part, R refused, NC not reached"),
    ),
    "a key with an error": (
        lambda lines: lines,
        ('case = "namn"', 'stratum = "x"'),
        ("study.toml:16: wave 2021, fieldwork, “stratum”: there is no such key; did you mean “strata”?",),
    ),
    "neither cases nor counts": (
        lambda lines: lines,
        (COUNTED, ""),
        ("wave 2021, fieldwork: write cases = “sample.csv”".replace("“sample.csv”", '"sample.csv"'), "{ I = 76"),
    ),
    "cases and counts": (
        lambda lines: lines,
        ('case = "namn"', "dispositions = { I = 60 }"),
        ("“dispositions”: the cases are counted twice",),
    ),
    "counts by a stratum that is none": (
        lambda lines: lines,
        (COUNTED, "dispositions = { norr = { I = 60 }, soder = { I = 20 } }\n"),
        ("study.toml: the fieldwork’s numbers do not agree:", "the stratum “soder” is none of the wave’s (norr, syd)"),
    ),
    "counts of two kinds": (
        lambda lines: lines,
        (COUNTED, "dispositions = { I = 60, syd = { I = 20 } }\n"),
        ("holds counts both of the whole and by stratum",),
    ),
    "a negative count": (
        lambda lines: lines,
        (COUNTED, "dispositions = { I = 60, R = -1 }\n"),
        ("“R”: -1 is negative",),
    ),
    "counts that do not add up": (
        lambda lines: lines,
        (COUNTED, "dispositions = { I = 60, R = 1 }\n"),
        ("study.toml: the fieldwork’s numbers do not agree:", f"there are 61 cases, but {LAST + 1} were invited"),
    ),
    "few who answered and are not among the answers": (
        ended("1.2", LAST, LAST - 1),
        ("", ""),
        (
            "sample.csv does not fit",
            "fieldwork of wave “2021”: 2 cases count as answered (I, P) and are not among the answers",
            "fieldwork of wave “2021”, stratum “syd”: 2 cases count as answered",
            "give them another disposition, such as R for break-offs",
        ),
    ),
    "few of a stratum, though enough in all": (
        ended("1.2", LAST, *range(len(STRATA), len(STRATA) + 5)),
        ("", ""),
        ("stratum “syd”: 1 case counts as answered",),
    ),
    "few of them, where they are counted": (
        lambda lines: lines,
        (COUNTED, f"dispositions = {{ I = {len(STRATA)}, P = 3, R = {LAST + 1 - len(STRATA) - 3} }}\n"),
        ("study.toml: the fieldwork’s numbers do not agree:", "3 cases count as answered"),
    ),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_faulty_fieldwork(saklig: Saklig, tmp_path: Path, fault: str) -> None:
    change, changed, words = FAULTY[fault]
    study = write(tmp_path, change(sample()), changed)
    before = sorted(tmp_path.rglob("*"))
    said = saklig("publish", study)
    assert (said.code, said.out) == (1, "")
    for word in words:
        assert word in said.err
    assert "hemlig" not in said.err
    assert sorted(tmp_path.rglob("*")) == before


def test_what_fits_is_said_to(saklig: Saklig, tmp_path: Path) -> None:
    said = saklig("check", write(tmp_path, sample()))
    assert said.code == 0
    assert "hemlig" not in said.out


def test_more_completes_than_answers_is_remarked_on(saklig: Saklig, tmp_path: Path) -> None:
    enough = ended("1.2", *range(LAST - 5, LAST + 1))
    said = saklig("check", write(tmp_path, enough(sample())), "--json")
    (remark,) = [each for each in json.loads(said.out)["remarks"] if "fieldwork" in each]
    assert "more cases are complete or partial (I, P) than there are answers" in remark


def test_nothing_of_a_case_leaves(saklig: Saklig, tmp_path: Path) -> None:
    study = write(tmp_path, sample())
    said = saklig("publish", study, "--out", tmp_path / "out")
    assert said.code == 0, said.err
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert b"hemlig" not in path.read_bytes()
    (statement,) = (tmp_path / "out" / "editions").glob("*/study.json")
    content = json.loads(statement.read_text(encoding="utf-8"))
    assert "sample.csv" not in statement.read_text(encoding="utf-8")
    (report,) = content["publication"]["fieldwork"]
    assert report["rows"][0]["cases"] == LAST + 1
    assert report["rows"][0]["counts"] == {
        "I": len(STRATA), "P": 0, "R": 13, "NC": 17, "O": 0, "UH": 0, "UO": 0, "NE": 0,
    }  # fmt: skip
