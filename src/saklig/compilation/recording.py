"""What each published edition was made of, kept beside the answers, so that later ones can be audited together with it.

A reader who has two editions sees what differs between them. Whether that tells of anybody can be found only from what
both were made of, and answers that were corrected are gone from the data file. So `publish` keeps, for each edition
that it publishes (not for drafts), the answers as small integers and the pattern of what was withheld, one file an
edition in a hidden folder beside the answers, `.saklig-published-<study>/`, for its owner alone. It is as confidential
as the answers; `publish` never copies it, and whoever deletes the answers deletes it too.
"""

from __future__ import annotations

import errno
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Answers, Coded, Column, Marked, Measured
from saklig.design.adjustment import Adjustment
from saklig.design.model import Design, Stage
from saklig.disclosure.earlier import Earlier
from saklig.disclosure.pattern import Pattern
from saklig.disclosure.policy import Policy
from saklig.edition.fieldwork_statement import from_report, to_report
from saklig.edition.places import Place
from saklig.edition.whole import remove_leftovers, write_file
from saklig.language.catalog import say
from saklig.study.file import study_from_dict, study_to_dict
from saklig.study.model import Interval, Lonely

FORMAT = "saklig record 1"
_ABOUT = "about"
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)

Arrays = dict[str, NDArray[Any]]


class RecordError(ValueError):
    """What an edition was made of is not there, or cannot be read: names the file and what to do."""


def record_file(folder: Path, study: str, edition: str) -> Path:
    return folder / f".saklig-published-{study}" / f"{edition}.npz"


def record(made: Earlier, folder: Path) -> bool:
    """Keeps it beside the answers; False where nothing may be written there. Raises OSError where the disk is full."""
    path = record_file(folder, made.study.id, made.edition)
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        remove_leftovers(path.parent)
        write_file(path, _bytes_of(made), private=True)
    except OSError as error:
        if error.errno not in _READ_ONLY:
            raise
        return False
    return True


def recorded(folder: Path, study: str, edition: str) -> Earlier:
    """What `record` kept of an edition, by the first 16 characters of its id. Raises RecordError."""
    path = record_file(folder, study, edition)
    if not path.is_file():
        raise RecordError(
            say(
                "{file}: is missing; it holds what the edition {edition} was made of, and without it nobody can say "
                "what the two editions tell together of a respondent. Put it back from a backup of the answers’ folder",
                file=path,
                edition=edition,
            )
        )
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            found = _earlier({name: arrays[name] for name in arrays.files})
        if found.edition != edition or found.study.id != study:
            raise ValueError("of another edition")
        return found
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile):
        raise RecordError(
            say("{file}: cannot be read; put it back from a backup of the answers’ folder", file=path)
        ) from None


def _bytes_of(made: Earlier) -> bytes:
    arrays: Arrays = {}
    waves = [_from_wave(arrays, f"{number}", *wave) for number, wave in enumerate(made.waves)]
    about = {
        "format": FORMAT,
        "edition": made.edition,
        "audited_with": list(made.audited_with),
        "policy": {"name": made.policy.name, **made.policy.values},
        "study": study_to_dict(made.study),
        "pattern": made.pattern.to_json(),
        "waves": waves,
        "fieldwork": [from_report(each) for each in made.fieldwork],
    }
    arrays[_ABOUT] = np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8)
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **arrays)
    return content.getvalue()


def _earlier(arrays: Arrays) -> Earlier:
    about = json.loads(arrays[_ABOUT].tobytes())
    if about["format"] != FORMAT:
        raise ValueError("of another form")
    return Earlier(
        edition=str(about["edition"]),
        audited_with=tuple(map(str, about["audited_with"])),
        study=study_from_dict(about["study"]),
        policy=Policy(**about["policy"]),
        waves=tuple(_to_wave(arrays, f"{number}", wave) for number, wave in enumerate(about["waves"])),
        pattern=Pattern.from_json(about["pattern"]),
        fieldwork=tuple(to_report(Place(each, "fieldwork")) for each in about.get("fieldwork", ())),
    )


