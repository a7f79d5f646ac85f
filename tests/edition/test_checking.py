from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from edition_by_hand import PUBLICATION, category, rows, study

from saklig.edition.agreeing import disagreements
from saklig.edition.checking import check_edition
from saklig.edition.errors import EditionError
from saklig.edition.facts import Fact, facts_from
from saklig.edition.locating import changed_rows, fingerprints
from saklig.edition.package import own_hash
from saklig.edition.reading import open_edition
from saklig.edition.writing import make_edition, write_edition
from saklig.study.model import CodeList, Kind, Role

FILES = ("README", "datapackage.json", "facts.parquet", "study.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_edition(make_edition(study(), PUBLICATION, facts_from(rows())), tmp_path)


def test_a_whole_edition_has_no_findings(folder: Path) -> None:
    assert check_edition(folder) == ()


@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_anywhere_is_found_and_its_file_named(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    places = {0, len(whole) - 1, *random.Random(name).sample(range(len(whole)), 40)}
    for place in sorted(places):
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 8)
        (folder / name).write_bytes(bytes(changed))
        findings = check_edition(folder)
        assert name in {finding.file for finding in findings}, f"byte {place}"
    (folder / name).write_bytes(whole)
    assert check_edition(folder) == ()


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut_or_gone_is_named(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    assert name in {finding.file for finding in check_edition(folder)}
    (folder / name).unlink()
    if name == "datapackage.json":
        with pytest.raises(EditionError, match="datapackage"):
            check_edition(folder)
    else:
        assert name in {finding.file for finding in check_edition(folder)}


def test_a_file_too_many_is_named(folder: Path) -> None:
    (folder / "answers.csv").write_text("1;2;3")
    assert [finding.file for finding in check_edition(folder)] == ["answers.csv"]


def rewritten(folder: Path, facts: list[Fact]) -> None:
    """As one who knows how: other rows in facts.parquet, and its new hash in the descriptor."""
    import hashlib

    other = write_edition(make_edition(study(), PUBLICATION, facts_from(facts)), folder.parent / "other")
    shutil.copyfile(other / "facts.parquet", folder / "facts.parquet")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    content = (folder / "facts.parquet").read_bytes()
    package["resources"][0] |= {"bytes": len(content), "hash": "sha256:" + hashlib.sha256(content).hexdigest()}
    text = (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()
    package["saklig"]["descriptor"] = own_hash(text)
    text = (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()
    (folder / "datapackage.json").write_bytes(text)


def test_the_address_of_a_row_that_was_changed_is_named(folder: Path) -> None:
    facts = rows()
    for place, fact in enumerate(facts):
        if fact.value is None:
            continue
        changed = replace(fact, value=fact.value + (1 if fact.value < fact.upper else -1))
        rewritten(folder, [*facts[:place], changed, *facts[place + 1 :]])
        addresses = {finding.address for finding in check_edition(folder)}
        edition = make_edition(study(), PUBLICATION, facts_from(facts))
        assert str(edition.address(fact, permanent=False)) in addresses
    with pytest.raises(EditionError, match="not the edition that it says"):
        open_edition(folder)


def test_two_changed_rows_of_a_question_name_the_question() -> None:
    written = fingerprints(facts_from(rows()), study())
    listed = rows()
    listed[0], listed[1] = replace(listed[0], value=1), replace(listed[1], value=2)
    assert changed_rows(facts_from(listed), study(), written) == (("2021/q1", None),)
    assert changed_rows(facts_from(rows()), study(), written) == ()
    assert ("2023/q2.b", None) in changed_rows(facts_from(rows()[:-4]), study(), written)


def test_an_edition_in_a_folder_of_another_name_is_noticed(folder: Path) -> None:
    moved = folder.rename(folder.with_name("0123456789abcdef"))
    assert ["another edition" in finding.message for finding in check_edition(moved)] == [True]


def with_first(**fields: object) -> list[Fact]:
    listed = rows()
    return [replace(listed[0], **fields), *listed[1:]]  # type: ignore[arg-type]


def place(address: str, **fields: object) -> list[Fact]:
    listed = rows()
    edition = make_edition(study(), PUBLICATION, facts_from(listed))
    wanted = edition.fact(address)
    return [replace(fact, **fields) if fact == wanted else fact for fact in listed]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (with_first(value=29, upper=99), "sum to 102 and not to 100"),
        (with_first(count=21), "counts of the distribution sum to 77, and the base is 76"),
        (with_first(base=77), "different bases"),
        (with_first(value=101, upper=101), "not between 0 and 100"),
        (with_first(lower=27), "outside its own interval"),
        (with_first(count=77), "count is larger"),
        (with_first(se=-1), "negative"),
        (place("liten.2021/q1/2-3", value=78, upper=90), "the net is 78 and its parts sum to 73"),
        (place("liten.2021/q1/1@storlek=liten", base=30), "the groups by storlek sum to 81"),
        (place("liten.2021/q1~mean", value=29), "does not lie between the groups by storlek"),
    ],
)
def test_numbers_that_cannot_be_are_named(facts: list[Fact], said: str) -> None:
    assert any(said in message for _, message in disagreements(facts_from(facts), study()))


def test_numbers_that_can_be_are_not() -> None:
    assert list(disagreements(facts_from(rows()), study())) == []
    # 33 + 33 + 33 is 99: rounding explains it.
    assert list(disagreements(facts_from(rows(q1=(26, 26, 26))), study())) == []


def test_numbers_outside_all_classes_are_in_no_row_of_their_distribution() -> None:
    unsure = CodeList(id="unsure", categories=(category(98, "Vet ej", Role.DONT_KNOW),))
    asked = study()
    years = replace(asked.question("q1"), kind=Kind.NUMERIC, codes=unsure, nets=(), mean=False)
    numbers = replace(asked, sections=(replace(asked.sections[0], questions=(years, asked.question("q2"))),))
    few = Fact(wave="2021", question="q1", category="98", count=2, base=76, value=3, lower=0, upper=9)
    assert list(disagreements(facts_from([few]), numbers)) == []
    many = replace(few, count=77, value=101, upper=102)
    assert any("sum to" in message for _, message in disagreements(facts_from([many]), numbers))
