"""Replicate weights from the study file to the edition: supplied or made, and whatever can be wrong with them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from cli_study import STUDY

from saklig.answers import replicates
from saklig.answers.model import AnswersError
from saklig.answers.readers import read
from saklig.answers.recoding import recodings
from saklig.answers.replicates import columns_named
from saklig.compilation.compiling import Bound, compile_bound, read_and_bind
from saklig.compilation.recording import record, recorded
from saklig.design.model import DesignError
from saklig.disclosure.evidence import wave_view
from saklig.disclosure.pattern import wave_key
from saklig.disclosure.policy import policy_of
from saklig.edition.edition import Edition
from saklig.edition.statement import read_statement, statement_bytes
from saklig.study.model import StudyError

STRATA, EACH = 5, 6
"""Strata of two clusters, and respondents of a cluster."""
N = STRATA * 2 * EACH
COLUMNS = 'columns = "rep*"'
Rows = list[dict[str, str]]


def rows() -> Rows:
    """Weighted answers in pairs of clusters, with the weights of eight balanced replicates by Fay's method."""
    raw = np.random.PCG64(11)
    signs = np.array([[1]])
    while len(signs) < 8:
        signs = np.block([[signs, signs], [signs, -signs]])
    made = []
    for person in range(N):
        stratum, cluster = divmod(person // EACH, 2)
        a, b, c, w = (int(each) for each in raw.random_raw(4) % np.uint64(1000))
        weight = 1 + w / 250
        row = {"storlek": 1 + a % 2, "q1": [1, 2, 2, 3, 9][b % 5], "q2": 1 + c % 2, "w": weight}
        row |= {"stratum": f"s{stratum}", "school": f"k{stratum}{cluster}", "same": weight}
        factor = (1 + 0.7 * (-1 if cluster else 1) * signs[1 + stratum]).tolist()
        row |= {f"rep{number}": repr(weight * each) for number, each in enumerate(factor, start=1)}
        row |= {f"fac{number}": repr(each) for number, each in enumerate(factor, start=1)}
        made.append({name: str(value) for name, value in row.items()})
    return made


def bound(folder: Path, asked: str, more: str = 'weight = "w"', change: Callable[[Rows], None] = list) -> Bound:
    answers = rows()
    change(answers)
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, answers[0])
        writer.writeheader()
        writer.writerows(answers)
    key = f"replicates = {{ {asked} }}\n" if asked else ""
    path = folder / "study.toml"
    text = STUDY.replace('answers = "answers.csv"\n', f'answers = "answers.csv"\n{more}\n{key}')
    path.write_text(text, encoding="utf-8")
    return read_and_bind(path)


def edition(folder: Path, asked: str, more: str = 'weight = "w"') -> Edition:
    return compile_bound(bound(folder, asked, more), remembered=False).edition


def errors(of: Edition) -> list[int]:
    return of.facts.se.tolist()


SUPPLIED = f'method = "fay", fay = 0.3, {COLUMNS}'
DESIGN = 'weight = "w"\nstrata = "stratum"\ncluster = "school"'


def test_supplied_weights_give_the_errors_of_those_that_are_made(tmp_path):
    """The same balanced half-samples, but for the order of the replicates, which has no meaning."""
    supplied = edition(tmp_path, SUPPLIED)
    made = edition(tmp_path, 'method = "fay", fay = 0.3', DESIGN)
    assert errors(supplied) == errors(made)
    for name in ("lower", "upper", "df", "deff"):
        assert getattr(supplied.facts, name).tolist() == getattr(made.facts, name).tolist()
    assert errors(supplied) != errors(edition(tmp_path, ""))


def test_factors_are_weights_once_they_are_multiplied(tmp_path):
    factors = edition(tmp_path, 'method = "fay", fay = 0.3, columns = "fac*", combined = false')
    assert factors.id == edition(tmp_path, SUPPLIED).id


