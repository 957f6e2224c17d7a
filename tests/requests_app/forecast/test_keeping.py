"""Forecasts from the database, kept until something happens."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activity import clock
from activity.models import Event
from requests_app.boards.move import move
from requests_app.choices import Status
from requests_app.forecast.keeping import forecast_for, forecasts_for, forget
from requests_app.forecast.outlooks import Forecast, State
from requests_app.forecast.reading import record_of_teams
from requests_app.importing.history import History, Step, enter_history
from requests_app.intake.edit import edit
from requests_app.models import Request, SharedHistory, TeamForecasts
from teams.models import Side, Team
from tests.factories import make_request, make_team
from tests.requests_app.scenes import legal_rows, make_scene

pytestmark = pytest.mark.django_db
# Where nothing is kept, not even the shared history of the day.
COLD = 12


def past(team: Team, *lasted: float) -> None:
    """Requests that another system tells of: begun long ago, done after so many days."""
    now, there = clock.now(), Request.objects.count()
    steps = [
        (now - timedelta(days=100 + 2 * n), now - timedelta(days=100 + 2 * n - days))
        for n, days in enumerate(lasted)
    ]
    enter_history(
        [
            History(
                f"old:{team.pk}:{there + n}",
                {"title": f"Old {n}", "type": "other", "serving_team": team},
                [
                    Step("submit", begin - timedelta(days=3), Status.SUBMITTED),
                    Step("start", begin, Status.IN_PROGRESS),
                    Step("deliver", end, Status.DONE),
                ],
            )
            for n, (begin, end) in enumerate(steps)
        ]
    )


def started(team: Team, **fields: Any) -> Request:
    """A request of the team that was begun through the workflow a day ago."""
    scene = make_scene("ready", serving_team=team, **fields)
    with clock.moved_to(clock.now() - timedelta(days=1)):
        return scene.do("start", "it_owner")


def made() -> list[str]:
    return list(TeamForecasts.objects.order_by("pk").values_list("made_for", flat=True))


def test_a_request_at_work_gets_its_dates_from_its_team() -> None:
    team = make_team(Side.IT)
    past(team, *range(1, 41))
    found = forecast_for(started(team))
    assert (found.state, found.basis is not None and found.basis.borrowed) == (State.DATED, False)
    today = timezone.localdate(clock.now())
    assert found.half is not None
    assert found.likely is not None
    assert today + timedelta(days=17) <= found.half <= today + timedelta(days=24) < found.likely
    # What comes out of the database is what was made.
    assert forecast_for(Request.objects.get(number=found.number)) == found


def test_a_thin_team_borrows_from_the_others() -> None:
    past(make_team(Side.IT), *range(2, 42))
    found = forecast_for(started(make_team(Side.IT)))
    assert found.basis is not None
    assert (found.basis.borrowed, found.basis.deliveries) == (True, 40)


def test_work_not_begun_has_its_place_on_the_board() -> None:
    team = make_team(Side.IT)
    past(team, *[5.0] * 40)
    shaping, second, first = (make_scene("ready", serving_team=team) for _n in range(3))
    shaping.do("rethink", "it_owner", reason="Again")
    for scene in (first, second):
        # There and back, so that an event tells of it; each goes to the top.
        scene.do("rethink", "it_owner", reason="Again")
        Request.objects.filter(pk=scene.request.pk).update(status="ready", rank=f"Z{scene is second:d}")
    found = forecasts_for([scene.fresh() for scene in (shaping, second, first)])
    places = {number: one.basis.place for number, one in found.items() if one.basis}
    assert places == {first.request.number: 1, second.request.number: 2, shaping.request.number: 3}


def test_closed_requests_and_those_without_a_team_have_none() -> None:
    closed = make_request(Status.PARKED)
    nobodys = make_request(Status.SUBMITTED, serving_team=None)
    assert forecasts_for([closed, nobodys]) == {
        closed.number: Forecast(closed.number, State.NOT_OPEN),
        nobodys.number: Forecast(nobodys.number, State.NO_TEAM),
    }
    assert not TeamForecasts.objects.exists()


def test_a_request_that_no_event_tells_of_has_no_history() -> None:
    lonely = make_request(
        Status.IN_PROGRESS, deadline=timezone.localdate(clock.now()), deadline_reason="Fair"
    )
    assert forecast_for(lonely) == Forecast(lonely.number, State.NO_HISTORY, deadline=lonely.deadline)


def test_kept_forecasts_are_used_until_something_happens_to_an_open_request() -> None:
    team = make_team(Side.IT)
    past(team, *range(1, 41))
    request = started(team)
    first = forecast_for(request)
    stamp = made()
    assert forecast_for(request) == first
    assert made() == stamp
    make_scene("ready", serving_team=team)
    forecast_for(request)
    assert made() != stamp


@pytest.mark.parametrize("change", ["block", "hand_over", "park", "edit", "move"])
def test_every_kind_of_change_leads_to_another_stamp(change: str) -> None:
    scene = make_scene("in_progress" if change != "move" else "ready")
    other = make_scene("ready", serving_team=scene.it_team)
    forecast_for(scene.fresh())
    stamp = made()
    if change == "edit":
        edit(scene.request.number, {"title": "Another"}, by=scene.it_lead, reason="Clearer")
    elif change == "move":
        move(scene.request.number, by=scene.it_lead, status="ready", before=None, after=other.request.number)
    else:
        inputs = legal_rows()[change].inputs
        scene.do(change, "it_owner", **inputs)
    forecast_for(other.fresh())
    assert made() != stamp


def test_the_next_day_everything_is_made_anew() -> None:
    team = make_team(Side.IT)
    past(team, *range(1, 41))
    request = started(team)
    forecast_for(request)
    stamp, days = made(), list(SharedHistory.objects.values_list("day", flat=True))
    with clock.moved_to(clock.now() + timedelta(days=1)):
        forecast_for(request)
    assert made() != stamp
    assert list(SharedHistory.objects.values_list("day", flat=True)) == [days[0] + timedelta(days=1)]


def test_a_forecast_that_came_too_late_is_not_believed() -> None:
    team = make_team(Side.IT)
    past(team, *range(1, 41))
    request = started(team)
    right = forecast_for(request)
    # As somebody would leave it who had read before the last change and wrote after it.
    TeamForecasts.objects.update(made_for="earlier", forecasts={str(request.number): "nonsense"})
    assert forecast_for(request) == right


def test_imported_history_makes_all_that_is_kept_worthless() -> None:
    team = make_team(Side.IT)
    request = started(team)
    assert forecast_for(request).state == State.NO_HISTORY
    past(team, *range(1, 41))
    assert not TeamForecasts.objects.exists()
    assert forecast_for(request).state == State.DATED


def test_an_incident_counts_from_its_opening() -> None:
    team, now = make_team(Side.IT), clock.now()
    for prefix in ("servicenow", "csv"):
        at = now - timedelta(days=9)
        row = {"title": prefix, "type": "other", "serving_team": team}
        enter_history([History(f"{prefix}:1", row, [Step("submit", at, Status.SUBMITTED)])])
    record = record_of_teams([team.pk])
    begun = dict(zip(record.request.tolist(), (record.begin == record.enter).tolist(), strict=True))
    keys = dict(Request.objects.values_list("import_key", "number"))
    assert begun == {keys["servicenow:1"]: True, keys["csv:1"]: False}


def test_a_step_taken_back_counts_as_never_taken() -> None:
    scene = make_scene("ready")
    scene.do("start", "it_owner")
    scene.do("undo", "it_owner")
    record = record_of_teams([scene.it_team.pk])
    # Its stay in ready began before any event told of it.
    assert not (record.begin == record.enter).any()


def test_restricted_requests_count_and_are_not_named() -> None:
    team = make_team(Side.IT)
    past(team, *range(2, 42))
    Request.objects.update(restricted=True)
    found = forecast_for(started(team))
    assert found.basis is not None
    assert found.basis.deliveries == 40


def queries(requests: Iterable[Request]) -> tuple[int, int]:
    """How many it takes when nothing is kept, and when everything is."""
    forget()
    with CaptureQueriesContext(connection) as cold:
        forecasts_for(requests)
    with CaptureQueriesContext(connection) as warm:
        forecasts_for(requests)
    return len(cold), len(warm)


def test_many_requests_of_many_teams_take_as_many_queries_as_one() -> None:
    teams = [make_team(Side.IT) for _n in range(4)]
    for team in teams:
        past(team, *range(1, 13))
    few = queries([started(teams[0])])
    many = queries([started(team) for team in teams for _n in range(3)])
    assert many == few
    assert few == (COLD, 3)


def test_reading_a_forecast_writes_no_event() -> None:
    request = started(make_team(Side.IT))
    events = Event.objects.count()
    forecast_for(request)
    assert Event.objects.count() == events
