"""Each rule of how an incident becomes a request, on rows of a real log (data/README.md)."""

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db.models import QuerySet

from activity.models import Event, Origin
from requests_app.choices import RequestType, Status, Turn, WaitingFor
from requests_app.models import Request
from teams.models import Company, Person, Side, Team
from tests.factories import make_team
from tests.requests_app.importing.conftest import DATA, Import, Write

EXCERPT = DATA / "servicenow_excerpt.csv"
HEADER = EXCERPT.read_text().splitlines()[0].split(",")
pytestmark = pytest.mark.django_db

Log = Callable[..., Path]


def utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


@pytest.fixture
def imported(run_import: Import) -> None:
    lines = run_import(EXCERPT, "--team-column", "assignment_group", format_name="servicenow")
    assert lines == ["created 11, updated 0, skipped 0, failed 0"]


@pytest.fixture
def log(write: Write) -> Log:
    """Writes a log of rows that differ from a plain one in what is named."""

    def written(*rows: dict[str, str], name: str = "log.csv") -> Path:
        return write("\n".join([",".join(HEADER), *(row_of(row) for row in rows)]) + "\n", name)

    return written


def row_of(changes: dict[str, str]) -> str:
    plain = dict.fromkeys(HEADER, "?") | {
        "number": "INC1",
        "incident_state": "New",
        "sys_mod_count": "0",
        "opened_at": "01-03-2016 08:00",
        "sys_updated_at": "01-03-2016 08:00",
        "assignment_group": "Group 1",
    }
    return ",".join((plain | changes).values())


def request_of(number: str) -> Request:
    return Request.objects.get(import_key=f"servicenow:{number}")


def events_of(number: str) -> QuerySet[Event]:
    return Event.objects.filter(object_type="request", object_id=request_of(number).pk).order_by("id")


def steps_of(number: str) -> list[tuple[str, datetime]]:
    return [(event.kind, event.occurred_at) for event in events_of(number)]


def transitions_of(number: str) -> list[str]:
    return [kind.removeprefix("request.") for kind, _at in steps_of(number) if kind != "request.assigned"]


def test_an_incident_is_a_request_with_its_real_times(imported: None) -> None:
    request = request_of("INC0000060")
    assert request.title == "INC0000060 · Category 9 / Subcategory 97"
    assert request.type == RequestType.OTHER
    assert request.origin == Origin.IMPORT
    assert request.status == Status.DONE
    # The portal is in Berlin; in winter that is an hour before UTC.
    assert request.created_at == request.submitted_at == utc("2016-02-29 05:38")
    assert request.done_at == request.status_since == request.progress_at == utc("2016-03-02 11:06")
    assert request.turn == Turn.NOBODY


def test_each_change_of_state_is_an_event_at_its_time(imported: None) -> None:
    steps = [(kind, at) for kind, at in steps_of("INC0000060") if kind != "request.assigned"]
    assert steps == [
        ("request.submitted", utc("2016-02-29 05:38")),
        ("request.started", utc("2016-03-02 07:52")),
        ("request.delivered", utc("2016-03-02 11:06")),
    ]


def test_events_say_when_they_were_recorded_and_that_they_were_imported(imported: None) -> None:
    assert set(Event.objects.values_list("origin", flat=True)) == {Origin.IMPORT}
    recorded = Event.objects.earliest("recorded_at").recorded_at
    assert datetime.now(UTC) - recorded < timedelta(minutes=5)


def test_closed_changes_nothing(imported: None) -> None:
    assert transitions_of("INC0000066") == ["submitted", "delivered"]
    assert request_of("INC0000066").done_at == utc("2016-03-02 13:37")


def test_the_last_resolution_ends_when_the_log_says_so(imported: None) -> None:
    """It was resolved at 08:53 for the first time, and again, without activity between, at 11:29."""
    assert request_of("INC0000045").done_at == utc("2016-02-29 10:29")
    assert transitions_of("INC0000045") == ["submitted", "delivered"]


