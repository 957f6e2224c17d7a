"""Which team and which type a new request could be for, learnt once a day from the portal's own history.

Only what every member may see teaches: unrestricted, submitted requests. It is never applied unasked.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from activity.models import Origin
from requests_app.choices import RequestType
from requests_app.models import Clue, Lesson, Request
from requests_app.triage.learning import Learnt, Suggestion, learn, suggest, words_of
from teams.models import Team

TEXTS = ("title", "customer_need", "outcome")
# Below so many requests there is nothing to go by.
FEWEST_REQUESTS = 20
AT_ONCE = 2_000


def taught(kind: str) -> Iterator[tuple[str, str]]:
    """The answers of ``kind`` that past requests have had, with their texts."""
    field = {Lesson.Kind.TEAM: "serving_team_id", Lesson.Kind.TYPE: "type"}[Lesson.Kind(kind)]
    rows = Request.objects.for_everyone().exclude(**{field: None}).exclude(type="").order_by()
    if kind == Lesson.Kind.TYPE:
        # An import gives all its requests the same type.
        rows = rows.exclude(origin=Origin.IMPORT)
    for answer, *texts in rows.values_list(field, *TEXTS).iterator(AT_ONCE):
        yield str(answer), "\n".join(texts)


def relearn(now: datetime) -> int:
    """Learn everything anew; returns how many words say something. Whoever asks meanwhile gets the former."""
    return sum(_keep(kind, learn(taught(kind)), now) for kind in Lesson.Kind.values)


def _keep(kind: str, learnt: Learnt, now: datetime) -> int:
    with transaction.atomic():
        Lesson.objects.filter(kind=kind).delete()
        lesson = Lesson.objects.create(
            kind=kind,
            texts=dict(learnt.texts),
            words=dict(learnt.words),
            vocabulary=learnt.vocabulary,
            made_at=now,
        )
        rows = (Clue(lesson=lesson, word=word, counts=dict(found)) for word, found in learnt.clues.items())
        Clue.objects.bulk_create(rows, batch_size=AT_ONCE)
    return learnt.vocabulary


def suggestions(request: Request) -> dict[str, Suggestion]:
    """What is suggested for ``request``, by kind. Two queries."""
    text = "\n".join(getattr(request, name) for name in TEXTS)
    words = sorted(set(words_of(text)))
    lessons = {lesson.kind: lesson for lesson in Lesson.objects.all()}
    clues: dict[str, dict[str, dict[str, int]]] = {kind: {} for kind in lessons}
    for kind, word, counts in Clue.objects.filter(word__in=words).values_list("lesson", "word", "counts"):
        clues[kind][word] = counts
    found = {kind: _suggest(lesson, clues[kind], text) for kind, lesson in lessons.items()}
    return {kind: one for kind, one in found.items() if one is not None}


def _suggest(lesson: Lesson, clues: dict[str, dict[str, int]], text: str) -> Suggestion | None:
    if sum(lesson.texts.values()) < FEWEST_REQUESTS:
        return None
    return suggest(Learnt(lesson.texts, lesson.words, lesson.vocabulary, clues), text)


def suggested_team(found: dict[str, Suggestion]) -> Team | None:
    """The team that is suggested, where it is still there."""
    one = found.get(Lesson.Kind.TEAM)
    return Team.objects.filter(pk=int(one.answer)).first() if one else None


def suggested_type(found: dict[str, Suggestion]) -> RequestType | None:
    """The type that is suggested."""
    one = found.get(Lesson.Kind.TYPE)
    return RequestType(one.answer) if one and one.answer in RequestType.values else None
