"""The event log for systems that pull, and who may read what of it."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity import log
from activity.models import Event
from requests_app.boards.wip import set_wip_limit
from requests_app.choices import Status
from requests_app.discussion import comment
from requests_app.events import visible_events
from requests_app.intake.edit import edit
from requests_app.intake.submit import create
from requests_app.links import link, unlink
from requests_app.models import Request
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person, Team
from tests.api_client import machine, secret_of, send
from tests.factories import make_admin, make_person, make_request, make_team
from tests.processes import PATIENCE

pytestmark = pytest.mark.django_db


def results(client: Client, query: str = "") -> list[dict[str, Any]]:
    response = send(client, "get", f"events/{query}")
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["results"]
    return found


def kinds(client: Client, query: str = "") -> list[str]:
    return [row["type"] for row in results(client, query)]


@pytest.fixture
def filed(mira: Person, campaigns: Team) -> Request:
    fields = {"title": "A", "customer_need": "B", "outcome": "C", "type": "other"}
    return create({**fields, "requesting_team": campaigns}, by=mira, submit=True)  # type: ignore[typeddict-item]


def test_what_has_just_been_done_can_be_read_at_once(marketing: Client, mira: Person, filed: Request) -> None:
    perform("withdraw", filed.number, by=mira, inputs=Inputs(reason="Over"))
    first, second = results(marketing)
    assert (first["type"], second["type"]) == ("request.submitted", "request.withdrawn")
    assert first["position"] < second["position"]
    assert (second["object"], second["number"], second["object_id"]) == (
        "request",
        filed.number,
        filed.number,
    )
    assert (second["status_before"], second["status"], second["reason"]) == ("submitted", "withdrawn", "Over")
    assert (second["actor"]["id"], second["acting_for"], second["origin"]) == (mira.pk, None, "web")
    assert second["url"].endswith(f"/requests/{filed.number}/")


def test_an_edit_names_the_changed_fields_alone(marketing: Client, mira: Person, filed: Request) -> None:
    edit(filed.number, {"title": "Z", "outcome": "Y"}, by=mira)
    last = results(marketing)[-1]
    assert (last["type"], last["changed"], last["status"]) == ("request.edited", ["outcome", "title"], None)


def test_after_a_position_come_the_later_ones_alone(marketing: Client, mira: Person, filed: Request) -> None:
    for n in range(4):
        comment(filed.number, f"Thought {n}", by=mira)
    positions = [row["position"] for row in results(marketing)]
    assert len(positions) == 5
    assert positions == sorted(positions)
    later = [row["position"] for row in results(marketing, f"?after={positions[1]}")]
    assert later == positions[2:]
    assert results(marketing, f"?after={positions[-1]}") == []
    assert results(marketing, f"?after={2**63}") == []
    page = send(marketing, "get", "events/?limit=2").json()
    read = [row["position"] for row in page["results"]]
    while page["next"]:
        page = marketing.get(page["next"]).json()
        read += [row["position"] for row in page["results"]]
    assert read == positions


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=1&after=2", "after=" + "9" * 20, "since=1"])
def test_a_wrong_position_is_told(marketing: Client, query: str) -> None:
    response = send(marketing, "get", f"events/?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] in ("after", "since")


def test_events_of_hidden_requests_are_read_by_nobody_else(
    marketing: Client, it: Client, mira: Person, ivo: Person, crm: Team, filed: Request
) -> None:
    perform("assign", filed.number, by=ivo, inputs=Inputs(serving_team=crm))
    outsider = machine(make_person())
    assert kinds(outsider) == ["request.submitted", "request.assigned"]
    edit(filed.number, {"restricted": True}, by=mira)
    assert kinds(outsider) == []
    assert kinds(it) == kinds(marketing) == ["request.submitted", "request.assigned", "request.restricted"]


def test_people_tokens_and_the_unforeseen_are_for_admins(marketing: Client, mira: Person) -> None:
    team = make_team()
    admin = make_admin()
    asking = machine(admin)
    with transaction.atomic():
        for kind, changed in [
            ("team.created", team),
            ("membership.added", team),
            ("person.edited", mira),
            ("surprise.sprung", team),
        ]:
            log.record(kind, changed, by=admin)
    set_wip_limit(team, Status.READY, 3, by=admin)
    assert kinds(marketing) == ["team.created", "wip_limit.set"]
    admins = set(kinds(asking))
    assert {"membership.added", "person.edited", "surprise.sprung", "api_token.created"} <= admins


def test_nobody_deactivated_reads_anything(filed: Request) -> None:
    assert visible_events(make_person()).exists()
    assert not visible_events(make_person(is_active=False)).exists()


def test_events_of_one_request(marketing: Client, mira: Person, filed: Request) -> None:
    comment(filed.number, "A thought", by=mira)
    other = make_request(requester=mira)
    comment(other.number, "Elsewhere", by=mira)
    rows = send(marketing, "get", f"requests/{filed.number}/events/").json()["results"]
    assert [row["type"] for row in rows] == ["request.submitted", "request.commented"]


@pytest.mark.parametrize("rows", [1, 30])
def test_events_take_few_queries(
    marketing: Client,
    mira: Person,
    filed: Request,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    for n in range(rows):
        comment(filed.number, f"Thought {n}", by=mira)
    results(marketing)
    with django_assert_max_num_queries(4):
        assert len(results(marketing)) == rows + 1


@pytest.mark.django_db(transaction=True)
def test_a_reader_misses_no_event_that_commits_late() -> None:
    """A writer that takes its row early and commits late is the one that `id > last` would miss."""
    person = make_person(make_team("marketing"))
    client = machine(person)
    team = make_team()
    started, go_on = threading.Event(), threading.Event()

    def slow_writer() -> None:
        try:
            with transaction.atomic():
                log.record("team.edited", team, by=person, data={"n": "early"})
                started.set()
                go_on.wait(PATIENCE)
        finally:
            connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    assert started.wait(PATIENCE)
    with transaction.atomic():
        log.record("team.edited", team, by=person, data={"n": "late"})
    first = results(client)
    go_on.set()
    writer.join()
    second = results(client, f"?after={first[-1]['position']}")
    ids = [row["id"] for row in first + second]
    assert (len(first), len(second)) == (1, 1)
    assert sorted(ids) == sorted(Event.objects.filter(kind="team.edited").values_list("pk", flat=True))
    assert ids != sorted(ids)


def test_a_token_is_never_told_by_its_event(mira: Person) -> None:
    admin = make_admin()
    secret = secret_of(mira)
    response = send(machine(admin), "get", "events/")
    assert secret not in response.content.decode()


def test_a_link_is_told_only_to_those_who_see_both_ends(mira: Person, filed: Request) -> None:
    elsewhere, admin = make_request(restricted=True), make_admin()
    made = link(filed.number, "blocks", elsewhere.number, by=admin)
    unlink(filed.number, made.pk, by=admin)
    about = {"request.linked", "request.unlinked"}
    assert about <= set(kinds(machine(admin)))
    assert not about & set(kinds(machine(mira)))
    own = send(machine(mira), "get", f"requests/{filed.number}/events/").json()["results"]
    assert [row["type"] for row in own] == ["request.submitted"]
    edit(elsewhere.number, {"restricted": False}, by=admin)
    assert about <= set(kinds(machine(mira)))
