"""What joins teams, month by month."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from activity import clock
from knowhow.models import TeamTie
from requests_app.bridging.ties import recount, ties_since
from requests_app.models import Comment
from teams.models import Confirmation, Side, Team
from tests.factories import make_comment, make_goal, make_person, make_request, make_solution, make_team
from tests.knowhow.bridges.meetings import held

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def marketing() -> Team:
    return make_team(Side.MARKETING)


@pytest.fixture
def it() -> Team:
    return make_team(Side.IT)


def between(marketing: Team, it: Team, at: datetime = NOW, **fields: Any) -> None:
    make_request(requesting_team=marketing, serving_team=it, progress_at=at, **fields)


def rows() -> list[tuple[date, int, int, int, int]]:
    return list(TeamTie.objects.order_by("month").values_list("month", "one", "other", "requests", "answers"))


def test_requests_join_the_team_that_asks_and_the_one_that_serves(marketing: Team, it: Team) -> None:
    between(marketing, it)
    between(marketing, it, datetime(2026, 10, 31, 23, tzinfo=UTC))
    between(marketing, it, datetime(2026, 10, 1, tzinfo=UTC))
    assert recount(NOW) == 2
    one, other = sorted([marketing.pk, it.pk])
    assert rows() == [(date(2026, 10, 1), one, other, 2, 0), (date(2026, 11, 1), one, other, 1, 0)]


def test_counting_again_changes_nothing(marketing: Team, it: Team) -> None:
    between(marketing, it)
    recount(NOW)
    before = rows()
    recount(NOW)
    assert rows() == before


def test_restricted_requests_and_lone_ones_join_nobody(marketing: Team, it: Team) -> None:
    between(marketing, it, restricted=True)
    make_request(requesting_team=marketing, serving_team=None, progress_at=NOW)
    assert recount(NOW) == 0


def test_answers_join_the_team_that_asked_and_the_one_that_answered(marketing: Team, it: Team) -> None:
    request = make_request(progress_at=datetime(2020, 1, 1, tzinfo=UTC))
    asking, answering = make_person(marketing), make_person(it)
    question = make_comment(request, asking, question_to=Side.IT, answered_by=answering, answered_at=NOW)
    recount(NOW)
    assert [row[-1] for row in rows()] == [1]
    Comment.objects.filter(pk=question.pk).update(deleted_at=clock.now())
    assert recount(NOW) == 0


def test_what_is_over_a_year_old_is_forgotten_and_other_months_stay(marketing: Team, it: Team) -> None:
    one, other = sorted([marketing.pk, it.pk])
    for month in (date(2025, 10, 1), date(2026, 3, 1)):
        TeamTie.objects.create(month=month, one_id=one, other_id=other, requests=3, last_at=NOW)
    recount(NOW)
    assert [row[0] for row in rows()] == [date(2026, 3, 1)]


def test_the_map_reads_the_last_months_across_a_new_year(marketing: Team, it: Team) -> None:
    january = datetime(2027, 1, 3, tzinfo=UTC)
    between(marketing, it, datetime(2026, 11, 2, tzinfo=UTC))
    between(marketing, it, january)
    recount(january)
    assert [tie.weight for tie in ties_since(january, 2)] == [1, 1]
    assert [tie.weight for tie in ties_since(january, 1)] == [1]


def test_exchanges_join_the_teams_of_host_and_guests(marketing: Team, it: Team) -> None:
    host, guest, colleague = make_person(it), make_person(marketing), make_person(it)
    held(host, guest, colleague, make_person(), ended=NOW)
    held(host, guest, ended=NOW, cancelled_at=NOW)
    recount(NOW)
    assert TeamTie.objects.values_list("one", "other", "exchanges").get() == (
        *sorted([marketing.pk, it.pk]),
        1,
    )


def test_confirmations_join_who_understood_and_those_who_explain(marketing: Team, it: Team) -> None:
    goal = make_goal(it)
    for person in (make_person(marketing), make_person(it), make_person()):
        Confirmation.objects.create(brief=goal.understanding, person=person, substance=1, at=NOW)
    recount(NOW)
    assert TeamTie.objects.values_list("one", "other", "confirmations").get() == (
        *sorted([marketing.pk, it.pk]),
        1,
    )


def test_what_a_team_confirms_of_its_own_solution_joins_nobody(it: Team) -> None:
    solution = make_solution(it)
    person = make_person(it)
    Confirmation.objects.create(brief=solution.understanding, person=person, substance=1, at=NOW)
    assert recount(NOW) == 0
