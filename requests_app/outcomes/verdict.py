"""What a measured value means, from what was expected; pure."""

from decimal import Decimal

from requests_app.choices import OutcomeVerdict


def verdict_on(baseline: Decimal, target: Decimal, measured: Decimal) -> OutcomeVerdict:
    """Reached from the target on, missed where nothing moved towards it, partly in between.

    The direction follows from baseline and target, so it holds for metrics that should fall as well. Where
    both are the same, the aim is to hold the value: any other one misses it.
    """
    if target == baseline:
        return OutcomeVerdict.REACHED if measured == target else OutcomeVerdict.MISSED
    way = (measured - baseline) / (target - baseline)
    if way >= 1:
        return OutcomeVerdict.REACHED
    return OutcomeVerdict.PARTLY if way > 0 else OutcomeVerdict.MISSED
