"""What was decided and why, with what both sides thought; what was parked, delivered and achieved."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activity.models import Event
from notifications.digest.select import Selection
from notifications.digest.sheet import DECIDED, DELIVERED, PARKED, Row, Section, day_words, request_row, some
from notifications.digest.shelf import Pen
from notifications.digest.views_of_both import Views
from notifications.news import reason
from requests_app.choices import OutcomeVerdict
from requests_app.models import Request

LONGEST_QUOTE = 240

Draw = Callable[[Event, Request, Views | None], Row]


def sections(selection: Selection, pen: Pen) -> list[Section]:
    """What was decided, and what was delivered with what it achieved; each only where there is something."""
    delivered = [*pen.told(_delivery_row, selection.delivered), *pen.told(_outcome_row, selection.achieved)]
    total = len(selection.delivered) + len(selection.achieved)
    return [
        *some(
            DECIDED,
            _("Decided, and why"),
            _drawn(_decision_row, selection.decided, pen),
            len(selection.decided),
        ),
        *some(DELIVERED, _("Delivered, and what it achieved"), delivered[: pen.most], total),
    ]


def parked(selection: Selection, pen: Pen) -> list[Section]:
    """What was put aside as nice to have, and the days of work that are free for something better."""
    rows = _drawn(_decision_row, selection.parked, pen)
    return some(PARKED, _("Parked, and why"), rows, len(selection.parked), note=_saved(selection, pen))


def _drawn(draw: Draw, events: Sequence[int], pen: Pen) -> list[Row]:
    return [pen.once((draw, pk), partial(_draw, draw, pk, pen)) for pk in events[: pen.most]]


def _draw(draw: Draw, pk: int, pen: Pen) -> Row:
    event = pen.shelf.events[pk]
    return draw(event, pen.shelf.requests[event.object_id], pen.shelf.views.get(event.object_id))


def _decision_row(event: Event, request: Request, views: Views | None) -> Row:
    said = [_decision(event), _of_both(views) if views else ""]
    return request_row(request, " · ".join(part for part in said if part), quote=_why(event, request))


def _of_both(views: Views) -> str:
    words = {"joint": views.joint, "marketing": views.marketing, "it": views.it}
    return _("impact %(joint)d of 100 (Marketing %(marketing)d, IT %(it)d)") % words


def _decision(event: Event) -> str:
    if event.kind == "request.accepted":
        return _("accepted")
    if event.kind == "request.declined":
        return _("declined")
    if event.kind == "request.merged":
        return _("declined as a duplicate")
    revisit = _date(event.data.get("revisit_on"))
    return _("parked until %(day)s") % {"day": day_words(revisit)} if revisit else _("parked")


def _why(event: Event, request: Request) -> str:
    given = reason(event.data)
    if given:
        return _("“%(reason)s”") % {"reason": Truncator(given).chars(LONGEST_QUOTE)}
    if event.kind == "request.accepted" and request.goal:
        return _("Serves the goal “%(goal)s”.") % {"goal": request.goal.title}
    return ""


def _saved(selection: Selection, pen: Pen) -> str:
    """The likely person-days of all that was parked, as far as IT has said and Marketing is in, too."""
    views = (pen.shelf.views.get(pen.shelf.about[pk]) for pk in selection.parked)
    days = round(sum(one.days or 0 for one in views if one is not None))
    if not days:
        return ""
    words = ngettext(
        "%(days)s person-day stays free for what makes the difference",
        "%(days)s person-days stay free for what makes the difference",
        days,
    )
    return words % {"days": number_format(days, force_grouping=True)}


def _delivery_row(_event: Event, request: Request) -> Row:
    return request_row(request, _("delivered"), quote=_expected(request))


def _expected(request: Request) -> str:
    if not request.metric or request.baseline is None or request.target is None:
        return ""
    words = {**_aim(request), "day": day_words(request.measured_on)}
    if request.measured_on is None:
        return _("Expected: %(metric)s %(baseline)s → %(target)s.") % words
    return _("Expected: %(metric)s %(baseline)s → %(target)s, to be measured on %(day)s.") % words


def _aim(request: Request) -> dict[str, str]:
    return {
        "metric": request.metric,
        "baseline": _amount(request.baseline),
        "target": f"{_amount(request.target)} {request.unit}".strip(),
    }


def _outcome_row(event: Event, request: Request) -> Row:
    """What was measured, and what had been expected."""
    measured = f"{_amount(event.data['measured'])} {request.unit}".strip()
    # In the middle of a sentence, and no noun in either language.
    verdict = str(OutcomeVerdict(event.data["verdict"]).label).lower()
    line = _("measured: %(value)s, %(verdict)s") % {"value": measured, "verdict": verdict}
    if request.metric and request.baseline is not None and request.target is not None:
        aim = _("expected: %(metric)s %(baseline)s → %(target)s") % _aim(request)
        line = f"{line} · {aim}"
    learnt = event.data.get("learnt") or ""
    return request_row(request, line, quote=Truncator(learnt).chars(LONGEST_QUOTE))


def _amount(value: Any) -> str:
    return number_format(Decimal(str(value)).normalize(), use_l10n=True, force_grouping=True)


def _date(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None
