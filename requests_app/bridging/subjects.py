"""Which skills requests are about: by the words of their texts and labels."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from knowhow.models import PersonSkill, Skill
from knowhow.skills.reading import MASTERS, finder
from knowhow.skills.words import Finder
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.querysets import RequestQuerySet
from teams.models import Person

TEXTS = ("title", "customer_need", "outcome", "wished_tool")
# Of a portal with more, what is coming and what was done is read from the newest.
NEWEST = 1_000
# Of one person, no page needs more to tell what they have done.
NEWEST_OF_ONE = 200


@dataclass(frozen=True)
class Subject:
    """The skills that a request is about, each with the word of its texts that says so."""

    skills: dict[int, Skill]
    words: dict[int, str]

    @property
    def said(self) -> list[tuple[Skill, str]]:
        """Each skill with its word."""
        return [(skill, self.words[pk]) for pk, skill in self.skills.items()]

    @property
    def sides(self) -> dict[int, str]:
        return {pk: skill.side for pk, skill in self.skills.items()}


def subject_of(request: Request) -> Subject:
    """What ``request``, which the reader may see, is about. Three queries."""
    labels = request.labels.values_list("name", flat=True)
    words = finder().skills_in(" \n ".join([*(getattr(request, name) for name in TEXTS), *labels]))
    skills = Skill.objects.select_related("group").in_bulk(words)
    return Subject({pk: skills[pk] for pk in words if pk in skills}, words)


def skills_in(find: Finder, texts: Iterable[str]) -> set[int]:
    """The ids of the skills that ``texts`` are about."""
    return set(find.skills_in(" \n ".join(texts)))


def needed() -> dict[tuple[int, int], int]:
    """How many of the newest open requests of a team, either side of them, are about a skill.

    By (team, skill); of what everybody may see, so that no number tells of a restricted request.
    """
    find = finder()
    rows = Request.objects.for_everyone().open().order_by("-number")
    counts: Counter[tuple[int, int]] = Counter()
    for requesting, serving, *texts in rows.values_list("requesting_team", "serving_team", *TEXTS)[:NEWEST]:
        about = skills_in(find, texts)
        counts.update((team, skill) for team in {requesting, serving} - {None} for skill in about)
    return dict(counts)


def coming() -> dict[int, int]:
    """How many of the newest open requests, that everybody may see, are about each skill."""
    find = finder()
    rows = Request.objects.for_everyone().open().order_by("-number").values_list(*TEXTS)[:NEWEST]
    return dict(Counter(skill for texts in rows for skill in skills_in(find, texts)))


def masters(skills: Iterable[int]) -> dict[int, int]:
    """How many active people do each of ``skills`` on their own; those who show it to all."""
    rows = PersonSkill.objects.shown_to_all().filter(skill__in=list(skills), level__gte=MASTERS)
    return dict(Counter(rows.values_list("skill", flat=True)))


def done_with(person_id: int) -> dict[int, list[int]]:
    """The numbers of the delivered requests that the person owned, by the skills that they are about.

    Of what everybody may see: whoever reads it finds the same.
    """
    find = finder()
    found: dict[int, list[int]] = defaultdict(list)
    for number, *texts in owned(person_id).values_list("number", *TEXTS)[:NEWEST_OF_ONE]:
        for skill in skills_in(find, texts):
            found[skill].append(number)
    return dict(found)


def worked_on(person: Person, reader: Person) -> RequestQuerySet:
    """The open requests that ``reader`` sees and in which ``person`` holds a seat, the last changed first."""
    seats = Q(marketing_owner=person) | Q(it_owner=person)
    return Request.objects.visible_to(reader).open().filter(seats).order_by("-updated_at", "-number")


def owned(person_id: int) -> RequestQuerySet:
    """The delivered requests, the newest first, in which the person held one of the two seats."""
    seats = Request.objects.filter(marketing_owner=person_id) | Request.objects.filter(it_owner=person_id)
    return seats.for_everyone().filter(status=Status.DONE).order_by("-number")
