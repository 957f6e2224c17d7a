"""The words of a mail that is only HTML, without what it quotes: by one pass over its tags.

No parser of pages: strangers decide what stands in a mail. Python's own takes the square of the time where
tags do not end and fails at some declarations; that behind nh3 does where they stand deep within each other.
"""

import re
from html import unescape

BLOCKS = frozenset(
    [
        *("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("table", "ul", "ol", "hr", "pre", "section", "article"),
    ]
)
SKIPPED = frozenset(["style", "script", "head", "title", "blockquote"])
# Behind the end of these the next words stand on a line of their own.
ENDING = frozenset(["p", "div", "tr"])
# Possessive, so that what looks like a tag and is none is looked at once.
TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*+)([^<>]*+)>")
DECLARATION = re.compile(r"<!--|<[!?]")


def text_of(page: str) -> str:
    """The words of an HTML page, in lines."""
    reader = _Reader()
    place, page = 0, _without_declarations(page)
    for tag in TAG.finditer(page):
        reader.says(page[place : tag.start()])
        if tag[1]:
            reader.ends(tag[2].lower())
        else:
            reader.begins(tag[2].lower(), tag[3])
        place = tag.end()
    reader.says(page[place:])
    lines = [line.strip() for line in "".join(reader.pieces).splitlines()]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept).strip()


def _without_declarations(page: str) -> str:
    """``page`` without comments and what else begins with "<!" or "<?": there are no words in it."""
    kept, place = [], 0
    while (begins := DECLARATION.search(page, place)) is not None:
        kept.append(page[place : begins.start()])
        end = "-->" if begins[0] == "<!--" else ">"
        found = page.find(end, begins.end())
        place = found + len(end) if found >= 0 else len(page)
    return "".join([*kept, page[place:]])


class _Reader:
    """Gathers what is said outside of what is skipped."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._skipping: list[str] = []

    def begins(self, tag: str, attributes: str) -> None:
        is_quote = tag == "div" and "gmail_quote" in attributes
        if tag == "body":
            # The end of the head may be left out.
            self._skipping.clear()
        elif tag in SKIPPED or is_quote or (self._skipping and tag == self._skipping[-1]):
            self._skipping.append(tag)
        elif tag in BLOCKS:
            self.pieces.append("\n- " if tag == "li" else "\n")

    def ends(self, tag: str) -> None:
        if self._skipping and self._skipping[-1] == tag:
            self._skipping.pop()
        elif tag in ENDING:
            self.pieces.append("\n")

    def says(self, words: str) -> None:
        if not self._skipping:
            self.pieces.append(re.sub(r"\s+", " ", unescape(words)))
