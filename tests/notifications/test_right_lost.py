"""What changes between an event and its sending: nothing of it goes out, by inbox, mail or digest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from notifications.delivery import NOTHING_LEFT, deliver_mail
from notifications.digest.plan import plan_due
from notifications.digest.send import deliver_digests
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.models import Channel, Delivery, InboxEntry, State
from requests_app.discussion import mute
from requests_app.models import Request, Supporter
from teams.models import Membership, Person
from tests.factories import make_person, make_request, make_team
from tests.notifications.digests import MONDAY, happened_at
from tests.notifications.telling import happened, let_a_minute_pass

pytestmark = pytest.mark.django_db
SECRET = "The quiet takeover"


@dataclass
class Scene:
    """A reader who sees and supports a request, and a colleague to whom nothing happens."""

    request: Request
    reader: Person
    colleague: Person


def make_scene(*, restricted: bool) -> Scene:
    """Of what not everybody may see both read as members of its team, for no other reason."""
    team = make_team()
    request = make_request(serving_team=team, title=SECRET, restricted=restricted)
    reader, colleague = make_person(team), make_person(team)
    for person in (reader, colleague):
        Supporter.objects.create(request=request, person=person, since=timezone.now())
    return Scene(request, reader, colleague)


def restricted_without_them(scene: Scene) -> None:
    scene.reader.memberships.all().delete()
    Request.objects.filter(pk=scene.request.pk).update(restricted=True)


def deactivated(scene: Scene) -> None:
    Person.objects.filter(pk=scene.reader.pk).update(is_active=False)


def left_the_team(scene: Scene) -> None:
    Membership.objects.filter(person=scene.reader).delete()


def moved_to_another_team(scene: Scene) -> None:
    """The request: its colleague is a member of the new team as well."""
    new = make_team()
    Request.objects.filter(pk=scene.request.pk).update(serving_team=new)
    Membership.objects.create(person=scene.colleague, team=new)


def muted(scene: Scene) -> None:
    mute(scene.request.number, by=scene.reader)


CHANGES = [
    (restricted_without_them, False),
    (deactivated, False),
    (deactivated, True),
    (left_the_team, True),
    (moved_to_another_team, True),
    (muted, False),
]


@pytest.mark.parametrize(("change", "restricted"), CHANGES)
def test_nothing_of_it_goes_out_to_them_and_all_to_the_others(
    change: Callable[[Scene], None], restricted: bool
) -> None:
    scene = make_scene(restricted=restricted)
    for kind in ("request.accepted", "request.parked"):
        happened(kind, scene.request, None, reason=f"About {SECRET}.")
    fan_out()
    assert Delivery.objects.filter(person=scene.reader).count() == 4
    change(scene)
    let_a_minute_pass()
    deliver_inbox()
    deliver_mail()
    assert told(scene.reader) == []
    assert not InboxEntry.objects.filter(person=scene.reader).exists()
    assert set(Delivery.objects.filter(person=scene.reader).values_list("state", flat=True)) == {
        State.SKIPPED
    }
    reasons = Delivery.objects.filter(person=scene.reader, channel=Channel.MAIL)
    assert set(reasons.values_list("last_error", flat=True)) == {NOTHING_LEFT}
    assert len(told(scene.colleague)) == 1
    assert InboxEntry.objects.filter(person=scene.colleague).count() == 2


@pytest.mark.parametrize(("change", "restricted"), CHANGES)
def test_nor_does_a_digest_that_was_made_before(change: Callable[[Scene], None], restricted: bool) -> None:
    scene = make_scene(restricted=restricted)
    happened_at(MONDAY - timedelta(days=1), "request.parked", scene.request, None, reason=f"About {SECRET}.")
    plan_due(MONDAY)
    change(scene)
    deliver_digests(now=MONDAY)
    assert told(scene.reader) == []
    assert len(told(scene.colleague)) == 1


def told(person: Person) -> list[str]:
    """The mails to somebody that name the request or what was said of it."""
    mine = (sent for sent in mail.outbox if sent.to == [person.email])
    return [text for text in (str(sent.message()) + str(sent.body) for sent in mine) if SECRET in text]
