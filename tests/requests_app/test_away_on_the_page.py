"""A request's page says which of its tandem is away, until when, and who stands in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from requests_app.choices import Status
from requests_app.models import Mute
from teams.absences import announce_absence, end_absence
from teams.models import Person
from tests.factories import make_person, make_team
from tests.notifications.telling import Cast, make_cast

pytestmark = pytest.mark.django_db


def page(client: Client, cast: Cast, reader: Person) -> str:
    Person.objects.filter(pk=reader.pk).update(language="en")
    client.force_login(reader)
    return client.get(cast.request.get_absolute_url()).content.decode()


def test_it_names_who_is_away_and_who_stands_in(client: Client) -> None:
    cast = make_cast(Status.SHAPING)
    deputy, today = make_person(make_team("it"), name="Ada Fern"), timezone.localdate()
    assert "is away until" not in page(client, cast, cast.watcher)
    announce_absence(cast.it_owner, today, today + timedelta(days=3), deputy, by=cast.it_owner)
    html = page(client, cast, cast.watcher)
    assert f"{cast.it_owner.name} is away until" in html
    assert "Ada Fern stands in." in html
    announce_absence(cast.it_owner, today, today + timedelta(days=3), by=cast.it_owner)
    assert "the leads stand in." in page(client, cast, cast.watcher)
    end_absence(cast.it_owner, by=cast.it_owner)
    assert "is away until" not in page(client, cast, cast.watcher)


def test_only_mentions_is_a_button_of_its_own(client: Client) -> None:
    cast = make_cast(Status.SHAPING)
    client.force_login(cast.watcher)
    client.post(f"/requests/{cast.request.number}/mute/", {"wanted": "mentions"})
    assert Mute.objects.get(person=cast.watcher).keeps_mentions
    client.post(f"/requests/{cast.request.number}/mute/", {"wanted": "no"})
    assert not Mute.objects.exists()
