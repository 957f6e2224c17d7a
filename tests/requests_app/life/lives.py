"""What stands, in plain Python: people, requests and scores, and what follows from it (PRODUCT §3, §4).

Nothing of the portal is imported here, in ``rules``, ``talk`` and ``ways``: it is compared with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from math import floor
from typing import Any

OPEN = ("submitted", "shaping", "ready", "in_progress", "in_review")
UNDECIDED = ("submitted", "shaping")
AGREED = ("ready", "in_progress", "in_review", "done")
GATE = 40
DIMENSIONS = ("customer_value", "reach", "goal_fit", "time_criticality", "effort", "comprehension_burden")

SIDE_OF_TEAM = {"campaigns": "marketing", "platform": "it", "data": "it", "stores": "other"}
TEAMS: dict[str, dict[str, str]] = {
    "mira": {"campaigns": "member"},
    "lena": {"campaigns": "lead"},
    "tom": {"platform": "member"},
    "ivan": {"platform": "lead", "data": "member"},
    # The fifth person is one of these.
    "olga": {"stores": "member"},
    "ada": {},
    "bea": {"campaigns": "lead", "platform": "lead"},
}
ADMINS = {"ada"}
FIFTH = ("olga", "ada", "bea")


def on(person: str, side: str) -> bool:
    """Whether the person is of this side."""
    return any(SIDE_OF_TEAM[team] == side for team in TEAMS[person])


def member(person: str, team: str | None) -> bool:
    return team in TEAMS[person]


def lead(person: str, team: str | None) -> bool:
    return team is not None and TEAMS[person].get(team) == "lead"


@dataclass(frozen=True)
class Answer:
    """What becomes of a step: done, the same as before, hidden, or refused or invalid with codes."""

    kind: str
    codes: tuple[str, ...] = ()

    @staticmethod
    def refused(*codes: str) -> "Answer":
        return Answer("refused", tuple(sorted(codes)))

    @staticmethod
    def invalid(*codes: str) -> "Answer":
        return Answer("invalid", tuple(sorted(codes)))


DONE, SAME, HIDDEN = Answer("done"), Answer("same"), Answer("hidden")


@dataclass(frozen=True)
class Step:
    """Something that a person does to a request."""

    name: str
    by: str
    # The place of the request in ``Portal.lives``.
    on: int
    give: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    value: int
    note: str
    side: str
    by: str
    agreed_by: str = ""


@dataclass
class Round:
    """One blind round."""

    scores: dict[str, dict[str, int]] = field(default_factory=dict)
    joint: dict[str, Proposal] = field(default_factory=dict)

    @property
    def revealed(self) -> bool:
        return len(self.scores) == 2

    def apart(self) -> list[str]:
        """The divergences."""
        if not self.revealed:
            return []
        marketing, it = self.scores["marketing"], self.scores["it"]
        return [name for name in DIMENSIONS if abs(marketing[name] - it[name]) >= 2]

    def left(self) -> list[str]:
        """The divergences that nobody has closed."""
        closed = {name for name, one in self.joint.items() if one.agreed_by}
        return [name for name in self.apart() if name not in closed]

    def of(self, name: str) -> Fraction:
        """The joint score."""
        one = self.joint.get(name)
        if one is not None and one.agreed_by:
            return Fraction(one.value)
        return Fraction(self.scores["marketing"][name] + self.scores["it"][name], 2)

    def difference(self) -> int | None:
        if not self.revealed:
            return None
        value = (self.of("customer_value") + self.of("reach") + self.of("goal_fit")) / 3
        ease = 6 - self.of("comprehension_burden")
        parts = ((60, value), (25, self.of("time_criticality")), (15, ease))
        return floor(sum(weight * (points - 1) / 4 for weight, points in parts) + Fraction(1, 2))


@dataclass
class Last:
    """The latest transition."""

    action: str
    by: str
    at: datetime
    before: dict[str, Any]
    moved: dict[str, Any] = field(default_factory=dict)
    followed: bool = False


@dataclass
class Life:
    """A request."""

    author: str
    team: str
    serving: str | None
    status: str = "draft"
    marketing_owner: str | None = None
    it_owner: str | None = None
    restricted: bool = False
    waiting_for: str = ""
    over_wip: bool = False
    title: str = ""
    goal: bool = False
    # When it is measured; the result is complete with it.
    measured: date | None = None
    personal: str = ""
    solution: bool = False
    reconsidered: int = 0
    duplicate_of: int | None = None
    round: Round = field(default_factory=Round)
    scored_for: dict[str, str] = field(default_factory=dict)
    supporters: set[str] = field(default_factory=set)
    watchers: set[str] = field(default_factory=set)
    # How often it was made restricted.
    restrictions: int = 0
    last: Last | None = None
    version: int = 1

    @property
    def tandem(self) -> set[str]:
        return {one for one in (self.marketing_owner, self.it_owner) if one}

    def sees(self, person: str) -> bool:
        if self.status == "draft" or person == self.author:
            return person == self.author
        if not self.restricted or person in ADMINS:
            return True
        return person in self.audience()

    def audience(self) -> set[str]:
        """Who sees it where it is restricted, admins apart."""
        members = {one for one in TEAMS if member(one, self.team) or member(one, self.serving)}
        return {self.author} | self.tandem | members | self.watchers

    def marketing_lead(self, person: str) -> bool:
        """A lead who acts for Marketing; for a request of side other those of the owner's teams."""
        if SIDE_OF_TEAM[self.team] == "marketing":
            return lead(person, self.team)
        teams = TEAMS[self.marketing_owner] if self.marketing_owner else {}
        return any(SIDE_OF_TEAM[team] == "marketing" and lead(person, team) for team in teams)

    def leads(self, person: str) -> bool:
        led = lead(person, self.team) or lead(person, self.serving) or self.marketing_lead(person)
        return led or person in ADMINS

    def serves(self, person: str) -> bool:
        return member(person, self.serving) or person in ADMINS

    def serves_or_could(self, person: str) -> bool:
        """Without a serving team all of IT could; they then hear that it is missing."""
        return self.serves(person) or (self.serving is None and on(person, "it"))

    def seats(self, person: str) -> set[str]:
        """The sides in whose seat the person acts: the own one, else those that they lead."""
        if person in self.tandem:
            return {"marketing" if person == self.marketing_owner else "it"}
        marketing = self.marketing_lead(person) or person in ADMINS
        it = lead(person, self.serving) or person in ADMINS
        return {side for side, fits in (("marketing", marketing), ("it", it)) if fits}

    def acts_for(self, person: str, side: str) -> bool:
        """Whether the person holds the seat of the side, or acts in it as a lead."""
        owner = self.marketing_owner if side == "marketing" else self.it_owner
        leads = self.marketing_lead(person) if side == "marketing" else lead(person, self.serving)
        return person == owner or leads or person in ADMINS

    def scores_for(self, person: str) -> set[str]:
        """The sides for which the person may score; an admin is no lead here, and nobody scores for both."""
        sides = set()
        if person == self.marketing_owner or self.marketing_lead(person):
            sides.add("marketing")
        if person == self.it_owner or lead(person, self.serving):
            sides.add("it")
        held = self.scored_for.get(person)
        return sides & {held} if held else sides

    def shown(self, person: str) -> set[str]:
        """The sides whose scores the person may read."""
        if self.round.revealed:
            return set(self.round.scores)
        sides = self.scores_for(person)
        return sides & set(self.round.scores) if len(sides) == 1 else set()
