"""Data files → Source. One reader per format; a dictionary from suffix to reader."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from saklig.answers.model import Source
from saklig.answers.readers.codebooks import read_codebook, read_csv, read_fixed
from saklig.answers.readers.content import REMEDY, expect, kind_of
from saklig.answers.readers.faults import fault
from saklig.answers.readers.parquet import read_parquet
from saklig.answers.readers.quantipy import read_quantipy
from saklig.answers.readers.sas import read_sas7bcat, read_sas7bdat
from saklig.answers.readers.source_hints import Hints
from saklig.answers.readers.spreadsheet import read_workbook
from saklig.answers.readers.spss import read_por, read_sav
from saklig.answers.readers.stata import read_dta
from saklig.language.catalog import N_, say

Reader = Callable[[Path, Hints], Source]


@dataclass(frozen=True)
class Format:
    """`kinds`: what the content may be (see `content`). `called`: what the suffix promises, in words."""

    read: Reader
    kinds: frozenset[str]
    called: str


FORMATS: dict[str, Format] = {
    ".sav": Format(read_sav, frozenset({"sav"}), N_("an SPSS file")),
    ".zsav": Format(read_sav, frozenset({"sav"}), N_("an SPSS file")),
    ".por": Format(read_por, frozenset({"por"}), N_("an SPSS portable file")),
    ".dta": Format(read_dta, frozenset({"dta"}), N_("a Stata file")),
    ".sas7bdat": Format(read_sas7bdat, frozenset({"sas"}), N_("a SAS file")),
    ".sas7bcat": Format(read_sas7bcat, frozenset({"sas"}), N_("a SAS catalogue")),
    ".csv": Format(read_csv, frozenset({"text"}), N_("text with a delimiter (CSV)")),
    ".tsv": Format(read_csv, frozenset({"text"}), N_("text with a delimiter (TSV)")),
    ".tab": Format(read_csv, frozenset({"text"}), N_("text with a delimiter (TSV)")),
    ".txt": Format(read_csv, frozenset({"text"}), N_("text with a delimiter")),
    ".xlsx": Format(read_workbook, frozenset({"xlsx"}), N_("an Excel workbook")),
    ".xlsm": Format(read_workbook, frozenset({"xlsx"}), N_("an Excel workbook")),
    ".ods": Format(read_workbook, frozenset({"ods"}), N_("an OpenDocument spreadsheet")),
    ".parquet": Format(read_parquet, frozenset({"parquet"}), N_("a Parquet file")),
    ".sss": Format(read_codebook, frozenset({"xml"}), N_("a Triple-S questionnaire")),
    ".xml": Format(read_codebook, frozenset({"xml"}), N_("an XML codebook")),
    ".lss": Format(read_codebook, frozenset({"xml"}), N_("a LimeSurvey questionnaire")),
    ".json": Format(read_quantipy, frozenset({"json"}), N_("a codebook in JSON")),
    ".asc": Format(read_fixed, frozenset({"text"}), N_("fixed-width data")),
    ".dat": Format(read_fixed, frozenset({"text"}), N_("fixed-width data")),
    ".dat.gz": Format(read_fixed, frozenset({"gzip"}), N_("fixed-width data packed with gzip")),
}


def read(
    path: Path,
    *,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    beside: Path | None = None,
    columns: Collection[str] | None = None,
) -> Source:
    """Reads a data file in any of FORMATS. What is not given is found, and `Source.found` says what was found.

    `encoding`, `delimiter`: of text files. `sheet`: of a workbook. `beside`: the second file of formats that have two.
    `columns`: read these alone. Raises AnswersError, naming file, place, what is wrong and what to do.
    """
    path = Path(path)
    wanted = None if columns is None else frozenset(columns)
    hints = Hints(encoding=encoding, delimiter=delimiter, sheet=sheet, beside=beside, columns=wanted)
    format = FORMATS.get(suffix_of(path))
    if format is None:
        remedy = REMEDY.get(kind_of(path))
        raise fault(
            path,
            say("files that end in {suffix} are not read", suffix=path.suffix)
            if path.suffix
            else say("files whose name does not say their kind are not read"),
            say(remedy) if remedy else say("These are: {formats}", formats=", ".join(FORMATS)),
        )
    expect(path, format.kinds, format.called)
    return replace(format.read(path, hints), path=path)


def suffix_of(path: Path) -> str:
    """The suffix that decides, in small letters: the longest of FORMATS that ends the name, `.dat.gz` before `.gz`."""
    name = path.name.lower()
    return max((suffix for suffix in FORMATS if name.endswith(suffix)), key=len, default="")
