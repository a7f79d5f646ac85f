"""Changes from one wave to another, made of published numbers alone: they tell nothing that those do not.

A change is the later number minus the earlier one, as printed, in the coarser decimals of the two: the difference of
29 and 29.1 is 0, since the first may have been anything from 28.5 to 29.5. Its interval is made of the two printed
intervals, by the square-and-add method (`mover`), with a correlation of 0 where the samples were drawn without regard
to each other. Where the same persons may have answered twice, it is what the edition says of it, to a tenth; where that
says nothing it is −1, and the interval the widest possible, which no correlation makes wrong:

    lower = l₂ − u₁,   upper = u₂ − l₁

It is the widest that the rounding of the printed numbers leaves open, rounded outward. There is no change where one
of the numbers is not published or has no interval, nor where the line is broken between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from saklig.edition.facts import ADDRESS_COLUMNS, NONE, NUMBER_COLUMNS, Fact, Facts, Labels, Status
from saklig.edition.lines import line_breaks
from saklig.edition.lookup import address_of, combined_codes
from saklig.edition.publication import Ground, Publication, WavePair, row_name
from saklig.language.catalog import say
from saklig.study.breaks import is_broken
from saklig.study.model import Study

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

_CHANGING = re.compile(r"|mean|balance|first|top-[1-9][0-9]?")
"""Statistics whose change is published. Medians and quartiles are not: their limits say nothing of a difference."""
_SAME = tuple(name for name in ADDRESS_COLUMNS if name not in ("wave", "wave2"))


def difference_of(stat: str) -> str:
    """The statistic that says how `stat` has changed; the empty one is a share."""
    return f"{stat}-difference" if stat else "difference"


def with_changes(facts: Facts, study: Study, publication: Publication) -> Facts:
    """`facts`, and after them a row for each number that two compared waves both have, in the order of the later."""
    if not publication.pairs:
        return facts
    breaks = line_breaks(study, publication, facts)
    eligible = _eligible(facts)
    key = combined_codes(facts.address[name] for name in _SAME)
    pieces = [facts]
    for pair in publication.pairs:
        joined = [each.id for each in study.questions if not is_broken(breaks, study, each.id, pair.wave, pair.wave2)]
        kept = eligible & _among(facts.address["question"], joined)
        earlier, later = (
            np.flatnonzero(kept & _among(facts.address["wave"], [each])) for each in (pair.wave, pair.wave2)
        )
        _, first, second = np.intersect1d(key[earlier], key[later], assume_unique=True, return_indices=True)
        order = np.argsort(second)
        before, after = earlier[first[order]], later[second[order]]
        pieces.append(_changes(facts, before, after, pair, _correlations(facts, after, pair, publication)))
    return _joined(pieces)


def _eligible(facts: Facts) -> NDArray[np.bool_]:
    """Published numbers with intervals, of everybody or of the groups of one background variable."""
    address = facts.address
    stats = [stat for stat in address["stat"].values if _CHANGING.fullmatch(stat)]
    found: NDArray[np.bool_] = (
        (facts.lower != NONE) & (facts.upper != NONE) & (facts.value != NONE) & _among(address["stat"], stats)
    )
    for name in ("wave2", "versus", "by2"):
        found &= _among(address[name], [""])
    return found


def _among(labels: Labels, values: Sequence[str]) -> NDArray[np.bool_]:
    wanted = set(values)
    found: NDArray[np.bool_] = np.isin(labels.codes, [n for n, value in enumerate(labels.values) if value in wanted])
    return found


def _changes(facts: Facts, earlier: Rows, later: Rows, pair: WavePair, correlation: Floats) -> Facts:
    decimals = np.minimum(facts.decimals[earlier], facts.decimals[later])
    finer = np.maximum(facts.decimals[earlier], facts.decimals[later])
    one, other = (_scaled(facts, rows, finer) for rows in (earlier, later))
    unit = 10 ** (finer - decimals).astype(np.int64)
    stats = facts.address["stat"]
    lower, upper = limits(one, other, correlation)
    absent = np.full(len(later), NONE)
    numbers = dict.fromkeys(NUMBER_COLUMNS, absent) | {
        "value": (2 * (other["value"] - one["value"]) + unit) // (2 * unit),  # rounded half up
        "lower": np.floor(lower / unit).astype(np.int64),
        "upper": np.ceil(upper / unit).astype(np.int64),
    }
    address = {name: replace(facts.address[name], codes=facts.address[name].codes[later]) for name in ADDRESS_COLUMNS}
    address["wave"] = _constant(pair.wave, len(later))
    address["wave2"] = _constant(pair.wave2, len(later))
    address["stat"] = Labels(codes=stats.codes[later], values=tuple(difference_of(stat) for stat in stats.values))
    return Facts(
        address=address,
        decimals=decimals,
        status=_constant(Status.PUBLISHED.value, len(later)),
        **numbers,
    )


Printed = Mapping[str, Numbers]
"""`value`, `lower` and `upper` in one unit, and `unit`: what 1 in the last printed place of each is in it."""


def _scaled(facts: Facts, rows: Rows, decimals: NDArray[np.int8]) -> Printed:
    unit = 10 ** (decimals - facts.decimals[rows]).astype(np.int64)
    return {name: facts.numbers(name)[rows] * unit for name in ("value", "lower", "upper")} | {"unit": unit}


def limits(one: Printed, other: Printed, correlation: Floats) -> tuple[Floats, Floats]:
    """The least lower and the greatest upper limit of other − one that the rounding leaves possible (`mover.widest`).

    `correlation`: float64 (rows,), the least that it may be. A limit does not fall as its own number grows, so that the
    ends of the numbers' roundings decide; of their limits' both ends are tried, since a longer way to one of them can
    make the interval shorter.
    """
    (low1, high1), (low2, high2) = (_rounding(each) for each in (one, other))
    down = _longest(low2 - other["lower"], other["unit"], one["upper"] - high1, one["unit"], correlation)
    up = _longest(other["upper"] - high2, other["unit"], low1 - one["lower"], one["unit"], correlation)
    return low2 - high1 - down, high2 - low1 + up


def _longest(a: Floats, unit_a: Numbers, b: Floats, unit_b: Numbers, correlation: Floats) -> Floats:
    """√(a² + b² − 2ρab), its greatest, where each may be shorter by its unit; the square is convex in both."""
    squares = [
        one * one + other * other - 2 * correlation * one * other
        for one in (a, np.maximum(a - unit_a, 0.0))
        for other in (b, np.maximum(b - unit_b, 0.0))
    ]
    return np.asarray(np.sqrt(np.maximum(np.max(squares, axis=0), 0.0)))


def _correlations(facts: Facts, later: Rows, pair: WavePair, publication: Publication) -> Floats:
    """The least that each may be."""
    ground = publication.ground(pair.wave, pair.wave2)
    found = np.full(len(later), 0.0 if ground is Ground.INDEPENDENT else -1.0)
    if ground is not Ground.TOLD:
        return found
    told = {
        (each.question, each.item, *(each.by or ("",))): each
        for each in publication.wave_correlations
        if (each.wave, each.wave2) == (pair.wave, pair.wave2)
    }
    for place, fact in enumerate(facts.rows(later)):
        of = told.get((fact.question, fact.item, fact.by1))
        tenths = None if of is None else of.of(row_name(fact.category, fact.stat), fact.group1)
        found[place] = -1.0 if tenths is None else tenths / 10
    return found


def _rounding(each: Printed) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Between what a number lay before it was rounded: half a unit, and within its own interval."""
    half = each["unit"] / 2
    return np.maximum(each["value"] - half, each["lower"]), np.minimum(each["value"] + half, each["upper"])


