"""Seeded teams, people, goals and solutions: what requests refer to."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from activity.log import Happening, record_many
from knowhow.models import Solution
from requests_app.models import Label
from requests_app.seeding.texts import Phrases
from teams.models import Goal, Membership, Person, PersonSide, Role, Side, Team

MAIL_DOMAIN = "seed.example"
# Of 20 people: 9 in Marketing, 9 in IT, 2 elsewhere.
SIDES = (Side.MARKETING, Side.IT) * 9 + (Side.OTHER,) * 2
PEOPLE_PER_TEAM = 30
SOLUTIONS_PER_TEAM = 8
GOALS = 12
LABELS = ("hardware", "access", "storage", "purchase", "reporting", "newsletter", "shop", "app", "branches")
FIRST = (
    *("Ada", "Ben", "Cem", "Dana", "Emil", "Fatma", "Georg", "Hanna", "Ivo", "Jule", "Kaan", "Lena"),
    *("Mats", "Nora", "Olaf", "Pia", "Quirin", "Rosa", "Sami", "Tilda", "Uwe", "Vera", "Wim", "Yara", "Zoe"),
)
LAST = (
    *("Abel", "Brandt", "Celik", "Dorn", "Engel", "Fuchs", "Graf", "Hahn", "Ihle", "Jung", "Kaya"),
    *(
        "Lorenz",
        "Maier",
        "Nowak",
        "Otto",
        "Peters",
        "Quast",
        "Roth",
        "Sommer",
        "Thiel",
        "Ulrich",
        "Voss",
        "Wolf",
    ),
)


@dataclass(frozen=True)
class Company:
    """All rows that a seeded request can refer to, by id."""

    members: dict[int, list[int]]
    asking: Sequence[int]
    serving: Sequence[int]
    marketers: frozenset[int]
    solutions: dict[int, list[int]]
    goals: Sequence[int]
    labels: Sequence[int]


def seed_company(count: int, phrases: Phrases, chance: random.Random, now: datetime) -> Company:
    """Teams with ``count`` people in all, unless an earlier run has made them; further people are added."""
    teams = _teams(count, now)
    _people(count, teams, chance)
    _goals(phrases, teams, now)
    _solutions(phrases, [team for team in teams if team.side == Side.IT], now)
    Label.objects.bulk_create([Label(name=name) for name in LABELS], ignore_conflicts=True)
    return _company(teams)


def _teams(count: int, now: datetime) -> list[Team]:
    wanted = []
    for side, share in ((Side.IT, 0.45), (Side.MARKETING, 0.45), (Side.OTHER, 0.1)):
        for n in range(1, max(2, round(count * share / PEOPLE_PER_TEAM)) + 1):
            slug = f"seed-{side}-{n}"
            wanted.append(Team(slug=slug, name=f"Seeded {side} team {n}", side=side, created_at=now))
    known = set(Team.objects.filter(slug__in=[team.slug for team in wanted]).values_list("slug", flat=True))
    fresh = Team.objects.bulk_create([team for team in wanted if team.slug not in known])
    record_many([Happening("team.created", team, now, {"name": team.name}) for team in fresh])
    return list(Team.objects.filter(slug__startswith="seed-").order_by("pk"))


def _people(count: int, teams: Sequence[Team], chance: random.Random) -> None:
    by_side = {side: [team for team in teams if team.side == side] for side in Side}
    known = Person.objects.filter(email__endswith=f"@{MAIL_DOMAIN}").count()
    fresh = [_person(n, chance) for n in range(known + 1, count + 1)]
    Person.objects.bulk_create(fresh, batch_size=2000)
    memberships, led = [], set(Membership.objects.filter(role=Role.LEAD).values_list("team", flat=True))
    for n, person in enumerate(fresh):
        own = by_side[Side(person.side)]
        team = own[(known + n) // len(SIDES) % len(own)]
        role = Role.MEMBER if team.pk in led else Role.LEAD
        led.add(team.pk)
        memberships.append(Membership(person=person, team=team, role=role))
    Membership.objects.bulk_create(memberships, batch_size=5000)


def _person(n: int, chance: random.Random) -> Person:
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    # Nobody signs in as one of them with a password.
    unusable = make_password(None)
    side = PersonSide(SIDES[n % len(SIDES)].value)
    return Person(email=f"person{n}@{MAIL_DOMAIN}", name=name, side=side, password=unusable)


def _goals(phrases: Phrases, teams: Sequence[Team], now: datetime) -> None:
    missing = GOALS - Goal.objects.filter(teams__in=teams).distinct().count()
    goals = [
        Goal(title=phrases.title(n), brief=phrases.text(n, random.Random(n), 3), created_at=now)  # noqa: S311
        for n in range(1, missing + 1)
    ]
    for n, goal in enumerate(Goal.objects.bulk_create(goals)):
        goal.teams.set([teams[n % len(teams)], teams[-1 - n % len(teams)]])


def _solutions(phrases: Phrases, teams: Sequence[Team], now: datetime) -> None:
    rows = []
    for team in teams:
        for n in range(1, SOLUTIONS_PER_TEAM + 1):
            serial = 1000 + team.pk * SOLUTIONS_PER_TEAM + n
            text = phrases.text(serial, random.Random(serial), 4)  # noqa: S311
            title, slug = phrases.title(serial), f"{team.slug}-{n}"
            rows.append(Solution(slug=slug, title=title, purpose=text, team=team, created_at=now))
    Solution.objects.bulk_create(rows, ignore_conflicts=True)


def _company(teams: Sequence[Team]) -> Company:
    ids = [team.pk for team in teams]
    members: dict[int, list[int]] = {number: [] for number in ids}
    for person, team in Membership.objects.filter(team__in=ids).values_list("person", "team").order_by("pk"):
        members[team].append(person)
    solutions: dict[int, list[int]] = {number: [] for number in ids}
    for solution, team in Solution.objects.filter(team__in=ids).values_list("pk", "team").order_by("pk"):
        solutions[team].append(solution)
    peopled = [team for team in teams if members[team.pk]]
    marketing = [team.pk for team in peopled if team.side == Side.MARKETING]
    return Company(
        members=members,
        asking=[team.pk for team in peopled if team.side != Side.IT],
        serving=[team.pk for team in peopled if team.side == Side.IT],
        marketers=frozenset(person for team in marketing for person in members[team]),
        solutions=solutions,
        goals=list(Goal.objects.filter(teams__in=ids).distinct().order_by("pk").values_list("pk", flat=True)),
        labels=list(Label.objects.filter(name__in=LABELS).order_by("name").values_list("pk", flat=True)),
    )
