"""Answers: as a file holds them (Source), and as a study understands them (Answers)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from saklig.language.text import Text

Value = int | float | str


class AnswersError(ValueError):
    """A data file that cannot be read or does not fit its study: names file, place, what is wrong, what to do."""


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One column of a file, dictionary-encoded: `codes[i]` is the position in `values` of respondent i's value.

    `codes`: int32, shape (respondents,), −1 where the file has nothing (system-missing, blank).
    `values`: the distinct values, in rising order (numbers) or order of appearance (text). Whole numbers are int.
    A column of numbers may hold texts too, after the numbers and all in `missing`: Stata's ".a", a CSV's "NA".
    Dates and times are texts in ISO form where the file marks them, else as the file writes them.
    `labels`: value → its label in the file, in the order in which the file gives them; also of values nobody gave.
    `missing`: the values that the file declares user-missing.
    """

    name: str
    codes: NDArray[np.int32]
    values: tuple[Value, ...]
    label: str = ""
    labels: Mapping[Value, str] = field(default_factory=dict)
    missing: frozenset[Value] = frozenset()
    is_date: bool = False
    measure: str = ""  # "nominal", "ordinal" or "scale", where the file says so


@dataclass(frozen=True, kw_only=True)
class ResponseSet:
    """A multiple-response set that the file itself declares. `counted`: the value that means "chosen", else None."""

    name: str
    label: str
    variables: tuple[str, ...]
    counted: Value | None = None


@dataclass(frozen=True, kw_only=True)
class QuestionHint:
    """What a questionnaire file (Triple-S, LimeSurvey, DDI) says of a question that no column label can hold.

    Where the file does not say in which language its texts are, they are tagged "und" (undetermined).
    """

    variables: tuple[str, ...]
    kind: str  # a study.model.Kind value; "open" for answers in the respondent's own words
    text: Text
    section: str = ""
    instruction: Text | None = None
    item_texts: Mapping[str, Text] = field(default_factory=dict)  # variable → grid item or option
    category_texts: Mapping[Value, Text] = field(default_factory=dict)
    delimiter: str = ""
    name: str = ""  # what the questionnaire calls the question, where its columns are called something else
    condition: str = ""  # routing in the file's own words, for a comment


@dataclass(frozen=True, kw_only=True)
class Source:
    """A data file as read. `found` says in words what had to be guessed: "encoding windows-1252, delimiter ';'"."""

    path: Path
    format: str
    rows: int
    variables: tuple[Variable, ...]
    sets: tuple[ResponseSet, ...] = ()
    hints: tuple[QuestionHint, ...] = ()
    found: tuple[str, ...] = ()
    title: str = ""
    weight: str = ""  # a weight variable that the file itself declares
    language: str = ""

    def variable(self, name: str) -> Variable:
        """Raises KeyError where the file has no such column."""
        return self._by_name[name]

    @property
    def _by_name(self) -> Mapping[str, Variable]:
        return {variable.name: variable for variable in self.variables}


NOT_ASKED = -1
NO_ANSWER = -2  # asked, and the file has nothing; a study without a category for it publishes it all the same
ANSWERED = -3  # in `Marked` and `Measured`: look at the marks or the value


@dataclass(frozen=True)
class Coded:
    """Answers of which a respondent gives one. `codes`: int16 (n,), a position in the part's rows, or NOT_ASKED …"""

    codes: NDArray[np.int16]


@dataclass(frozen=True)
class Marked:
    """Answers of which a respondent gives several.

    `codes`: int16 (n,): ANSWERED, NOT_ASKED, NO_ANSWER, or the position of a missing category in the part's rows.
    `marks`: uint8 (n, rows): 1 where chosen; in a ranking the place, from 1. Zero where `codes` is not ANSWERED.
    """

    codes: NDArray[np.int16]
    marks: NDArray[np.uint8]


@dataclass(frozen=True)
class Measured:
    """Numbers. `values`: int64 (n,) in units of 10**−decimals, 0 where `codes` is not ANSWERED.

    `codes` as in Marked: ANSWERED, or the position of a missing category in the part's rows.
    """

    codes: NDArray[np.int16]
    values: NDArray[np.int64]
    decimals: int


Column = Coded | Marked | Measured


@dataclass(frozen=True, kw_only=True)
class Answers:
    """One wave's answers, bound to a study: n respondents, small integers, no text.

    `columns`: (question id, item id or "") → the answers to that part, in the rows of `question_parts(question, wave)`.
    `backgrounds`: background id → int16 (n,), the position in its groups; −1 where unknown.
    `weights`: float64 (n,), as in the file, or ones. `strata`, `clusters`: int32 (n,) or None; `strata` are positions
    in `stratum_ids` (those of the wave's strata first, in their order).
    `quantities`: name → float64 (n,), what the weighting needs of each respondent beside groups.
    `within`: int32 (n,) each, what was drawn within the clusters, stage by stage, as they are in the file. `fpc`:
    float64 (n,) each stage, how many units there were to draw from, or the fraction of them that was drawn.
    `persons`: int64 (n,) positions that are the same for the same person in every wave of the study, or None.
    """

    wave: str
    n: int
    columns: Mapping[tuple[str, str], Column]
    backgrounds: Mapping[str, NDArray[np.int16]]
    weights: NDArray[np.float64]
    weighted: bool
    strata: NDArray[np.int32] | None = None
    stratum_ids: tuple[str, ...] = ()
    clusters: NDArray[np.int32] | None = None
    within: tuple[NDArray[np.int32], ...] = ()
    fpc: tuple[NDArray[np.float64], ...] = ()
    persons: NDArray[np.int64] | None = None
    quantities: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()  # what did not fit and was let through, for `check`; never holds an answer
