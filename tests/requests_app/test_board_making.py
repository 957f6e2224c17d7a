"""Making, setting and throwing away boards; that each IT team has exactly one of its own."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from activity import clock
from activity.models import Event
from requests_app.boards.board import boards, get_board
from requests_app.boards.making import (
    MOST_BOARDS,
    delete_board,
    edit_board,
    make_board,
    may_edit_board,
    may_make_boards,
)
from requests_app.boards.wanted import MOST_TEAMS, BoardFields, in_order
from requests_app.choices import BOARD_COLUMNS
from requests_app.models import Board, BoardColumn
from teams.models import Person, Side, Team
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from teams.teams import create_team
from tests.factories import make_admin, make_goal, make_person, make_request, make_team, make_touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Person:
    return make_person(lead_of=make_team(Side.MARKETING))


def columns_of(slug: str) -> list[str]:
    return [row["status"] for row in get_board(slug).column_rows]


def codes(refusal: pytest.ExceptionInfo[RuleViolation]) -> list[tuple[str, str]]:
    return [(missing.code, missing.field) for missing in refusal.value.missing]


# Each team's own ------------------------------------------------------------------------------------
def test_a_new_it_team_has_a_board_with_its_slug_and_name() -> None:
    team = create_team("CRM platform", Side.IT, by=None)
    create_team("Campaigns", Side.MARKETING, by=None)
    assert [(board.slug, board.title, board.team) for board in boards()] == [
        ("crm-platform", "CRM platform", team)
    ]
    assert columns_of("crm-platform") == list(BOARD_COLUMNS)


def test_board_and_team_come_and_go_together() -> None:
    with transaction.atomic():
        create_team("CRM platform", Side.IT, by=None)
        transaction.set_rollback(True)
    assert not Board.objects.exists()
    team = create_team("CRM platform", Side.IT, by=None)
    team.delete()
    assert not Board.objects.exists()


def test_teams_that_come_in_many_at_once_have_their_boards_too() -> None:
    now = clock.now()
    Team.objects.bulk_create(
        Team(slug=f"it-{n}", name=f"IT {n}", side=Side.IT, created_at=now) for n in range(3)
    )
    assert [board.slug for board in boards()] == ["it-0", "it-1", "it-2"]


def test_teams_from_before_got_theirs_by_the_migration() -> None:
    team = make_team(Side.IT)
    Board.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT requests_app_make_board(id, slug, created_at) FROM teams_team WHERE side = 'it'"
        )
    assert columns_of(team.slug) == list(BOARD_COLUMNS)


def test_a_teams_own_board_takes_settings_of_its_columns_and_nothing_else() -> None:
    team = make_team(Side.IT)
    own = make_person(lead_of=team)
    edit_board(team.slug, {"columns": {"ready": {"title": "Next", "age_mark": 5}}, "lanes": "goal"}, by=own)
    assert Board.objects.get(team=team).lanes == "goal"
    row = next(row for row in get_board(team.slug).column_rows if row["status"] == "ready")
    assert (row["title"], row["age_mark"]) == ("Next", 5)
    with pytest.raises(InvalidFields) as refusal:
        edit_board(team.slug, {"name": "Ours", "goal": make_goal()}, by=own)
    assert codes(refusal) == [("invalid", "name"), ("invalid", "goal")]
    with pytest.raises(RuleViolation) as kept:
        delete_board(team.slug, by=own)
    assert codes(kept) == [("wrong_status", "")]


# Making ---------------------------------------------------------------------------------------------
def test_a_made_board_keeps_what_it_shows(lead: Person) -> None:
    goal, team, point = make_goal(), make_team(Side.IT), make_touchpoint()
    wanted: BoardFields = {
        "name": "  Loyal customers ",
        "goal": goal,
        "teams": [team, team],
        "touchpoints": [point],
        "type": "automation",
        "label": "spring",
        "requesting_side": "marketing",
        "lanes": "owner",
        "columns": {"parked": {"hidden": True}, "done": {"place": 1}},
    }
    board = get_board(make_board(wanted, by=lead).slug)
    assert (board.slug, board.name, board.owner, board.goal) == (
        "_loyal-customers",
        "Loyal customers",
        lead,
        goal,
    )
    assert [row["slug"] for row in board.team_rows] == [team.slug]
    assert [row["slug"] for row in board.touchpoint_rows] == [point.slug]
    assert (board.type, board.label, board.requesting_side) == ("automation", "spring", "marketing")
    assert board.lanes == "owner"
    assert columns_of(board.slug) == ["done", "shaping", "ready", "in_progress", "in_review", "parked"]
    assert [row["status"] for row in board.column_rows if row["hidden"]] == ["parked"]
    event = Event.objects.get(kind="board.made")
    assert (event.actor, event.data) == (lead, {"name": "Loyal customers", "slug": "_loyal-customers"})


def test_leads_and_admins_make_boards_and_nobody_else(lead: Person) -> None:
    member = make_person(make_team(Side.IT))
    gone = make_admin(is_active=False)
    for person, may in ((lead, True), (make_admin(), True), (member, False), (gone, False)):
        assert may_make_boards(person) is may
        if not may:
            with pytest.raises(RuleViolation) as refusal:
                make_board({"name": "Mine"}, by=person)
            assert codes(refusal) == [("not_yours", "")]


def test_a_team_and_a_board_of_one_name_keep_addresses_of_their_own(lead: Person) -> None:
    board = make_board({"name": "Growth"}, by=lead)
    team = create_team("Growth", Side.IT, by=None)
    assert (get_board(team.slug).team, get_board(board.slug).owner) == (team, lead)


def test_a_name_is_taken_once_whatever_its_capitals(lead: Person) -> None:
    make_board({"name": "Growth"}, by=lead)
    with pytest.raises(RuleViolation) as refusal:
        make_board({"name": "GROWTH"}, by=make_admin())
    assert codes(refusal) == [("already_done", "name")]
    assert make_board({"name": "Growth!"}, by=lead).slug == "_growth-2"


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ({}, ("required", "name")),
        ({"name": " "}, ("required", "name")),
        ({"name": "x" * 81}, ("too_long", "name")),
        ({"name": "a\x00b"}, ("control_character", "name")),
        ({"type": "toy"}, ("invalid", "type")),
        ({"requesting_side": "both"}, ("invalid", "requesting_side")),
        ({"lanes": "colour"}, ("invalid", "lanes")),
        ({"label": "x" * 61}, ("too_long", "label")),
        ({"columns": {"declined": {}}}, ("invalid", "columns")),
        ({"columns": {"ready": {"age_mark": 0}}}, ("invalid", "ready_age_mark")),
        ({"columns": {"ready": {"age_mark": -3}}}, ("invalid", "ready_age_mark")),
        ({"columns": {"ready": {"title": "x" * 41}}}, ("too_long", "ready_title")),
        ({"columns": {"ready": {"policy": "x" * 501}}}, ("too_long", "ready_policy")),
        ({"columns": {status: {"hidden": True} for status in BOARD_COLUMNS}}, ("invalid", "columns")),
    ],
)
def test_what_no_board_is_gets_refused_at_its_field(
    lead: Person, wanted: Any, where: tuple[str, str]
) -> None:
    fields: Any = wanted if wanted.keys() & {"name"} or not wanted else {"name": "Growth", **wanted}
    with pytest.raises(InvalidFields) as refusal:
        make_board(fields, by=lead)
    assert codes(refusal) == [where]
    assert not Board.objects.filter(team=None).exists()


def test_only_teams_of_it_serve_and_not_endlessly_many(lead: Person) -> None:
    many = [make_team(Side.IT) for _ in range(MOST_TEAMS + 1)]
    for teams in ([make_team(Side.MARKETING)], many):
        with pytest.raises(InvalidFields) as refusal:
            make_board({"name": "Growth", "teams": teams}, by=lead)
        assert codes(refusal) == [("invalid", "teams")]


def test_one_person_keeps_no_more_than_they_can_look_after(lead: Person) -> None:
    for n in range(MOST_BOARDS):
        make_board({"name": f"Board {n}"}, by=lead)
    with pytest.raises(RuleViolation) as refusal:
        make_board({"name": "One more"}, by=lead)
    assert codes(refusal) == [("too_many", "")]


# Editing --------------------------------------------------------------------------------------------
def test_an_edit_tells_what_changed_and_nothing_else(lead: Person) -> None:
    slug = make_board({"name": "Growth", "teams": [make_team(Side.IT, slug="shop")]}, by=lead).slug
    board = edit_board(slug, {"name": "Growth", "type": "integration", "teams": []}, by=lead)
    event = Event.objects.get(kind="board.edited")
    assert event.data["changes"] == {
        "type": {"from": "", "to": "integration"},
        "teams": {"from": ["shop"], "to": []},
    }
    assert (board.version, event.data["version"]) == (2, 2)
    assert edit_board(slug, {"type": "integration"}, by=lead).version == 2
    assert Event.objects.filter(kind="board.edited").count() == 1


def test_the_keeper_and_admins_change_a_board_and_nobody_else(lead: Person) -> None:
    slug = make_board({"name": "Growth"}, by=lead).slug
    other = make_person(lead_of=make_team(Side.IT))
    for change in (
        lambda: edit_board(slug, {"name": "Mine"}, by=other),
        lambda: delete_board(slug, by=other),
    ):
        with pytest.raises(RuleViolation) as refusal:
            change()
        assert codes(refusal) == [("not_yours", "")]
    board = get_board(slug)
    assert [may_edit_board(board, one) for one in (lead, other, make_admin())] == [True, False, True]
    edit_board(slug, {"name": "Theirs"}, by=make_admin())


def test_the_leads_of_a_team_set_its_board_and_members_do_not() -> None:
    team = make_team(Side.IT)
    edit_board(team.slug, {"columns": {"ready": {"policy": "Scored"}}}, by=make_person(lead_of=team))
    for person in (make_person(team), make_person(lead_of=make_team(Side.IT))):
        with pytest.raises(RuleViolation):
            edit_board(team.slug, {"columns": {"ready": {"policy": ""}}}, by=person)


def test_two_who_change_the_same_clash_and_others_do_not(lead: Person) -> None:
    slug = make_board({"name": "Growth"}, by=lead).slug
    edit_board(slug, {"name": "Bloom"}, by=make_admin(), seen_version=1)
    with pytest.raises(StaleVersion) as stale:
        edit_board(slug, {"name": "Thrive"}, by=lead, seen_version=1)
    assert stale.value.clash == ("name",)
    merged = edit_board(slug, {"name": "Growth", "type": "other"}, by=lead, seen_version=1)
    assert (merged.name, merged.type) == ("Bloom", "other")
    with pytest.raises(StaleVersion):
        edit_board(slug, {"type": ""}, by=lead, version=1)


def test_a_column_can_be_put_elsewhere(lead: Person) -> None:
    slug = make_board({"name": "Growth"}, by=lead).slug
    edit_board(slug, {"columns": {"shaping": {"place": 3}}}, by=lead)
    assert columns_of(slug)[:3] == ["ready", "in_progress", "shaping"]
    edit_board(slug, {"columns": {"parked": {"place": 2}}}, by=lead)
    assert columns_of(slug) == ["ready", "parked", "in_progress", "shaping", "in_review", "done"]


def test_places_are_taken_from_both_sides() -> None:
    stood = {"a": 1, "b": 2, "c": 3}
    assert in_order(stood, {"a": 3, "b": 2, "c": 3}) == ["b", "c", "a"]
    assert in_order(stood, {"a": 1, "b": 2, "c": 1}) == ["c", "a", "b"]
    assert in_order(stood, stood) == ["a", "b", "c"]


def test_a_deleted_board_is_gone_and_its_requests_are_not(lead: Person) -> None:
    request = make_request()
    slug = make_board({"name": "Growth"}, by=lead).slug
    with pytest.raises(StaleVersion):
        delete_board(slug, by=lead, version=7)
    delete_board(slug, by=lead, version=1)
    with pytest.raises(Http404):
        get_board(slug)
    request.refresh_from_db()
    assert Event.objects.get(kind="board.deleted").data["name"] == "Growth"
    for change in (lambda: edit_board(slug, {"name": "x"}, by=lead), lambda: delete_board(slug, by=lead)):
        with pytest.raises(Http404):
            change()


# In the database too --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fields",
    [
        {"slug": "_x", "name": ""},
        {"slug": "x", "name": "Like a team's"},
        {"slug": "_x", "name": "Nobody's", "owner": None},
        {"slug": "_x", "name": "Strange", "type": "toy"},
        {"slug": "_x", "name": "Strange", "requesting_side": "both"},
        {"slug": "_x", "name": "Strange", "lanes": "colour"},
    ],
)
def test_the_database_refuses_what_no_board_is(lead: Person, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Board.objects.create(**{"owner": lead, "created_at": clock.now(), **fields})


def test_the_database_keeps_a_teams_board_free_of_filters_and_single() -> None:
    team = make_team(Side.IT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Board.objects.filter(team=team).update(goal=make_goal())
    with pytest.raises(IntegrityError), transaction.atomic():
        Board.objects.create(slug="second", team=team, created_at=clock.now())


def test_the_database_keeps_one_column_a_status(lead: Person) -> None:
    board = make_board({"name": "Growth"}, by=lead)
    for fields in ({"status": "ready", "position": 7}, {"status": "declined", "position": 7}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BoardColumn.objects.create(board=board, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        board.columns.filter(status="ready").update(age_mark=0)
