"""Where a study's answers stand: files, columns and the values that mean "chosen". Never published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from saklig.study.fieldwork import Disposition

Value = int | float | str


@dataclass(frozen=True, kw_only=True)
class FieldworkSource:
    """What became of those who were invited: a row each in the file `cases`, or `counts` where there is no file.

    `case`, `disposition`, `strata`: columns of the file; `case` tells one case from another, and is never published.
    `codes`: the file's codes → AAPOR's dispositions; empty: the file has AAPOR's own. `counts`: stratum (empty: the
    whole wave) → disposition → cases. What is published of them goes through the protection.
    """

    cases: Path | None = None
    case: str = ""
    disposition: str = ""
    codes: Mapping[str, Disposition] = field(default_factory=dict)
    strata: str = ""
    counts: Mapping[str, Mapping[Disposition, int]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WaveSource:
    """The data of one wave. `where` keeps the rows whose `wave_variable` has the value `wave_value`."""

    wave: str
    answers: Path
    weight: str = ""
    strata: str = ""
    cluster: tuple[str, ...] = ()  # what was drawn first, then what was drawn within it
    fpc: tuple[str, ...] = ()  # of each stage: how many there were to draw from, or the fraction drawn
    person: str = ""  # a person id over waves; never published
    targets: Path | None = None  # what the weights shall meet
    quantities: Mapping[str, str] = field(
        default_factory=dict
    )  # a quantity with a total among the targets → its column
    wave_variable: str = ""
    wave_value: Value | None = None
    fieldwork: FieldworkSource | None = None


@dataclass(frozen=True, kw_only=True)
class QuestionSource:
    """The columns of one question (or, for a grid, of one item).

    One of the following, by the question's kind and the file's habit:
    - `variable`: one column; for multiple, ranking and open answers with several codes in it, parted by `delimiter`;
    - `by_category`: a column per category, category id → column name. For multiple and open answers a value in
      `chosen` means chosen (empty: anything but blank, 0, "No", "Not selected"); for a ranking the value is the place;
    - `by_place`: for rankings and coded open answers, the columns of the first, second, … choice.
    """

    variable: str = ""
    delimiter: str = ""
    by_category: Mapping[str, str] = field(default_factory=dict)
    by_place: tuple[str, ...] = ()
    chosen: tuple[Value, ...] = ()
    not_asked: tuple[Value, ...] = ()  # values that mean "was not asked", beside what `asked_if` says


@dataclass(frozen=True, kw_only=True)
class Sources:
    """`questions` maps (question id, item id or "") to columns; `backgrounds` a background's id to its column."""

    waves: tuple[WaveSource, ...]
    questions: Mapping[tuple[str, str], QuestionSource]
    backgrounds: Mapping[str, str]
    withheld_variables: tuple[str, ...] = ()  # identifiers and personal data that `init` left out
