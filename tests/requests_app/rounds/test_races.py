"""Two devices at once: one step, one ending, and never something half decided."""

from functools import partial

import pytest
from django.db import connection

from activity.models import Event
from requests_app.choices import AgendaOutcome
from requests_app.models import Round
from requests_app.rounds.running import close_round, defer, join_round, open_round, step
from tests.factories import make_person
from tests.requests_app.rounds.meetings import Table, make_divergent, make_table
from tests.requests_app.test_races import REPETITIONS, at_once, kinds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.torture]


def kept(table: Table) -> list[str]:
    return list(table.round.items.values_list("outcome", flat=True))


def start_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE requests_app_round, requests_app_request CASCADE")


def test_two_who_press_next_at_once_take_one_step() -> None:
    for _turn in range(REPETITIONS):
        start_anew()
        table = make_table()
        first = table.item(1)
        outcome = kinds(
            at_once(
                partial(step, table.round.pk, by=table.it, seen=first),
                partial(step, table.round.pk, by=table.marketing, seen=first),
            )
        )
        assert outcome == {"Round": 1, "StaleVersion": 1}
        assert table.fresh().position == 2


def test_closing_while_somebody_puts_off_leaves_no_half() -> None:
    came_first: list[str] = []
    for _turn in range(REPETITIONS):
        start_anew()
        table = make_table()
        first = table.item(1)
        outcome = kinds(
            at_once(
                partial(defer, table.round.pk, "Later", by=table.it, seen=first),
                partial(close_round, table.round.pk, by=table.marketing),
            )
        )
        closed = table.fresh()
        assert not closed.is_open
        put_off = kept(table) == [AgendaOutcome.DEFERRED, AgendaOutcome.LEFT]
        assert put_off or kept(table) == [AgendaOutcome.LEFT] * 2
        assert outcome == ({"Round": 2} if put_off else {"Round": 1, "already_done": 1})
        assert Event.objects.filter(kind="round.deferred", object_id=closed.pk).count() == put_off
        came_first.append("put off" if put_off else "closed")
    print(came_first)


def test_two_who_close_at_once_close_once() -> None:
    for _turn in range(REPETITIONS):
        start_anew()
        table = make_table()
        outcome = kinds(
            at_once(
                partial(close_round, table.round.pk, by=table.it),
                partial(close_round, table.round.pk, by=table.marketing),
            )
        )
        assert outcome == {"Round": 1, "already_done": 1}
        assert Event.objects.filter(kind="round.closed", object_id=table.round.pk).count() == 1


def test_two_who_open_at_once_open_one() -> None:
    for _turn in range(REPETITIONS):
        start_anew()
        make_divergent()
        one, other = make_person(), make_person()
        outcome = kinds(at_once(partial(open_round, by=one), partial(open_round, by=other)))
        assert outcome == {"Round": 1, "already_done": 1}
        assert Round.objects.count() == 1


def test_one_who_joins_twice_at_once_is_there_once() -> None:
    for _turn in range(REPETITIONS):
        start_anew()
        table, comer = make_table(), make_person()
        calls = [partial(join_round, table.round.pk, by=comer)] * 2
        assert kinds(at_once(*calls)) == {"Round": 2}
        assert table.round.presences.filter(person=comer).count() == 1
