"""Digests through the API: the same selection and words as on the page, as JSON."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from activity import clock
from notifications.digest import page
from notifications.digest.sheet import Sheet
from notifications.models import Digest, DigestUse
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Person, Side, Team
from tests.api_client import machine, send
from tests.factories import make_person, make_request, make_team
from tests.notifications.digests import MONDAY, happened_at, make_company, send_at, weeks

pytestmark = pytest.mark.django_db
BASE = "http://127.0.0.1:8000"
SHAPE = {
    *("week", "preview", "period_start", "period_end", "heading", "figures", "sections", "others", "url"),
}


@pytest.fixture(autouse=True)
def _some_day() -> Iterator[None]:
    make_company()
    with translation.override("en"), clock.moved_to(MONDAY + weeks(1) + timedelta(hours=3)):
        yield


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT, slug="crm", name="CRM")


@pytest.fixture
def ivo(team: Team) -> Person:
    return make_person(team, language="en")


@pytest.fixture
def me(ivo: Person) -> Client:
    return machine(ivo)


@pytest.fixture
def sent(ivo: Person, team: Team) -> None:
    """Two digests of Ivo, of weeks 46 and 47: a chatbot was parked, then a dashboard."""
    for n, title in enumerate(("Chatbot for sizes", "Dashboard of returns")):
        request = make_request(Status.PARKED, title=title, serving_team=team)
        at = MONDAY + weeks(n) - timedelta(days=1)
        happened_at(at, "request.parked", request, None, reason=f"Why {title}.")
        send_at(MONDAY + weeks(n))


def titles(body: dict[str, Any]) -> set[str]:
    return {row["title"] for section in body["sections"] for row in section["rows"]}


def written(sheet: Sheet) -> list[tuple[str, int, list[str]]]:
    return [(one.slug, one.total, [row.title for row in one.rows]) for one in sheet.sections]


@pytest.mark.usefixtures("sent")
def test_ones_digests_are_listed_the_newest_first(me: Client) -> None:
    first = send(me, "get", "digests/", {"limit": "1"}).json()
    (row,) = first["results"]
    assert row["week"] == "2026-W47"
    assert row["hits"] == []
    assert row["url"] == f"{BASE}/digests/2026-W47/"
    assert row["period_start"] < row["period_end"]
    assert row["sent_at"] is not None
    assert [row["week"] for row in me.get(first["next"]).json()["results"]] == ["2026-W46"]


@pytest.mark.usefixtures("sent")
def test_a_word_finds_those_that_tell_of_it_and_what(me: Client) -> None:
    (row,) = send(me, "get", "digests/", {"q": "chatbot"}).json()["results"]
    request = Request.objects.get(title__startswith="Chatbot")
    assert row["week"] == "2026-W46"
    assert row["hits"] == [
        {"title": f"{request.key} Chatbot for sizes", "url": f"{BASE}/requests/{request.number}/"}
    ]
    assert send(me, "get", "digests/", {"q": "unheard-of"}).json()["results"] == []
    Request.objects.filter(pk=request.pk).update(restricted=True)
    assert send(machine(make_person()), "get", "digests/", {"q": "chatbot"}).json()["results"] == []


@pytest.mark.usefixtures("sent")
def test_a_query_that_cannot_be_asked_is_refused(me: Client) -> None:
    response = send(me, "get", "digests/", {"q": "x" * 3_000})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "q")


@pytest.mark.usefixtures("sent")
def test_one_week_reads_as_its_page_does(me: Client, ivo: Person) -> None:
    body = send(me, "get", "digests/2026-W46/").json()
    assert set(body) == SHAPE
    assert (body["week"], body["preview"], body["url"]) == ("2026-W46", False, f"{BASE}/digests/2026-W46/")
    sheet = page.leaf(ivo, "2026-W46").sheet
    told = [(s["slug"], s["total"], [row["title"] for row in s["rows"]]) for s in body["sections"]]
    assert told == written(sheet)
    assert body["heading"] == sheet.heading
    assert [figure["number"] for figure in body["figures"]] == [one.number for one in sheet.figures]
    assert body["others"] == sheet.others
    kept = Digest.objects.get(person=ivo, week="2026-W46")
    assert datetime.fromisoformat(body["period_end"]) == kept.period_end
    (row,) = next(one["rows"] for one in body["sections"] if one["slug"] == "parked")
    number = Request.objects.get(title__startswith="Chatbot").number
    assert (row["quote"], row["url"]) == ("“Why Chatbot for sizes.”", f"{BASE}/requests/{number}/")


@pytest.mark.usefixtures("sent")
def test_what_may_not_be_seen_any_more_is_not_told(me: Client) -> None:
    Request.objects.filter(title__startswith="Chatbot").update(
        restricted=True, serving_team=make_team(Side.IT), it_owner=None
    )
    assert "Chatbot for sizes" not in send(me, "get", "digests/2026-W46/").content.decode()


def test_the_running_week_is_a_preview_and_its_own_address_too(me: Client, team: Team) -> None:
    request = make_request(Status.PARKED, title="Chatbot for sizes", serving_team=team)
    happened_at(MONDAY + weeks(1) + timedelta(hours=1), "request.parked", request, None)
    body = send(me, "get", "digests/preview/").json()
    assert (body["week"], body["preview"]) == ("2026-W48", True)
    assert "Chatbot for sizes" in titles(body)
    assert send(me, "get", "digests/2026-W48/").json() == body
    assert not Digest.objects.exists()


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("week", ["2026-W40", "2026-W49", "2026-W54", "x", "9999-W52", "%00", "2026-w46"])
def test_a_week_without_a_digest_and_what_is_none_are_not_found(me: Client, week: str) -> None:
    assert send(me, "get", f"digests/{week}/").status_code == 404


@pytest.mark.usefixtures("sent")
def test_digests_of_others_are_not_told(team: Team) -> None:
    stranger = machine(make_person(team))
    assert send(stranger, "get", "digests/").json()["results"] == []
    assert send(stranger, "get", "digests/2026-W46/").status_code == 404


@pytest.mark.usefixtures("sent")
def test_a_reader_who_holds_it_already_is_told_so_and_no_page_view_is_counted(me: Client) -> None:
    answer = send(me, "get", "digests/2026-W46/")
    tag = answer.headers["ETag"]
    assert send(me, "get", "digests/2026-W46/", if_none_match=tag).status_code == 304
    assert not DigestUse.objects.exists()


@pytest.mark.usefixtures("sent")
def test_teams_and_the_company_read_alike_for_everybody(team: Team) -> None:
    other = make_request(Status.PARKED, title="Shop window", serving_team=make_team(Side.IT))
    hidden = make_request(Status.PARKED, title="Secret", serving_team=team, restricted=True)
    for request in (other, hidden):
        happened_at(MONDAY - timedelta(days=1), "request.parked", request, None)
    anybody, member = machine(make_person()), machine(make_person(team))
    company = send(anybody, "get", "digests/2026-W46/company/").json()
    own = send(anybody, "get", "digests/2026-W46/teams/crm/").json()
    assert set(company) == set(own) == SHAPE
    assert (titles(company), titles(own)) == ({"Chatbot for sizes", "Shop window"}, {"Chatbot for sizes"})
    assert own["url"] == f"{BASE}/digests/2026-W46/teams/crm/"
    assert company["preview"] is False
    for path, body in (("company/", company), ("teams/crm/", own)):
        assert send(member, "get", f"digests/2026-W46/{path}").json() == body
    assert send(anybody, "get", "digests/2026-W48/company/").json()["preview"] is True
    for path in ("2026-W49/company/", "x/company/", "2026-W46/teams/nobody/", "2026-W49/teams/crm/"):
        assert send(anybody, "get", f"digests/{path}").status_code == 404


@pytest.mark.usefixtures("sent")
def test_more_digests_take_no_more_queries(me: Client, ivo: Person) -> None:
    def taken(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert send(me, "get", "digests/", {"q": query}).status_code == 200
        return len(queries)

    few = [taken("")] and [taken(query) for query in ("", "chatbot")]
    for n in (2, 3):
        send_at(MONDAY + weeks(n))
    assert Digest.objects.filter(person=ivo).count() == 4
    assert [taken(query) for query in ("", "chatbot")] == few
