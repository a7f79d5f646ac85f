"""Makes the files that the readers are tested with; real surveys come from the shared folder."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

SURVEYS = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "surveys"
OWN_FILES = Path(__file__).resolve().parent / "data"
SYSTEM_MISSING = -1.7976931348623157e308


@pytest.fixture
def survey() -> Callable[[str], Path]:
    """A file of a real survey by its path under `../shared/data/surveys`."""

    def find(name: str) -> Path:
        path = SURVEYS / name
        if not path.exists():
            pytest.skip(f"the shared survey {name} is not here: put it at ../shared/data/surveys")
        return path

    return find


@pytest.fixture
def own_file() -> Callable[[str], Path]:
    return lambda name: OWN_FILES / name


@pytest.fixture
def text_file(tmp_path: Path) -> Callable[..., Path]:
    def write(content: str | bytes, name: str = "answers.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def xlsx(tmp_path: Path) -> Callable[..., Path]:
    """A workbook from sheet name → rows of cells: text, numbers, or raw XML of a cell in a tuple."""

    def write(sheets: Mapping[str, Sequence[Sequence[object]]], name: str = "answers.xlsx") -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in workbook_parts(sheets).items():
                archive.writestr(member, content)
        return path

    return write


def workbook_parts(sheets: Mapping[str, Sequence[Sequence[object]]]) -> dict[str, str]:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, name in zip(numbers, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/s{n}.xml"/>' for n in numbers
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/s{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n in numbers
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{links}</Relationships>',
    }
    for n, rows in zip(numbers, sheets.values(), strict=True):
        body = "".join(
            f'<row r="{r}">{"".join(_cell(cell, f"{_letters(c)}{r}") for c, cell in enumerate(row))}</row>'
            for r, row in enumerate(rows, 1)
        )
        parts[f"xl/worksheets/s{n}.xml"] = f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
    return parts


def _letters(column: int) -> str:
    return chr(65 + column) if column < 26 else _letters(column // 26 - 1) + chr(65 + column % 26)


def _cell(cell: object, place: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return str(cell[0]).replace("PLACE", place)
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'


@pytest.fixture
def ods(tmp_path: Path) -> Callable[..., Path]:
    """An OpenDocument sheet from rows of text and numbers, or from the XML of its rows."""

    def write(rows: Sequence[Sequence[object]] | str, name: str = "answers.ods") -> Path:
        path = tmp_path / name
        body = (
            rows
            if isinstance(rows, str)
            else "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        )
        names = "urn:oasis:names:tc:opendocument:xmlns"
        content = (
            f'<?xml version="1.0"?><office:document-content xmlns:office="{names}:office:1.0" '
            f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="Svar">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>"
        )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
            archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0"/>')
            archive.writestr("content.xml", content)
        return path

    return write


def _ods_cell(cell: object) -> str:
    if isinstance(cell, int | float):
        said = f'office:value-type="float" office:value="{cell}"'
    else:
        said = 'office:value-type="string"'
    return f"<table:table-cell {said}><text:p>{escape(str(cell))}</text:p></table:table-cell>"


@pytest.fixture
def sav(tmp_path: Path) -> Callable[..., Path]:
    """An uncompressed SPSS file of numeric variables, written byte by byte as PSPP's guide describes the format."""

    def write(
        columns: Mapping[str, Sequence[float | None]],
        *,
        labels: Mapping[str, bytes] = {},
        long_names: Mapping[str, str] = {},
        weight: int = 0,
        code_page: int = 1252,
        sets: bytes = b"",
        name: str = "answers.sav",
    ) -> Path:
        rows = len(next(iter(columns.values())))
        out = b"$FL2" + b"@(#) SPSS DATA FILE".ljust(60)
        out += struct.pack("<5i", 2, len(columns), 0, weight, rows) + struct.pack("<d", 100.0)
        out += b"01 Sep 2112:00:00" + b"".ljust(64) + b"\0\0\0"
        for variable in columns:
            label = labels.get(variable, b"")
            out += struct.pack("<6i", 2, 0, int(bool(label)), 0, 0x050800, 0x050800) + variable.encode().ljust(8)
            if label:
                out += struct.pack("<i", len(label)) + label.ljust((len(label) + 3) // 4 * 4)
        out += struct.pack("<4i", 7, 3, 4, 8) + struct.pack("<8i", 20, 0, 0, -1, 1, 1, 2, code_page)
        if sets:
            out += struct.pack("<4i", 7, 7, 1, len(sets)) + sets
        if long_names:
            pairs = "\t".join(f"{short}={long}" for short, long in long_names.items()).encode()
            out += struct.pack("<4i", 7, 13, 1, len(pairs)) + pairs
        out += struct.pack("<2i", 999, 0)
        for row in zip(*columns.values(), strict=True):
            out += b"".join(struct.pack("<d", SYSTEM_MISSING if value is None else value) for value in row)
        path = tmp_path / name
        path.write_bytes(out)
        return path

    return write
