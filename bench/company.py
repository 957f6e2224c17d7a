"""Fills a database with a company as pages about goals, teams, people, solutions and know-how show it."""

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from activity import clock
from knowhow.models import Expert, Level, PersonSkill, Skill, SkillGroup, SkillWord, Solution
from requests_app.bridging import ties
from requests_app.seeding.people import MAIL_DOMAIN
from requests_app.seeding.texts import Phrases, read_phrases
from teams.models import CheckIn, Confidence, Goal, KeyResult, Person, Side, Team, Touchpoint

One = TypeVar("One")

SKILLS, SKILLS_EACH = 60, 6
KEY_RESULTS, CHECK_INS = 2, 4
# Of ten goals one is the company's, which three joint ones serve, which the others do.
COMPANY_GOALS, JOINT_GOALS = 10, 3
# Texts of goals and solutions that nobody else has.
FIRST_SERIAL = 500_000
SEED = 7


@dataclass(frozen=True)
class Company:
    """How many of each there are; ``requests`` serve the goals and built the solutions."""

    people: int
    teams: int
    solutions: int
    goals: int
    requests: int

    @classmethod
    def from_words(cls, text: str) -> "Company":
        return cls(*map(int, text.split(",")))

    @property
    def words(self) -> str:
        return ",".join(str(getattr(self, field.name)) for field in fields(self))


def fill(company: Company) -> None:
    """Fill an empty database."""
    call_command("seed", requests=company.requests, people=company.people, stdout=sys.stderr)
    maker = _Maker(read_phrases(Path(settings.BASE_DIR).parent / "shared" / "data"), random.Random(SEED))
    maker.teams(company.teams)
    maker.goals(company.goals)
    maker.solutions(company.solutions)
    maker.skills()
    ties.recount(months=ties.MONTHS_KEPT)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


