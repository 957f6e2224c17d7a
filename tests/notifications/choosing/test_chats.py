"""The chats of one's teams beside one's choices: what they tell of, and only to who belongs to the team."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from activity.models import Event
from notifications.chat.kinds import KIND_OF
from notifications.chat.kinds import Kind as ChatKind
from notifications.choosing.chats import BESIDE, told_in_chats
from notifications.choosing.kinds import kind_of
from teams.models import Person
from tests.factories import add_member, make_person, make_team
from tests.notifications.chat.channels import make_channel

pytestmark = pytest.mark.django_db
PAGE = "/settings/notifications/"


def kinds(person: Person) -> dict[str, list[str]]:
    with translation.override("en"):
        return {kind: [one.words for one in told] for kind, told in told_in_chats(person).items()}


def test_what_a_channel_is_told_stands_beside_the_kind_that_most_of_it_is() -> None:
    """So that nobody reads "comments" beside a kind that tells of no comments."""
    assert sorted(kind for beside in BESIDE.values() for kind in beside) == sorted(ChatKind.values)
    for kind, beside in BESIDE.items():
        for told in beside:
            names = [name for name, of in KIND_OF.items() if of == told]
            kinds_told = [kind_of(Event(kind=name, object_type="request", data={}), 0) for name in names]
            assert kinds_told.count(kind) > len(names) / 2, (kind, told)


def test_only_channels_of_ones_own_teams_that_are_switched_on_are_shown() -> None:
    team = make_team()
    member = make_person(team)
    make_channel(team, kinds=["new", "comments"])
    make_channel(team, kinds=["decisions"], is_on=False)
    make_channel(make_team(), kinds=["questions"])
    assert kinds(member) == {"step": ["New requests"], "talk": ["Comments"]}
    assert kinds(make_person()) == {}


def test_leads_and_administrators_of_the_team_may_change_it() -> None:
    team = make_team()
    make_channel(team, kinds=["comments"])
    member, lead, admin = make_person(team), make_person(lead_of=team), make_person(team, is_admin=True)
    may = [told_in_chats(person)["talk"][0].may_change for person in (member, lead, admin)]
    assert may == [False, True, True]


def test_the_page_shows_them_and_links_them_for_leads(client: Client) -> None:
    team = make_team(name="Data Hub")
    channel = make_channel(team, kinds=["decisions", "results"])
    path = reverse("notifications:chat", args=[team.slug, channel.pk])
    member, lead = make_person(team, language="en"), make_person(lead_of=team, language="en")
    for person, is_linked in ((member, False), (lead, True)):
        client.force_login(person)
        page = client.get(PAGE).content.decode()
        assert "Data Hub: Decisions and their reasons · What delivered requests have achieved" in page
        assert (f'href="{path}"' in page) is is_linked
    client.force_login(make_person(language="en"))
    page = client.get(PAGE).content.decode()
    assert "Chat of your teams" not in page
    assert "is set by its leads" in page


def test_more_channels_and_teams_cost_no_more_queries(client: Client) -> None:
    person = make_person(make_team())
    client.force_login(person)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for _ in range(4):
        team = make_team()
        add_member(team, person)
        make_channel(team)
        make_channel(team)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(few) == len(many)
