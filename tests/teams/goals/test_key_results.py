"""What a goal is measured by, and the values that come in."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from activity.models import Event
from teams import goals
from teams.goals.key_results import today
from teams.models import CheckIn, Goal, KeyResult, Team
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_admin, make_goal, make_key_result, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def goal(team: Team) -> Goal:
    return make_goal(team)


@pytest.fixture
def measured(goal: Goal) -> KeyResult:
    return make_key_result(goal, baseline=Decimal("1.8"), target=Decimal(3))


def field(refusal: pytest.ExceptionInfo[RuleViolation]) -> str:
    return refusal.value.missing[0].field


def code(refusal: pytest.ExceptionInfo[RuleViolation]) -> str:
    return refusal.value.missing[0].code


def test_a_lead_adds_what_the_goal_is_measured_by(goal: Goal, team: Team) -> None:
    lead = make_person(lead_of=team)
    made = goals.add_key_result(goal, " Consent\n rate", Decimal("1.8"), Decimal("3"), unit="%", by=lead)
    assert (made.title, made.unit, made.rises, made.current) == ("Consent rate", "%", True, None)
    event = Event.objects.get()
    assert (event.kind, event.object_type, event.data["key_result"]) == (
        "goal.key_result_added",
        "goal",
        made.pk,
    )
    goal.refresh_from_db()
    assert goal.version == 2


def test_others_add_nothing(goal: Goal, team: Team) -> None:
    for person in (make_person(team), make_person(lead_of=make_team())):
        with pytest.raises(RuleViolation) as refusal:
            goals.add_key_result(goal, "Rate", Decimal(1), Decimal(2), by=person)
        assert code(refusal) == "not_yours"


def test_a_target_that_is_the_value_of_today_is_refused_in_words(goal: Goal, measured: KeyResult) -> None:
    admin = make_admin()
    with translation.override("en"), pytest.raises(InvalidFields) as refusal:
        goals.add_key_result(goal, "Rate", Decimal(2), Decimal("2.0000"), by=admin)
    assert (field(refusal), code(refusal)) == ("target", "no_change")
    with pytest.raises(InvalidFields):
        goals.edit_key_result(measured, target=Decimal("1.8"), by=admin)
    assert "nothing would change" in str(refusal.value.missing[0].message)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "100000000000000", "-100000000000000", "0.00001"])
def test_what_the_database_cannot_keep_is_refused_at_its_field(goal: Goal, value: str) -> None:
    for name in ("baseline", "target"):
        given = {"baseline": Decimal(1), "target": Decimal(2), name: Decimal(value)}
        with pytest.raises(InvalidFields) as refusal:
            goals.add_key_result(goal, "Rate", given["baseline"], given["target"], by=make_admin())
        assert field(refusal) == name


def test_titles_and_units_have_their_limits(goal: Goal) -> None:
    for title, unit in (("", ""), ("x" * 201, ""), ("Rate", "x" * 41), ("bell\x07", "")):
        with pytest.raises(InvalidFields):
            goals.add_key_result(goal, title, Decimal(1), Decimal(2), unit=unit, by=make_admin())


def test_editing_tells_what_changed_and_nothing_new_tells_nothing(measured: KeyResult) -> None:
    admin = make_admin()
    edited = goals.edit_key_result(measured, target=Decimal("3.5"), title=measured.title, by=admin)
    assert edited.version == 2
    assert Event.objects.get().data["changes"] == {"target": {"from": "3.0000", "to": "3.5"}}
    goals.edit_key_result(measured, target=Decimal("3.5"), by=admin)
    assert Event.objects.count() == 1
    with pytest.raises(StaleVersion):
        goals.edit_key_result(measured, target=Decimal(4), version=1, by=admin)


def test_a_member_checks_in_and_the_newest_day_counts(measured: KeyResult, team: Team) -> None:
    member = make_person(team)
    first = today() - timedelta(days=9)
    goals.check_in(measured, Decimal("2.1"), on=first, confidence="high", note="After the fair", by=member)
    goals.check_in(measured, Decimal("2.4"), confidence="low", by=member)
    goals.check_in(measured, Decimal("1.9"), on=first - timedelta(days=7), by=member)
    measured.refresh_from_db()
    assert (measured.current, measured.checked_on, measured.confidence) == (Decimal("2.4"), today(), "low")
    assert CheckIn.objects.filter(key_result=measured).count() == 3


def test_of_two_on_one_day_the_last_one_counts(measured: KeyResult) -> None:
    admin = make_admin()
    for value in ("2.1", "2.2"):
        goals.check_in(measured, Decimal(value), by=admin)
    measured.refresh_from_db()
    assert measured.current == Decimal("2.2")


def test_nobody_checks_in_the_future(measured: KeyResult) -> None:
    with pytest.raises(InvalidFields) as refusal:
        goals.check_in(measured, Decimal(2), on=today() + timedelta(days=1), by=make_admin())
    assert (field(refusal), code(refusal)) == ("on", "future")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"value": Decimal("NaN")}, "value"),
        ({"confidence": "sure"}, "confidence"),
        ({"note": "x" * 1001}, "note"),
    ],
)
def test_a_wrong_check_in_names_its_field(measured: KeyResult, given: dict[str, object], wrong: str) -> None:
    value = given.pop("value", Decimal(2))
    with pytest.raises(InvalidFields) as refusal:
        goals.check_in(measured, value, by=make_admin(), **given)  # type: ignore[arg-type]
    assert field(refusal) == wrong
    assert not CheckIn.objects.exists()


def test_only_the_owning_teams_check_in(measured: KeyResult) -> None:
    with pytest.raises(RuleViolation) as refusal:
        goals.check_in(measured, Decimal(2), by=make_person(lead_of=make_team()))
    assert code(refusal) == "not_yours"


def test_a_key_result_ends_with_a_reason_and_then_stays(measured: KeyResult) -> None:
    admin = make_admin()
    with pytest.raises(InvalidFields) as refusal:
        goals.end_key_result(measured, " ", by=admin)
    assert field(refusal) == "reason"
    ended = goals.end_key_result(measured, "The law changed", by=admin)
    assert not ended.is_open
    for change in (
        lambda: goals.check_in(measured, Decimal(2), by=admin),
        lambda: goals.edit_key_result(measured, title="New", by=admin),
        lambda: goals.end_key_result(measured, "Again", by=admin),
    ):
        with pytest.raises(RuleViolation) as refused:
            change()
        assert code(refused) == "already_done"


def test_the_database_keeps_the_same_rules(measured: KeyResult) -> None:
    for broken in (
        {"target": measured.baseline},
        {"current": Decimal(2)},
        {"ended_at": measured.created_at},
        {"ended_because": "No reason to be here"},
        {"checked_on": date(2026, 1, 1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            KeyResult.objects.filter(pk=measured.pk).update(**broken)


def test_what_is_archived_is_measured_by_nothing_new(team: Team) -> None:
    goal, admin = make_goal(team), make_admin()
    goals.archive_goal(goal, by=admin)
    with pytest.raises(RuleViolation) as refusal:
        goals.add_key_result(goal, "Rate", Decimal(1), Decimal(2), by=admin)
    assert refusal.value.missing[0].code == "wrong_status"
    goals.restore_goal(goal, by=admin)
    goals.add_key_result(goal, "Rate", Decimal(1), Decimal(2), by=admin)
