"""The cells of a list of requests, in templates ``{% load cells %}``; what is not drawn here is words."""

from collections.abc import Callable
from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.templatetags import frame
from requests_app.lists.columns import Column
from requests_app.lists.export import cell as plain
from requests_app.models import Request
from requests_app.templatetags.request_words import amount

register = template.Library()


@register.simple_tag
def cell(column: Column, row: Request) -> SafeString | str:
    """What ``column`` shows of ``row``."""
    drawn = DRAWN.get(column.name)
    if drawn:
        return drawn(row)
    value = column.parts[0].value(row)
    if isinstance(value, datetime):
        return frame.ago(value)
    if isinstance(value, date):
        return frame.day(value)
    return format_html("<span>{}</span>", value) if isinstance(value, str) and value else plain(value)


def _title(row: Request) -> SafeString:
    lock = format_html(" {}", frame.icon("lock", _("Restricted"))) if row.restricted else ""
    blocked = format_html(' <span class="pill bad">{}</span>', _("blocked")) if row.is_blocked else ""
    return format_html('<a href="{}">{}</a>{}{}', row.get_absolute_url(), row.title or row.key, lock, blocked)


def _turn(row: Request) -> SafeString | str:
    if not row.is_open:
        return ""
    nobody = row.turn == "nobody"
    side = format_html('<span class="pill">{}</span>', row.get_turn_display()) if nobody else ""
    since = (
        format_html('<small class="muted">{}</small>', frame.since_tag(row.turn_since))
        if row.turn_since
        else ""
    )
    return format_html('<span class="line">{}{}</span>', side or frame.side_badge(row.turn), since)


def _teams(row: Request) -> SafeString:
    asking = row.requesting_team.name if row.requesting_team else "–"
    serving = row.serving_team.name if row.serving_team else "?"
    return format_html("<span>{} → {}</span>", asking, serving)


def _goal(row: Request) -> SafeString:
    if row.goal is None:
        return format_html('<span class="pill warn">{}</span>', _("no goal"))
    return format_html("<span>{}</span>", row.goal.title)


def _difference(row: Request) -> SafeString | str:
    if row.difference is None:
        return ""
    said = (
        format_html(' <small class="muted">{}</small>', _("provisional"))
        if row.difference_provisional
        else ""
    )
    return format_html('<span class="line">{}{}</span>', frame.dial(row.difference), said)


def _effort(row: Request) -> str:
    return amount(row.effort) if row.effort is not None else ""


DRAWN: dict[str, Callable[[Request], SafeString | str]] = {
    "number": lambda row: row.key,
    "title": _title,
    "status": lambda row: frame.status_badge(row.status),
    "turn": _turn,
    "teams": _teams,
    "tandem": lambda row: frame.tandem(row.marketing_owner, row.it_owner, "sm"),
    "goal": _goal,
    "difference": _difference,
    "effort": _effort,
}
