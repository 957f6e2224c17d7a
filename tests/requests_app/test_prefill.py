"""Links that open the form with something in it: what they can fill in, and what is left out with a word."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.test import Client

from requests_app.intake.prefill import READERS, prefilled
from requests_app.models import Request
from teams.models import Side, Touchpoint
from tests.factories import make_goal, make_person, make_team, make_touchpoint

pytestmark = pytest.mark.django_db
NEW = "/requests/new/"


def read(query: str) -> tuple[dict[str, object], tuple[str, ...]]:
    found = prefilled(QueryDict(query))
    return dict(found.fields), found.ignored


def test_it_fills_in_every_plain_field() -> None:
    goal, asking = make_goal(), make_team(Side.MARKETING, slug="campaigns")
    serving, touchpoint = make_team(Side.IT, slug="crm"), make_touchpoint(slug="branch")
    fields, ignored = read(
        f"title=A&customer_need=B&outcome=C&type=automation&metric=D&unit=%25&baseline=1.8&target=3"
        f"&measured_on=2027-05-01&touchpoints=branch&goal={goal.pk}&deadline=2027-02-01&deadline_reason=E"
        f"&wished_tool=F&requesting_team=campaigns&serving_team=crm&restricted=1"
    )
    assert not ignored
    assert set(fields) == set(READERS)
    assert (fields["goal"], fields["requesting_team"], fields["serving_team"]) == (goal, asking, serving)
    assert (fields["baseline"], fields["deadline"]) == (Decimal("1.8"), date(2027, 2, 1))
    assert (fields["touchpoints"], fields["restricted"]) == ([touchpoint], True)


@pytest.mark.parametrize(
    "query",
    [
        "type=magic",
        "type=automation&type=other",
        "goal=999999",
        "goal=99999999999999999999999",
        "goal=three",
        "goal=%00",
        "deadline=tomorrow",
        "deadline=2027-02-30",
        "measured_on=1.5.2027",
        "baseline=a+lot",
        "baseline=NaN",
        "baseline=1e400",
        "target=1.23456",
        "title=nul%00",
        "title=" + "x" * 201,
        "customer_need=" + "x" * 10_001,
        "requesting_team=nowhere",
        "serving_team=%00",
        "touchpoints=moon",
        "restricted=perhaps",
    ],
)
def test_bad_values_are_ignored_and_named(query: str) -> None:
    fields, ignored = read(query)
    assert fields == {}
    assert ignored == (query.partition("=")[0],)


def test_a_team_of_the_wrong_side_is_ignored() -> None:
    make_team(Side.IT, slug="crm")
    make_team(Side.MARKETING, slug="campaigns")
    assert read("requesting_team=crm&serving_team=campaigns")[1] == ("requesting_team", "serving_team")


def test_archived_goals_and_touchpoints_are_ignored() -> None:
    goal = make_goal(is_archived=True)
    Touchpoint.objects.filter(slug="app").update(is_archived=True)
    assert read(f"goal={goal.pk}&touchpoints=app")[1] == ("touchpoints", "goal") or read(
        f"goal={goal.pk}&touchpoints=app"
    )[1] == ("goal", "touchpoints")


def test_what_is_no_field_is_not_ours() -> None:
    assert read("utm_source=intranet&status=done&it_owner=1") == ({}, ())


def test_the_form_shows_what_the_link_says_and_names_what_it_could_not_use(client: Client) -> None:
    client.force_login(make_person(language="en"))
    page = client.get(NEW + "?title=Choose+topics&type=automation&goal=99&deadline=never").content.decode()
    assert 'value="Choose topics"' in page
    assert '<option value="automation" selected>' in page
    assert "Please fill in yourself: By when?, Which goal does it serve?" in page
    assert not Request.objects.exists()


@pytest.mark.parametrize("language", ["de", "en"])
def test_numbers_mean_the_same_in_every_language(client: Client, language: str) -> None:
    client.force_login(make_person(language=language))
    page = client.get(NEW + "?baseline=1.8").content.decode()
    assert f'value="{"1,8" if language == "de" else "1.8"}"' in page
