"""saklig compare-facts as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from cli_study import write_study

Run = Callable[..., CompletedProcess[str]]
FEW = " (uncertain, few answers)"
SMALL, LARGE = "liten/q1/2-3@storlek=liten", "liten/q1/2-3@storlek=stor"


@pytest.fixture
def published(run: Run, study: Path) -> str:
    done = run("publish", study, "--out", "out/liten", "--json", "--only", "edition")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["edition"])[:16]


def test_two_groups_in_words(run: Run, published: str) -> None:
    done = run("compare-facts", SMALL, LARGE)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("A  “How digital is the municipality?” 2–3, Size: Small, 2021: ")
    assert lines[1] == f"   liten.2021@{published}/q1/2-3@storlek=liten" + FEW * ("base 2" in lines[0])
    assert lines[3] == f"   liten.2021@{published}/q1/2-3@storlek=stor" + FEW * ("base 2" in lines[2])
    assert FEW in done.stdout
    assert lines[5].startswith("A − B: ")
    assert " percentage points (95% confidence interval " in lines[5]
    assert (
        lines[6]
        == "The survey cannot tell the two apart: zero lies within the interval, so there may be no difference at all."
    )
    assert lines[8].startswith("How it is counted: no respondent is in both groups")
    assert lines[9].endswith(f"liten@{published}")
    swedish = run("--language", "sv", "compare-facts", SMALL, LARGE).stdout
    assert "Undersökningen kan inte skilja dem åt: noll ligger i intervallet, så det kan vara så" in swedish
    assert "Så är det räknat: ingen svarande ingår i båda grupperna" in swedish


def test_several_for_a_program(run: Run, published: str) -> None:
    found = json.loads(run("compare-facts", SMALL, LARGE, "liten/q1/1@storlek=stor", "--json").stdout)
    assert [fact["name"] for fact in found["facts"]] == ["A", "B", "C"]
    assert found["facts"][0]["address"] == f"liten.2021@{published}/q1/2-3@storlek=liten"
    assert [(pair["first"], pair["second"], pair["rule"]) for pair in found["pairs"]] == [
        ("A", "B", "groups"),
        ("A", "C", "groups"),
        ("B", "C", "complement"),
    ]
    assert found["corrected"] == "holm"
    for pair in found["pairs"]:
        assert pair["lower"] <= pair["difference"] <= pair["upper"]
        assert 0 <= pair["p"][0] <= pair["p"][1] <= 1
    alone = json.loads(run("compare-facts", SMALL, LARGE, "--json").stdout)
    assert alone["corrected"] is None
    assert alone["pairs"][0]["p"][1] <= found["pairs"][0]["p"][1]


def test_more_than_two_say_that_they_are_many(run: Run, published: str) -> None:
    assert published
    said = run("compare-facts", SMALL, LARGE, "liten/q1/1@storlek=stor").stdout
    assert "3 pairs are compared at once. The verdicts allow for that (Holm's correction)" in said
    assert said.count("How it is counted: ") == 2


def test_two_editions_of_one_wave_are_no_two_samples(run: Run, study: Path, published: str) -> None:
    write_study(study.parent, seed=2)
    done = run("publish", study, "--out", "out/liten", "--corrects", published, "--reason", "Fel", "--only", "edition")
    assert done.returncode == 0, done.stderr
    done = run("compare-facts", f"liten@{published}/q1/1", "liten/q1/1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "two editions of the same answers are no two samples; “saklig compare”" in done.stderr
    old = run("compare-facts", f"liten@{published}/q1/1", f"liten@{published}/q1/2-3")
    assert "Note: this edition is not the current one (superseded)." in old.stdout


def test_two_waves_may_stand_in_two_editions(run: Run, study: Path, published: str) -> None:
    text = study.read_text(encoding="utf-8")
    wave = text[text.index("[[wave]]") : text.index("[disclosure]")]
    later = wave.replace("2021", "2023").replace("answers.csv", "answers-2023.csv")
    study.write_text(text.replace(wave, wave + later), encoding="utf-8")
    file = study.with_name("answers.csv")
    file.with_name("answers-2023.csv").write_text(file.read_text() + "1,1,2\n")
    assert run("publish", study, "--out", "out/liten", "--only", "edition").returncode == 0
    for pair in (f"liten@{published}/q1/1", "liten.2023/q1/1"), ("liten.2023/q1/1", f"liten.2021@{published}/q1/1"):
        found = json.loads(run("compare-facts", *pair, "--json").stdout)
        assert found["pairs"][0]["rule"] == "waves"
        assert found["pairs"][0]["lower"] < 0 < found["pairs"][0]["upper"]


def test_a_self_selected_sample_cannot_tell(run: Run, study: Path) -> None:
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace('base = "valid"', 'sample = "self-selected"'), encoding="utf-8")
    assert run("publish", study, "--out", "out/liten", "--only", "edition").returncode == 0
    said = run("compare-facts", SMALL, LARGE).stdout
    assert "It cannot be told whether the two differ: the respondents chose themselves" in said
    assert "confidence interval" not in said
    for arguments in ([SMALL, LARGE], ["liten/q1", "--by", "storlek"]):
        said = run("compare-facts", "--study", study, *arguments).stdout
        assert "It cannot be told whether the" in said
        assert ": the respondents chose themselves, and such a sample has no margin of error." in said


def test_the_holder_of_the_answers_has_the_covariance(run: Run, study: Path) -> None:
    done = run("compare-facts", "--study", study, SMALL, LARGE)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("A  “How digital is the municipality?” 2–3, Size: Small, 2021: ")
    assert "Standard error " in lines[4]
    assert "How it is counted: how the two numbers hang together is computed from the answers." in lines
    assert lines[-1].startswith("This is an analysis of your own, from the answers.")
    assert not list(study.parent.parent.glob("out"))
    found = json.loads(run("compare-facts", "--study", study, "liten/q1/1", "liten/q1/2-3", "--json").stdout)
    (pair,) = found["pairs"]
    assert found["published"] is False
    assert (pair["rule"], pair["correlation"]) == ("answers", pytest.approx(-1))
    swedish = run("--language", "sv", "compare-facts", "--study", study, SMALL, LARGE).stdout
    assert "Detta är en egen analys av svaren." in swedish


def test_the_holder_tests_a_question_by_a_background(run: Run, study: Path) -> None:
    done = run("compare-facts", "--study", study, "liten/q1", "--by", "storlek")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("“How digital is the municipality?”, Size, 2021 (base ")
    assert lines[2] == "The survey cannot tell whether the answers differ between the groups."
    assert lines[3].startswith("Rao and Scott's test: F = ")
    assert lines[5].startswith("Answer by answer, 3 pairs of groups are compared at once")
    found = json.loads(run("compare-facts", "--study", study, "liten/q1", "--by", "storlek", "--json").stdout)
    assert (found["address"], found["by"], found["verdict"], found["published"]) == (
        "liten.2021/q1", "storlek", "no", False,
    )  # fmt: skip
    assert [(pair["category"], pair["first"], pair["second"]) for pair in found["pairs"]] == [
        (category, "liten", "stor") for category in "123"
    ]
    assert found["first_order"][0] == pytest.approx(found["f"] * found["first_order"][1])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["liten/q1", "--by", "kön"], "there is no background “kön”; there are: storlek"),
        (["liten/q1/1", "--by", "storlek"], "name the question alone"),
        (["liten/q3", "--by", "storlek"], "there is no question “q3”"),
        (["liten/q1/7", "liten/q1/1"], "the nearest is liten.2021/q1/"),
        (["liten/q1/1@storlek=mellan", "liten/q1/1"], "the nearest is liten.2021/q1/1"),
        (["liten/q1/1@storlek=liten", "liten/q1/1"], "storlek=liten is part of"),
    ],
)
def test_what_the_holder_cannot_compare(run: Run, study: Path, arguments: list[str], words: str) -> None:
    done = run("compare-facts", "--study", study, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
