"""People at home on both sides, and those who could be, with what would help them on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from knowhow.bridges.mentoring import free_mentors, mentors_for
from knowhow.bridges.potentials import Held, Potential, is_bridge, potential
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
    """What somebody could do next for a skill: a mentor to ask, a request to join; either may be missing."""

    skill: Skill
    mentor: Person | None
    request: Request | None


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
    return next(iter(_potentials([person])), None)


def open_people() -> list[Person]:
    """Those who agreed that leads see how they stand between the sides, by name."""
    agreed = Openness.objects.filter(person=OuterRef("pk"), bridge=True)
    return list(Person.objects.filter(Exists(agreed), is_active=True).order_by("sort_key", "pk")[:MOST_SHOWN])


def bridges_and_potentials() -> tuple[list[Person], list[Growing]]:
    """Of those who agreed: who is strong on both sides, and who could be, with next steps; both by name.

    For leads.
    """
    people = open_people()
    rows = _rows(people)
    bridges = [person for person in people if is_bridge(held_by(rows.get(person.pk, [])))]
    return bridges, _potentials(people, rows)


def _potentials(people: list[Person], rows: Rows | None = None) -> list[Growing]:
    rows = _rows(people) if rows is None else rows
    found = {person: potential(held_by(rows.get(person.pk, []))) for person in people}
    wanted = {skill for one in found.values() if one for skill in one.wanted}
    if not wanted:
        return []
    mentors, requests = free_mentors(wanted), _to_join(wanted)
    return [_growing(person, rows[person.pk], one, mentors, requests) for person, one in found.items() if one]


def _growing(
    person: Person,
    rows: list[PersonSkill],
    found: Potential,
    mentors: dict[int, list[PersonSkill]],
    requests: dict[int, list[Request]],
) -> Growing:
    own = {row.skill_id: row for row in rows}
    strong, wanted = ([own[pk].skill for pk in ids] for ids in (found.strong, found.wanted))
    steps = (_step(person, own[pk], mentors.get(pk, []), requests.get(pk, [])) for pk in found.wanted)
    step = next((step for step in steps if step.mentor or step.request), None)
    return Growing(person, found.side, tuple(strong), tuple(wanted), step)


def _step(person: Person, wish: PersonSkill, free: list[PersonSkill], requests: list[Request]) -> NextStep:
    mentors = mentors_for(wish, person, free)
    foreign = (one for one in requests if person.pk not in (one.requester_id, *_seats(one)))
    return NextStep(wish.skill, mentors[0].person if mentors else None, next(foreign, None))


def _seats(request: Request) -> tuple[int | None, int | None]:
    return request.marketing_owner_id, request.it_owner_id


def _to_join(skills: set[int]) -> dict[int, list[Request]]:
    """The newest open requests about each of ``skills``, of those that everybody may see."""
    find, found = finder(), defaultdict(list)
    rows = Request.objects.for_everyone().filter(status__in=OPEN_TO_JOIN).order_by("-number")
    for request in rows.only(*TEXTS, "status", "requester", "marketing_owner", "it_owner")[:NEWEST]:
        for skill in skills & skills_in(find, [getattr(request, name) for name in TEXTS]):
            found[skill].append(request)
    return found


def _rows(people: list[Person]) -> Rows:
    found: Rows = {}
    rows = PersonSkill.objects.counted().filter(person__in=people).select_related("skill__group")
    for row in rows.order_by("-level", "skill__name_en", "pk"):
        found.setdefault(row.person_id, []).append(row)
    return found