class _Maker:
    def __init__(self, phrases: Phrases, chance: random.Random) -> None:
        self.phrases, self.chance, self.now = phrases, chance, clock.now()
        self.people = list(Person.objects.filter(email__endswith=f"@{MAIL_DOMAIN}").order_by("pk"))

    def teams(self, count: int) -> None:
        """Further teams of people who are in one already."""
        missing = range(Team.objects.count(), count)
        made = Team.objects.bulk_create(
            Team(
                slug=f"bench-{n}",
                name=f"Further team {n}",
                side=(Side.IT, Side.MARKETING)[n % 2],
                brief=self._text(n, 4),
                created_at=self.now,
            )
            for n in missing
        )
        for team in made:
            team.members.set(self._some(self.people, 5))

    def goals(self, count: int) -> None:
        """Goals in a tree, with key results and check-ins, which requests are spread over."""
        teams = list(Team.objects.order_by("pk"))
        for n in range(count - Goal.objects.count()):
            goal = self._goal(n, count)
            goal.teams.set([] if goal.is_company else self._some(teams, 2))
            results = [self._key_result(goal, k) for k in range(KEY_RESULTS)]
            KeyResult.objects.bulk_create(results)
            CheckIn.objects.bulk_create(self._check_in(one, k) for one in results for k in range(CHECK_INS))
        self._spread("goal_id", list(Goal.objects.values_list("pk", flat=True)))

    def _goal(self, n: int, count: int) -> Goal:
        today = self.now.date()
        companies = Goal.objects.filter(is_company=True).order_by("pk")
        is_company = n % COMPANY_GOALS == 0
        joint = Goal.objects.filter(parent__is_company=True).order_by("pk")
        above = companies if n % COMPANY_GOALS <= JOINT_GOALS else joint
        return Goal.objects.create(
            title=self.phrases.title(FIRST_SERIAL + n),
            brief=self._text(n, 4),
            customer_change=self._text(count + n, 2),
            is_company=is_company,
            parent=None if is_company else above.last(),
            starts_on=today - timedelta(days=60),
            ends_on=today + timedelta(days=120),
            created_at=self.now,
        )

    def _key_result(self, goal: Goal, k: int) -> KeyResult:
        return KeyResult(
            goal=goal,
            title=self.phrases.title(FIRST_SERIAL + 10_000 + KEY_RESULTS * goal.pk + k),
            unit="%",
            baseline=10,
            target=60,
            current=self.chance.randint(5, 60),
            checked_on=self.now.date(),
            confidence=self.chance.choice(Confidence.values),
            created_at=self.now,
        )

    def _check_in(self, result: KeyResult, k: int) -> CheckIn:
        return CheckIn(
            key_result=result,
            on=self.now.date() - timedelta(days=14 * (CHECK_INS - 1 - k)),
            value=result.current or 0,
            confidence=result.confidence,
            by=self.chance.choice(self.people),
            at=self.now,
        )

    def solutions(self, count: int) -> None:
        """Solutions with an explainer, experts, whom they affect and where customers meet them."""
        teams = list(Team.objects.filter(side=Side.IT).order_by("pk"))
        Solution.objects.bulk_create(self._solution(n, teams) for n in range(Solution.objects.count(), count))
        every = list(Solution.objects.order_by("pk"))
        touchpoints, affected = list(Touchpoint.objects.order_by("pk")), list(Team.objects.order_by("pk"))
        for solution in every:
            solution.touchpoints.set(self._some(touchpoints, 2))
            solution.affected_teams.set(self._some(affected, 3))
        Expert.objects.bulk_create(
            Expert(solution=solution, person=person, level=self.chance.choice(Level.values))
            for solution in every
            for person in self._some(self.people, 3)
        )
        self._spread("solution_id", [one.pk for one in every])

    def _solution(self, n: int, teams: Sequence[Team]) -> Solution:
        return Solution(
            slug=f"bench-{n}",
            title=self.phrases.title(FIRST_SERIAL + 20_000 + n),
            purpose=self._text(20_000 + n, 4),
            limits=self._text(30_000 + n, 2),
            what_to_do=self._text(40_000 + n, 2),
            team=self.chance.choice(teams),
            created_at=self.now,
        )

    def skills(self) -> None:
        """A directory, and what each person knows of it."""
        groups = [
            SkillGroup.objects.create(name_de=str(side.label), name_en=str(side.label), side=side, position=n)
            for n, side in enumerate(Side)
        ]
        skills = Skill.objects.bulk_create(
            Skill(
                group=groups[n % len(groups)],
                name_de=f"Fertigkeit {n}",
                name_en=f"Skill {n}",
                created_at=self.now,
            )
            for n in range(SKILLS)
        )
        SkillWord.objects.bulk_create(SkillWord(skill=one, text=one.name_en.lower()) for one in skills)
        PersonSkill.objects.bulk_create(
            (
                self._known(person, skill)
                for person in self.people
                for skill in self._some(skills, SKILLS_EACH)
            ),
            batch_size=5_000,
        )

    def _known(self, person: Person, skill: Skill) -> PersonSkill:
        level = self.chance.randint(0, 4)
        wants = level < 2 and self.chance.random() < 0.5
        teaches = level > 2 and self.chance.random() < 0.3
        return PersonSkill(
            person=person, skill=skill, level=level, wants=wants, teaches=teaches, changed_at=self.now
        )

    def _text(self, n: int, more: int) -> str:
        return self.phrases.text(FIRST_SERIAL + n, self.chance, more)

    def _some(self, every: Sequence[One], count: int) -> list[One]:
        return self.chance.sample(every, min(count, len(every)))

    def _spread(self, column: str, pks: Sequence[int]) -> None:
        """Let the requests that name one of a kind name all of them equally often."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE requests_app_request SET {column} = (%s::bigint[])[1 + number %% %s]"  # noqa: S608
                f" WHERE {column} IS NOT NULL",
                [list(pks), len(pks)],
            )
