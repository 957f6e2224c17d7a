"""The minutes of a round by mail: to each who was present, what they may see of it at that moment."""

from collections.abc import Iterable, Sequence

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from activity.models import Event, Origin
from notifications.mail import absolute, compose, host
from notifications.models import Delivery
from requests_app.models import Round
from requests_app.rounds.minutes import minutes_of
from requests_app.rounds.running import CLOSED
from teams.models import Person


def to_be_sent(events: Iterable[Event]) -> list[tuple[Event, Person]]:
    """Each round that was closed, with each active person who was present. One query, or none."""
    closed = [event for event in events if event.kind == CLOSED and event.origin != Origin.DEMO]
    wanted = {person for event in closed for person in _present(event)}
    people = Person.objects.filter(is_active=True).in_bulk(list(wanted)) if wanted else {}
    return [(event, people[pk]) for event in closed for pk in _present(event) if pk in people]


def _present(event: Event) -> Sequence[int]:
    present: Sequence[int] = event.data["present"]
    return present


def about_round(delivery: Delivery, event: Event) -> EmailMultiAlternatives | None:
    """The minutes as ``delivery.person`` may read them, in the active language; None without the round."""
    found = Round.objects.filter(pk=event.object_id).first()
    if found is None:
        return None
    minutes = minutes_of(found, delivery.person)
    words = {"title": found.title, "count": minutes.decided}
    context = {
        "minutes": minutes,
        "round": found,
        "read_url": absolute(found.get_absolute_url()),
        "why": _("You get this mail because you took part in this round."),
    }
    subject = _("Minutes of the round: %(title)s, %(count)d decided") % words
    marks = {"Message-ID": delivery.message_id, "List-Id": f"Tandem <rounds.{host()}>"}
    return compose(delivery.person, subject, "minutes", context, marks)
