"""The pure selection of a digest: what counts, for whom, and that periods tell of each event once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.digest.period import Period
from notifications.digest.select import (
    KEPT,
    LISTED,
    Facts,
    Happening,
    Reader,
    Selection,
    Standing,
    select,
)

MONDAY = datetime(2026, 11, 16, 7, tzinfo=UTC)
WEEK = Period(MONDAY, MONDAY + timedelta(days=7), None, None)


def happening(event: int, number: int, hours: float = 1, teams: frozenset[int] = frozenset()) -> Happening:
    return Happening(event, "request.parked", number, event, MONDAY + timedelta(hours=hours), teams)


def standing(number: int, teams: frozenset[int] = frozenset()) -> Standing:
    return Standing(number, "ready", "it", "2026-11-01T07:00:00+00:00", teams)


def facts(
    *,
    moved: list[Happening] | None = None,
    decided: list[Happening] | None = None,
    delivered: list[Happening] | None = None,
    stalled: list[Standing] | None = None,
) -> Facts:
    return Facts(moved or [], decided or [], delivered or [], stalled or [])


def reader(
    teams: frozenset[int] = frozenset(),
    turns: list[Standing] | None = None,
    sees: Callable[[int], bool] = lambda _number: True,
) -> Reader:
    return Reader(teams, turns or [], sees)


def test_an_empty_week_is_an_empty_selection() -> None:
    assert select(reader(), WEEK, facts()) == Selection([], [], [], [], [])


def test_only_what_happened_in_the_period_is_told() -> None:
    rows = [happening(1, 1, -1), happening(2, 2, 0), happening(3, 3, 167.9), happening(4, 4, 168)]
    assert sorted(select(reader(), WEEK, facts(decided=rows)).decided) == [2, 3]


def test_of_a_request_decided_twice_the_last_decision_counts() -> None:
    rows = [happening(1, 7, 1), happening(2, 7, 2)]
    assert select(reader(), WEEK, facts(decided=rows)).decided == [2]


def test_what_the_reader_may_not_see_is_in_no_section() -> None:
    hidden = facts(
        moved=[happening(1, 5, teams=frozenset({1}))],
        decided=[happening(2, 5)],
        delivered=[happening(3, 5)],
        stalled=[standing(5)],
    )
    blind = reader(frozenset({1}), sees=lambda number: number != 5)
    assert select(blind, WEEK, hidden) == Selection([], [{"team": 1, "events": []}], [], [], [])


def test_ones_own_teams_come_first_then_the_newest() -> None:
    rows = [happening(1, 1, 1, frozenset({9})), happening(2, 2, 2), happening(3, 3, 3)]
    assert select(reader(frozenset({9})), WEEK, facts(decided=rows)).decided == [1, 3, 2]


def test_each_team_has_its_own_moves_and_what_concerns_two_stands_with_one() -> None:
    rows = [happening(1, 1, 1, frozenset({1, 2})), happening(2, 2, 2, frozenset({2})), happening(3, 3)]
    chosen = select(reader(frozenset({1, 2})), WEEK, facts(moved=rows)).your_teams
    assert chosen == [{"team": 1, "events": [1]}, {"team": 2, "events": [2]}]


def test_what_waits_for_the_reader_is_not_told_again_as_stalled() -> None:
    chosen = select(reader(turns=[standing(1)]), WEEK, facts(stalled=[standing(1), standing(2)]))
    assert [row["number"] for row in chosen.your_turn] == [1]
    assert [row["number"] for row in chosen.stalled] == [2]


def test_no_section_grows_without_end() -> None:
    many = [happening(n, n, teams=frozenset({1})) for n in range(1, KEPT + 50)]
    still = [standing(n) for n in range(1, KEPT + 50)]
    chosen = select(
        reader(frozenset({1})), WEEK, facts(moved=many, decided=many, delivered=many, stalled=still)
    )
    lengths = {
        len(chosen.decided),
        len(chosen.delivered),
        len(chosen.stalled),
        len(chosen.your_teams[0]["events"]),
    }
    assert lengths == {KEPT}


def test_the_own_ones_of_many_teams_come_first_in_the_same_order_however_many_others_there_are() -> None:
    own = [happening(n, n, n / 100, frozenset({n % 3 + 1})) for n in range(1, 31)]
    others = [happening(n, n, n / 100, frozenset({9})) for n in range(31, 400)]
    chosen = select(reader(frozenset({1, 2})), WEEK, facts(decided=[*own, *others])).decided
    mine = sorted((row.event for row in own if row.teams & {1, 2}), reverse=True)
    rest = sorted((row.event for row in [*own, *others] if row.event not in mine), reverse=True)
    assert chosen == [*mine, *rest][:KEPT]


def test_hidden_ones_leave_no_gap_in_what_is_kept() -> None:
    rows = [happening(n, n) for n in range(1, 3 * KEPT)]
    sees_even = reader(sees=lambda number: number % 2 == 0)
    chosen = select(sees_even, WEEK, facts(decided=rows, stalled=[standing(n) for n in range(1, 3 * KEPT)]))
    assert len(chosen.decided) == len(chosen.stalled) == KEPT
    assert all(event % 2 == 0 for event in chosen.decided)


def test_of_what_was_chosen_only_what_is_seen_and_known_is_left() -> None:
    chosen = Selection(
        your_turn=[{"number": 1}, {"number": 2}],
        your_teams=[{"team": 5, "events": [11, 12, 13]}],
        decided=[11],
        delivered=[12, 13],
        stalled=[{"number": 2}],
    )
    left = chosen.seen(lambda number: number == 1, {11: 1, 12: 2})
    assert left == Selection([{"number": 1}], [{"team": 5, "events": [11]}], [11], [], [])


def test_listed_are_the_first_of_each_section() -> None:
    many = list(range(LISTED + 5))
    rows = [{"number": n} for n in many]
    listed = Selection(rows, [{"team": 1, "events": many}], many, many, rows).listed()
    lengths = {len(listed.your_turn), len(listed.decided), len(listed.delivered), len(listed.stalled)}
    assert lengths | {len(listed.your_teams[0]["events"])} == {LISTED}
    assert listed.events() == set(many[:LISTED])


def test_what_not_everybody_may_see_is_known_of_the_facts() -> None:
    told = Facts([happening(1, 1)], [happening(2, 2)], [], [standing(3)], frozenset({1}))
    assert told.restricted == {2, 3}


def test_a_selection_survives_being_kept_and_holds_ids_only() -> None:
    chosen = select(
        reader(frozenset({1}), [standing(4)]),
        WEEK,
        facts(
            moved=[happening(1, 1, teams=frozenset({1}))], decided=[happening(2, 2)], stalled=[standing(3)]
        ),
    )
    assert Selection.from_json(chosen.as_json()) == chosen
    assert chosen.numbers() == {3, 4}
    assert chosen.events() == {1, 2}


# In quarters of an hour, which a datetime tells apart; moments closer than a microsecond are one moment.
moments = st.integers(0, 21 * 24 * 4).map(lambda quarters: quarters / 4)


# On a machine that is busy with the rest of the house drawing takes as long as it takes.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    # When an event happens, how long it takes to commit, and when the digests are made.
    st.lists(st.tuples(moments, st.sampled_from([0, 0.25, 0.5, 0.75])), max_size=30),
    st.lists(moments, min_size=1, max_size=5, unique=True),
)
def test_consecutive_digests_tell_of_each_event_exactly_once(
    happened: list[tuple[float, float]], made: list[float]
) -> None:
    """Also of those committed only after a digest was made that they would have belonged to by their time."""
    by_commit = sorted(range(len(happened)), key=lambda n: sum(happened[n]))
    position = {event: place for place, event in enumerate(by_commit, start=1)}
    told: list[int] = []
    start, last = 0.0, 0
    for end in sorted(made):
        committed = [n for n in range(len(happened)) if sum(happened[n]) <= end]
        newest = max((position[n] for n in committed), default=last)
        period = Period(_at(start), _at(end), last, newest)
        rows = [
            Happening(n, "request.parked", n, position[n], _at(happened[n][0]), frozenset())
            for n in committed
        ]
        told += select(reader(), period, facts(decided=rows)).decided
        start, last = end, newest
    due = {n for n in range(len(happened)) if sum(happened[n]) <= max(made) and happened[n][0] < max(made)}
    assert sorted(told) == sorted(due)


def _at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def test_a_preview_tells_of_what_has_no_position_yet() -> None:
    fresh = Happening(1, "request.parked", 1, None, MONDAY + timedelta(hours=1), frozenset())
    late = Happening(2, "request.parked", 2, None, MONDAY - timedelta(minutes=1), frozenset())
    assert WEEK.tells_of(fresh)
    assert not WEEK.tells_of(late)
    assert Period(MONDAY, WEEK.end, 10, None).tells_of(late)
    assert not Period(MONDAY, WEEK.end, 10, 20).tells_of(fresh)


def test_what_waits_for_me_or_stands_with_another_team_is_not_said_twice() -> None:
    rows = [happening(n, n, teams=frozenset({1, 2})) for n in (4, 5)]
    both = reader(frozenset({1, 2}), [standing(4)])
    told = [row["events"] for row in select(both, WEEK, facts(moved=rows)).your_teams]
    assert told == [[5], []]
