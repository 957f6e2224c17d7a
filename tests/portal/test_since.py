"""What others did with one's requests since the last visit."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from activity import clock
from portal.since import MOST_LINES, Changed, changed_since
from requests_app.choices import Status
from requests_app.discussion import comment
from requests_app.models import Request
from requests_app.scoring.enter import Given, enter_scores
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person
from tests.factories import holder, make_person, make_request, scores
from tests.requests_app.scenes import in_days

pytestmark = pytest.mark.django_db
DAYS = {"best": Decimal(2), "likely": Decimal(3), "worst": Decimal(8)}


@pytest.fixture
def row() -> Request:
    return make_request(Status.READY, title="Choose topics")


def read(person: Person, since: datetime | None = None) -> list[Changed]:
    with translation.override("en"):
        return changed_since(person, since or clock.now() - timedelta(hours=1))


def lines(person: Person) -> list[str]:
    return [line for one in read(person) for line in one.lines]


def test_it_says_who_did_what(row: Request) -> None:
    it = holder(row.it_owner)
    perform("start", row.pk, by=it)
    (changed,) = read(holder(row.requester))
    assert changed.request.title == "Choose topics"
    assert changed.lines == [f"{it.name} started work on this request."]


def test_on_the_first_visit_nothing_is_new(row: Request) -> None:
    perform("start", row.pk, by=holder(row.it_owner))
    assert changed_since(holder(row.requester), None) == []


def test_what_was_before_is_not_told(row: Request) -> None:
    with clock.moved_to(clock.now() - timedelta(hours=2)):
        comment(row.pk, "Long ago.", by=make_person())
    assert read(holder(row.requester)) == []


def test_after_a_long_absence_the_last_month_is_told(row: Request) -> None:
    for days in (31, 29):
        with clock.moved_to(clock.now() - timedelta(days=days)):
            comment(row.pk, "A thought.", by=make_person())
    (changed,) = read(holder(row.requester), clock.now() - timedelta(days=300))
    assert len(changed.lines) == 1


def test_ones_own_doing_is_no_news(row: Request) -> None:
    perform("start", row.pk, by=holder(row.it_owner))
    assert read(holder(row.it_owner)) == []


def test_requests_of_others_are_no_news(row: Request) -> None:
    comment(row.pk, "A thought.", by=make_person())
    assert read(make_person()) == []


def test_what_one_may_no_longer_see_is_not_told() -> None:
    row = make_request(Status.DRAFT)
    assert read(holder(row.requester)) == []
    gone = make_request(Status.READY)
    comment(gone.pk, "A thought.", by=make_person())
    person = holder(gone.requester)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    person.refresh_from_db()
    assert read(person) == []


def test_a_step_that_was_taken_back_is_not_told(row: Request) -> None:
    why = Inputs(reason="Not now.", revisit_on=in_days(30))
    perform("park", row.pk, by=holder(row.it_owner), inputs=why)
    perform("undo", row.pk, by=holder(row.it_owner))
    assert lines(holder(row.requester)) == []


def test_that_one_side_has_scored_is_told_when_both_have() -> None:
    row = make_request(Status.SHAPING)
    it, marketing = holder(row.it_owner), holder(row.marketing_owner)
    enter_scores(row.pk, "it", Given(scores(5), DAYS), by=it)
    assert lines(marketing) == []
    enter_scores(row.pk, "marketing", Given(scores(4), {}), by=marketing)
    assert len(lines(it)) == 1


def test_they_are_grouped_the_newest_first(row: Request) -> None:
    other = make_request(Status.READY, requester=row.requester)
    for request in (row, other):
        for _ in range(MOST_LINES + 2):
            comment(request.pk, "A thought.", by=make_person())
    first, second = read(holder(row.requester))
    assert (first.request.number, second.request.number) == (other.pk, row.pk)
    assert (len(first.lines), first.more) == (MOST_LINES, 2)


def test_it_takes_one_query_however_much_happened(
    row: Request, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = holder(row.requester)
    person.keep_teams()
    person.own_teams()
    for _ in range(5):
        comment(row.pk, "A thought.", by=make_person())
    with django_assert_num_queries(1):
        changed_since(person, clock.now() - timedelta(hours=1))
