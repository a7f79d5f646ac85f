"""Dates and times as SPSS, Stata and SAS store them (a number and a display format) → ISO text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

Moment = Callable[[float], str]

SPSS_EPOCH = datetime(1582, 10, 14)
STATA_SAS_EPOCH = datetime(1960, 1, 1)


def _date(epoch: datetime, unit: timedelta) -> Moment:
    return lambda value: (epoch + value * unit).date().isoformat()


def _datetime(epoch: datetime, unit: timedelta) -> Moment:
    return lambda value: (epoch + value * unit).isoformat(" ", "seconds")


def _month(epoch: datetime, unit: timedelta) -> Moment:
    return lambda value: (epoch + value * unit).strftime("%Y-%m")


def _quarter(epoch: datetime, unit: timedelta) -> Moment:
    def text(value: float) -> str:
        day = epoch + value * unit
        return f"{day.year:04}-Q{(day.month + 2) // 3}"

    return text


def _clock(value: float) -> str:
    """Seconds as hours, minutes and seconds; durations may pass 24 hours or be negative."""
    sign, seconds = "-" if value < 0 else "", round(abs(value))
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _stata_period(per_year: int, letter: str) -> Moment:
    def text(value: float) -> str:
        year, part = divmod(round(value), per_year)
        number = f"{part + 1:02}" if per_year > 9 else str(part + 1)
        return f"{1960 + year:04}-{letter}{number}"

    return text


SECOND, DAY, MILLISECOND = timedelta(seconds=1), timedelta(days=1), timedelta(milliseconds=1)

SPSS_MOMENTS: dict[str, Moment] = {
    **dict.fromkeys(("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "WKYR"), _date(SPSS_EPOCH, SECOND)),
    **dict.fromkeys(("DATETIME", "YMDHMS"), _datetime(SPSS_EPOCH, SECOND)),
    **dict.fromkeys(("TIME", "DTIME", "MTIME"), _clock),
    "MOYR": _month(SPSS_EPOCH, SECOND),
    "QYR": _quarter(SPSS_EPOCH, SECOND),
}
STATA_MOMENTS: dict[str, Moment] = {
    **dict.fromkeys(("%td", "%d"), _date(STATA_SAS_EPOCH, DAY)),
    **dict.fromkeys(("%tc", "%tC"), _datetime(STATA_SAS_EPOCH, MILLISECOND)),
    "%tm": _stata_period(12, ""),
    "%tq": _stata_period(4, "Q"),
    "%tw": _stata_period(52, "W"),
    "%th": _stata_period(2, "H"),
}
SAS_MOMENTS: dict[str, Moment] = {
    **dict.fromkeys(
        ("DATE", "DAY", "DDMMYY", "MMDDYY", "YYMMDD", "JULIAN", "WEEKDATE", "WORDDATE", "E8601DA", "B8601DA", "NLDATE"),
        _date(STATA_SAS_EPOCH, DAY),
    ),
    **dict.fromkeys(("MONYY", "YYMM", "MMYY"), _month(STATA_SAS_EPOCH, DAY)),
    **dict.fromkeys(("YYQ",), _quarter(STATA_SAS_EPOCH, DAY)),
    **dict.fromkeys(("DATETIME", "DATEAMPM", "E8601DT", "B8601DT", "NLDATM"), _datetime(STATA_SAS_EPOCH, SECOND)),
    **dict.fromkeys(("TIME", "HHMM", "TOD", "TIMEAMPM", "E8601TM", "B8601TM"), _clock),
}


def spss_moment(display: str) -> Moment | None:
    """The translator for an SPSS display format such as `ADATE10`; None for a plain number."""
    return SPSS_MOMENTS.get(re.sub(r"[\d.]+$", "", display.upper()))


def stata_moment(display: str) -> Moment | None:
    """For a Stata format such as `%tdD_m_Y`."""
    found = re.match(r"%-?(t[dcCmqwh]|d)", display)
    return STATA_MOMENTS["%" + found[1]] if found else None


def sas_moment(display: str) -> Moment | None:
    """For a SAS format such as `DATETIME20.3`."""
    name = display.upper()
    return SAS_MOMENTS.get(re.sub(r"[\d.]+$", "", name)) or SAS_MOMENTS.get(re.sub(r"\.\d*$", "", name))
