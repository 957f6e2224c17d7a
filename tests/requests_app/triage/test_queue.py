"""The order of the queue: what is due first stands first, over all that waits and whatever the holidays."""

from datetime import UTC, datetime, timedelta

import pytest

from activity import clock
from activity.models import Origin
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.triage.queue import BY_RANK, SHOWN, Line, Look, lines, listed, new_ones
from teams.models import Person, Side, Team
from tests.factories import make_admin, make_request, make_team

pytestmark = pytest.mark.django_db

# A Thursday; the Friday is a holiday in Saxony, whose answers are due a working day later.
EVE = datetime(2025, 10, 30, 11, 0, tzinfo=UTC)


@pytest.fixture
def admin() -> Person:
    return make_admin()


@pytest.fixture
def saxony() -> Team:
    return make_team(Side.IT, country="DE", region="SN")


@pytest.fixture
def nowhere() -> Team:
    return make_team(Side.IT)


def come(team: Team | None, at: datetime, count: int = 1, **fields: object) -> list[int]:
    rows = [make_request(Status.SUBMITTED, serving_team=team, title=f"Need {n}") for n in range(count)]
    for n, row in enumerate(rows):
        Request.objects.filter(pk=row.pk).update(submitted_at=at + timedelta(seconds=n), **fields)
    return [row.number for row in rows]


def queue(person: Person, look: Look = Look(), teams: list[Team] | None = None) -> list[Line]:  # noqa: B008 - frozen
    rows = listed(new_ones(person, teams), look, teams or Team.objects.filter(side=Side.IT))
    return lines(rows, look, EVE + timedelta(days=4))


def numbers(found: list[Line]) -> list[int]:
    return [line.request.number for line in found]


def test_holidays_come_into_the_order_beyond_what_is_shown(
    admin: Person, saxony: Team, nowhere: Team
) -> None:
    early = come(saxony, EVE, SHOWN + 5)
    later = come(nowhere, EVE + timedelta(hours=1), 3)
    found = queue(admin)
    # Those that came later are due earlier: their team works on Reformation Day.
    assert numbers(found)[:4] == [*later, early[0]]
    assert found[0].clock
    assert found[3].clock
    assert found[0].clock.due < found[3].clock.due


def test_the_order_is_that_of_all_due_moments(admin: Person, saxony: Team, nowhere: Team) -> None:
    for n in range(12):
        come([saxony, nowhere, None][n % 3], EVE + timedelta(hours=5 * (n % 5)))
    due = [line.clock.due for line in queue(admin) if line.clock]
    assert len(due) == 12
    assert due == sorted(due)


def test_of_two_that_are_due_at_the_same_moment_the_first_to_come_is_first(
    admin: Person, nowhere: Team
) -> None:
    # At the weekend nobody works: both are due at the same hour of Tuesday.
    saturday = datetime(2025, 11, 8, 11, 0, tzinfo=UTC)
    (second,) = come(nowhere, saturday + timedelta(hours=2))
    (first,) = come(None, saturday)
    assert numbers(queue(admin)) == [first, second]


def test_what_is_answered_stands_behind_all_that_wait(admin: Person, saxony: Team, nowhere: Team) -> None:
    (answered,) = come(nowhere, EVE, first_response_at=EVE)
    (imported,) = come(None, EVE - timedelta(days=9), origin=Origin.IMPORT)
    (waits,) = come(saxony, EVE + timedelta(days=1))
    assert numbers(queue(admin))[0] == waits
    assert set(numbers(queue(admin))[1:]) == {answered, imported}


def test_one_calendar_needs_no_other_rows(admin: Person, nowhere: Team) -> None:
    came = come(nowhere, EVE, SHOWN + 5)
    assert numbers(queue(admin, teams=[nowhere])) == came[: SHOWN + 1]


def test_what_is_put_aside_is_not_in_turn(admin: Person, saxony: Team, nowhere: Team) -> None:
    later = clock.now() + timedelta(days=2)
    (aside,) = come(saxony, EVE, snoozed_until=later)
    (waits,) = come(nowhere, EVE)
    assert numbers(queue(admin)) == [waits]
    assert numbers(queue(admin, Look(aside=True))) == [aside]


def test_the_order_of_the_boards_is_kept_where_it_is_asked_for(
    admin: Person, saxony: Team, nowhere: Team
) -> None:
    come(saxony, EVE + timedelta(days=1), 2)
    come(nowhere, EVE, 2)
    ranked = Request.objects.filter(status=Status.SUBMITTED).order_by("rank").values_list("number", flat=True)
    assert numbers(queue(admin, Look(order=BY_RANK))) == list(ranked)
