"""Two waves of the Californian schools, from files to an edition, beside R's changes of them (`golden/waves.R`)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from saklig.compilation.compiling import compile_edition
from saklig.edition.edition import Edition
from saklig.edition.facts import Fact
from saklig.edition.publication import Ground, Samples

GOLDEN = Path(__file__).parents[1] / "golden"

STUDY = """\
id = "api"
title = { en = "Schools" }

[[wave]]
id = "1"
answers = "first.csv"
weight = "pw"

[[wave]]
id = "2"
answers = "second.csv"
weight = "pw"

[disclosure]
policy = "public"

[[section]]
id = "1"
title = { en = "Index" }

  [[section.question]]
  id = "high"
  kind = "single"
  text = { en = "Is the index 700 or more?" }
  categories = [{ code = 1, label = { en = "Yes" } }, { code = 0, label = { en = "No" } }]

  [[section.question]]
  id = "points"
  kind = "numeric"
  variable = "index"
  text = { en = "What is the index?" }
"""


def read(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def limits(case: str, variable: str) -> tuple[float, float, float]:
    """R's estimate and limits, in the unit that is printed."""
    row = next(row for row in read("waves.csv") if (row["case"], row["variable"]) == (case, variable))
    scale = 100 if variable == "high" else 1
    return tuple(scale * float(row[name]) for name in ("estimate", "lower", "upper"))  # type: ignore[return-value]


def write(path: Path, rows: list[dict[str, str]], index: str) -> None:
    lines = [f"{r['cds']},{r['pw']},{r['stype']},{r[index]},{int(int(r[index]) >= 700)}" for r in rows]
    path.write_text("\n".join(["cds,pw,stype,index,high", *lines]) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Edition]:
    srs, strat = read("apisrs.csv"), read("apistrat.csv")
    made = {}
    for case, first, second, changes in (
        ("independent", (srs, "api00"), (strat, "api00"), [('second.csv"', 'second.csv"\nstrata = "stype"')]),
        ("panel", (srs[:150], "api99"), (srs[50:], "api00"), [('weight = "pw"', 'weight = "pw"\nperson = "cds"')]),
    ):
        folder = tmp_path_factory.mktemp(case)
        write(folder / "first.csv", *first)
        write(folder / "second.csv", *second)
        text = STUDY
        for old, new in changes:
            text = text.replace(old, new)
        (folder / "study.toml").write_text(text, encoding="utf-8")
        made[case] = compile_edition(folder / "study.toml", remembered=False)
    return made


def change(edition: Edition, variable: str) -> tuple[Fact, float, float, float]:
    place = "high/1~difference" if variable == "high" else "points~mean-difference"
    fact = edition.fact(f"api.1..2/{place}")
    assert fact.value is not None
    assert fact.lower is not None
    assert fact.upper is not None
    return fact, *(number / 10**fact.decimals for number in (fact.value, fact.lower, fact.upper))


@pytest.mark.parametrize("case", ["independent", "panel"])
@pytest.mark.parametrize("variable", ["high", "index"])
def test_the_waves_are_those_of_r(editions: dict[str, Edition], case: str, variable: str) -> None:
    for wave in ("1", "2"):
        fact = editions[case].fact(f"api.{wave}/" + ("high/1" if variable == "high" else "points~mean"))
        estimate, lower, upper = limits(f"{case}/wave{wave}", variable)
        unit = 10**-fact.decimals
        assert fact.value is not None
        assert fact.value * unit == pytest.approx(estimate, abs=unit / 2 + 1e-9)
        assert [fact.lower, fact.upper] == [int(lower // unit), -int(-upper // unit)]


@pytest.mark.parametrize("variable", ["high", "index"])
def test_independent_waves_have_r_s_interval_and_their_rounding(editions: dict[str, Edition], variable: str) -> None:
    edition = editions["independent"]
    assert edition.publication.samples("1", "2") is Samples.INDEPENDENT
    fact, value, lower, upper = change(edition, variable)
    unit = 10**-fact.decimals
    for case in ("independent/mover", "independent/change"):
        estimate, least, most = limits(case, variable)
        assert value == pytest.approx(estimate, abs=unit + 1e-9), "two numbers, each rounded by half a unit"
        # R's own change takes the normal quantile; its limits by square-and-add take Student's t, as ours.
        assert lower <= least + 1e-9
        assert most - 1e-9 <= upper
        assert least - lower < 3.5 * unit + (0.3 if case.endswith("change") else 0)
        assert upper - most < 3.5 * unit + (0.3 if case.endswith("change") else 0)


@pytest.mark.parametrize("variable", ["high", "index"])
def test_a_panel_s_interval_is_that_of_its_covariance_and_their_rounding(
    editions: dict[str, Edition], variable: str
) -> None:
    """Which R makes of the persons, and the edition tells to a tenth: what is published is never too narrow."""
    edition = editions["panel"]
    assert edition.publication.samples("1", "2") is Samples.PERSONS
    assert edition.publication.ground("1", "2") is Ground.TOLD
    fact, value, lower, upper = change(edition, variable)
    unit = 10**-fact.decimals
    estimate, least, most = limits("panel/change", variable)
    assert value == pytest.approx(estimate, abs=unit + 1e-9)
    # A tenth of the correlation: a² + b² − 2ρab is larger by at most 0.2ab, and the way to a limit by so much.
    one, other = limits("panel/wave1", variable), limits("panel/wave2", variable)
    coarser = 0.2 * (one[2] - one[0]) * (other[0] - other[1]) / (estimate - least)
    for wider in (least - lower, upper - most):
        assert -1e-9 <= wider < coarser + 4 * unit
    assert lower > other[1] - one[2] + unit


@pytest.mark.parametrize("variable", ["high", "index"])
def test_what_is_told_of_a_panel_is_the_tenth_of_r_s_correlation(editions: dict[str, Edition], variable: str) -> None:
    question, row = ("high", "1") if variable == "high" else ("points", "~mean")
    told = [each for each in editions["panel"].publication.wave_correlations if each.question == question]
    (tenths,) = (each.of(row, "") for each in told)
    rho = float(
        next(r for r in read("waves.csv") if (r["case"], r["variable"]) == ("panel/correlation", variable))["estimate"]
    )
    assert tenths is not None
    assert tenths / 10 <= rho < (tenths + 1) / 10