def test_without_a_resolution_time_the_end_is_the_closing(imported: None) -> None:
    assert request_of("INC0000093").done_at == utc("2016-03-05 09:00")
    assert events_of("INC0000093").get(kind="request.delivered").occurred_at == utc("2016-03-05 09:00")


def test_what_is_active_after_its_resolution_was_reopened(imported: None) -> None:
    assert transitions_of("INC0004118") == ["submitted", "started", "delivered", "reopened", "delivered"]
    first, second = events_of("INC0004118").filter(kind="request.delivered")
    assert first.occurred_at == utc("2016-03-14 10:06")
    assert second.occurred_at == request_of("INC0004118").done_at == utc("2016-03-15 08:24")
    reopened = events_of("INC0004118").get(kind="request.reopened")
    assert reopened.data["from"] == Status.DONE
    assert reopened.data["to"] == Status.IN_PROGRESS


def test_what_is_active_after_its_closing_was_reopened(run_import: Import, log: Log) -> None:
    rows = [("Resolved", "02"), ("Closed", "03"), ("Active", "04")]
    path = log(*({"incident_state": s, "sys_updated_at": f"{d}-03-2016 08:00"} for s, d in rows))
    run_import(path, format_name="servicenow")
    assert transitions_of("INC1") == ["submitted", "delivered", "reopened"]
    assert request_of("INC1").status == Status.IN_PROGRESS
    assert request_of("INC1").done_at is None


def test_new_after_more_has_happened_changes_nothing(imported: None) -> None:
    """The row New of INC0000137 is later than its resolution, though it was written before it."""
    assert transitions_of("INC0000137") == ["submitted", "delivered"]
    assert request_of("INC0000137").done_at == utc("2016-02-29 10:03")


def test_awaiting_the_user_is_blocked_and_marketing_acts(run_import: Import, log: Log) -> None:
    run_import(log({"incident_state": "Awaiting User Info"}), format_name="servicenow")
    request = request_of("INC1")
    assert (request.status, request.waiting_for) == (Status.IN_PROGRESS, WaitingFor.MARKETING)
    assert request.turn == Turn.MARKETING
    assert request.blocked_reason == "Awaiting User Info"


@pytest.mark.parametrize("state", ["Awaiting Vendor", "Awaiting Problem", "Awaiting Evidence"])
def test_awaiting_anything_else_is_blocked_outside(run_import: Import, log: Log, state: str) -> None:
    run_import(log({"incident_state": state}), format_name="servicenow")
    assert request_of("INC1").waiting_for == WaitingFor.OUTSIDE
    assert request_of("INC1").turn == Turn.NOBODY


def test_active_again_is_not_blocked_any_more(run_import: Import, log: Log) -> None:
    states = ["Awaiting Vendor", "Awaiting User Info", "Active"]
    rows = [{"incident_state": s, "sys_mod_count": str(n)} for n, s in enumerate(states)]
    run_import(log(*rows), format_name="servicenow")
    assert transitions_of("INC1") == ["submitted", "started", "blocked", "unblocked", "blocked", "unblocked"]
    assert request_of("INC1").waiting_for == ""
    assert request_of("INC1").turn == Turn.IT


def test_a_resolution_ends_the_block(imported: None) -> None:
    assert transitions_of("INC0000734") == ["submitted", "started", "blocked", "delivered"]
    assert request_of("INC0000734").waiting_for == ""
    assert transitions_of("INC0012937") == ["submitted", "started", "blocked", "delivered"]


def test_the_serving_team_is_the_last_group_that_is_known(run_import: Import, log: Log) -> None:
    groups = ["Group 1", "Group 2", "?"]
    rows = [{"assignment_group": group, "sys_mod_count": str(n)} for n, group in enumerate(groups)]
    run_import(log(*rows), "--team-column", "assignment_group", format_name="servicenow")
    team = request_of("INC1").serving_team
    assert team is not None
    assert (team.name, team.side) == ("Group 2", Side.IT)


