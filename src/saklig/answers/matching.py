"""When a value of the data and a code of the study are the same: 1, 1.0 and "1" are; "Yes" and "yes" are not."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from saklig.answers.model import Value

_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})(?:\.0+)?")
_FRACTION = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,12}")
_SPACES = str.maketrans({" ": None, "\u00a0": None, "\u202f": None, "\u2009": None})
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[ \u00a0\u202f\u2009][0-9]{3})+(?:[.,][0-9]+)?")


def canonical(value: Value) -> Value:
    """The form in which values are compared: text stripped and in Unicode's NFC, numbers as numbers, whole ones as int.

    "01" stays text, since a leading zero says that it is a label and not a number.
    """
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value).strip().replace("−", "-")
        if _INTEGER.fullmatch(text):
            return int(text.partition(".")[0])
        return float(text) if _FRACTION.fullmatch(text) else text
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def is_blank(value: Value) -> bool:
    return isinstance(value, str) and not value.strip()


def as_number(value: Value) -> Decimal | None:
    """The number that a value is, decimal comma and grouped thousands understood; None where it is none or not finite.

    Floats count as the shortest decimal number that reads back as them.
    """
    if isinstance(value, str):
        text = value.strip().replace("−", "-")
        if _GROUPED.fullmatch(text):
            text = text.translate(_SPACES)
        if text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
    else:
        text = repr(float(value)) if isinstance(value, float) else str(value)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
