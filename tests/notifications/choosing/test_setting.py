"""Choosing: what is kept, what is refused, and what holds for whom."""

from collections.abc import Callable
from datetime import time

import pytest
from django.http import Http404

from activity.models import Event
from notifications.choosing.kinds import BUNDLED, NOW, ONLY_DIGEST, START, Choice, Kind, Standing, kind_of
from notifications.choosing.resolve import choices_of, standing_of
from notifications.choosing.setting import (
    choose,
    choose_default,
    heed_team,
    set_company_defaults,
    set_quiet_times,
    stop_mail,
)
from notifications.models import Chosen, QuietTimes, TeamAttention
from teams.models import Company, Person
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_admin, make_person, make_team

pytestmark = pytest.mark.django_db
SILENT = Choice(inbox=False, mail="digest")


@pytest.fixture
def company() -> Company:
    return Company.objects.create(pk=1, name="Nordlicht")


def holds(person: Person, kind: str) -> Choice:
    return choices_of([person])(person.pk, kind)


def refused(change: Callable[[], object]) -> str:
    with pytest.raises(InvalidFields) as told:
        change()
    return str(told.value.missing[0].field)


def test_without_a_choice_the_start_holds_by_what_somebody_is() -> None:
    lead, member, admin = make_person(lead_of=make_team()), make_person(), make_admin()
    assert [standing_of(one) for one in (lead, member, admin)] == ["lead", "member", "admin"]
    for person, standing in ((lead, "lead"), (member, "member"), (admin, "admin")):
        for kind in Kind:
            assert holds(person, kind) == START[standing][kind]


def test_an_admin_who_leads_a_team_is_told_like_a_lead() -> None:
    team, admin = make_team(), make_admin()
    from tests.factories import add_member

    add_member(team, admin, "lead")
    assert standing_of(admin) == Standing.LEAD


def test_ones_own_choice_comes_before_the_companys_and_that_before_the_start(company: Company) -> None:
    chooser, other = make_person(), make_person()
    set_company_defaults("member", {"talk": ONLY_DIGEST}, by=make_admin())
    choose(chooser, {"talk": NOW})
    assert (holds(chooser, "talk"), holds(other, "talk")) == (NOW, ONLY_DIGEST)
    choose_default(chooser)
    assert holds(chooser, "talk") == ONLY_DIGEST
    assert holds(make_person(lead_of=make_team()), "talk") == BUNDLED


def test_choosing_again_changes_what_was_chosen() -> None:
    person = make_person()
    choose(person, {"talk": NOW})
    choose(person, {"talk": SILENT, "step": NOW})
    assert holds(person, "talk") == SILENT
    assert Chosen.objects.count() == 2


def test_stopping_the_mail_of_a_kind_leaves_the_inbox_as_it_was() -> None:
    person = make_person()
    stop_mail(person, "talk")
    assert holds(person, "talk") == ONLY_DIGEST
    choose(person, {"step": Choice(inbox=False, mail="now")})
    stop_mail(person, "step")
    assert holds(person, "step") == SILENT


def test_what_does_not_exist_cannot_be_chosen() -> None:
    person = make_person()
    assert refused(lambda: choose(person, {"weather": NOW})) == "weather"
    assert refused(lambda: choose(person, {"talk": Choice(inbox=True, mail="pigeon")})) == "talk"
    assert refused(lambda: stop_mail(person, "weather")) == "weather"
    assert not Chosen.objects.exists()


def test_only_admins_set_what_holds_for_all_and_only_once_there_is_a_company() -> None:
    with pytest.raises(Http404):
        set_company_defaults("member", {"talk": NOW}, by=make_admin())
    Company.objects.create(pk=1, name="Nordlicht")
    with pytest.raises(RuleViolation):
        set_company_defaults("member", {"talk": NOW}, by=make_person(lead_of=make_team()))
    assert refused(lambda: set_company_defaults("guest", {"talk": NOW}, by=make_admin())) == "standing"


def test_a_default_that_stays_as_it_was_is_no_change(company: Company) -> None:
    set_company_defaults("member", {"talk": BUNDLED}, by=make_admin())
    assert not Event.objects.filter(kind="company.news_defaults_set").exists()


def test_quiet_times_are_kept_and_taken_back() -> None:
    person = make_person()
    set_quiet_times(person, time(20), time(7), [5, 6])
    set_quiet_times(person, time(21), time(6), [6])
    row = QuietTimes.objects.get(person=person)
    assert (row.starts, row.ends, row.days_off) == (time(21), time(6), [6])
    set_quiet_times(person, None, None, [])
    row.refresh_from_db()
    assert (row.starts, row.ends, row.days_off) == (None, None, [])


@pytest.mark.parametrize(
    ("starts", "ends", "days", "field"),
    [
        (None, None, range(7), "days_off"),
        (time(8), time(8), (), "ends"),
        (time(8), time(7, 30), (), "ends"),
        (time(8), None, (), "ends"),
        (None, time(8), (), "starts"),
        (None, None, [7], "days_off"),
        (None, None, [-1], "days_off"),
    ],
)
def test_quiet_times_that_leave_no_moment_are_refused_in_words(
    starts: time | None, ends: time | None, days: "range | list[int]", field: str
) -> None:
    assert refused(lambda: set_quiet_times(make_person(), starts, ends, days)) == field
    assert not QuietTimes.objects.exists()


def test_how_much_of_a_team_somebody_hears() -> None:
    person, team = make_person(), make_team()
    heed_team(person, team, "watch")
    heed_team(person, team, "mute")
    assert TeamAttention.objects.get().level == "mute"
    assert refused(lambda: heed_team(person, team, "loud")) == "level"
    heed_team(person, team, "")
    assert not TeamAttention.objects.exists()


@pytest.mark.parametrize(
    ("kind", "about", "data", "expected"),
    [
        ("request.commented", "request", {"mentions": [7]}, "mention"),
        ("request.commented", "request", {"mentions": [8]}, "talk"),
        ("request.asked", "request", {}, "question"),
        ("brief.answered", "brief", {}, "question"),
        ("request.parked", "request", {}, "decision"),
        ("request.delivered", "request", {}, "decision"),
        ("request.assigned", "request", {}, "step"),
        ("request.escalated", "request", {}, "reminder"),
        ("brief.review_asked", "brief", {}, "reminder"),
        ("goal.closed", "goal", {}, "goal"),
        ("exchange.moved", "exchange", {}, "know_how"),
        ("mentoring.proposed", "mentoring", {}, "know_how"),
    ],
)
def test_each_event_is_of_one_kind(kind: str, about: str, data: dict[str, list[int]], expected: str) -> None:
    assert kind_of(Event(kind=kind, object_type=about, object_id=1, data=data), 7) == expected