def test_a_bootstrap_is_made_the_same_each_time_and_says_its_seed(tmp_path):
    first = edition(tmp_path, 'method = "bootstrap", number = 40, seed = 7', DESIGN)
    assert first.id == edition(tmp_path, 'method = "bootstrap", number = 40, seed = 7', DESIGN).id
    assert errors(first) != errors(edition(tmp_path, 'method = "bootstrap", number = 40, seed = 8', DESIGN))
    assert first.publication.responses[0].replicates == 40
    assert first.study.waves[0].replicates.seed == 7


@pytest.mark.parametrize("method", ["jkn", "brr", "successive-difference"])
def test_other_methods_are_made(tmp_path, method):
    made = edition(tmp_path, f'method = "{method}"', DESIGN)
    assert errors(made) != errors(edition(tmp_path, ""))
    assert made.publication.responses[0].replicates >= STRATA


def test_the_edition_says_the_method_and_never_the_columns(tmp_path):
    made = edition(tmp_path, SUPPLIED)
    statement = statement_bytes(made.study, made.publication)
    assert b'"fay": 0.3' in statement
    assert b'"replicates": 8' in statement
    assert b"rep1" not in statement
    assert b"rep*" not in statement
    assert read_statement(statement) == (made.study, made.publication)


def test_an_edition_by_linearisation_is_written_as_before(tmp_path):
    made = edition(tmp_path, "", DESIGN)
    assert b"replicates" not in statement_bytes(made.study, made.publication)


def test_columns_of_replicates_are_not_unused(tmp_path):
    unused = bound(tmp_path, SUPPLIED).unused["answers.csv"]
    assert "rep1" not in unused
    assert "fac1" in unused


def test_what_was_published_is_kept_with_its_replicates(tmp_path):
    compiled = compile_bound(bound(tmp_path, SUPPLIED), remembered=False)
    made = compiled.protected.as_earlier("0" * 16)
    assert record(made, tmp_path)
    (_, before), (_, after) = made.waves[0], recorded(tmp_path, made.study.id, made.edition).waves[0]
    for name in ("factors", "unit", "rscales"):
        np.testing.assert_array_equal(getattr(before.replicates, name), getattr(after.replicates, name), strict=True)
    for name in ("method", "scale", "mse"):
        assert getattr(before.replicates, name) == getattr(after.replicates, name)


def test_other_replicates_are_audited_anew(tmp_path):
    keys = set()
    for asked in (
        SUPPLIED,
        SUPPLIED + ", mse = true",
        'method = "other", scale = 0.5, rscales = 1, columns = "rep*"',
        "",
    ):
        found = bound(tmp_path, asked)
        answers, design = found.waves[0]
        view = wave_view(found.study, answers, design)
        keys.add(wave_key(view, policy_of(found.study, answers.n)))
    assert len(keys) == 4


def test_a_star_stands_for_a_number():
    columns = ["PWGTP", "PWGTP10", "PWGTP2", "PWGTP1", "PWGTPx", "w*"]
    assert columns_named(["PWGTP*"], columns) == ("PWGTP1", "PWGTP2", "PWGTP10")
    assert columns_named(["PWGTP2", "PWGTP*"], columns) == ("PWGTP2", "PWGTP1", "PWGTP10")
    assert columns_named(["w*", "none*"], columns) == ("w*", "none*")


def put(column: str, value: str, people: slice = slice(3, 4)) -> Callable[[Rows], None]:
    def change(answers: Rows) -> None:
        for row in answers[people]:
            row[column] = value

    return change


def one_cluster(answers: Rows) -> None:
    for row in answers[:EACH]:
        row["school"] = "k01"


