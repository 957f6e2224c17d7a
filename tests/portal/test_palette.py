"""The command palette: it offers what a person may see and do, and nothing else."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity import clock
from knowhow.models import Skill
from requests_app.boards.making import make_board
from requests_app.choices import Status
from teams.models import Person, Side, Team
from tests.factories import (
    make_admin,
    make_goal,
    make_person,
    make_request,
    make_skill,
    make_team,
    make_view,
)
from tests.knowhow.exchanges.making import make_exchange

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm() -> Team:
    return make_team(Side.IT, name="CRM platform", slug="crm-platform")


@pytest.fixture
def tom(crm: Team) -> Person:
    return make_person(crm, name="Tom Reiter", language="en")


def ask(person: Person, status: int = 200, **query: Any) -> str:
    client = Client()
    client.force_login(person)
    answer: Any = client.get("/palette/", query)
    assert answer.status_code == status
    text: str = answer.content.decode()
    return text


def options(html: str) -> list[tuple[str, str]]:
    found = re.findall(r'role="option".*?href="([^"]+)">.*?<span>(.*?)</span>', html)
    return [(label, address.replace("&amp;", "&")) for address, label in found]


def addresses(html: str) -> list[str]:
    return [address for _label, address in options(html)]


def test_without_words_it_offers_the_pages(tom: Person) -> None:
    found = addresses(ask(tom))
    assert {"/", "/triage/", "/boards/", "/requests/", "/requests/new/", "/people/me/"} <= set(found)
    assert "/settings/" not in found
    assert "/settings/" in addresses(ask(make_admin()))
    assert not {"/accounts/logout/", "/language/"} & set(found)


def test_pages_are_found_by_a_part_of_their_name(tom: Person) -> None:
    assert "/boards/" in addresses(ask(tom, q="oard"))
    assert "/triage/" not in addresses(ask(tom, q="oard"))


def test_goals_teams_boards_people_and_views_are_found_by_their_names(tom: Person, crm: Team) -> None:
    goal = make_goal(title="CRM that fits")
    person = make_person(name="Crmira Brandt")
    make_person(name="Crm Gone", is_active=False)
    make_goal(title="CRM of yesterday", is_archived=True)
    view = make_view(tom, name="CRM late", query="status=open")
    assert options(ask(tom, q="crm"))[:-1] == [
        ("CRM late", f"/requests/?{view.query}"),
        ("CRM that fits", f"/goals/{goal.pk}/"),
        ("CRM platform", "/teams/crm-platform/"),
        ("CRM platform", "/boards/crm-platform/"),
        ("Crmira Brandt", f"/people/{person.pk}/"),
    ]


def test_made_boards_are_found_by_their_names(tom: Person) -> None:
    slug = make_board({"name": "Growth across teams"}, by=make_admin()).slug
    assert f"/boards/{slug}/" in addresses(ask(tom, q="across"))


def test_a_team_of_marketing_has_no_board(tom: Person) -> None:
    make_team(Side.MARKETING, name="Campaigns", slug="campaigns")
    assert "/boards/campaigns/" not in addresses(ask(tom, q="campaigns"))


def test_requests_are_found_by_words_and_by_number(tom: Person) -> None:
    row = make_request(title="Newsletter topics")
    others = [make_request(title="Something else").number for _ in range(8)]
    assert ("Newsletter topics", f"/requests/{row.number}/") in options(ask(tom, q="newslet"))
    for text in (row.key, str(row.number), f"#{row.number}"):
        assert addresses(ask(tom, q=text))[0] == f"/requests/{row.number}/"
    assert len([one for one in addresses(ask(tom, q="something")) if re.search(r"/\d+/", one)]) == 6
    assert f"/requests/{others[0]}/" not in addresses(ask(tom, q="something"))


def test_it_leads_on_to_the_search_of_all_texts(tom: Person) -> None:
    assert options(ask(tom, q="a&b"))[-1] == ("Search all texts for “a&amp;b”", "/search/?q=a%26b")


def test_nothing_hidden_is_offered(tom: Person) -> None:
    stranger = make_person(make_team())
    hidden = make_request(restricted=True, title="Fusion")
    make_request(Status.DRAFT, title="Fusion")
    make_view(stranger, name="Fusion")
    for text in ("Fusion", hidden.key):
        html = ask(tom, q=text).replace(f"“{text}”", "")
        assert not [one for one in addresses(html) if one.startswith("/requests/")]
        assert "Fusion<" not in html


def test_the_open_request_offers_the_steps_that_the_person_may_take(tom: Person, crm: Team) -> None:
    row = make_request(Status.READY, serving_team=crm, it_owner=tom)
    path = f"/requests/{row.number}/"
    found = addresses(ask(tom, on=row.number))
    assert found[0].startswith(f"{path}actions/")
    assert {f"{path}actions/start/", f"{path}actions/park/", f"{path}edit/"} <= set(found)
    assert f"{path}actions/deliver/" not in found
    assert addresses(ask(tom, on=row.number, q="park"))[0] == f"{path}actions/park/"
    stranger = make_person(make_team(), language="en")
    assert not [
        one for one in addresses(ask(stranger, on=row.number)) if "/actions/start/" in one or "/edit/" in one
    ]


def test_a_step_of_the_palette_leads_to_a_page_that_changes_nothing_by_itself(tom: Person, crm: Team) -> None:
    row = make_request(Status.READY, serving_team=crm, it_owner=tom)
    client = Client()
    client.force_login(tom)
    for address in addresses(ask(tom, on=row.number)):
        if "/actions/" in address:
            assert client.get(address).status_code == 200
    row.refresh_from_db()
    assert (row.status, row.version) == (Status.READY, 1)


@pytest.mark.parametrize("on", ["x", "0", "-1", "999999999", "9" * 30])
def test_an_absent_open_request_is_not_found(tom: Person, on: str) -> None:
    ask(tom, status=404, on=on)


def test_a_hidden_open_request_is_not_found_either(tom: Person) -> None:
    ask(tom, status=404, on=make_request(restricted=True).number)


def test_an_own_draft_has_no_steps(tom: Person) -> None:
    draft = make_request(Status.DRAFT, requester=tom)
    assert not [one for one in addresses(ask(tom, on=draft.number)) if "/actions/" in one]


@pytest.mark.parametrize("text", ["%", "_", "'", '"', "\\", "a\\", "-", "or", "<b>", "ä" * 200])
def test_any_text_is_a_question(tom: Person, text: str) -> None:
    make_request(title="Newsletter")
    html = ask(tom, q=text)
    assert "<b>" not in html
    assert not [one for one in addresses(html) if re.fullmatch(r"/requests/\d+/", one)] or text == "or"


@pytest.mark.parametrize("text", ["a\x07b", "x" * 201])
def test_what_cannot_be_searched_for_finds_nothing(tom: Person, text: str) -> None:
    assert options(ask(tom, status=400, q=text)) == []


def test_options_have_ids_of_their_own_and_say_how_many_they_are(tom: Person) -> None:
    html = ask(tom)
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert f'data-said="{len(options(html))} entries"' in html


def test_queries_do_not_grow(
    tom: Person, crm: Team, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [make_request(Status.READY, serving_team=crm, title="Team topics") for _ in range(20)]
    client = Client()
    client.force_login(tom)
    client.get("/palette/")
    with django_assert_max_num_queries(11):
        client.get(f"/palette/?q=team&on={rows[0].number}")


def test_the_dialog_is_on_every_page_and_knows_the_open_request(tom: Person, crm: Team) -> None:
    row = make_request(Status.READY, serving_team=crm)
    client = Client()
    client.force_login(tom)
    page: Any = client.get(f"/requests/{row.number}/")
    assert f'data-on="{row.number}"' in page.content.decode()
    page = client.get("/goals/")
    assert 'data-on=""' in page.content.decode()
    assert 'role="combobox"' in page.content.decode()
    assert 'id="keys"' in page.content.decode()


def test_skills_are_found_by_name_and_synonym_in_the_readers_language(tom: Person) -> None:
    skill = make_skill(Side.IT, "abfragen", name_de="Datenabfragen", name_en="Data queries")
    make_skill(name="Queries of old", state=Skill.State.ARCHIVED)
    assert ("Data queries", f"/know-how/skills/{skill.pk}/") in options(ask(tom, q="quer"))
    assert "Queries of old" not in ask(tom, q="quer")
    assert ("Data queries", f"/know-how/skills/{skill.pk}/") in options(ask(tom, q="Abfr"))


def test_coming_exchanges_are_found_and_past_or_cancelled_ones_are_not(tom: Person) -> None:
    exchange = make_exchange(title="Read the funnel")
    make_exchange(title="Funnel of yesterday", days=-2)
    make_exchange(title="Funnel called off", cancelled_at=clock.now())
    found = options(ask(tom, q="funnel"))
    assert [one for one in found if "/exchanges/" in one[1]] == [
        ("Read the funnel", f"/exchanges/{exchange.pk}/")
    ]
