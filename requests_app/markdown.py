"""Markdown of comments as HTML that is safe to show."""

import re
from functools import lru_cache

import nh3
from django.urls import reverse
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "li", "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
# No class, style, id, data-* or hx-*: nothing that a script or htmx would listen to. No images at all,
# because those of other hosts would tell them who reads, and there are none of our own yet.
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
LINK_REL = "nofollow noopener"
PERSON = re.compile(r"person:([1-9]\d{0,17})", re.ASCII)
# Rows of a table are filled up to its width, so a few letters could become seconds and megabytes.
MOST_CELLS = 5_000


def _mentions(state: StateCore) -> None:
    """Make ``@[Name](person:12)`` a link to the person's page that reads "@Name"."""
    for token in state.tokens:
        if token.children:
            token.children = _with_mentions(token.children, str(state.env.get("base", "")))


def _with_mentions(children: list[Token], base: str) -> list[Token]:
    kept: list[Token] = []
    for child in children:
        found = PERSON.fullmatch(str(child.attrGet("href") or "")) if child.type == "link_open" else None
        before = kept[-1] if kept else None
        kept.append(child)
        if found and before and before.type == "text" and before.content.endswith("@"):
            before.content = before.content[:-1]
            child.attrSet("href", base + reverse("teams:person", args=[int(found[1])]))
            child.meta["person"] = int(found[1])
            kept.append(Token("text", "", 0, content="@"))
    return kept


def _parser(*rules: str) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(list(rules))
    parser.core.ruler.push("mentions", _mentions)
    return parser.disable("image")


_usual, _without_tables = _parser("table", "strikethrough"), _parser("strikethrough")


def _parser_for(text: str) -> MarkdownIt:
    lines = text.split("\n")
    cells = max(line.count("|") for line in lines) * len(lines)
    return _usual if cells <= MOST_CELLS else _without_tables


@lru_cache(maxsize=512)
def to_html(text: str, base: str = "") -> str:
    """The sanitised HTML of a Markdown text; HTML in it is shown as text.

    ``base`` is the portal's address, for links that are followed from elsewhere.
    """
    html = _parser_for(text).render(text, {"base": base})
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=LINK_REL)


def people_in(text: str) -> list[int]:
    """The ids of those whom a Markdown text mentions, each once, in its order."""
    tokens = _parser_for(text).parse(text)
    children = (child for token in tokens for child in token.children or ())
    return list(dict.fromkeys(child.meta["person"] for child in children if "person" in child.meta))
