"""Who should understand what, as PRODUCT §6 says; and the part of a page that shows it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activity import clock
from requests_app.choices import Status
from requests_app.understanding import coverages, those_who_should
from requests_app.understanding.shown import get_brief, understanding_of
from teams.goals import edit_goal
from teams.models import Brief, BriefQuestion, Confirmation, Goal, Membership, Person, Side, Team
from teams.understanding import answer, ask, confirm
from tests.factories import holder, make_admin, make_goal, make_person, make_request, make_team

pytestmark = pytest.mark.django_db


def should(thing: Goal | Team) -> set[int]:
    brief = thing.understanding
    return those_who_should([brief])[brief.pk]


def members(*teams: Team) -> set[int]:
    return set(Membership.objects.filter(team__in=teams).values_list("person", flat=True))


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def owners() -> Team:
    team = make_team(Side.IT)
    make_person(team)
    return team


@pytest.fixture
def goal(owners: Team) -> Goal:
    return make_goal(owners, brief="More consent.", title="Consent")


# Those who should ---------------------------------------------------------------------------------------
def test_the_people_of_the_touched_teams_should_understand_a_goal(goal: Goal) -> None:
    request = make_request(Status.READY, goal=goal)
    assert request.requesting_team
    assert request.serving_team
    assert should(goal) == members(request.requesting_team, request.serving_team) != set()


def test_members_of_an_owning_team_are_not_among_them_even_where_they_are_touched_too(
    goal: Goal, owners: Team
) -> None:
    request = make_request(Status.READY, goal=goal, serving_team=owners)
    assert request.requesting_team
    both = make_person(owners, request.requesting_team)
    assert both.pk not in should(goal)
    assert should(goal) == members(request.requesting_team) - members(owners)


def test_each_counts_once_however_many_teams_and_requests_touch_them(goal: Goal) -> None:
    first, second = make_team(Side.MARKETING), make_team(Side.MARKETING)
    person = make_person(first, second)
    for team in (first, second, second):
        make_request(Status.SHAPING, goal=goal, requesting_team=team)
    brief = goal.understanding
    assert person.pk in should(goal)
    assert coverages([brief])[brief.pk].of == len(should(goal))


@pytest.mark.parametrize("status", [Status.DRAFT, Status.DECLINED, Status.WITHDRAWN])
def test_what_does_not_serve_touches_nobody(goal: Goal, status: Status) -> None:
    make_request(status, goal=goal)
    assert should(goal) == set()


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.DONE, Status.PARKED])
def test_open_done_and_parked_requests_touch(goal: Goal, status: Status) -> None:
    make_request(status, goal=goal)
    assert should(goal)


def test_a_restricted_request_gives_itself_away_to_nobody(goal: Goal) -> None:
    make_request(Status.READY, goal=goal, restricted=True)
    assert should(goal) == set()


def test_who_has_left_should_understand_nothing(goal: Goal) -> None:
    request = make_request(Status.READY, goal=goal)
    assert request.requesting_team
    left = make_person(request.requesting_team, is_active=False)
    assert left.pk not in should(goal)


def test_those_who_work_with_a_team_should_understand_it(owners: Team) -> None:
    asked, asking = make_request(Status.DONE, serving_team=owners), make_request(Status.READY)
    assert asked.requesting_team
    assert asking.serving_team
    assert should(owners) == members(asked.requesting_team) - members(owners)
    assert should(asked.requesting_team) == members(owners) - members(asked.requesting_team)


def test_the_example_of_the_documentation() -> None:
    """docs/understanding.md: CRM owns the goal; Campaigns asked, Web serves; Kim is in CRM and Web."""
    crm, web, campaigns = make_team(Side.IT), make_team(Side.IT), make_team(Side.MARKETING)
    mira, leo = make_person(campaigns), make_person(campaigns)
    ivo, kim = make_person(web), make_person(web, crm)
    goal = make_goal(crm, brief="More consent.")
    make_request(
        Status.READY,
        goal=goal,
        requesting_team=campaigns,
        serving_team=web,
        requester=mira,
        marketing_owner=mira,
        it_owner=ivo,
    )
    assert should(goal) == {mira.pk, leo.pk, ivo.pk}
    confirm(goal.understanding, by=mira)
    confirm(goal.understanding, by=make_person())
    found = coverages([goal.understanding])[goal.understanding_id]
    assert (set(found.missing), found.percent, len(found.beyond)) == ({leo.pk, ivo.pk}, 33, 1)
    assert kim.pk not in found.missing


def test_a_change_of_meaning_takes_coverage_back_and_a_typo_does_not(goal: Goal) -> None:
    request = make_request(Status.READY, goal=goal)
    confirm(goal.understanding, by=holder(request.requester))
    before = coverages([goal.understanding])[goal.understanding_id].percent
    edit_goal(goal, brief="More consent!", by=make_admin())
    assert coverages([goal.understanding])[goal.understanding_id].percent == before != 0
    edit_goal(goal, brief="Less.", in_substance=True, what_changed="Less", by=make_admin())
    assert coverages([goal.understanding])[goal.understanding_id].percent == 0


def test_many_briefs_take_as_many_queries_as_one(goal: Goal, owners: Team) -> None:
    def queries(briefs: list[Brief]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert set(coverages(briefs)) == {brief.pk for brief in briefs}
        return len(captured)

    goals = [make_goal(make_team()) for _n in range(5)]
    for one in goals:
        make_request(Status.READY, goal=one)
    single, many = [goal.understanding], [*(g.understanding for g in goals), owners.understanding]
    assert queries(single) <= queries(many) <= 7
    assert queries(many) == queries([*many, *(make_goal(owners).understanding for _n in range(9))])


# The part of a page -------------------------------------------------------------------------------------
def address(goal: Goal, what: str = "") -> str:
    return f"/understanding/{goal.understanding_id}/{what}"


def text_of(answered: object) -> str:
    content: bytes = answered.content  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content.decode()))


def reader() -> Person:
    return make_person(make_team(Side.MARKETING), language="en")


def test_a_reader_confirms_on_the_page_and_stands_there_by_name(goal: Goal) -> None:
    request = make_request(Status.READY, goal=goal)
    person = holder(request.requester)
    Person.objects.filter(pk=person.pk).update(language="en")
    client = browser(person)
    assert "I understand this" in text_of(client.get(address(goal)))
    sent = client.post(
        address(goal, "confirm/"), {"words": "People say yes", "seen": 1}, headers={"HX-Request": "true"}
    )
    assert sent.status_code == 200
    page = text_of(sent)
    assert "Thank you. It counts from now on." in page
    assert "People say yes" in page
    assert "I understand this" not in page


def test_without_a_script_the_page_of_the_goal_comes_back(goal: Goal) -> None:
    sent = browser(reader()).post(address(goal, "confirm/"), {"seen": 1})
    assert (sent.status_code, sent["Location"]) == (302, f"/goals/{goal.pk}/#understanding")
    assert Confirmation.objects.count() == 1


def test_the_owning_team_is_told_why_it_cannot_confirm(goal: Goal, owners: Team) -> None:
    client = browser(make_person(owners, language="en"))
    assert "Your team answers for this" in text_of(client.get(address(goal)))
    sent = client.post(address(goal, "confirm/"), {"seen": 1})
    assert sent.status_code == 409
    assert "Others say whether they understand it." in text_of(sent)


def test_what_changed_while_it_was_read_is_said_and_can_then_be_confirmed(goal: Goal) -> None:
    client = browser(reader())
    edit_goal(goal, brief="Less.", in_substance=True, what_changed="We want less", by=make_admin())
    sent = client.post(address(goal, "confirm/"), {"words": "mine", "seen": 1})
    assert sent.status_code == 409
    assert "We want less" in text_of(sent)
    found = re.search(r'name="seen" value="(\d+)"', sent.content.decode())
    assert found
    assert client.post(address(goal, "confirm/"), {"words": "mine", "seen": found[1]}).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "1.5", "\0"])
def test_a_form_that_does_not_know_what_was_read_is_refused(goal: Goal, seen: str) -> None:
    sent = browser(reader()).post(address(goal, "confirm/"), {"words": "mine", "seen": seen})
    assert sent.status_code == 422
    assert not Confirmation.objects.exists()


def test_question_answer_and_settling_happen_in_place(goal: Goal, owners: Team) -> None:
    asker, member = browser(reader()), browser(make_person(owners, language="en"))
    htmx = {"HX-Request": "true"}
    assert asker.post(address(goal, "ask/"), {"text": ""}, headers=htmx).status_code == 422
    assert "Why three?" in text_of(asker.post(address(goal, "ask/"), {"text": "Why three?"}, headers=htmx))
    question = BriefQuestion.objects.get()
    place = f"/understanding/questions/{question.pk}"
    assert "Answer" in text_of(member.get(address(goal)))
    assert member.post(f"{place}/answer/", {"text": " "}, headers=htmx).status_code == 422
    page = text_of(member.post(f"{place}/answer/", {"text": "It pays."}, headers=htmx))
    assert "Questions and answers" in page
    assert "It pays." in page
    assert "That answers my question" in text_of(asker.get(address(goal)))
    assert "settled" in text_of(asker.post(f"{place}/settle/", headers=htmx))
    refused = asker.post(f"{place}/settle/", headers=htmx)
    assert (refused.status_code, "settled already" in text_of(refused)) == (409, True)


def test_others_cannot_answer(goal: Goal) -> None:
    asked = ask(goal.understanding, "Why?", by=make_person())
    sent = browser(reader()).post(f"/understanding/questions/{asked.pk}/answer/", {"text": "So."})
    assert sent.status_code == 409
    asked.refresh_from_db()
    assert asked.is_open


def test_a_stale_brief_says_since_when_and_the_lead_says_that_it_holds(goal: Goal, owners: Team) -> None:
    Brief.objects.filter(goal=goal).update(reviewed_at=clock.now() - timedelta(days=40))
    lead, other = make_person(lead_of=owners, language="en"), browser(reader())
    page = text_of(other.get(address(goal)))
    assert "Nobody has looked at this since" in page
    assert "Still true" not in page
    assert "Still true" in text_of(browser(lead).get(address(goal)))
    assert other.post(address(goal, "still-true/"), headers={"HX-Request": "true"}).status_code == 409
    sent = browser(lead).post(address(goal, "still-true/"), headers={"HX-Request": "true"})
    assert "Nobody has looked at this" not in text_of(sent)


def test_what_is_not_explained_is_not_called_still_true(owners: Team) -> None:
    lead = browser(make_person(lead_of=owners, language="en"))
    silent = make_goal(owners, brief="")
    assert "Still true" not in text_of(lead.get(address(silent)))


def test_words_are_shown_as_words(goal: Goal) -> None:
    person = reader()
    confirm(goal.understanding, "<script>alert(1)</script>", by=person)
    asked = ask(goal.understanding, "<b>?</b>", by=person)
    answer(asked, "<i>!</i>", by=make_admin())
    page = browser(person).get(address(goal)).content.decode()
    assert "&lt;script&gt;" in page
    assert "<b>?</b>" not in page
    assert "<i>!</i>" not in page


def test_there_is_no_page_of_nothing() -> None:
    client = browser(reader())
    for path in ("/understanding/999999/", f"/understanding/{2**63}/", "/understanding/0/"):
        assert client.get(path).status_code == 404
    assert client.post("/understanding/questions/0/answer/", {"text": "x"}).status_code == 404


def test_a_page_names_the_newest_who_understood_and_counts_all(
    goal: Goal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests_app.understanding.shown.MOST_NAMES", 2)
    people = [make_person(name=f"Reader {n}") for n in range(4)]
    for n, person in enumerate(people):
        with clock.moved_to(clock.now() - timedelta(hours=9 - n)):
            confirm(goal.understanding, by=person)
    shown = understanding_of(get_brief(goal.understanding_id), people[0])
    assert [one.person for one in shown.confirmations] == people[:1:-1]
    assert (shown.coverage.confirmed, shown.is_confirmed) == (4, True)
    stranger = understanding_of(get_brief(goal.understanding_id), make_person())
    assert ([one.person for one in stranger.confirmations], stranger.mine) == (people[:1:-1], None)


def test_what_nobody_has_answered_stays_however_much_is_asked_later(
    goal: Goal, owners: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests_app.understanding.shown.MOST_QUESTIONS", 2)
    asker, owner = make_person(), make_person(owners)
    waiting, *others = (ask(goal.understanding, f"Why {n}?", by=asker) for n in range(4))
    for question in others:
        answer(question, "Because.", by=owner)
    shown = understanding_of(get_brief(goal.understanding_id), asker)
    assert shown.open_questions == [waiting]
    assert shown.answered == [others[-1]]
