"""For each domain function of a round a prepared situation and the call that changes it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from requests_app.rounds.minutes import correct_minutes
from requests_app.rounds.running import close_round, defer, join_round, open_round, step
from tests.factories import make_person
from tests.requests_app.rounds.meetings import make_divergent, make_table

Change = Callable[[], Any]


def opening() -> Change:
    make_divergent()
    return partial(open_round, by=make_person())


def joining() -> Change:
    table = make_table()
    return partial(join_round, table.round.pk, by=make_person())


def stepping() -> Change:
    table = make_table()
    return partial(step, table.round.pk, by=table.it, seen=table.item(1))


def going_back() -> Change:
    table = make_table()
    step(table.round.pk, by=table.it, seen=table.item(1))
    return partial(step, table.round.pk, by=table.it, seen=table.item(2), back=True)


def putting_off() -> Change:
    table = make_table()
    return partial(defer, table.round.pk, "Next week.", by=table.it, seen=table.item(1))


def closing() -> Change:
    table = make_table()
    return partial(close_round, table.round.pk, by=table.it)


def correcting() -> Change:
    table = make_table()
    close_round(table.round.pk, by=table.it)
    return partial(correct_minutes, table.round.pk, {table.item(1): "We agreed."}, by=table.it)


RUNNING = "requests_app.rounds.running"
ROUNDS = {
    f"{RUNNING}.open_round": opening,
    f"{RUNNING}.join_round": joining,
    f"{RUNNING}.step": stepping,
    f"{RUNNING}.step(back)": going_back,
    f"{RUNNING}.defer": putting_off,
    f"{RUNNING}.close_round": closing,
    "requests_app.rounds.minutes.correct_minutes": correcting,
}
