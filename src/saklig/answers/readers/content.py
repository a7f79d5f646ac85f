"""What a file really is, by its first bytes; so that a wrong suffix is said and not stumbled over."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from saklig.answers.readers.faults import fault
from saklig.language.catalog import N_, say
from saklig.language.system import reason

FIRST_BYTES = 4096
# The byte that differs: 60 in data, 63 in a catalogue.
SAS_MAGIC = re.compile(rb"\0{12}\xc2\xea\x81[\x60\x63]\xb3\x14\x11\xcf\xbd\x92\x08\0\x09\xc7\x31\x8c\x18\x1f\x10\x11")
STATA_OLD_VERSIONS = frozenset(range(102, 116))


def _zip_kind(path: Path) -> str:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:10_000])
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        return "damaged zip"
    if "xl/workbook.xml" in names or any(name.startswith("xl/") for name in names):
        return "xlsx"
    return "ods" if "content.xml" in names else "zip"


Sign = Callable[[bytes], str]

# Each: the kind that the first bytes show, or "".
SIGNS: tuple[Sign, ...] = (
    lambda head: "sav" if head[:4] in (b"$FL2", b"$FL3") else "",
    lambda head: "por" if b"SPSS PORT FILE" in head[:512] else "",
    lambda head: "sas" if SAS_MAGIC.match(head) else "",
    lambda head: "dta" if head.startswith(b"<stata_dta>") else "",
    lambda head: "parquet" if head.startswith(b"PAR1") else "",
    lambda head: "gzip" if head.startswith(b"\x1f\x8b") else "",
    lambda head: "pdf" if head.startswith(b"%PDF") else "",
    lambda head: "ole" if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") else "",
    lambda head: "html" if head.lstrip().lower().startswith((b"<!doctype html", b"<html")) else "",
    lambda head: "xml" if _begins_as_xml(head) else "",
    lambda head: "json" if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")) else "",
    lambda head: "dta" if _is_old_stata(head) else "",
)


def _is_old_stata(head: bytes) -> bool:
    """Before version 117 a file began with its version, its byte order (1 or 2), 1 and 0."""
    return len(head) > 4 and head[0] in STATA_OLD_VERSIONS and head[1] in (1, 2) and head[2:4] == b"\x01\x00"


def _begins_as_xml(head: bytes) -> bool:
    for encoding, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "ignore").lstrip().startswith("<")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith((b"<?xml", b"<!DOCTYPE", b"<!--")) or (text[:1] == b"<" and text[1:2].isalpha())


CALLED = {
    "xlsx": N_("an Excel workbook"),
    "ods": N_("an OpenDocument spreadsheet"),
    "zip": N_("a zip archive"),
    "damaged zip": N_("a workbook or zip archive that is cut short or damaged"),
    "sav": N_("an SPSS file"),
    "por": N_("an SPSS portable file"),
    "sas": N_("a SAS file"),
    "dta": N_("a Stata file"),
    "parquet": N_("a Parquet file"),
    "gzip": N_("a file packed with gzip"),
    "pdf": N_("a PDF"),
    "ole": N_("an old Excel workbook (.xls) or a workbook with a password"),
    "html": N_("a web page"),
    "xml": N_("an XML file"),
    "json": N_("a JSON file"),
    "text": N_("a text file"),
}
REMEDY = {
    "xlsx": N_("Rename it so that it ends in .xlsx"),
    "ods": N_("Rename it so that it ends in .ods"),
    "zip": N_("Unpack it and name the data file inside"),
    "damaged zip": N_("Copy or download it again, or save it again from the spreadsheet program"),
    "sav": N_("Rename it so that it ends in .sav"),
    "por": N_("Rename it so that it ends in .por"),
    "sas": N_("Rename it so that it ends in .sas7bdat"),
    "dta": N_("Rename it so that it ends in .dta"),
    "parquet": N_("Rename it so that it ends in .parquet"),
    "gzip": N_("Unpack it, or let its name end in .dat.gz if it is fixed-width data"),
    "ole": N_("Open it in a spreadsheet program and save it as .xlsx, without a password"),
    "xml": N_("Rename it so that it ends in .xml"),
    "json": N_("Name the CSV file that it describes"),
}
OTHER_REMEDY = N_("Export the answers again, in the format that the name says")


def kind_of(path: Path) -> str:
    """The kind of `path` by its content: a key of CALLED. Raises AnswersError where it cannot be opened or is empty."""
    if path.is_symlink() and not path.exists():
        raise fault(path, say("this is a link that leads nowhere or in a circle"), say("Name the data file itself"))
    if not path.exists():
        raise fault(path, say("there is no such file"), _nearest(path))
    if path.is_dir():
        raise fault(path, say("this is a folder, not a data file"), say("Name the file in it"))
    if not path.is_file():
        raise fault(path, say("this is not an ordinary file"), say("Name a data file"))
    try:
        with path.open("rb") as file:
            head = file.read(FIRST_BYTES)
    except OSError as error:
        raise fault(
            path, say("the file cannot be opened ({reason})", reason=reason(error)), say("Check who may read it")
        ) from None
    if not head:
        raise fault(path, say("the file is empty"), say("Export the answers again"))
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path)
    return next((kind for sign in SIGNS if (kind := sign(head))), "text")


def expect(path: Path, kinds: frozenset[str], called: str) -> None:
    """Raises AnswersError unless the content of `path` is of one of `kinds`. `called`: what its suffix says."""
    kind = kind_of(path)
    if kind not in kinds:
        raise fault(
            path,
            say("the name says {called}, but this is {kind}", called=say(called), kind=say(CALLED[kind])),
            say(REMEDY.get(kind, OTHER_REMEDY)),
        )


def _nearest(path: Path) -> str:
    import difflib

    if not path.parent.is_dir():
        return say("The folder {folder} does not exist either; check the spelling", folder=path.parent)
    near = difflib.get_close_matches(path.name, [other.name for other in path.parent.iterdir()], n=1)
    return say("A file called {file} lies there", file=near[0]) if near else say("Check the spelling and the folder")
