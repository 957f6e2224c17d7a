"""The pages of choosing: what is shown, kept and refused; defaults and load for administrators alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.choosing.kinds import Kind
from notifications.choosing.load import mail_load
from notifications.choosing.resolve import choices_of
from notifications.models import Chosen, CompanyDefault, Delivery, QuietTimes, TeamAttention
from teams.models import Company, Person
from teams.zones import zone_of
from tests.factories import make_admin, make_person, make_team
from tests.notifications.telling import happened, make_cast, tell_all

pytestmark = pytest.mark.django_db
ALL = {f"mail_{kind}": "bundled" for kind in Kind.values}


def signed_in(client: Client, person: Person) -> Client:
    Person.objects.filter(pk=person.pk).update(language="en")
    client.force_login(person)
    return client


def test_what_holds_is_shown_and_what_is_sent_is_kept(client: Client) -> None:
    person = make_person()
    signed_in(client, person)
    assert "The company’s defaults" in client.get("/settings/notifications/").content.decode()
    sent = {**ALL, "inbox_mention": "on", "mail_talk": "digest"}
    assert client.post("/settings/notifications/", sent).status_code == 302
    resolve = choices_of([person])
    assert (resolve(person.pk, "talk").mail, resolve(person.pk, "step").mail) == ("digest", "bundled")
    assert [kind for kind in Kind.values if resolve(person.pk, kind).inbox] == ["mention"]
    client.post("/settings/notifications/", {"default": "1"})
    assert not Chosen.objects.exists()


def test_a_matrix_that_lacks_a_row_or_names_no_way_is_refused(client: Client) -> None:
    signed_in(client, make_person())
    for sent in ({}, {**ALL, "mail_talk": "pigeon"}):
        assert client.post("/settings/notifications/", sent).status_code == 422
    assert not Chosen.objects.exists()


def test_quiet_times_that_cover_the_week_are_refused_on_the_page(client: Client) -> None:
    person = make_person()
    signed_in(client, person)
    answered = client.post("/settings/notifications/quiet/", {"days_off": list(range(7))})
    assert answered.status_code == 422
    assert "Leave a day." in answered.content.decode()
    sent = {"starts": "20:00", "ends": "07:00", "days_off": ["5", "6"]}
    assert client.post("/settings/notifications/quiet/", sent).status_code == 302
    assert QuietTimes.objects.get(person=person).days_off == [5, 6]
    assert 'value="20:00' in client.get("/settings/notifications/").content.decode()


def test_a_team_is_heard_and_forgotten(client: Client) -> None:
    person, team = make_person(), make_team(name="Data Hub")
    signed_in(client, person)
    client.post("/settings/notifications/teams/", {"team": "Data Hub", "level": "mute"})
    assert TeamAttention.objects.get().team == team
    assert (
        client.post("/settings/notifications/teams/", {"team": "No such", "level": "mute"}).status_code == 422
    )
    assert client.post("/settings/notifications/teams/", {"forget": "a\0b"}).status_code == 404
    client.post("/settings/notifications/teams/", {"forget": team.slug})
    assert not TeamAttention.objects.exists()


@pytest.mark.parametrize("level", ["mute", "mentions", "watch"])
def test_a_word_on_a_team_holds_where_one_has_no_part_of_ones_own(level: str) -> None:
    cast = make_cast()
    team = cast.request.serving_team
    assert team is not None
    for person in (cast.stranger, cast.supporter, cast.watcher):
        TeamAttention.objects.create(person=person, team=team, level=level)
    happened("request.declined", cast.request, None)
    happened("request.commented", cast.request, None, mentions=[cast.supporter.pk])
    tell_all()
    told = set(Delivery.objects.filter(channel="inbox", state="done").values_list("person", "event__kind"))
    assert (cast.watcher.pk, "request.declined") in told
    assert ((cast.supporter.pk, "request.declined") in told) is (level == "watch")
    assert ((cast.supporter.pk, "request.commented") in told) is (level != "mute")
    assert ((cast.stranger.pk, "request.declined") in told) is (level == "watch")


def test_defaults_and_load_are_for_administrators(client: Client) -> None:
    Company.objects.create(pk=1, name="Nordlicht")
    address = "/settings/notifications/defaults/"
    assert signed_in(client, make_person(lead_of=make_team())).get(address).status_code == 403
    signed_in(client, make_admin())
    assert client.get(address).status_code == 200
    assert client.get(f"{address}guest/").status_code == 404
    kept = {**ALL, **{f"inbox_{kind}": "on" for kind in Kind.values}}
    assert client.post(f"{address}lead/", kept).status_code == 302
    assert set(CompanyDefault.objects.values_list("standing", "mail")) == {("lead", "bundled")}


def test_mails_are_counted_by_person_and_week_and_a_bundle_once() -> None:
    cast = make_cast()
    for _ in range(3):
        happened("request.commented", cast.request, None)
    tell_all()
    happened("request.commented", cast.request, None)
    tell_all()
    now = timezone.now()
    load = mail_load(now, zone_of(cast.watcher))
    people = Delivery.objects.filter(channel="mail", state="done").values("person").distinct().count()
    assert sum(week.mails for week in load.weeks) == 2 * people
    watcher = next(one for one in load.most if one.person == cast.watcher)
    assert (watcher.weeks, watcher.total) == ([(load.weeks[0].week, 2)], 2)
    assert mail_load(now + timedelta(weeks=6), zone_of(cast.watcher)).weeks == []
