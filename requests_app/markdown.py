"""Markdown of comments as HTML that is safe to show."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "li", "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
# No class, style, id, data-* or hx-*: nothing that a script or htmx would listen to. No images at all,
# because those of other hosts would tell them who reads, and there are none of our own yet.
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
LINK_REL = "nofollow noopener"

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
_parser.disable("image")


@lru_cache(maxsize=512)
def to_html(text: str) -> str:
    """The sanitised HTML of a Markdown text; HTML in it is shown as text."""
    return nh3.clean(
        _parser.render(text), tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=LINK_REL
    )
