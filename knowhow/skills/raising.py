"""What attending an exchange offers: to say that one can do its topic better now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from activity import clock
from knowhow.exchanges.models import Answer, Exchange, SignUp
from knowhow.exchanges.topics import learnt_by
from knowhow.models import PersonSkill, SkillWord
from knowhow.skills.reading import IN_DIRECTORY, skill_meant
from knowhow.skills.words import plain
from teams.models import Person

# Whoever has not said so by then does not think so.
OFFERED_FOR = timedelta(days=60)
# Attending once makes nobody somebody who shows others how.
HIGHEST_OFFERED = 3


@dataclass(frozen=True)
class Offer:
    """After which exchange one may say that one is at ``level`` now; ``words`` is what to enter for it."""

    name: str
    level: int
    exchange: str

    @property
    def words(self) -> str:
        return f"{self.name} {self.level}"

    @property
    def before(self) -> int:
        """The level before; 0 where they had none."""
        return self.level - 1


def next_level(row: PersonSkill | None, exchange: Exchange, answer: str, now: datetime) -> int | None:
    """The level that attending ``exchange`` lets somebody say who has ``row`` of its topic, or no such skill.

    None for who said that they cannot do it yet, has changed the skill since, or stands at the top of what is
    offered; and once the exchange lies too far back. Pure, and the one rule wherever it is offered.
    """
    if answer == Answer.NO or exchange.ends_at <= now - OFFERED_FOR:
        return None
    if row is not None and row.changed_at >= exchange.ends_at:
        return None
    level = (row.level if row else 0) + 1
    return level if level <= HIGHEST_OFFERED else None


def offers(person: Person, rows: list[PersonSkill]) -> list[Offer]:
    """What the exchanges that ``person`` attended lately offer; ``rows`` are all of their own skills.

    Two queries.
    """
    now = clock.now()
    attended = {plain(one.topic): one for one in reversed(learnt_by(person))}
    words = SkillWord.objects.filter(text__in=attended, skill__state__in=IN_DIRECTORY).select_related("skill")
    own = {row.skill_id: row for row in rows}
    found: dict[int, Offer] = {}
    for word in words:
        learnt = attended[word.text]
        level = next_level(own.get(word.skill_id), learnt.exchange, learnt.answer, now)
        if level is not None:
            found[word.skill_id] = Offer(str(word.skill), level, learnt.exchange.title)
    return list(found.values())


def offer_after(signup: SignUp, exchange: Exchange) -> Offer | None:
    """What ``exchange`` offers to who attended it by ``signup``; at most two queries."""
    skill = skill_meant(exchange.topic) if signup.attended else None
    if skill is None:
        return None
    row = PersonSkill.objects.filter(person=signup.person_id, skill=skill).first()
    level = next_level(row, exchange, signup.answer, clock.now())
    return Offer(str(skill), level, exchange.title) if level is not None else None
