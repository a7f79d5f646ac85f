"""What published editions were made of, kept beside the answers, and what happens where it is not."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from saklig.answers.model import Answers, Coded, Marked, Measured
from saklig.compilation.compiling import compile_bound, compile_edition, read_and_bind
from saklig.compilation.publishing import Published, PublishingError, exclusively, publish_edition
from saklig.compilation.recording import RecordError, record, record_file, recorded
from saklig.compilation.verifying import recompute
from saklig.design.model import Design


def arrays_of(answers: Answers, design: Design) -> Iterator[tuple[str, object]]:
    for key, column in answers.columns.items():
        yield f"{key}", (type(column), column.codes.tolist())
        match column:
            case Coded():
                continue
            case Marked():
                yield f"{key} marks", column.marks.tolist()
            case Measured():
                yield f"{key} values", (column.values.tolist(), column.decimals)
    yield from ((name, codes.tolist()) for name, codes in answers.backgrounds.items())
    for value in (answers, design):
        for name in ("wave", "n", "weights", "weighted", "strata", "stratum_ids", "persons", "scale", "intervals",
                     "stratum", "cluster", "clusters_by_stratum", "fraction", "population", "later",
                     "lonely", "interval"):  # fmt: skip
            found = getattr(value, name, None)
            yield f"{type(value).__name__} {name}", found.tolist() if isinstance(found, np.ndarray) else found

    if (adjustment := design.adjustment) is not None:
        for name in ("index", "basis", "inner", "after"):
            found = getattr(adjustment, name)
            yield f"adjustment {name}", found if found is None else (found.tolist(), str(found.dtype))


def confidential(study: Path) -> Path:
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace('policy = "public"', 'policy = "organisations"'), encoding="utf-8")
    return study


def publish(study: Path, *, draft: bool = False) -> Published:
    out = study.parent.parent / "out"
    with exclusively(out):
        return publish_edition(read_and_bind(study), out, draft=draft)


def correct(study: Path) -> None:
    """Another answer of the first respondent to the first question."""
    path = study.with_name("answers.csv")
    head, first, *rest = path.read_text(encoding="utf-8").splitlines()
    place = head.split(",").index("q1")
    cells = first.split(",")
    cells[place] = "2" if cells[place] != "2" else "1"
    path.write_text("\n".join([head, ",".join(cells), *rest]) + "\n", encoding="utf-8")


def test_a_record_is_read_as_it_was_kept(study: Path, tmp_path: Path) -> None:
    """Also of the example, which has every kind of question, strata, persons and two waves."""
    example = shutil.copytree(Path(__file__).parents[2] / "examples" / "kommun", tmp_path / "example") / "study.toml"
    text = example.read_text(encoding="utf-8")
    open_one = text.replace('policy = "organisations"', 'policy = "public"')  # to be quick: nothing is audited
    assert open_one != text
    example.write_text(open_one, encoding="utf-8")
    for path in (confidential(study), example):
        made = compile_bound(read_and_bind(path), remembered=False).protected
        kept = made.as_earlier("0" * 16)
        assert record(kept, tmp_path)
        again = recorded(tmp_path, kept.study.id, "0" * 16)
        assert (again.edition, again.audited_with, again.study, again.policy) == (
            kept.edition, kept.audited_with, kept.study, kept.policy,
        )  # fmt: skip
        assert again.pattern == kept.pattern
        for (one, drawn), (two, also) in zip(kept.waves, again.waves, strict=True):
            assert dict(arrays_of(one, drawn)) == dict(arrays_of(two, also))


def test_it_is_for_its_owner_alone_and_of_published_editions_only(study: Path) -> None:
    confidential(study)
    folder = study.parent / ".saklig-published-liten"
    publish(study, draft=True)
    assert not folder.exists()
    edition = publish(study).edition
    assert [path.name for path in folder.iterdir()] == [f"{edition.short_id}.npz"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(record_file(study.parent, "liten", edition.short_id).stat().st_mode) == 0o600


def test_a_correction_is_audited_with_what_it_corrects_and_can_be_verified(study: Path) -> None:
    first = publish(confidential(study))
    assert not publish(study).new
    correct(study)
    second = publish(study)
    assert second.edition.publication.protection.audited_with == (first.edition.short_id,)
    assert not publish(study).new
    assert compile_edition(study).id != second.edition.id  # alone it would have been another
    now, difference = recompute(second.edition, study)
    assert now.id == second.edition.id
    assert difference.alike


def test_the_first_answers_again_are_the_first_edition_again(study: Path) -> None:
    first = publish(confidential(study))
    answers = study.with_name("answers.csv").read_bytes()
    correct(study)
    publish(study)
    study.with_name("answers.csv").write_bytes(answers)
    assert publish(study).edition.id == first.edition.id


def test_a_record_that_is_missing_is_made_again_where_the_answers_give_the_edition(study: Path) -> None:
    edition = publish(confidential(study)).edition
    path = record_file(study.parent, "liten", edition.short_id)
    path.unlink()
    assert not publish(study).new
    assert path.exists()


def test_in_a_folder_that_cannot_be_written_to_the_same_is_published_again(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr("saklig.compilation.recording.write_file", refuse)
    assert publish(confidential(study)).new
    again = publish(study)
    assert (again.new, again.recorded) == (False, False)


def test_without_the_list_of_editions_nothing_is_published_over_them(study: Path) -> None:
    publish(confidential(study))
    (study.parent.parent / "out/editions/editions.js").unlink()
    with pytest.raises(PublishingError, match=r"editions.js: is missing, and editions were published here"):
        publish(study)


def test_what_is_published_openly_is_not_audited_with_anything(study: Path) -> None:
    text = study.read_text(encoding="utf-8")
    publish(confidential(study))
    study.write_text(text, encoding="utf-8")
    assert publish(study).edition.publication.protection.audited_with == ()


def test_without_a_record_nothing_else_is_published(study: Path) -> None:
    edition = publish(confidential(study)).edition
    correct(study)
    path = record_file(study.parent, "liten", edition.short_id)
    whole = path.read_bytes()
    path.unlink()
    with pytest.raises(RecordError, match=f"{edition.short_id}.npz: is missing"):
        publish(study)
    for content in (b"", b"no archive", whole[:500], whole.replace(b"saklig record 1", b"saklig record 9")):
        path.write_bytes(content)
        with pytest.raises(RecordError, match=r"cannot be read; put it back"):
            publish(study)
    path.write_bytes(whole)
    assert publish(study).new


def test_what_was_published_openly_stays_so(study: Path) -> None:
    publish(study)  # under the policy "public"
    second = publish(confidential(study))
    assert second.edition.publication.protection.audited_with == ()


def test_a_folder_that_cannot_be_written_to_is_said(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr("saklig.compilation.recording.write_file", refuse)
    assert not publish(confidential(study)).recorded
    monkeypatch.undo()
    assert publish(study).recorded


def test_a_record_is_made_again_of_an_edition_from_before_changes_were_published(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two waves; the edition has no change between them, and the answers give it all the same."""
    text = confidential(study).read_text(encoding="utf-8")
    start = text.index("[[wave]]")
    end = text.find("\n[", start + 8)
    wave = text[start : end if end > 0 else len(text)]
    earlier = wave.replace("2021", "2020").replace("answers.csv", "then.csv")
    study.write_text(text.replace(wave, earlier + "\n" + wave), encoding="utf-8")
    study.with_name("then.csv").write_bytes(study.with_name("answers.csv").read_bytes())
    correct(study)
    with monkeypatch.context() as before:
        before.setattr("saklig.compilation.compiling.with_changes", lambda facts, *_: facts)
        edition = publish(study).edition
    path = record_file(study.parent, "liten", edition.short_id)
    path.unlink()
    now = publish(study).edition
    assert len(now.facts) > len(edition.facts)
    assert path.exists()
