"""One path through floating point, the same on every machine.

IEEE 754 fixes + − × ÷ √ to the last bit; exp, log and the quantile functions it leaves to the library and even to the
processor. So exp is made here of the fixed operations, what comes from a library is snapped at once, and every result
is snapped to 12 significant digits before anybody rounds it for print.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DIGITS = 12

_POWERS = np.array([float(f"1e{exponent}") for exponent in range(-300, 301)])
_LARGEST_EXACT = 22  # 10**22 is the largest power of ten that a double holds exactly
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_TAYLOR = [1.0]
for _term in range(1, 16):
    _TAYLOR.append(_TAYLOR[-1] / _term)


def snap(values: Floats) -> Floats:
    """Rounds to 12 significant digits, half to even; NaN, infinities and zero stay. What is snapped stays as it is."""
    exponent = np.searchsorted(_POWERS, np.abs(values), side="right") - 301
    shift = DIGITS - 1 - exponent
    near = np.abs(shift) <= _LARGEST_EXACT
    if not near.all():
        result = values.copy()
        result[near] = snap(values[near])
        far = ~near & np.isfinite(values) & (values != 0)
        result[far] = [float(f"{value:.{DIGITS - 1}e}") for value in values[far]]
        return result
    up, down = _POWERS[np.maximum(shift, 0) + 300], _POWERS[np.maximum(-shift, 0) + 300]
    return np.asarray(np.rint(values * up / down) / up * down)


def exp(values: Floats) -> Floats:
    """e to the power of `values` between −700 and 700, to about 1e-15, by + − × and powers of two alone."""
    values = np.clip(values, -700.0, 700.0)
    twos = np.rint(values * 1.4426950408889634)
    rest = (values - twos * _LN2_HIGH) - twos * _LN2_LOW
    result = np.full_like(rest, _TAYLOR[-1])
    for coefficient in _TAYLOR[-2::-1]:
        result = result * rest + coefficient
    return np.asarray(np.ldexp(result, np.nan_to_num(twos).astype(np.int32)))
