"""How solutions get into the catalogue, and how they are kept true there."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from activity.models import Event
from knowhow.models import Solution
from knowhow.solutions.catalogue import (
    SLUG_LENGTH,
    add_to_catalogue,
    create_solution,
    edit_solution,
    may_keep,
    set_affected,
)
from knowhow.solutions.fields import SolutionFields, missing_sections
from knowhow.solutions.forms import LABELS
from knowhow.solutions.models import DATA_TEXT
from teams.models import PLAIN_TEXT, Person, Team
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_admin, make_person, make_solution, make_team, make_touchpoint

pytestmark = pytest.mark.django_db

WHOLE = SolutionFields(
    title="Mail robot", purpose="It sends mails.", limits="It writes none.", what_to_do="Ask CRM."
)


def given(**fields: Any) -> SolutionFields:
    return SolutionFields(**{**WHOLE, **fields})  # type: ignore[typeddict-item]


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def member(team: Team) -> Person:
    return make_person(team)


@pytest.fixture
def whole(team: Team, member: Person) -> Solution:
    return create_solution(team, WHOLE, by=member)


def test_a_member_describes_a_solution_of_the_team(team: Team, member: Person) -> None:
    texts = given(title=" Mail  robot ", purpose="It sends mails.\r\nAt night.", terms="Robot: a program")
    touched, affected = make_touchpoint(), make_team()
    solution = create_solution(
        team, {**texts, "touchpoints": [touched], "affected_teams": [affected]}, by=member
    )
    solution.refresh_from_db()
    assert (solution.title, solution.purpose) == ("Mail robot", "It sends mails.\nAt night.")
    assert (solution.slug, solution.status, solution.terms) == ("mail-robot", "live", "Robot: a program")
    assert list(solution.touchpoints.all()) == [touched]
    assert list(solution.affected_teams.all()) == [affected]
    event = Event.objects.get()
    assert (event.kind, event.object_type, event.object_id) == ("solution.created", "solution", solution.pk)
    assert event.data == {"title": "Mail robot", "team": team.slug}


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"purpose": " "}, ["purpose"]),
        ({"limits": ""}, ["limits"]),
        ({"what_to_do": "\n"}, ["what_to_do"]),
        ({"title": "", "purpose": "", "limits": "", "what_to_do": ""}, [*WHOLE]),
        ({"title": "a\x00", "limits": "b\x00"}, ["title", "limits"]),
        ({"purpose": "a\ud800"}, ["purpose"]),
        ({"title": "x" * 201}, ["title"]),
        ({"terms": "x" * (PLAIN_TEXT + 1)}, ["terms"]),
        ({"data_held": "x" * (DATA_TEXT + 1)}, ["data_held"]),
        ({"status": "gone"}, ["status"]),
    ],
)
def test_name_and_sections_are_needed_and_clean(team: Team, wrong: dict[str, str], fields: list[str]) -> None:
    with pytest.raises(InvalidFields) as error:
        create_solution(team, given(**wrong), by=make_admin())
    assert [missing.field for missing in error.value.missing] == fields
    assert not Solution.objects.exists()


def test_words_explained_are_the_one_section_that_may_be_empty(team: Team, member: Person) -> None:
    assert create_solution(team, given(terms=""), by=member).terms == ""


def test_only_members_and_admins_describe_and_keep_a_teams_solutions(team: Team, whole: Solution) -> None:
    gone = make_person(team)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    events = Event.objects.count()
    for person in (make_person(), make_person(make_team()), gone):
        assert not may_keep(team, person)
        with pytest.raises(RuleViolation, match="not_yours"):
            create_solution(team, WHOLE, by=person)
        with pytest.raises(RuleViolation, match="not_yours"):
            edit_solution(whole, {"title": "Other"}, by=person)
        with pytest.raises(RuleViolation, match="not_yours"):
            set_affected(whole, make_team(), is_affected=True, by=person)
    assert Event.objects.count() == events
    assert create_solution(team, WHOLE, by=make_admin()).slug == "mail-robot-2"


def test_an_edit_tells_what_changed_and_moves_the_version(whole: Solution, member: Person) -> None:
    touched = make_touchpoint()
    fields = SolutionFields(
        status="leaving", review_on=date(2027, 3, 1), touchpoints=[touched], limits="It writes none."
    )
    changed = edit_solution(whole, fields, by=member)
    assert (changed.version, changed.status) == (2, "leaving")
    event = Event.objects.latest("id")
    assert (event.kind, event.data["version"]) == ("solution.edited", 2)
    assert event.data["changes"] == {
        "status": {"from": "live", "to": "leaving"},
        "review_on": {"from": None, "to": "2027-03-01"},
        "touchpoints": {"from": [], "to": [touched.slug]},
    }


def test_an_edit_that_changes_nothing_tells_nothing(whole: Solution, member: Person) -> None:
    assert edit_solution(whole, given(title=" Mail robot "), by=member).version == 1
    assert Event.objects.count() == 1


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_needed_cannot_be_emptied(whole: Solution, member: Person, name: str) -> None:
    with pytest.raises(InvalidFields) as error:
        edit_solution(whole, {name: " "}, by=member)  # type: ignore[misc]
    assert [missing.field for missing in error.value.missing] == [name]


def test_an_explainer_in_one_piece_stays_one_until_its_sections_are_begun(team: Team, member: Person) -> None:
    solution = make_solution(team)
    assert missing_sections(solution) == [str(LABELS["limits"]), str(LABELS["what_to_do"])]
    edit_solution(solution, {"title": "Robot", "purpose": "It sends.", "limits": ""}, by=member)
    with pytest.raises(InvalidFields) as error:
        edit_solution(solution, {"limits": "It writes none."}, by=member)
    assert [missing.field for missing in error.value.missing] == ["what_to_do"]
    changed = edit_solution(solution, {"limits": "It writes none.", "what_to_do": "Ask."}, by=member)
    assert missing_sections(changed) == []


def test_two_who_edit_different_fields_both_keep_theirs(whole: Solution, member: Person) -> None:
    edit_solution(whole, {"limits": "No pictures."}, by=member, seen_version=1)
    both = edit_solution(whole, given(what_to_do="Call us."), by=member, seen_version=1)
    assert (both.limits, both.what_to_do) == ("No pictures.", "Call us.")


def test_two_who_edit_the_same_field_do_not_overwrite_each_other(whole: Solution, member: Person) -> None:
    edit_solution(whole, {"limits": "No pictures."}, by=member, seen_version=1)
    with pytest.raises(StaleVersion) as stale:
        edit_solution(whole, {"limits": "No films."}, by=member, seen_version=1)
    assert stale.value.clash == ("limits",)
    with pytest.raises(StaleVersion):
        edit_solution(whole, {"title": "Robot"}, by=member, version=1)


def test_a_team_is_said_to_be_affected_once(whole: Solution, member: Person) -> None:
    first, second = make_team(slug="a-team"), make_team(slug="b-team")
    set_affected(whole, second, is_affected=True, by=member)
    assert set_affected(whole, first, is_affected=True, by=member).version == 3
    with pytest.raises(RuleViolation, match="already_done"):
        set_affected(whole, first, is_affected=True, by=member)
    set_affected(whole, second, is_affected=False, by=member)
    assert list(whole.affected_teams.all()) == [first]
    told = Event.objects.latest("id").data["changes"]["affected_teams"]
    assert told == {"from": ["a-team", "b-team"], "to": ["a-team"]}


def test_a_solution_that_is_gone_cannot_be_changed(whole: Solution, member: Person) -> None:
    Solution.objects.all().delete()
    with pytest.raises(Http404):
        edit_solution(whole, {"title": "Other"}, by=member)


def test_equal_names_get_slugs_of_their_own_and_none_that_is_a_page(team: Team) -> None:
    names = ["Mail robot", "Mail robot", "Mail robot", "New", "Großer Bär"]
    slugs = [add_to_catalogue(team, {"title": name, "purpose": "x"}).slug for name in names]
    assert slugs == ["mail-robot", "mail-robot-2", "mail-robot-3", "new-2", "grosser-bar"]


@pytest.mark.parametrize("title", ["日本語", "!!!"])
def test_a_title_without_latin_letters_gets_a_slug_too(team: Team, title: str) -> None:
    assert add_to_catalogue(team, {"title": title, "purpose": "x"}).slug == "solution"


def test_a_long_title_gets_a_short_slug(team: Team) -> None:
    for _twice in range(2):
        slug = add_to_catalogue(team, {"title": "word " * 40, "purpose": "x"}).slug
        assert len(slug) <= SLUG_LENGTH + 3


def test_adding_to_the_catalogue_alone_tells_nothing(team: Team) -> None:
    add_to_catalogue(team, {"title": "Robot", "purpose": "It helps."})
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"purpose": ""}, {"status": "gone"}, {"limits": "x" * (PLAIN_TEXT + 1)}]
)
def test_the_database_itself_refuses(wrong: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_solution(None, **wrong)


def test_its_team_hands_it_on_to_another_which_then_keeps_it(whole: Solution, member: Person) -> None:
    other = make_team()
    edit_solution(whole, {"team": other}, by=member)
    whole.refresh_from_db()
    assert whole.team == other
    event = Event.objects.get(kind="solution.edited")
    assert event.data["changes"]["team"] == {"from": member.teams.get().slug, "to": other.slug}
    with pytest.raises(RuleViolation):
        edit_solution(whole, {"terms": "Robot: a program"}, by=member)
    edit_solution(whole, {"terms": "Robot: a program"}, by=make_person(other))


def test_handing_it_to_the_team_that_has_it_changes_nothing(
    whole: Solution, member: Person, team: Team
) -> None:
    before = Event.objects.count()
    edit_solution(whole, {"team": team}, by=member)
    assert Event.objects.count() == before


def test_nobody_else_takes_it_over(whole: Solution) -> None:
    other = make_team()
    with pytest.raises(RuleViolation):
        edit_solution(whole, {"team": other}, by=make_person(lead_of=other))


def test_two_who_hand_it_on_at_once_are_told(whole: Solution) -> None:
    seen = whole.version
    edit_solution(whole, {"team": make_team()}, by=make_admin())
    with pytest.raises(StaleVersion):
        edit_solution(whole, {"team": make_team()}, by=make_admin(), seen_version=seen)
