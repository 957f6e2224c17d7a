"""Teams, goals and the own account through the API."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from teams.etags import etag_of, is_fresh, version_expected
from teams.models import Person, Role, Side, Team
from tests.api_client import machine, send
from tests.factories import add_member, make_goal, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm() -> Team:
    return make_team(slug="crm-platform", name="CRM platform", brief="We run the CRM.")


@pytest.fixture
def ivo(crm: Team) -> Person:
    return make_person(crm, name="Ivo IT", language="en")


@pytest.fixture
def client(ivo: Person) -> Client:
    return machine(ivo)


def read(client: Client, path: str) -> dict[str, Any]:
    response = send(client, "get", path)
    assert response.status_code == 200, response.content
    body: dict[str, Any] = response.json()
    return body


def test_teams_come_by_name(client: Client, crm: Team) -> None:
    make_team(Side.OTHER, slug="kiosk", name="A kiosk")
    rows = read(client, "teams/")["results"]
    assert [row["slug"] for row in rows] == ["kiosk", "crm-platform"]
    assert rows[1] == {
        "slug": "crm-platform",
        "name": "CRM platform",
        "side": "it",
        "brief": "We run the CRM.",
        "expects": "",
        "contact": "",
        "office_hour": "",
        "country": "",
        "region": "",
        "version": 1,
        "url": f"{settings.BASE_URL}/teams/crm-platform/",
    }


def test_one_team_names_its_active_members(client: Client, crm: Team, ivo: Person) -> None:
    lead = make_person(lead_of=crm, name="Ada Lead")
    add_member(crm, make_person(name="Gone", is_active=False))
    members = read(client, "teams/crm-platform/")["members"]
    assert members == [
        {"id": lead.pk, "name": "Ada Lead", "side": "it", "role": "lead"},
        {"id": ivo.pk, "name": "Ivo IT", "side": "it", "role": "member"},
    ]


def test_goals_name_their_teams(client: Client, crm: Team) -> None:
    goal = make_goal(crm, make_team(Side.MARKETING, slug="campaigns"), title="Loyal readers", brief="Why")
    one = read(client, f"goals/{goal.pk}/")
    assert (one["title"], one["teams"], one["archived"]) == (
        "Loyal readers",
        ["campaigns", "crm-platform"],
        False,
    )
    assert read(client, "goals/")["results"] == [one]


@pytest.mark.parametrize("path", ["teams/nowhere/", "goals/999999/", f"goals/{2**63}/", f"goals/{10**40}/"])
def test_what_there_is_not_is_not_found(client: Client, path: str) -> None:
    assert send(client, "get", path).status_code == 404


def test_me_tells_who_asks_and_by_what_right(client: Client, ivo: Person, crm: Team) -> None:
    add_member(make_team(Side.MARKETING, slug="campaigns", name="A"), ivo, Role.LEAD)
    body = read(client, "me/")
    assert (body["id"], body["email"], body["side"], body["admin"]) == (ivo.pk, ivo.email, "both", False)
    assert (body["language"], body["scope"]) == ("en", "write")
    assert body["teams"] == [
        {"slug": "campaigns", "side": "marketing", "role": "lead"},
        {"slug": "crm-platform", "side": "it", "role": "member"},
    ]
    assert read(machine(ivo, "read"), "me/")["scope"] == "read"


@pytest.mark.parametrize("rows", [1, 20])
def test_lists_take_few_queries(
    client: Client, crm: Team, django_assert_max_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _ in range(rows):
        make_goal(make_team(), crm)
    read(client, "me/")
    for path in ("teams/", "goals/", "teams/crm-platform/"):
        with django_assert_max_num_queries(6):
            read(client, path)


# Entity tags ----------------------------------------------------------------------------------------------


def test_a_tag_is_strong_and_follows_version_and_body() -> None:
    tag = etag_of(3, {"a": 1, "b": 2})
    assert tag.startswith('"3-')
    assert tag == etag_of(3, {"b": 2, "a": 1})
    assert len({tag, etag_of(4, {"a": 1, "b": 2}), etag_of(3, {"a": 1, "b": 3})}) == 3


def test_what_is_held_already_is_fresh() -> None:
    tag = etag_of(3, {})
    assert all(is_fresh(tag, header) for header in (tag, "*", f'"x", {tag}', f"W/{tag}"))
    assert not any(is_fresh(tag, header) for header in (None, "", '"x"', tag.strip('"')))


def test_the_version_expected_is_the_current_one_where_it_is_named() -> None:
    one, two, three = (etag_of(version, {}) for version in (1, 2, 3))
    assert version_expected(None, 2) is None
    assert version_expected("*", 2) is None
    assert version_expected(two, 2) == 2
    assert version_expected(f"{one}, {two}, {three}", 2) == 2
    assert version_expected(f"{one}, {three}", 2) == 3
    assert version_expected(f"W/{two}", 2) == 2
    assert version_expected(f"W/{one}", 2) == 1
    assert version_expected("W/2", 2) == 0
    assert version_expected("2", 2) == 0
