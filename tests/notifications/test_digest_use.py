"""Did it help? Sums by day, and nothing that tells of whom."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from activity import clock
from notifications.digest import used
from notifications.digest.models import Use
from notifications.digest.render import _waiting_row
from notifications.digest.sheet import Row
from notifications.digest.weeks import Week
from notifications.models import DigestUse
from requests_app.choices import Status
from teams.models import Person
from tests.factories import make_admin, make_person, make_request
from tests.notifications.digests import MONDAY, make_company, send_at, weeks

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    make_company()
    return make_person(language="en")


def counted() -> dict[str, int]:
    return dict(DigestUse.objects.values_list("use", "count"))


def test_opening_ones_digest_counts_and_keeps_no_name(person: Person, client: Client) -> None:
    send_at(MONDAY)
    client.force_login(person)
    for _ in range(2):
        client.get("/digests/2026-W46/")
    client.get("/digests/2026-W01/")
    client.get("/digests/")
    assert counted() == {"opened": 2}
    assert {field.name for field in DigestUse._meta.get_fields()} == {"id", "day", "use", "count"}


def test_following_an_action_counts_wherever_it_leads(person: Person, client: Client) -> None:
    path = make_request().get_absolute_url()
    client.force_login(person)
    client.get(f"{path}?from=digest")
    client.get("/know-how/?from=digest")
    for none in (path, f"{path}?from=elsewhere", "/requests/987654/?from=digest"):
        client.get(none)
    client.post(f"{reverse('notifications:inbox_read_all')}?from=digest")
    Client().get(f"{path}?from=digest")
    assert counted() == {"followed": 2}


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/requests/1/", "/requests/1/?from=digest"),
        ("/requests/1/#comment-3", "/requests/1/?from=digest#comment-3"),
        ("/requests/?turn=mine", "/requests/?turn=mine&from=digest"),
    ],
)
def test_an_action_says_where_one_comes_from(path: str, leads_to: str) -> None:
    assert Row("", "", path, "").action_path == leads_to


@pytest.mark.parametrize(
    ("status", "fields", "says", "opens"),
    [
        (Status.SUBMITTED, {"turn": "it"}, "Take it on", "actions/shape/"),
        (Status.SUBMITTED, {"turn": "it", "serving_team": None}, "Take it on", "actions/assign/"),
        (Status.SUBMITTED, {"turn": "marketing"}, "Open", ""),
        (Status.SHAPING, {"turn": "it"}, "Shape it", ""),
        (Status.READY, {"turn": "it"}, "Start", "actions/start/"),
        (Status.READY, {"turn": "marketing"}, "Open", ""),
        (Status.READY, {"turn": "it", "waiting_for": "it", "blocked_reason": "A key."}, "Open", ""),
        (Status.IN_REVIEW, {"turn": "marketing"}, "Review", ""),
        (Status.IN_REVIEW, {"turn": "it"}, "Open", ""),
    ],
)
def test_what_waits_for_the_reader_opens_the_step_that_is_theirs(
    status: Status, fields: dict[str, Any], says: str, opens: str, client: Client
) -> None:
    turn = fields["turn"]
    request = make_request(status, **{name: value for name, value in fields.items() if name != "turn"})
    # As an open question to that side would make it.
    request.turn = turn
    chosen = {"status": status, "turn": request.turn, "since": "2026-11-20T08:00:00+00:00"}
    with translation.override("en"):
        row = _waiting_row(chosen, request)
    assert (row.action, row.action_path) == (says, f"/requests/{request.number}/{opens}?from=digest")
    client.force_login(make_admin())
    assert client.get(row.action_path).status_code == 200


def test_admins_see_the_sums_by_week(person: Person, client: Client) -> None:
    send_at(MONDAY)
    for at, times in ((MONDAY, 3), (MONDAY + weeks(1), 1)):
        for _ in range(times):
            with clock.moved_to(at):
                used.count(Use.OPENED)
                used.count(Use.FOLLOWED)
    with clock.moved_to(MONDAY + weeks(1)):
        rows = used.by_week()
        client.force_login(make_admin())
        page = client.get(reverse("notifications:digest_use")).content.decode()
    assert len(rows) == used.WEEKS_SHOWN
    assert [(row.sent, row.opened, row.followed) for row in rows[:3]] == [(0, 1, 1), (1, 3, 3), (0, 0, 0)]
    assert rows[0].week == Week(2026, 48)
    assert page.count("<tr>") == used.WEEKS_SHOWN + 1


def test_nobody_else_sees_them(person: Person, client: Client) -> None:
    client.force_login(person)
    assert client.get(reverse("notifications:digest_use")).status_code == 403


def test_the_database_keeps_one_sum_for_a_day_and_a_use_it_knows() -> None:
    DigestUse.objects.create(day="2026-11-16", use="opened", count=1)
    for use in ("opened", "read by Mira"[:10]):
        with pytest.raises(IntegrityError), transaction.atomic():
            DigestUse.objects.create(day="2026-11-16", use=use, count=1)
