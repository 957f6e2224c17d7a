"""From whom somebody could learn what they want to, and what to do where nobody can teach it now."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from knowhow.bridges.mentoring import MOST_LOOKED_AT, OFFERED, free_mentors, mentors_for
from knowhow.models import Mentoring, PersonSkill
from knowhow.skills.reading import MASTERS, own_skills
from teams.models import Person

# So many are named who know it well but do not say that they pass it on.
NAMED = 3


@dataclass(frozen=True)
class Way:
    """How to come by a skill: ``mentors`` could be asked, ``paired`` have been brought together with one.

    ``is_taught``: whether anybody says that they pass it on; ``masters``: who does it on their own.
    """

    wish: PersonSkill
    mentors: list[PersonSkill]
    paired: list[Mentoring]
    is_taught: bool
    masters: list[PersonSkill]


def ways(learner: Person, pairs: Iterable[Mentoring]) -> list[Way]:
    """The way to each skill that ``learner`` wants; ``pairs`` are theirs that run or wait. Four queries."""
    wishes = [row for row in own_skills(learner, learner) if row.wants]
    free = free_mentors([row.skill_id for row in wishes])
    asked = set(Mentoring.objects.filter(learner=learner).values_list("mentor", "skill"))
    known = _knowing([row.skill_id for row in wishes], learner)
    found = []
    for wish in wishes:
        offered = mentors_for(wish, learner, free.get(wish.skill_id, []))
        knowing = known.get(wish.skill_id, [])
        found.append(
            Way(
                wish=wish,
                mentors=[row for row in offered if (row.person_id, row.skill_id) not in asked][:OFFERED],
                paired=[
                    pair for pair in pairs if pair.skill_id == wish.skill_id and pair.learner_id == learner.pk
                ],
                is_taught=any(row.teaches and row.level > wish.level for row in knowing),
                masters=[row for row in knowing if row.level >= MASTERS][:NAMED],
            )
        )
    return found


def _knowing(skills: Collection[int], learner: Person) -> dict[int, list[PersonSkill]]:
    """Who teaches each of ``skills`` or does it on their own, and shows it to all; by name."""
    rows = PersonSkill.objects.shown_to_all().filter(
        Q(teaches=True) | Q(level__gte=MASTERS), skill__in=skills
    )
    ordered = rows.exclude(person=learner).select_related("person").order_by("person__sort_key", "pk")
    found: dict[int, list[PersonSkill]] = {}
    for row in ordered[:MOST_LOOKED_AT]:
        found.setdefault(row.skill_id, []).append(row)
    return found
