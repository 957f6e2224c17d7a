"""The map as a drawing, and as the table that says the same."""

from datetime import UTC, datetime

import pytest

from knowhow.bridges.silo import Tie, silo_map
from requests_app.bridging.drawing import COLUMNS, MIDDLE, MOST_TIES, THICKEST, drawn, rows
from teams.models import Side, Team

NOW = datetime(2026, 11, 25, tzinfo=UTC)
TEAMS = [
    Team(pk=1, name="Brand", side=Side.MARKETING),
    Team(pk=2, name="Loyalty", side=Side.MARKETING),
    Team(pk=3, name="CRM", side=Side.IT),
    Team(pk=4, name="Stores", side=Side.OTHER),
]


def tie(one: int, other: int, n: int) -> Tie:
    return Tie(one, other, {"requests": n}, NOW)


FOUND = silo_map([1, 2, 3, 4], [tie(1, 2, 1), tie(1, 3, 8), tie(2, 3, 2)], NOW)


def test_marketing_stands_left_it_right_and_others_beneath() -> None:
    nodes = {node.team.pk: node for node in drawn(TEAMS, FOUND).nodes}
    assert [nodes[pk].x for pk in (1, 2, 3, 4)] == [
        COLUMNS["marketing"],
        COLUMNS["marketing"],
        COLUMNS["it"],
        MIDDLE,
    ]
    assert nodes[1].y < nodes[2].y < nodes[4].y
    assert [pk for pk, node in nodes.items() if node.is_lonely] == [4]
    assert [nodes[pk].anchor for pk in (1, 3, 4)] == ["end", "start", "middle"]


def test_everything_stands_inside() -> None:
    drawing = drawn(TEAMS, FOUND)
    assert all(0 < node.y + node.radius < drawing.height for node in drawing.nodes)
    assert all(0 < node.label_x < drawing.width for node in drawing.nodes)


def test_the_closest_pair_has_the_thickest_line_and_none_vanishes() -> None:
    widths = {(line.one.team.pk, line.other.team.pk): line.width for line in drawn(TEAMS, FOUND).lines}
    assert widths[1, 3] == THICKEST
    assert min(widths.values()) >= 1.5


def test_a_tie_within_a_column_is_a_bow() -> None:
    paths = {line.weight: line.path for line in drawn(TEAMS, FOUND).lines}
    assert "Q" in paths[1]
    assert "L" in paths[8]


def test_no_team_at_all_is_drawn_too() -> None:
    assert drawn([], silo_map([], [], NOW)).nodes == ()


def test_the_table_says_the_same_the_closest_first() -> None:
    found = rows({team.pk: team for team in TEAMS}, FOUND)
    assert [(row.one.name, row.other.name, row.counts["requests"]) for row in found] == [
        ("Brand", "CRM", 8),
        ("Loyalty", "CRM", 2),
        ("Brand", "Loyalty", 1),
    ]


@pytest.mark.parametrize("team", TEAMS)
def test_each_team_has_its_place(team: Team) -> None:
    assert team in [node.team for node in drawn(TEAMS, FOUND).nodes]


def test_of_many_ties_the_closest_are_drawn_and_listed() -> None:
    teams = [Team(pk=pk, name=f"Team {pk}", side=Side.IT) for pk in range(1, 20)]
    pairs = [(one.pk, other.pk) for one in teams for other in teams if one.pk < other.pk]
    found = silo_map([team.pk for team in teams], [tie(*pair, n) for n, pair in enumerate(pairs, 1)], NOW)
    listed = rows({team.pk: team for team in teams}, found)
    weights = [row.tie.weight for row in listed]
    assert weights == list(range(len(pairs), len(pairs) - MOST_TIES, -1))
    assert sorted(line.weight for line in drawn(teams, found).lines) == weights[::-1]
    joined = {team.pk for row in listed for team in (row.one, row.other)}
    assert {node.team.pk for node in drawn(teams, found).nodes} == joined
    assert len(joined) < len(teams)


def test_who_stands_alone_is_drawn_among_many_ties_too() -> None:
    teams = [Team(pk=pk, name=f"Team {pk}", side=Side.IT) for pk in range(1, 20)]
    pairs = [(one.pk, other.pk) for one in teams[1:] for other in teams[1:] if one.pk < other.pk]
    found = silo_map([team.pk for team in teams], [tie(*pair, n) for n, pair in enumerate(pairs, 1)], NOW)
    assert len(pairs) > MOST_TIES
    assert [node.team.pk for node in drawn(teams, found).nodes if node.is_lonely] == [1]
