"""For each domain function of exchanges a prepared situation and the call that changes it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from activity import clock
from knowhow.exchanges import afterwards, feeds, places, planning, reminding, wishes
from knowhow.exchanges.session_fields import SessionFields
from tests.factories import make_person
from tests.knowhow.exchanges.making import BERLIN, hours, make_exchange, make_proposal, seat, wait, words

Change = Callable[[], Any]


def planning_one() -> Change:
    return partial(planning.plan, words(), hours(), BERLIN, by=make_person())


def planning_a_series_that_was_wished_for() -> Change:
    proposal, rhythm = make_proposal(voices=1), planning.Rhythm(1, 3)
    return partial(
        planning.plan, words(), hours(), BERLIN, by=make_person(), rhythm=rhythm, proposal_id=proposal.pk
    )


def editing() -> Change:
    exchange = make_exchange(seats=1)
    seat(exchange)
    wait(exchange)
    return partial(planning.edit, exchange.pk, SessionFields(seats=2, title="New"), by=exchange.host)


def moving() -> Change:
    exchange = make_exchange()
    return partial(planning.move, exchange.pk, hours(9), by=exchange.host)


def cancelling() -> Change:
    exchange = make_exchange()
    return partial(planning.cancel, exchange.pk, "Ill", by=exchange.host)


def signing_up() -> Change:
    return partial(places.sign_up, make_exchange().pk, by=make_person())


def signing_off() -> Change:
    exchange = make_exchange(seats=1)
    leaving = seat(exchange)
    wait(exchange)
    return partial(places.sign_off, exchange.pk, by=leaving.person)


def filling() -> Change:
    exchange = make_exchange(seats=1)
    seat(exchange, make_person(is_active=False))
    wait(exchange)
    return partial(places.fill_seats, exchange.pk, by=None)


def noting_who_was_there() -> Change:
    exchange = make_exchange(days=-1)
    came = seat(exchange)
    return partial(afterwards.record_attendance, exchange.pk, [came.person_id], by=exchange.host)


def answering() -> Change:
    exchange = make_exchange(days=-1)
    came = seat(exchange)
    return partial(afterwards.give_feedback, exchange.pk, "yes", by=came.person)


def adding_a_link() -> Change:
    exchange = make_exchange()
    return partial(afterwards.add_material, exchange.pk, "Slides", "https://example.org", by=exchange.host)


def removing_a_link() -> Change:
    exchange = make_exchange()
    added = afterwards.add_material(exchange.pk, "Slides", "https://example.org", by=exchange.host)
    return partial(afterwards.remove_material, exchange.pk, added.pk, by=exchange.host)


def proposing() -> Change:
    return partial(wishes.propose, "Read SQL", "I read it.", by=make_person())


def wishing() -> Change:
    return partial(wishes.wish, make_proposal(voices=3).pk, by=make_person())


def taking_a_wish_back() -> Change:
    proposal, person = make_proposal(), make_person()
    wishes.wish(proposal.pk, by=person)
    return partial(wishes.unwish, proposal.pk, by=person)


def withdrawing() -> Change:
    proposal = make_proposal()
    return partial(wishes.withdraw, proposal.pk, by=proposal.proposer)


def opening_a_feed() -> Change:
    return partial(feeds.open_feed, by=make_person())


def closing_a_feed() -> Change:
    person = make_person()
    feeds.open_feed(by=person)
    return partial(feeds.close_feed, by=person)


def reminding_of_it() -> Change:
    exchange = make_exchange(days=0.9, invited_at=clock.now() - timedelta(days=9))
    return partial(reminding.remind, exchange.pk, clock.now(), by=None)


def asking_how_it_was() -> Change:
    exchange = make_exchange(days=-0.1)
    seat(exchange)
    return partial(reminding.ask_how_it_was, exchange.pk, clock.now(), by=None)


ROOM = "knowhow.exchanges"
EXCHANGES: dict[str, Callable[[], Change]] = {
    f"{ROOM}.planning.plan": planning_one,
    f"{ROOM}.planning.plan(wished for)": planning_a_series_that_was_wished_for,
    f"{ROOM}.planning.edit": editing,
    f"{ROOM}.planning.move": moving,
    f"{ROOM}.planning.cancel": cancelling,
    f"{ROOM}.places.sign_up": signing_up,
    f"{ROOM}.places.sign_off": signing_off,
    f"{ROOM}.places.fill_seats": filling,
    f"{ROOM}.afterwards.record_attendance": noting_who_was_there,
    f"{ROOM}.afterwards.give_feedback": answering,
    f"{ROOM}.afterwards.add_material": adding_a_link,
    f"{ROOM}.afterwards.remove_material": removing_a_link,
    f"{ROOM}.wishes.propose": proposing,
    f"{ROOM}.wishes.wish": wishing,
    f"{ROOM}.wishes.unwish": taking_a_wish_back,
    f"{ROOM}.wishes.withdraw": withdrawing,
    f"{ROOM}.feeds.open_feed": opening_a_feed,
    f"{ROOM}.feeds.close_feed": closing_a_feed,
    f"{ROOM}.reminding.remind": reminding_of_it,
    f"{ROOM}.reminding.ask_how_it_was": asking_how_it_was,
}