def test_earlier_groups_are_told_in_the_timeline_alone(imported: None) -> None:
    told = (
        events_of("INC0000066")
        .filter(kind="request.assigned", shape=2)
        .values_list("data__named__serving_team", flat=True)
    )
    assert list(told) == ["Group 70", "Group 54"]
    served = set(Request.objects.values_list("serving_team__name", flat=True))
    assert set(Team.objects.exclude(slug="service-desk").values_list("name", flat=True)) <= served


def test_without_a_known_group_the_named_team_serves(imported: None, desk: Team) -> None:
    assert request_of("INC0000358").serving_team == desk
    assert request_of("INC0000358").title == "INC0000358"


def test_without_a_team_column_the_named_team_serves_all(run_import: Import, desk: Team) -> None:
    run_import(EXCERPT, format_name="servicenow")
    assert set(Request.objects.values_list("serving_team", flat=True)) == {desk.pk}


def test_a_team_that_exists_is_found_by_its_name(run_import: Import, log: Log) -> None:
    there = make_team(Side.IT, name="group 1", slug="first")
    run_import(log({}), "--team-column", "assignment_group", format_name="servicenow")
    assert request_of("INC1").serving_team == there


def test_a_team_of_another_side_fails_its_incident(run_import: Import, log: Log) -> None:
    make_team(Side.MARKETING, name="Group 1")
    lines = run_import(log({}), "--team-column", "assignment_group", format_name="servicenow")
    assert lines[-1] == "created 0, updated 0, skipped 0, failed 1"
    assert "Group 1" in lines[0]


def test_nothing_is_earlier_than_its_opening(run_import: Import, log: Log) -> None:
    early = {"sys_updated_at": "01-02-2016 08:00", "resolved_at": "01-02-2016 09:00"}
    run_import(log({"incident_state": "Resolved", **early}), format_name="servicenow")
    assert {at for _kind, at in steps_of("INC1")} == {utc("2016-03-01 07:00")}
    assert request_of("INC1").done_at == utc("2016-03-01 07:00")


def test_rows_are_ordered_by_their_time_then_by_their_modification(run_import: Import, log: Log) -> None:
    rows = [("Active", "10", "02"), ("Awaiting Vendor", "9", "02"), ("New", "30", "01")]
    written = (
        {"incident_state": state, "sys_mod_count": n, "sys_updated_at": f"{day}-03-2016 08:00"}
        for state, n, day in rows
    )
    run_import(log(*written), format_name="servicenow")
    assert transitions_of("INC1") == ["submitted", "started", "blocked", "unblocked"]


def test_times_are_in_the_portals_zone(run_import: Import, log: Log) -> None:
    Company.objects.create(pk=1, name="Acme", time_zone="America/New_York")
    run_import(log({}), format_name="servicenow")
    assert request_of("INC1").created_at == utc("2016-03-01 13:00")


def test_people_are_text_and_never_accounts(imported: None) -> None:
    assert not Person.objects.exists()
    assert request_of("INC0000060").requester is None
    submitted = events_of("INC0000060").get(kind="request.submitted")
    assert submitted.actor is None
    assert submitted.data["by"] == "Opened by 180"
    assert submitted.data["people"] == {"opened_by": "Opened by 180", "caller": "Caller 4491"}
    assert events_of("INC0000060").get(kind="request.delivered").data["by"] == "Resolved by 113"


def test_rows_of_an_incident_may_lie_apart(run_import: Import, log: Log) -> None:
    path = log({"number": "A"}, {"number": "B"}, {"number": "A", "incident_state": "Active"})
    assert run_import(path, format_name="servicenow") == ["created 2, updated 0, skipped 0, failed 0"]
    assert request_of("A").status == Status.IN_PROGRESS


BAD_CELLS: dict[str, tuple[dict[str, str], str]] = {
    "state": ({"incident_state": "-100"}, "-100"),
    "unknown opening": ({"opened_at": "?"}, "opened_at"),
    "no date": ({"opened_at": "31-02-2016 08:00"}, "31-02-2016"),
    "no number": ({"sys_mod_count": "many"}, "many"),
    "a number without end": ({"sys_mod_count": "9" * 5000}, "999"),
    "future": ({"sys_updated_at": "01-03-2999 08:00"}, "sys_updated_at"),
    "too long": ({"category": "x" * 100_000}, "category"),
    "control character": ({"category": "a\x07b"}, "category"),
}