def _from_wave(arrays: Arrays, at: str, answers: Answers, design: Design) -> dict[str, object]:
    """Puts the arrays of a wave among `arrays`, and returns the rest. Of weights only those of the design count."""
    for number, column in enumerate(answers.columns.values()):
        arrays |= {f"{at}/{number}/{name}": array for name, array in _arrays_of(column)}
    arrays |= {f"{at}/background/{name}": codes for name, codes in answers.backgrounds.items()}
    named = {"weight": answers.weights, "persons": answers.persons, "strata": answers.strata}
    named |= {name: getattr(design, name) for name in _DESIGN}
    arrays |= {f"{at}/{name}": array for name, array in named.items() if array is not None}
    for number, stage in enumerate(design.later):
        for name in ("units", "count", "fraction"):
            if (array := getattr(stage, name)) is not None:
                arrays[f"{at}/stage {number}/{name}"] = array
    adjustment = design.adjustment
    for name in _ADJUSTMENT if adjustment else ():
        if (array := getattr(adjustment, name)) is not None:
            arrays[f"{at}/adjustment/{name}"] = array
    return {
        "wave": answers.wave,
        "n": answers.n,
        "weighted": answers.weighted,
        "stratum_ids": list(answers.stratum_ids),
        "columns": [[*key, *_kind_of(column)] for key, column in answers.columns.items()],
        "backgrounds": list(answers.backgrounds),
        "scale": design.scale,
        "intervals": design.intervals,
        "lonely": design.lonely.value,
        "interval": design.interval.value,
        "stages": len(design.later),
        "adjusted_cells": adjustment.cells if adjustment else None,
    }


_ADJUSTMENT = ("index", "basis", "inner", "after")
_DESIGN = ("weights", "stratum", "cluster", "clusters_by_stratum", "fraction", "population")


def _to_wave(arrays: Arrays, at: str, about: Mapping[str, Any]) -> tuple[Answers, Design]:
    columns = {
        (str(question), str(item)): _column(arrays, f"{at}/{number}", kind, decimals)
        for number, (question, item, kind, decimals) in enumerate(about["columns"])
    }
    answers = Answers(
        wave=str(about["wave"]),
        n=int(about["n"]),
        columns=columns,
        backgrounds={name: arrays[f"{at}/background/{name}"] for name in about["backgrounds"]},
        weights=arrays[f"{at}/weight"],
        weighted=bool(about["weighted"]),
        strata=arrays.get(f"{at}/strata"),
        stratum_ids=tuple(map(str, about["stratum_ids"])),
        persons=arrays.get(f"{at}/persons"),
    )
    stages = tuple(_stage(arrays, f"{at}/stage {number}") for number in range(about["stages"]))
    design = Design(
        weights=arrays[f"{at}/weights"],
        scale=int(about["scale"]),
        stratum=arrays[f"{at}/stratum"],
        cluster=arrays.get(f"{at}/cluster"),
        clusters_by_stratum=arrays[f"{at}/clusters_by_stratum"],
        fraction=arrays[f"{at}/fraction"],
        population=arrays[f"{at}/population"],
        intervals=bool(about["intervals"]),
        later=stages,
        adjustment=_adjustment(arrays, f"{at}/adjustment", about.get("adjusted_cells")),
        lonely=Lonely(about.get("lonely", Lonely.FAIL)),
        interval=Interval(about.get("interval", Interval.LOGIT)),
    )
    return answers, design


def _adjustment(arrays: Arrays, at: str, cells: int | None) -> Adjustment | None:
    """None too in records of editions that were published before weights could be made."""
    if cells is None:
        return None
    return Adjustment(
        index=arrays[f"{at}/index"],
        cells=int(cells),
        basis=arrays.get(f"{at}/basis"),
        inner=arrays[f"{at}/inner"],
        after=arrays[f"{at}/after"],
    )


def _stage(arrays: Arrays, at: str) -> Stage:
    return Stage(units=arrays.get(f"{at}/units"), count=arrays[f"{at}/count"], fraction=arrays[f"{at}/fraction"])


def _arrays_of(column: Column) -> Iterator[tuple[str, NDArray[Any]]]:
    yield "codes", column.codes
    match column:
        case Coded():
            return
        case Marked():
            yield "marks", column.marks
        case Measured():
            yield "values", column.values


def _kind_of(column: Column) -> Sequence[object]:
    return type(column).__name__.lower(), column.decimals if isinstance(column, Measured) else 0


def _column(arrays: Arrays, at: str, kind: str, decimals: int) -> Column:
    codes = arrays[f"{at}/codes"]
    match kind:
        case "coded":
            return Coded(codes)
        case "marked":
            return Marked(codes, arrays[f"{at}/marks"])
        case "measured":
            return Measured(codes, arrays[f"{at}/values"], decimals)
        case other:
            raise ValueError(other)
