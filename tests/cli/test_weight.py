"""saklig weight: the report in the terminal, and the weights for other programs."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def weighted(study: Path) -> Path:
    made = '\n[wave.weighting]\nmethod = "post-stratify"\ntargets = "targets.csv"\n'
    text = study.read_text("utf-8").replace('answers = "answers.csv"', 'answers = "answers.csv"\nperson = "id"')
    study.write_text(text.replace("\n[disclosure]", f"{made}\n[disclosure]"), "utf-8")
    answers = study.with_name("answers.csv")
    head, *rows = answers.read_text("utf-8").splitlines()
    ids = ["=1+1", "@x", "-5", "Å", *range(4, 60)]
    answers.write_text(
        "\n".join([f"id,{head}", *(f"{i},{row}" for i, row in zip(ids, rows, strict=True))]) + "\n", "utf-8"
    )
    study.with_name("targets.csv").write_text("variable,group,count\nstorlek,liten,200\nstorlek,stor,100\n", "utf-8")
    return study


def test_the_report_says_targets_and_how_unequal_the_weights_are(run: Run, weighted: Path) -> None:
    done = run("weight", weighted)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "Wave 2021: 60 respondents, post-stratified to targets.csv."
    assert lines[2].split() == ["Variable", "Group", "Answers", "Target", "Before", "After", "Off,", "%"]
    assert lines[3].split() == ["storlek", "Small", "27", "200", "135", "200", "0.00"]
    assert "Kish’s design effect: 1.00 before, 1.19 after." in lines
    assert "They tell as much as 50 of 60 answers of equal weight." in lines
    assert any(line.endswith("██████████████ 33") for line in lines)
    told = json.loads(run("weight", weighted, "--json").stdout)["waves"]["2021"]
    assert told["targets"][0]["before"] == pytest.approx(135)
    assert told["after"]["deff"] == pytest.approx(60 / told["after"]["effective"])
    swedish = run("--language", "sv", "weight", weighted).stdout
    assert "Omgång 2021: 60 svarande, poststratifierade till targets.csv." in swedish


def test_targets_of_half_units_are_not_off_by_one(run: Run, weighted: Path) -> None:
    weighted.with_name("targets.csv").write_text("variable,group,count\nstorlek,1,503.5\nstorlek,2,496.5\n", "utf-8")
    lines = [line.split() for line in run("weight", weighted).stdout.splitlines()]
    assert ["storlek", "Small", "27", "504", "450", "504", "0.00"] in lines
    assert ["storlek", "Large", "33", "497", "550", "497", "0.00"] in lines
    assert ["storlek", "Liten"] in [line[:2] for line in map(str.split, run("--language", "sv", "weight",
        weighted).stdout.splitlines())]  # fmt: skip


def test_percentages_of_a_population_of_unknown_size_are_no_counts(run: Run, weighted: Path) -> None:
    weighted.with_name("targets.csv").write_text("variable;group;percent\nstorlek;1;62,5\nstorlek;2;37,5\n", "utf-8")
    lines = [line.split() for line in run("weight", weighted).stdout.splitlines()]
    assert lines[2][2:] == ["Answers", "Target,", "%", "Before,", "%", "After,", "%", "Off,", "%"]
    assert ["storlek", "Small", "27", "62.5", "45.0", "62.5", "0.00"] in lines
    told = json.loads(run("weight", weighted, "--json").stdout)["waves"]["2021"]
    assert told["unit"] == "percent"
    assert told["targets"][0]["target"] == pytest.approx(62.5)
    swedish = run("--language", "sv", "weight", weighted).stdout
    assert "Måltal, %" in swedish
    assert "62,5" in swedish
    text = weighted.read_text("utf-8")
    weighted.write_text(text.replace('answers = "answers.csv"', 'answers = "answers.csv"\npopulation = 1000'), "utf-8")
    lines = [line.split() for line in run("weight", weighted).stdout.splitlines()]
    assert ["storlek", "Small", "27", "625", "450", "625", "0.00"] in lines
    assert json.loads(run("weight", weighted, "--json").stdout)["waves"]["2021"]["unit"] == "count"


def test_one_round_is_no_rounds(run: Run, weighted: Path) -> None:
    weighted.write_text(weighted.read_text("utf-8").replace("post-stratify", "rake"), "utf-8")
    assert run("weight", weighted).stdout.startswith("Wave 2021: 60 respondents, raked to targets.csv in 1 round.")


def test_weights_near_one_another_are_told_and_not_drawn(run: Run, weighted: Path) -> None:
    targets = weighted.with_name("targets.csv")
    targets.write_text("variable,group,count\nstorlek,liten,280\nstorlek,stor,320\n", "utf-8")
    lines = run("weight", weighted).stdout.splitlines()
    assert lines[-1] == "All weights lie between 0.80 and 1.25 of their mean, both before and after."
    assert not any("█" in line for line in lines)


def test_weights_are_written_whole_harmless_and_for_their_owner(run: Run, weighted: Path, tmp_path: Path) -> None:
    out = tmp_path / "weights.csv"
    assert run("weight", weighted, "--out", out).returncode == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["person"] for row in rows[:4]] == ["'=1+1", "'@x", "'-5", "Å"]
    assert [row["row"] for row in rows] == [str(n) for n in range(1, 61)]
    assert sum(float(row["weight"]) for row in rows) == pytest.approx(300, rel=1e-9)
    assert out.stat().st_mode & 0o777 == 0o600
    refused = run("weight", weighted, "--out", out)
    assert refused.returncode == 2
    assert "exists already" in refused.stderr
    assert run("weight", weighted, "--out", out, "--force").returncode == 0
    assert "There is no folder" in run("weight", weighted, "--out", tmp_path / "no" / "w.csv").stderr


def test_a_study_without_weighting_is_told_what_to_write(run: Run, study: Path) -> None:
    done = run("weight", study)
    assert done.returncode == 2
    assert "write [wave.weighting] under it" in done.stderr


def test_faults_of_targets_reach_every_command(run: Run, weighted: Path) -> None:
    weighted.with_name("targets.csv").write_text("variable,group,count\nstorlek,litn,200\nstorlek,stor,100\n", "utf-8")
    for command in ("weight", "check", "publish"):
        done = run(command, weighted)
        assert done.returncode == 1
        assert "targets.csv, line 2: “storlek”: there is a target for “litn”" in done.stderr
