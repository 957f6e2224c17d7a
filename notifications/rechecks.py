"""What is looked at again before anything is told: may they see it, do they want it, does the reason hold?"""

from collections.abc import Iterable, Mapping, Sequence, Set

from notifications import audience, taken_back
from notifications.audience import Why
from notifications.choosing.attention import hushed, is_unwanted
from notifications.choosing.kinds import ByMail, is_mentioned, kind_of
from notifications.choosing.resolve import Choices, choices_of
from notifications.concerned import leads_of
from notifications.models import Channel, Delivery
from notifications.sight import pairs_seen
from notifications.things import REQUEST, Place, places, seen_among
from requests_app.models import Request
from teams.models import Membership, Role, Side


def still_told(rows: Sequence[Delivery], channel: Channel) -> dict[Delivery, Place]:
    """Those of ``rows`` that may still be told by ``channel``, with what each is about.

    Their event is not undone, their person active, sees it, has not muted it or chosen otherwise, and is
    what they were told as. The queries do not depend on the number of rows; people must be as they are now.
    """
    events = {row.event for row in rows if row.event is not None}
    undone, where = taken_back.undone_among(events), places(events)
    about = {
        row: where[row.event.pk]
        for row in rows
        if row.event is not None and row.event.pk in where and row.event.pk not in undone
    }
    about = _seen(about)
    about = _wanted(about, channel)
    return _for_a_reason(about)


def _seen(about: Mapping[Delivery, Place]) -> dict[Delivery, Place]:
    asked = {(row.person, place) for row, place in about.items()}
    numbers = pairs_seen((person, place.pk) for person, place in asked if place.kind == REQUEST)
    seen = {(person, Place(REQUEST, number)) for person, number in numbers}
    seen |= seen_among((person, place) for person, place in asked if place.kind != REQUEST)
    return {row: place for row, place in about.items() if (row.person_id, place) in seen}


def _wanted(about: Mapping[Delivery, Place], channel: Channel) -> dict[Delivery, Place]:
    choices = choices_of({row.person for row in about})
    levels = hushed((row.person_id, place.pk) for row, place in about.items() if place.kind == REQUEST)

    def wants(row: Delivery, place: Place) -> bool:
        if row.event is None or not _is_chosen(row, channel, choices):
            return False
        level = levels.get((row.person_id, place.pk)) if place.kind == REQUEST else None
        return not is_unwanted(level, is_mentioned=is_mentioned(row.event, row.person_id))

    return {row: place for row, place in about.items() if wants(row, place)}


def _is_chosen(row: Delivery, channel: Channel, choices: Choices) -> bool:
    if row.event is None or row.event.kind == audience.UNDONE:
        # Who had been told of a step hears that it was taken back, whatever they chose since.
        return True
    choice = choices(row.person_id, kind_of(row.event, row.person_id))
    return choice.inbox if channel == Channel.INBOX else choice.mail != ByMail.DIGEST


def _for_a_reason(about: Mapping[Delivery, Place]) -> dict[Delivery, Place]:
    """Without those who were told as leads of a team and lead it no longer."""
    as_leads = {row: place for row, place in about.items() if row.why == Why.LEADING}
    if not as_leads:
        return dict(about)
    holds = _leading(as_leads)
    return {row: place for row, place in about.items() if row not in as_leads or row in holds}


def _leading(as_leads: Mapping[Delivery, Place]) -> Set[Delivery]:
    others = leads_of({place for place in as_leads.values() if place.kind != REQUEST})
    numbers = {place.pk for place in as_leads.values() if place.kind == REQUEST}
    teams = {number: set(both) for number, *both in _teams(numbers)} if numbers else {}
    led = _led({row.person_id for row in as_leads})

    def leads(row: Delivery, place: Place) -> bool:
        if place.kind != REQUEST:
            return row.person_id in others.get(place, ())
        own, its = led.get(row.person_id, {}), teams.get(place.pk, set())
        return bool(own.keys() & its) or (None in its and Side.IT in own.values())

    return {row for row, place in as_leads.items() if leads(row, place)}


def _teams(numbers: Iterable[int]) -> Iterable[tuple[int, int | None, int | None]]:
    return Request.objects.filter(number__in=numbers).values_list("number", "requesting_team", "serving_team")


def _led(people: Iterable[int]) -> dict[int, dict[int, str]]:
    """The teams that each leads, with their sides."""
    found: dict[int, dict[int, str]] = {}
    rows = Membership.objects.filter(person__in=people, role=Role.LEAD)
    for person, team, side in rows.values_list("person", "team", "team__side"):
        found.setdefault(person, {})[team] = side
    return found
