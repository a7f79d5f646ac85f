"""Text files with a delimiter: encoding, delimiter and quoting found; rows checked as they are read."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from saklig.answers.model import Source
from saklig.answers.readers.content import expect
from saklig.answers.readers.encodings import SAVE_AS_UTF8, Encoding, encoding_of
from saklig.answers.readers.faults import fault
from saklig.answers.readers.source_hints import Hints
from saklig.answers.readers.tabular import Rows, read_table
from saklig.language.catalog import N_, say

DELIMITERS = {",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab"), "|": N_("vertical bar")}
ANNOUNCED = re.compile(r"\ufeff?\"?sep=([,;\t|])\"?\r?\n", re.IGNORECASE)  # a first line that Excel understands
SAMPLE = 2**18  # characters that the delimiter is found from
SAMPLE_ROWS = 500


def read_delimited(path: Path, hints: Hints) -> Source:
    """A CSV or TSV file with a header row. Raises AnswersError, naming the line."""
    text = open_delimited(path, hints)
    return read_table(path, DELIMITER_FORMATS.get(text.delimiter, "CSV"), text, hints)


DELIMITER_FORMATS = {"\t": "TSV"}


@dataclass(frozen=True)
class Delimited(Rows):
    """The rows of a delimited file, each with the line on which it begins."""

    path: Path
    encoding: Encoding
    delimiter: str

    @property
    def decimal_comma(self) -> bool:
        return self.delimiter != ","

    @property
    def found(self) -> tuple[str, ...]:
        return (
            say("encoding {name}", name=say(self.encoding.called)),
            say("delimiter {name}", name=say(DELIMITERS.get(self.delimiter, self.delimiter))),
        )

    def place(self, number: int) -> str:
        return say("line {line}", line=number)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        with self.path.open(encoding=self.encoding.codec, newline="") as file:
            reader = csv.reader(_without_nul(self.path, file), delimiter=self.delimiter, strict=True)
            line = 1
            try:
                for row in reader:
                    if line > 1 or not ANNOUNCED.match(self.delimiter.join(row) + "\n"):
                        yield line, row
                    line = reader.line_num + 1
            except csv.Error as error:
                raise _quoting_fault(self.path, line, error) from None


def open_delimited(path: Path, hints: Hints) -> Delimited:
    """Finds encoding and delimiter of `path`. Raises AnswersError where it is no text."""
    expect(path, frozenset({"text"}), N_("text with a delimiter (CSV)"))
    encoding = encoding_of(path, hints.encoding)
    if len(hints.delimiter) > 1:
        raise fault(
            path,
            say("the delimiter “{delimiter}” is more than one character", delimiter=hints.delimiter),
            say("Give one character"),
        )
    return Delimited(path, encoding, hints.delimiter or _delimiter_of(path, encoding))


def _delimiter_of(path: Path, encoding: Encoding) -> str:
    """The delimiter that gives most rows as many cells as the first row has, and among those the most cells."""
    with path.open(encoding=encoding.codec, newline="") as file:
        sample = file.read(SAMPLE)
    if announced := ANNOUNCED.match(sample):
        return announced[1]
    scores = {}
    for delimiter in DELIMITERS:
        widths = _widths(sample, delimiter)
        if widths and widths[0] > 1:
            scores[delimiter] = (round(Counter(widths)[widths[0]] / len(widths), 2), widths[0])
    if not scores:  # one column: a delimiter that none of its texts holds
        alone = (delimiter for delimiter in DELIMITERS if set(_widths(sample, delimiter)) <= {1})
        return next(alone, ",")
    return max(scores, key=lambda delimiter: scores[delimiter])


def _widths(sample: str, delimiter: str) -> list[int]:
    lines = list(io.StringIO(sample, newline=""))
    whole = lines[:-1] if len(sample) == SAMPLE else lines  # the last line may be cut
    try:
        return [len(row) for row in islice(csv.reader(whole, delimiter=delimiter), SAMPLE_ROWS) if row]
    except csv.Error:
        return []


def _without_nul(path: Path, lines: Iterator[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise fault(
                path,
                say("the line holds NUL characters, which no text has: the file is damaged or no text"),
                say(SAVE_AS_UTF8),
                say("line {line}", line=number),
            )
        yield line


def _quoting_fault(path: Path, line: int, error: csv.Error) -> Exception:
    message = str(error)
    if "end of data" in message or "field limit" in message:
        return fault(
            path,
            say("a quotation mark is opened and never closed"),
            say("Close it, or double it if it belongs to the text"),
            say("line {line}", line=line),
        )
    if "expected after" in message:
        return fault(
            path,
            say("text follows a closing quotation mark"),
            say("Double the quotation marks that belong to the text"),
            say("line {line}", line=line),
        )
    return fault(
        path,
        say("the line cannot be read as CSV"),
        say("Export the answers again as CSV UTF-8"),
        say("line {line}", line=line),
    )
