"""Mail about exchanges, with the file that puts them into a calendar, moves them there or takes them out.

Whom a change concerns stands in its event (``told``); what they read is what holds when it is sent.
"""

from collections.abc import Iterable, Sequence
from email.mime.text import MIMEText
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from activity import clock
from activity.models import Event, Origin
from knowhow.exchanges.calendars import Entry, entries_for, invitation, method_of
from knowhow.exchanges.models import Exchange, ExchangeProposal, SignUp, Standing
from notifications.choosing.kinds import ByMail, Kind
from notifications.choosing.resolve import choices_of
from notifications.less_link import less_url
from notifications.mail import absolute, compose, host, one_click
from notifications.models import Delivery
from notifications.news import of_exchange, one_line, reason
from notifications.words import ABOUT_EXCHANGES, PORTAL, PROPOSED, WOULD_YOU_HOST
from teams.models import Person

# What these tell holds only for who comes, or hosts it, when it is sent.
FOR_THOSE_WHO_COME = frozenset(
    {"exchange.signed_up", "exchange.filled", "exchange.reminded", "exchange.feedback_asked"}
)
# These change nothing in a calendar.
WITHOUT_FILE = frozenset({"exchange.reminded", "exchange.feedback_asked"})


def to_be_sent(events: Iterable[Event]) -> list[tuple[Event, Person]]:
    """Each event about an exchange with each active person whom it concerns. One query, or none."""
    about = [event for event in events if event.kind in ABOUT_EXCHANGES and event.origin != Origin.DEMO]
    wanted = {pk for event in about for pk in _told(event)}
    people = Person.objects.filter(is_active=True).in_bulk(list(wanted)) if wanted else {}
    return [(event, people[pk]) for event in about for pk in _told(event) if pk in people]


def _told(event: Event) -> Sequence[int]:
    told: Sequence[int] = event.data.get("told", ())
    return told


def about_exchange(delivery: Delivery, event: Event) -> EmailMultiAlternatives | None:
    """The mail of ``delivery`` in the active language; None where it no longer holds or is not wanted."""
    if _is_unwanted(event, delivery.person):
        return None
    if event.kind in PROPOSED:
        return _about_proposal(delivery, event)
    entries = _entries(event, delivery.person)
    if not entries or not _still_holds(event, entries, delivery.person):
        return None
    first = entries[0].exchange
    subject, sentence = of_exchange(event, first.host_id, delivery.person_id)
    words = {"title": one_line(first.title), "who": str(event.actor or PORTAL)}
    context = {
        "sentence": str(sentence) % words,
        "exchanges": [entry.exchange for entry in entries],
        "exchange": first,
        "quote": reason(event.data),
        "read_url": absolute(first.get_absolute_url()),
        "why": _("You get this mail because you host this exchange, signed up for it or wished for it."),
        "less_url": _off(delivery),
    }
    mail = compose(delivery.person, str(subject) % words, "exchange", context, _marks(delivery, first))
    _attach(mail, event, entries, delivery.person)
    return mail


def _entries(event: Event, person: Person) -> list[Entry]:
    """The exchanges that the event tells ``person`` of: of a series only those that concern them."""
    pks = event.data.get("exchanges", [event.object_id])
    rows = (
        Exchange.objects.visible_to(person)
        .filter(pk__in=pks)
        .select_related("host")
        .order_by("starts_at", "pk")
    )
    found = entries_for(rows, person)
    if event.kind in ("exchange.moved", "exchange.cancelled"):
        concerned = set(_own(person, pks))
        return [one for one in found if one.exchange.host_id == person.pk or one.exchange.pk in concerned]
    return found


def _own(person: Person, pks: Sequence[int]) -> list[int]:
    mine = SignUp.objects.filter(person=person, exchange__in=pks).exclude(standing=Standing.LEFT)
    return list(mine.values_list("exchange", flat=True))


def _still_holds(event: Event, entries: Sequence[Entry], person: Person) -> bool:
    comes = entries[0].comes
    if event.kind == "exchange.cancelled":
        return True
    if entries[0].exchange.is_cancelled:
        return False
    if event.kind == "exchange.signed_off" and not _moved_up(event, person):
        return not comes
    return comes or (event.kind not in FOR_THOSE_WHO_COME and not _moved_up(event, person))


def _moved_up(event: Event, person: Person) -> bool:
    return person.pk in event.data.get("moved_up", ())


def _attach(mail: EmailMultiAlternatives, event: Event, entries: Sequence[Entry], person: Person) -> None:
    """One file for each exchange, as an invitation is of one; none for who only waits or wished."""
    if event.kind in WITHOUT_FILE:
        return
    own = [one for one in entries if one.comes or (event.kind == "exchange.signed_off" and not one.comes)]
    for entry in own:
        part = MIMEText(invitation(entry, clock.now()).decode(), "calendar", "utf-8")
        part.set_param("method", method_of(entry).value)
        part.add_header("Content-Disposition", "attachment", filename=f"exchange-{entry.exchange.pk}.ics")
        mail.attach(part)


def _about_proposal(delivery: Delivery, event: Event) -> EmailMultiAlternatives | None:
    """The question whether somebody would host it; None where it is closed."""
    proposal = ExchangeProposal.objects.filter(pk=event.object_id, closed_at=None).first()
    if proposal is None:
        return None
    subject, sentence = WOULD_YOU_HOST
    context: dict[str, Any] = {
        "sentence": str(sentence),
        "proposal": proposal,
        "read_url": absolute(proposal.get_absolute_url()),
        "why": _("You get this mail because you hosted or attended an exchange about this topic."),
        "less_url": _off(delivery),
    }
    words = {"title": one_line(proposal.title)}
    marks = {"Message-ID": delivery.message_id, "List-Id": f"Tandem <exchanges.{host()}>"}
    marks |= one_click(_off(delivery))
    return compose(delivery.person, str(subject) % words, "exchange_wished", context, marks)


def _marks(delivery: Delivery, exchange: Exchange) -> dict[str, str]:
    root = f"<exchange.{exchange.pk}@{host()}>"
    return {
        "Message-ID": delivery.message_id,
        "In-Reply-To": root,
        "References": root,
        "List-Id": f"Tandem <exchanges.{host()}>",
        **one_click(_off(delivery)),
    }


def _off(delivery: Delivery) -> str:
    return less_url(delivery.person_id, [Kind.KNOW_HOW])


def _is_unwanted(event: Event, person: Person) -> bool:
    """Whether ``person`` wants mail about know-how in the digest only, and this one changes no calendar."""
    if event.kind not in WITHOUT_FILE | PROPOSED:
        return False
    return choices_of([person])(person.pk, Kind.KNOW_HOW).mail == ByMail.DIGEST
