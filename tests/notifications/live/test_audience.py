"""Who hears what of the changes that are said to open pages."""

import pytest
from pytest_django import DjangoAssertNumQueries

from activity.broadcast import RESYNC, Message
from activity.models import Event
from notifications.live.audience import heard, on_boards
from notifications.live.inboxes import ABOUT, CHANGED
from requests_app.choices import Status
from requests_app.links import link
from requests_app.models import Relation
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.people import take_out
from tests.factories import make_admin, make_person, make_request, make_team
from tests.notifications.telling import make_cast

pytestmark = pytest.mark.django_db


def commented(number: int, event: int = 1) -> Message:
    return Message("request.commented", "request", number, event)


def test_everybody_hears_of_an_open_request_and_only_those_inside_of_a_restricted_one() -> None:
    open_to_all, inside = make_request(), make_cast(restricted=True)
    said = [commented(open_to_all.number), commented(inside.request.number, 2)]
    told = heard(said, [inside.stranger.pk, inside.watcher.pk])
    assert told == {inside.stranger.pk: said[:1], inside.watcher.pk: said}


def test_of_a_draft_only_its_author_hears() -> None:
    author, admin = make_person(), make_admin()
    draft = make_request(Status.DRAFT, requester=author)
    said = [commented(draft.number)]
    assert heard(said, [author.pk, admin.pk]) == {author.pk: said, admin.pk: []}


def test_who_was_deactivated_hears_nothing_at_all() -> None:
    person = make_person(is_active=False)
    assert heard([commented(make_request().number)], [person.pk]) == {}


def test_who_no_longer_sees_a_request_learns_only_that_there_is_something_to_look_at() -> None:
    cast = make_cast(restricted=True)
    closed = Message("request.restricted", "request", cast.request.number, 3)
    assert heard([closed], [cast.stranger.pk, cast.watcher.pk]) == {
        cast.stranger.pk: [RESYNC],
        cast.watcher.pk: [closed],
    }


def test_who_leaves_a_team_is_told_to_look_anew_and_nobody_else() -> None:
    team = make_team()
    lead, member = make_person(lead_of=team), make_person(team)
    take_out(team, member, by=lead)
    event = Event.objects.get(kind="membership.removed")
    left = Message("membership.removed", "team", team.pk, event.pk)
    assert heard([left], [lead.pk, member.pk]) == {lead.pk: [left], member.pk: [RESYNC]}


def test_of_a_link_hear_those_who_see_both_ends() -> None:
    hidden, here = make_cast(restricted=True), make_request()
    link(here.number, Relation.RELATES_TO, hidden.request.number, by=hidden.watcher)
    event = Event.objects.get(kind="request.linked", object_id=here.number)
    said = [Message(event.kind, "request", here.number, event.pk)]
    assert heard(said, [hidden.stranger.pk, hidden.watcher.pk]) == {
        hidden.stranger.pk: [],
        hidden.watcher.pk: said,
    }


def test_an_inbox_is_its_owners_alone_and_what_has_no_reader_is_told_to_nobody() -> None:
    owner, other = make_person(), make_person()
    mine = Message(CHANGED, ABOUT, owner.pk)
    said = [mine, Message("api_token.created", "apitoken", 7), Message("person.edited", "person", other.pk)]
    assert heard(said, [owner.pk, other.pk]) == {owner.pk: [mine], other.pk: []}


def test_goals_and_teams_are_told_to_everybody() -> None:
    person = make_person()
    said = [Message("goal.edited", "goal", 1), Message("wip_limit.set", "team", 2)]
    assert heard(said, [person.pk]) == {person.pk: said}


def test_many_listeners_and_messages_cost_the_same_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    team = make_team()
    numbers = [make_request(serving_team=team, restricted=n % 2 == 0).number for n in range(6)]
    people = [make_person(team).pk for _ in range(5)]
    with django_assert_max_num_queries(6):
        told = heard([commented(number, n) for n, number in enumerate(numbers, start=1)], people)
    assert [len(messages) for messages in told.values()] == [6] * 5


def test_a_board_hears_of_what_is_on_it_and_of_what_has_just_left_it() -> None:
    cast, elsewhere = make_cast(Status.SUBMITTED), make_request()
    old, new, number = cast.request.serving_team, make_team(), cast.request.number
    assert old is not None
    perform("assign", number, by=cast.it_lead, inputs=Inputs(serving_team=new))
    said = [Message("request.assigned", "request", number, 1), commented(elsewhere.number, 2)]
    assert on_boards(said, {old.slug, new.slug, "no-such-board"}) == {old.slug: {number}, new.slug: {number}}
    assert on_boards([commented(number)], {old.slug, new.slug}) == {old.slug: set(), new.slug: {number}}
