"""People at home on both sides, and those who could be, with what would help them on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from activity import clock
from knowhow.bridges.mentoring import free_mentors, mentors_for
from knowhow.bridges.potentials import Held, Potential, is_bridge, potential
from knowhow.exchanges.models import Exchange
from knowhow.models import Openness, PersonSkill, Skill
from knowhow.skills.reading import finder
from requests_app.bridging.subjects import NEWEST, TEXTS, skills_in
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Person

# How many people with consent are looked at; the list is by name, and a page is no search.
MOST_SHOWN = 60
Rows = dict[int, list[PersonSkill]]
OPEN_TO_JOIN = (Status.SUBMITTED, Status.SHAPING, Status.READY, Status.IN_PROGRESS)


@dataclass(frozen=True)
class NextStep:
    """What somebody could do next for a skill: a mentor, an exchange, a request; each may be missing."""

    skill: Skill
    mentor: Person | None
    exchange: Exchange | None
    request: Request | None


@dataclass(frozen=True)
class Help:
    """What there is for each wanted skill, by its id."""

    mentors: dict[int, list[PersonSkill]]
    exchanges: dict[int, list[Exchange]]
    requests: dict[int, list[Request]]


@dataclass(frozen=True)
class Growing:
    """Somebody strong on one side who wants the other."""

    person: Person
    side: str
    strong: tuple[Skill, ...]
    wanted: tuple[Skill, ...]
    step: NextStep | None = None


def held_by(rows: Iterable[PersonSkill]) -> tuple[Held, ...]:
    return tuple(Held(row.skill_id, row.skill.side, row.level, row.wants) for row in rows)


def own_potential(person: Person) -> Growing | None:
    """What ``person`` could become, with a next step; for themselves."""
    return next(iter(_potentials([person], _rows([person], person))), None)


def open_people() -> list[Person]:
    """Those who agreed that leads see how they stand between the sides, by name."""
    agreed = Openness.objects.filter(person=OuterRef("pk"), bridge=True)
    return list(Person.objects.filter(Exists(agreed), is_active=True).order_by("sort_key", "pk")[:MOST_SHOWN])


def bridges_and_potentials(reader: Person) -> tuple[list[Person], list[Growing]]:
    """Of those who agreed: who is strong on both sides, and who could be, with next steps; both by name.

    For leads, by the skills that ``reader`` may know of: who agreed may still show these to nobody.
    """
    people = open_people()
    rows = _rows(people, reader)
    bridges = [person for person in people if is_bridge(held_by(rows.get(person.pk, [])))]
    return bridges, _potentials(people, rows)


def _potentials(people: list[Person], rows: Rows) -> list[Growing]:
    found = {person: potential(held_by(rows.get(person.pk, []))) for person in people}
    wanted = {skill for one in found.values() if one for skill in one.wanted}
    if not wanted:
        return []
    help_for = Help(free_mentors(wanted), _coming(wanted), _to_join(wanted))
    return [_growing(person, rows[person.pk], one, help_for) for person, one in found.items() if one]


def _growing(person: Person, rows: list[PersonSkill], found: Potential, help_for: Help) -> Growing:
    own = {row.skill_id: row for row in rows}
    strong, wanted = ([own[pk].skill for pk in ids] for ids in (found.strong, found.wanted))
    steps = (_step(person, own[pk], help_for) for pk in found.wanted)
    step = next((step for step in steps if step.mentor or step.exchange or step.request), None)
    return Growing(person, found.side, tuple(strong), tuple(wanted), step)


def _step(person: Person, wish: PersonSkill, help_for: Help) -> NextStep:
    skill = wish.skill_id
    mentors = mentors_for(wish, person, help_for.mentors.get(skill, []))
    others = (one for one in help_for.exchanges.get(skill, []) if one.host_id != person.pk)
    requests = help_for.requests.get(skill, [])
    foreign = (one for one in requests if person.pk not in (one.requester_id, *_seats(one)))
    mentor = mentors[0].person if mentors else None
    return NextStep(wish.skill, mentor, next(others, None), next(foreign, None))


def _seats(request: Request) -> tuple[int | None, int | None]:
    return request.marketing_owner_id, request.it_owner_id


def _coming(skills: set[int]) -> dict[int, list[Exchange]]:
    """The next exchanges about each of ``skills``, the soonest first."""
    find, found = finder(), defaultdict(list)
    rows = Exchange.objects.planned().filter(starts_at__gt=clock.now()).order_by("starts_at", "pk")
    for exchange in rows.only("title", "topic", "ability", "host", "starts_at")[:NEWEST]:
        for skill in skills & skills_in(find, [exchange.title, exchange.topic, exchange.ability]):
            found[skill].append(exchange)
    return found


def _to_join(skills: set[int]) -> dict[int, list[Request]]:
    """The newest open requests about each of ``skills``, of those that everybody may see."""
    find, found = finder(), defaultdict(list)
    rows = Request.objects.for_everyone().filter(status__in=OPEN_TO_JOIN).order_by("-number")
    for request in rows.only(*TEXTS, "status", "requester", "marketing_owner", "it_owner")[:NEWEST]:
        for skill in skills & skills_in(find, [getattr(request, name) for name in TEXTS]):
            found[skill].append(request)
    return found


def _rows(people: list[Person], reader: Person) -> Rows:
    found: Rows = {}
    seen = PersonSkill.objects.visible_to(reader).counted()
    rows = seen.filter(person__in=people).select_related("skill__group")
    for row in rows.order_by("-level", "skill__name_en", "pk"):
        found.setdefault(row.person_id, []).append(row)
    return found
