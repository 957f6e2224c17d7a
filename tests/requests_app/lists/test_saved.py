"""Saved views: whose they are, who sees and changes them, what is refused, and what the log says."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from activity.models import Event
from requests_app.boards.making import make_board
from requests_app.lists import saved
from requests_app.lists.saved import Wanted, change_view, get_view, may_change, remove_view, save_view
from requests_app.models import Board, SavedView
from teams.models import Person, Team
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_admin, make_person, make_team, make_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def crm() -> Team:
    return make_team(slug="crm-platform")


@pytest.fixture
def tom(crm: Team) -> Person:
    return make_person(crm)


def code_of(refusal: pytest.ExceptionInfo[RuleViolation]) -> tuple[str, str]:
    (missing,) = refusal.value.missing
    return missing.code, missing.field


# Keeping ------------------------------------------------------------------------------------------
def test_a_view_keeps_the_address_without_page_and_empty_values(tom: Person) -> None:
    view = save_view(" Late ", "?cursor=abc&status=open&q=&ordering=deadline&ordering=-title", by=tom)
    assert (view.name, view.query, view.owner, view.team) == (
        "Late",
        "ordering=deadline%2C-title&status=open",
        tom,
        None,
    )


def test_all_spellings_of_a_view_are_kept_as_one(tom: Person) -> None:
    first = save_view("A", "status=ready&status=parked&columns=turn&columns=goal", by=tom)
    second = save_view("B", "columns=turn,goal&status=parked&status=ready&status=ready", by=tom)
    assert first.query == second.query


@pytest.mark.parametrize(
    ("name", "query", "field", "code"),
    [
        ("", "", "name", "required"),
        ("  ", "", "name", "required"),
        ("x" * 81, "", "name", "too_long"),
        ("a\x07b", "", "name", "control_character"),
        ("Late", "status=finished", "query", "invalid"),
        ("Late", "colour=red", "query", "invalid"),
        ("Late", "team=no-such-team", "query", "invalid"),
        ("Late", "columns=secret", "query", "invalid"),
        ("Late", "group=secret", "query", "invalid"),
        ("Late", "ordering=title,-title", "query", "invalid"),
        ("Late", "q=a\x00b", "query", "control_character"),
        ("Late", "q=a%00b", "query", "invalid"),
    ],
)
def test_what_no_list_understands_is_refused(
    tom: Person, name: str, query: str, field: str, code: str
) -> None:
    with pytest.raises(InvalidFields) as refusal:
        save_view(name, query, by=tom)
    assert code_of(refusal) == (code, field)
    assert not SavedView.objects.exists()


def test_an_address_that_is_too_long_is_refused(tom: Person) -> None:
    with pytest.raises(InvalidFields) as refusal:
        save_view("Late", "q=" + "ä" * 200 + "&label=" + "ü" * 60 + "&team=" + "x" * 9, by=tom)
    assert code_of(refusal)[1] == "query"


def test_a_name_is_taken_whatever_its_case_but_only_for_its_owner(tom: Person, crm: Team) -> None:
    save_view("Late", "", by=tom)
    with pytest.raises(RuleViolation) as refusal:
        save_view("LATE", "", by=tom)
    assert code_of(refusal) == ("already_done", "name")
    save_view("late", "", by=make_person(crm))


def test_a_team_has_each_name_once(tom: Person, crm: Team) -> None:
    save_view("Late", "", by=tom, team=crm)
    other = make_person(crm)
    with pytest.raises(RuleViolation) as refusal:
        save_view("late", "", by=other, team=crm)
    assert code_of(refusal) == ("already_done", "name")
    assert not SavedView.objects.filter(owner=other).exists()


def test_views_are_shared_with_ones_own_teams_alone(tom: Person) -> None:
    with pytest.raises(RuleViolation) as refusal:
        save_view("Late", "", by=tom, team=make_team())
    assert code_of(refusal) == ("not_yours", "team")


def test_nobody_keeps_views_without_end(tom: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST_VIEWS", 2)
    save_view("A", "", by=tom)
    save_view("B", "", by=tom)
    with pytest.raises(RuleViolation) as refusal:
        save_view("C", "", by=tom)
    assert code_of(refusal)[0] == "too_many"


# Seeing -------------------------------------------------------------------------------------------
def test_own_and_shared_views_are_seen_and_no_others(tom: Person, crm: Team) -> None:
    colleague, stranger = make_person(crm), make_person(make_team())
    own, shared, private = make_view(tom), make_view(colleague, team=crm), make_view(colleague)
    assert set(SavedView.objects.visible_to(tom)) == {own, shared}
    assert set(SavedView.objects.visible_to(stranger)) == set()
    for hidden in (private.pk, own.pk + 1_000, 2**70):
        with pytest.raises(Http404):
            get_view(tom, hidden)


def test_an_admin_sees_what_is_shared_but_has_only_their_own_above_lists(tom: Person, crm: Team) -> None:
    admin = make_admin()
    shared, _private = make_view(tom, team=crm), make_view(tom)
    assert set(SavedView.objects.visible_to(admin)) == {shared}
    assert not SavedView.objects.offered_to(admin).exists()


def test_who_leaves_the_team_or_the_house_sees_its_views_no_longer(tom: Person, crm: Team) -> None:
    colleague = make_person(crm)
    make_view(tom, team=crm)
    colleague.memberships.all().delete()
    assert not SavedView.objects.visible_to(colleague).exists()
    tom.is_active = False
    assert not SavedView.objects.visible_to(tom).exists()


# Changing -----------------------------------------------------------------------------------------
def test_a_change_counts_versions_and_keeps_what_is_not_named(tom: Person) -> None:
    view = make_view(tom, name="Late", query="status=open")
    assert change_view(view.pk, Wanted(name="Later"), by=tom).query == "status=open"
    changed = change_view(view.pk, Wanted(query="status=done"), by=tom, version=2)
    assert (changed.name, changed.query, changed.version) == ("Later", "status=done", 3)


def test_nothing_new_changes_nothing(tom: Person, crm: Team) -> None:
    view = make_view(tom, team=crm, name="Late", query="status=open")
    same = Wanted(name="Late", query="status=open", team=crm, moves=True)
    assert change_view(view.pk, same, by=tom).version == 1
    assert not Event.objects.exists()


def test_a_stale_version_is_refused(tom: Person) -> None:
    view = make_view(tom)
    with pytest.raises(StaleVersion):
        change_view(view.pk, Wanted(name="B"), by=tom, version=9)
    with pytest.raises(StaleVersion):
        remove_view(view.pk, by=tom, version=9)


def test_the_team_s_lead_and_admins_change_a_shared_view_and_its_members_do_not(
    tom: Person, crm: Team
) -> None:
    view = make_view(tom, team=crm)
    for person in (make_person(lead_of=crm), make_admin()):
        assert may_change(view, person)
        change_view(view.pk, Wanted(name=f"By {person.pk}"), by=person)
    member = make_person(crm)
    assert not may_change(view, member)
    for refused in (
        lambda: change_view(view.pk, Wanted(name="Mine"), by=member),
        lambda: remove_view(view.pk, by=member),
    ):
        with pytest.raises(RuleViolation) as refusal:
            refused()
        assert code_of(refusal)[0] == "not_yours"


def test_a_hidden_view_cannot_be_changed_or_removed(tom: Person) -> None:
    view, stranger = make_view(tom), make_person(make_team())
    with pytest.raises(Http404):
        change_view(view.pk, Wanted(name="Mine"), by=stranger)
    with pytest.raises(Http404):
        remove_view(view.pk, by=stranger)
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_a_taken_name_is_refused_on_renaming_and_on_sharing(tom: Person, crm: Team) -> None:
    make_view(make_person(crm), team=crm, name="Late")
    make_view(tom, name="Blocked")
    view = make_view(tom, name="late")
    for wanted in (Wanted(name="BLOCKED"), Wanted(team=crm, moves=True)):
        with pytest.raises(RuleViolation) as refusal:
            change_view(view.pk, wanted, by=tom)
        assert code_of(refusal) == ("already_done", "name")


# What the log says --------------------------------------------------------------------------------
def told() -> list[tuple[str, Any]]:
    events = Event.objects.order_by("id")
    return [(event.kind, (event.data["team_before"], event.data["team"])) for event in events]


def test_the_log_tells_what_a_team_sees_of_a_view_and_nothing_of_private_ones(tom: Person, crm: Team) -> None:
    view = save_view("Late", "", by=tom)
    change_view(view.pk, Wanted(name="Later"), by=tom)
    assert told() == []
    change_view(view.pk, Wanted(team=crm, moves=True), by=tom)
    change_view(view.pk, Wanted(name="Latest"), by=tom)
    change_view(view.pk, Wanted(moves=True), by=tom)
    change_view(view.pk, Wanted(team=crm, moves=True), by=tom)
    remove_view(view.pk, by=tom)
    assert told() == [
        ("view.shared", (None, crm.pk)),
        ("view.edited", (crm.pk, crm.pk)),
        ("view.unshared", (crm.pk, None)),
        ("view.shared", (None, crm.pk)),
        ("view.unshared", (crm.pk, crm.pk)),
    ]


# In the database too ------------------------------------------------------------------------------
@pytest.mark.parametrize("fields", [{"name": ""}, {"query": "x" * 2_001}])
def test_the_database_refuses_what_no_view_is(tom: Person, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_view(tom, **fields)


def test_the_database_keeps_names_apart(tom: Person, crm: Team) -> None:
    make_view(tom, name="Late")
    make_view(make_person(crm), team=crm, name="Late")
    for owner, team in ((tom, None), (make_person(crm), crm)):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_view(owner, team=team, name="LATE")


# Of boards ----------------------------------------------------------------------------------------
@pytest.fixture
def board(crm: Team) -> Board:
    return Board.objects.get(team=crm)


def test_a_view_of_a_board_keeps_filters_and_lanes_without_a_place(tom: Person, board: Board) -> None:
    view = save_view("Mine", "?lanes=goal&turn=mine&below=a0&lane=3&q=", by=tom, board=board)
    assert (view.query, view.board) == ("lanes=goal&turn=mine", board)
    assert view.get_absolute_url() == "/boards/crm-platform/?lanes=goal&turn=mine"
    assert save_view("All of it", "", by=tom, board=board).get_absolute_url() == "/boards/crm-platform/"


def test_a_list_has_no_board(tom: Person) -> None:
    assert save_view("Open", "status=open", by=tom).get_absolute_url() == "/requests/?status=open"


@pytest.mark.parametrize(
    "query", ["status=ready", "lanes=colour", "view=3", "turn=everybody", "goal=999999999"]
)
def test_what_a_board_does_not_understand_is_not_kept(tom: Person, board: Board, query: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        save_view("Wrong", query, by=tom, board=board)
    assert code_of(refused) == ("invalid", "query")
    assert not SavedView.objects.exists()


def test_a_changed_view_is_understood_by_its_own_board(tom: Person, board: Board) -> None:
    view = save_view("Mine", "turn=mine", by=tom, board=board)
    assert change_view(view.pk, Wanted(query="ageing=true"), by=tom).query == "ageing=true"
    with pytest.raises(InvalidFields):
        change_view(view.pk, Wanted(query="status=open"), by=tom)
    of_list = save_view("Open", "status=open", by=tom)
    with pytest.raises(InvalidFields):
        change_view(of_list.pk, Wanted(query="turn=mine"), by=tom)


def test_views_go_with_their_board(tom: Person) -> None:
    made = make_board({"name": "All"}, by=make_admin())
    save_view("Mine", "turn=mine", by=tom, board=made)
    made.delete()
    assert not SavedView.objects.exists()
