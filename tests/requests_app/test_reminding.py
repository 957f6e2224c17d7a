"""What the portal says by itself: at the right time, once, to nobody about what was only imported."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from activity import clock, log
from activity.models import Event, FanOut, Origin
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.models import InboxEntry
from requests_app.choices import Status
from requests_app.discussion import comment
from requests_app.intake.edit import edit
from requests_app.models import Request
from requests_app.outcomes.record import postpone_measuring, record_outcome
from requests_app.reminding import REMINDERS, remind, say_what_is_due, stalled_after
from teams.models import Company, Person, Side
from tests.factories import holder, make_person, make_request, make_team
from tests.processes import PATIENCE
from tests.requests_app.scenes import make_scene
from tests.requests_app.test_races import at_once, kinds

NOON = datetime(2026, 10, 7, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORKERS = 6


def said(kind: str = "") -> list[tuple[str, int]]:
    events = Event.objects.filter(kind=kind) if kind else Event.objects.filter(actor=None)
    return list(events.order_by("id").values_list("kind", "object_id"))


def say(now: datetime = NOON) -> int:
    with clock.moved_to(now):
        return say_what_is_due(now)


def stalling(**fields: Any) -> Request:
    return make_request(fields.pop("status", Status.IN_PROGRESS), **{"progress_at": NOON - 8 * DAY, **fields})


# Stalled work ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_stall_is_said_once_however_long_it_lasts() -> None:
    request = stalling()
    assert [say(NOON + n * DAY) for n in range(5)] == [1, 0, 0, 0, 0]
    event = Event.objects.get()
    assert (event.kind, event.object_id, event.actor) == ("request.stalled", request.pk, None)
    assert event.data == {"since": (NOON - 8 * DAY).isoformat(), "turn": "it"}
    assert FanOut.objects.count() == 1
    assert Request.objects.get().is_stalled


@pytest.mark.django_db
def test_the_next_stall_is_said_again_after_something_moved() -> None:
    request = stalling()
    say()
    with clock.moved_to(NOON + DAY):
        edit(request.pk, {"title": "New"}, by=holder(request.it_owner), reason="Clearer")
    assert not Request.objects.get().is_stalled
    assert [say(NOON + DAY + n * DAY) for n in (1, 6, 8, 9)] == [0, 0, 1, 0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"progress_at": NOON - 7 * DAY}, 1),
        ({"progress_at": NOON - 7 * DAY + HOUR}, 0),
        ({"status": Status.SUBMITTED}, 1),
        ({"status": Status.PARKED}, 0),
        ({"status": Status.DRAFT}, 0),
        ({"waiting_for": "outside", "blocked_reason": "The supplier"}, 0),
        ({"waiting_for": "marketing", "blocked_reason": "A text"}, 1),
    ],
)
def test_stalled_is_what_is_open_not_blocked_outside_and_has_not_moved(
    fields: dict[str, Any], found: int
) -> None:
    stalling(**fields)
    assert say() == found


@pytest.mark.django_db
def test_an_administrator_sets_the_hours() -> None:
    assert stalled_after() == 7 * DAY
    stalling(progress_at=NOON - 2 * DAY)
    assert say() == 0
    Company.objects.create(id=1, name="Example", stalled_after_hours=24)
    assert say() == 1


@pytest.mark.django_db
def test_a_comment_is_no_progress() -> None:
    request = stalling()
    with clock.moved_to(NOON - HOUR):
        comment(request.pk, "Any news?", by=make_person())
    assert say() == 1


# Parked work ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_on_the_revisit_date_the_tandem_is_asked_once() -> None:
    request = make_request(Status.PARKED, revisit_on=NOON.date() + DAY)
    assert [say(NOON + n * DAY) for n in range(4)] == [0, 1, 0, 0]
    assert said() == [("request.revisit_asked", request.pk)]


@pytest.mark.django_db
def test_another_date_is_asked_for_again() -> None:
    request = make_request(Status.PARKED, revisit_on=NOON.date())
    say()
    Request.objects.filter(pk=request.pk).update(revisit_on=NOON.date() + 30 * DAY)
    assert [say(NOON + n * DAY) for n in (1, 30, 31)] == [0, 1, 0]


@pytest.mark.django_db
def test_the_day_begins_in_the_portals_zone() -> None:
    make_request(Status.PARKED, revisit_on=date(2026, 11, 26))
    assert say(datetime(2026, 11, 25, 22, 59, tzinfo=UTC)) == 0
    assert say(datetime(2026, 11, 25, 23, 1, tzinfo=UTC)) == 1


# Outcomes -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_marketing_is_asked_on_the_measuring_date_and_reminded_after_seven_days_once() -> None:
    make_request(Status.DONE, measured_on=NOON.date())
    assert [say(NOON + n * DAY) for n in (-1, 0, 1, 6, 7, 8, 30)] == [0, 1, 0, 0, 1, 0, 0]
    assert [kind for kind, _number in said()] == ["request.outcome_asked", "request.outcome_reminded"]


@pytest.mark.django_db
def test_who_was_asked_late_has_seven_days_all_the_same() -> None:
    make_request(Status.DONE, measured_on=NOON.date() - 60 * DAY)
    assert [say(NOON + n * DAY) for n in (0, 1, 6, 7)] == [1, 0, 0, 1]


@pytest.mark.django_db
def test_a_date_that_was_put_off_is_asked_for_again() -> None:
    request = make_request(Status.DONE, measured_on=NOON.date())
    say()
    with clock.moved_to(NOON + DAY):
        later = NOON.date() + 20 * DAY
        postpone_measuring(request.pk, later, "The campaign is late", by=holder(request.marketing_owner))
    assert [say(NOON + n * DAY) for n in (7, 19, 20, 21, 26, 27, 40)] == [0, 0, 1, 0, 0, 1, 0]


@pytest.mark.django_db
def test_what_is_recorded_or_reopened_is_not_asked_for() -> None:
    recorded, reopened = make_scene(Status.DONE, measured_on=NOON.date()), make_scene(Status.DONE)
    Request.objects.filter(pk=reopened.request.pk).update(measured_on=NOON.date())
    with clock.moved_to(NOON - DAY):
        reopened.do("reopen", "it_owner", reason="A bug")
        record_outcome(recorded.request.pk, Decimal(3), by=recorded.marketing_owner)
    assert say() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("lacking", ["baseline", "target", "measured_on"])
def test_where_nothing_can_be_compared_nobody_is_asked(lacking: str) -> None:
    make_request(Status.DONE, **{"measured_on": NOON.date(), lacking: None})
    assert say() == 0


# Imported requests ----------------------------------------------------------------------------------------


IMPORTED: dict[str, dict[str, Any]] = {
    "stalled": {"status": Status.IN_PROGRESS, "progress_at": NOON - 400 * DAY},
    "revisit": {"status": Status.PARKED, "revisit_on": NOON.date()},
    "outcome": {"status": Status.DONE, "measured_on": NOON.date()},
}


@pytest.mark.django_db
@pytest.mark.parametrize("fields", IMPORTED.values(), ids=IMPORTED)
def test_what_was_only_imported_wakes_nobody_until_somebody_takes_it_up(fields: dict[str, Any]) -> None:
    request = make_request(**fields, origin=Origin.IMPORT)
    with transaction.atomic(), log.origin(Origin.IMPORT):
        log.record("request.submitted", request, by=None)
    with clock.moved_to(NOON - 9 * DAY):
        comment(request.pk, "A note", by=make_person())
    assert say() == 0
    with clock.moved_to(NOON - 8 * DAY):
        edit(request.pk, {"title": "Ours now"}, by=holder(request.requester), reason="Taken up")
    assert say() == 1


# Told, and told once --------------------------------------------------------------------------------------


def told() -> set[Person]:
    fan_out()
    deliver_inbox()
    return {entry.person for entry in InboxEntry.objects.select_related("person")}


@pytest.mark.django_db
def test_the_side_whose_turn_it_is_hears_of_a_stall_and_the_lead_where_its_seat_is_empty() -> None:
    team = make_team(Side.IT)
    lead = make_person(lead_of=team)
    stalling(status=Status.SUBMITTED, serving_team=team)
    say()
    assert told() == {lead}
    held = stalling(serving_team=team)
    say()
    assert told() == {lead, held.it_owner}


@pytest.mark.django_db
def test_marketings_seat_alone_is_asked_for_the_outcome() -> None:
    request = make_request(Status.DONE, measured_on=NOON.date())
    say()
    assert told() == {request.marketing_owner}


@pytest.mark.django_db
def test_each_reminder_names_its_own_event() -> None:
    assert len({reminder.kind for reminder in REMINDERS.values()}) == len(REMINDERS)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_each_thing_is_said_by_one() -> None:
    for _ in range(4):
        stalling()
        make_request(Status.PARKED, revisit_on=NOON.date())
        make_request(Status.DONE, measured_on=NOON.date())
    outcomes = at_once(*(lambda: say(NOON) for _ in range(WORKERS)))
    assert kinds(outcomes) == {"int": WORKERS}
    # Whoever meets a row that another worker holds leaves it to that one.
    assert sum(outcomes) == Event.objects.count() == FanOut.objects.count() == 12
    assert len(set(said())) == 12
    assert say(NOON) == 0


@pytest.mark.django_db(transaction=True)
def test_a_request_that_is_being_changed_is_left_to_the_next_time() -> None:
    request = stalling()
    changing, looked = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            Request.objects.select_for_update().get(pk=request.pk)
            changing.set()
            looked.wait(timeout=PATIENCE)
        connection.close()

    editor = threading.Thread(target=change)
    editor.start()
    changing.wait(timeout=PATIENCE)
    assert remind("stalled", request.pk, NOON, by=None) is None
    looked.set()
    editor.join(timeout=PATIENCE)
    assert say() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_in_between_neither_repeats_nor_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = stalling(), stalling()
    tell, failing = log._append_to_be_told, [False, True]

    def dies(event: Event) -> None:
        if failing.pop(0):
            raise ConnectionResetError("the worker was killed")
        tell(event)

    with monkeypatch.context() as patched:
        patched.setattr(log, "_append_to_be_told", dies)
        with pytest.raises(ConnectionResetError):
            say()
    assert said() == [("request.stalled", first.pk)]
    assert say() == 1
    assert said() == [("request.stalled", first.pk), ("request.stalled", second.pk)]
