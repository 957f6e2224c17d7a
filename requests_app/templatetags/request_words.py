"""How a request's contents are written: Markdown, numbers, links to other requests."""

import re
from datetime import timedelta
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.markdown import to_html

register = template.Library()

# A whole tag, with any sign inside its quoted attributes.
TAG = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
MENTION = re.compile(r"\bT-([1-9]\d{0,17})\b")
# Inside these a number is no link.
UNLINKED = ("a", "code", "pre")


@register.filter
def markdown(text: str) -> SafeString:
    """The sanitised HTML of a Markdown text; numbers such as T-12 lead to their requests."""
    return mark_safe(link_requests(to_html(text)))  # noqa: S308 - sanitised by to_html


def link_requests(html: str) -> str:
    """``html`` with every T-12 that stands in plain text as a link."""
    depth = 0
    pieces = []
    for piece in TAG.split(html):
        if piece.startswith("<"):
            depth += _opens_or_closes(piece)
        elif depth == 0:
            piece = MENTION.sub(_link, piece)
        pieces.append(piece)
    return "".join(pieces)


def _opens_or_closes(tag: str) -> int:
    name = re.match(r"</?([a-z0-9]+)", tag)
    if name is None or name[1] not in UNLINKED:
        return 0
    return -1 if tag.startswith("</") else 1


def _link(match: re.Match[str]) -> str:
    return format_html('<a href="{}">{}</a>', reverse("requests:detail", args=[match[1]]), match[0])


@register.filter
def euros(value: Decimal) -> str:
    """An amount of money, with cents where there are any."""
    decimals = 0 if value == value.to_integral_value() else 2
    number = number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return _("%(amount)s €") % {"amount": number}


@register.filter
def lasting(value: timedelta) -> str:
    """A length of time in whole days, else hours, else minutes: "3 days"."""
    minutes = int(value.total_seconds()) // 60
    if minutes >= 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if minutes >= 60:
        return ngettext("%(count)d hour", "%(count)d hours", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


@register.filter
def amount(value: Decimal | None) -> str:
    """A number with as many decimals as it has, in the reader's spelling; "–" where there is none."""
    if value is None:
        return "–"
    plain = value.normalize()
    decimals = max(0, -int(plain.as_tuple().exponent))
    return number_format(plain, decimal_pos=decimals, use_l10n=True, force_grouping=True)
