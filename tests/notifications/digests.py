"""What the tests of digests share: Mondays, and a company whose digests are due."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from activity import clock
from notifications.digest.send import Outcome, send_due_digests
from notifications.digest.weeks import Week, last_finished_week
from requests_app.models import Request
from teams.models import Company, Person
from tests.notifications.telling import happened

BERLIN = ZoneInfo("Europe/Berlin")
# A Monday, 07:00 in Berlin; far enough back that nothing here lies in the future.
MONDAY = datetime(2026, 11, 16, 6, tzinfo=UTC)
W46 = Week(2026, 46)


def weeks(count: float) -> timedelta:
    return timedelta(days=7 * count)


def make_company(**fields: Any) -> Company:
    return Company.objects.create(id=1, name="Nordwind", time_zone="Europe/Berlin", **fields)


def let_digests_be_due() -> None:
    """From the first hour of a week on, for what runs by the real clock: early on a Monday none would be."""
    if not Company.objects.update(digest_hour=0):
        make_company(digest_hour=0)


def happened_at(moment: datetime, kind: str, request: Request, by: Person | None, **data: Any) -> int:
    with clock.moved_to(moment):
        return happened(kind, request, by, **data).pk


def send_at(moment: datetime, **options: Any) -> Outcome:
    with clock.moved_to(moment):
        return send_due_digests(moment, **options)


def last_monday() -> datetime:
    """The last Monday 07:00 in Berlin before now, for what runs in processes of its own by the real clock."""
    now = timezone.now().astimezone(BERLIN)
    monday = (now - timedelta(days=now.weekday())).replace(hour=7, minute=0, second=0, microsecond=0)
    return (monday if monday <= now else monday - timedelta(days=7)).astimezone(UTC)


def current_week() -> Week:
    return last_finished_week(timezone.now(), BERLIN)
