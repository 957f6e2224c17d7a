"""What pages of people and teams read."""

import pytest

from teams.models import Side, Team
from teams.reads import found, page_of, teams_by_side
from tests.factories import make_person, make_team

pytestmark = pytest.mark.django_db


def test_teams_stand_by_name_whichever_row_was_written_last() -> None:
    for name in ("Media", "Brand", "Shops"):
        make_team(Side.MARKETING, name=name)
    # A changed row goes to the end of its table, which is no order to show.
    Team.objects.filter(name="Brand").update(brief="What we stand for.")
    ((_side, teams),) = teams_by_side()
    assert [team.name for team in teams] == ["Brand", "Media", "Shops"]


def test_the_teams_of_a_person_stand_by_name_whichever_was_joined_first() -> None:
    person = make_person(
        make_team(name="Web"), make_team(Side.MARKETING, name="Brand"), make_team(name="CRM")
    )
    (shown,) = page_of(found(person.name, ""), 1).rows
    assert [membership.team.name for membership in shown.memberships.all()] == ["Brand", "CRM", "Web"]
