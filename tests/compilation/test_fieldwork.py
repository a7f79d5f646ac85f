"""Fieldwork from the study file to the edition, and over editions."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from saklig.answers.cases import disposition_of
from saklig.compilation.compiling import compile_edition, read_and_bind
from saklig.compilation.publishing import publish_edition
from saklig.compilation.recording import recorded
from saklig.compilation.verifying import recompute
from saklig.edition.fieldwork import FieldworkReport
from saklig.edition.reading import open_edition
from saklig.study.fieldwork import Disposition

ENDED = ["1.1"] * 60 + ["2.10"] * 20 + ["2.2"] * 28 + ["2.30"] * 8 + ["3.10"] * 6 + ["3.20"] * 7 + ["4.70"] * 11


def write(study: Path, fieldwork: str, ended: list[str] = ENDED) -> Path:
    """The study of these tests with its fieldwork, a policy that protects, and a file of cases."""
    text = study.read_text(encoding="utf-8")
    text = text.replace('answers = "answers.csv"\n', f'answers = "answers.csv"\n{fieldwork}\n', 1)
    text = text.replace('policy = "public"', 'policy = "sample"')
    study.write_text(text, encoding="utf-8")
    draw = random.Random(7)
    lines = [f"{number},{draw.choice([1, 2])},{code}" for number, code in enumerate(ended)]
    draw.shuffle(lines)
    (study.parent / "sample.csv").write_text("\n".join(["nr,storlek,utfall", *lines]) + "\n", encoding="utf-8")
    return study


FROM_FILE = '[wave.fieldwork]\ncases = "sample.csv"\ncase = "nr"\ndisposition = "utfall"\n'
COUNTED = "[wave.fieldwork]\ndispositions = { I = 60, R = 20, NC = 28, O = 8, UH = 6, UO = 7, NE = 11 }\n"


def report(study: Path) -> FieldworkReport:
    (found,) = compile_edition(study, remembered=False).publication.fieldwork
    return found


def test_counts_and_a_file_of_cases_say_the_same_of_everybody(study: Path) -> None:
    listed = report(write(study, FROM_FILE))
    assert (listed.whole.cases, listed.whole.answered) == (140, 60)
    assert {each.value: count for each, count in listed.whole.counts.items()} == {
        "I": 60, "P": 0, "R": 20, "NC": 28, "O": 8, "UH": 6, "UO": 7, "NE": 11,
    }  # fmt: skip
    assert listed.backgrounds == ("storlek",)
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace(FROM_FILE, COUNTED), encoding="utf-8")
    counted = report(study)
    assert counted.whole == listed.whole
    assert counted.backgrounds == ()


def test_an_edition_holds_its_report_and_is_recomputed(study: Path, tmp_path: Path) -> None:
    write(study, FROM_FILE)
    published = publish_edition(read_and_bind(study), tmp_path / "out")
    edition = open_edition(published.folder)
    assert edition.publication.fieldwork == published.edition.publication.fieldwork
    again, difference = recompute(edition, study)
    assert again.id == edition.id
    assert difference.alike
    assert recorded(study.parent, "liten", edition.short_id).fieldwork == edition.publication.fieldwork
    assert not publish_edition(read_and_bind(study), tmp_path / "out").new


def test_a_corrected_case_is_published_with_regard_to_what_was(study: Path, tmp_path: Path) -> None:
    write(study, FROM_FILE)
    first = publish_edition(read_and_bind(study), tmp_path / "out").edition
    sample = study.parent / "sample.csv"
    sample.write_text(sample.read_text(encoding="utf-8").replace(",2.10\n", ",2.2\n", 1), encoding="utf-8")
    published = publish_edition(
        read_and_bind(study), tmp_path / "out", corrects=first.short_id, reason="Ett fall var fel."
    )
    (now,) = published.edition.publication.fieldwork
    assert now.whole.counts[Disposition.REFUSAL] is None
    assert now.whole.answered == 60
    assert published.edition.publication.protection.audited_with == (first.short_id,)
    again, difference = recompute(open_edition(published.folder), study)
    assert again.id == published.edition.id
    assert difference.alike


def test_a_wave_says_its_e(study: Path) -> None:
    found = report(write(study, FROM_FILE + 'eligibility = 0.5\nreason = "Stickprov av 40 adresser"\n'))
    assert (found.eligible, found.estimated) == (500, False)
    assert compile_edition(study, remembered=False).study.waves[0].eligibility is not None


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("1.1", 1.1, "I", "i"), "I"),
        (("1.2", 1.2, 1.21), "P"),
        (("2.10", 2.1, 2.11, "2.12", 2.111), "R"),
        (("2.20", 2.2, 2.25), "NC"),
        ((2.3, 2.31, 2.36, 2.9), "O"),
        ((3.1, "3.10", 3.19), "UH"),
        ((3.2, 3.31, 3.9), "UO"),
        ((4.1, 4.7, 4, "4.70"), "NE"),
    ],
)
def test_aapors_own_codes(codes: tuple[int | float | str, ...], expected: str) -> None:
    assert {disposition_of(code, {}) for code in codes} == {Disposition(expected)}


@pytest.mark.parametrize("code", [1, 2, 3, 5.1, 0, "x", "1.1.1", "2.x", "2.", "I P", ""])
def test_what_is_no_code_of_aapors(code: float | str) -> None:
    assert disposition_of(code, {}) is None


def test_a_study_maps_its_own_codes() -> None:
    codes = {"5": Disposition.REFUSAL, "Ej anträffad": Disposition.NON_CONTACT}
    assert disposition_of(5, codes) is Disposition.REFUSAL
    assert disposition_of(7, codes, "Ej anträffad") is Disposition.NON_CONTACT
    assert disposition_of("1.1", codes) is None  # whoever maps codes maps all of them


def test_cases_are_small_integers_and_nobodys_name(study: Path) -> None:
    bound = read_and_bind(write(study, FROM_FILE))
    (cases,) = bound.cases
    assert cases.n == 140
    assert cases.counts.tolist() == [60, 0, 20, 28, 8, 6, 7, 11]
    assert set(cases.backgrounds) == {"storlek"}
