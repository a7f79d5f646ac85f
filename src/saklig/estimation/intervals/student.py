"""Student's t, and the symmetric interval that is made of it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from saklig.estimation.model import CONFIDENCE, Floats, Integers


@lru_cache(maxsize=4096)
def _quantile(df: int, probability: float) -> float:
    from scipy.special import stdtrit

    return float(f"{float(stdtrit(df, probability)):.14g}")


def student(df: Integers) -> Floats:
    """The 97.5 % quantile of t by degrees of freedom, any shape; NaN where there are none."""
    distinct, where = np.unique(df, return_inverse=True)
    quantiles = [_quantile(int(each), (1 + CONFIDENCE) / 2) if each > 0 else np.nan for each in distinct]
    return np.asarray(np.array(quantiles, dtype=np.float64)[where].reshape(df.shape))


def symmetric(ratio: Floats, se: Floats, df: Integers) -> tuple[Floats, Floats]:
    """ratio ± t·se; R's `svyciprop(method = "mean")` and `confint(df = degf)`."""
    half = student(df) * se
    return ratio - half, ratio + half
