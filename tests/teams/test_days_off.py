"""The public holidays of a team, and where a team can be."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from activity.models import Event
from teams.days_off import countries, days_off
from teams.models import Side, Team
from teams.rules import InvalidFields
from teams.teams import edit_team
from tests.factories import make_person, make_team


def test_holidays_differ_by_country_and_region() -> None:
    epiphany, womens_day = date(2026, 1, 6), date(2026, 3, 8)
    assert date(2026, 12, 25) in days_off("DE", "", 2026)
    assert epiphany in days_off("DE", "BY", 2026)
    assert epiphany not in days_off("DE", "BE", 2026)
    assert womens_day in days_off("DE", "BE", 2026)
    assert date(2026, 7, 4) in days_off("US", "", 2026) or date(2026, 7, 3) in days_off("US", "", 2026)


def test_where_nothing_is_known_no_day_is_off() -> None:
    assert days_off("", "", 2026) == days_off("XX", "", 2026) == days_off("DE", "ZZ", 2026) == frozenset()


def test_countries_are_named_in_the_readers_language() -> None:
    with translation.override("de"):
        assert ("DE", "Deutschland") in countries()
    with translation.override("en"):
        assert ("AT", "Austria") in countries()


@pytest.mark.django_db
def test_a_lead_says_where_the_team_works() -> None:
    team = make_team(Side.IT)
    lead = make_person(lead_of=team)
    edited = edit_team(team, by=lead, country="de", region="by")
    assert (edited.country, edited.region) == ("DE", "BY")
    changes = Event.objects.get(kind="team.edited").data["changes"]
    assert changes == {"country": {"from": "", "to": "DE"}, "region": {"from": "", "to": "BY"}}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "region", "field"),
    [
        ("XX", "", "country"),
        ("DEU", "", "country"),
        ("", "BY", "country"),
        ("DE", "ZZ", "region"),
        ("D\0", "", "country"),
    ],
)
def test_a_place_that_is_none_is_refused(country: str, region: str, field: str) -> None:
    team = make_team(Side.IT)
    with pytest.raises(InvalidFields) as refused:
        edit_team(team, by=make_person(lead_of=team), country=country, region=region)
    assert [one.field for one in refused.value.missing] == [field]


@pytest.mark.django_db
def test_another_country_does_not_keep_a_region_that_it_lacks() -> None:
    team = make_team(Side.IT, country="DE", region="BY")
    with pytest.raises(InvalidFields):
        edit_team(team, by=make_person(lead_of=team), country="FR")
    assert edit_team(team, by=make_person(lead_of=team), country="FR", region="").country == "FR"


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"country": "de"}, {"country": "", "region": "BY"}])
def test_the_database_knows_it_as_well(wrong: dict[str, str]) -> None:
    team = make_team(Side.IT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.filter(pk=team.pk).update(**wrong)


@pytest.mark.django_db
def test_the_form_of_the_team_asks_for_it(client: Client) -> None:
    team = make_team(Side.IT)
    client.force_login(make_person(lead_of=team, language="en"))
    address = f"/teams/{team.slug}/edit/"
    assert '<option value="DE">Germany</option>' in client.get(address).content.decode()
    sent = {"name": team.name, "brief": "", "country": "DE", "region": "ZZ", "version": team.version}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Write one of these codes" in refused.content.decode()
    client.post(address, {**sent, "region": "BW"})
    team.refresh_from_db()
    assert (team.country, team.region) == ("DE", "BW")
