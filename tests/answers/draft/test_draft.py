"""What `init` reads from names, labels and values, and what it leaves out."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saklig.answers.binding import bind
from saklig.answers.draft import draft
from saklig.answers.drafting.words import Meaning, is_rating, language_of, meaning_of, scale_order
from saklig.answers.model import AnswersError, QuestionHint, ResponseSet, Source, Variable
from saklig.language.text import Text
from saklig.study.model import Kind, Role, Sample

AGREE = {1: "Strongly agree", 2: "Agree", 3: "Disagree", 4: "Strongly disagree", 8: "DK", 9: "NA"}
YES_NO = {"labels": {1: "Yes", 2: "No"}}


def drafted(source):
    """The draft, after it has been seen to fit its file."""
    found = draft(source)
    bind(found.study, found.sources, found.study.waves[0].id, source)
    return found


def labels(question):
    return [category.label.words[0][1] for category in question.codes.categories]


# --- words


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("DK", Meaning.DONT_KNOW),
        ("Don’t know", Meaning.DONT_KNOW),
        ("DONT KNOW", Meaning.DONT_KNOW),
        ("Vet ej", Meaning.DONT_KNOW),
        ("6 Can't choose", Meaning.DONT_KNOW),
        ("Prefer not to answer", Meaning.REFUSED),
        ("Vill inte svara", Meaning.REFUSED),
        ("No answer", Meaning.NO_ANSWER),
        ("Uppgift saknas", Meaning.NO_ANSWER),
        ("IAP", Meaning.NOT_ASKED),
        ("Inapplicable", Meaning.NOT_ASKED),
        ("Ej tillfrågad", Meaning.NOT_ASKED),
        ("DK,NA,IAP", Meaning.NOT_ASKED),
        ("DK/Refused", Meaning.DONT_KNOW),
        ("No", None),
        ("Don't know him", Meaning.DONT_KNOW),
        ("Nazareth", None),
        ("Refugees", None),
        ("Yes, or no answer", None),
        ("N.I.U.", Meaning.NOT_ASKED),
        ("Missing. (1962-1964 only)", Meaning.NO_ANSWER),
        ("Missing teeth", None),
        ("DONT KNOW/REMEMBER", Meaning.DONT_KNOW),
        ("Refused to answer", Meaning.REFUSED),
    ],
)
def test_what_a_label_means(label, meaning):
    assert meaning_of(label) == meaning


def test_answers_are_put_in_their_order():
    never, always, sometimes = scale_order(["Never", "Always", "Sometimes"])
    assert always < sometimes < never
    assert scale_order(["Very unfavorably", "Very favorably", "Unfamiliar", "Somewhat favorably"]) is not None
    assert scale_order(["Red", "Green"]) is None
    assert is_rating(["Strongly agree", "Agree", "Disagree", "Strongly disagree"])
    assert is_rating(["Mycket nöjd", "Ganska nöjd", "Varken nöjd eller missnöjd", "Ganska missnöjd", "Mycket missnöjd"])
    assert not is_rating(["Yes", "No"])
    assert not is_rating(["Agree", "Strongly agree", "Disagree"])


def test_the_language_of_a_file():
    assert language_of(["Hur nöjd är du?", "Mycket nöjd"]) == "sv"
    assert language_of(["How satisfied are you?"]) == "en"
    assert language_of(["q1"]) == "en"


# --- kinds


def test_a_labelled_scale_a_single_question_and_a_number(file_of):
    found = drafted(
        file_of(
            {"q1": [1, 2, 3, 4, 8, 9], "q2": [1, 2], "hours": list(range(40))},
            described={
                "q1": {"label": "How far do you agree?", "labels": AGREE, "missing": frozenset({8, 9})},
                "q2": {"label": "Do you?", **YES_NO},
                "hours": {"label": "Hours a week"},
            },
        )
    )
    scale, single, number = found.study.questions
    assert (scale.kind, single.kind, number.kind) == (Kind.SCALE, Kind.SINGLE, Kind.NUMERIC)
    assert scale.mean
    assert [category.role for category in scale.codes.categories[-2:]] == [Role.DONT_KNOW, Role.NO_ANSWER]
    assert [category.score for category in scale.codes.categories] == [1, 2, 3, 4, None, None]
    assert scale.text.get("en") == "How far do you agree?"


def test_a_scale_of_which_the_ends_are_labelled_has_all_its_steps(file_of):
    found = drafted(file_of({"q": [1, 2, 4, 7]}, described={"q": {"labels": {1: "Lazy", 7: "Hardworking"}}}))
    question = found.study.questions[0]
    assert question.kind is Kind.SCALE
    assert question.codes.ends_labelled
    assert labels(question) == ["Lazy", "2", "3", "4", "5", "6", "Hardworking"]


def test_a_label_that_repeats_its_code_is_no_word(file_of):
    scale = {1: "Very low", 2: "2", 3: "3", 4: "4", 5: "Very high", 8: "Don't know"}
    question = drafted(file_of({"q": [1, 2, 4, 5, 8]}, described={"q": {"labels": scale}})).study.questions[0]
    assert (question.kind, question.codes.ends_labelled) == (Kind.SCALE, True)
    assert [category.score for category in question.codes.categories] == [1, 2, 3, 4, 5, None]


def test_a_number_with_missing_codes(file_of):
    found = drafted(
        file_of(
            {"tv": [*range(25), 98, -1]},
            described={"tv": {"labels": {-1: "IAP", 98: "DK"}, "missing": frozenset({-1, 98})}},
        )
    )
    question = found.study.questions[0]
    assert question.kind is Kind.NUMERIC
    assert [category.role for category in question.codes.categories] == [Role.DONT_KNOW]
    assert found.sources.questions["tv", ""].not_asked == (-1,)


@pytest.mark.parametrize(
    ("numbers", "apart"),
    [
        ([*range(0, 60_000, 1_000), 999_999_998, 999_999_999], (999_999_998, 999_999_999)),
        ([*range(1, 50), -9, -8], (-9, -8)),
        ([*range(1, 50), 999], (999,)),
        ([*range(1, 700, 10), 999], ()),  # as likely a number
        (range(-30, 30), ()),
        ([*range(1, 50), 888.5], ()),
    ],
)
def test_codes_far_from_all_numbers_are_no_numbers(file_of, numbers, apart):
    found = drafted(file_of({"q": list(numbers)}, rows=200))
    question = found.study.question("q")
    assert question.kind is Kind.NUMERIC
    assert [category.code for category in question.codes.categories] == list(apart) if apart else not question.codes
    assert ("far from the other numbers" in found.comments["question q"]) is bool(apart)


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        ([10.5, 10**15], Kind.SINGLE),  # in tenths it is too large to add up
        ([10, 10**15, *range(20, 40)], Kind.NUMERIC),
        ([0.5, 1.5, "9e20"], Kind.SINGLE),
        ([0.5, 1.5, "-1e99999999999"], Kind.SINGLE),
        ([*range(1, 50), 999_999_999_999_999_999], Kind.NUMERIC),  # far from the others: a code
    ],
)
def test_what_is_too_large_to_add_up_is_no_number(file_of, numbers, kind):
    assert drafted(file_of({"q": numbers})).study.question("q").kind is kind


def test_a_file_that_declares_its_missing_values_is_believed(file_of):
    numbers = {"labels": {98: "DK"}, "missing": frozenset({98})}
    found = drafted(file_of({"q": [*range(1, 50), 98, 999]}, rows=200, described={"q": numbers}))
    assert [category.code for category in found.study.question("q").codes.categories] == [98]


def test_unlabelled_texts_are_ordered_by_what_they_say_and_never_by_who_came_first(file_of):
    found = drafted(
        file_of(
            {
                "when": ["> 60", "18-29", "45-60", "30-44"],
                "often": ["Never", "Always", "Sometimes", "Often"],
                "colour": ["red", "blue", "Other", "green"],
            }
        )
    )
    assert [labels(question) for question in found.study.questions] == [
        ["18-29", "30-44", "45-60", "> 60"],
        ["Always", "Often", "Sometimes", "Never"],
        ["blue", "green", "red", "Other"],
    ]
    assert "order" in found.comments["question colour"]
    assert "order" not in found.comments.get("question when", "")


@pytest.mark.parametrize(
    ("answers", "ordered", "guessed"),
    [
        (
            ["Yes, somewhat rude", "No, not rude at all", "Yes, very rude"],
            ["Yes, very rude", "Yes, somewhat rude", "No, not rude at all"],
            False,
        ),
        (["No, very poor", "No, somewhat poor", "Yes"], ["Yes", "No, somewhat poor", "No, very poor"], False),
        (["Often", "Never, but open", "Never, and not"], ["Often", "Never, and not", "Never, but open"], True),
        (["Some college", "College or more", "High school"], ["High school", "Some college", "College or more"], False),
        (
            ["Very good", "Fairly good", "Not good", "Unfamiliar", "Neutral"],
            ["Very good", "Fairly good", "Neutral", "Not good", "Unfamiliar"],
            False,
        ),
    ],
)  # fmt: skip
def test_answers_on_one_step_of_a_scale(file_of, answers, ordered, guessed):
    found = drafted(file_of({"q": answers}))
    assert labels(found.study.question("q")) == ordered
    assert ("in which order" in found.comments["question q"]) is guessed


def test_na_is_not_asked_where_no_answer_has_a_value_of_its_own(file_of):
    found = drafted(file_of({"a": ["Yes", "No", "No answer", "Yes"], "b": ["Yes", "NA", "No", "NA"]}))
    assert found.sources.questions["b", ""].not_asked == ("NA",)
    found = drafted(file_of({"b": ["Yes", "NA", "No", "NA"]}))
    assert found.study.questions[0].codes.categories[-1].role is Role.NO_ANSWER


def test_questions_with_the_same_answers_share_a_code_list(file_of):
    same = {"labels": {1: "Red", 2: "Green"}}
    found = drafted(file_of({"a": [1, 2], "b": [2, 1], "c": [1]}, described={"a": same, "b": same, "c": YES_NO}))
    a, b, c = (question.codes.id for question in found.study.questions)
    assert a == b == "red-green"
    assert c == "c"


# --- columns that belong together


def test_a_grid_by_the_stem_of_its_labels(file_of):
    described = {
        f"q5_{n}": {"label": f"How satisfied are you with: {item}", "labels": AGREE, "missing": frozenset({8, 9})}
        for n, item in enumerate(("Time", "Skills", "Money"), 1)
    }
    found = drafted(file_of({"q5_1": [1, 2, 9], "q5_2": [3, 4], "q5_3": [1]}, described=described))
    (grid,) = found.study.questions
    assert (grid.kind, grid.id, grid.mean) == (Kind.GRID, "q5", True)
    assert grid.text.get("en") == "How satisfied are you with"
    assert [(item.id, item.text.get("en")) for item in grid.items] == [("1", "Time"), ("2", "Skills"), ("3", "Money")]


def test_a_grid_ends_where_the_names_are_numbered_anew(file_of):
    names = ["M_1", "M_2", "K_1", "K_2"]
    texts = ["Options (plain) (Alfa)", "Options (plain) (Beta)", "Options (noted) (Alfa)", "Options (noted) (Beta)"]
    described = {name: {**YES_NO, "label": text} for name, text in zip(names, texts, strict=True)}
    found = drafted(file_of({name: [1, 2] for name in names}, described=described))
    assert [(question.kind, question.text.words[0][1]) for question in found.study.questions] == [
        (Kind.GRID, "Options (plain)"),
        (Kind.GRID, "Options (noted)"),
    ]
    assert [item.text.words[0][1] for item in found.study.questions[0].items] == ["Alfa", "Beta"]


@pytest.mark.parametrize("twice", [False, True])
def test_columns_called_ranks_are_a_ranking_unless_an_answer_stands_twice(file_of, twice):
    told = {"A": "Alfa", "B": "Beta", "C": "Gamma"}
    described = {f"R_{place}": {"labels": told, "label": f"Order (Rank {place})"} for place in (1, 2)}
    found = drafted(file_of({"R_1": ["A", "B"], "R_2": ["B", "B" if twice else "C"]}, described=described))
    (question,) = found.study.questions
    assert (question.kind, question.top) == ((Kind.GRID, 0) if twice else (Kind.RANKING, 2))
    assert question.text.words[0][1] == "Order"


def test_different_questions_with_numbered_names_stay_apart(file_of):
    described = {
        "q1": {"label": "Do you cycle?", **YES_NO},
        "q2": {"label": "Do you swim?", **YES_NO},
        "q3": {"label": "Are you well?", **YES_NO},
    }
    found = drafted(file_of({name: [1, 2] for name in described}, described=described))
    assert [question.kind for question in found.study.questions] == [Kind.SINGLE] * 3


@pytest.mark.parametrize(
    "columns",
    [
        {"q4_1": ["Father", "Not selected"], "q4_2": ["Not selected", "Mother"], "q4_3": ["Friends", "Not selected"]},
        {"q4_1": ["Father", None], "q4_2": [None, "Mother"], "q4_3": ["Friends", None]},
        {"q4_1": [1, 0], "q4_2": [0, 1], "q4_3": [1, 0, 0]},
    ],
)
def test_a_column_per_option_is_one_question(file_of, columns):
    found = drafted(file_of({**columns, "q5": ["a", "b"]}))
    first, _ = found.study.questions
    assert (first.id, first.kind, len(first.codes.categories)) == ("q4", Kind.MULTIPLE, 3)
    assert list(found.sources.questions["q4", ""].by_category.values()) == list(columns)


def test_none_of_them_excludes_the_others(file_of):
    columns = {"q4_1": ["Father", "Not selected"], "q4_2": ["Not selected", "None of the above"]}
    (question,) = drafted(file_of(columns)).study.questions
    assert [category.exclusive for category in question.codes.categories] == [False, True]


def test_codes_in_one_cell(file_of):
    found = drafted(file_of({"q": ["1;3;7;", "3;", "1;7;", None]}, described={"q": {"label": "Which?"}}))
    (question,) = found.study.questions
    assert question.kind is Kind.MULTIPLE
    assert [category.code for category in question.codes.categories] == [1, 3, 7]
    assert found.sources.questions["q", ""].delimiter == ";"


def test_two_answers_with_a_semicolon_are_no_set_of_four(file_of):
    found = drafted(file_of({"q": ["Yes; fully", "No; never", "Yes; fully"], "r": ["a;b", "a", "b;c", "c"]}))
    assert found.study.question("q").kind is Kind.SINGLE
    assert labels(found.study.question("r")) == ["a", "b", "c"]


def test_a_mark_for_nothing_here_is_no_answer_of_a_set(file_of):
    found = drafted(file_of({"q": ["1;3;7;", "NA", "2;"]}))
    assert [(category.code, category.role) for category in found.study.question("q").codes.categories] == [
        (1, Role.ANSWER),
        (2, Role.ANSWER),
        (3, Role.ANSWER),
        (7, Role.ANSWER),
        ("NA", Role.NO_ANSWER),
    ]


def test_what_excludes_the_others_in_sets_of_codes(file_of):
    told = {1: "Boat", 2: "Car", 8: "None of these", 9: "Don't know"}
    columns = {"q": ["1;2;", "8;", "9;"], "r_1": [1, 2, 8, 9], "r_2": [2, 1, None, None]}
    sets = (ResponseSet(name="$r", label="Which?", variables=("r_1", "r_2")),)
    described = {name: {"labels": told} for name in columns}
    found = drafted(file_of(columns, described=described, sets=sets))
    for question in found.study.questions:
        assert [category.exclusive for category in question.codes.categories] == [False, False, True, False]
        assert question.codes.categories[-1].role is Role.DONT_KNOW


def test_a_ranking_by_its_places(file_of):
    columns = {"r_1": [1, 2, 3], "r_2": [2, 3, 1], "r_3": [3, 1, None]}
    (question,) = drafted(file_of(columns)).study.questions
    assert (question.kind, question.top) == (Kind.RANKING, 3)


def test_places_given_twice_are_no_ranking(file_of):
    columns = {"r_1": [1, 2, 3], "r_2": [1, 3, 1], "r_3": [3, 1, 2]}
    assert all(question.kind is not Kind.RANKING for question in drafted(file_of(columns)).study.questions)


def _choices(names, everyone):
    """Columns of the first, second, … of nine codes, none twice in a row."""
    draw = random.Random(3)
    rows = [draw.sample(range(1, 10), len(names)) for _ in range(120)]
    if not everyone:
        rows = [[*row[:-1], row[-1] if draw.random() < 0.6 else None] for row in rows]
    rows[7] = [98, *[None] * (len(names) - 1)]
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}


@pytest.mark.parametrize(
    ("names", "everyone", "kind", "top"),
    [(["q6_1", "q6_2", "q6_3"], True, Kind.RANKING, 3), (["m_1", "m_2"], False, Kind.MULTIPLE, 0)],
)
def test_codes_that_no_row_has_twice_are_choices(file_of, names, everyone, kind, top):
    found = drafted(file_of(_choices(names, everyone), rows=120))
    (question,) = found.study.questions
    assert (question.kind, question.top) == (kind, top)
    assert found.sources.questions[question.id, ""].by_place == tuple(names)
    assert [category.code for category in question.codes.categories] == [*range(1, 10), 98]


def test_one_code_twice_in_a_row_makes_them_questions(file_of):
    columns = _choices(["q6_1", "q6_2", "q6_3"], True)
    columns["q6_3"][5] = columns["q6_1"][5]
    found = drafted(file_of(columns, rows=120))
    assert [question.kind for question in found.study.questions] == [Kind.SINGLE] * 3


def test_numbers_alone_make_no_grid(file_of):
    """Nor do names: q2_1 and q2_2 are as likely two questions of a section. Letters part one question."""
    steps = [[1, 2, 3, 4, 5], [1, 1, 2, 3, 5, 4], [5, 2, 2, 4, 3, 1, 1]]
    for names, kinds in ((("q2_1", "q2_2", "q2_3"), [Kind.SINGLE] * 3), (("q2_a", "q2_b", "q2_c"), [Kind.GRID])):
        found = drafted(file_of(dict(zip(names, steps, strict=True))))
        assert [question.kind for question in found.study.questions] == kinds


def test_sets_that_the_file_declares(file_of):
    columns = {"a": [1, 2, None], "b": [2, 1], "c1": ["x", "y"], "c2": ["y", None, "z"]}
    xyz = {"labels": {"x": "Red", "y": "Green", "z": "Blue"}}
    found = drafted(
        file_of(
            columns,
            described={"a": {"label": "Radio"}, "b": {"label": "Press"}, "c1": xyz, "c2": xyz},
            sets=(
                ResponseSet(name="$media", label="Which media?", variables=("a", "b"), counted=1),
                ResponseSet(name="$colour", label="Which colours?", variables=("c1", "c2")),
            ),
        )
    )
    media, colours = found.study.questions
    assert (media.id, media.kind, labels(media)) == ("media", Kind.MULTIPLE, ["Radio", "Press"])
    assert found.sources.questions["media", ""].chosen == (1,)
    assert (colours.id, labels(colours)) == ("colour", ["Red", "Green", "Blue"])
    assert found.sources.questions["colour", ""].by_place == ("c1", "c2")


def test_a_grid_of_names_says_that_it_was_found_by_its_names(file_of):
    columns = {f"q7_{letter}": ["Often", "Never"] for letter in "abc"}
    found = drafted(file_of(columns))
    assert found.comments["question q7"].startswith("Taken for one grid, since the columns share their answers and the "
                                                    "beginning of their names.")  # fmt: skip


def test_codes_of_a_classification_by_the_columns_name(file_of):
    found = drafted(file_of({"isco88": list(range(1100, 1300)), "q": ["a", "b"]}, rows=400))
    assert "classification" in found.left_out["isco88"]


def test_backgrounds_whose_groups_the_file_does_not_describe(file_of):
    found = drafted(file_of({"region": ["South", "North"], "kön": [1, 2], "q": ["a", "b"]}))
    assert "in which order" in found.comments["background region"]
    assert "what the codes mean" in found.comments["background kon"]


def test_a_questionnaires_own_words_come_first(file_of):
    hint = QuestionHint(
        variables=("v1",),
        kind="single",
        text=Text.of({"sv": "Hur mår du?", "en": "How are you?"}),
        section="Hälsa",
        category_texts={1: Text.of({"sv": "Bra", "en": "Well"}), 2: Text.of({"sv": "Illa", "en": "Badly"})},
        condition="v0 == 1",
    )
    found = drafted(file_of({"v1": [1, 2], "v2": [1, 2]}, hints=(hint,), language="sv"))
    first = found.study.questions[0]
    assert first.text.get("en") == "How are you?"
    assert [category.label.get("sv") for category in first.codes.categories] == ["Bra", "Illa"]
    assert found.study.languages == ("sv", "en")
    assert found.study.sections[0].title.get("sv") == "Hälsa"
    assert "v0 == 1" in found.comments["question v1"]


# --- the design


def test_the_weight_is_found_among_questions_about_weight(file_of):
    columns = {
        "vikt": [0.5, 1.25, 1.25],
        "q1": ["Your weight", "Not selected"],
        "kg": [60, 70, 80],
        "q2": [1, 2],
    }
    found = drafted(file_of(columns, described={"kg": {"label": "What is your weight (kg)?"}, "q2": YES_NO}))
    assert found.sources.waves[0].weight == "vikt"
    assert {question.id for question in found.study.questions} >= {"q1", "kg", "q2"}


@pytest.mark.parametrize("weights", [[0.5, None, 1.5], [0.5, -1.0, 1.5], [1.0, 1.0, 1.0]])
def test_a_weight_that_cannot_be_used_is_left_out(file_of, weights):
    found = drafted(file_of({"weight": weights, "q": [1, 2]}))
    assert not found.sources.waves[0].weight
    assert "weight" in found.left_out


def test_strata_and_clusters(file_of):
    columns = {"stratum": [1, 1, 1, 1, 2, 2, 2, 2], "psu": [1, 1, 2, 2], "q": [1, 2]}
    found = drafted(file_of(columns, rows=64))
    assert (found.sources.waves[0].strata, found.sources.waves[0].cluster) == ("stratum", ("psu",))
    assert found.study.sample is Sample.PROBABILITY
    assert found.comments["wave 1"].splitlines() == [
        "“stratum” is taken for the strata.",
        "“psu” is taken for the clusters.",
    ]
    columns["stratum"] = [*[1] * 63, 2]
    found = drafted(file_of(columns, rows=64))
    assert not found.sources.waves[0].strata
    assert "single cluster" in found.left_out["stratum"]


REPLICATES = {
    "PWGTP": ("PWGTP", 'method = "successive-difference", columns = "PWGTP*"'),
    "W_FSTUWT": ("W_FSTURWT", 'method = "fay", columns = "W_FSTURWT*", fay = 0.5'),
    "WTINT": ("WTIREP", 'method = "…", columns = "WTIREP*"'),
    "weight": ("rep_", 'method = "…", columns = "rep_*"'),
    "WEIGHT": ("EARNWT", 'method = "…", columns = "EARNWT*"'),
    "vikt": ("repwgt", 'method = "…", columns = "repwgt*"'),
}


@pytest.mark.parametrize("weight", REPLICATES)
def test_replicate_weights_are_no_questions_and_their_key_is_drafted(file_of, weight):
    stem, key = REPLICATES[weight]
    columns = {weight: [0.5, 1.25, 1.75, 0.5], "q": [1, 2, 2, 1]}
    columns |= {f"{stem}{number}": [0.1 * number, 1.5, 2.1 - 0.1 * number, 0.3] for number in range(1, 13)}
    found = drafted(file_of(columns, rows=64))
    assert found.sources.waves[0].weight == weight
    assert [question.id for question in found.study.questions] == ["q"]
    assert not found.left_out
    told = found.comments["wave 1"].splitlines()
    assert told[-1].startswith(f"replicates = {{ {key}")
    assert f"12 columns, “{stem}1” to “{stem}12”, look like replicate weights" in told[-2]
    assert not any("Other columns look like weights" in line for line in told)


def test_whole_numbers_under_a_surveys_own_name_are_weights(file_of):
    columns = {"PWGTP": [10, 125, 60, 33], "q": [1, 2, 2, 1]}
    columns |= {f"PWGTP{number}": [10 + number, 120, 50 + 2 * number, 30] for number in range(1, 13)}
    found = drafted(file_of(columns, rows=64))
    assert found.sources.waves[0].weight == "PWGTP"
    assert "12 columns, “PWGTP1” to “PWGTP12”" in found.comments["wave 1"]


def test_factors_are_told_from_weights(file_of):
    columns = {"weight": [50, 125.5, 175, 50], "q": [1, 2, 2, 1]}
    columns |= {f"rep{number}": [0, 2, 2, 0] if number % 2 else [2, 0, 0, 2] for number in range(1, 9)}
    found = drafted(file_of(columns, rows=64))
    assert found.comments["wave 1"].splitlines()[-1].endswith('columns = "rep*", combined = false }')


@pytest.mark.parametrize("stem", ["q", "rep"])
def test_numbered_questions_are_no_replicate_weights(file_of, stem):
    """By their name, or by what they hold."""
    columns = {"weight": [0.5, 1.25, 1.75, 0.5]}
    columns |= {f"{stem}{number}": [1, 2, 5, 4] for number in range(1, 9)}
    found = drafted(file_of(columns, rows=64))
    assert not any("replicate" in line for line in found.comments["wave 1"].splitlines())
    assert found.study.questions


@pytest.mark.parametrize(
    ("weights", "why"),
    [
        ([0.5, None, 1.5], "blank or no number for some"),
        ([0.5, -1.0, 1.5], "negative for some"),
        ([1.0, 1.0, 1.0], "the same for everyone"),
        ([None, None, None], "holds no number"),
    ],
)
def test_why_a_weight_cannot_be_used(file_of, weights, why):
    found = drafted(file_of({"weight": weights, "wt2": [0.5, 1.25, 1.25], "q": [1, 2]}))
    assert why in found.left_out["weight"]
    assert found.sources.waves[0].weight == "wt2"
    told = found.comments["wave 1"]
    assert ("Other columns look like weights: weight" in told) is (
        why not in ("the same for everyone", "holds no number")
    )


def test_a_column_of_rounds_says_how_to_make_waves_of_them(file_of):
    found = drafted(file_of({"year": [2021, 2023], "q": [1, 2]}, described={"q": YES_NO}))
    assert "[[wave]]" in found.comments["question year"]
    assert "question q" not in found.comments or "[[wave]]" not in found.comments["question q"]


def test_a_file_that_does_not_tell_its_sample_claims_no_margin_of_error(file_of):
    found = drafted(file_of({"q": ["a", "b"]}))
    assert found.study.sample is Sample.SELF_SELECTED
    assert "sample" in found.comments[""]


def test_backgrounds_in_swedish_and_english(file_of):
    columns = {
        "kön": [1, 2],
        "Age": [18, 25, 33, 41, 47, 52, 58, 63, 67, 71, 78, 84],
        "region": ["Norr", "Syd"],
        "q1": ["x", "y"],
    }
    found = drafted(file_of(columns, described={"kön": {"labels": {1: "Man", 2: "Kvinna"}}}))
    assert [background.id for background in found.study.backgrounds] == ["kon", "age", "region"]
    assert [group.id for group in found.study.backgrounds[1].groups] == ["16-29", "30-44", "45-64", "65-plus"]
    assert [question.id for question in found.study.questions] == ["q1"]  # said once


def test_a_code_for_no_answer_is_not_among_the_oldest(file_of):
    ages = [*range(18, 80), 999]
    found = drafted(file_of({"ålder": ages, "q": ["a", "b"]}, rows=126))
    (background,) = found.study.backgrounds
    assert (background.groups[-1].lower, background.groups[-1].upper) == (65, 120)


@pytest.mark.parametrize(("text", "yes"), [("Hur ofta är du ute?", "Ja"), ("How often are you out?", "Yes")])
def test_truth_is_yes_and_no_in_the_files_language(file_of, text, yes):
    columns = {"out": [1, 0], "q": [1, 2]}
    found = drafted(file_of(columns, described={"out": {"labels": {1: "true", 0: "false"}}, "q": {"label": text}}))
    assert labels(found.study.question("out"))[0] == yes


def test_truth_spelled_out_begins_with_true(file_of):
    found = drafted(file_of({"q": ["FALSE", "TRUE"]}))
    assert labels(found.study.question("q")) == ["TRUE", "FALSE"]


def test_a_file_of_backgrounds_alone_asks_them(file_of):
    found = drafted(file_of({"size": [1, 2, 3], "type": [1, 2, 2], "part": [3, 2, 1, 1]}))
    assert [question.id for question in found.study.questions] == ["size", "type", "part"]
    assert {background.id for background in found.study.backgrounds} == {"size", "type", "part"}


# --- personal data

PERSONAL = {
    "RespondentID": [3292879998 + at for at in range(60)],
    "namn": [f"Kalle {at}" for at in range(60)],
    "kontakt": [f"kalle{at}@example.se" for at in range(60)],
    "mobil": [f"070-{1234567 + at}" for at in range(60)],
    "nr": [f"08-{123456 + at}" for at in range(60)],
    "ip_address": [f"10.0.0.{at}" for at in range(60)],
    "v7": [f"192.168.1.{at % 20}" for at in range(60)],
    "v8": ["19811218-9876", "811228-9874"] * 30,
    "pnr": [f"id{at % 30}" for at in range(60)],
    "adress": [f"Storgatan {at % 25}" for at in range(60)],
    "latitude": [59.1 + at / 1000 for at in range(60)],
    "StartDate": [f"5/{at % 28 + 1}/18 4:{at % 50 + 10}" for at in range(60)],
    "comment": [f"What I think of number {at} is my own business" for at in range(60)],
    "few_words": [f"My answer {at % 40}" for at in range(60)],
    "födelsedatum": [f"19{at % 40 + 40}-01-01" for at in range(60)],
}


@pytest.mark.parametrize("name", PERSONAL)
def test_personal_data_are_left_out_and_said_so(file_of, name):
    found = drafted(file_of({"q": [1, 2], name: PERSONAL[name]}, described={"q": YES_NO}))
    assert name in found.left_out
    assert name in found.sources.withheld_variables
    assert f"{name}: {found.left_out[name]}" in found.comments["left_out"]
    values = [str(value) for value in PERSONAL[name]]
    assert not any(value in found.toml for value in values if len(value) > 4)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("q7_other", ""),
        ("Q7_8_TEXT", ""),
        ("q7comment", ""),
        ("v1", "Annat, vänligen ange"),
        ("v1", "Other (please specify)"),
        ("v1", "Kommentar"),
    ],
)
def test_what_people_wrote_is_left_out_also_where_many_wrote_the_same(file_of, name, label):
    columns = {name: ["A friend at the mill", None, None], "q": ["a", "b"]}
    found = drafted(file_of(columns, described={name: {"label": label}}))
    assert found.left_out == {name: "answers in the respondent’s own words"}


def test_an_option_to_write_that_was_only_ticked_is_an_option(file_of):
    columns = {"q1_a": ["Boat", None], "q1_other": [None, "Other"], "q": ["a", "b"]}
    assert not drafted(file_of(columns)).left_out


def test_texts_that_hardly_anybody_shares_are_left_out(file_of):
    cells = ["Kalle", "Kalle", "Lisa", *[None] * 57]
    found = drafted(file_of({"v": cells, "q": ["a", "b"]}))
    assert found.left_out == {"v": "answers in the respondent’s own words"}


@pytest.mark.parametrize("name", ["ADOBDayN1", "DOBMonth", "birth_month"])
def test_a_date_of_birth_is_left_out_also_where_months_are_labelled(file_of, name):
    months = {number: f"Month {number}" for number in range(1, 13)}
    columns = {name: list(range(1, 13)), "q": ["a", "b"]}
    found = drafted(file_of(columns, described={name: {"labels": months}}))
    assert found.left_out == {name: "a date of birth"}


def test_a_serial_number_by_its_label(file_of):
    described = {"nr": {"label": "Sequential serial number - level household"}}
    columns = {"nr": list(range(1, 11)), "q": ["a", "b"]}
    assert "nr" in drafted(file_of(columns, rows=10, described=described)).left_out


def test_a_single_e_mail_address_among_answers_is_enough(file_of):
    cells = ["Yes", "No"] * 29 + ["Yes", "ask me: kalle@example.se"]
    assert "v" in drafted(file_of({"q": [1, 2], "v": cells})).left_out


def test_a_coded_question_about_the_telephone_is_a_question(file_of):
    found = drafted(file_of({"phone": [1, 2, 3]}, described={"phone": {"labels": {1: "Home", 2: "Work", 3: "None"}}}))
    assert [question.id for question in found.study.questions] == ["phone"]


def test_an_option_that_nobody_chose_is_published(file_of):
    columns = {"q4_1": ["Father", "Not selected"], "q4_2": ["Not selected"], "q4_3": ["Friends", "Not selected"]}
    (question,) = drafted(file_of(columns)).study.questions
    assert len(question.codes.categories) == 3


@pytest.mark.parametrize(
    ("columns", "message"), [({"q": []}, "no answers"), ({"id": list(range(60))}, "no column looks like a question")]
)
def test_a_file_without_anything_to_publish(file_of, columns, message):
    source = file_of(columns, rows=len(columns["q"]) if "q" in columns else 60)
    with pytest.raises(AnswersError, match=message):
        draft(source)


# --- whatever the file holds

_NAMES = st.text(string.ascii_letters + string.digits + "_åäö ?.-", min_size=1, max_size=30).filter(str.strip)
_WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["Yes", "No", "DK", "NA", "Not selected", "Very good", "=1+1", "<script>", "con", "-9", "9e30", "1;2;", "\x07"]
    ),
)
_VALUES = st.one_of(st.integers(-99, 999), st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3)), _WORDS)


@st.composite
def sources(draw):
    from pathlib import Path

    import numpy as np

    rows = draw(st.integers(1, 40))
    variables = []
    for name in draw(st.lists(_NAMES, min_size=1, max_size=8, unique=True)):
        kind = draw(st.sampled_from([st.integers(0, 9), st.integers(-99, 9999), _WORDS, _VALUES]))
        values = tuple(dict.fromkeys(draw(st.lists(kind, min_size=1, max_size=12))))
        texts = any(isinstance(value, str) for value in values)
        values = values if texts else tuple(sorted(values))
        codes = draw(st.lists(st.integers(-1, len(values) - 1), min_size=rows, max_size=rows))
        variables.append(
            Variable(
                name=name,
                codes=np.array(codes, dtype=np.int32),
                values=values,
                label=draw(_WORDS),
                labels=draw(st.dictionaries(st.sampled_from(values), _WORDS, max_size=6)),
                missing=frozenset(draw(st.lists(st.sampled_from(values), max_size=2))),
            )
        )
    return Source(path=Path("any file.csv"), format="csv", rows=rows, variables=tuple(variables))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sources())
def test_every_draft_fits_its_file_and_reads_back_the_same(tmp_path_factory, source):
    from saklig.study.file import read_study

    try:
        found = draft(source)
    except AnswersError:  # nothing in it can be published
        return
    answers = bind(found.study, found.sources, found.study.waves[0].id, source)
    assert answers.n == source.rows
    path = tmp_path_factory.mktemp("draft") / "study.toml"
    path.write_text(found.toml, encoding="utf-8", newline="\n")
    study, where = read_study(path)
    assert study == found.study
    assert where.questions == found.sources.questions
