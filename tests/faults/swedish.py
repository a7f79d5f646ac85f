"""Whether what the program says in Swedish is Swedish: no English word stands in it outside what it quotes."""

from __future__ import annotations

import re

WORDS = """
an and answers are asked be but by column columns did do does each every file folder from give has have he if into is it
its keep missing more must name no not of on one or out question respondents row rows same study that the them there
these they this to value was wave weight were what where which who why with write you
"""
ENGLISH = frozenset(WORDS.split())
"""Words of the program's English that are no Swedish words."""
QUOTED = re.compile(r"”[^”]*”|`[^`]*`|\"[^\"]*\"|'[^']*'|\{[^}]*\}|\[[^\]]*\]")
WORD = re.compile(r"(?<![\w./=~@+:-])[A-Za-zåäöÅÄÖ]+(?![\w/=~@+-]|\.\w| = )")
PLACE = re.compile(r"[\w.-]+\.(?:toml|csv|json|parquet|sav|xlsx|xml|sss|lss)(?::\d+)*")


def english_words(said: str) -> set[str]:
    """The English words in `said`, quoted data, paths, addresses and options aside."""
    return {word for word in WORD.findall(QUOTED.sub(" ", said)) if word.lower() in ENGLISH}


def places(said: str) -> set[str]:
    """Files and lines that are named."""
    return set(PLACE.findall(said))
