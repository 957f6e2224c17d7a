"""What attending an exchange offers: to say that one can do its topic better now."""

from dataclasses import dataclass
from datetime import timedelta

from activity import clock
from knowhow.exchanges.models import Answer
from knowhow.exchanges.topics import learnt_by
from knowhow.models import PersonSkill, SkillWord
from knowhow.skills.reading import IN_DIRECTORY
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


def offers(person: Person, rows: list[PersonSkill]) -> list[Offer]:
    """What the exchanges that ``person`` attended lately offer; ``rows`` are all of their own skills.

    Nothing for who said that they cannot do it yet, or has changed the skill since. Two queries.
    """
    since = clock.now() - OFFERED_FOR
    attended = {plain(one.topic): one for one in reversed(learnt_by(person)) if one.exchange.ends_at > since}
    able = {topic: one for topic, one in attended.items() if one.answer != Answer.NO}
    words = SkillWord.objects.filter(text__in=able, skill__state__in=IN_DIRECTORY).select_related("skill")
    own = {row.skill_id: row for row in rows}
    found: dict[int, Offer] = {}
    for word in words:
        row, exchange = own.get(word.skill_id), able[word.text].exchange
        level = (row.level if row else 0) + 1
        if level <= HIGHEST_OFFERED and (row is None or row.changed_at < exchange.ends_at):
            found[word.skill_id] = Offer(str(word.skill), level, exchange.title)
    return list(found.values())
