"""Fixed-width data: every answer stands at a place on its line that a codebook names."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from saklig.answers.readers.columns import TextColumn
from saklig.answers.readers.encodings import encoding_of
from saklig.answers.readers.faults import fault
from saklig.answers.readers.limits import (
    GZIP_RATIO_COUNTS_FROM,
    HIGHEST_GZIP_RATIO,
    LARGEST_INFLATED_DATA,
    MEBIBYTE,
)
from saklig.language.catalog import say

LINES_AT_A_TIME = 20_000
LONGEST_LINE = 1_000_000


@dataclass(frozen=True)
class Field:
    """Where a variable stands: characters `start` to `end` of the line, from 1, both included.

    `is_text`: stands at the left of its field, so that a line may end inside it where blanks at its end were left out.
    """

    name: str
    start: int
    end: int
    is_text: bool = False


@dataclass(frozen=True)
class FixedWidth:
    """name → (distinct texts, codes), the number of lines, and what was found out."""

    columns: dict[str, tuple[list[str], NDArray[np.int32]]]
    rows: int
    found: tuple[str, ...]


def read_fixed_width(path: Path, fields: Sequence[Field], encoding: str, *, skip: int = 0) -> FixedWidth:
    """Cuts every line at the fields' places. A .gz is unpacked on the way.

    Lines may be shorter than the codebook says by blanks at their end. Raises AnswersError, naming the line, where one
    ends inside a number, or before half of the fields.
    """
    packed = path.name.lower().endswith(".gz")
    codec = encoding or ("latin-1" if packed else encoding_of(path).codec)
    end = max(field.end for field in fields)
    columns = {field.name: TextColumn() for field in fields}
    slices = [(field.name, slice(field.start - 1, field.end)) for field in fields]
    rows = 0
    with _opened(path, packed) as file:
        lines = _lines(path, file, codec, fields, end, skip)
        while chunk := list(islice(lines, LINES_AT_A_TIME)):
            rows += len(chunk)
            for name, place in slices:
                columns[name].add([line[place] for line in chunk])
    if not rows:
        raise fault(path, say("the data file holds no answers"), say("Export the answers again"))
    found = (
        say("data in {file}", file=path.name),
        say("encoding {name}", name=codec),
        *((say("unpacked with gzip"),) if packed else ()),
    )
    return FixedWidth({name: column.texts() for name, column in columns.items()}, rows, found)


def _lines(path: Path, file: IO[bytes], codec: str, fields: Sequence[Field], end: int, skip: int) -> Iterator[str]:
    total, packed_size = 0, max(1, path.stat().st_size)
    wide = codec.startswith(("utf-16", "utf-32"))
    if wide:
        raise fault(path, say("fixed-width data in UTF-16 is not read"), say("Save the data file as UTF-8"))
    number = 0
    try:
        while raw := file.readline(LONGEST_LINE + 1):
            number += 1
            total += len(raw)
            if total > LARGEST_INFLATED_DATA or (
                total > GZIP_RATIO_COUNTS_FROM and total > packed_size * HIGHEST_GZIP_RATIO
            ):
                raise fault(
                    path,
                    say(
                        "unpacked, the file is {ratio} times as large as packed, or larger than "
                        "{most} MiB, and is not read",
                        ratio=HIGHEST_GZIP_RATIO,
                        most=LARGEST_INFLATED_DATA // MEBIBYTE,
                    ),
                    say("Unpack it yourself if you trust where it comes from, and name the unpacked file"),
                    say("line {line}", line=number),
                )
            if len(raw) > LONGEST_LINE:
                raise fault(
                    path,
                    say("the line is longer than any fixed-width record"),
                    say("Export the answers again"),
                    say("line {line}", line=number),
                )
            if number <= skip or raw.strip() in (b"", b"\x1a"):
                continue
            line = raw.decode(codec).rstrip("\r\n")
            _check_line(path, line, number, fields, end)
            yield line
    except UnicodeDecodeError:
        raise fault(
            path,
            say("the line is not in the encoding {codec} that the codebook says", codec=codec),
            say("Save both files as UTF-8"),
            say("line {line}", line=number),
        ) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise fault(
            path,
            say("the packed file is cut short or damaged ({kind})", kind=type(error).__name__),
            say("Copy or download it again"),
        ) from None


def _check_line(path: Path, line: str, number: int, fields: Sequence[Field], end: int) -> None:
    """Programs leave out blanks at a line's end; a line that ends within a number was cut by accident."""
    length = len(line)
    if length >= end:
        return
    cut = next((field for field in fields if field.start <= length < field.end and not field.is_text), None)
    if cut is None and 2 * sum(field.end <= length for field in fields) >= len(fields):
        return
    raise fault(
        path,
        say(
            "the line has {length} characters, inside “{name}”; the codebook describes {end}",
            length=length,
            name=cut.name,
            end=end,
        )
        if cut
        else say("the line has {length} characters; the codebook describes {end}", length=length, end=end),
        say("Check that the data and the codebook belong together, and copy both again"),
        say("line {line}", line=number),
    )


@contextmanager
def _opened(path: Path, packed: bool) -> Iterator[IO[bytes]]:
    if not packed:
        with path.open("rb") as plain:
            yield plain
        return
    with gzip.open(path, "rb") as unpacked:
        yield cast(BinaryIO, unpacked)
