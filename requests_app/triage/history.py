"""How often the teams met the target of the first response in the last 90 days."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.cache import cache

from activity.models import Origin
from requests_app.models import Request
from requests_app.scoring.rules import rules_now
from requests_app.triage.first_response import Kept, calendar_of, tally, was_in_time

PERIOD = timedelta(days=90)
# A statistic of three months need not be newer than that.
FRESH_FOR = timedelta(minutes=10)
KEY = "triage-first-response"


def history(now: datetime) -> list[Kept]:
    """The counts of each serving team at ``now``, kept for some minutes.

    All requests count and none is named, as in every statistic of the portal.
    """
    return cache.get_or_set(KEY, lambda: measure(now), FRESH_FOR.total_seconds()) or []


def measure(now: datetime) -> list[Kept]:
    """The same, read anew in two queries."""
    return tally(_judged(now))


def _judged(now: datetime) -> Iterator[tuple[str, bool | None]]:
    rules = rules_now()
    rows = Request.objects.submitted().exclude(origin=Origin.IMPORT).filter(serving_team__isnull=False)
    rows = rows.filter(submitted_at__gt=now - PERIOD, submitted_at__lte=now).order_by()
    shown = ("submitted_at", "first_response_at", "serving_team__name", "serving_team__country")
    for row in rows.select_related("serving_team").only(*shown, "serving_team__region").iterator():
        assert row.submitted_at is not None  # noqa: S101 - filtered
        assert row.serving_team is not None  # noqa: S101 - filtered
        calendar = calendar_of(row.serving_team, rules.zone, rules.first_response_hours)
        yield row.serving_team.name, was_in_time(row.submitted_at, row.first_response_at, now, calendar)
