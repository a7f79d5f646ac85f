from __future__ import annotations

import pytest

from saklig.language.text import Text, printable, unprintable


def test_best_words_for_a_reader() -> None:
    text = Text.of({"sv": "Ja", "en": "Yes"})
    assert text.best("en") == ("Yes", "en")
    assert text.best("fi") == ("Ja", "sv")
    assert text.get("fi") is None
    assert text.languages == ("sv", "en")


@pytest.mark.parametrize("words", [(), (("sv", "a"), ("sv", "b")), (("sv", " "),)])
def test_a_text_without_words_is_refused(words: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ValueError, match="text"):
        Text(words)


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\uffff", "\r"])
def test_characters_that_no_page_can_hold(character: str) -> None:
    assert unprintable(f"a{character}b") == character
    assert printable(f"a{character}b") == "a b"


def test_other_characters_stay() -> None:
    words = "Åsa\t\nž <script> \u202e 🙂 \u00a0"
    assert unprintable(words) == ""
    assert printable(words) == words
