"""The pages of a team's channels: who may see them, that no address is shown, that mistakes are told."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.chat.models import ChatChannel
from notifications.models import Channel, Delivery
from teams.models import Team
from tests.factories import make_admin, make_person, make_team
from tests.notifications.chat.channels import PUBLIC, make_channel

pytestmark = pytest.mark.django_db
SENT = {"vendor": "mattermost", "name": "#crm", "url": PUBLIC, "kinds": ["new", "work"], "language": "en"}


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def lead(client: Client, team: Team) -> Client:
    client.force_login(make_person(lead_of=team))
    return client


def test_a_lead_adds_a_channel(lead: Client, team: Team) -> None:
    answer = lead.post(reverse("notifications:chat_new", args=[team.slug]), SENT)
    channel = ChatChannel.objects.get()
    assert answer.headers["Location"] == reverse("notifications:chat", args=[team.slug, channel.pk])
    assert (channel.vendor, channel.kinds) == ("mattermost", ["new", "work"])


def test_the_address_is_never_shown_again(lead: Client, team: Team) -> None:
    channel = make_channel(team)
    for page in (
        lead.get(reverse("notifications:chats", args=[team.slug])),
        lead.get(reverse("notifications:chat", args=[team.slug, channel.pk])),
        lead.post(reverse("notifications:chat", args=[team.slug, channel.pk]), {**SENT, "name": ""}),
    ):
        assert "very-secret" not in page.content.decode()
        assert channel.sealed_url not in page.content.decode()


def test_of_two_leads_the_later_sees_what_the_first_has_changed(lead: Client, team: Team) -> None:
    channel = make_channel(team, kinds=["new"])
    path = reverse("notifications:chat", args=[team.slug, channel.pk])
    sent = {**SENT, "vendor": channel.vendor, "url": "", "version": channel.version}
    assert lead.post(path, {**sent, "name": "#first", "kinds": ["decisions", "comments"]}).status_code == 302
    clash = lead.post(path, {**sent, "name": "#second", "kinds": ["new"]}, headers={"accept-language": "en"})
    assert clash.status_code == 422
    page = clash.content.decode()
    for theirs in ("#first", "#second", "Decisions and their reasons, Comments"):
        assert theirs in page
    again = {**sent, "name": "#second", "kinds": ["new"], "version": channel.version + 1}
    assert lead.post(path, again).status_code == 302
    assert ChatChannel.objects.get().name == "#second"


def test_a_change_without_a_version_is_refused(lead: Client, team: Team) -> None:
    channel = make_channel(team)
    path = reverse("notifications:chat", args=[team.slug, channel.pk])
    for version in ("", "x"):
        assert lead.post(path, {**SENT, "version": version}).status_code == 422


def test_an_inner_address_is_refused_in_words(lead: Client, team: Team) -> None:
    sent = {**SENT, "url": "https://10.0.0.1/hooks/x"}
    page = lead.post(reverse("notifications:chat_new", args=[team.slug]), sent)
    assert page.status_code == 422
    assert "OUTGOING_ALLOWED_HOSTS" in page.content.decode()


def test_members_and_strangers_do_not_see_it(client: Client, team: Team) -> None:
    channel = make_channel(team)
    for person in (make_person(team), make_person()):
        client.force_login(person)
        for name, args in (("chats", []), ("chat_new", []), ("chat", [channel.pk])):
            assert client.get(reverse(f"notifications:{name}", args=[team.slug, *args])).status_code == 403


def test_a_channel_is_found_only_below_its_own_team(client: Client, team: Team) -> None:
    client.force_login(make_admin())
    other = make_channel(make_team())
    assert client.get(reverse("notifications:chat", args=[team.slug, other.pk])).status_code == 404
    assert client.get(reverse("notifications:chat", args=[team.slug, 2**62 * 9])).status_code == 404


def test_test_off_on_and_remove(lead: Client, team: Team) -> None:
    channel = make_channel(team)

    def act(action: str) -> int:
        return lead.post(reverse("notifications:chat_act", args=[team.slug, channel.pk, action])).status_code

    assert act("test") == 302
    assert Delivery.objects.filter(channel=Channel.CHAT, chat=channel).count() == 1
    page = lead.get(reverse("notifications:chat", args=[team.slug, channel.pk])).content.decode()
    assert "pill" in page
    act("off")
    assert not ChatChannel.objects.get().is_on
    act("on")
    assert ChatChannel.objects.get().is_on
    assert act("shout") == 404
    act("remove")
    assert lead.get(reverse("notifications:chat", args=[team.slug, channel.pk])).status_code == 404


def test_the_list_asks_a_constant_number_of_queries(lead: Client, team: Team) -> None:
    path = reverse("notifications:chats", args=[team.slug])
    make_channel(team)
    lead.get(path)
    with CaptureQueriesContext(connection) as few:
        lead.get(path)
    for _ in range(5):
        make_channel(team)
    with CaptureQueriesContext(connection) as many:
        lead.get(path)
    assert len(few) == len(many)
