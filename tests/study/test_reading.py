"""What the study file may say, and what it gets when it says something else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from saklig.language.text import Text
from saklig.study.file import LARGEST, read_study, study_from_dict, study_to_dict
from saklig.study.model import Condition, Kind, Study, StudyError
from saklig.study.sources import Sources
from saklig.study.texts import missing_translations

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "study-file.md"
HEAD = 'id = "s"\ntitle = { sv = "Titel" }\n[[wave]]\nid = "1"\nanswers = "a.csv"\n'
SECTION = '[[section]]\nid = "a"\ntitle = "A"\n'
QUESTION = """[[section.question]]
id = "q1"
kind = "single"
text = "Hur?"
categories = [{ code = 1, label = "Ja" }, { code = 2, label = "Nej" }]
"""
MINIMAL = HEAD + SECTION + QUESTION


def read(folder: Path, text: str | bytes) -> tuple[Study, Sources]:
    path = folder / "study.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_study(path)


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(StudyError) as caught:
        read(folder, text)
    return str(caught.value)


def test_the_reference_page_is_a_study(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", REFERENCE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    study, sources = read(tmp_path, found[1])
    assert {question.kind for question in study.questions} == set(Kind)
    assert study.languages == ("sv", "en")
    first, second = study.waves
    assert (first.population, first.invited, second.population, second.invited) == (290, 140, None, 140)
    assert first.strata[0].label == Text((("sv", "Under 15 000 invånare"), ("en", "Under 15,000 inhabitants")))
    scale = study.question("q4_1")
    assert scale.mean
    assert [net.of for net in scale.nets] == [("1", "2"), ("4", "5")]
    assert scale.nets[0].label == Text((("sv", "1–2"), ("en", "1–2")))
    assert study.question("q4_2").asked_if == (Condition(question="q4_1", categories=("3", "4", "5")),)
    assert [category.score for category in study.question("q4_3").codes.categories] == [1, 3, 3]  # type: ignore[union-attr]
    assert study.question("q4_7").classes[0].label == Text((("sv", "0–50"), ("en", "0–50")))
    assert sources.waves[0].answers == tmp_path / "answers-2021.csv"
    assert (sources.waves[0].wave_variable, sources.waves[0].wave_value) == ("wave", 2021)
    assert sources.questions["q4_1", ""].variable == "degree"
    assert sources.questions["q4_1", ""].not_asked == ("NA",)
    assert sources.questions["q4_3", "a"].variable == "q4_3_a"
    assert sources.questions["q4_3", "b"].variable == "q43_2"
    assert sources.questions["q4_5", ""].by_category == {"resurser": "q4_5_1", "politik": "q4_5_2"}
    assert sources.questions["q4_6", ""].by_place == ("first", "second")
    assert ("q4_3", "") not in sources.questions
    assert sources.backgrounds == {"storlek": "size", "del": "del"}
    assert sources.withheld_variables == ("email", "ip")
    assert study_from_dict(study_to_dict(study)) == study


def test_defaults(tmp_path: Path) -> None:
    study, sources = read(tmp_path, MINIMAL.replace('id = "1"\n', "start = 2021-09-01\n"))
    assert study.waves[0].id == "2021"
    assert study.question("q1").label == study.question("q1").text
    assert not study.question("q1").mean
    assert study.question("q1").confidential
    assert sources.questions["q1", ""].variable == "q1"


def test_a_group_without_codes_is_refused(tmp_path: Path) -> None:
    groups = '[[background]]\nid = "b"\nlabel = "B"\ngroups = [{ id = "x", label = "X" }]\n'
    assert "study.toml:9: background b, group x: nobody can be in it; write code = 1" in refusal(
        tmp_path, HEAD + groups + SECTION + QUESTION
    )


def test_codes_of_a_grid_go_to_every_item(tmp_path: Path) -> None:
    grid = (
        QUESTION.replace("single", "grid")
        + 'not_asked = [99]\nitems = [{ id = "a", text = "x" }, { id = "b", text = "y", not_asked = [98] }]'
    )
    _, sources = read(tmp_path, HEAD + SECTION + grid)
    assert [sources.questions["q1", item].not_asked for item in "ab"] == [(99,), (98,)]


def test_ranges_of_decimals_are_written_as_each_language_does(tmp_path: Path) -> None:
    numeric = QUESTION.replace("single", "numeric")
    numeric = re.sub(
        "categories.*",
        'classes = [{ id = "low", to = 0.5 }, { id = "mid", from = 1, to = 1.5 }, { id = "high", from = 15000 }]',
        numeric,
    )
    study, _ = read(tmp_path, (HEAD + SECTION + numeric).replace('sv = "Titel"', 'sv = "Titel", en = "Title"'))
    labels = [each.label for each in study.question("q1").classes]
    assert [label.get("sv") for label in labels] == ["≤ 0,5", "1–1,5", "≥ 15\u00a0000"]
    assert [label.get("en") for label in labels] == ["≤ 0.5", "1–1.5", "≥ 15,000"]


def test_texts_follow_the_order_of_the_studys_languages(tmp_path: Path) -> None:
    text = 'languages = ["en", "sv"]\n' + MINIMAL.replace('sv = "Titel"', 'sv = "Titel", en = "Title"')
    study, _ = read(tmp_path, text)
    assert study.title.languages == ("en", "sv")
    assert study.question("q1").text == Text((("en", "Hur?"),))


def test_missing_translations_are_listed(tmp_path: Path) -> None:
    study, _ = read(tmp_path, MINIMAL.replace('sv = "Titel"', 'sv = "Titel", en = "Title"'))
    assert missing_translations(study) == (
        "section a/title: en",
        "section a/question q1/text: en",
        "section a/question q1/label: en",
        "section a/question q1/category 1/label: en",
        "section a/question q1/category 2/label: en",
    )


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('title = "A"', 'titel = "A"', ["study.toml:8: section a, “titel”: there is no such key", "mean “title”?"]),
        ('kind = "single"', 'kind = "singel"', ["study.toml:11: section a, question q1, “kind”", "mean “single”?"]),
        ('kind = "single"', "", ["question q1: “kind” is missing; there are single, scale"]),
        ('text = "Hur?"', "text = 5", ["study.toml:12:", "must be a text or a table of languages", "not a number"]),
        ('text = "Hur?"', 'text = { sv = "" }', ["study.toml:12:", "“text”: is empty in the language “sv”"]),
        ('text = "Hur?"', 'text = { se = "Hur?" }', ["study.toml:12:", "has words only in “se”", "there are sv"]),
        ('text = "Hur?"', 'text = "a\\u0000b"', ["study.toml:12:", "control character U+0000"]),
        ('id = "q1"', 'id = "Q 1"', ["question Q 1", "is not an id", "for example “q-1”"]),
        ('id = "q1"', 'id = "index"', ["cannot be used"]),
        ('id = "q1"', f'id = "{"q" * 65}"', ["65 characters long"]),
        ('answers = "a.csv"', "", ["study.toml", "wave 1: “answers” is missing; write answers = \"…\""]),
        ('answers = "a.csv"', 'answers = "a.csv"\nwieght = "w"', ["study.toml:6: wave 1, “wieght”", "mean “weight”?"]),
        ('answers = "a.csv"', 'answers = "a.csv"\nwhere = { a = 1, b = 2 }', ["must name one column"]),
        ('answers = "a.csv"', 'answers = "a.csv"\nstart = 2021-09-01T10:00:00', ["not a date with a time"]),
        ('answers = "a.csv"', 'answers = "a.csv"\npopulation = 3.5', ["must be a whole number, not 3.5"]),
        ('label = "Ja" }', 'label = "Ja", role = "dontknow" }', ["did you mean “dont-know”?"]),
        ('label = "Ja" }', 'label = "Ja", role = "NO-ANSWER" }', ["did you mean “no-answer”?"]),
        ('label = "Ja" }', 'label = "Ja", lable = "x" }', ["category 1, “lable”", "did you mean “label”?"]),
        ('{ code = 1, label = "Ja" }', '{ label = "Ja" }', ["category 1: has neither a code nor an id"]),
        ("code = 1", "code = nan", ["must be a number or text", "not nan"]),
        ("code = 1", "code = true", ["not true or false"]),
        ("categories = [", 'codes = "degre"\nx = [', ["there is no code list “degre”"]),
        ("categories = [", 'synthetic = "yes"\ncategories = [', ["“synthetic”: there is no such key"]),
        ('sv = "Titel"', "", ["“title”: has no words in any language"]),
        ('title = { sv = "Titel" }', 'title = "Titel"', ['write languages = ["sv"] or languages = ["en"]']),
        ('kind = "single"', 'kind = "single"\nscale = true', ["“scale”: is for the items of a grid", 'kind = "scale"']),
        ('kind = "single"', 'kind = "grid"\nmean = true', ["“mean”: is for single scales", "scale = true"]),
        ("[[wave]]", "[wave]", ["must be a list in brackets, not a table"]),
    ],
)  # fmt: skip
def test_faults_name_line_place_and_remedy(tmp_path: Path, right: str, wrong: str, says: list[str]) -> None:
    assert right in MINIMAL
    message = refusal(tmp_path, MINIMAL.replace(right, wrong, 1))
    for words in says:
        assert words in message
    assert message.startswith("study.toml")


def test_all_faults_of_a_file_come_at_once(tmp_path: Path) -> None:
    message = refusal(
        tmp_path, MINIMAL.replace('kind = "single"', 'knd = "single"').replace('title = "A"', "title = 1")
    )
    assert len(message.splitlines()) == 3
    assert all(line.startswith("study.toml:") for line in message.splitlines())


def test_a_thousand_faults_are_not_all_shown(tmp_path: Path) -> None:
    message = refusal(tmp_path, MINIMAL + "".join(f"key{number} = 1\n" for number in range(1000)))
    assert len(message.splitlines()) == 51
    assert "and 950 more" in message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('id = "s', "study.toml:1:8: a text goes over the end of its line"),
        ('id = "s"\nid = "t"', "study.toml:2:9: this key stands twice in its table"),
        ("id = s", "study.toml:1:6: the value is no text in quotation marks"),
        ("id", "study.toml:1:3: “=” is missing after a key"),
        ('id = "s"\na = [1, 2\nb = 3', "study.toml:3:1: a list is not closed"),
        ("[a]\nx = 1\n[a]\ny = 1", "study.toml:3:3: this table stands twice"),
        ('id = "a\\b c"\nx = "\\q"', "“\\” stands for special characters"),
        ("a = 2021-02-30", "there is no such date"),
        ('id = "s" title = "t"', "study.toml:1:10: something stands after the value"),
    ],
)
def test_syntax_errors_in_plain_words(tmp_path: Path, text: str, says: str) -> None:
    assert says in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"a = " + b"[" * 100_000, "too deep"),
        (b"a = " + b"{a=" * 100_000, "too deep"),
        (b"a = " + b"9" * 10_000, "too deep or too long"),
        (b"#" * (LARGEST + 1), "larger than 16 MB"),
        (b"", "“title” is missing"),
        ('title = "Titel å"'.encode("latin-1"), "study.toml:1: is not UTF-8"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"\x00", "study.toml:1:1"),
        (b"a." * 5000 + b"b = 1", "“a”: there is no such key"),
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, text: bytes, says: str) -> None:
    assert says in refusal(tmp_path, text)


def test_ten_megabytes_are_read_and_judged(tmp_path: Path) -> None:
    more = "".join(f"# {'x' * 1000}\n" for _ in range(10_000))
    assert read(tmp_path, more + MINIMAL)[0].id == "s"


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    study, _ = read(tmp_path, b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert study.question("q1").text == Text((("sv", "Hur?"),))


def test_scripts_and_formulas_are_data(tmp_path: Path) -> None:
    label = "<script>alert(1)</script> =cmd|'/c calc'!A1 {{ 7*7 }} \u202e"
    study, _ = read(tmp_path, MINIMAL.replace("Hur?", label.replace("\\", "\\\\")))
    assert study.question("q1").text.words[0][1] == label


def test_answers_may_lie_outside_the_folder(tmp_path: Path) -> None:
    """The author runs the program with their own rights, and answers are rightly kept apart from what is shared."""
    _, sources = read(tmp_path, MINIMAL.replace("a.csv", "../protected/a.csv"))
    assert sources.waves[0].answers == tmp_path / ".." / "protected" / "a.csv"
    _, sources = read(tmp_path, MINIMAL.replace("a.csv", "/protected/a.csv"))
    assert sources.waves[0].answers == Path("/protected/a.csv")


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="there is no such file; `saklig init` drafts one"):
        read_study(tmp_path / "study.toml")
    with pytest.raises(StudyError, match="this is a folder"):
        read_study(tmp_path)


def test_the_json_form_has_no_columns(tmp_path: Path) -> None:
    study, _ = read(tmp_path, MINIMAL)
    data = study_to_dict(study)
    assert isinstance(data["section"], list)
    data["section"][0]["question"][0]["variable"] = "name"
    with pytest.raises(StudyError, match=r"study.json: section a, question q1, “variable”: there is no such key"):
        study_from_dict(data)


def test_the_json_form_of_something_else_is_refused() -> None:
    for data in ({}, {"id": 1}, {"section": {}}, {"section": [1]}, {"codes": {"x": 1}}, {"title": {"sv": "\ud800"}}):
        with pytest.raises(StudyError, match=r"^edition/study.json: "):
            study_from_dict(data, "edition/study.json")
    nested: dict[str, object] = {}
    for _ in range(100_000):
        nested = {"title": nested}
    with pytest.raises(StudyError):
        study_from_dict(nested)
