"""The portal speaks up once for each cause and occasion, to whom it concerns, and says what ends it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from activity import clock
from activity.models import Event
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.inboxes.page import page
from notifications.models import InboxEntry
from requests_app.choices import Status
from requests_app.discussion import answer
from requests_app.escalating import causes
from requests_app.escalating.causes import CAUSES
from requests_app.escalating.rules import rules, set_rule
from requests_app.escalating.speaking import ask_about_briefs, escalate, look, speak_up
from requests_app.forecast.outlooks import Forecast, State
from requests_app.models import Escalation, Request
from requests_app.reminding import say_what_is_due
from teams.models import Brief, Company, Person, Side
from teams.rules import InvalidFields, RuleViolation
from tests.factories import holder, make_admin, make_comment, make_person, make_request, make_team

pytestmark = pytest.mark.django_db
# A Wednesday, in working hours.
NOON = datetime(2026, 10, 7, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def say(now: datetime = NOON) -> int:
    with clock.moved_to(now):
        return speak_up(now)


def causes_said() -> list[str]:
    said = Event.objects.filter(kind="request.escalated").order_by("id")
    return list(said.values_list("data__cause", flat=True))


def told() -> set[Person]:
    fan_out()
    deliver_inbox()
    return {entry.person for entry in InboxEntry.objects.select_related("person")}


def switch_off(*names: str) -> None:
    Company.objects.get_or_create(pk=1, defaults={"name": "Nordlicht"})
    for name in names:
        set_rule(name, False, CAUSES[name].after, by=make_admin())


def standing(days: float = 15, **fields: Any) -> Request:
    team, asking = make_team(Side.IT), make_team(Side.MARKETING)
    status = fields.pop("status", Status.IN_PROGRESS)
    return make_request(
        status, serving_team=team, requesting_team=asking, progress_at=NOON - days * DAY, **fields
    )


def asked(days: float = 4, to: str = "it", **fields: Any) -> tuple[Request, Any]:
    request = standing(1, **fields)
    question = make_comment(request, make_person(), "Which?", question_to=to, created_at=NOON - days * DAY)
    return request, question


# Standing still -------------------------------------------------------------------------------------------


def test_after_fourteen_days_the_leads_of_both_sides_are_asked_once() -> None:
    request = standing()
    leads = {make_person(lead_of=team) for team in (request.serving_team, request.requesting_team)}
    assert [say(NOON + n * DAY) for n in range(4)] == [1, 0, 0, 0]
    assert causes_said() == ["stalled long"]
    assert told() == leads


@pytest.mark.parametrize(
    ("days", "fields", "found"),
    [
        (14, {}, 1),
        (13.9, {}, 0),
        (20, {"status": Status.PARKED}, 0),
        (20, {"waiting_for": "outside", "blocked_reason": "The supplier"}, 0),
    ],
)
def test_only_what_really_stands_still_so_long(days: float, fields: dict[str, Any], found: int) -> None:
    standing(days, **fields)
    assert say() == found


def test_what_moved_and_stands_still_again_is_said_again() -> None:
    request = standing()
    say()
    Request.objects.filter(pk=request.pk).update(progress_at=NOON + DAY)
    assert [say(NOON + n * DAY) for n in (2, 15, 16)] == [0, 1, 0]


# Questions ------------------------------------------------------------------------------------------------


def test_a_question_that_waits_three_days_is_brought_before_who_was_asked() -> None:
    request, _question = asked()
    assert say() == 1
    assert causes_said() == ["question"]
    assert told() == {holder(request.it_owner)}
    (group,) = page(holder(request.it_owner)).groups
    assert group.first.news is not None
    assert "3 days ago" in group.first.news.sentence or "vor 3 Tagen" in group.first.news.sentence


def test_each_question_is_brought_up_once_and_an_answered_one_never() -> None:
    request, question = asked()
    second = make_comment(request, make_person(), "And?", question_to="it", created_at=NOON - 5 * DAY)
    with clock.moved_to(NOON - DAY):
        answer(request.number, second.pk, "Yes.", by=holder(request.it_owner))
    assert [say(), say(NOON + DAY)] == [1, 0]
    assert Escalation.objects.get(cause="question").occasion == str(question.pk)


def test_a_question_of_yesterday_waits() -> None:
    asked(days=2.9)
    assert say() == 0


# The first response ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "found"), [(1, 0), (23, 0), (30, 1), (100, 1)])
def test_before_the_first_response_is_due_the_leads_of_the_serving_team_are_asked(
    hours: int, found: int
) -> None:
    """Sixteen working hours, of which a quarter is left from the second afternoon on."""
    team = make_team(Side.IT)
    lead = make_person(lead_of=team)
    make_request(
        Status.SUBMITTED,
        serving_team=team,
        it_owner=None,
        submitted_at=NOON - hours * HOUR,
        progress_at=NOON - hours * HOUR,
    )
    assert say() == found
    assert told() == ({lead} if found else set())


# The deadline ---------------------------------------------------------------------------------------------


def foretell(monkeypatch: pytest.MonkeyPatch, chance: int | None) -> None:
    def forecasts(requests: Any) -> dict[int, Forecast]:
        return {
            one.number: Forecast(one.number, State.DATED, deadline=one.deadline, chance=chance)
            for one in requests
        }

    monkeypatch.setattr(causes, "forecasts_for", forecasts)


@pytest.mark.parametrize(("chance", "found"), [(20, 1), (49, 1), (50, 0), (90, 0), (None, 0)])
def test_a_deadline_that_is_more_likely_missed_than_kept_is_brought_before_the_tandem(
    monkeypatch: pytest.MonkeyPatch, chance: int | None, found: int
) -> None:
    foretell(monkeypatch, chance)
    request = standing(1, deadline=(NOON + 20 * DAY).date(), deadline_reason="The fair")
    assert say() == found
    assert told() == ({request.marketing_owner, request.it_owner} if found else set())


def test_of_another_deadline_is_spoken_again_of_the_same_not(monkeypatch: pytest.MonkeyPatch) -> None:
    foretell(monkeypatch, 10)
    request = standing(1, deadline=(NOON + 20 * DAY).date(), deadline_reason="The fair")
    assert [say(), say(NOON + HOUR)] == [1, 0]
    Request.objects.filter(pk=request.pk).update(deadline=(NOON + 30 * DAY).date())
    assert [say(NOON + 2 * HOUR), say(NOON + 3 * HOUR)] == [1, 0]


# Once, and by rules ---------------------------------------------------------------------------------------


def test_the_earlier_reminders_leave_their_row_as_well() -> None:
    request = standing(8)
    with clock.moved_to(NOON):
        assert say_what_is_due(NOON) == 1
    row = Escalation.objects.get()
    assert (row.cause, row.request, row.occasion) == ("stalled", request, str(request.progress_at))


def test_the_database_lets_nothing_be_said_twice() -> None:
    request = standing()
    row = {"cause": "stalled long", "request": request, "occasion": "x", "told_at": NOON}
    Escalation.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.create(**row)


def test_what_holds_no_more_at_the_moment_of_saying_is_not_said() -> None:
    request = standing()
    (found,) = look("stalled long", rules()["stalled long"], NOON)
    Request.objects.filter(pk=request.pk).update(progress_at=NOON)
    assert escalate("stalled long", found, NOON, by=None) is None
    assert not Escalation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_however_many_look_at_once_it_is_said_once() -> None:
    standing()
    barrier, said = threading.Barrier(6), list[int]()

    def work() -> None:
        barrier.wait()
        try:
            said.append(speak_up(NOON))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(said) == 1
    assert Event.objects.filter(kind="request.escalated").count() == 1


def test_what_is_switched_off_says_nothing() -> None:
    standing(20)
    asked()
    switch_off("stalled long", "question", "stalled")
    assert say() == 0
    with clock.moved_to(NOON):
        assert say_what_is_due(NOON) == 0


def test_another_number_of_days_holds_from_then_on() -> None:
    standing(9)
    assert say() == 0
    Company.objects.create(pk=1, name="Nordlicht")
    set_rule("stalled long", True, 9, by=make_admin())
    assert say() == 1


def refused(change: Callable[[], object]) -> str:
    with pytest.raises(InvalidFields) as told:
        change()
    return str(told.value.missing[0].field)


@pytest.mark.parametrize("after", [None, 0, -1, 366])
def test_days_that_are_none_are_refused(after: int | None) -> None:
    Company.objects.create(pk=1, name="Nordlicht")
    assert refused(lambda: set_rule("question", True, after, by=make_admin())) == "after"
    assert refused(lambda: set_rule("weather", True, 3, by=make_admin())) == "cause"


def test_only_admins_set_rules_and_the_same_again_is_no_change() -> None:
    Company.objects.create(pk=1, name="Nordlicht")
    with pytest.raises(RuleViolation):
        set_rule("question", False, 3, by=make_person(lead_of=make_team()))
    set_rule("question", True, 3, by=make_admin())
    assert not Event.objects.filter(kind="company.escalation_set").exists()


def test_leads_are_asked_about_stale_briefs_only_where_that_is_on() -> None:
    Company.objects.create(pk=1, name="Nordlicht")
    admin, team = make_admin(), make_team(brief="We keep the data.")
    make_person(lead_of=team)
    Brief.objects.filter(team=team).update(reviewed_at=NOON - 40 * DAY)
    set_rule("stale brief", False, by=admin)
    assert ask_about_briefs(NOON) == 0
    set_rule("stale brief", True, by=admin)
    assert [ask_about_briefs(NOON), ask_about_briefs(NOON)] == [1, 0]
