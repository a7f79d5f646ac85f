"""Which codebook belongs to which data: an XML file by what its root is, a data file by what lies beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from saklig.answers.model import Source
from saklig.answers.readers.companion import codebook_beside
from saklig.answers.readers.content import kind_of
from saklig.answers.readers.ddi import read_ddi
from saklig.answers.readers.delimited import read_delimited
from saklig.answers.readers.faults import fault
from saklig.answers.readers.limesurvey import read_limesurvey
from saklig.answers.readers.quantipy import codebook_of, read_quantipy
from saklig.answers.readers.safe_xml import local_name, parse_xml
from saklig.answers.readers.source_hints import Hints
from saklig.answers.readers.triple_s import read_triple_s
from saklig.language.catalog import say

ROOTS = {"sss": read_triple_s, "codeBook": read_ddi, "document": read_limesurvey}
SUFFIXES = (".sss", ".xml", ".lss")


def read_codebook(path: Path, hints: Hints) -> Source:
    """An XML codebook with its data."""
    root = local_name(parse_xml(path))
    reader = ROOTS.get(root)
    if reader is None:
        raise fault(
            path,
            say("its root element “{root}” is of no questionnaire format that is read", root=root),
            say("Export the survey as Triple-S, DDI Codebook 2.5 or a LimeSurvey structure (.lss)"),
        )
    return reader(path, hints)


def read_fixed(path: Path, hints: Hints) -> Source:
    """Fixed-width data, by the codebook beside it."""
    codebook = codebook_beside(path, SUFFIXES, hints.beside)
    if kind_of(codebook) != "xml":
        raise fault(codebook, say("this is no codebook"), say("Name the .sss or .xml file that describes the data"))
    return replace(_with_codebook(path, codebook, hints), path=path)


def read_csv(path: Path, hints: Hints) -> Source:
    """Delimited data, with the codebook of the same name where one lies beside it or is given."""
    codebook = hints.beside or _xml_beside(path)
    if codebook is not None and codebook.suffix.lower() != ".json":
        return replace(_with_codebook(path, codebook, hints), path=path)
    if codebook is not None or codebook_of(path):
        return read_quantipy(path, hints)
    return read_delimited(path, hints)


def _with_codebook(data: Path, codebook: Path, hints: Hints) -> Source:
    source = read_codebook(codebook, replace(hints, beside=data))
    return replace(source, found=(say("codebook {file}", file=codebook.name), *source.found))


def _xml_beside(data: Path) -> Path | None:
    """A questionnaire of the same name. An .xml of another kind is none of our business."""
    for suffix in SUFFIXES:
        beside = data.with_suffix(suffix)
        if (
            beside.is_file()
            and kind_of(beside) == "xml"
            and (suffix != ".xml" or local_name(parse_xml(beside)) in ROOTS)
        ):
            return beside
    return None
