"""The map of touchpoints: what it counts, for whom, and that both its forms say the same."""

import re

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowhow.models import Solution
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.touchpoint_map import CROWDED, MOST_NAMED, Gap, Place, gap, gaps, touchpoint_map
from teams.models import Company, Person, Touchpoint
from tests.factories import make_goal, make_person, make_request, make_solution, make_team, make_touchpoint


@pytest.fixture
def reader(db: None) -> Person:
    Company.objects.create(pk=1, name="Nordwind")
    Touchpoint.objects.all().delete()
    return make_person(language="en")


@pytest.fixture
def till(reader: Person) -> Touchpoint:
    return make_touchpoint(slug="till", name_en="Till", name_de="Kasse", phase="buy")


def at(touchpoint: Touchpoint, status: str = Status.SUBMITTED, **fields: object) -> Request:
    request = make_request(status, **fields)
    request.touchpoints.add(touchpoint)
    return request


def tool(touchpoint: Touchpoint, **fields: object) -> Solution:
    solution = make_solution(None, **fields)
    solution.touchpoints.add(touchpoint)
    return solution


def place_of(person: Person, slug: str = "till") -> Place:
    places = [place for phase in touchpoint_map(person) for place in phase.places]
    return next(place for place in places if place.touchpoint.slug == slug)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 50), st.integers(0, 50))
def test_wishes_without_a_tool_and_many_tools_are_gaps(tools: int, wishes: int) -> None:
    found = gap(tools, wishes)
    assert (found == Gap.UNSERVED) == (tools == 0 and wishes > 0)
    assert (found == Gap.CROWDED) == (tools >= CROWDED)


def test_a_touchpoint_tells_tools_wishes_and_goals(reader: Person, till: Touchpoint) -> None:
    goal, put_away = make_goal(), make_goal(is_archived=True)
    tool(till, title="Scanner"), tool(till, title="app", status="pilot")
    tool(till, title="Old", status="leaving")
    at(till, goal=goal), at(till, Status.SHAPING, goal=goal), at(till, goal=put_away), at(till)
    for status in (Status.DONE, Status.PARKED, Status.DRAFT):
        at(till, status, goal=goal)
    place = place_of(reader)
    assert [one.title for one in place.tools] == ["app", "Scanner"]
    assert [one.title for one in place.leaving] == ["Old"]
    assert (place.wishes, place.goals, place.gap) == (4, [goal], "")


def test_what_is_leaving_closes_no_gap(reader: Person, till: Touchpoint) -> None:
    tool(till, status="leaving")
    assert place_of(reader).gap == ""
    at(till)
    assert place_of(reader).gap == Gap.UNSERVED


def test_a_quiet_touchpoint_has_no_gap(reader: Person, till: Touchpoint) -> None:
    assert place_of(reader).is_quiet
    assert gaps(touchpoint_map(reader)) == []


def test_a_hidden_request_is_neither_counted_nor_told(reader: Person, till: Touchpoint) -> None:
    goal = make_goal()
    hidden = at(till, restricted=True, goal=goal)
    assert (place_of(reader).wishes, place_of(reader).goals, place_of(reader).gap) == (0, [], "")
    assert place_of(hidden.requester or reader).gap == Gap.UNSERVED


def test_the_journey_has_its_phases_in_order_and_no_archived_touchpoint(reader: Person) -> None:
    for phase in reversed(Touchpoint.Phase.values):
        make_touchpoint(phase=phase)
    make_touchpoint(phase="buy", is_archived=True)
    found = touchpoint_map(reader)
    assert [phase.label for phase in found] == [str(phase.label) for phase in Touchpoint.Phase]
    assert [len(phase.places) for phase in found] == [1] * 5


