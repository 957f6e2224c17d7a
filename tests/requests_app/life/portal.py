"""All requests and what was said, and whose turn it is (PRODUCT §4)."""

from dataclasses import dataclass, field
from datetime import datetime

from tests.requests_app.life.lives import OPEN, Life


@dataclass
class Said:
    """A comment, a question or an answer."""

    author: str
    home: int
    at: datetime
    question_to: str = ""
    answered: bool = False
    deleted: bool = False
    answer_to: int | None = None
    # The requests from which merges brought it here.
    path: tuple[int, ...] = ()


@dataclass
class Portal:
    """All requests and what was said, at a moment."""

    now: datetime
    wip_limit: int | None = None
    lives: list[Life] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    def turn(self, place: int) -> str:
        """Whose turn it is: the first rule of PRODUCT that applies."""
        life = self.lives[place]
        if life.status not in OPEN or life.waiting_for == "outside":
            return "nobody"
        if life.waiting_for:
            return life.waiting_for
        asked = [one.question_to for one in self.said if one.home == place and is_open(one)]
        if asked:
            return asked[0]
        if life.status == "submitted":
            return "marketing" if life.serving and not life.marketing_owner else "it"
        if life.status == "shaping":
            return "marketing" if waits_for_marketing(life) else "it"
        return "marketing" if life.status == "in_review" else "it"

    def full(self, place: int) -> bool:
        """Whether the serving team holds as many others in progress as its limit allows."""
        team = self.lives[place].serving
        held = [
            one
            for n, one in enumerate(self.lives)
            if n != place and one.status == "in_progress" and one.serving == team
        ]
        return self.wip_limit is not None and team == "platform" and len(held) >= self.wip_limit


def is_open(one: Said) -> bool:
    return bool(one.question_to) and not one.answered and not one.deleted


def waits_for_marketing(life: Life) -> bool:
    """While shaping: IT's proposal has no answer, or only Marketing's part is missing."""
    found = life.round
    if any(one.side == "it" and not one.agreed_by for one in found.joint.values()):
        return True
    it_is_done = life.it_owner and "it" in found.scores and not found.left()
    marketing = life.marketing_owner and "marketing" in found.scores and life.goal and life.measured
    return bool(it_is_done) and not marketing
