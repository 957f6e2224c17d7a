"""How a request's contents are written: Markdown, numbers, links to other requests."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django import template
from django.utils.formats import date_format, number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from requests_app.discussion.mentions import plain
from requests_app.keys import link_keys
from requests_app.markdown import to_html
from requests_app.timeline.values import euros_of

register = template.Library()


@register.filter
def markdown(text: str, titles: Mapping[int, str] | None = None) -> SafeString:
    """The sanitised HTML of a Markdown text; keys such as T-12 of requests in ``titles`` lead to them."""
    return mark_safe(link_keys(to_html(text), titles or {}))  # noqa: S308 - sanitised by to_html


@register.filter
def with_links(text: str, titles: Mapping[int, str] | None = None) -> SafeString:
    """Plain text, escaped, in which keys of requests in ``titles`` lead to them."""
    return mark_safe(link_keys(escape(text), titles or {}))  # noqa: S308 - escaped


@register.filter
def plain_mentions(text: str) -> str:
    """Markdown in one line, with mentions as "@Name"."""
    return " ".join(plain(text).split())


@register.filter
def euros(value: Decimal) -> str:
    """An amount of money, with cents where there are any."""
    return euros_of(value)


@register.filter
def as_day(text: str) -> str:
    """The date that JSON carries as ``text``."""
    return date_format(date.fromisoformat(text))


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