@pytest.mark.parametrize("name", sorted(BAD_CELLS))
def test_a_bad_cell_fails_its_incident_alone(run_import: Import, log: Log, name: str) -> None:
    cells, named = BAD_CELLS[name]
    good = {"number": "INC2"}
    lines = run_import(log({}, good, cells, {"incident_state": "Active"}), format_name="servicenow")
    assert lines[-1] == "created 1, updated 0, skipped 0, failed 1"
    assert "4" in lines[0]
    assert "INC1" in lines[0]
    assert named in lines[0]
    assert list(Request.objects.values_list("import_key", flat=True)) == ["servicenow:INC2"]


def test_a_row_with_too_few_cells_fails_its_incident(run_import: Import, write: Write) -> None:
    lines = [",".join(HEADER), row_of({}), "INC1,New", row_of({"number": "INC2"})]
    found = run_import(write("\n".join(lines)), format_name="servicenow")
    assert found[-1] == "created 1, updated 0, skipped 0, failed 1"


def test_a_row_without_a_number_fails_alone(run_import: Import, log: Log) -> None:
    found = run_import(log({"number": "?"}, {"number": ""}, {}), format_name="servicenow")
    assert found[-1] == "created 1, updated 0, skipped 0, failed 2"


def test_an_incident_of_endless_rows_fails(
    run_import: Import, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests_app.importing.servicenow.MOST_ROWS", 3)
    found = run_import(log(*[{}] * 4, *[{"number": "INC2"}] * 3), format_name="servicenow")
    assert found[-1] == "created 1, updated 0, skipped 0, failed 1"


def test_a_second_run_changes_nothing(imported: None, run_import: Import) -> None:
    before = list(Event.objects.order_by("id").values())
    lines = run_import(EXCERPT, "--team-column", "assignment_group", format_name="servicenow")
    assert lines == ["created 0, updated 0, skipped 11, failed 0"]
    assert list(Event.objects.order_by("id").values()) == before


def test_a_longer_log_goes_on_where_the_first_ended(run_import: Import, log: Log) -> None:
    new: dict[str, str] = {}
    active = {"incident_state": "Active", "sys_updated_at": "02-03-2016 08:00"}
    done = {"incident_state": "Resolved", "sys_updated_at": "03-03-2016 08:00"}
    run_import(log(new, active), format_name="servicenow")
    before = steps_of("INC1")
    lines = run_import(log(new, active, done), format_name="servicenow")
    assert lines == ["created 0, updated 1, skipped 0, failed 0"]
    assert steps_of("INC1") == [*before, ("request.delivered", utc("2016-03-03 07:00"))]
    assert request_of("INC1").status == Status.DONE


def excerpt_rows() -> Iterator[dict[str, str]]:
    with EXCERPT.open(newline="") as file:
        yield from csv.DictReader(file)


def test_no_request_lies_outside_its_rows_times(imported: None) -> None:
    numbers = {row["number"] for row in excerpt_rows()}
    assert Request.objects.count() == len(numbers)
    for request in Request.objects.all():
        times = Event.objects.filter(object_type="request", object_id=request.pk).values_list(
            "occurred_at", flat=True
        )
        assert min(times) == request.created_at
        assert max(times) <= request.updated_at


def test_the_columns_may_have_other_names(run_import: Import, write: Write) -> None:
    header = ",".join(HEADER).replace("incident_state", "Zustand")
    mapping = write('{"incident_state": "Zustand"}', "mapping.json")
    path = write(f"{header}\n{row_of({})}\n")
    found = run_import(path, "--mapping", str(mapping), format_name="servicenow")
    assert found == ["created 1, updated 0, skipped 0, failed 0"]
