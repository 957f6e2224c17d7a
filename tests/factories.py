"""Rows for tests, valid by the database's constraints. Add freely; change none that others use."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone
from fractional_indexing import generate_key_between

from activity import clock
from knowhow.models import PersonSkill, Skill, SkillGroup, SkillWord, Solution
from knowhow.skills.words import plain
from requests_app.choices import Dimension, RequestType, Status
from requests_app.models import AgreedScore, Comment, Request, SavedView, Scorer, ScoringRound, SideScore
from requests_app.scoring.reading import round_of
from requests_app.scoring.rules import rules_now
from requests_app.scoring.settling import write_difference
from requests_app.workflow.turn import refresh_turn
from teams.models import (
    Confidence,
    Goal,
    KeyResult,
    Membership,
    Person,
    PersonSide,
    Role,
    Side,
    Team,
    Touchpoint,
)

_numbers = count(1)

# The statuses that a request reaches only with an IT owner, a goal and an expected result.
AFTER_SUBMITTED = {Status.SHAPING, Status.READY, Status.IN_PROGRESS, Status.IN_REVIEW, Status.DONE}
AFTER_SHAPING = AFTER_SUBMITTED - {Status.SHAPING}
WITH_SOLUTION = {Status.IN_REVIEW, Status.DONE}


def make_team(side: str = Side.IT, **fields: Any) -> Team:
    """A team of ``side``."""
    n = next(_numbers)
    defaults = {"slug": f"team-{n}", "name": f"Team {n}", "created_at": clock.now()}
    return Team.objects.create(side=side, **{**defaults, **fields})


def make_person(*teams: Team, lead_of: Team | None = None, **fields: Any) -> Person:
    """A person, member of ``teams`` and lead of ``lead_of``; the side follows from these."""
    n = next(_numbers)
    person = Person(**{"email": f"person{n}@example.org", "name": f"Pia Person{n}", **fields})
    person.set_unusable_password()
    person.save()
    for team in teams:
        add_member(team, person)
    if lead_of is not None:
        add_member(lead_of, person, Role.LEAD)
    return person


def make_admin(**fields: Any) -> Person:
    """An administrator without any team."""
    return make_person(is_admin=True, **fields)


def add_member(team: Team, person: Person, role: str = Role.MEMBER) -> Membership:
    """A membership; the person's side follows."""
    membership = Membership.objects.create(team=team, person=person, role=role)
    sides = set(Team.objects.filter(members=person).values_list("side", flat=True))
    person.side = _side_of(sides)
    person.save(update_fields=["side"])
    return membership


def _side_of(sides: set[str]) -> str:
    if {Side.MARKETING, Side.IT} <= sides:
        return PersonSide.BOTH
    return next((side for side in (Side.MARKETING, Side.IT) if side in sides), PersonSide.OTHER)


def holder(seat: Person | None) -> Person:
    """The person in ``seat``, which a test's request has filled."""
    assert seat is not None
    return seat


def make_goal(*teams: Team, **fields: Any) -> Goal:
    """A goal owned by ``teams``."""
    defaults = {"title": f"Goal {next(_numbers)}", "created_at": clock.now()}
    goal = Goal.objects.create(**{**defaults, **fields})
    goal.teams.set(teams)
    return goal


def make_key_result(goal: Goal, **fields: Any) -> KeyResult:
    """A key result of ``goal`` from 1 to 2; with ``current`` checked in today."""
    defaults: dict[str, Any] = {"title": "Rate", "baseline": 1, "target": 2, "created_at": clock.now()}
    if fields.get("current") is not None:
        defaults |= {"checked_on": timezone.localdate(clock.now()), "confidence": Confidence.MEDIUM}
    return KeyResult.objects.create(goal=goal, **{**defaults, **fields})


def make_touchpoint(**fields: Any) -> Touchpoint:
    """A touchpoint beside the ones of the start set."""
    n = next(_numbers)
    defaults = {
        "slug": f"touchpoint-{n}",
        "name_de": f"Kontaktpunkt {n}",
        "name_en": f"Touchpoint {n}",
        "phase": Touchpoint.Phase.BUY,
    }
    return Touchpoint.objects.create(**{**defaults, **fields})


def make_solution(team: Team | None = None, **fields: Any) -> Solution:
    """A solution with its explainer."""
    n = next(_numbers)
    defaults = {"slug": f"solution-{n}", "title": f"Solution {n}", "purpose": "It sends the mails."}
    owner = team or make_team()
    return Solution.objects.create(team=owner, created_at=clock.now(), **{**defaults, **fields})


def make_skill(side: str = Side.IT, *synonyms: str, **fields: Any) -> Skill:
    """A listed skill in a group of ``side``, meant by its names and ``synonyms``."""
    n = next(_numbers)
    group = SkillGroup.objects.filter(side=side).first() or SkillGroup.objects.create(
        name_de=f"Gruppe {n}", name_en=f"Group {n}", side=side
    )
    name = fields.pop("name", f"Fertigkeit{n}")
    defaults = {"group": group, "name_de": name, "name_en": name, "created_at": clock.now()}
    skill = Skill.objects.create(**{**defaults, **fields})
    for word in {plain(skill.name_de), plain(skill.name_en)}:
        SkillWord.objects.create(skill=skill, text=word)
    for word in synonyms:
        SkillWord.objects.create(skill=skill, text=plain(word), is_synonym=True)
    return skill


def give_skill(person: Person, skill: Skill, level: int = 3, **fields: Any) -> PersonSkill:
    """What ``person`` can."""
    return PersonSkill.objects.create(
        person=person, skill=skill, level=level, **{"changed_at": clock.now(), **fields}
    )


