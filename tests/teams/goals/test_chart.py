"""The chart of a key result: everything within its frame, better values nearer to the target."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from teams.goals.chart import chart
from teams.models import CheckIn, KeyResult

START = date(2026, 10, 1)
END = START + timedelta(days=100)


def values(*pairs: tuple[int, str]) -> list[CheckIn]:
    return [CheckIn(on=START + timedelta(days=day), value=Decimal(value)) for day, value in pairs]


def one(baseline: str = "0", target: str = "100") -> KeyResult:
    return KeyResult(baseline=Decimal(baseline), target=Decimal(target))


def test_without_a_value_there_is_no_chart() -> None:
    assert chart(one(), [], START, END) is None


def test_values_stand_where_their_days_and_heights_are() -> None:
    drawn = chart(one(), values((0, "0"), (50, "50"), (100, "100")), START, END)
    assert drawn
    assert [point.x for point in drawn.points] == [0, 50, 100]
    # A margin of 12 % of 100 above and below: 0 stands at 112/124 of the height, 100 at 12/124.
    assert [point.y for point in drawn.points] == [90.32, 50.0, 9.68]
    assert (drawn.baseline_y, drawn.target_y) == (90.32, 9.68)
    assert drawn.expected
    assert (drawn.expected.x1, drawn.expected.y2) == (0, 9.68)
    assert len(drawn.way) == 2


def test_a_target_below_the_start_falls() -> None:
    drawn = chart(one("9", "3"), values((10, "8")), START, END)
    assert drawn
    assert drawn.target_y > drawn.points[0].y > drawn.baseline_y


def test_without_a_period_there_is_no_expected_line_and_one_day_stands_in_the_middle() -> None:
    drawn = chart(one(), values((3, "5")), None, None)
    assert drawn
    assert (drawn.expected, drawn.points[0].x) == (None, 50.0)


@given(
    st.lists(st.tuples(st.integers(-50, 200), st.integers(-(10**9), 10**9)), min_size=1, max_size=8),
    st.integers(-1000, 1000),
    st.integers(1, 1000),
)
def test_nothing_stands_outside_the_frame(pairs: list[tuple[int, int]], baseline: int, way: int) -> None:
    found = values(*((day, str(value)) for day, value in sorted(pairs)))
    drawn = chart(one(str(baseline), str(baseline + way)), found, START, END)
    assert drawn
    heights = [*(point.y for point in drawn.points), drawn.baseline_y, drawn.target_y]
    assert all(0 <= place <= 100 for place in [*heights, *(point.x for point in drawn.points)])
