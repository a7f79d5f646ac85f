"""Of whom and how: waves, background variables, method, and the illustrations of how sections hang together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from saklig.language.text import Text
from saklig.study.fieldwork import Eligibility


class Sample(StrEnum):
    PROBABILITY = "probability"
    RECRUITED_PANEL = "recruited-panel"
    SELF_SELECTED = "self-selected"
    CENSUS = "census"


class WeightingMethod(StrEnum):
    POST_STRATIFY = "post-stratify"
    RAKE = "rake"
    CALIBRATE = "calibrate"


class Distance(StrEnum):
    """How calibration measures what is nearest to the weights before."""

    LINEAR = "linear"
    EXPONENTIAL = "exponential"
    LOGIT = "logit"


@dataclass(frozen=True, kw_only=True)
class Weighting:
    """How the weights of a wave are made to meet targets; the targets stand in a file of their own.

    `bounds`: the smallest and the largest factor by which calibration may change a weight. `trim`: the smallest and the
    largest weight, in mean weights.
    """

    method: WeightingMethod
    distance: Distance = Distance.LINEAR
    bounds: tuple[float, float] | None = None
    trim: tuple[float, float] | None = None


class ResponseModel(StrEnum):
    """What a census takes those who answered to be, where not everyone did."""

    RANDOM = "random"  # a random sample, within their stratum where there are strata
    NONE = "none"  # nothing: then there are no intervals


class Interval(StrEnum):
    """How the interval of a share is made; at 0 and 100 % it is the exact one, whichever is chosen."""

    LOGIT = "logit"  # symmetric in log-odds
    BETA = "beta"  # Clopper and Pearson's, with an effective number of respondents
    LIKELIHOOD = "likelihood"  # of the working likelihood
    WILSON = "wilson"  # Wilson's score interval, with an effective number of respondents
    MEAN = "mean"  # share ± t · standard error


class Lonely(StrEnum):
    """What a stratum says of which one cluster (or one respondent) was drawn and stands for others: R's
    `options(survey.lonely.psu)`."""

    FAIL = "fail"  # an error that names the stratum
    ADJUST = "adjust"  # its distance from the mean of the whole sample
    AVERAGE = "average"  # the average of the other strata
    REMOVE = "remove"  # nothing
    CERTAINTY = "certainty"  # nothing, since it was bound to be drawn


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group of a background variable. `codes` are its values in the data; `lower`/`upper` bound a numeric one."""

    id: str
    label: Text
    codes: tuple[int | float | str, ...] = ()
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, kw_only=True)
class Fold:
    """Two or more groups that are published as one when they are too small. Its id and label are written, for ever."""

    id: str
    label: Text
    of: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Background:
    """What results are broken down by; the earlier in the study, the longer it is kept."""

    id: str
    label: Text
    groups: tuple[Group, ...]
    fold: tuple[Fold, ...] = ()  # in the order in which they are made
    waves: tuple[str, ...] = ()


COUNTS = ("population", "invited", "clusters")
"""What is counted of a wave, and of each of its strata."""


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """Counts of the frame; population and invited are units, not weights, clusters those drawn. None: not reported."""

    id: str
    label: Text | None = None
    population: int | None = None
    invited: int | None = None
    clusters: int | None = None


@dataclass(frozen=True, kw_only=True)
class WaveChange:
    """What was different in the whole of a later wave, in a sentence. It breaks every line over the waves."""

    note: Text
    breaks: bool = True


@dataclass(frozen=True, kw_only=True)
class Panel:
    """How a recruited panel came about, as shares of 1 (AAPOR's RECR, PROR and RETR). None: not reported."""

    recruitment: float | None = None  # of those who were invited to the panel, who consented
    profile: float | None = None  # of those, who answered the first questionnaire and became members
    retention: float | None = None  # of those, who were members still when the sample was drawn


@dataclass(frozen=True, kw_only=True)
class Wave:
    """One round of fieldwork. A study without waves has one, with the id of its year or `1`.

    `independent`: its sample was drawn without regard to those before it, so that who answered then tells nothing of
    who answered now.
    `eligibility`: of the cases of unknown eligibility in its fieldwork report; None: estimated.
    """

    id: str
    label: Text
    start: str = ""  # ISO date
    end: str = ""
    mode: Text | None = None
    population: int | None = None  # units in the population; the strata's sum where they are given
    invited: int | None = None
    clusters: int | None = None  # drawn, whether or not they answered
    strata: tuple[Stratum, ...] = ()
    weighting: Weighting | None = None
    lonely: Lonely = Lonely.FAIL
    panel: Panel | None = None
    change: WaveChange | None = None
    independent: bool = False
    eligibility: Eligibility | None = None

    def __post_init__(self) -> None:
        for name in COUNTS:
            counts = [getattr(stratum, name) for stratum in self.strata]
            if getattr(self, name) is None and counts and None not in counts:
                object.__setattr__(self, name, sum(counts))


@dataclass(frozen=True, kw_only=True)
class Box:
    """A box of a perspective at (column, row), counted from 1. `sections` and `questions` are what it leads to."""

    id: str
    label: Text
    at: tuple[int, int]
    detail: Text | None = None
    sections: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    context: bool = False  # shown as context, drawn lighter


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """`origin` —verb→ `target`."""

    origin: str
    target: str
    verb: Text


@dataclass(frozen=True, kw_only=True)
class Perspective:
    """An illustration: how sections hang together."""

    id: str
    title: Text
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...] = ()
    description: Text | None = None


METHOD_FIELDS: Mapping[str, str] = {
    "collection": "A1",
    "sponsor": "A2",
    "conductor": "A2",
    "instruments": "A3",
    "population": "A4",
    "sampling": "A5",
    "recruitment": "A5",
    "mode": "A6",
    "dates": "A7",
    "sizes_and_precision": "A8",
    "weighting": "A9",
    "processing": "A10",
    "limitations": "A11",
}
"""AAPOR Transparency Initiative, disclosure standards of April 2021: our field → item."""


@dataclass(frozen=True, kw_only=True)
class Method:
    """How the survey was made, a text a field (METHOD_FIELDS). A missing one is reported by name."""

    texts: tuple[tuple[str, Text], ...] = ()

    def __post_init__(self) -> None:
        order = {name: place for place, name in enumerate(METHOD_FIELDS)}
        texts = sorted(self.texts, key=lambda text: (order.get(text[0], len(order)), text[0]))
        object.__setattr__(self, "texts", tuple(texts))

    def get(self, field_name: str) -> Text | None:
        return dict(self.texts).get(field_name)


@dataclass(frozen=True, kw_only=True)
class DisclosureSettings:
    """The named policy, and what the study sets otherwise (names and meanings in `disclosure.policy`)."""

    policy: str = ""  # empty: `organisations` below 500 respondents or a named population, else `sample`
    changed: tuple[tuple[str, int | str | bool], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "changed", tuple(sorted(self.changed, key=lambda setting: setting[0])))
