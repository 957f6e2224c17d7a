"""Being away: who may say it, for how long, who stands in; one at a time."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activity import clock
from activity.models import Event
from teams.absences import announce_absence, away_now, current_or_coming, end_absence
from teams.models import Absence, Person, Side, Team
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_admin, make_person, make_team

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def mira() -> Person:
    return make_person(make_team(Side.MARKETING), time_zone="Europe/Berlin", language="en")


def code(change: Callable[[], object]) -> str:
    with pytest.raises(RuleViolation) as told:
        change()
    return told.value.missing[0].code


def field(change: Callable[[], object]) -> str:
    with pytest.raises(InvalidFields) as told:
        change()
    return str(told.value.missing[0].field)


def test_it_lasts_from_the_first_midnight_to_the_last_where_the_person_is(mira: Person, today: date) -> None:
    Person.objects.filter(pk=mira.pk).update(time_zone="Pacific/Apia")
    absence = announce_absence(mira, today + 3 * DAY, today + 4 * DAY, by=mira)
    assert (absence.starts_at.hour, absence.ends_at - absence.starts_at) == (0, timedelta(days=2))
    assert str(absence.starts_at.tzinfo) == "Pacific/Apia"
    assert away_now(mira) is None
    with clock.moved_to(absence.starts_at):
        assert away_now(mira) == absence
    with clock.moved_to(absence.ends_at):
        assert away_now(mira) is None


def test_what_is_said_later_comes_in_place_of_what_was_said(mira: Person, today: date) -> None:
    announce_absence(mira, today, today + DAY, by=mira)
    second = announce_absence(mira, today + DAY, today + 5 * DAY, by=mira)
    assert current_or_coming(mira) == second
    assert Absence.objects.filter(ended_at=None).count() == 1


def test_who_is_back_earlier_says_so_once(mira: Person, today: date) -> None:
    announce_absence(mira, today, today + DAY, by=mira)
    end_absence(mira, by=mira)
    assert away_now(mira) is None
    assert code(lambda: end_absence(mira, by=mira)) == "already_done"
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["absence.announced", "absence.ended"]


@pytest.mark.parametrize(
    ("first", "last", "wrong"), [(2, 1, "last_day"), (-3, -1, "last_day"), (0, 366, "last_day")]
)
def test_days_that_make_no_absence_are_refused(
    mira: Person, today: date, first: int, last: int, wrong: str
) -> None:
    assert field(lambda: announce_absence(mira, today + first * DAY, today + last * DAY, by=mira)) == wrong
    assert not Absence.objects.exists()


def test_the_deputy_is_somebody_else_active_and_of_the_same_side(mira: Person, today: date) -> None:
    engineer, gone = make_person(make_team(Side.IT)), make_person(make_team(Side.MARKETING), is_active=False)
    for deputy in (mira, engineer, gone):
        assert field(partial(announce_absence, mira, today, today, deputy, by=mira)) == "deputy"
    colleague = make_person(make_team(Side.MARKETING))
    assert announce_absence(mira, today, today, colleague, by=mira).deputy == colleague


def test_leads_and_admins_may_say_it_for_others_nobody_else_may(mira: Person, today: date) -> None:
    lead = make_person(lead_of=mira.teams.get())
    for by in (lead, make_admin()):
        announce_absence(mira, today, today, by=by)
    assert code(lambda: announce_absence(mira, today, today, by=make_person())) == "not_yours"
    assert code(lambda: end_absence(mira, by=make_person(lead_of=make_team()))) == "not_yours"


def test_who_was_deactivated_is_not_away(mira: Person, today: date) -> None:
    Person.objects.filter(pk=mira.pk).update(is_active=False)
    assert code(lambda: announce_absence(mira, today, today, by=make_admin())) == "wrong_status"


def test_the_database_keeps_one_at_a_time_and_a_deputy_who_is_somebody_else(
    mira: Person, today: date
) -> None:
    now = timezone.now()
    whole = {
        "person": mira,
        "first_day": today,
        "last_day": today,
        "starts_at": now,
        "ends_at": now + DAY,
        "created_at": now,
    }
    Absence.objects.create(**whole)
    for other in ({}, {"ended_at": now, "deputy": mira}, {"ended_at": now, "ends_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(**{**whole, **other})


def test_a_deputy_who_is_away_too_stands_in_for_nobody(mira: Person, today: date) -> None:
    deputy = make_person(make_team(Side.MARKETING))
    announce_absence(mira, today, today + DAY, deputy, by=mira)
    assert Absence.objects.now().with_deputy().exists()
    announce_absence(deputy, today, today + DAY, by=deputy)
    rows = Absence.objects.now()
    assert not rows.with_deputy().filter(person=mira).exists()
    assert set(rows.without_deputy().values_list("person", flat=True)) == {mira.pk, deputy.pk}


def test_the_page_announces_shows_and_ends_it(client: Client, mira: Person, today: date) -> None:
    deputy = make_person(make_team(Side.MARKETING), name="Ada Fern")
    client.force_login(mira)
    address = reverse("teams:absence", args=[mira.pk])
    sent = {"first_day": today.isoformat(), "last_day": (today + DAY).isoformat(), "deputy": deputy.email}
    assert client.post(address, sent)["Location"] == address
    assert "Ada Fern stands in." in client.get(address).content.decode()
    assert client.post(address, {**sent, "last_day": "2020-01-01"}).status_code == 422
    client.post(address, {"end": "1"})
    assert current_or_coming(mira) is None
    assert client.get(reverse("teams:absence", args=[deputy.pk])).status_code == 403


def test_days_are_kept_whatever_the_clock(mira: Person) -> None:
    """The night in which clocks go back is an hour longer."""
    with clock.moved_to(datetime(2026, 10, 20, tzinfo=timezone.get_default_timezone())):
        absence = announce_absence(mira, date(2026, 10, 24), date(2026, 10, 25), by=mira)
    lasts = absence.ends_at.astimezone(timezone.get_fixed_timezone(0)) - absence.starts_at.astimezone(
        timezone.get_fixed_timezone(0)
    )
    assert lasts == timedelta(hours=49)


def test_colleagues_read_on_the_persons_page_who_stands_in_and_leads_find_the_way_to_say_so(
    client: Client, mira: Person, today: date
) -> None:
    team = Team.objects.filter(memberships__person=mira).get()
    deputy = make_person(team, name="Ada Fern")
    path, form = reverse("teams:person", args=[mira.pk]), reverse("teams:absence", args=[mira.pk])
    announce_absence(mira, today, today + 3 * DAY, deputy, by=mira)
    for reader, may_set in (
        (mira, True),
        (make_person(lead_of=team), True),
        (make_admin(), True),
        (deputy, False),
        (make_person(), False),
    ):
        Person.objects.filter(pk=reader.pk).update(language="en")
        client.force_login(reader)
        html = client.get(path).content.decode()
        assert "Ada Fern stands in." in html
        assert (form in html) is may_set
