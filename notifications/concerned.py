"""Who is told of what happens to goals, briefs, exchanges, mentorings; ``audience`` says it of requests."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from activity.models import Event
from knowhow.models import Mentoring
from notifications.things import Place, places, seen_among
from notifications.words import ABOUT_EXCHANGES
from teams.models import BriefQuestion, Membership, Person, Role

Told = tuple[Event, Person]
# The people concerned (ids), by the event's id.
Concerned = dict[int, set[int]]

# What the portal reminds leads of, so that nothing is forgotten.
ASKED, ANSWERED, REVIEW_ASKED = "brief.asked", "brief.answered", "brief.review_asked"
REMINDING = frozenset({REVIEW_ASKED, "solution.left_to_few"})
FOR_LEADS = REMINDING | {ASKED, "goal.health_said", "goal.closed"}
MENTORING = frozenset({"mentoring.proposed", "mentoring.answered", "mentoring.ended"})


def told_of_things(events: Sequence[Event]) -> list[Told]:
    """Each event with each active person whom it concerns and who may see what it is about; never the actor.

    The queries do not depend on the number of events.
    """
    about = {event.pk: event for event in events if event.kind in TOLD_OF}
    concerned = _concerned(list(about.values()))
    where = places(about.values())
    people = Person.objects.filter(is_active=True).in_bulk(list(set().union(*concerned.values())))
    told = [
        (about[pk], people[person])
        for pk, persons in concerned.items()
        for person in sorted(persons - {about[pk].actor_id})
        if person in people and pk in where
    ]
    seen = seen_among((person, where[event.pk]) for event, person in told)
    return [(event, person) for event, person in told if (person.pk, where[event.pk]) in seen]


def _concerned(events: Sequence[Event]) -> Concerned:
    found: Concerned = {}
    for kinds, asked in _BY_KIND.items():
        these = [event for event in events if event.kind in kinds]
        if these:
            found |= asked(these)
    return found


def _leads(events: Sequence[Event]) -> Concerned:
    """The leads of the teams that answer for the goal, team or solution."""
    where = places(events)
    leads = leads_of(set(where.values()))
    return {event.pk: leads.get(where[event.pk], set()) for event in events if event.pk in where}


def leads_of(wanted: Iterable[Place]) -> dict[Place, set[int]]:
    """The leads of the teams that answer for each goal, team or solution. One query a kind."""
    asked = set(wanted)
    found: dict[Place, set[int]] = {place: set() for place in asked}
    for kind, path in _ANSWERING.items():
        pks = [place.pk for place in asked if place.kind == kind]
        rows = Membership.objects.filter(role=Role.LEAD, **{f"{path}__in": pks})
        for pk, person in rows.values_list(path, "person") if pks else ():
            found[Place(kind, pk)].add(person)
    return found


def _askers(events: Sequence[Event]) -> Concerned:
    asked = {event.pk: event.data.get("question") for event in events}
    askers = dict(BriefQuestion.objects.filter(pk__in=asked.values()).values_list("pk", "asker"))
    return {pk: {askers[question]} for pk, question in asked.items() if question in askers}


def _the_two(events: Sequence[Event]) -> Concerned:
    rows = Mentoring.objects.filter(pk__in={event.object_id for event in events})
    two = {pk: {mentor, learner} for pk, mentor, learner in rows.values_list("pk", "mentor", "learner")}
    return {event.pk: two.get(event.object_id, set()) for event in events}


def _named(events: Sequence[Event]) -> Concerned:
    """Whom the event itself names."""
    return {event.pk: set(event.data.get("told", ())) for event in events}


# The way from a membership to what its team answers for.
_ANSWERING = {"goal": "team__goals", "team": "team", "solution": "team__solutions"}
_BY_KIND: Mapping[frozenset[str], Callable[[Sequence[Event]], Concerned]] = {
    FOR_LEADS: _leads,
    frozenset({ANSWERED}): _askers,
    MENTORING: _the_two,
    ABOUT_EXCHANGES: _named,
}
TOLD_OF = frozenset().union(*_BY_KIND)
