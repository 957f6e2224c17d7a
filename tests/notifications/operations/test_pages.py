"""The operations page: for administrators, true, and with buttons that do what they say."""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from notifications.delivery import deliver_mail
from notifications.incoming.models import REFUSALS
from notifications.incoming.taking import take
from notifications.models import Delivery, State
from teams.deliverable import address_failed
from teams.models import Company, Person
from tests.factories import make_admin, make_person, make_team
from tests.notifications.chat.channels import make_channel
from tests.notifications.incoming.mails import raw
from tests.notifications.operations.test_state import row

pytestmark = pytest.mark.django_db
PAGE = "/settings/operations/"


@pytest.fixture
def admin(client: Client) -> Person:
    Company.objects.create(id=1, name="Nordwind")
    person = make_admin(language="en")
    client.force_login(person)
    return person


def test_only_administrators_see_and_press_anything(client: Client) -> None:
    client.force_login(make_person(lead_of=make_team()))
    for name in ("operations", "operations_state"):
        assert client.get(reverse(f"notifications:{name}")).status_code == 403
    for name in ("operations_retry", "operations_test_mail"):
        assert client.post(reverse(f"notifications:{name}")).status_code == 403


def test_what_was_given_up_stands_there_with_its_error(client: Client, admin: Person) -> None:
    row(admin, 1, State.DEAD, last_error="550 <b>no such</b> user")
    page = client.get(PAGE).content.decode()
    assert "550 &lt;b&gt;no such&lt;/b&gt; user" in page
    assert client.get(PAGE, {"channel": "chat"}).content.decode().count("no such") == 0
    assert client.get(PAGE, {"channel": "nonsense"}).status_code == 200


def test_the_ticked_ones_are_tried_again_and_only_they(client: Client, admin: Person) -> None:
    first, second, done = row(admin, 1, State.DEAD), row(admin, 2, State.DEAD), row(admin, 3, State.DONE)
    client.post(f"{PAGE}retry/", {"row": [first.pk, done.pk, "x", "9" * 30]})
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert (states[first.pk], states[second.pk], states[done.pk]) == (State.WAITING, State.DEAD, State.DONE)


def test_all_of_a_way_are_tried_again(client: Client, admin: Person) -> None:
    row(admin, 1, State.DEAD)
    chat = make_channel(make_team())
    other = row(admin, 2, State.DEAD)
    Delivery.objects.filter(pk=other.pk).update(channel="chat", chat=chat)
    client.post(f"{PAGE}retry/", {"all": "1", "channel": "chat"})
    assert Delivery.objects.get(pk=other.pk).state == State.WAITING
    assert Delivery.objects.filter(state=State.DEAD).count() == 1
    client.post(f"{PAGE}retry/", {"all": "1", "channel": ""})
    assert not Delivery.objects.filter(state=State.DEAD).exists()


def test_a_test_mail_takes_the_way_of_all_mail_and_the_page_says_what_became_of_it(
    client: Client, admin: Person
) -> None:
    client.post(f"{PAGE}test-mail/")
    assert "Waiting" in client.get(PAGE).content.decode()
    deliver_mail()
    (sent,) = mail.outbox
    assert sent.to == [admin.email]
    assert "Delivered" in client.get(PAGE).content.decode()


def test_the_page_names_whom_mail_does_not_reach(client: Client, admin: Person) -> None:
    person = address_failed(make_person(), "550 5.1.1 gone", by=None)
    page = client.get(PAGE).content.decode()
    assert person.name in page
    assert "550 5.1.1 gone" in page
    assert client.get(f"{PAGE}state/").status_code == 200


def test_mail_that_was_not_taken_is_named_with_its_reason(client: Client, admin: Person) -> None:
    take(raw("stranger@x.example", "else@x.example"))
    page = client.get(PAGE).content.decode()
    assert "stranger@x.example" in page
    assert "It was addressed to nothing that takes mail" in page
    assert "not_for_us" in page


def test_each_documented_reason_has_words_for_administrators() -> None:
    documented = Path("docs/mail.md").read_text().partition("Reasons:")[2].partition("Refused ones")[0]
    told_otherwise = {"from_machine", "failed_for_now"}
    assert set(re.findall(r"`(\w+)`", documented)) == REFUSALS.keys() | told_otherwise


def test_chat_channels_stand_there_with_their_health_and_a_test(client: Client, admin: Person) -> None:
    team = make_team(name="Data Hub")
    well, failing = make_channel(team), make_channel(team, failures=3, last_error="503 later")
    off = make_channel(team, is_on=False, last_error="410 gone")
    page = client.get(PAGE).content.decode()
    place = {channel: page.index(f"/chat/{channel.pk}/") for channel in (off, failing, well)}
    assert sorted(place, key=place.__getitem__) == [off, failing, well]
    for words in ("503 later", "410 gone", "does not answer", "switched off", "is told"):
        assert words in page
    path = reverse("notifications:chat_act", args=[team.slug, well.pk, "test"])
    assert path in page
    assert reverse("notifications:chat_act", args=[team.slug, off.pk, "test"]) not in page
    assert client.post(path).status_code == 302
    assert Delivery.objects.filter(chat=well, person=admin).count() == 1


def test_without_worker_and_beat_it_says_that_nothing_moves(client: Client, admin: Person) -> None:
    page = client.get(PAGE).content.decode()
    assert "No worker says that it lives" in page
    assert "No beat says that it lives" in page


def test_the_page_asks_a_constant_number_of_queries(client: Client, admin: Person) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    row(admin, 0, State.DEAD)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for n in range(1, 20):
        row(make_person(), n, State.DEAD)
        make_channel(make_team())
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(few) == len(many)