def make_comment(request: Request, author: Person, body: str = "A thought.", **fields: Any) -> Comment:
    """A comment on ``request``."""
    return Comment.objects.create(
        request=request, author=author, body=body, **{"created_at": clock.now(), **fields}
    )


def scores(points: int = 4, **others: int) -> dict[str, int]:
    """``points`` on each dimension but ``others``; an easy one where nothing else is said."""
    return {**dict.fromkeys(Dimension.values, points), "comprehension_burden": 2, **others}


ESTIMATE = {"best": 2, "likely": 3, "worst": 8}


def make_scores(
    request: Request,
    marketing: dict[str, int] | None = None,
    it: dict[str, int] | None = None,
    agreed: dict[str, int] | None = None,
) -> Request:
    """What the sides have scored in the present round, without events; turn and difference follow."""
    now = clock.now()
    both = {} if marketing is None or it is None else {"revealed_at": now}
    row, _made = ScoringRound.objects.update_or_create(
        request=request, number=request.scoring_round, defaults={"opened_at": now, **both}
    )
    owners = {Side.MARKETING: request.marketing_owner, Side.IT: request.it_owner}
    for side, values in ((Side.MARKETING, marketing), (Side.IT, it)):
        if values is not None:
            by = owners[side] or make_person(make_team(side))
            estimate = ESTIMATE if side == Side.IT else {}
            blind = {"blind": values} if both else {}
            fields = {**values, **estimate, **blind, "entered_by": by, "entered_at": now, "changed_at": now}
            SideScore.objects.create(round=row, side=side, **fields)
            Scorer.objects.get_or_create(request=request, person=by, defaults={"side": side})
    for dimension, value in (agreed or {}).items():
        _agree(row, dimension, value, owners)
    write_difference(request, round_of(request), rules_now())
    refresh_turn(request, now)
    request.save()
    return request


def _agree(row: ScoringRound, dimension: str, value: int, owners: dict[Side, Person | None]) -> None:
    AgreedScore.objects.create(
        round=row,
        dimension=dimension,
        value=value,
        note="We counted again.",
        proposed_side=Side.IT,
        proposed_by=holder(owners[Side.IT]),
        proposed_at=clock.now(),
        agreed_by=holder(owners[Side.MARKETING]),
        agreed_at=clock.now(),
    )


def make_view(owner: Person, team: Team | None = None, **fields: Any) -> SavedView:
    """A saved view of ``owner``, shared with ``team``."""
    defaults = {"name": f"View {next(_numbers)}", "query": "status=open", "created_at": clock.now()}
    return SavedView.objects.create(owner=owner, team=team, **{**defaults, **fields})


def make_request(status: str = Status.SUBMITTED, **fields: Any) -> Request:
    """A request in ``status`` with all that it needs to have got there, unless ``fields`` say otherwise.

    Teams and people that are not given are made; ``marketing_owner=None`` and the like leave them empty.
    There are no events: a test of what follows from them lets the domain functions do the way.
    """
    now = clock.now()
    values: dict[str, Any] = {**_texts(), "status": status, "created_at": now, "updated_at": now, **fields}
    _add_people(values, Status(status))
    _add_facts(values, Status(status), now)
    request = Request(**{"status_since": now, **values})
    if status != Status.DRAFT:
        request.rank = fields.get("rank") or _bottom_of(status)
        refresh_turn(request, fields.get("turn_since") or now)
    request.save(force_insert=True)
    return request


def _texts() -> dict[str, Any]:
    n = next(_numbers)
    return {
        "title": f"Request {n}",
        "customer_need": f"Customers ask for number {n}.",
        "outcome": f"They get number {n}.",
        "type": RequestType.AUTOMATION,
    }


def _add_people(values: dict[str, Any], status: Status) -> None:
    if "requesting_team" not in values:
        values["requesting_team"] = make_team(Side.MARKETING)
    asking = values["requesting_team"]
    if "requester" not in values:
        values["requester"] = make_person(asking) if asking else make_person()
    if status == Status.DRAFT:
        return
    if "serving_team" not in values:
        values["serving_team"] = make_team(Side.IT)
    if "marketing_owner" not in values:
        requester = values["requester"]
        fits = requester is not None and requester.on_side(Side.MARKETING)
        values["marketing_owner"] = requester if fits else make_person(make_team(Side.MARKETING))
    if status in AFTER_SUBMITTED and "it_owner" not in values:
        team = values["serving_team"]
        values["it_owner"] = make_person(team or make_team(Side.IT))


def _add_facts(values: dict[str, Any], status: Status, now: datetime) -> None:
    facts: dict[str, Any] = {}
    if status != Status.DRAFT:
        facts |= {"submitted_at": now, "progress_at": now}
    if status in AFTER_SHAPING:
        measured_on = timezone.localdate(now) + timedelta(days=90)
        facts |= {"metric": "conversion", "unit": "%", "baseline": 1, "target": 3, "measured_on": measured_on}
        facts["goal"] = values.get("goal") or make_goal()
    if status in WITH_SOLUTION:
        facts["solution"] = values.get("solution") or make_solution(values["serving_team"])
    if status == Status.DONE:
        facts["done_at"] = now
    if status == Status.PARKED:
        facts["revisit_on"] = timezone.localdate(now) + timedelta(days=30)
    values.update({name: value for name, value in facts.items() if name not in values})


def _bottom_of(status: str) -> str:
    ranked = Request.objects.filter(status=status).order_by("-rank")
    return str(generate_key_between(ranked.values_list("rank", flat=True).first(), None))
