"""Every percentage that the publisher of the masculinity survey printed, beside ours.

`masculinity-survey.csv` is the publisher's table: a block of rows a question, in the questionnaire's order; whole per
cent, weighted, "No answer" in the base; empty where the unweighted base is under 100.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import pytest

from saklig.answers.binding import bind
from saklig.answers.readers import read
from saklig.design.drawn import design_of
from saklig.study.file import read_study
from saklig.tabulation.plan import groupings
from saklig.tabulation.tabulate import tabulate

PRINTED_PERCENTAGES = 1820
SMALLEST_BASE = 100
PRINTED_ORDER = (
    *("q0001", "q0002", "q0004", "q0005"),
    *(f"q0007.{number:04}" for number in range(1, 12)),
    *("q0008", "q0009", "q0010", "q0011", "q0012", "q0013", "q0014", "q0015", "q0017", "q0018"),
    *("q0019", "q0020", "q0021", "q0022", "q0024", "q0025", "q0026", "q0028", "q0029", "age3"),
)
COLUMNS = (
    "",
    "age=18-34",
    "age=35-64",
    "age=65-and-up",
    "race=white",
    "race=non-white",
    "children=has-children",
    "children=no-children",
    "orientation=straight",
    "orientation=gay-bisexual",
)


@dataclass(frozen=True)
class Cell:
    """One place of the printed table; `percent` None where it is empty."""

    part: str
    answer: str
    group: str
    percent: int | None


@dataclass(frozen=True)
class Share:
    ratio: Fraction | None
    base: int

    @property
    def percent(self) -> int | None:
        return None if self.ratio is None else int(100 * self.ratio + Fraction(1, 2))


def plain(words: str) -> str:
    """Words without the apostrophes that the released files lost in different ways."""
    return re.sub(r"[’'?]", "", words).strip()


def printed_table(path) -> Iterator[Cell]:
    with path.open(encoding="latin-1", newline="") as file:
        rows = list(csv.reader(file))[2:]
    part = -1
    for row in rows:
        if row[0]:
            part += 1
        if not row[1].strip():
            continue
        for group, cell in zip(COLUMNS, row[2:], strict=True):
            yield Cell(PRINTED_ORDER[part], plain(row[1]), group, int(cell.rstrip("%")) if cell else None)


@pytest.fixture
def ours(surveys, study_file) -> dict[tuple[str, str, str], Share]:
    """(part, answer, group) → share."""
    study, sources = read_study(study_file("masculinity"))
    answers = bind(study, sources, "2018", read(surveys / "masculinity" / "raw-responses.csv"))
    design = design_of(study, answers)
    shares = {}
    for part in study.parts("2018"):
        label = {row.id: plain(str(row.code)) for row in part.rows}
        for grouping in groupings(study, answers):
            table = tabulate(part, answers.columns[part.key], grouping, design, errors=False)
            for at, group in enumerate(table.grouping.groups):
                name = ",".join(f"{by}={one}" for by, one in zip(grouping.by, group, strict=True))
                for place, row in enumerate(table.rows):
                    if row.stat or row.category not in label:
                        continue
                    below = int(table.denominator[at, place])
                    ratio = Fraction(int(table.numerator[at, place]), below) if below else None
                    key = (".".join(filter(None, part.key)), label[row.category], name)
                    shares[key] = Share(ratio, int(table.base[at, place]))
    return shares


def test_every_printed_percentage_is_ours(surveys, ours, capsys):
    printed = [
        cell for cell in printed_table(surveys / "masculinity" / "masculinity-survey.csv") if cell.percent is not None
    ]
    assert len(printed) == PRINTED_PERCENTAGES
    different = [
        (cell, share) for cell in printed if (share := ours[cell.part, cell.answer, cell.group]).percent != cell.percent
    ]
    with capsys.disabled():
        print(f"\nmasculinity: {len(printed) - len(different)} of {len(printed)} printed percentages agree")
        for cell, share in different:
            print(f"  {cell.part} “{cell.answer}” {cell.group or 'all'}: {why(cell, share)}")
    assert not different


def why(cell: Cell, share: Share) -> str:
    """Both numbers and the likely reason."""
    if share.ratio is None:
        return f"printed {cell.percent} %, ours none: nobody is in our base"
    exact = float(100 * share.ratio)
    near_tie = abs(exact % 1 - 0.5) < 0.01 and abs(exact - (cell.percent or 0)) < 1
    reason = "a tie, rounded the other way" if near_tie else "another base, weight or code"
    return f"printed {cell.percent} %, ours {share.percent} % ({exact:.4f}, base {share.base}): {reason}"


def test_the_publisher_left_out_what_has_a_base_under_100(surveys, ours):
    table = list(printed_table(surveys / "masculinity" / "masculinity-survey.csv"))
    for cell in table:
        base = ours[cell.part, cell.answer, cell.group].base
        assert (cell.percent is None) == (base < SMALLEST_BASE), (cell, base)


def test_the_questionnaire_is_complete(study_file):
    study, _ = read_study(study_file("masculinity"))
    assert len(list(study.parts())) == len(PRINTED_ORDER) + 1  # and the state, which was not printed
    assert {background.id for background in study.backgrounds} == {"age", "race", "children", "orientation"}


def test_the_routing_of_the_study_file_is_that_of_the_data(surveys, study_file):
    study, sources = read_study(study_file("masculinity"))
    remarks = bind(study, sources, "2018", read(surveys / "masculinity" / "raw-responses.csv")).remarks
    assert not [remark for remark in remarks if "routing" in remark]
