"""What an exchange is about, and whom that concerns: the one place where exchanges ask the skills directory.

A topic is a line of text; where it is called like a skill of the directory, or a synonym, it means that one.
"""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from activity import clock
from knowhow.exchanges.models import Answer, Exchange, ExchangeKind, ExchangeProposal, SignUp
from knowhow.exchanges.rights import is_same_side
from knowhow.skills.models import PersonSkill
from knowhow.skills.reading import skill_meant
from teams.models import Person

# So many are asked whether they would host; more would each think that another does.
MOST_ASKED = 3
# Who works with it by themselves and helps others; below, only whoever says that they teach it.
HOSTS_FROM_LEVEL = 3
LONGEST_LIST = 20


@dataclass(frozen=True)
class Candidate:
    """Somebody who could host an exchange about a topic, and why.

    ``level`` is 0 where they do not show one; ``taught`` and ``learnt`` count exchanges.
    """

    person: Person
    level: int
    teaches: bool
    taught: int
    learnt: int


@dataclass(frozen=True)
class Learnt:
    """A topic that somebody attended an exchange about, and their own word whether they can do it now."""

    topic: str
    exchange: Exchange
    answer: str


def could_host(proposal: ExchangeProposal) -> list[Candidate]:
    """Who could host what ``proposal`` asks for: first those who teach the skill, then by level, then those
    who have taught the topic in exchanges, then those who have learnt it in one.

    Only what people show to all counts. Not who asked for it; for job shadowing only people of another side
    than the proposer's. Empty where no topic is named, or nobody has had to do with it. Six queries at most.
    """
    if not proposal.topic:
        return []
    found = [one for one in _known_for(proposal.topic) if one.person.pk != proposal.proposer_id]
    if proposal.kind == ExchangeKind.SHADOWING:
        found = [one for one in found if not is_same_side(one.person, proposal.proposer)]
    return found[:MOST_ASKED]


def _known_for(topic: str) -> list[Candidate]:
    skills, (taught, learnt) = _able(topic), _in_exchanges(topic)
    people = Person.objects.filter(pk__in={*skills, *taught, *learnt}, is_active=True)
    found = [
        Candidate(one, *skills.get(one.pk, (0, False)), taught.get(one.pk, 0), learnt.get(one.pk, 0))
        for one in people
    ]
    return sorted(found, key=_best_first)


def _best_first(one: Candidate) -> tuple[object, ...]:
    return (not one.teaches, -one.level, -one.taught, -one.learnt, one.person.sort_key, one.person.pk)


def _able(topic: str) -> dict[int, tuple[int, bool]]:
    """Level and whether they teach it, of those who show to all that they could host it."""
    skill = skill_meant(topic)
    if skill is None:
        return {}
    rows = PersonSkill.objects.shown_to_all().filter(skill=skill)
    able = rows.filter(Q(teaches=True) | Q(level__gte=HOSTS_FROM_LEVEL))
    told = able.values_list("person", "level", "teaches")
    return {person: (level, teaches) for person, level, teaches in told}


def _in_exchanges(topic: str) -> tuple[dict[int, int], dict[int, int]]:
    """How many exchanges about it each has hosted, and after how many each said that they can do it."""
    # Compared by the database alone: it may know other small letters than Python does.
    about = Exchange.objects.planned().filter(topic__iexact=topic, ends_at__lte=clock.now())
    able = SignUp.objects.filter(exchange__in=about, attended=True, answer=Answer.YES)
    taught = about.order_by().values_list("host").annotate(n=Count("pk"))
    learnt = able.order_by().values_list("person").annotate(n=Count("pk"))
    return dict(taught), dict(learnt)


def learnt_by(person: Person) -> list[Learnt]:
    """What ``person`` attended exchanges about, newest first: by it they may raise their skills."""
    rows = SignUp.objects.filter(person=person, attended=True).exclude(exchange__topic="")
    newest = rows.select_related("exchange").order_by(F("exchange__ends_at").desc(), "pk")
    return [Learnt(one.exchange.topic, one.exchange, one.answer) for one in newest[:LONGEST_LIST]]
