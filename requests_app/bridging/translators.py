"""Who could translate for one request, and asking them in."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from knowhow.bridges.translating import Knower, Translator, translators
from knowhow.models import PersonSkill, Skill
from requests_app.bridging.subjects import Subject, subject_of
from requests_app.models import Request
from teams.models import Membership, Person, Side

# People who know something of the subject; a portal of 50,000 has more than one needs to look at.
MOST_LOOKED_AT = 500


@dataclass(frozen=True)
class Named:
    """Somebody who could translate, with the skills that speak for them."""

    person: Person
    skills: tuple[Skill, ...]
    homes: tuple[str, ...]
    is_in: bool


def who_could_translate(request: Request, reader: Person) -> tuple[Subject, list[Named]]:
    """What ``request``, which ``reader`` may see, is about, and up to three people who know both sides of it.

    Only those who may see the request themselves, and as far as ``reader`` may know what they can.
    """
    subject = subject_of(request)
    knowers = _knowers(subject, reader)
    people = Person.objects.in_bulk([knower.person for knower in knowers])
    seen = Request.objects.filter(pk=request.pk).seen_by_each(people.values())
    fitting = [knower for knower in knowers if (knower.person, request.pk) in seen]
    chosen = translators(subject.sides, fitting)
    inside = {request.requester_id, request.marketing_owner_id, request.it_owner_id}
    return subject, [_named(one, people, subject, inside) for one in chosen]


def _named(one: Translator, people: dict[int, Person], subject: Subject, inside: set[int | None]) -> Named:
    skills = tuple(subject.skills[pk] for pk in one.knows)
    return Named(people[one.person], skills, one.homes, one.person in inside)


def _knowers(subject: Subject, reader: Person) -> list[Knower]:
    rows = PersonSkill.objects.visible_to(reader).filter(skill__in=list(subject.skills), level__gte=2)
    found = rows.exclude(person=reader).order_by("-level", "person").select_related("person")
    levels: dict[int, dict[int, int]] = {}
    people: dict[int, Person] = {}
    for row in found[:MOST_LOOKED_AT]:
        people[row.person_id] = row.person
        levels.setdefault(row.person_id, {})[row.skill_id] = row.level
    sides = _sides(list(people))
    return [
        Knower(pk, person.name, frozenset(sides.get(pk, ())), levels[pk]) for pk, person in people.items()
    ]


def _sides(people: list[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = Membership.objects.filter(person__in=people, team__side__in=[Side.MARKETING, Side.IT])
    for person, side in rows.values_list("person", "team__side"):
        found.setdefault(person, set()).add(side)
    return found


def invitation_words(named: Named, asker: Person) -> str:
    """What *ask them in* suggests to write, in the language of who is asked."""
    with override(named.person.language or asker.language or None):
        if not named.skills:
            return _("could you translate between both sides here?")
        skills = ", ".join(str(skill) for skill in named.skills)
        return _("could you translate between both sides here? You know %(skills)s.") % {"skills": skills}
