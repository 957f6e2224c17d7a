"""Pointing people to something on their first page without nagging: things once, a kind once a week."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404

from activity import clock
from teams.models import Person, Pointer

# Whoever does not take it up within a day is left alone until a week has passed since it was shown.
SHOWN_FOR = timedelta(days=1)
QUIET_FOR = timedelta(days=7)


def shown_lately(person: Person, now: datetime) -> dict[str, Pointer]:
    """What ``person`` was pointed to within a week, by kind: nothing new of these kinds is due. One query."""
    rows = Pointer.objects.filter(person=person, shown_at__gt=now - QUIET_FOR).order_by("shown_at")
    return {row.kind: row for row in rows}


def still_shows(pointer: Pointer, now: datetime) -> bool:
    """Whether it stands on the first page: for a day, unless it was waved away."""
    return pointer.dismissed_at is None and now - pointer.shown_at < SHOWN_FOR


def seen_before(person: Person, kind: str) -> "QuerySet[Pointer]":
    """All that ``person`` was ever pointed to of a kind."""
    return Pointer.objects.filter(person=person, kind=kind)


def point_to(person: Person, kind: str, about: int, substance: int = 0) -> Pointer | None:
    """Keep that ``person`` is shown this now; None where another tab was quicker with something of the kind.

    As the note of a visit it is no change of anything: no event tells of it.
    """
    now = clock.now()
    monday = (now - timedelta(days=now.weekday())).date()
    shown = Pointer(person=person, kind=kind, about=about, substance=substance, week=monday, shown_at=now)
    try:
        with transaction.atomic():
            shown.save(force_insert=True)
    except IntegrityError:
        return None
    return shown


def wave_away(person: Person, pointer_id: int) -> None:
    """Take it off the first page of ``person`` for good; a second time changes nothing.

    :raises Http404: where there is no such pointer of theirs.
    """
    mine = Pointer.objects.filter(person=person, pk=pointer_id)
    if not mine.exists():
        raise Http404
    mine.filter(dismissed_at=None).update(dismissed_at=clock.now())
