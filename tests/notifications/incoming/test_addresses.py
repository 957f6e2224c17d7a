"""The addresses of the portal's mailbox: whose they are, what they are for, and for how long."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from activity import clock
from notifications.incoming.addresses import (
    LASTS_DAYS,
    BadToken,
    ReplyTo,
    address_of_team,
    bounce_address,
    read_bounce,
    read_reply,
    reply_address,
    tag_of,
    team_of,
)
from tests.factories import make_team
from tests.notifications.incoming.mails import MAILBOX

BIG = 2**63 - 1


def tag(address: str) -> str:
    found = tag_of([address])
    assert found is not None
    return found


@pytest.mark.parametrize("to", [ReplyTo(12, 5), ReplyTo(1, 1, 99), ReplyTo(BIG, BIG, BIG)])
def test_what_was_written_into_an_address_is_read_again(to: ReplyTo) -> None:
    assert read_reply(tag(reply_address(to))) == to
    assert read_bounce(tag(bounce_address(to.person))) == to.person


def test_the_part_before_the_at_sign_fits_for_all_but_absurd_numbers() -> None:
    address = reply_address(ReplyTo(10**9, 10**6, 10**9))
    assert len(address.partition("@")[0]) <= 64


def test_servers_that_change_the_case_do_no_harm() -> None:
    assert read_reply(tag(reply_address(ReplyTo(12, 5)).upper())) == ReplyTo(12, 5)


def test_a_token_is_good_for_its_own_purpose_alone() -> None:
    reply, bounce = tag(reply_address(ReplyTo(12, 5))), tag(bounce_address(5))
    for read, other in ((read_reply, bounce), (read_bounce, reply), (read_bounce, "b" + reply[1:])):
        with pytest.raises(BadToken, match="forged"):
            read(other)


@given(st.data())
@hypothesis_settings(max_examples=60, deadline=None)
def test_no_changed_token_is_taken(data: st.DataObject) -> None:
    from django.test import override_settings

    with override_settings(INCOMING_MAIL_ADDRESS=MAILBOX):
        whole = tag(reply_address(ReplyTo(12, 5, 7)))
    place = data.draw(st.integers(0, len(whole) - 1))
    sign = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz234567890.-_é٣"))
    if whole[place] != sign:
        with pytest.raises(BadToken):
            read_reply(whole[:place] + sign + whole[place + 1 :])


@pytest.mark.parametrize(
    "nonsense", ["", "r", "r.", "r1.2.3", "r1.2.3.4.x", "rzzzzzzzzzzzzzzzzzzz.1.1.1.a" * 5, "é"]
)
def test_nonsense_is_forged(nonsense: str) -> None:
    with pytest.raises(BadToken, match="forged"):
        read_reply(nonsense)


def test_an_old_address_is_expired() -> None:
    with clock.moved_to(clock.now() - timedelta(days=LASTS_DAYS + 1)):
        old = tag(reply_address(ReplyTo(12, 5)))
    with pytest.raises(BadToken, match="expired"):
        read_reply(old)


def test_another_key_opens_nothing_and_the_one_before_does(settings: Settings) -> None:
    made, before = tag(reply_address(ReplyTo(12, 5))), settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    with pytest.raises(BadToken):
        read_reply(made)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert read_reply(made) == ReplyTo(12, 5)


def test_only_our_own_mailbox_is_ours() -> None:
    assert tag_of(["Tandem <tandem+r1@portal.example>"]) == "r1"
    assert tag_of(["else@portal.example", "TANDEM@PORTAL.EXAMPLE"]) == ""
    assert tag_of(["tandem+r1@portal.example.evil.example", "tandem+r1@evil.example", "", "x"]) is None


def test_without_a_mailbox_there_are_no_addresses(settings: Settings) -> None:
    settings.INCOMING_MAIL_ADDRESS = ""
    assert reply_address(ReplyTo(12, 5)) == bounce_address(5) == ""
    assert tag_of(["@", "", "tandem+r1@portal.example"]) is None


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["crm-platform", "x" * 60])
def test_a_team_has_an_address_that_fits(slug: str) -> None:
    team = make_team(slug=slug)
    address = address_of_team(team)
    assert len(address.partition("@")[0]) <= 64
    assert team_of(tag(address)) == team


@pytest.mark.django_db
@pytest.mark.parametrize("nonsense", ["new-", "new-nobody", "new-" + "9" * 30, "new-٣"])
def test_no_team_stands_behind_nonsense(nonsense: str) -> None:
    assert team_of(nonsense) is None
