"""Opening a round, joining it, going through it, and closing it: one event each."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from requests_app.choices import AgendaOutcome
from requests_app.models import (
    LEAST_MINUTES,
    MOST_MINUTES,
    REASON_TEXT,
    Presence,
    Round,
    RoundItem,
)
from requests_app.querysets import HIGHEST_NUMBER
from requests_app.rounds.agenda import DEFAULT_MINUTES, USUAL_MINUTES, Waiting, agenda
from requests_app.rounds.decided import decided
from requests_app.rounds.meeting import Meeting, meeting_of
from requests_app.rounds.waiting import EVERYTHING, Scope, waiting_for_both
from teams.models import Person
from teams.rules import InvalidFields, Missing, RuleViolation, StaleVersion
from teams.texts import clean_text

CLOSED = "round.closed"


def open_round(
    *,
    by: Person,
    scope: Scope = EVERYTHING,
    minutes: int = DEFAULT_MINUTES,
    each: Mapping[str, int] = USUAL_MINUTES,
) -> Round:
    """Open a round about ``scope`` with the agenda of this moment; ``by`` is present.

    ``each`` says how many minutes a thing of each kind takes.

    :raises InvalidFields: for minutes out of bounds.
    :raises RuleViolation: ``not_yours`` for who was deactivated, ``nothing_waits``, ``already_done`` where a
        round about the same is open.
    """
    _check_minutes(minutes, each)
    with transaction.atomic():
        _check_active(by)
        chosen = agenda(waiting_for_both(by, scope, minutes), minutes, each)
        if not chosen:
            raise RuleViolation([Missing("nothing_waits", _("Nothing waits for both sides here."))])
        now = clock.now()
        opened = Round(
            opened_by=by,
            opened_at=now,
            scope=scope.key,
            scope_title=scope.title,
            board=scope.board,
            goal=scope.goal,
            minutes=minutes,
        )
        _insert(opened)
        Presence.objects.create(round=opened, person=by, joined_at=now)
        _put_on_agenda(opened, chosen, each)
        log.record("round.opened", opened, by=by, data={"scope": scope.key, "items": len(chosen)})
        return opened


def join_round(pk: int, *, by: Person) -> Round:
    """Take part. What not all who are present may see, is on the agenda of nobody from now on.

    Whoever is there already changes nothing.

    :raises Http404: where there is no such round.
    :raises RuleViolation: ``not_yours`` for who was deactivated; ``already_done`` where it is closed.
    """
    with transaction.atomic():
        found = _lock(pk)
        _check_active(by)
        if not found.presences.filter(person=by).exists():
            Presence.objects.create(round=found, person=by, joined_at=clock.now())
            _changed(found)
            log.record("round.joined", found, by=by)
        return found


def step(pk: int, *, by: Person, seen: int, back: bool = False) -> Round:
    """Go on to the next item, or back to the one before; ``seen`` is the id of the item that ``by`` sees.

    At the end, ``seen`` is 0. So two who press at once take one step.

    :raises Http404: where there is no such round.
    :raises RuleViolation: ``not_yours`` for who is not present; ``already_done`` where it is closed;
        ``wrong_status`` before the first and behind the last item.
    :raises StaleVersion: where another item is talked about by now.
    """
    with transaction.atomic():
        meeting = _meeting(pk, by, seen)
        previous, current = meeting.previous, meeting.current
        if (back and previous is None) or (not back and current is None):
            raise RuleViolation([Missing("wrong_status", _("There is nothing further in this direction."))])
        if back and previous is not None:
            _go_to(meeting.round, previous.position)
        elif current is not None:
            _go_to(meeting.round, current.position + 1)
        log.record("round.moved", meeting.round, by=by, data={"position": meeting.round.position})
        return meeting.round


def defer(pk: int, reason: str, *, by: Person, seen: int) -> Round:
    """Put off what is talked about, say why, and go on.

    :raises Http404: where there is no such round.
    :raises InvalidFields: without a reason, or with one that is too long.
    :raises RuleViolation: as ``step``.
    :raises StaleVersion: where another item is talked about by now.
    """
    reason = clean_text(reason, "reason", REASON_TEXT)
    if not reason:
        words = _("Say why it is put off, and what is needed to decide it.")
        raise InvalidFields([Missing("reason_missing", words, "reason")])
    with transaction.atomic():
        meeting = _meeting(pk, by, seen)
        item = meeting.current
        if item is None:
            raise RuleViolation([Missing("wrong_status", _("There is nothing left to put off."))])
        item.outcome, item.reason = AgendaOutcome.DEFERRED, reason
        item.save(update_fields=["outcome", "reason"])
        _go_to(meeting.round, item.position + 1)
        data = {"number": item.request_id, "reason": reason, "position": meeting.round.position}
        log.record("round.deferred", meeting.round, by=by, data=data)
        return meeting.round


def close_round(pk: int, *, by: Person) -> Round:
    """End the round: what was decided is decided, everything else was put off or left.

    Who closes it again changes nothing.

    :raises Http404: where there is no such round.
    :raises RuleViolation: ``not_yours`` for who is not present; ``already_done`` where another closed it.
    """
    with transaction.atomic():
        found = _lock(pk, closed=True)
        if not found.is_open:
            if found.closed_by_id == by.pk:
                return found
            raise _is_closed()
        meeting = meeting_of(found)
        _check_present(meeting, by)
        found.closed_by, found.closed_at = by, clock.now()
        people = [person.pk for person in meeting.present]
        settled = _settle(found, people)
        _changed(found)
        log.record(CLOSED, found, by=by, data={"present": people, "decided": settled})
        return found


# Under the lock ----------------------------------------------------------------------------------------
def _lock(pk: int, *, closed: bool = False) -> Round:
    """The round, held until the transaction ends; one that is closed only where that is asked for."""
    rows = Round.objects.select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=pk).first() if 0 < pk <= HIGHEST_NUMBER else None
    if found is None:
        raise Http404
    if not (closed or found.is_open):
        raise _is_closed()
    return found


def _is_closed() -> RuleViolation:
    return RuleViolation([Missing("already_done", _("This round is closed."))])


def _meeting(pk: int, by: Person, seen: int) -> Meeting:
    meeting = meeting_of(_lock(pk))
    _check_present(meeting, by)
    if seen != (meeting.current.pk if meeting.current else 0):
        raise StaleVersion(meeting.round.version)
    return meeting


def _check_present(meeting: Meeting, by: Person) -> None:
    if not meeting.has(by):
        raise RuleViolation([Missing("not_yours", _("Take part in the round first."))])


def _check_active(by: Person) -> None:
    if not Person.objects.filter(pk=by.pk, is_active=True).exists():
        raise RuleViolation([Missing("not_yours", _("Your account has been deactivated."))])


def _check_minutes(minutes: int, each: Mapping[str, int]) -> None:
    wrong = []
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        words = _("A round takes between %(least)d and %(most)d minutes.")
        wrong.append(Missing("invalid", words % {"least": LEAST_MINUTES, "most": MOST_MINUTES}, "minutes"))
    at_least = _("Give each kind at least one minute.")
    unfit = [kind for kind in USUAL_MINUTES if not 1 <= each.get(kind, 0) <= MOST_MINUTES]
    wrong += [Missing("invalid", at_least, kind) for kind in unfit]
    if wrong:
        raise InvalidFields(wrong)


def _insert(opened: Round) -> None:
    try:
        with transaction.atomic():
            opened.save()
    except IntegrityError as error:
        words = _("A round about this is open already. Take part in it.")
        raise RuleViolation([Missing("already_done", words)]) from error


def _put_on_agenda(opened: Round, chosen: list[Waiting], each: Mapping[str, int]) -> None:
    RoundItem.objects.bulk_create(
        RoundItem(round=opened, request_id=one.number, kind=one.kind, position=place, minutes=each[one.kind])
        for place, one in enumerate(chosen, start=1)
    )


def _go_to(found: Round, position: int) -> None:
    found.position = position
    _changed(found)


def _changed(found: Round) -> None:
    found.version += 1
    found.save(update_fields=["position", "version", "closed_by", "closed_at"])


def _settle(found: Round, people: list[int]) -> int:
    """Write down what became of each item; returns of how many something was decided."""
    items = list(found.items.all())
    numbers = decided([item.request_id for item in items], people, found.opened_at, clock.now())
    for item in items:
        if item.request_id in numbers:
            item.outcome = AgendaOutcome.DECIDED
        item.outcome = item.outcome or AgendaOutcome.LEFT
    RoundItem.objects.bulk_update(items, ["outcome"])
    return len(numbers)
