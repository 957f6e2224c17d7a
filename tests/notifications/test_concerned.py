"""What happens to goals, briefs, exchanges and mentorings reaches whom it concerns, in inbox and mail."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from activity import clock
from activity.models import Event
from knowhow.bridges.mentoring import answer_pair, propose_pair
from knowhow.exchanges.places import sign_up
from knowhow.exchanges.planning import cancel
from knowhow.exchanges.wishes import wish
from knowhow.models import Mentoring, Solution
from knowhow.solutions.warning import warn
from notifications.concerned import told_of_things
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox, unread_count
from notifications.models import InboxEntry
from notifications.things import places
from teams.goals.judging import say_health
from teams.models import Brief, Goal, Person, Side
from teams.people import shut_out
from teams.understanding.asking import answer, ask
from teams.understanding.chasing import ask_to_review
from tests.factories import (
    give_skill,
    make_admin,
    make_goal,
    make_person,
    make_skill,
    make_solution,
    make_team,
)
from tests.knowhow.exchanges.making import make_exchange, make_proposal, seat
from tests.notifications.telling import tell_all

pytestmark = pytest.mark.django_db


def told() -> set[tuple[Person, str]]:
    """Everybody with an entry, and what it is about."""
    tell_all()
    rows = InboxEntry.objects.select_related("person")
    return {(row.person, row.place.kind) for row in rows}


def mailed() -> set[str]:
    return {address for one in mail.outbox for address in one.to}


def emails(people: Iterable[Person]) -> set[str]:
    return {person.email for person in people}


@pytest.fixture
def goal() -> Goal:
    return make_goal(make_team(Side.MARKETING), title="Answers within a day", brief="So that nobody waits.")


@pytest.fixture
def lead(goal: Goal) -> Person:
    return make_person(lead_of=goal.teams.get(), language="en")


def test_the_leads_are_told_of_a_brief_that_nobody_looked_at_and_of_a_solution_left_to_few(
    goal: Goal, lead: Person
) -> None:
    long_ago = clock.now() - timedelta(days=31)
    solution = make_solution(goal.teams.get(), title="Mailer")
    Solution.objects.update(created_at=long_ago)
    make_person(goal.teams.get())
    Brief.objects.filter(goal=goal).update(reviewed_at=long_ago)
    assert ask_to_review(goal.understanding_id, clock.now(), by=None)
    assert warn(solution.pk, clock.now(), by=None)
    assert told() == {(lead, "goal"), (lead, "solution")}
    assert {one.subject for one in mail.outbox} == {
        "Is this still true? Answers within a day",
        "Too few people master Mailer",
    }


def pair_of() -> Mentoring:
    skill = make_skill(name="SQL")
    mentor, learner = make_person(make_team(Side.IT)), make_person(make_team(Side.MARKETING))
    give_skill(mentor, skill, 4, teaches=True)
    give_skill(learner, skill, 1, wants=True)
    return propose_pair(mentor.pk, learner.pk, skill.pk, by=learner)


def test_a_question_about_a_goal_reaches_its_leads_as_one_about_the_goal(goal: Goal, lead: Person) -> None:
    make_person(goal.teams.get())
    ask(goal.understanding, "What is a day?", by=make_person())
    assert told() == {(lead, "goal")}
    assert mailed() == {lead.email}
    assert mail.outbox[0].subject == "A question about Answers within a day"


@pytest.mark.parametrize("kind", ["team", "solution"])
def test_so_do_questions_about_teams_and_solutions(kind: str) -> None:
    team = make_team(Side.IT, brief="We keep the data.")
    lead = make_person(lead_of=team)
    brief: Brief = team.understanding if kind == "team" else make_solution(team).understanding
    ask(brief, "Why?", by=make_person())
    assert told() == {(lead, kind)}


def test_the_answer_reaches_who_asked(goal: Goal, lead: Person) -> None:
    asker = make_person()
    question = ask(goal.understanding, "What is a day?", by=asker)
    answer(question, "24 hours.", by=lead)
    assert told() == {(lead, "goal"), (asker, "goal")}


def test_a_lead_who_says_how_it_stands_is_not_told_of_it_but_the_other_one_is(
    goal: Goal, lead: Person
) -> None:
    other = make_person(lead_of=goal.teams.get())
    say_health(goal, "off_track", "Half the team is away.", by=lead)
    assert told() == {(other, "goal")}


def test_a_proposed_pair_is_known_to_the_two_alone() -> None:
    pair = pair_of()
    answer_pair(pair.pk, True, by=pair.mentor)
    assert told() == {(pair.mentor, "mentoring"), (pair.learner, "mentoring")}
    assert mailed() == emails([pair.mentor, pair.learner])


def test_of_a_pair_whose_other_half_has_left_nothing_is_told_and_nothing_counted() -> None:
    pair = pair_of()
    tell_all()
    assert unread_count(pair.mentor) == 1
    shut_out(pair.learner, by=make_admin())
    assert unread_count(pair.mentor) == 0


def test_between_event_and_entry_a_pair_may_become_hidden() -> None:
    pair = pair_of()
    fan_out()
    shut_out(pair.learner, by=make_admin())
    deliver_inbox()
    assert not InboxEntry.objects.exists()


def test_an_exchange_that_is_cancelled_stands_in_the_inbox_of_who_comes_not_of_who_cancelled() -> None:
    exchange = make_exchange()
    coming = make_person()
    seat(exchange, coming)
    cancel(exchange.pk, "The host is ill.", by=exchange.host)
    assert told() == {(coming, "exchange")}


def test_ones_own_sign_up_comes_by_mail_for_the_calendar_but_is_no_news() -> None:
    exchange, coming = make_exchange(), make_person()
    sign_up(exchange.pk, by=coming)
    assert told() == set()
    assert coming.email in mailed()


def test_who_could_host_a_wish_is_asked_in_the_inbox_too() -> None:
    host = make_person()
    seat(make_exchange(host, topic="SQL"))
    proposal = make_proposal(voices=2, topic="SQL")
    wish(proposal.pk, by=make_person())
    assert {kind for _person, kind in told()} <= {"exchangeproposal"}


def test_many_events_take_as_many_queries_as_one(
    goal: Goal, lead: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask(goal.understanding, "One?", by=make_person())
    events = list(Event.objects.filter(kind="brief.asked"))
    with django_assert_num_queries(4):
        told_of_things(events)
    for number in range(4):
        ask(goal.understanding, f"And {number}?", by=make_person())
    events = list(Event.objects.filter(kind="brief.asked"))
    with django_assert_num_queries(4):
        assert len(told_of_things(events)) == 5


def test_the_inbox_names_the_goal_and_leads_there(client: Client, goal: Goal, lead: Person) -> None:
    ask(goal.understanding, "What is a day?", by=make_person(name="Ada Fern"))
    tell_all()
    client.force_login(lead)
    page = client.get(reverse("notifications:inbox")).content.decode()
    assert "Answers within a day" in page
    assert "Ada Fern asked your team a question" in page
    entry = InboxEntry.objects.get(person=lead)
    assert client.get(reverse("notifications:inbox_read", args=[entry.pk]))["Location"] == (
        goal.get_absolute_url()
    )


def test_what_is_gone_is_counted_and_shown_as_gone(client: Client, goal: Goal, lead: Person) -> None:
    ask(goal.understanding, "What is a day?", by=make_person())
    tell_all()
    InboxEntry.objects.update(object_id=2**40)
    assert unread_count(lead) == 1
    client.force_login(lead)
    assert "No longer there" in client.get(reverse("notifications:inbox")).content.decode()
    entry = InboxEntry.objects.get(person=lead)
    answered = client.get(reverse("notifications:inbox_read", args=[entry.pk]))
    assert answered["Location"] == reverse("notifications:inbox")
    assert unread_count(lead) == 0


def test_events_about_nothing_that_people_are_told_of_have_no_place(goal: Goal) -> None:
    ask(goal.understanding, "One?", by=make_person())
    asked = Event.objects.get(kind="brief.asked")
    board = Event(pk=7, kind="board.edited", object_type="board", object_id=1)
    lost = Event(pk=8, kind="brief.asked", object_type="brief", object_id=2**40)
    assert places([asked, board, lost]) == {asked.pk: ("goal", goal.pk)}
