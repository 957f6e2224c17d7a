"""The list page: filters without JavaScript, pages by cursor, words for what is empty or wrong."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from requests_app.choices import Status, WaitingFor
from requests_app.models import Label
from teams.models import Person, Side, Team
from tests.factories import make_goal, make_person, make_request, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm() -> Team:
    return make_team(name="CRM platform", slug="crm-platform")


@pytest.fixture
def mira() -> Person:
    return make_person(make_team(Side.MARKETING, name="Campaigns"), name="Mira Brandt", language="en")


def get(person: Person, query: str = "", status: int = 200) -> str:
    client = Client()
    client.force_login(person)
    answer: Any = client.get(f"/requests/{query}")
    assert answer.status_code == status
    text: str = answer.content.decode()
    return text


def numbers(html: str) -> list[int]:
    return [int(found) for found in re.findall(r'class="number">T-(\d+)<', html)]


def links(html: str, rel: str) -> list[str]:
    return [one.replace("&amp;", "&") for one in re.findall(rf'rel="{rel}" href="([^"]+)"', html)]


def test_a_row_shows_number_title_status_turn_teams_tandem_goal_and_deadline(mira: Person, crm: Team) -> None:
    row = make_request(
        Status.READY,
        serving_team=crm,
        marketing_owner=mira,
        goal=make_goal(title="More consent"),
        deadline="2027-02-01",
        deadline_reason="Spring.",
        title="Topics",
    )
    html = get(mira)
    for words in (
        row.key,
        f'<a href="/requests/{row.number}/">Topics</a>',
        "Ready",
        '<span class="pill it">IT</span>',
        "CRM platform",
        "Mira Brandt, Marketing",
        "More consent",
        '<time datetime="2027-02-01">',
    ):
        assert words in html, words


def test_what_is_missing_or_stands_still_is_marked(mira: Person) -> None:
    make_request(waiting_for=WaitingFor.OUTSIDE, blocked_reason="The supplier is on strike.")
    html = get(mira)
    assert "blocked</span>" in html
    assert "no goal</span>" in html


def test_nothing_hidden_is_listed(mira: Person) -> None:
    make_request(restricted=True, title="Fusion")
    make_request(Status.DRAFT, title="Fusion")
    html = get(mira)
    assert "Fusion" not in html
    assert "No request yet" in html
    assert 'href="/requests/new/"' in html


def test_filters_stand_as_chips_that_can_be_removed_one_by_one(mira: Person, crm: Team) -> None:
    row = make_request(Status.READY, serving_team=crm)
    make_request(Status.READY)
    html = get(mira, "?status=ready&status=parked&team=crm-platform")
    assert numbers(html) == [row.number]
    chips = re.findall(r'class="filter-set"><span>(.*?)</span> <a href="([^"]+)"', html)
    assert [(words, link.replace("&amp;", "&")) for words, link in chips] == [
        ("Status: <b>Ready</b>", "?status=parked&team=crm-platform"),
        ("Status: <b>Parked</b>", "?status=ready&team=crm-platform"),
        ("Team: <b>CRM platform</b>", "?status=ready&status=parked"),
    ]


def test_the_form_shows_what_is_in_force(mira: Person) -> None:
    html = get(mira, "?status=ready&q=topics&side=it&ordering=deadline")
    assert 'value="ready" checked' in html
    assert 'name="q" value="topics"' in html
    assert '<option value="it" selected>' in html
    assert '<option value="deadline" selected>' in html
    assert "in force" in html


def test_a_person_who_is_filtered_by_is_named(mira: Person) -> None:
    row = make_request(requester=mira)
    html = get(mira, f"?requester={mira.pk}")
    assert "Requester: <b>Mira Brandt</b>" in html
    assert numbers(html) == [row.number]


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("", "All"),
        ("?turn=me", "My turn"),
        ("?requester=me", "Filed by me"),
        ("?owner=me", "In my tandem"),
        ("?status=open&blocked=true", "Blocked"),
        ("?blocked=true&status=open", "Blocked"),
        ("?status=open&goal=none", "Without a goal"),
    ],
)
def test_quick_filters_say_which_is_in_force(mira: Person, query: str, label: str) -> None:
    current = re.findall(r'<li><a href="[^"]+" aria-current="page">([^<]+)</a>', get(mira, query))
    assert label in current


def test_pages_keep_the_filters_and_lead_there_and_back(
    mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests_app.views.listing.PAGE_SIZE", 2)
    rows = [make_request(Status.READY).number for _ in range(5)][::-1]
    make_request()
    first = get(mira, "?status=ready")
    assert numbers(first) == rows[:2]
    assert links(first, "prev") == []
    second = get(mira, links(first, "next")[0])
    assert numbers(second) == rows[2:4]
    assert "status=ready" in links(second, "next")[0]
    third = get(mira, links(second, "next")[0])
    assert (numbers(third), links(third, "next")) == (rows[4:], [])
    assert numbers(get(mira, links(third, "prev")[0])) == rows[2:4]


def test_a_changed_filter_begins_at_the_first_page(mira: Person) -> None:
    make_request()
    html = get(mira, "?status=submitted&cursor=WyItbnVtYmVyIixbMTAwXSxmYWxzZV0")
    assert 'name="cursor"' not in html
    assert "Status: <b>Submitted</b>" in html
    assert not re.search(r'filter-set.*?href="[^"]*cursor', html)


def test_where_nothing_matches_it_says_so_and_leads_out(mira: Person) -> None:
    make_request()
    html = get(mira, "?status=done")
    assert "Nothing matches" in html
    assert 'href="/requests/">Show all requests' in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?status=finished", "Status: "),
        ("?team=nobody", "Team: There is no such team."),
        ("?colour=red", "colour: There is no filter with this name."),
        ("?deadline_before=soon", "Deadline before: Enter a valid date."),
        ("?cursor=nonsense", "This page of the list cannot be found."),
        ("?ordering=deadline&cursor=WzEsMSwwXQ", "This page of the list cannot be found."),
        ("?<script>=1", "&lt;script&gt;: There is no filter"),
    ],
)
def test_a_wrong_filter_is_told_and_shows_nothing(mira: Person, query: str, words: str) -> None:
    make_request()
    html = get(mira, query, status=400)
    assert words in html
    assert numbers(html) == []
    assert "<script>=" not in html


def test_labels_lead_to_their_requests(mira: Person) -> None:
    row = make_request()
    row.labels.add(Label.objects.create(name="spring"))
    make_request()
    assert numbers(get(mira, "?label=spring")) == [row.number]


def test_nobody_reads_without_signing_in() -> None:
    assert Client().get("/requests/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("rows", [2, 25])
def test_at_most_twelve_queries(
    mira: Person, crm: Team, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        make_request(Status.READY, serving_team=crm)
    client = Client()
    client.force_login(mira)
    with django_assert_max_num_queries(12):
        answer = client.get("/requests/?status=ready&team=crm-platform&q=request&turn=it")
    assert len(numbers(answer.content.decode())) == rows
