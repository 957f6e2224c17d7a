"""/matrix/: what both sides have scored, as a picture and as a list, and only what the reader may see."""

import re
from typing import Any

import pytest
from django.test import Client

from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Company, Person
from tests.factories import make_goal, make_person, make_request, make_scores, make_team, scores

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Person:
    return make_person(language="en")


@pytest.fixture
def browser(reader: Person) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def scored(points: int = 4, status: str = Status.SHAPING, effort: int = 2, **fields: Any) -> Request:
    view = scores(points, effort=effort)
    return make_scores(make_request(status, **fields), view, view)


def page(client: Client, query: str = "", status: int = 200) -> str:
    answer = client.get(f"/matrix/{query}")
    assert answer.status_code == status
    return answer.content.decode()


def counts(html: str) -> list[int]:
    return [int(n) for n in re.findall(r'class="stat" href="#\w+"><b>(\d+)</b>', html)]


def test_each_field_has_its_name_and_its_count(browser: Client) -> None:
    scored(5, effort=1), scored(5, effort=5), scored(1, effort=1)
    html = page(browser)
    assert counts(html) == [1, 1, 1, 0]
    for name in ("Do now", "Plan", "Quick win", "Nice to have"):
        assert f">{name}</text>" in html
        assert f"<span>{name}</span>" in html


def test_a_dot_and_a_row_of_the_list_lead_to_the_request(browser: Client) -> None:
    found = scored(title="Choose topics")
    html = page(browser)
    assert html.count(f'href="/requests/{found.number}/"') == 2
    assert f'<a href="/requests/{found.number}/" tabindex="-1">' in html, "the list is there for the keyboard"
    assert f'<a href="/requests/{found.number}/">Choose topics</a>' in html


def test_what_one_side_alone_has_scored_is_not_there(browser: Client) -> None:
    make_scores(make_request(Status.SHAPING, title="Half a view"), scores())
    assert "Half a view" not in page(browser)


def test_a_restricted_request_shows_in_no_dot_and_no_count(browser: Client, reader: Person) -> None:
    hidden = scored(title="Secret plan", restricted=True)
    html = page(browser)
    assert "Secret plan" not in html
    assert "No request has been scored yet" in html
    client = Client()
    assert hidden.it_owner is not None
    client.force_login(hidden.it_owner)
    assert "Secret plan" in page(client)


def test_without_a_word_about_the_status_it_shows_what_is_open(browser: Client) -> None:
    scored(title="Open one"), scored(title="Done one", status=Status.DONE)
    assert ("Open one" in page(browser), "Done one" in page(browser)) == (True, False)
    html = page(browser, "?status=done")
    assert ("Open one" in html, "Done one" in html) == (False, True)


def test_it_filters_by_team_goal_and_period(browser: Client) -> None:
    team, goal = make_team(slug="crm"), make_goal()
    scored(title="Ours", serving_team=team, goal=goal)
    other = scored(title="Others")
    Request.objects.filter(pk=other.pk).update(updated_at="2026-01-01T00:00Z")
    for query in ("?team=crm", f"?goal={goal.pk}", "?updated_since=2026-06-01"):
        html = page(browser, query)
        assert ("Ours" in html, "Others" in html) == (True, False), query


@pytest.mark.parametrize("query", ["?team=nowhere", "?goal=x", "?status=later", "?colour=red"])
def test_a_wrong_filter_is_told(browser: Client, query: str) -> None:
    scored(title="Open one")
    html = page(browser, query, status=400)
    assert 'role="alert"' in html
    assert "Open one" not in html


def test_where_nothing_matches_it_says_so(browser: Client) -> None:
    scored()
    assert "fits these filters" in page(browser, "?status=parked")


def test_the_gate_that_is_set_is_the_border(browser: Client) -> None:
    scored(4)
    assert counts(page(browser)) == [1, 0, 0, 0]
    Company.objects.create(pk=1, name="Nordwind", gate=90)
    html = page(browser)
    assert counts(html) == [0, 0, 1, 0]
    assert "an impact of 90" in html


def test_a_provisional_dot_is_hollow_and_says_so(browser: Client) -> None:
    row = make_request(Status.SHAPING)
    make_scores(row, scores(5), scores(2))
    html = page(browser)
    assert 'class="provisional"' in html
    assert "provisional</span>" in html


def test_places_are_numbers_that_svg_understands_in_every_language(browser: Client, reader: Person) -> None:
    reader.language = "de"
    reader.save()
    scored(effort=1), scored(effort=2)
    html = page(browser)
    assert "Jetzt machen" in html
    assert re.search(r'cx="\d+\.\d+%" cy="\d+\.\d+%"', html)
    assert "style=" not in html


@pytest.mark.parametrize("rows", [1, 12])
def test_its_queries_do_not_grow_with_the_dots(
    browser: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(rows):
        scored(goal=make_goal())
    with django_assert_max_num_queries(12):
        page(browser)


def test_only_what_can_be_drawn_is_drawn(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("requests_app.views.matrix.SHOWN", 2)
    for points in (5, 4, 3):
        scored(points)
    html = page(browser)
    assert html.count('class="what"') == 2
    assert sum(counts(html)) == 3, "the counts are of all"
    assert "Only the 2 with the highest impact are drawn" in html
