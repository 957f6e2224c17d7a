"""What an exchange is about, and whom that concerns: the seam between exchanges and the skills directory.

A topic is a line of text. Who could host it, and what attending it gives, is answered here and nowhere else:
from what people have taught and learnt in exchanges, and from what they say in the directory that they teach.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, F
from django.db.models.functions import Lower

from activity import clock
from knowhow.exchanges.models import Answer, Exchange, ExchangeKind, ExchangeProposal, SignUp
from knowhow.exchanges.rights import is_same_side
from knowhow.skills.models import PersonSkill
from knowhow.skills.reading import skill_meant
from teams.models import Person

# So many are asked whether they would host; more would each think that another does.
MOST_ASKED = 3
LONGEST_LIST = 20


@dataclass(frozen=True)
class Candidate:
    """Somebody who could host an exchange about a topic, and why: how often they taught and learnt it.

    ``level`` is that of the skill which the topic means, where they say that they teach it, else 0.
    """

    person: Person
    taught: int
    learnt: int
    level: int = 0


@dataclass(frozen=True)
class Learnt:
    """A topic that somebody attended an exchange about, and their own word whether they can do it now."""

    topic: str
    exchange: Exchange
    answer: str


def could_host(proposal: ExchangeProposal) -> list[Candidate]:
    """Who could host what ``proposal`` asks for: whoever taught this topic most often, then who teaches the
    skill that it means, then who learnt it.

    Not who asked for it; for job shadowing only people of another side than the proposer's. Empty where no
    topic is named, or nobody has had to do with it.
    """
    if not proposal.topic:
        return []
    found = _known_for(proposal.topic.lower(), but={proposal.proposer_id})
    if proposal.kind == ExchangeKind.SHADOWING:
        found = [one for one in found if not is_same_side(one.person, proposal.proposer)]
    return found[:MOST_ASKED]


def _known_for(topic: str, but: Collection[int]) -> list[Candidate]:
    about = (
        Exchange.objects.planned().annotate(key=Lower("topic")).filter(key=topic, ends_at__lte=clock.now())
    )
    taught = dict(about.order_by().values_list("host").annotate(n=Count("pk")))
    able = SignUp.objects.filter(exchange__in=about, attended=True, answer=Answer.YES)
    learnt = dict(able.order_by().values_list("person").annotate(n=Count("pk")))
    teaching = _teaching(topic)
    wanted = {*taught, *learnt, *teaching} - set(but)
    people = Person.objects.filter(pk__in=wanted, is_active=True)
    found = [
        Candidate(one, taught.get(one.pk, 0), learnt.get(one.pk, 0), teaching.get(one.pk, 0))
        for one in people
    ]
    return sorted(
        found, key=lambda one: (-one.taught, -one.level, -one.learnt, one.person.name, one.person.pk)
    )


def _teaching(topic: str) -> dict[int, int]:
    """The levels of those who say, to all, that they teach the skill which ``topic`` means."""
    skill = skill_meant(topic)
    if skill is None:
        return {}
    rows = PersonSkill.objects.shown_to_all().filter(skill=skill, teaches=True)
    return dict(rows.values_list("person", "level"))


def learnt_by(person: Person) -> list[Learnt]:
    """What ``person`` attended exchanges about, newest first: by it they may raise their skills."""
    rows = SignUp.objects.filter(person=person, attended=True).exclude(exchange__topic="")
    newest = rows.select_related("exchange").order_by(F("exchange__ends_at").desc(), "pk")
    return [Learnt(one.exchange.topic, one.exchange, one.answer) for one in newest[:LONGEST_LIST]]
