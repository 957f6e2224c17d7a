"""Keys of requests such as T-12 in what people write: found, and made into links."""

import re
from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.html import format_html

# A whole tag, with any sign inside its quoted attributes.
TAG = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
KEY = re.compile(r"\bT-([1-9]\d{0,17})\b", re.ASCII)
# Inside these a key is no link.
UNLINKED = ("a", "code", "pre")
# A page that names more has other purposes than to be read.
MOST_KEYS = 500


def keys_in(texts: Iterable[str]) -> set[int]:
    """The numbers of the requests that ``texts`` name, the first MOST_KEYS of them."""
    found: dict[int, None] = {}
    for text in texts:
        found.update(dict.fromkeys(int(match[1]) for match in KEY.finditer(text)))
        if len(found) >= MOST_KEYS:
            break
    return set(list(found)[:MOST_KEYS])


def link_keys(html: str, titles: Mapping[int, str]) -> str:
    """``html`` with every T-12 that stands in plain text as a link, if ``titles`` has its title.

    What is not there reads as text: the reader must not learn whether there is such a request.
    """
    depth = 0
    pieces = []
    for piece in TAG.split(html):
        if piece.startswith("<"):
            depth += _opens_or_closes(piece)
        elif depth == 0:
            piece = KEY.sub(lambda match: _link(match, titles), piece)
        pieces.append(piece)
    return "".join(pieces)


def _opens_or_closes(tag: str) -> int:
    name = re.match(r"</?([a-z0-9]+)", tag)
    if name is None or name[1] not in UNLINKED:
        return 0
    return -1 if tag.startswith("</") else 1


def _link(match: re.Match[str], titles: Mapping[int, str]) -> str:
    number = int(match[1])
    if number not in titles:
        return match[0]
    address = reverse("requests:detail", args=[number])
    return format_html('<a href="{}" title="{}">{}</a>', address, titles[number], match[0])
