"""Workbooks are zip archives: whether one is safe to unpack, before a spreadsheet library sees it."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from saklig.answers.model import AnswersError
from saklig.answers.readers.faults import fault
from saklig.answers.readers.limits import LARGEST_INFLATED_SHEET, MEBIBYTE, MOST_SHEET_CELLS
from saklig.language.catalog import N_, say

CHUNK = 2**18
LOCAL_HEADER = struct.Struct("<26x2H")
SMALLER = N_("Open it in a spreadsheet program, remove what is not answers and save it again, or export it as CSV")

_CELL = re.compile(rb'<c\b[^>]{0,200}?\br="([A-Z]{1,7})([0-9]{1,9})"')
_ROW = re.compile(rb'<row\b[^>]{0,200}?\br="([0-9]{1,9})"')
_OVERLAP = 512  # a cell's opening tag may lie across two chunks


def check_workbook(path: Path) -> None:
    """Raises AnswersError where the archive is broken, inflates too much, or spans more cells than a machine holds."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            members = archive.infolist()
            if sum(member.file_size for member in members) > LARGEST_INFLATED_SHEET:
                raise _too_large(path)
            total = 0
            for member in members:
                corner = Corner()
                is_sheet = re.match(r"xl/worksheets/.*\.xml$", member.filename, re.IGNORECASE) is not None
                for chunk in _inflated(path, file, member):
                    total += len(chunk)
                    if total > LARGEST_INFLATED_SHEET:
                        raise _too_large(path)
                    if is_sheet:
                        corner.see(chunk)
                if corner.cells > MOST_SHEET_CELLS:
                    raise _too_wide(path, member.filename)
                if member.filename == "content.xml":
                    _check_repeats(path, archive)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError) as error:
        raise broken(path, error) from None


def broken(path: Path, error: BaseException) -> Exception:
    return fault(
        path,
        say("the workbook is cut short or damaged ({kind})", kind=type(error).__name__),
        say("Copy or download it again, or save it again from the spreadsheet program"),
    )


def _too_large(path: Path) -> Exception:
    return fault(
        path,
        say(
            "unpacked, the workbook is larger than {most} MiB and is not read",
            most=LARGEST_INFLATED_SHEET // MEBIBYTE,
        ),
        say(SMALLER),
    )


def _too_wide(path: Path, sheet: str) -> Exception:
    return fault(
        path,
        say("the sheet spans more than {most} cells and is not read", most=MOST_SHEET_CELLS),
        say(SMALLER),
        sheet,
    )


def _inflated(path: Path, file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's bytes as they really are: `zipfile` itself stops at the size that the directory declares."""
    if member.flag_bits & 1:
        raise fault(path, say("the workbook has a password"), say("Save it without one"))
    file.seek(member.header_offset)
    header = file.read(30)
    file.seek(sum(LOCAL_HEADER.unpack(header)), 1)
    remaining = member.compress_size
    if member.compress_type == zipfile.ZIP_STORED:
        while remaining > 0 and (raw := file.read(min(CHUNK, remaining))):
            remaining -= len(raw)
            yield raw
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise fault(
            path, say("the workbook is packed in an unusual way"), say("Save it again from the spreadsheet program")
        )
    inflater = zlib.decompressobj(-15)
    while remaining > 0 and (raw := file.read(min(CHUNK, remaining))):
        remaining -= len(raw)
        while raw:
            yield inflater.decompress(raw, CHUNK * 4)
            raw = inflater.unconsumed_tail


class Corner:
    """The last row and column that a sheet's XML names, seen a chunk at a time."""

    def __init__(self) -> None:
        self._columns: set[bytes] = set()
        self._last_row = 0
        self._tail = b""

    def see(self, chunk: bytes) -> None:
        text = self._tail + chunk
        for column, row in _CELL.findall(text):
            self._columns.add(column)
            self._last_row = max(self._last_row, int(row))
        for row in _ROW.findall(text):
            self._last_row = max(self._last_row, int(row))
        self._tail = text[-_OVERLAP:]

    @property
    def cells(self) -> int:
        return self._last_row * max((_column_number(column) for column in self._columns), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_repeats(path: Path, archive: zipfile.ZipFile) -> None:
    """OpenDocument writes equal cells and rows once with a count: three lines can stand for a billion cells."""
    from lxml import etree

    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    cells = rows = width = 0
    try:
        with archive.open("content.xml") as content:
            tags = (f"{table}table-row", f"{table}table")
            for _, element in etree.iterparse(content, tag=tags, resolve_entities=False, no_network=True):
                if element.tag == f"{table}table":
                    cells, rows, width = cells + rows * width, 0, 0
                    continue
                filled = _filled_width(element, table)
                if filled:
                    rows += int(element.get(f"{table}number-rows-repeated", "1"))
                    width = max(width, filled)
                if (rows * width) + cells > MOST_SHEET_CELLS:
                    raise _too_wide(path, "content.xml")
                element.clear()
    except AnswersError:
        raise
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken(path, error) from None


def _filled_width(row: object, table: str) -> int:
    """Columns up to the last cell of the row that holds anything; empty ones after it cost nothing."""
    width = filled = 0
    for cell in row:  # type: ignore[attr-defined]
        width += int(cell.get(f"{table}number-columns-repeated", "1"))
        if len(cell) or any("value" in name for name in cell.attrib):
            filled = width
    return filled
