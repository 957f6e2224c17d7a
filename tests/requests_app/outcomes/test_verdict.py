"""What a measured value means; pure."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.choices import OutcomeVerdict
from requests_app.outcomes.verdict import verdict_on

numbers = st.decimals(-1000, 1000, places=4)


@pytest.mark.parametrize(
    ("baseline", "target", "measured", "verdict"),
    [
        ("1.8", "3.0", "3.0", "reached"),
        ("1.8", "3.0", "3.4", "reached"),
        ("1.8", "3.0", "2.9999", "partly"),
        ("1.8", "3.0", "1.8001", "partly"),
        ("1.8", "3.0", "1.8", "missed"),
        ("1.8", "3.0", "1.2", "missed"),
        # A metric that should fall.
        ("40", "10", "10", "reached"),
        ("40", "10", "0", "reached"),
        ("40", "10", "39.9", "partly"),
        ("40", "10", "40", "missed"),
        ("40", "10", "55", "missed"),
        ("-5", "-10", "-7", "partly"),
        # Nothing should change.
        ("4.5", "4.5", "4.5", "reached"),
        ("4.5", "4.5", "4.50", "reached"),
        ("4.5", "4.5", "4.6", "missed"),
        ("0", "0", "0", "reached"),
    ],
)
def test_reached_partly_missed(baseline: str, target: str, measured: str, verdict: str) -> None:
    assert verdict_on(Decimal(baseline), Decimal(target), Decimal(measured)) == verdict


@given(numbers, numbers, numbers)
def test_rising_and_falling_metrics_mirror_each_other(base: Decimal, target: Decimal, found: Decimal) -> None:
    assert verdict_on(base, target, found) == verdict_on(-base, -target, -found)


@given(numbers, numbers)
def test_target_reaches_and_baseline_misses(baseline: Decimal, target: Decimal) -> None:
    assert verdict_on(baseline, target, target) == OutcomeVerdict.REACHED
    if baseline != target:
        assert verdict_on(baseline, target, baseline) == OutcomeVerdict.MISSED
