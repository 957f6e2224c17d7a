"""One of every kind of mail that the portal sends in HTML, as it is sent."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from activity import clock, log
from knowhow.exchanges.places import sign_up
from knowhow.exchanges.wishes import wish
from notifications.incoming.answering import answer_sender
from notifications.incoming.models import IncomingMail, Outcome
from notifications.test_mail import send_test
from requests_app.choices import Status
from requests_app.discussion import comment
from requests_app.models import Request
from requests_app.rounds.running import close_round
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.goals import check_in
from teams.invitation_mail import send
from teams.invitations import invite
from teams.models import Person, Side
from tests.factories import (
    make_admin,
    make_goal,
    make_key_result,
    make_person,
    make_request,
    make_scores,
    make_team,
    scores,
)
from tests.knowhow.exchanges.making import make_exchange, make_proposal
from tests.notifications.digests import MONDAY, happened_at, make_company, send_at
from tests.notifications.telling import Cast, make_cast, tell_all
from tests.requests_app.rounds.meetings import make_table

SAID = """Please look at this, **Tom**:

- the [list](https://example.org/list)
- the *numbers*

> It was promised for May.

```
SELECT 1
```
"""


def sent_mails() -> list[tuple[str, str]]:
    """Name and HTML of one mail of each kind, in turn in German and English."""
    mail.outbox.clear()
    make_company()
    found = []
    for language, (name, send_it) in zip(_languages(), _KINDS.items(), strict=False):
        with translation.override(language):
            html = send_it(language)
        assert html, name
        found.append((f"{name} ({language})", html))
    return found


def _languages() -> Iterator[str]:
    while True:
        yield from ("de", "en")


def _last_to(person: Person, saying: str = "") -> str:
    """The last mail to ``person``, of those with ``saying`` in the list that they belong to."""
    mine = (one for one in reversed(mail.outbox) if one.to == [person.email])
    return next(_html(one) for one in mine if saying in str(one.message()["List-Id"]))


def _html(one: Any) -> str:
    return str(one.alternatives[0][0])


def _all_read(language: str) -> None:
    Person.objects.update(language=language)


def _talk(cast: Cast, language: str) -> None:
    _all_read(language)
    comment(cast.request.number, SAID, by=cast.it_owner, question_to="marketing")


def _news(language: str) -> str:
    cast = make_cast()
    _talk(cast, language)
    tell_all()
    return _last_to(cast.marketing_owner)


def _bundle(language: str) -> str:
    """Three things in one mail: words, a mention, a reason."""
    cast, other, third = make_cast(), make_cast(), make_cast()
    reader = cast.marketing_owner
    third.request.watchers.create(person=reader, since=clock.now())
    with log.together():
        _talk(cast, language)
        inputs = Inputs(reason="Later", revisit_on=_later())
        perform("park", third.request.pk, by=third.it_owner, inputs=inputs)
        comment(other.request.number, f"For you, @[Wim](person:{reader.pk})", by=other.it_owner)
    tell_all()
    html = _last_to(reader)
    assert all(one.request.key in html for one in (cast, other, third))
    return html


def _later() -> date:
    return timezone.localdate(clock.now()) + timedelta(days=60)


def _digest(language: str) -> str:
    """A week in which something of everything happened."""
    team = make_team(Side.IT)
    reader = make_person(team, language=language)
    sunday, shared = MONDAY - timedelta(days=1), {"serving_team": team}
    goal = make_goal(team)
    with clock.moved_to(sunday):
        check_in(make_key_result(goal), Decimal(2), by=reader)
    for status, kind in (
        (Status.PARKED, "request.parked"),
        (Status.READY, "request.accepted"),
        (Status.DONE, "request.delivered"),
        (Status.IN_PROGRESS, "request.started"),
    ):
        request = make_request(status, goal=goal, **shared)
        make_scores(request, scores(5), scores(2))
        happened_at(sunday, kind, request, None, reason="The size chart answers it.")
    make_request(Status.READY, it_owner=reader, turn="it", turn_since=sunday, **shared)
    Request.objects.filter(status=Status.IN_PROGRESS).update(progress_at=MONDAY - timedelta(days=60))
    send_at(MONDAY)
    return _last_to(reader)


def _empty_digest(language: str) -> str:
    reader = make_person(language=language)
    send_at(MONDAY + timedelta(days=70))
    return _last_to(reader)


def _exchange(language: str) -> str:
    guest = make_person(language=language)
    sign_up(make_exchange(title="Read SQL").pk, by=guest)
    tell_all()
    return _last_to(guest)


def _wished(language: str) -> str:
    """The fifth voice asks who has had to do with the topic."""
    host = make_exchange(days=-3, topic="SQL").host
    proposal = make_proposal(topic="SQL", voices=3)
    wish(proposal.pk, by=make_person())
    _all_read(language)
    tell_all()
    return _last_to(host)


def _minutes(language: str) -> str:
    table = make_table()
    perform("accept", table.first.pk, by=table.marketing)
    close_round(table.round.pk, by=table.it)
    _all_read(language)
    tell_all()
    return _last_to(table.it, "rounds")


def _not_taken(language: str) -> str:
    sender = make_person(language=language)
    kept = IncomingMail.objects.create(
        key="1",
        outcome=Outcome.REFUSED,
        person=sender,
        notes=["The mail is too large."],
        received_at=clock.now(),
    )
    answer_sender(kept, sender)
    tell_all()
    return _last_to(sender)


def _test(language: str) -> str:
    admin = make_admin(language=language)
    send_test(admin)
    tell_all()
    return _last_to(admin)


def _invitation(language: str) -> str:
    send(invite("new@demo.example", by=make_admin(), name="Neu", team=make_team()))
    return _html(mail.outbox[-1])


def _password(language: str) -> str:
    person = make_person(language=language)
    Client(headers={"accept-language": language}).post(
        reverse("account_reset_password"), {"email": person.email}
    )
    return _last_to(person)


_KINDS = {
    "news": _news,
    "news of several things": _bundle,
    "digest": _digest,
    "digest of an empty week": _empty_digest,
    "exchange": _exchange,
    "would you host it": _wished,
    "minutes of a round": _minutes,
    "mail that was not taken": _not_taken,
    "test": _test,
    "invitation": _invitation,
    "new password": _password,
}
