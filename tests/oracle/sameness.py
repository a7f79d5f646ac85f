"""What "bit for bit the same" means, and the engine that the others are held to."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from random_answers import Case

from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.engines.memory import Memory
from saklig.tabulation.plan import groupings


def same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if hasattr(one, "__dataclass_fields__"):
        return all(same(getattr(one, each.name), getattr(other, each.name)) for each in fields(one))  # type: ignore[arg-type]
    return one == other


def memory(case: Case) -> Memory:
    return Memory(columns=case.answers.columns, broken=breakdown(groupings(case.study, case.answers), case.design))