def page(person: Person, path: str = "/touchpoints/", status: int = 200) -> str:
    client = Client()
    client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_map_and_table_say_the_same(reader: Person, till: Touchpoint) -> None:
    goal, solution = make_goal(), tool(till, title="Scanner")
    at(till, goal=goal)
    make_touchpoint(slug="fair", name_en="Fair")
    html = page(reader)
    assert len(re.findall(r'<a class="place', html)) == len(re.findall(r'<tr id="touchpoint-', html)) == 2
    tile = html[html.index('href="#touchpoint-till"') :]
    assert "<span>1 solution</span>" in tile[:600]
    row = html[html.index('<tr id="touchpoint-till"') :].partition("</tr>")[0]
    assert f'href="/solutions/{solution.slug}/"' in row
    assert 'href="/requests/?status=open&amp;touchpoint=till">1 open request</a>' in row
    assert f'href="/goals/{goal.pk}/"' in row


def test_of_many_a_row_names_the_first_and_leads_to_all(reader: Person, till: Touchpoint) -> None:
    for n in range(MOST_NAMED):
        tool(till, title=f"Tool {n}")
        at(till, goal=make_goal(title=f"Goal {n}"))
    tool(till, title="Old", status="leaving")
    wanted = make_goal(title="Wanted most")
    at(till, goal=wanted), at(till, goal=wanted)
    html = page(reader)
    row = html[html.index('<tr id="touchpoint-till"') :].partition("</tr>")[0]
    assert row.count('href="/solutions/solution') == row.count('href="/goals/') == MOST_NAMED
    assert row.index("Wanted most") < row.index("Goal 0")
    assert '<a href="/solutions/?touchpoint=till">1 more</a>' in row
    behind = "/requests/?status=open&touchpoint=till&group=goal"
    assert f'<a href="{behind.replace("&", "&amp;")}">1 more</a>' in row
    assert "Goal 7" not in row
    assert "Goal 7" in page(reader, behind)
    assert "Old" in page(reader, "/solutions/?touchpoint=till")


def test_gaps_stand_on_top_in_words(reader: Person, till: Touchpoint) -> None:
    assert "Nothing stands here yet." in page(reader)
    tool(make_touchpoint())
    assert "No gaps" in page(reader)
    at(till)
    assert '<a href="#touchpoint-till">Till</a>: wishes, but no solution' in page(reader)


def test_the_list_behind_a_number_holds_just_these_requests(reader: Person, till: Touchpoint) -> None:
    wanted, done = at(till, title="At the till"), at(till, Status.DONE, title="Done there")
    elsewhere = make_request(Status.SUBMITTED, title="Elsewhere")
    html = page(reader, "/requests/?status=open&touchpoint=till")
    assert wanted.title in html
    assert done.title not in html
    assert elsewhere.title not in html
    assert "Touchpoint: <b>Till</b>" in html


def test_an_unknown_touchpoint_is_told_and_not_ignored(reader: Person) -> None:
    assert "There is no such touchpoint." in page(reader, "/requests/?touchpoint=nowhere", 400)


class TestTheRequestsThatBuiltASolution:
    def built(self, person: Person, solution: Solution, **headers: str) -> str:
        client = Client()
        client.force_login(person)
        return client.get(f"/solutions/{solution.slug}/requests/", headers=headers).content.decode()

    def test_are_told_as_far_as_they_may_be_seen(self, reader: Person) -> None:
        solution = make_solution(make_team())
        seen = make_request(Status.DONE, solution=solution, title="Send mails")
        make_request(Status.DONE, solution=solution, title="A secret", restricted=True)
        make_request(Status.DECLINED, solution=solution, title="Use what is there")
        make_request(Status.DONE, title="Another one")
        html = self.built(reader, solution)
        assert seen.title in html
        for hidden in ("A secret", "Use what is there", "Another one"):
            assert hidden not in html
        assert "<html" in html

    def test_are_a_fragment_for_the_page(self, reader: Person) -> None:
        html = self.built(reader, make_solution(), **{"HX-Request": "true"})
        assert html.lstrip().startswith("<section")
        assert "No request that you can see has built it." in html

    def test_are_the_newest_where_there_are_many(self, reader: Person) -> None:
        solution = make_solution()
        for _n in range(21):
            make_request(Status.DONE, solution=solution)
        html = self.built(reader, solution)
        assert html.count("<li>") - html.count("<nav") >= 20
        assert "There are more; these are the newest." in html
