"""Real surveys through `init` and binding: untouched, and with a study file where the draft cannot know."""

from __future__ import annotations

import csv
from collections import Counter

import numpy as np
import pytest

from saklig.answers.binding import bind
from saklig.answers.draft import draft
from saklig.answers.model import ANSWERED, NO_ANSWER, NOT_ASKED, AnswersError
from saklig.answers.readers import read
from saklig.design.drawn import design_of
from saklig.study.file import read_study
from saklig.study.model import Kind, Role
from saklig.tabulation.plan import groupings
from saklig.tabulation.tabulate import tabulate

FILES = (
    "masculinity/raw-responses.csv",
    "star-wars/StarWars.csv",
    "flying-etiquette/flying-etiquette.csv",
    "gss-2010/2010.sav",
    "quantipy-example/example-a.json",
    "quantipy-example/example-a.csv",
    "triple-s/sample-1.sss",
    "triple-s/sample-2.sss",
    "triple-s/sample-3.sss",
    "triple-s/sample-4.sss",
    "multiple-response/simple_alltypes.sav",
    "other-formats/missing_test.sav",
    "other-formats/sample.por",
    "other-formats/sample.sas7bdat",
    "ipums-cps/cps_00157.xml",
)


@pytest.mark.parametrize("name", FILES)
def test_a_draft_fits_its_file_and_reads_back_the_same(surveys, tmp_path, name):
    source = read(surveys / name)
    drafted = draft(source)
    answers = bind(drafted.study, drafted.sources, drafted.study.waves[0].id, source)
    assert answers.n == source.rows
    design_of(drafted.study, answers)
    path = tmp_path / "study.toml"
    path.write_text(drafted.toml, encoding="utf-8")
    study, sources = read_study(path)
    assert study == drafted.study
    assert sources.questions == drafted.sources.questions
    assert sources.backgrounds == drafted.sources.backgrounds
    assert sources.withheld_variables == drafted.sources.withheld_variables


@pytest.mark.parametrize("name", FILES)
def test_every_column_of_a_file_is_published_or_left_out_with_a_reason(surveys, name):
    source = read(surveys / name)
    drafted = draft(source)
    columns = set()
    for where in drafted.sources.questions.values():
        columns |= {where.variable, *where.by_category.values(), *where.by_place}
    wave = drafted.sources.waves[0]
    columns |= {wave.weight, wave.strata, *wave.cluster, *drafted.sources.backgrounds.values(), *drafted.left_out}
    assert {variable.name for variable in source.variables} <= columns
    assert all(drafted.left_out.values())


def test_gss_2010_without_a_hand_on_it(surveys):
    source = read(surveys / "gss-2010" / "2010.sav")
    drafted = draft(source)
    study = drafted.study
    answers = bind(study, drafted.sources, study.waves[0].id, source)
    published = sum(max(1, len(question.items)) for question in study.questions)
    published += len(study.backgrounds)
    assert published + len(drafted.left_out) + 1 == len(source.variables)  # and the weight
    assert set(drafted.left_out) == {
        *("formwt", "wtss", "wtssnr", "dateintv", "id", "oversamp", "year", "sampcode", "othlang1", "othlang2"),
        *("indus80", "occ80", "isco88", "isco681", "maind80", "maocc80", "maisco88", "maisc681"),
        *("paind80", "paocc80", "paisco88", "paisc681", "spind80", "spocc80", "spisco88", "spisc681"),
    }
    assert drafted.sources.waves[0].weight == "wtssall"
    assert [background.id for background in study.backgrounds[:4]] == ["sex", "age", "region", "degree"]
    assert len(study.backgrounds) == 8
    happy = study.question("happy")
    assert [(category.code, category.role) for category in happy.codes.categories][-2:] == [
        (8, Role.DONT_KNOW),
        (9, Role.NO_ANSWER),
    ]
    given = Counter(source.variable("happy").codes.tolist())
    values = source.variable("happy").values
    column = answers.columns["happy", ""]
    assert np.count_nonzero(column.codes == NOT_ASKED) == sum(
        given[at] for at, value in enumerate(values) if value == 0
    )
    assert np.count_nonzero(column.codes == 0) == sum(given[at] for at, value in enumerate(values) if value == 1)


def test_gss_2010_can_be_tabulated_as_drafted(surveys):
    source = read(surveys / "gss-2010" / "2010.sav")
    drafted = draft(source)
    answers = bind(drafted.study, drafted.sources, drafted.study.waves[0].id, source)
    design = design_of(drafted.study, answers)
    whole = groupings(drafted.study, answers)[0]
    kinds = set()
    for part in drafted.study.parts():
        if part.question.kind in kinds:
            continue
        kinds.add(part.question.kind)
        assert tabulate(part, answers.columns[part.key], whole, design).base.max() > 0
    assert kinds == {Kind.SINGLE, Kind.SCALE, Kind.GRID, Kind.NUMERIC}