EVERYONE = slice(None)
FAULTY: dict[str, tuple[type[Exception], str, str, Callable[[Rows], None], tuple[str, ...]]] = {
    "no method": (StudyError, COLUMNS, "", list, ("“method” is missing", "jk1, jkn, brr, fay")),
    "another method": (StudyError, 'method = "BRR"', "", list, ("is not one of its values",)),
    "another key": (StudyError, 'method = "brr", colums = "rep*"', "", list, ("did you mean “columns”?",)),
    "no fay": (StudyError, f'method = "fay", {COLUMNS}', "", list, ("“fay” is missing",)),
    "fay elsewhere": (StudyError, f'method = "brr", fay = 0.5, {COLUMNS}', "", list, ("belongs to the method",)),
    "fay of one": (StudyError, f'method = "fay", fay = 1, {COLUMNS}', "", list, ("lies between 0 and 1",)),
    "no seed": (StudyError, 'method = "bootstrap", number = 100', "", list, ("“seed” is missing",)),
    "no number": (StudyError, 'method = "bootstrap", seed = 1', "", list, ("“number” is missing",)),
    "a bootstrap of one": (StudyError, 'method = "bootstrap", number = 1, seed = 1', "", list, ("between 2 and",)),
    "a negative seed": (StudyError, 'method = "bootstrap", number = 9, seed = -1', "", list, ("from 0",)),
    "a seed of a jackknife": (StudyError, 'method = "jkn", seed = 1', "", list, ('belongs to the method "bootstrap"',)),
    "a supplied seed": (StudyError, f'method = "bootstrap", seed = 1, {COLUMNS}', "", list, ("that is made",)),
    "made otherwise": (StudyError, 'method = "other"', "", list, ("name their columns",)),
    "made with a scale": (StudyError, 'method = "jkn", scale = 1', "", list, ("what is made has its own",)),
    "combined of nothing": (StudyError, 'method = "jkn", combined = false', "", list, ("name their columns",)),
    "other without scale": (StudyError, f'method = "other", rscales = 1, {COLUMNS}', "", list, ("“scale” is missing",)),
    "jkn without rscales": (StudyError, f'method = "jkn", {COLUMNS}', "", list, ("“rscales” is missing",)),
    "rscales of text": (StudyError, f'method = "jkn", rscales = ["1"], {COLUMNS}', "", list, ("a list of numbers",)),
    "a negative scale": (StudyError, f'method = "jk1", scale = -1, {COLUMNS}', "", list, ("it is above zero",)),
    "a fraction above 1": (StudyError, f'method = "jk1", fraction = 2, {COLUMNS}', "", list, ("outside 0–1",)),
    "a fraction of a bootstrap": (
        StudyError, f'method = "bootstrap", fraction = 0.1, {COLUMNS}', "", list, ("is for a jackknife",),
    ),
    "weighted anew": (
        StudyError, 'method = "jkn"', 'weighting = { method = "rake", targets = "t.csv" }', list, ("weighted anew",),
    ),
    "no such columns": (AnswersError, 'method = "brr", columns = "rpe*"', "", list, ("“rpe*”", "write their names")),
    "no such column": (
        AnswersError, 'method = "brr", columns = ["rep1", "rep99"]', "", list, ("no column “rep99”",),
    ),
    "one is missing": (AnswersError, SUPPLIED, "", put("rep3", ""), ("“rep3”", "missing or no number", "number 4")),
    "one is a word": (AnswersError, SUPPLIED, "", put("rep3", "hemligt"), ("“rep3”", "missing or no number")),
    "one is negative": (AnswersError, SUPPLIED, "", put("rep3", "-2.5"), ("“rep3”", "negative", "number 4")),
    "a column of nothing": (AnswersError, SUPPLIED, "", put("rep3", "0", EVERYONE), ("“rep3”", "0 for everyone")),
    "one column": (DesignError, 'method = "brr", columns = "rep1"', "", list, ("at least two columns",)),
    "not a multiple of four": (
        DesignError, 'method = "fay", fay = 0.3, columns = ["rep1", "rep2", "rep3", "rep4", "rep5"]', "", list,
        ("2 or a multiple of 4",),
    ),
    "Fay's as BRR": (DesignError, f'method = "brr", {COLUMNS}', "", list, ('method = "fay" and fay = 0.3',)),
    "another fay": (DesignError, f'method = "fay", fay = 0.7, {COLUMNS}', "", list, ("do not fit fay",)),
    "as a jackknife": (DesignError, f'method = "jk1", {COLUMNS}', "", list, ("leaves each respondent out of one",)),
    "factors as weights": (DesignError, 'method = "fay", fay = 0.3, columns = "fac*"', "", list, ("hold factors",)),
    "weights as factors": (DesignError, SUPPLIED + ", combined = false", "", list, ("hold weights",)),
    "all the same": (
        DesignError, 'method = "other", scale = 1, rscales = 1, columns = ["w", "same"]', "", list,
        ("the same in every column",),
    ),
    "too few rscales": (
        DesignError, f'method = "other", scale = 1, rscales = [1, 2], {COLUMNS}', "", list, ("2 numbers for 8",),
    ),
    "another number": (DesignError, SUPPLIED + ", number = 80", "", list, ("says 80 replicates", "8 columns")),
    "woken by a replicate": (DesignError, SUPPLIED, "", put("w", "0"), ("weight zero, but not in every replicate",)),
    "BRR without pairs": (DesignError, 'method = "brr"', 'weight = "w"\nstrata = "stratum"', list, ("exactly two",)),
    "JK1 with strata": (DesignError, 'method = "jk1"', DESIGN, list, ("without strata",)),
    "a stratum of one cluster": (DesignError, 'method = "jkn"', DESIGN, one_cluster, ("wave “2021”, stratum “s0”",)),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTY)
