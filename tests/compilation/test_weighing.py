"""Weights that are made as a part of publishing: the same for whoever has the answers and the targets."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cli_study import STUDY, write_study

from saklig.answers.model import AnswersError
from saklig.compilation.compiling import compile_bound, compile_edition, read_and_bind
from saklig.compilation.recording import record, recorded
from saklig.compilation.verifying import recompute
from saklig.design.model import DesignError
from saklig.disclosure.evidence import wave_view
from saklig.disclosure.pattern import wave_key
from saklig.disclosure.policy import POLICIES
from saklig.study.model import StudyError

SECOND = """
[[background]]
id = "del"
label = { sv = "Landsdel", en = "Part of the country" }
groups = [
  { id = "norr", code = "n", label = { sv = "Norr", en = "North" } },
  { id = "syd", code = "s", label = { sv = "Syd", en = "South" } },
]

[[section]]"""
HEAD = "variable,group,count\n"
SIZE = HEAD + "storlek,liten,200\nstorlek,stor,100\n"
BOTH = SIZE + "del,norr,90\ndel,syd,210\n"


def weighted_study(folder: Path, targets: str | None = SIZE, rows: list[str] | None = None, **keys: object) -> Path:
    """The small study with a second background and a quantity, and the `keys` of its `[wave.weighting]`."""
    path = write_study(folder)
    keys = {"method": "post-stratify", "targets": "targets.csv"} | keys
    lines = "".join(f"{key} = {value if key in RAW else repr(value)}\n" for key, value in keys.items())
    text = STUDY.replace("\n[disclosure]", f"\n[wave.weighting]\n{lines}\n[disclosure]")
    path.write_text(text.replace("\n[[section]]", SECOND), encoding="utf-8")
    (folder / "answers.csv").write_text("\n".join(["storlek,del,q1,q2,antal,vikt", *(rows or ROWS)]) + "\n")
    if targets is not None:
        (folder / "targets.csv").write_text(targets, encoding="utf-8")
    return path


RAW = ("bounds", "trim", "quantities")
draw = random.Random(4)
ROWS = [
    f"{draw.choice([1, 1, 2])},{draw.choice('nss')},{draw.choice([1, 2, 2, 3, 9])},{draw.choice([1, 2])},"
    f"{draw.randint(1, 9)},{draw.choice([1, 2])}"
    for _ in range(60)
]


def test_a_publication_makes_its_weights_itself(tmp_path: Path) -> None:
    bound = read_and_bind(weighted_study(tmp_path))
    (answers, design), made = bound.waves[0], bound.weighed["2021"]
    groups = answers.backgrounds["storlek"]
    expected = np.array([200, 100])[groups] / np.bincount(groups)[groups]
    assert answers.weights == pytest.approx(expected, rel=1e-10)
    assert design.adjustment is made.made.adjustment
    assert answers.weighted


def test_whoever_has_answers_and_targets_gets_the_same_edition(tmp_path: Path) -> None:
    """In whatever order the rows of either stand, and however the targets name their groups."""
    edition = compile_edition(weighted_study(tmp_path / "a", BOTH, method="rake"))
    now, _ = recompute(edition, tmp_path / "a" / "study.toml")
    assert now.id == edition.id
    swedish = "\ufeffGrupp;Variabel;Antal\nSyd;Landsdel;210\nNORR;del;90,0\n2;Storlek;100\nLiten;storlek;2 00\n"
    again = weighted_study(tmp_path / "b", swedish, rows=ROWS[::-1], method="rake")
    assert compile_edition(again).id == edition.id
    percent = "variable,group,percent\nstorlek,liten,66.66666666666667\nstorlek,stor,33.33333333333333\n"
    counted, shared = weighted_study(tmp_path / "c"), weighted_study(tmp_path / "d", percent)
    one, other = (read_and_bind(each).waves[0][0].weights for each in (counted, shared))
    assert other / other.sum() == pytest.approx(one / one.sum(), rel=1e-9)


def test_another_engine_leaves_weighted_answers_to_memory(tmp_path: Path) -> None:
    bound = read_and_bind(weighted_study(tmp_path))
    memory, duckdb = (compile_bound(bound, remembered=False, engine=each) for each in ("memory", "duckdb"))
    assert memory.edition.id == duckdb.edition.id


def test_other_targets_are_another_edition_and_another_audit(tmp_path: Path) -> None:
    first = read_and_bind(weighted_study(tmp_path / "a"))
    second = read_and_bind(weighted_study(tmp_path / "b", SIZE.replace("100", "101")))
    assert compile_bound(first).edition.id != compile_bound(second).edition.id
    answers, design = first.waves[0]
    keys = {
        wave_key(wave_view(first.study, answers, each), POLICIES["public"])
        for each in (
            design,
            replace(design, adjustment=None),
            replace(design, adjustment=replace(design.adjustment, inner=design.adjustment.inner * 2)),
        )
    }
    assert len(keys) == 3


def test_errors_are_smaller_where_the_targets_explain_the_answers(tmp_path: Path) -> None:
    """Answers that follow from the background have, once its groups are as large as they should be, hardly an error."""
    rows = [f"{1 + i % 2},n,{1 + i % 2},1,1,1" for i in range(60)]
    edition = compile_edition(weighted_study(tmp_path, rows=rows))
    fact = edition.fact("liten.2021/q1/1")
    assert (fact.value, fact.lower, fact.upper, fact.se) == (67, 66, 67, 0)


def test_quantities_bounds_and_trimming_reach_the_weights(tmp_path: Path) -> None:
    targets = SIZE + "antal,,1500\n"
    keys = {"method": "calibrate", "quantities": '{ antal = "antal" }'}
    free = read_and_bind(weighted_study(tmp_path / "a", targets, **keys)).weighed["2021"].made
    assert [line.after for line in free.report.lines] == pytest.approx([200, 100, 1500])
    for distance in ("linear", "exponential", "logit"):
        bounded = weighted_study(tmp_path / distance, targets, **keys, distance=distance, bounds="[0.4, 2]")
        made = read_and_bind(bounded).weighed["2021"].made
        assert 0.4 <= made.report.factors[0] <= made.report.factors[1] <= 2
        assert [line.after for line in made.report.lines] == pytest.approx([200, 100, 1500])
    trimmed = read_and_bind(weighted_study(tmp_path / "t", targets, **keys, trim="[0.9, 1.1]"))
    weights = trimmed.waves[0][0].weights
    assert 0.9 <= weights.min() / weights.mean() <= weights.max() / weights.mean() <= 1.1 + 1e-9


CALIBRATED = {"method": "calibrate", "quantities": '{ antal = "antal" }'}


@pytest.mark.parametrize(
    ("targets", "keys", "said"),
    [
        (None, {}, "targets.csv: there is no such file"),
        ("", {}, "targets.csv: the file is empty"),
        ("\n\n", {}, "targets.csv: the first line lacks variable, group, count"),
        (SIZE.splitlines()[0], {}, "there are no targets"),
        ("a\0b", {}, "targets.csv"),
        ('variable,group,count\nstorlek,"liten,1\n', {}, "line 2"),
        (SIZE.replace("liten", "lietn"), {}, "targets.csv, line 2: “storlek”: there is a target for “lietn”, a group "
         "that it does not have; did you mean “liten”?"),
        (SIZE.replace("storlek", "storlk"), {}, "targets.csv, line 2: there are targets for “storlk”, which the study "
         "does not have; did you mean “storlek”?"),
        (SIZE.replace("liten", ""), {}, "targets.csv, line 2: “storlek” has groups; name one of them"),
        (SIZE.replace("200", "many"), {}, "targets.csv, line 2: “many” is not a number"),
        (SIZE.replace("200", "=2+3"), {}, "targets.csv, line 2: “=2+3” is not a number"),
        (SIZE.replace("200", '"200,5"'), {}, "targets.csv, line 2: “200,5” is not a number"),
        (SIZE.replace("200", "-200"), {}, "targets.csv, line 2: “storlek”, group “liten”: its target is −200"),
        (SIZE.replace("200", ""), {}, "targets.csv, line 2: “storlek”, group “liten”: its target is missing"),
        (SIZE.replace("200", "0"), {}, "line 2: “storlek”, group “liten”: it has respondents, but the target"),
        (SIZE + "storlek,liten,3\n", {}, "targets.csv, line 2; targets.csv, line 4: “storlek”: the group "
         "“liten” has 2 targets"),
        (HEAD + "storlek,liten,200\n", {}, "“storlek”, group “stor”: it has respondents, but no target"),
        (BOTH.replace("210", "211"), {"method": "rake"}, "“del” add up to 301, but those of “storlek” to 300"),
        (BOTH, {}, "post-stratification takes the counts of one variable"),
        (HEAD + "storlek,liten,60\nstorlek,stor,40\n", {}, ""),
        (HEAD + "storlek,liten,0.6\nstorlek,stor,0.4\n", {}, "“storlek”: the counts add up to 1: they "
         "are shares; write them as percentages, 50 and not 0.5, and call the column percent"),
        (HEAD + "storlek,liten,30\nstorlek,stor,25\n", {}, "“storlek”: the counts add up to 55, but 60 have answered; "
         "give numbers of the whole population"),
        (HEAD + "storlek,liten,30\n", {}, "add up to 30, but 60 have answered; there is no target for “stor”"),
        (SIZE.replace("storlek,stor", "q2,stor"), {}, "targets.csv, line 3: “q2” is a question; weights may be made "
         "from backgrounds only (storlek, del)"),
        ("variable,group,percent\nstorlek,liten,60\nstorlek,stor,30\n", {}, "targets.csv, line 2: “storlek”: the "
         "percentages add up to 90, not to 100; correct them"),
        ("variable,group,percent,count\n", {}, "has count and percent"),
        ("variable,group,percent\nantal,,50\n", CALIBRATED, "line 2: a quantity has a total, and no share"),
        (SIZE + "antal,stor,1500\n", CALIBRATED, "line 4: “antal” is a quantity and has no groups"),
        (SIZE + "antal,,9000\n", CALIBRATED, "would get weights that are not above zero"),
        (SIZE + "antal,,9000\n", CALIBRATED | {"bounds": "[0.9, 1.1]"}, "“antal”: its target is 9,000, and weights "
         "that change by a factor between 0.9 and 1.1"),
        (SIZE + "antal,,1500\n", CALIBRATED | {"method": "rake"}, "raking takes counts by group only"),
        (HEAD + "storlek*del,liten*norr,100\n", {}, "“storlek*del”, group “liten*syd”: it has respondents, but"),
        (HEAD + "storlek*del,liten,1\n", {}, "line 2: “liten” is not one group of each of storlek * del"),
    ],
)  # fmt: skip
def test_targets_that_cannot_be_met_are_told_with_file_and_line(
    tmp_path: Path, targets: str | None, keys: dict[str, object], said: str
) -> None:
    study = weighted_study(tmp_path, targets, **keys)
    if not said:
        read_and_bind(study)
        return
    with pytest.raises((DesignError, AnswersError)) as caught:
        read_and_bind(study)
    assert said in str(caught.value)
    assert "targets.csv" in str(caught.value)


@pytest.mark.parametrize(("population", "said"), [(300, ""), (600, "add up to 300, but `population` is 600; correct")])
def test_a_population_of_another_size_than_the_targets_is_refused(tmp_path: Path, population: int, said: str) -> None:
    study = weighted_study(tmp_path)
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace("\n[wave.weighting]", f"population = {population}\n[wave.weighting]"))
    if said:
        with pytest.raises(DesignError, match=said):
            read_and_bind(study)
    percent = "variable,group,percent\nstorlek,liten,66.7\nstorlek,stor,33.4\n"
    (tmp_path / "targets.csv").write_text(SIZE if not said else percent)
    assert read_and_bind(study).weighed["2021"].targets.margins[0].total == pytest.approx(population)


def test_percentages_above_the_respondents_are_taken_for_counts_of_a_wrong_name(tmp_path: Path) -> None:
    with pytest.raises(DesignError, match="if they are numbers of the population, call the column count"):
        read_and_bind(weighted_study(tmp_path, SIZE.replace("count", "percent")))


def test_raking_that_does_not_converge_names_the_margins(tmp_path: Path) -> None:
    """Every small one is in the north and every large one in the south: no weights give the north more than that."""
    rows = [f"{1 + i % 2},{'ns'[i % 2]},2,1,1,1" for i in range(60)]
    with pytest.raises(DesignError) as caught:
        read_and_bind(weighted_study(tmp_path, BOTH, rows=rows, method="rake"))
    assert "raking has not met its targets after 1000 rounds" in str(caught.value)
    assert "“del”, group “norr”: 200 where the target is 90, 122 % off" in str(caught.value)


def test_groups_without_respondents_and_respondents_without_groups_are_told(tmp_path: Path) -> None:
    with pytest.raises(DesignError, match="line 3: “storlek”, group “stor”: its target is 100, but nobody in it has"):
        read_and_bind(weighted_study(tmp_path / "a", rows=[f"1,n,{1 + i % 3},1,1,1" for i in range(60)]))
    with pytest.raises(DesignError, match="“storlek”: 1 respondent has no value, and whoever is in no group"):
        read_and_bind(weighted_study(tmp_path / "b", rows=[*ROWS, ",n,1,1,1,1"]))
    with pytest.raises(
        AnswersError, match="the quantity in the column “antal” is missing or no number for the answer number 61"
    ):
        read_and_bind(weighted_study(tmp_path / "c", SIZE + "antal,,1500\n", rows=[*ROWS, "1,n,1,1,,1"], **CALIBRATED))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"method": "rakning"}, "study.toml:13: wave 2021, weighting"),
        ({"bounds": "[0.5, 2]"}, 'belongs to method = "calibrate"'),
        ({"method": "calibrate", "bounds": "[1.5, 2]"}, "lie below and above 1: bounds = [0.3, 3]"),
        ({"method": "calibrate", "bounds": "[2]"}, "must be two numbers"),
        ({"method": "calibrate", "distance": "logit"}, "logit needs bounds"),
        ({"trim": "[2, 0.5]"}, "lie below and above 1: trim = [0.3, 3]"),
        ({"targts": "x"}, "did you mean “targets”?"),
        ({"bunds": "[0.5, 2]"}, "did you mean “bounds”?"),
        ({"xyz": "x"}, "here there are bounds, distance, method, quantities, targets, trim"),
        (
            {"population": "300"},
            "“population”: there is no such key; it belongs to the wave; move the line above [wave.weighting]",
        ),
        ({"weight": "vikt"}, "“weight”: there is no such key; it belongs to the wave; move the line above"),
    ],
)
def test_keys_that_cannot_be_are_named_with_their_line(tmp_path: Path, keys: dict[str, object], said: str) -> None:
    with pytest.raises(StudyError) as caught:
        read_and_bind(weighted_study(tmp_path, **keys))
    assert said in str(caught.value)
    assert "study.toml:1" in str(caught.value)


@pytest.mark.parametrize("key", ["weighting", "fieldwork"])
def test_a_table_of_a_wave_that_stands_alone_is_told_where_it_belongs(tmp_path: Path, key: str) -> None:
    study = write_study(tmp_path)
    study.write_text(STUDY.replace("\n[disclosure]", f"\n[{key}]\n[disclosure]"), encoding="utf-8")
    with pytest.raises(StudyError, match=rf"“{key}”: .* did you mean \[wave.{key}\], under its \[\[wave\]\]\?"):
        read_and_bind(study)


def test_a_weight_may_not_follow_from_a_confidential_answer(tmp_path: Path) -> None:
    study = weighted_study(tmp_path, SIZE + "antal,,130\n", method="calibrate", quantities='{ antal = "q1" }')
    text = study.read_text(encoding="utf-8").replace('policy = "public"', 'policy = "sample"')
    study.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="the column “q1” holds the answers to question q1, which is confidential"):
        read_and_bind(study)


def test_what_is_a_background_too_is_no_longer_confidential(tmp_path: Path) -> None:
    study = weighted_study(tmp_path)
    text = study.read_text(encoding="utf-8").replace('policy = "public"', 'policy = "sample"')
    study.write_text(text.replace('id = "storlek"\n', 'id = "storlek"\nvariable = "q2"\n'), encoding="utf-8")
    bound = read_and_bind(study)
    assert bound.weighed
    assert [question.confidential for question in bound.study.questions] == [True, False]
    assert any("question “q2”: its column “q2” gives a background" in remark for remark in bound.remarks)


@pytest.mark.parametrize(("method", "targets"), [("post-stratify", SIZE), ("rake", BOTH)])
def test_a_record_keeps_how_the_weights_were_made(tmp_path: Path, method: str, targets: str) -> None:
    kept = compile_bound(read_and_bind(weighted_study(tmp_path, targets, method=method))).protected.as_earlier("0" * 16)
    assert record(kept, tmp_path)
    ((_, one),), ((_, other),) = kept.waves, recorded(tmp_path, "liten", "0" * 16).waves
    assert one.adjustment is not None
    assert other.adjustment is not None
    assert one.adjustment.cells == other.adjustment.cells
    for name in ("index", "basis", "inner", "after"):
        before, after = getattr(one.adjustment, name), getattr(other.adjustment, name)
        assert (before is None and after is None) or np.array_equal(before, after)
