"""Where pages lie: files in their language's folder. Names that are not a question's are in folders of their own."""

from __future__ import annotations

from saklig.publish.outline.model import PageKind

FRONT = "index.html"

FILES: dict[PageKind, str] = {
    PageKind.FRONT: FRONT,
    PageKind.METHOD: "about/method.html",
    PageKind.PROTECTION: "about/protection.html",
    PageKind.FACTS: "about/facts.html",
    PageKind.DOWNLOADS: "about/downloads.html",
    PageKind.CITE: "about/cite.html",
    PageKind.VERIFY: "about/verify.html",
    PageKind.ACCESSIBILITY: "about/accessibility.html",
}


def front_file(wave: str = "") -> str:
    """`wave`: an earlier one; the latest wave's front page is that of the whole publication."""
    return f"wave/{wave}.html" if wave else FRONT


def section_file(section: str, wave: str = "") -> str:
    """`wave`: an earlier one, as in `front_file`."""
    return f"wave/{wave}/{section}.html" if wave else f"section/{section}.html"


def question_file(question: str, *, study: str = "", wave: str = "", item: str = "", by: str = "") -> str:
    """`q4_1.html` in the latest wave, `kommun.2021.q4_1.html` in an earlier one (`study` and `wave` given).

    A question with more numbers than one page can hold goes on where its addresses go on: `q2_3.a.html` for an item,
    `q3_2@storlek.html` for a background variable.
    """
    name = f"{study}.{wave}.{question}" if wave else question
    name += f".{item}" if item else ""
    return name + (f"@{by}" if by else "") + ".html"
