"""Formats of two files: the codebook and its data, found beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PureWindowsPath

from saklig.answers.readers.faults import fault
from saklig.language.catalog import say


def data_beside(codebook: Path, named: Sequence[str], suffixes: Sequence[str], given: Path | None) -> Path:
    """The data file of a codebook: the given one, else one that the codebook names, else one of the same name.

    Whatever path a codebook names, only the folder that it lies in is looked at: a file from elsewhere may say
    anything. Raises AnswersError, naming what was looked for.
    """
    if given is not None:
        if not given.is_file():
            raise fault(
                given,
                say("there is no such file"),
                say("Name the data that {file} describes", file=codebook.name),
            )
        return given
    own = [PureWindowsPath(name).name for name in named if name.strip()]
    tried = dict.fromkeys(
        [*own, *(f"{name}.gz" for name in own), *(codebook.stem + suffix for suffix in suffixes)],
    )
    present = {other.name.lower(): other for other in codebook.parent.iterdir() if other.is_file()}
    for name in tried:
        found = present.get(name.lower())
        if found is not None and found.name != codebook.name:
            return found
    raise fault(
        codebook,
        say("the data that this codebook describes are not beside it"),
        say("Put the data file in the same folder, as one of: {tried}", tried=", ".join(tried)),
    )


def codebook_beside(data: Path, suffixes: Sequence[str], given: Path | None) -> Path:
    """The codebook of a data file that cannot be read without one. Raises AnswersError where there is none."""
    stem = data.name.lower().removesuffix(".gz").rpartition(".")[0]
    wanted = {stem + suffix for suffix in suffixes}
    found = given or next((other for other in sorted(data.parent.iterdir()) if other.name.lower() in wanted), None)
    if found is None:
        raise fault(
            data,
            say("fixed-width data cannot be read without its codebook"),
            say("Put the codebook in the same folder, as one of: {wanted}", wanted=", ".join(sorted(wanted))),
        )
    return found
