"""What a chat channel reads of an event, and how each program wants it: pure functions.

What people write is plain text in all of them: it can neither format, nor call people together, nor load
images.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from notifications.chat.models import Vendor

MOST_TEXT = 600
MOST_TITLE = 200
ORANGE = "#e8590c"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~])")
# An invisible character after the sign, so that nobody is called by somebody's comment.
_CALL = re.compile("@(?=\\S)")
_NO_CALL = "@\u200b"


@dataclass(frozen=True)
class Told:
    """One event in words that every member may read."""

    title: str
    url: str
    sentence: str
    quote: str = ""
    facts: tuple[str, ...] = ()

    @property
    def short_quote(self) -> str:
        return shortened(self.quote.strip(), MOST_TEXT)


def shortened(text: str, limit: int) -> str:
    """``text``, at most ``limit`` characters of it."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def payload(vendor: str, told: Told) -> dict[str, Any]:
    """The body that the incoming webhooks of ``vendor`` take."""
    return _PAYLOADS[vendor](told)


def slack(told: Told) -> dict[str, Any]:
    """Block Kit, with a plain text for notifications."""
    title = _escaped_for_slack(shortened(told.title, MOST_TITLE))
    link = f"<{told.url}|{title.replace('|', '¦')}>"
    blocks: list[dict[str, Any]] = [
        _slack_section("mrkdwn", f"*{link}*\n{_escaped_for_slack(told.sentence)}")
    ]
    if told.short_quote:
        blocks.append(_slack_section("plain_text", told.short_quote))
    if told.facts:
        facts = [{"type": "mrkdwn", "text": _escaped_for_slack(fact)} for fact in told.facts[:10]]
        blocks.append({"type": "context", "elements": facts})
    fallback = _escaped_for_slack(f"{told.sentence} {told.title}")
    return {"text": fallback, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _slack_section(kind: str, text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": kind, "text": shortened(text, 3_000)}}


def _escaped_for_slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def teams(told: Told) -> dict[str, Any]:
    """An Adaptive Card, as the Workflows app takes it; texts stand in blocks that know no Markdown."""
    body = [
        _rich(shortened(told.title, MOST_TITLE), size="medium", weight="bolder"),
        _rich(told.sentence),
        *([_rich(told.short_quote, isSubtle=True)] if told.short_quote else []),
        *([_rich(" · ".join(told.facts), size="small", isSubtle=True)] if told.facts else []),
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": _("Open the request"), "url": told.url}],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _rich(text: str, **look: Any) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **look}]}


def mattermost(told: Told) -> dict[str, Any]:
    """A message attachment; its texts are Markdown, so all that people wrote is escaped."""
    lines = [_plain_markdown(told.sentence)]
    if told.short_quote:
        lines += ["> " + _plain_markdown(line) for line in told.short_quote.splitlines()]
    attachment = {
        "fallback": _CALL.sub(_NO_CALL, f"{told.sentence} {told.title}"),
        "color": ORANGE,
        "title": _CALL.sub(_NO_CALL, shortened(told.title, MOST_TITLE)),
        "title_link": told.url,
        "text": "\n".join(lines),
        "footer": _CALL.sub(_NO_CALL, " · ".join(told.facts)),
    }
    return {"attachments": [attachment]}


def _plain_markdown(text: str) -> str:
    return _CALL.sub(_NO_CALL, _MARKDOWN.sub(r"\\\1", text))


_PAYLOADS: dict[str, Callable[[Told], dict[str, Any]]] = {
    Vendor.SLACK: slack,
    Vendor.TEAMS: teams,
    Vendor.MATTERMOST: mattermost,
}