def _constant(text: str, rows: int) -> Labels:
    return Labels(codes=np.zeros(rows, np.int32), values=(text,))


def _joined(pieces: Sequence[Facts]) -> Facts:
    return Facts(
        address={name: _labels([piece.address[name] for piece in pieces]) for name in ADDRESS_COLUMNS},
        decimals=np.concatenate([piece.decimals for piece in pieces]),
        status=_labels([piece.status for piece in pieces]),
        **{name: np.concatenate([piece.numbers(name) for piece in pieces]) for name in NUMBER_COLUMNS},
    )


def _labels(columns: Sequence[Labels]) -> Labels:
    """One dictionary: the values of the first column, then what the others have besides, as far as rows use it."""
    values: dict[str, int] = {value: code for code, value in enumerate(columns[0].values)}
    codes = [columns[0].codes]
    for column in columns[1:]:
        used = np.unique(column.codes).tolist()
        table = np.zeros(len(column.values), np.int32)
        for code in used:
            table[code] = values.setdefault(column.values[code], len(values))
        codes.append(table[column.codes])
    return Labels(codes=np.concatenate(codes), values=tuple(values))


def without_changes(facts: Facts) -> Facts:
    """The rows that are not changes between waves."""
    plain = np.flatnonzero(_among(facts.address["wave2"], [""]))
    return Facts(
        address={name: replace(labels, codes=labels.codes[plain]) for name, labels in facts.address.items()},
        decimals=facts.decimals[plain],
        status=replace(facts.status, codes=facts.status.codes[plain]),
        **{name: facts.numbers(name)[plain] for name in NUMBER_COLUMNS},
    )


def wrong_changes(facts: Facts, study: Study, publication: Publication) -> Iterator[tuple[str, str]]:
    """(address, what is wrong) of every change that is not what the published numbers give: anybody can make them."""
    there = _by_address(facts, study)
    wanted = _by_address(with_changes(without_changes(facts), study, publication), study)
    for address, fact in there.items():
        if address not in wanted:
            yield address, say("there is no such change to publish: a number has none, or the line is broken")
        elif fact != wanted[address]:
            yield address, say("it is not the change that the two published numbers give")
    for address in wanted.keys() - there.keys():
        yield address, say("the change between two published numbers is missing")


def _by_address(facts: Facts, study: Study) -> dict[str, Fact]:
    changes = np.flatnonzero(~_among(facts.address["wave2"], [""]))
    return {str(address_of(study.id, fact)): fact for fact in facts.rows(changes)}
