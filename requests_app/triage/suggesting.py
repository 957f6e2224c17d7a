"""Which team and which type a new request could be for, learnt once a day from the portal's own history.

Only what every member may see teaches, unrestricted requests that are beyond triage. What is learnt is tried
on requests that were held back: where it is not clearly better than always saying the most frequent answer,
nothing is suggested. It is never applied unasked.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from activity.models import Origin
from requests_app.choices import RequestType, Status
from requests_app.models import Clue, Lesson, Request
from requests_app.triage.learning import Learnt, Suggestion, judge, learn, suggest, words_of
from teams.models import Team

TEXTS = ("title", "customer_need", "outcome")
# Below so many requests there is nothing to go by.
FEWEST_REQUESTS = 20
AT_ONCE = 2_000
# Nobody has decided yet whether what these say is right.
UNDECIDED = (Status.SUBMITTED, Status.WITHDRAWN)
# How much better than the most frequent answer it has to be, as a share of the held back requests.
BETTER_BY = 0.05


def taught(kind: str) -> Iterator[tuple[str, str]]:
    """The answers of ``kind`` that past requests have had, with their texts."""
    field = {Lesson.Kind.TEAM: "serving_team_id", Lesson.Kind.TYPE: "type"}[Lesson.Kind(kind)]
    rows = Request.objects.for_everyone().exclude(status__in=UNDECIDED).order_by()
    rows = rows.exclude(**{field: None}).exclude(type="")
    if kind == Lesson.Kind.TYPE:
        # An import gives all its requests the same type.
        rows = rows.exclude(origin=Origin.IMPORT)
    for answer, *texts in rows.values_list(field, *TEXTS).iterator(AT_ONCE):
        yield str(answer), "\n".join(texts)


def relearn(now: datetime) -> int:
    """Learn everything anew; returns how many words say something. Whoever asks meanwhile gets the former."""
    return sum(_keep(kind, list(taught(kind)), now) for kind in Lesson.Kind.values)


def _keep(kind: str, answered: list[tuple[str, str]], now: datetime) -> int:
    learnt, accuracy = learn(answered), judge(answered)
    with transaction.atomic():
        Lesson.objects.filter(kind=kind).delete()
        lesson = Lesson.objects.create(
            kind=kind,
            texts=dict(learnt.texts),
            words=dict(learnt.words),
            vocabulary=learnt.vocabulary,
            judged=accuracy.texts,
            right=accuracy.right,
            most_frequent=accuracy.most_frequent,
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
    helps = lesson.right - lesson.most_frequent >= BETTER_BY * lesson.judged
    if sum(lesson.texts.values()) < FEWEST_REQUESTS or not helps:
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
