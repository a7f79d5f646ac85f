"""The example's answers are those of its script, and stand where they say that they stand."""

import csv
import io
import re
import runpy
import tomllib
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "kommun"
STRATA = {"under-15000": (131, 60), "15000-49999": (110, 50), "50000-plus": (49, 30)}
SEVERAL = {"q2_5": (9, 7), "q3_2": (99, 3), "q5_3": (9, 6)}


def answers(wave):
    with (EXAMPLE / f"answers-{wave}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def share(rows, question, counted, refused="9"):
    """The weighted share in per cent, from the exact weights N/n rather than those written."""
    n = Counter(row["stratum"] for row in rows)
    weights = [(Fraction(STRATA[row["stratum"]][0], n[row["stratum"]]), row[question]) for row in rows]
    valid = [(weight, answer) for weight, answer in weights if answer != refused]
    return 100 * sum(weight for weight, answer in valid if answer in counted) / sum(weight for weight, _ in valid)


@pytest.fixture(scope="module")
def study():
    return tomllib.loads((EXAMPLE / "study.toml").read_text(encoding="utf-8"))


def test_the_script_makes_the_answers_byte_for_byte():
    script = runpy.run_path(str(EXAMPLE / "simulate.py"))
    made = script["simulate"]((EXAMPLE / "municipalities.csv").read_text(encoding="utf-8"))
    assert sorted(made) == ["answers-2021.csv", "answers-2023.csv"]
    for name, text in made.items():
        assert (EXAMPLE / name).read_bytes() == text.encode(), name


@pytest.mark.parametrize(("wave", "respondents"), [("2021", (37, 26, 13)), ("2023", (38, 27, 16))])
def test_respondents_weights_and_strata(wave, respondents):
    rows = answers(wave)
    counts = Counter(row["stratum"] for row in rows)
    assert tuple(counts[stratum] for stratum in STRATA) == respondents
    assert len({row["person"] for row in rows}) == len(rows) == sum(respondents)
    for stratum, (population, invited) in STRATA.items():
        weights = {float(row["weight"]) for row in rows if row["stratum"] == stratum}
        assert weights == {round(population / counts[stratum], 8)}
        assert counts[stratum] <= invited
    assert sum(float(row["weight"]) for row in rows) == pytest.approx(290, abs=1e-6)


def test_forty_answered_both_times_and_are_the_same_municipality():
    first, second = ({row["person"]: row for row in answers(wave)} for wave in ("2021", "2023"))
    both = first.keys() & second.keys()
    assert len(both) == 40
    for person in both:
        for column in ("stratum", "size", "type", "part"):
            assert first[person][column] == second[person][column]


def test_the_frame_is_the_one_the_study_states(study):
    with (EXAMPLE / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        people = [int(row["population_2021"]) for row in csv.DictReader(file)]
    sizes = Counter((count >= 15_000) + (count >= 50_000) for count in people)
    for wave in study["wave"]:
        assert wave["population"] == {stratum: sizes[n] for n, stratum in enumerate(STRATA)}
        assert wave["invited"] == {stratum: invited for stratum, (_, invited) in STRATA.items()}
    assert sum(sizes.values()) == 290


def test_the_public_figures_of_2021():
    rows = answers("2021")
    assert round(share(rows, "q4_1", "45")) == 12
    small = [row for row in rows if row["stratum"] == "under-15000"]
    assert round(share(small, "q4_1", "45")) == 8
    assert 73 <= 100 - share(rows, "q4_2", "12") <= 77


@pytest.mark.parametrize("wave", ["2021", "2023"])
def test_routing_and_limits_are_obeyed(wave):
    for row in answers(wave):
        assert bool(row["q2_5"]) == (row["q2_4"] in ("3", "4"))
        assert bool(row["q5_3"]) == (row["q5_2"] in ("1", "2"))
        for question, (refused, most) in SEVERAL.items():
            codes = [int(code) for code in row[question].split(";")] if row[question] else []
            assert len(codes) == len(set(codes)) <= most
            assert len(codes) == 1 or not {refused - 1, refused} & set(codes)
            assert question != "q3_2" or len(codes) == 1 or 10 not in codes
        places = [row[f"q6_1_{n}"] for n in (1, 2, 3)]
        assert len(set(places)) == 3 or (places[0] in ("98", "99") and places[1:] == ["", ""])
        assert not row["q6_2_2"] or row["q6_2_1"] not in ("6", "8", "9")
        assert wave == "2023" or "11" not in row["q3_2"].split(";")


@pytest.mark.parametrize("wave", ["2021", "2023"])
def test_every_answer_is_an_option_of_the_study(study, wave):
    rows = answers(wave)
    for section in study["section"]:
        for question in section["question"]:
            categories = question.get("categories") or study["codes"][question["codes"]]["categories"]
            codes = {str(category["code"]) for category in categories}
            if question["kind"] == "numeric":
                codes |= {str(number) for number in range(101)}
            columns = (
                question.get("variables")
                or [f"{question['id']}_{item['id']}" for item in question.get("items", ())]
                or [question["id"]]
            )
            given = {code for row in rows for column in columns for code in row[column].split(";") if code}
            assert given <= codes, question["id"]
            missing = {str(c["code"]) for c in categories if c.get("role")}
            assert len(missing) == 2, f"{question['id']} offers don’t know and prefer not to answer"
            taken = sum(row[columns[0]] in missing for row in rows)
            assert taken <= 0.12 * len(rows), question["id"]


def test_the_files_name_no_municipality():
    frame = (EXAMPLE / "municipalities.csv").read_text(encoding="utf-8")
    order = [row["person"] for row in answers("2021")]
    assert order == sorted(order, key=int)
    for wave in ("2021", "2023"):
        text = (EXAMPLE / f"answers-{wave}.csv").read_text(encoding="utf-8")
        assert not any(row["name"] in text for row in csv.DictReader(io.StringIO(frame)))
        assert not re.search(r"^\d{4},", text, re.MULTILINE)


def test_every_text_is_in_both_languages_with_typographic_marks(study):
    def walk(value, place):
        if isinstance(value, dict):
            if "sv" in value or "en" in value:
                assert set(value) == {"sv", "en"}, place
                for words in value.values():
                    assert '"' not in words, place
                    assert "'" not in words, place
                    assert not re.search(r"\d-\d| - ", words.replace("95-procent", "")), place
            for key, inner in value.items():
                walk(inner, f"{place}.{key}")
        elif isinstance(value, list):
            for n, inner in enumerate(value):
                walk(inner, f"{place}[{n}]")

    walk(study, "study")


def test_every_item_of_the_method_is_reported(study):
    from saklig.study.model import METHOD_FIELDS

    assert set(study["method"]) == set(METHOD_FIELDS)
    assert study["synthetic"] is True
