"""What speaks for somebody as a bridge: skills, requests done in tandem, exchanges, answered questions.

Read from what every member may see, so that the score is the same whoever looks at it.
"""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from activity import clock
from knowhow.bridges.score import Evidence, Known
from knowhow.exchanges.models import Exchange, SignUp
from knowhow.models import PersonSkill
from requests_app.bridging.subjects import NEWEST_OF_ONE, owned
from requests_app.models import Comment
from requests_app.querysets import RequestQuerySet
from teams.models import Person, PersonSide, Side


def evidence_of(person: Person) -> Evidence:
    """The evidence for ``person``. Four queries."""
    rows = PersonSkill.objects.counted().filter(person=person).select_related("skill__group")
    skills = tuple(Known(str(row.skill), row.skill.side, row.level) for row in rows.order_by("-level", "pk"))
    tandem = in_tandem(person).values_list("number", flat=True)[:NEWEST_OF_ONE]
    given, attended = exchanges(person)
    return Evidence(skills, tuple(tandem), given, attended, tuple(answered(person)))


def exchanges(person: Person) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The exchanges that the person has given and those that they have attended, the newest first."""
    was_there = SignUp.objects.filter(exchange=OuterRef("pk"), person=person, attended=True)
    over = Exchange.objects.planned().filter(Q(host=person) | Exists(was_there), ends_at__lte=clock.now())
    newest = over.order_by("-ends_at", "-pk").values_list("pk", "host")
    rows = list(newest[:NEWEST_OF_ONE])
    given = tuple(pk for pk, host in rows if host == person.pk)
    return given, tuple(pk for pk, host in rows if host != person.pk)


def in_tandem(person: Person) -> RequestQuerySet:
    """What the person delivered as one of two owners."""
    both: RequestQuerySet = owned(person.pk).filter(marketing_owner__isnull=False, it_owner__isnull=False)
    return both


def answered(person: Person) -> Iterable[int]:
    """The questions that somebody of the other side asked and the person answered, the newest first."""
    seen = Comment.objects.filter(request__restricted=False, deleted_at=None, answered_by=person)
    home = {Side.MARKETING: [PersonSide.IT], Side.IT: [PersonSide.MARKETING]}
    across = Q(pk__in=[])
    for side, others in home.items():
        across |= Q(question_to=side, author__side__in=others)
    asked = seen.filter(across).exclude(author=person).order_by("-pk")
    return list(asked.values_list("pk", flat=True)[:NEWEST_OF_ONE])


def answers_seen(questions: Iterable[int], reader: Person) -> list[Comment]:
    """Of ``questions`` those that ``reader`` sees, with what a list shows."""
    rows = Comment.objects.visible_to(reader).filter(pk__in=list(questions)).select_related("request")
    return list(rows.only("body", "created_at", "request__title").order_by("-pk"))
