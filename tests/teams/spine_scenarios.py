"""The situations of this room's domain functions, and of the seats that follow from them."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from activity import clock
from requests_app import seats
from requests_app.choices import Status
from teams import absences, company, deliverable, goals, invitations, people, teams, tokens, touchpoints
from teams.models import Brief, Side
from teams.understanding import answer, ask, confirm, settle, still_true
from teams.understanding.chasing import ask_to_review
from tests.factories import (
    make_admin,
    make_goal,
    make_key_result,
    make_person,
    make_request,
    make_team,
    make_touchpoint,
)

Change = Callable[[], Any]
FIRST = company.FirstStart("Nordlicht", "Europe/Berlin", "Platform", "Campaigns")


def of_person(change: Callable[..., Any], **fields: Any) -> Callable[[], Change]:
    """An admin changes a person that has ``fields``."""

    def prepared() -> Change:
        admin, person = make_admin(), make_person(**fields)
        return lambda: change(person, by=admin)

    return prepared


def of_member(change: Callable[..., Any], *more: Any) -> Callable[[], Change]:
    """An admin changes a membership."""

    def prepared() -> Change:
        admin, team = make_admin(), make_team()
        person = make_person(team)
        return lambda: change(team, person, *more, by=admin)

    return prepared


def of_goal(change: Callable[..., Any], *, archived: bool = False, **more: Any) -> Callable[[], Change]:
    """An admin changes a goal."""

    def prepared() -> Change:
        admin, goal = make_admin(), make_goal(make_team(), is_archived=archived)
        return lambda: change(goal, by=admin, **more)

    return prepared


def of_key_result(change: Callable[..., Any], *more: Any, **fields: Any) -> Callable[[], Change]:
    """An admin changes a key result."""

    def prepared() -> Change:
        admin, found = make_admin(), make_key_result(make_goal(make_team()))
        return lambda: change(found, *more, by=admin, **fields)

    return prepared


def closing() -> Change:
    admin, team = make_admin(), make_team()
    goal, heir = make_goal(team), make_goal(team)
    moves, ends = make_key_result(goal), make_key_result(goal)
    fates = {moves.pk: goals.Fate(to=heir), ends.pk: goals.Fate(because="Too dear")}
    return lambda: goals.close_goal(goal, "Half of it.", "Start earlier.", fates, by=admin)


def of_invitation(change: Callable[..., Any]) -> Callable[[], Change]:
    """An admin changes an invitation of their own."""

    def prepared() -> Change:
        admin = make_admin()
        invited = invitations.invite("guest@example.org", by=admin).invitation
        return lambda: change(invited, by=admin)

    return prepared


def adding() -> Change:
    admin, team, person = make_admin(), make_team(), make_person()
    return lambda: people.add_member(team, person, by=admin)


def creating_a_person() -> Change:
    admin = make_admin()
    return lambda: people.create_person("new@example.org", "New", by=admin)


def creating_a_team() -> Change:
    admin = make_admin()
    return lambda: teams.create_team("Data", Side.IT, by=admin)


def editing_a_team() -> Change:
    admin, team = make_admin(), make_team()
    return lambda: teams.edit_team(team, brief="New", by=admin)


def setting_a_goal() -> Change:
    admin, team = make_admin(), make_team()
    return lambda: goals.create_goal("More consent", [team], by=admin)


def confirming() -> Change:
    goal, person = make_goal(make_team(), brief="More"), make_person()
    return lambda: confirm(goal.understanding, "I see", by=person)


def asking() -> Change:
    goal, person = make_goal(make_team()), make_person()
    return lambda: ask(goal.understanding, "Why?", by=person)


def answering() -> Change:
    asked, admin = ask(make_goal(make_team()).understanding, "Why?", by=make_person()), make_admin()
    return lambda: answer(asked, "Because.", by=admin)


def settling() -> Change:
    asker = make_person()
    asked = ask(make_goal(make_team()).understanding, "Why?", by=asker)
    answer(asked, "Because.", by=make_admin())
    return lambda: settle(asked, by=asker)


def reviewing() -> Change:
    team, admin = make_team(brief="We run it"), make_admin()
    return lambda: still_true(team.understanding, by=admin)


def asking_to_review() -> Change:
    team = make_team()
    make_person(lead_of=team)
    Brief.objects.filter(team=team).update(reviewed_at=clock.now() - timedelta(days=31))
    return lambda: ask_to_review(team.understanding_id, clock.now(), by=None)


def adding_a_touchpoint() -> Change:
    admin = make_admin()
    return lambda: touchpoints.create_touchpoint("Messe", "Fair", "buy", by=admin)


def renaming_a_touchpoint() -> Change:
    admin, touchpoint = make_admin(), make_touchpoint()
    return lambda: touchpoints.edit_touchpoint(touchpoint, {"name_en": "Fair"}, by=admin)


def starting() -> Change:
    admin = make_admin()
    return lambda: company.start(FIRST, by=admin)


def setting_the_company() -> Change:
    company.start(FIRST, by=None)
    admin = make_admin()
    return lambda: company.edit_company({"digest_hour": 9}, by=admin)


def inviting() -> Change:
    admin = make_admin()
    return lambda: invitations.invite("guest@example.org", by=admin)


def making_a_token() -> Change:
    person = make_person()
    return lambda: tokens.create_token(person, "script", "read", by=person)


def revoking_a_token() -> Change:
    person = make_person()
    token = tokens.create_token(person, "script", "read", by=person).token
    return lambda: tokens.revoke(token, by=person)


def leaving_a_seat() -> Change:
    owner, admin = make_person(make_team(Side.IT)), make_admin()
    make_request(Status.SHAPING, it_owner=owner)
    return lambda: seats.leave_seats(owner, [Side.IT], by=admin)


def choosing_a_language() -> Change:
    person = make_person()
    return lambda: people.set_preferences(person, language="en", by=person)


def being_away() -> Change:
    person = make_person()
    today = timezone.localdate(clock.now())
    return lambda: absences.announce_absence(person, today, today + timedelta(days=7), by=person)


def being_back() -> Change:
    person = make_person()
    today = timezone.localdate(clock.now())
    absences.announce_absence(person, today, today + timedelta(days=7), by=person)
    return lambda: absences.end_absence(person, by=person)


TEAMS_WITHOUT_EVENT: dict[str, Callable[[], Change]] = {
    "teams.people.set_preferences": choosing_a_language,
}
TEAMS: dict[str, Callable[[], Change]] = {
    "requests_app.seats.deactivate": of_person(seats.deactivate),
    "requests_app.seats.leave_seats": leaving_a_seat,
    "requests_app.seats.remove_member": of_member(seats.remove_member),
    "teams.absences.announce_absence": being_away,
    "teams.absences.end_absence": being_back,
    "teams.company.edit_company": setting_the_company,
    "teams.company.start": starting,
    "teams.goals.closing.close_goal": closing,
    "teams.goals.judging.say_health": of_goal(goals.say_health, health="at_risk", reason="Nobody is free"),
    "teams.goals.key_results.add_key_result": of_goal(
        goals.add_key_result, title="Rate", baseline=Decimal(1), target=Decimal(2)
    ),
    "teams.goals.key_results.check_in": of_key_result(goals.check_in, Decimal("1.5")),
    "teams.goals.key_results.edit_key_result": of_key_result(goals.edit_key_result, title="Share"),
    "teams.deliverable.address_failed": of_person(
        lambda person, by: deliverable.address_failed(person, "550", by=by)
    ),
    "teams.deliverable.address_works": of_person(
        deliverable.address_works, mail_fails_since=clock.now(), mail_failure="550"
    ),
    "teams.goals.key_results.end_key_result": of_key_result(goals.end_key_result, "Too dear"),
    "teams.goals.setting.archive_goal": of_goal(goals.archive_goal),
    "teams.goals.setting.create_goal": setting_a_goal,
    "teams.goals.setting.edit_goal": of_goal(goals.edit_goal, title="Better"),
    "teams.goals.setting.restore_goal": of_goal(goals.restore_goal, archived=True),
    "teams.invitations.invite": inviting,
    "teams.invitations.resend": of_invitation(invitations.resend),
    "teams.invitations.withdraw": of_invitation(invitations.withdraw),
    "teams.people.add_member": adding,
    "teams.people.create_person": creating_a_person,
    "teams.people.end_admin": of_person(people.end_admin, is_admin=True),
    "teams.people.make_admin": of_person(people.make_admin),
    "teams.people.reactivate": of_person(people.reactivate, is_active=False),
    "teams.people.rename": of_person(lambda person, by: people.rename(person, "Nora New", by=by)),
    "teams.people.set_role": of_member(people.set_role, "lead"),
    "teams.people.shut_out": of_person(people.shut_out),
    "teams.people.take_out": of_member(people.take_out),
    "teams.teams.create_team": creating_a_team,
    "teams.teams.edit_team": editing_a_team,
    "teams.tokens.create_token": making_a_token,
    "teams.tokens.revoke": revoking_a_token,
    "teams.understanding.asking.answer": answering,
    "teams.understanding.asking.ask": asking,
    "teams.understanding.asking.settle": settling,
    "teams.understanding.confirming.confirm": confirming,
    "teams.understanding.chasing.ask_to_review": asking_to_review,
    "teams.understanding.reviewing.still_true": reviewing,
    "teams.touchpoints.create_touchpoint": adding_a_touchpoint,
    "teams.touchpoints.edit_touchpoint": renaming_a_touchpoint,
}
