"""What pages show of the directory and of what people can, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, TextChoices, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from knowhow.models import PersonSkill, Skill, SkillGroup, SkillWord
from knowhow.skills.models import in_own_language
from knowhow.skills.words import Finder, plain
from teams.models import Person, Side, Team
from teams.words import by_letters, letters

# From this level on somebody does it on their own.
MASTERS = 3
OFFERED = 20
IN_DIRECTORY = (Skill.State.LISTED, Skill.State.PROPOSED)
# How many skills a person is shown with in lists.
SHOWN_IN_LIST = 5


def own_skills(person: Person, reader: Person) -> list[PersonSkill]:
    """What ``reader`` may see of what ``person`` can, the highest levels first."""
    rows = PersonSkill.objects.visible_to(reader).counted().filter(person=person)
    return sorted(rows.select_related("skill__group"), key=lambda row: (-row.level, by_name(row.skill)))


def shows_skills(person: Person, reader: Person) -> bool:
    """Whether ``reader`` may know what ``person`` can. At most one query, none about oneself."""
    return person == reader or PersonSkill.objects.visible_to(reader).filter(person=person).exists()


def skills_shown(reader: Person) -> "Prefetch[str, QuerySet[PersonSkill], str]":
    """The skills of people in a list, as ``shown_skills``, as far as ``reader`` may see them."""
    rows = PersonSkill.objects.visible_to(reader).counted().select_related("skill")
    ordered = rows.order_by("-level", "skill__name_en")
    return Prefetch("skills", ordered, to_attr="shown_skills")


def having(reader: Person, skill: Skill) -> Exists:
    """The condition on people that they have ``skill``, and ``reader`` may know it."""
    rows = PersonSkill.objects.visible_to(reader).filter(skill=skill, person=OuterRef("pk"))
    return Exists(rows.filter(Q(level__gte=1) | Q(wants=True)))


def knowing(skill: Skill, reader: Person) -> "QuerySet[PersonSkill]":
    """Who can ``skill`` or wants it, as far as ``reader`` may know: who masters it first, each by name."""
    rows = PersonSkill.objects.visible_to(reader).filter(skill=skill, person__is_active=True)
    found = rows.filter(Q(level__gte=1) | Q(wants=True)).select_related("person")
    masters = Case(When(level__gte=MASTERS, then=0), default=1)
    return found.order_by(masters, "person__sort_key", "person")


def skill_meant(words: str) -> Skill | None:
    """The skill of the directory that is called ``words``, by name or synonym; None for no words or none."""
    found = SkillWord.objects.filter(text=plain(words.replace("\0", ""))[:200], skill__state__in=IN_DIRECTORY)
    row = found.select_related("skill").first() if words.strip() else None
    return row.skill if row else None


def skills_offered(words: str) -> list[str]:
    """The names of the first skills that ``words`` begin, or stand in, in the reader's language."""
    asked = plain(words.replace("\0", ""))[:80]
    means = SkillWord.objects.filter(skill=OuterRef("pk"), text__contains=asked)
    rows = Skill.objects.filter(state__in=IN_DIRECTORY)
    found = rows.filter(Exists(means)) if asked else rows
    begins = SkillWord.objects.filter(skill=OuterRef("pk"), text__startswith=asked)
    ordered = found.annotate(begins=Exists(begins)).order_by("-begins", by_own_name(), "pk")
    return [str(skill) for skill in ordered[:OFFERED]]


def by_name(skill: Skill) -> str:
    """By what skills are ordered, in the reader's language."""
    return letters(str(skill))


def by_own_name() -> Lower:
    """The same, where the database orders them."""
    return by_letters(in_own_language("name_de", "name_en"))


Shelves = list[tuple[SkillGroup, list[Skill]]]


def directory() -> Shelves:
    """Each group with its skills, by name in the reader's language. Two queries, whoever has them."""
    groups = {group.pk: group for group in SkillGroup.objects.all()}
    found: dict[int, list[Skill]] = {pk: [] for pk in groups}
    for skill in Skill.objects.filter(state=Skill.State.LISTED).order_by("name_en", "pk"):
        found[skill.group_id or 0].append(skill)
    return [(groups[pk], sorted(skills, key=by_name)) for pk, skills in found.items()]


