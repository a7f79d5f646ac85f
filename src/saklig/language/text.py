"""A text in one or more languages, as a study's author wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_UNPRINTABLE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff]")


def unprintable(words: str) -> str:
    """The first character that no page or document can hold (controls but tab and line feed, surrogates), or ""."""
    found = _UNPRINTABLE.search(words)
    return found[0] if found else ""


def printable(words: str) -> str:
    """`words` with a space in place of each such character; for labels that a data file brings."""
    return _UNPRINTABLE.sub(" ", words)


@dataclass(frozen=True)
class Text:
    """The same words in one or more languages, the first one being the language they were written in.

    `words` maps an IETF language tag ("sv", "en", "sr-Latn") to the words. No language is empty.
    """

    words: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if not self.words:
            raise ValueError("a text needs words in at least one language")
        languages = [language for language, _ in self.words]
        if len(set(languages)) != len(languages):
            raise ValueError(f"a text has two wordings in one language: {', '.join(languages)}")
        for language, words in self.words:
            if not words.strip():
                raise ValueError(f"a text is empty in the language {language!r}")

    @classmethod
    def of(cls, words: Mapping[str, str]) -> Text:
        return cls(tuple(words.items()))

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(language for language, _ in self.words)

    def get(self, language: str) -> str | None:
        """The words in `language`, or None where they were not written."""
        for tag, words in self.words:  # asked a million times for a large publication: no generator
            if tag == language:
                return words
        return None

    def best(self, language: str) -> tuple[str, str]:
        """The words for a reader of `language` and the language they are in: the asked one, else the first."""
        words = self.get(language)
        return (words, language) if words is not None else (self.words[0][1], self.words[0][0])
