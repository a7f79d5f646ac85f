"""What is said in Swedish where nothing is wrong, and that no edition depends on the language that is spoken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from faults_study import answers, write_answers, write_study
from swedish import english_words

Saklig = Callable[..., Any]
CSV = """\
mejl;kon;q1;q2;vikt;nr;fritext
anna@exempel.se;Kvinna;1;Instämmer helt;1,5;1;Det var bra
bo@exempel.se;Man;2;Instämmer delvis;1,0;2;
cia@exempel.se;Kvinna;1;Instämmer inte alls;0,5;3;Mer tid
""" + "".join(
    f"p{row}@exempel.se;{'Man' if row % 2 else 'Kvinna'};{1 + row % 3};Instämmer helt;1,0;{row};\n"
    for row in range(4, 40)
)


def test_the_same_edition_in_every_language(saklig: Saklig, study: Path) -> None:
    editions = {
        language: json.loads(
            saklig("publish", study, "--out", language, "--only", "edition", "--json", "--language", language).out
        )["edition"]
        for language in ("en", "sv")
    }
    assert editions["en"] == editions["sv"]
    for name in ("study.json", "datapackage.json", "README", "facts.parquet"):
        english, swedish = (next(Path(language, "editions").glob(f"*/{name}")) for language in editions)
        assert english.read_bytes() == swedish.read_bytes()


def test_remarks_in_swedish(saklig: Saklig, tmp_path: Path) -> None:
    study = write_study(tmp_path / "study", ('kind = "multiple"', 'kind = "multiple"\n  at_most = 1'))
    odd = ["0,norr,1,2,1", "0,norr,7,1,1", "0,syd,,1,2"] * 5  # no weight; not asked, and yet answered; in no group
    write_answers(study.parent, *answers(), *odd)
    said = saklig("check", study, "--language", "sv")
    assert said.code == 0
    assert "Anmärkningar om svaren och urvalet:" in said.out
    for words in ("med vikten 0", "fast de inte skulle få frågan", "hör inte till någon grupp", "alla räknas"):
        assert words in said.out
    assert not english_words(said.out.replace("population", "").replace("weighting", "")), said.out


def test_untranslated_texts_in_swedish(saklig: Saklig, tmp_path: Path) -> None:
    study = write_study(tmp_path / "study", (', en = "What with"', ""))
    assert "avsnitt 1, fråga q2, ”label”: en" in saklig("check", study, "--language", "sv").out
    assert "section 1, question q2, “label”: en" in saklig("check", study).out


@pytest.mark.parametrize(("language", "said"), [("sv", "Utkast av svar.csv"), ("en", "Drafted from svar.csv")])
def test_a_draft_is_commented_in_the_language_that_is_spoken(saklig: Saklig, language: str, said: str) -> None:
    Path("svar.csv").write_text(CSV, encoding="utf-8")
    drafted = saklig("init", "svar.csv", "--out", "study.toml", "--language", language)
    assert drafted.code == 0
    lines = Path("study.toml").read_text(encoding="utf-8").splitlines()
    comments = "\n".join(line for line in lines if line.lstrip().startswith("#"))
    assert said in comments
    if language == "sv":
        assert "en e-postadress" in drafted.out
        assert not english_words(drafted.out)
        assert not english_words(comments), comments


def test_a_draft_says_the_same_of_the_survey_in_every_language(saklig: Saklig) -> None:
    Path("svar.csv").write_text(CSV, encoding="utf-8")
    studies = []
    for language in ("en", "sv"):
        assert saklig("init", "svar.csv", "--out", f"{language}.toml", "--language", language).code == 0
        lines = Path(f"{language}.toml").read_text(encoding="utf-8").splitlines()
        studies.append([line for line in lines if not line.lstrip().startswith("#")])
    assert studies[0] == studies[1]
