"""The language that the program speaks: ambient for errors and remarks, never for values."""

from __future__ import annotations

import errno

import pytest

from saklig.language.catalog import say, say_n, speaking
from saklig.language.system import reason


def test_english_is_spoken_until_another_language_is_asked_for() -> None:
    assert say("the disk is full") == "the disk is full"
    with speaking("sv-FI"):
        assert say("the disk is full") == "disken är full"
    with speaking("fi"):
        assert say("the disk is full") == "the disk is full"
    assert say("the disk is full") == "the disk is full"


def test_values_are_not_translated_and_stay_in_one_line() -> None:
    with speaking("sv"):
        assert say("there is no {what} “{name}”", what="the disk is full", name="a\nb\x1b[2J") == (
            "the disk is full ”a b [2J” finns inte"
        )
        assert say('must be a text or a table of languages such as {{ sv = "…" }}, not {kind}', kind="{x}").endswith(
            '{ sv = "…" }, inte {x}'
        )


def test_numbers_of_things_are_written_as_the_language_writes_them() -> None:
    words = "… and {n} more; mend these first"
    assert say_n(words, words, 12000) == "… and 12,000 more; mend these first"
    with speaking("sv"):
        assert say_n(words, words, 12000) == "… och 12\u00a0000 till; rätta de här först"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.ENOENT])
def test_what_the_system_says_is_said_in_swedish(number: int) -> None:
    with speaking("sv"):
        swedish = reason(OSError(number, "what the system says"))
    assert swedish not in ("what the system says", reason(OSError(number, "what the system says")))
    assert reason(OSError(9999, "what the system says")) == "what the system says"