def test_identifiers_of_the_real_surveys_are_left_out(surveys):
    left_out = {name: draft(read(surveys / name)).left_out for name in FILES[:5]}
    assert {"StartDate", "EndDate"} <= left_out["masculinity/raw-responses.csv"].keys()
    assert "RespondentID" in left_out["star-wars/StarWars.csv"]
    assert "RespondentID" in left_out["flying-etiquette/flying-etiquette.csv"]
    assert {"id", "dateintv"} <= left_out["gss-2010/2010.sav"].keys()
    quantipy = left_out["quantipy-example/example-a.json"]
    assert {"SERIAL", "PERNUM"} <= draft(read(surveys / "ipums-cps/cps_00157.xml")).left_out.keys()
    assert {"unique_id", "birth_day", "birth_month", "birth_year", "q8a", "q9a", "start_time"} <= quantipy.keys()


def test_a_number_of_the_census_is_no_mean_of_its_codes(surveys):
    income = draft(read(surveys / "ipums-cps/cps_00157.xml"))
    question = income.study.question("inctot")
    assert [(category.code, category.role) for category in question.codes.categories] == [(999999998, Role.NO_ANSWER)]
    assert income.sources.questions["inctot", ""].not_asked == (999999999,)


def test_the_grids_of_triple_s(surveys):
    grids = [q for q in draft(read(surveys / "triple-s/sample-2.sss")).study.questions if q.kind is Kind.GRID]
    assert [len(grid.items) for grid in grids] == [6, 10]
    assert [item.text.words[0][1] for item in grids[1].items][:2] == ["Watch TV on a television", "Use Facebook"]


def test_what_people_wrote_in_triple_s_is_left_out(surveys):
    left_out = draft(read(surveys / "triple-s/sample-3.sss")).left_out
    assert {"K_SQ001comment", "K_SQ003comment", "Q_SQ01", "S", "T"} <= left_out.keys()


@pytest.mark.parametrize("name", ["survey.lss", "answers.lss"])
def test_a_questionnaire_alone_says_where_its_answers_are_put(surveys, name):
    with pytest.raises(AnswersError, match=f"in the same folder, as {name.replace('lss', 'csv')}"):
        draft(read(surveys / "limesurvey" / name))


# --- with a study file made by hand


def rows_of(path, header_rows):
    with path.open(encoding="cp1252", newline="", errors="replace") as file:
        return list(csv.reader(file))[header_rows:]


def bound(surveys, study_file, survey, name):
    study, sources = read_study(study_file(survey))
    return study, bind(study, sources, "2014", read(surveys / survey / name))


def test_star_wars(surveys, study_file):
    study, answers = bound(surveys, study_file, "star-wars", "StarWars.csv")
    rows = rows_of(surveys / "star-wars" / "StarWars.csv", 2)
    seen = [row for row in rows if row[1] == "Yes"]
    ranking = answers.columns["q4", ""]
    assert study.question("q4").kind is Kind.RANKING
    assert np.count_nonzero(ranking.codes == NOT_ASKED) == len(rows) - len(seen)
    assert [np.count_nonzero(ranking.marks[:, film] == 1) for film in range(6)] == [
        sum(row[9 + film] == "1" for row in seen) for film in range(6)
    ]
    films = answers.columns["q3", ""]
    assert films.marks.sum(axis=0).tolist() == [sum(bool(row[3 + film]) for row in seen) for film in range(6)]
    assert np.count_nonzero(films.codes == ANSWERED) == sum(any(row[3:9]) for row in seen)
    assert not [remark for remark in answers.remarks if "routing" in remark]


def test_flying_etiquette(surveys, study_file):
    study, answers = bound(surveys, study_file, "flying-etiquette", "flying-etiquette.csv")
    rows = rows_of(surveys / "flying-etiquette" / "flying-etiquette.csv", 1)
    recline = answers.columns["q2", ""]
    labels = [category.code for category in study.question("q2").codes.categories]
    assert np.count_nonzero(recline.codes == NOT_ASKED) == sum(row[1] == "Never" for row in rows)
    assert np.count_nonzero(recline.codes == NO_ANSWER) == sum(row[1] != "Never" and not row[2] for row in rows)
    for position, code in enumerate(labels):
        assert np.count_nonzero(recline.codes == position) == sum(row[2] == code for row in rows)
    assert not [remark for remark in answers.remarks if "routing" in remark]