def test_faults_name_the_place_and_the_remedy(tmp_path, fault):
    kind, asked, more, change, words = FAULTY[fault]
    with pytest.raises(kind) as caught:
        bound(tmp_path, asked, more or 'weight = "w"', change)
    said = str(caught.value)
    assert "2021" in said
    for word in words:
        assert word in said
    for secret in ("hemligt", "-2.5"):
        assert secret not in said


def test_memory_is_counted_before_it_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(replicates, "MOST_WEIGHTS", N * 8 - 1)
    with pytest.raises(AnswersError, match="8 columns of replicate weights for 60 answers need 0 GB of memory"):
        bound(tmp_path, SUPPLIED)


def test_an_engine_that_sees_no_rows_refuses_them(tmp_path):
    found = bound(tmp_path, SUPPLIED)
    with pytest.raises(AnswersError, match="replicate weights are counted in memory only"):
        recodings(found.study, found.sources, "2021", read(tmp_path / "answers.csv"))


def test_a_self_selected_sample_has_no_replicates(tmp_path):
    text = STUDY.replace('base = "valid"', 'sample = "self-selected"')
    (tmp_path / "study.toml").write_text(
        text.replace('answers = "answers.csv"', 'answers = "answers.csv"\nreplicates = { method = "jkn" }'),
        encoding="utf-8",
    )
    with pytest.raises(StudyError, match="belong to a sample that was drawn"):
        read_and_bind(tmp_path / "study.toml")


def test_a_group_of_which_a_replicate_has_nobody_is_told_by_the_others(tmp_path):
    """As in R: that replicate has no estimate and is left out."""

    def two_clusters(answers: Rows) -> None:
        for row in answers:
            row["storlek"] = "1" if row["school"] in ("k00", "k10") else "2"

    found = bound(tmp_path, 'method = "brr"', DESIGN, two_clusters)
    (answers, design), facts = found.waves[0], compile_bound(found, remembered=False).edition.facts
    inside, yes = answers.backgrounds["storlek"] == 0, answers.columns["q2", ""].codes == 0
    weights = answers.weights[:, None] * design.replicates.factors[design.replicates.unit]
    whole = weights[inside].sum(axis=0)
    assert (whole == 0).any()
    shares = weights[inside & yes].sum(axis=0)[whole > 0] / whole[whole > 0]
    error = np.sqrt(((shares - shares.mean()) ** 2).sum() * design.replicates.scale)
    place = next(
        row
        for row in range(len(facts))
        if [facts.address[name].values[facts.address[name].codes[row]] for name in ("question", "category", "group1")]
        == ["q2", "1", "liten"]
    )
    assert facts.se[place] == round(100 * error)
    assert error > 0
