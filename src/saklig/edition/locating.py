"""Fingerprints of each question's rows, small enough to keep, from which a changed row is found again.

With hᵢ a 64-bit hash of a question's i-th row, i from 1, its fingerprint is (n, S = Σ hᵢ, T = Σ i·hᵢ), modulo 2⁶⁴. When
one row has changed, S differs by some d and T by i·d, which gives i. When several have, the question is known but
the rows are not. This finds damage; what proves that nothing was changed is the edition's id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from saklig.edition.facts import NUMBER_COLUMNS, Facts, Labels
from saklig.edition.lookup import Index
from saklig.study.model import Study

Hashes = NDArray[np.uint64]


def fingerprints(facts: Facts, study: Study) -> dict[str, str]:
    """`wave[..wave2]/question[.item]` → `n:S:T`, the sums in hex."""
    hashes = _row_hashes(facts)
    return {_name(part): "{}:{:016x}:{:016x}".format(*_sums(hashes[rows])) for part, rows in _parts(facts, study)}


def changed_rows(facts: Facts, study: Study, written: Mapping[str, str]) -> tuple[tuple[str, int | None], ...]:
    """The questions whose rows are not those that were written, each with the row that changed or None if unknown.

    `written`: what `fingerprints` gave then. A question that is new or gone is named too.
    """
    hashes = _row_hashes(facts)
    found: list[tuple[str, int | None]] = []
    here = set()
    for part, rows in _parts(facts, study):
        here.add(_name(part))
        n, first, second = _sums(hashes[rows])
        if written.get(_name(part)) != f"{n}:{first:016x}:{second:016x}":
            found.append((_name(part), _changed(rows, first, second, written.get(_name(part), ""))))
    return (*found, *((name, None) for name in written if name not in here))


def _changed(rows: NDArray[np.intp], first: int, second: int, written: str) -> int | None:
    try:
        count, old_first, old_second = written.split(":")
        if int(count) != len(rows):
            return None
        difference, moment = (first - int(old_first, 16)) % 2**64, (second - int(old_second, 16)) % 2**64
    except ValueError:
        return None
    places = [place for place in range(1, len(rows) + 1) if place * difference % 2**64 == moment]
    return int(rows[places[0] - 1]) if len(places) == 1 else None


def _parts(facts: Facts, study: Study) -> list[tuple[tuple[str, str, str, str], NDArray[np.intp]]]:
    index = Index(facts, study)
    return [(key, index.rows_of(key[0], key[2], key[3], wave2=key[1])) for key in index.parts]


def _name(part: tuple[str, str, str, str]) -> str:
    wave, wave2, question, item = part
    return wave + (f"..{wave2}" if wave2 else "") + f"/{question}" + (f".{item}" if item else "")


def _sums(hashes: Hashes) -> tuple[int, int, int]:
    places = np.arange(1, len(hashes) + 1, dtype=np.uint64)
    return len(hashes), int(hashes.sum(dtype=np.uint64)), int((places * hashes).sum(dtype=np.uint64))


def _row_hashes(facts: Facts) -> Hashes:
    columns: list[Hashes] = [_text_hashes(labels) for labels in (*facts.address.values(), facts.status)]
    columns += [facts.numbers(name).view(np.uint64) for name in NUMBER_COLUMNS]
    columns.append(facts.decimals.astype(np.uint64))
    total = np.zeros(len(facts), dtype=np.uint64)
    for column in columns:
        total = _mixed(total * np.uint64(0x9E3779B97F4A7C15) + column)
    return total


def _text_hashes(labels: Labels) -> Hashes:
    values = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") for text in labels.values]
    return np.array(values, dtype=np.uint64)[labels.codes]


def _mixed(numbers: Hashes) -> Hashes:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = numbers ^ (numbers >> np.uint64(31))
    return mixed
