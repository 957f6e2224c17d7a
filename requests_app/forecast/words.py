"""Forecasts in words and as a bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from requests_app.forecast.outlooks import Basis, Forecast, State

LIKELY, HALF = 85, 50
WIDTH = 100.0
# So much of the bar is left behind the last mark, so that it can be seen.
MARGIN = 1.06


@dataclass(frozen=True)
class Bar:
    """The way from today to the last date on a bar 100 wide; None where there is no such mark.

    ``begins`` and ``length`` are the span between the two dates; ``open_ended``: nobody knows where it ends.
    """

    begins: float
    length: float
    open_ended: bool
    deadline: float | None


def says(forecast: Forecast) -> str:
    """What a forecast without a date says instead; "" where it has dates."""
    return {
        State.NO_HISTORY: _(
            "Not enough history for an honest date: too few comparable requests were delivered."
        ),
        State.NO_TEAM: _("A forecast needs the team that will do the work."),
        State.NOT_OPEN: _("Only open requests have a forecast."),
        State.BOUNDED: "" if forecast.not_before else _("History does not carry a date for this request."),
    }.get(forecast.state, "")


def hope(forecast: Forecast, today: date) -> str:
    """How the deadline stands: good, warn, bad, past; "" without a deadline or a chance to keep it."""
    if forecast.deadline is not None and forecast.deadline < today:
        return "past"
    if forecast.chance is None:
        return ""
    if forecast.chance >= LIKELY:
        return "good"
    return "warn" if forecast.chance >= HALF or forecast.at_least else "bad"


def rests_on(forecast: Forecast) -> list[str]:
    """What the forecast rests on, a sentence each."""
    basis = forecast.basis
    if basis is None:
        return []
    return [_deliveries(basis), *([_queue(basis)] if basis.place else [])]


def _deliveries(basis: Basis) -> str:
    told = {"count": basis.deliveries, "since": _month(basis.since)}
    if basis.borrowed:
        words = ngettext(
            "Rests on %(count)d delivery of all teams since %(since)s: this team has too few of its own.",
            "Rests on %(count)d deliveries of all teams since %(since)s: this team has too few of its own.",
            basis.deliveries,
        )
    elif basis.same_status:
        words = ngettext(
            "Rests on %(count)d delivery of this team since %(since)s that stood in this status as long.",
            "Rests on %(count)d deliveries of this team since %(since)s that stood in this status as long.",
            basis.deliveries,
        )
    else:
        words = ngettext(
            "Rests on %(count)d delivery of this team since %(since)s.",
            "Rests on %(count)d deliveries of this team since %(since)s.",
            basis.deliveries,
        )
    return words % told


def _queue(basis: Basis) -> str:
    # The place itself would count requests that the reader may not see.
    if basis.starts_borrowed:
        return _("Not begun yet: waits behind what stands before it, at the pace of other teams.")
    return ngettext(
        "Not begun yet: waits behind what stands before it, at the pace of the team's last %(count)d start.",
        "Not begun yet: waits behind what stands before it, at the pace of the team's last %(count)d starts.",
        basis.starts,
    ) % {"count": basis.starts}


def _month(day: date) -> str:
    return formats.date_format(day, pgettext("date format of a month", "F Y"))


def bar(forecast: Forecast, today: date) -> Bar | None:
    """The bar of a forecast with at least one date, else None."""
    begins = forecast.half or forecast.not_before
    if forecast.state != State.DATED or begins is None:
        return None
    marks = [day for day in (begins, forecast.likely, forecast.not_before, forecast.deadline) if day]
    days = max((max(marks) - today) / timedelta(days=1), 1.0) * MARGIN

    def place(day: date) -> float:
        return round(WIDTH * max((day - today) / timedelta(days=1), 0.0) / days, 2)

    start = place(begins)
    end = WIDTH if forecast.likely is None else place(forecast.likely)
    tick = place(forecast.deadline) if forecast.deadline else None
    return Bar(start, round(max(end - start, 1.5), 2), forecast.likely is None, tick)
