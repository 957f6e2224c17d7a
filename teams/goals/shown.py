"""The key results of a goal as its page shows them."""

from dataclasses import dataclass
from datetime import date

from teams.goals.chart import Chart, chart
from teams.goals.health import expected, expected_value, health_of_result, percent, progress
from teams.models import CheckIn, Goal, Health, KeyResult


@dataclass(frozen=True)
class Measured:
    """One key result with its values, the newest last."""

    row: KeyResult
    check_ins: list[CheckIn]
    percent: int | None
    # The value on the straight line, for today; None without a period.
    wanted: float | None
    health: Health | None
    chart: Chart | None

    @property
    def newest_first(self) -> list[CheckIn]:
        return self.check_ins[::-1]


def measured(goal: Goal, today: date) -> list[Measured]:
    """The key results of ``goal``, which has them and their values at hand; those that run come first."""
    part = expected(goal.starts_on, goal.ends_on, today)
    found = []
    for one in sorted(goal.key_results.all(), key=lambda row: (not row.is_open, row.pk)):
        done = progress(one.baseline, one.target, one.current)
        values = list(one.check_ins.all())
        found.append(
            Measured(
                row=one,
                check_ins=values,
                percent=percent(done),
                wanted=None
                if part is None
                else round(float(expected_value(one.baseline, one.target, part)), 2),
                health=health_of_result(done, part, one.confidence) if one.is_open else None,
                chart=chart(one, values, goal.starts_on, goal.ends_on),
            )
        )
    return found
