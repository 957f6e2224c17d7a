"""Teams and skills: who masters what, and where the gaps are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowhow.models import Skill
from knowhow.skills.reading import HeatMap, Rows, heat_map, held_in_teams, rows_of
from teams.models import Side, Team
from tests.factories import give_skill, make_person, make_skill, make_team

CRM, BRAND = Team(pk=1, name="CRM", side=Side.IT), Team(pk=2, name="Brand", side=Side.MARKETING)
WEB = Team(pk=3, name="Web", side=Side.IT)
SQL, CONSENT = Skill(pk=1, name_en="SQL"), Skill(pk=2, name_en="Consent")


def map_of(held: list[tuple[int, int, int, bool]], needed: dict[tuple[int, int], int]) -> HeatMap:
    return heat_map([CRM, BRAND], [SQL, CONSENT], held, needed)


def test_a_cell_counts_who_masters_who_knows_and_who_wants() -> None:
    cell = map_of([(1, 1, 4, False), (1, 1, 3, True), (1, 1, 1, True), (1, 1, 0, True)], {}).rows[0].cells[0]
    assert (cell.masters, cell.know, cell.want, cell.best) == (2, 3, 3, 4)
    assert not cell.is_gap


@pytest.mark.parametrize(
    ("levels", "needed", "gap", "thin"),
    [
        ([], 0, False, False),
        ([], 2, True, False),
        ([2], 1, True, False),
        ([3], 1, False, True),
        ([3, 4], 1, False, False),
        ([3], 0, False, False),
    ],
)
def test_a_gap_is_needed_and_not_mastered(levels: list[int], needed: int, gap: bool, thin: bool) -> None:
    row = map_of([(1, 1, level, False) for level in levels], {(1, 1): needed}).rows[0]
    assert (row.cells[0].is_gap, row.cells[0].is_thin, row.gaps) == (gap, thin, int(gap))


HELD = st.lists(
    st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(0, 4), st.booleans()), max_size=20
)


@given(HELD, st.dictionaries(st.tuples(st.integers(1, 2), st.integers(1, 2)), st.integers(0, 5)))
def test_every_figure_is_consistent(
    held: list[tuple[int, int, int, bool]], needed: dict[tuple[int, int], int]
) -> None:
    for row in map_of(held, needed).rows:
        for cell in row.cells:
            assert cell.masters <= cell.know
            assert (cell.best >= 3) == (cell.masters > 0)
            assert not (cell.is_gap and cell.is_thin)


def test_rows_are_chosen_by_side_gaps_or_as_ones_own_and_own_teams_come_first() -> None:
    found = heat_map([BRAND, CRM, WEB], [SQL], [(CRM.pk, SQL.pk, 4, False)], {(WEB.pk, SQL.pk): 1}).rows
    chosen = {asked: [row.team for row in rows_of(found, asked, {CRM.pk})] for asked in ("", *Rows.values)}
    assert chosen == {
        "": [CRM, BRAND, WEB],
        "own": [CRM],
        "gaps": [WEB],
        "marketing": [BRAND],
        "it": [CRM, WEB],
        "other": [],
    }


@pytest.mark.django_db
def test_members_of_two_teams_count_in_both_and_what_is_hidden_in_none() -> None:
    one, other, skill = make_team(Side.IT), make_team(Side.MARKETING), make_skill()
    give_skill(make_person(one, other), skill, 4, wants=True)
    gone = make_person(one, is_active=False)
    give_skill(gone, skill, 4)
    found = held_in_teams(make_person(), [skill])
    assert sorted(found) == sorted((team.pk, skill.pk, 4, True) for team in (one, other))
