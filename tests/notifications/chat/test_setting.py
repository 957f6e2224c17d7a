"""Adding, changing, switching and removing channels: who may, what is kept, what is refused."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from django.http import Http404

from activity.models import Event
from notifications.chat.kinds import Kind
from notifications.chat.models import ChatChannel
from notifications.chat.setting import (
    MOST_OF_A_TEAM,
    ChannelFields,
    add_channel,
    change_channel,
    remove_channel,
    switch_channel,
)
from notifications.sealed import unseal
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_admin, make_person, make_team
from tests.notifications.chat.channels import PUBLIC, make_channel

pytestmark = pytest.mark.django_db
GOOD = ChannelFields("slack", "#crm", [Kind.NEW, Kind.DECISIONS], "de", PUBLIC)


def test_the_address_is_kept_sealed_and_stands_in_no_event() -> None:
    team = make_team()
    channel = add_channel(team, GOOD, by=make_person(lead_of=team))
    assert "very-secret" not in channel.sealed_url
    assert unseal(channel.sealed_url) == PUBLIC
    assert channel.host == "hooks.example.org"
    event = Event.objects.get(kind="chat_channel.added")
    assert "very-secret" not in str(event.data)
    assert event.data["name"] == "#crm"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(GOOD, vendor="irc"), "vendor"),
        (replace(GOOD, name=" "), "name"),
        (replace(GOOD, name="x" * 81), "name"),
        (replace(GOOD, name="a\x00b"), "name"),
        (replace(GOOD, kinds=[]), "kinds"),
        (replace(GOOD, kinds=["gossip"]), "kinds"),
        (replace(GOOD, language="fr"), "language"),
        (replace(GOOD, url=""), "url"),
        (replace(GOOD, url="http://hooks.example.org/x"), "url"),
        (replace(GOOD, url="https://10.0.0.1/x"), "url"),
        (replace(GOOD, url="https://169.254.169.254/latest/meta-data"), "url"),
    ],
)
def test_what_cannot_be_kept_is_named_at_its_field(wrong: ChannelFields, field: str) -> None:
    team = make_team()
    with pytest.raises(InvalidFields) as refused:
        add_channel(team, wrong, by=make_person(lead_of=team))
    assert field in {missing.field for missing in refused.value.missing}
    assert not ChatChannel.objects.exists()


def test_only_leads_of_the_team_and_admins_may() -> None:
    team = make_team()
    channel = make_channel(team)
    for person in (make_person(team), make_person(lead_of=make_team())):
        changes: list[Callable[[], object]] = [
            partial(add_channel, team, GOOD, by=person),
            partial(change_channel, channel, GOOD, by=person),
            partial(switch_channel, channel, False, by=person),
            partial(remove_channel, channel, by=person),
        ]
        for change in changes:
            with pytest.raises(RuleViolation) as refused:
                change()
            assert refused.value.missing[0].code == "not_yours"
    add_channel(team, GOOD, by=make_admin())


def test_an_empty_address_keeps_the_one_that_is_known() -> None:
    channel = make_channel(make_team())
    changed = change_channel(channel, replace(GOOD, url="", name="#it"), by=channel.added_by)
    assert changed.name == "#it"
    assert unseal(changed.sealed_url) == PUBLIC


def test_another_program_needs_another_address() -> None:
    channel = make_channel(make_team())
    with pytest.raises(InvalidFields):
        change_channel(channel, replace(GOOD, vendor="teams", url=""), by=channel.added_by)


def test_who_saw_an_earlier_version_is_told() -> None:
    channel = make_channel(make_team())
    change_channel(channel, replace(GOOD, url=""), by=channel.added_by, version=1)
    with pytest.raises(StaleVersion):
        change_channel(channel, replace(GOOD, url=""), by=channel.added_by, version=1)


def test_switching_on_forgets_the_failures_and_twice_changes_nothing() -> None:
    channel = make_channel(make_team(), is_on=False, failures=7, last_error="404")
    channel = switch_channel(channel, True, by=channel.added_by)
    assert (channel.is_on, channel.failures, channel.last_error) == (True, 0, "")
    switch_channel(channel, True, by=channel.added_by)
    assert Event.objects.filter(kind="chat_channel.switched_on").count() == 1


def test_a_removed_channel_forgets_its_address_and_is_not_there_any_more() -> None:
    channel = make_channel(make_team())
    removed = remove_channel(channel, by=channel.added_by)
    assert removed.sealed_url == ""
    assert not ChatChannel.objects.of_team(channel.team).exists()
    with pytest.raises(Http404):
        switch_channel(channel, True, by=channel.added_by)


def test_a_team_has_only_so_many() -> None:
    team = make_team()
    lead = make_person(lead_of=team)
    for _ in range(MOST_OF_A_TEAM):
        make_channel(team, added_by=lead)
    with pytest.raises(RuleViolation) as refused:
        add_channel(team, GOOD, by=lead)
    assert refused.value.missing[0].code == "too_many"
