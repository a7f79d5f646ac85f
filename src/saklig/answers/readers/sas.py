"""SAS: .sas7bdat, with the labels of the .sas7bcat catalogue beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from saklig.answers.model import Source
from saklig.answers.readers.faults import fault
from saklig.answers.readers.moments import sas_moment
from saklig.answers.readers.source_hints import Hints
from saklig.answers.readers.statistical import Habit, read_statistical
from saklig.language.catalog import say


def read_sas7bdat(path: Path, hints: Hints) -> Source:
    import pyreadstat

    catalogue = hints.beside or _catalogue_beside(path)
    formats = _value_labels(catalogue, hints) if catalogue else {}
    habit = Habit(
        format="SAS",
        read=pyreadstat.read_sas7bdat,
        moment=sas_moment,
        options={"user_missing": True},
        labels=lambda metadata, name: formats.get((metadata.variable_to_label.get(name) or "").upper(), {}),
    )
    opened = read_statistical(path, habit, hints)
    encoding = opened.encoding or opened.metadata.file_encoding
    return Source(
        path=path,
        format="SAS",
        rows=opened.rows,
        variables=opened.variables,
        found=(
            *((say("encoding {name}", name=encoding),) if encoding else ()),
            _about(catalogue, labelled=any(variable.labels for variable in opened.variables)),
        ),
        title=(opened.metadata.file_label or "").strip(),
    )


def _about(catalogue: Path | None, *, labelled: bool) -> str:
    if catalogue is None:
        return say("no catalogue (.sas7bcat) beside the file")
    return (
        say("labels from the catalogue {file}", file=catalogue.name)
        if labelled
        else say("no format of the catalogue {file} fits", file=catalogue.name)
    )


def read_sas7bcat(path: Path, hints: Hints) -> Source:  # noqa: ARG001
    raise fault(
        path,
        say("this is a SAS catalogue: it holds labels and no answers"),
        say("Name the .sas7bdat file instead; the catalogue is found where it lies beside it"),
    )


def _catalogue_beside(path: Path) -> Path | None:
    """The catalogue of the same name, or the only one in the folder, or `formats.sas7bcat`, SAS's own name for it."""
    catalogues = sorted(other for other in path.parent.iterdir() if other.suffix.lower() == ".sas7bcat")
    named = {other.stem.lower(): other for other in catalogues}
    own = named.get(path.stem.lower()) or named.get("formats")
    return own or (catalogues[0] if len(catalogues) == 1 else None)


def _value_labels(catalogue: Path, hints: Hints) -> Mapping[str, Mapping[Any, str]]:
    import pyreadstat

    options = {"encoding": hints.encoding} if hints.encoding else {}
    try:
        _, metadata = pyreadstat.read_sas7bcat(str(catalogue), output_format="dict", **options)
    except (pyreadstat.PyreadstatError, pyreadstat.ReadstatError, UnicodeDecodeError):
        raise fault(
            catalogue,
            say("this SAS catalogue cannot be read"),
            say("Copy it again, or move it away to read the answers without labels"),
        ) from None
    return {name.upper(): labels for name, labels in metadata.value_labels.items()}
