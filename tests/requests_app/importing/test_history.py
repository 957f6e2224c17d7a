"""The one door of imported history: what it keeps, what it skips, and that it is all or nothing."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from activity import clock
from activity.models import Event, FanOut, Origin
from requests_app.boards import locks
from requests_app.choices import Status
from requests_app.importing.history import Entered, History, Step, enter_history, foresee
from requests_app.models import Request
from teams.models import Side
from tests.factories import make_request, make_team

pytestmark = pytest.mark.django_db

LONG_AGO = clock.now() - timedelta(days=400)


def history(key: str = "x:1", *steps: Step, **fields: object) -> History:
    first = Step("submit", LONG_AGO, Status.SUBMITTED)
    return History(key, {"title": "Vouchers", "type": "other", **fields}, (first, *steps))


def test_it_skips_the_conditions_of_transitions() -> None:
    """No owner, no team, no goal, no result, and straight from submitted to done."""
    entered = enter_history([history("x:1", Step("deliver", LONG_AGO + timedelta(days=3), Status.DONE))])
    assert entered == Entered(created=1)
    request = Request.objects.get()
    assert (request.status, request.origin, request.version) == (Status.DONE, Origin.IMPORT, 2)
    assert request.done_at == LONG_AGO + timedelta(days=3)


def test_it_does_not_skip_the_constraints_of_the_database() -> None:
    with pytest.raises(IntegrityError):
        enter_history([history(restricted=True)])


def test_it_is_all_or_nothing() -> None:
    with pytest.raises(IntegrityError):
        enter_history([history("x:1"), history("x:2", restricted=True)])


@pytest.mark.django_db(transaction=True)
def test_nothing_stays_where_the_log_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise ConnectionResetError("the database went away in the middle")

    monkeypatch.setattr("requests_app.importing.history.log.record_many", fail)
    with pytest.raises(ConnectionResetError):
        enter_history([history()])
    assert not Request.objects.exists()
    assert not Event.objects.exists()


def test_no_change_goes_without_its_event_and_nobody_is_told() -> None:
    steps = (
        Step("start", LONG_AGO + timedelta(days=1), Status.IN_PROGRESS),
        Step("block", waiting_for="it", reason="Later"),
    )
    enter_history([history("x:1", *steps), history("x:2")])
    assert Event.objects.count() == 4
    assert not FanOut.objects.exists()
    assert not Event.objects.exclude(origin=Origin.IMPORT, actor=None).exists()


def test_an_event_tells_from_where_to_where() -> None:
    enter_history([history("x:1", Step("park", LONG_AGO, Status.PARKED, reason="Later", told={"by": "Ada"}))])
    data = Event.objects.get(kind="request.parked").data
    assert (data["action"], data["from"], data["to"]) == ("park", Status.SUBMITTED, Status.PARKED)
    assert (data["reason"], data["by"], data["version"]) == ("Later", "Ada", 2)
    assert data["before"]["status"] == Status.SUBMITTED


def test_a_step_without_a_moment_happens_now() -> None:
    before = clock.now()
    enter_history([history("x:1", Step("start", None, Status.IN_PROGRESS))])
    assert Request.objects.get().status_since >= before
    assert foresee([history("x:1", Step("start", None, Status.IN_PROGRESS))]) == Entered(skipped=1)


def test_ranks_go_below_what_is_there() -> None:
    there = make_request(Status.DONE)
    done = [
        history(f"x:{n}", Step("deliver", LONG_AGO + timedelta(days=n), Status.DONE)) for n in range(1, 30)
    ]
    enter_history(done)
    ranked = Request.objects.filter(status=Status.DONE).order_by("rank")
    assert ranked[0] == there
    assert list(ranked.values_list("import_key", flat=True)[1:3]) == ["x:29", "x:28"]
    assert len(set(ranked.values_list("rank", flat=True))) == 30


def test_statuses_are_locked_in_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    locked: list[str] = []
    monkeypatch.setattr(locks, "lock_status", locked.append)
    enter_history([history("x:1", Step("deliver", LONG_AGO, Status.DONE)), history("x:2")])
    assert locked == [Status.SUBMITTED, Status.DONE]


def test_a_shorter_history_takes_nothing_back() -> None:
    enter_history([history("x:1", Step("deliver", LONG_AGO, Status.DONE))])
    assert enter_history([history()]) == Entered(skipped=1)
    assert Request.objects.get().status == Status.DONE


def test_another_team_is_told_as_a_correction() -> None:
    first, second = make_team(Side.IT), make_team(Side.IT)
    enter_history([history(serving_team=first)])
    assert enter_history([history(serving_team=second)]) == Entered(updated=1)
    changes = Event.objects.get(kind="request.edited").data["changes"]
    assert changes == {"serving_team": {"from": first.pk, "to": second.pk}}


def test_foresee_writes_nothing() -> None:
    assert foresee([history(), history(), history("x:2")]) == Entered(created=2, skipped=1)
    assert not Request.objects.exists()
