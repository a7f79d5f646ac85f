"""Arrow's arrays from numpy's and from texts, made of their buffers.

`pyarrow.array` looks whether what it is given comes from pandas, and loads pandas for that wherever it is installed:
a quarter of a second that no edition needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa


def whole(numbers: NDArray[np.integer], kind: pa.DataType, there: NDArray[np.bool_] | None = None) -> pa.Array:
    """Whole numbers (n,) as `kind`, a type of them; null where they are not `there`."""
    import pyarrow as pa

    held = np.ascontiguousarray(numbers, kind.to_pandas_dtype())
    valid = None if there is None else pa.py_buffer(np.packbits(there, bitorder="little"))
    return pa.Array.from_buffers(kind, len(held), [valid, pa.py_buffer(held)])


def texts(values: Sequence[str]) -> pa.Array:
    """Texts of 2 GB in all at most."""
    import pyarrow as pa

    written = [value.encode() for value in values]
    ends = np.zeros(len(written) + 1, np.int32)
    np.cumsum([len(each) for each in written], out=ends[1:])
    return pa.Array.from_buffers(pa.string(), len(written), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(written))])
