from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from saklig.answers.model import AnswersError
from saklig.compilation.compiling import compile_edition
from saklig.compilation.publishing import PublishingError, exclusively
from saklig.compilation.remembering import audit_file, recall, remember
from saklig.compilation.verifying import recompute
from saklig.disclosure.pattern import FamilyPattern, Pattern
from saklig.study.problems import StudyError

FAMILY = FamilyPattern(
    wave="2021", parts=(("q1", ""),), own="0" * 64, key="1" * 64, withheld={"storlek=liten": 1}, audited=60
)
PATTERN = Pattern(audit="full", families=(FAMILY,))


def test_an_edition_says_who_answered_and_what_is_not_translated(study: Path) -> None:
    publication = compile_edition(study).publication
    (response,) = publication.responses
    assert (response.wave, response.respondents, response.weighted, response.clustered) == ("2021", 60, False, False)
    assert publication.missing_translations == ("section 1/question q1/label: en",)
    assert not publication.draft


def test_respondents_are_counted_by_stratum(study: Path) -> None:
    text = study.read_text(encoding="utf-8")
    strata = 'answers = "answers.csv"\nstrata = "storlek"\npopulation = { 1 = 100, 2 = 200 }'
    study.write_text(text.replace('answers = "answers.csv"', strata), encoding="utf-8")
    (response,) = compile_edition(study).publication.responses
    assert set(response.by_stratum) == {"1", "2"}
    assert sum(response.by_stratum.values()) == 60


SCRIPT = """
import sys
from pathlib import Path
import pyarrow
pyarrow.set_cpu_count(int(sys.argv[2]))
from saklig.compilation.compiling import compile_edition
print(compile_edition(Path(sys.argv[1]), remembered=False).id)
"""


@pytest.mark.parametrize(("threads", "seed"), [("1", "0"), ("8", "4711")])
def test_another_process_gives_the_same_id(study: Path, threads: str, seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads}
    command = [sys.executable, "-c", SCRIPT, str(study), threads]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == compile_edition(study).id


def test_progress_goes_from_nothing_to_all(study: Path) -> None:
    steps: dict[str, list[tuple[int, int]]] = {}
    compile_edition(study, progress=lambda stage, done, total: steps.setdefault(stage, []).append((done, total)))
    assert set(steps) == {"answers", "protection"}
    for done, total in (stage[-1] for stage in steps.values()):
        assert done == total


def test_recomputing_finds_what_the_answers_do_not_give(study: Path) -> None:
    edition = compile_edition(study)
    now, difference = recompute(edition, study)
    assert now.id == edition.id
    assert difference.alike
    value = edition.facts.value.copy()
    value[0] += 1
    now, difference = recompute(replace(edition, facts=replace(edition.facts, value=value)), study)
    assert [change.columns for change in difference.changed] == [("value",)]
    assert difference.changed[0].new.value == now.facts.value[0]


def test_what_the_audit_found_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    assert recall(tmp_path, "liten") is None
    remember(PATTERN, tmp_path, "liten")
    assert recall(tmp_path, "liten") == PATTERN
    assert recall(tmp_path, "annan") is None
    assert stat.S_IMODE(audit_file(tmp_path, "liten").stat().st_mode) == 0o600


def test_a_damaged_memory_is_as_good_as_none(tmp_path: Path) -> None:
    remember(PATTERN, tmp_path, "liten")
    path = audit_file(tmp_path, "liten")
    whole = path.read_bytes()
    for content in (b"", b"null", b"[]", whole[:-9], b"[" * 100_000, whole.replace(b"liten", b"stor_"), b"\xff"):
        path.write_bytes(content)
        assert recall(tmp_path, "liten") is None, content[:40]
    kept = json.loads(whole)
    kept["pattern"]["families"] = []
    path.write_text(json.dumps(kept))
    assert recall(tmp_path, "liten") is None


def test_a_folder_that_cannot_be_written_to_is_no_fault(tmp_path: Path) -> None:
    remember(PATTERN, tmp_path / "nowhere", "liten")
    assert recall(tmp_path / "nowhere", "liten") is None


def organisations(study: Path) -> None:
    text = study.read_text(encoding="utf-8").replace('policy = "public"', 'policy = "organisations"')
    study.write_text(text, encoding="utf-8")


def test_the_edition_does_not_depend_on_what_is_remembered(study: Path) -> None:
    organisations(study)
    anew = compile_edition(study, remembered=False)
    assert not audit_file(study.parent, "liten").exists()
    first, second = compile_edition(study), compile_edition(study)
    assert anew.id == first.id == second.id
    kept = audit_file(study.parent, "liten").read_text()
    # Another study's memory under this one's name: its key does not fit, and the audit is made anew.
    foreign = recall(study.parent, "liten")
    assert foreign is not None
    families = tuple(replace(family, own="f" * 64, key="f" * 64, withheld={}) for family in foreign.families)
    remember(replace(foreign, families=families), study.parent, "liten")
    assert compile_edition(study).id == anew.id
    assert audit_file(study.parent, "liten").read_text() == kept


def test_what_is_wrong_names_the_file(study: Path) -> None:
    with pytest.raises(StudyError, match=r"nowhere\.toml"):
        compile_edition(study.with_name("nowhere.toml"))
    study.with_name("answers.csv").unlink()
    with pytest.raises(AnswersError, match=r"answers\.csv"):
        compile_edition(study)


def test_one_run_at_a_time_publishes(tmp_path: Path) -> None:
    with exclusively(tmp_path):
        script = (
            "import sys\nfrom pathlib import Path\nfrom saklig.compilation.publishing import exclusively\n"
            "with exclusively(Path(sys.argv[1])): pass"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "another run is publishing here" in done.stderr
    with exclusively(tmp_path):
        pass
    with pytest.raises(PublishingError, match="another run"), exclusively(tmp_path), exclusively(tmp_path):
        pass
