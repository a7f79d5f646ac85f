from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from edition_by_hand import PUBLICATION, rows, study

from saklig.edition.edition import Edition
from saklig.edition.errors import EditionError, TamperedError
from saklig.edition.facts import ADDRESS_COLUMNS, NUMBER_COLUMNS, Fact, Labels, Status, facts_from
from saklig.edition.hashing import canonical_rows
from saklig.edition.publication import Correction, Publication
from saklig.edition.reading import open_edition
from saklig.edition.statement import statement_bytes
from saklig.edition.whole import remove_leftovers, whole_folder
from saklig.edition.writing import make_edition, write_edition


@pytest.fixture
def made() -> Edition:
    return make_edition(study(), PUBLICATION, facts_from(rows()))


def test_what_is_written_is_read(made: Edition, tmp_path: Path) -> None:
    folder = write_edition(made, tmp_path / "editions")
    assert folder.name == made.short_id
    assert sorted(path.name for path in folder.iterdir()) == [
        "README",
        "datapackage.json",
        "facts.parquet",
        "study.json",
    ]
    found = open_edition(folder)
    assert (found.id, found.study, found.publication) == (made.id, made.study, made.publication)
    assert found.facts.rows(slice(None)) == made.facts.rows(slice(None))


def test_a_correction_and_a_draft_are_read_again(made: Edition, tmp_path: Path) -> None:
    publication = replace(
        PUBLICATION,
        draft=True,
        corrects=Correction(edition="0123456789abcdef", reason="Fel vikt i Norrland"),
        findings=("a remark",),
        missing_translations=("question q1: en",),
    )
    publication = replace(publication, protection=replace(publication.protection, folded=(("storlek", "alla"),)))
    edition = make_edition(study(), publication, made.facts)
    folder = write_edition(edition, tmp_path)
    assert open_edition(folder).publication == publication
    readme = (folder / "README").read_text(encoding="utf-8")
    assert "Fel vikt i Norrland" in readme
    assert "UTKAST" in readme
    assert "DRAFT" in readme


def test_the_id_is_what_the_readme_says(made: Edition, tmp_path: Path) -> None:
    """`cat study.json rows.tsv | sha256sum`, the rows being written without the program's own code."""
    names = [*ADDRESS_COLUMNS, *NUMBER_COLUMNS, "decimals", "status"]
    lines = ["\t".join(names)]
    for fact in made.facts.rows(slice(None)):
        values = [getattr(fact, name) for name in names]
        lines.append("\t".join("" if value is None else str(value) for value in values))
    folder = write_edition(made, tmp_path)
    text = (folder / "study.json").read_bytes() + ("\n".join(lines) + "\n").encode()
    assert hashlib.sha256(text).hexdigest() == made.id


def test_the_id_does_not_depend_on_how_the_rows_are_encoded(made: Edition) -> None:
    def shuffled(labels: Labels) -> Labels:
        order = np.random.default_rng(3).permutation(len(labels.values) + 1)
        values = [*labels.values, "unused"] if "unused" not in labels.values else list(labels.values)
        place = {value: position for position, value in enumerate(values[int(at)] for at in order)}
        codes = np.array([place[labels.values[code]] for code in labels.codes], dtype=np.int32)
        return Labels(codes=codes, values=tuple(place))

    facts = replace(made.facts, address={name: shuffled(labels) for name, labels in made.facts.address.items()})
    assert list(canonical_rows(facts)) == list(canonical_rows(made.facts))