def counted_directory(reader: Person) -> Shelves:
    """As ``directory``, with how many people can and want each, as far as ``reader`` knows.

    Goes over the skills of all people: 24 ms of 5,000, so a page asks for it only when it comes into sight.
    """
    mine = PersonSkill.objects.visible_to(reader)
    count: dict[int, tuple[int, int]] = {
        skill: (can, want)
        for skill, can, want in mine.values_list("skill").annotate(
            can=Count("pk", filter=Q(level__gte=1)), want=Count("pk", filter=Q(wants=True))
        )
    }
    shelves = directory()
    for _group, skills in shelves:
        for skill in skills:
            skill.can, skill.want = count.get(skill.pk, (0, 0))  # type: ignore[attr-defined]
    return shelves


def finder() -> Finder:
    """A finder for the skills of the directory. One query."""
    words = SkillWord.objects.filter(skill__state__in=IN_DIRECTORY).order_by("pk")
    return Finder(words.values_list("text", "skill"))


@dataclass(frozen=True)
class Cell:
    """A team and a skill: how many do it on their own, how many know or want it, the best level."""

    masters: int = 0
    know: int = 0
    want: int = 0
    best: int = 0
    needed: int = 0

    @property
    def is_gap(self) -> bool:
        """Whether open requests of the team need it, and nobody in it does it on their own."""
        return self.needed > 0 and self.masters == 0

    @property
    def is_thin(self) -> bool:
        """Whether open requests need it, and only one person does it on their own."""
        return self.needed > 0 and self.masters == 1


Key = tuple[int, int]


@dataclass(frozen=True)
class HeatRow:
    team: Team
    cells: tuple[Cell, ...]

    @property
    def gaps(self) -> int:
        return sum(cell.is_gap for cell in self.cells)


@dataclass(frozen=True)
class HeatMap:
    """Teams down, skills across."""

    skills: tuple[Skill, ...]
    rows: tuple[HeatRow, ...]


def heat_map(
    teams: Iterable[Team],
    skills: Collection[Skill],
    held: Iterable[tuple[int, int, int, bool]],
    needed: Mapping[Key, int],
) -> HeatMap:
    """How well teams are off; pure.

    ``held`` are (team, skill, level, wants) of each member, ``needed`` how many open requests of a team are
    about a skill.
    """
    levels: dict[Key, list[tuple[int, bool]]] = defaultdict(list)
    for team, skill, level, wants in held:
        levels[team, skill].append((level, wants))
    rows = [
        HeatRow(
            team,
            tuple(_cell(levels[team.pk, skill.pk], needed.get((team.pk, skill.pk), 0)) for skill in skills),
        )
        for team in teams
    ]
    return HeatMap(tuple(skills), tuple(rows))


def _cell(members: list[tuple[int, bool]], needed: int) -> Cell:
    return Cell(
        masters=sum(level >= MASTERS for level, _wants in members),
        know=sum(level >= 1 for level, _wants in members),
        want=sum(wants for _level, wants in members),
        best=max((level for level, _wants in members), default=0),
        needed=needed,
    )


class Rows(TextChoices):
    """Which teams of the map are looked at."""

    OWN = "own", _("My teams")
    GAPS = "gaps", _("Teams with gaps")
    MARKETING = Side.MARKETING.value, Side.MARKETING.label
    IT = Side.IT.value, Side.IT.label
    OTHER = Side.OTHER.value, Side.OTHER.label


def rows_of(rows: Iterable[HeatRow], asked: str, own: Collection[int]) -> list[HeatRow]:
    """Those of ``rows`` that are ``asked`` for, "" for all; ``own`` teams (ids) come first. Pure."""
    found = [row for row in rows if not asked or _fits(row, asked, own)]
    return sorted(found, key=lambda row: row.team.pk not in own)


def _fits(row: HeatRow, asked: str, own: Collection[int]) -> bool:
    if asked == Rows.OWN:
        return row.team.pk in own
    return row.gaps > 0 if asked == Rows.GAPS else row.team.side == asked


def held_in_teams(reader: Person, skills: Collection[Skill]) -> list[tuple[int, int, int, bool]]:
    """(team, skill, level, wants) of the members of all teams, as far as ``reader`` may know. One query."""
    rows = PersonSkill.objects.visible_to(reader).filter(skill__in=[skill.pk for skill in skills])
    joined = rows.filter(person__is_active=True, person__memberships__team__isnull=False)
    return list(joined.values_list("person__memberships__team", "skill", "level", "wants"))


def teams_for_map() -> list[Team]:
    """Teams by side and name, as they stand below each other."""
    order = {Side.MARKETING.value: 0, Side.IT.value: 1}
    return sorted(Team.objects.all(), key=lambda team: (order.get(team.side, 2), team.sort_key))