def test_each_column_and_the_order_decide_the_id(made: Edition) -> None:
    listed = list(made.facts.rows(slice(None)))
    changed = [
        [replace(listed[0], value=listed[0].value + 1), *listed[1:]],
        [replace(listed[0], df=7), *listed[1:]],
        [replace(listed[0], upper=None), *listed[1:]],
        [listed[1], listed[0], *listed[2:]],
        listed[:-1],
    ]
    ids = {make_edition(study(), PUBLICATION, facts_from(other)).id for other in changed}
    assert len(ids | {made.id}) == len(changed) + 1
    assert make_edition(study("Kommunerna"), PUBLICATION, made.facts).id != made.id
    assert make_edition(study(), replace(PUBLICATION, draft=True), made.facts).id != made.id


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import pyarrow
pyarrow.set_cpu_count(int(sys.argv[2]))
from edition_by_hand import PUBLICATION, rows, study
from saklig.edition.facts import facts_from
from saklig.edition.writing import make_edition
print(make_edition(study(), PUBLICATION, facts_from(rows())).id)
"""


@pytest.mark.parametrize(("threads", "seed"), [("1", "0"), ("8", "4711")])
def test_other_processes_threads_and_hash_seeds_give_the_same_id(made: Edition, threads: str, seed: str) -> None:
    command = [sys.executable, "-c", SCRIPT, str(Path(__file__).parent), threads]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == made.id


def change(fact: Fact, **fields: object) -> list[Fact]:
    return [replace(fact, **fields), *rows()[1:]]  # type: ignore[arg-type]


FIRST = rows()[0]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (change(FIRST, category="5/../etc"), "not an id"),
        (change(FIRST, stat="variance"), "no statistic"),
        (change(FIRST, question="q9"), "“q9”, which the study does not have"),
        (change(FIRST, status=Status.WITHHELD), "withheld, and yet has a number in “count”"),
        (change(FIRST, value=None), "published without one"),
        (change(FIRST, status=Status.NOT_ASKED), "has a value without being published"),
        (change(FIRST, base=-1), "below 0"),
        (change(FIRST, decimals=12), "outside 0–9"),
        (change(rows()[1]), "two rows of the facts have one address"),
    ],
)
def test_rows_that_no_edition_may_hold_are_not_written(facts: list[Fact], said: str) -> None:
    with pytest.raises(EditionError, match=said):
        make_edition(study(), PUBLICATION, facts_from(facts))


def test_a_folder_in_the_place_of_another_replaces_it_whole(tmp_path: Path) -> None:
    target = tmp_path / "site"
    for words in ("old", "new"):
        with whole_folder(target) as partial:
            (partial / "page.html").write_text(words)
            (partial / f"{words}.html").write_text(words)
            if words == "new":
                assert (target / "page.html").read_text() == "old"
    assert sorted(path.name for path in target.iterdir()) == ["new.html", "page.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_where_the_system_cannot_exchange_folders_renaming_does_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda *_, **__: object())
    test_a_folder_in_the_place_of_another_replaces_it_whole(tmp_path)


def test_a_block_that_raises_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "site"
    target.mkdir()
    (target / "page.html").write_text("old")

    def stopped() -> None:
        with whole_folder(target) as partial:
            (partial / "page.html").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert (target / "page.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_leftovers_of_killed_runs_go_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".saklig-partial-x1").mkdir()
    (tmp_path / ".saklig-partial-x1" / "facts.parquet").write_text("half")
    (tmp_path / ".saklig-partial-x2").write_text("half")
    (tmp_path / "0123456789abcdef").mkdir()
    remove_leftovers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["0123456789abcdef"]


@pytest.mark.parametrize("at", range(1, 8))
def test_a_disk_that_is_full_leaves_nothing_half_written(
    made: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """The at-th time that something is made to reach the disk, the disk is full."""
    old = make_edition(study("Den förra"), PUBLICATION, made.facts)
    write_edition(old, tmp_path)
    calls = 0

    def full(_: int) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    if at <= 5:  # four files and their folder; after that the edition stands
        with pytest.raises(OSError, match="No space"):
            write_edition(made, tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == [old.short_id]
    else:
        try:
            write_edition(made, tmp_path)
        except OSError:
            assert at == 6
        assert open_edition(tmp_path / made.short_id).id == made.id
    assert open_edition(tmp_path / old.short_id).id == old.id


def hostile(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("datapackage.json", b"[]", "does not describe an edition"),
        ("datapackage.json", b"{" * 100_000, "is not JSON"),
        ("datapackage.json", b"[" * 200_000, "is not JSON"),
        ("datapackage.json", b'{"saklig": {"edition": NaN}}', "is not JSON"),
        ("datapackage.json", b"\xff\xfe", "is not JSON"),
        ("study.json", b"{}", "not of the form"),
        ("study.json", b'{"format": "saklig edition 1"}', "canonical form"),
        ("study.json", b"", "is not JSON"),
        ("facts.parquet", b"", "cannot be read"),
        ("facts.parquet", b"PAR1" + b"\0" * 100 + b"PAR1", "cannot be read"),
    ],
)
def test_a_hostile_folder_gets_a_kind_error(
    made: Edition, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    folder = write_edition(made, tmp_path)
    (folder / name).write_bytes(content)
    with pytest.raises(EditionError, match=said) as caught:
        open_edition(folder)
    assert name in str(caught.value)
    assert str(folder) in str(caught.value)


def test_a_pipe_under_a_files_name_is_not_waited_for(made: Edition, tmp_path: Path) -> None:
    folder = write_edition(made, tmp_path)
    for name in ("study.json", "facts.parquet"):
        kept = (folder / name).read_bytes()
        (folder / name).unlink()
        os.mkfifo(folder / name)
        with pytest.raises(EditionError, match=name):
            open_edition(folder)
        (folder / name).unlink()
        (folder / name).write_bytes(kept)


def test_other_columns_are_refused_by_name(made: Edition, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    folder = write_edition(made, tmp_path)
    table = pq.read_table(folder / "facts.parquet")
    pq.write_table(table.drop_columns(["se"]), folder / "facts.parquet")
    with pytest.raises(EditionError, match="does not have the columns"):
        open_edition(folder)
    pq.write_table(table.set_column(13, "value", table["value"].cast("double")), folder / "facts.parquet")
    with pytest.raises(EditionError, match="“value” is double and not int64"):
        open_edition(folder)


def test_a_number_that_was_changed_is_noticed_when_the_edition_is_opened(made: Edition, tmp_path: Path) -> None:
    folder = write_edition(made, tmp_path)
    statement = (folder / "study.json").read_text(encoding="utf-8")
    (folder / "study.json").write_text(statement.replace("Inte alls", "Jättemycket"), encoding="utf-8")
    with pytest.raises(TamperedError, match="not the edition that it says"):
        open_edition(folder)


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="no such folder"):
        open_edition(tmp_path / "nowhere")
    with pytest.raises(EditionError, match=r"there is no datapackage\.json"):
        open_edition(tmp_path)


def test_the_descriptor_describes_the_files(made: Edition, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    folder = write_edition(made, tmp_path)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
    fields = [field["name"] for field in package["resources"][0]["schema"]["fields"]]
    assert fields == pq.read_schema(folder / "facts.parquet").names


def test_the_statement_is_canonical() -> None:
    content = statement_bytes(study(), PUBLICATION)
    assert json.dumps(json.loads(content), ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n" == content
    assert isinstance(PUBLICATION, Publication)
