"""Who was there, whether it helped, and the links that stay."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from activity import clock
from activity.models import Event
from knowhow.exchanges.afterwards import (
    MOST_MATERIALS,
    add_material,
    give_feedback,
    record_attendance,
    remove_material,
)
from knowhow.exchanges.models import ExchangeMaterial, SignUp
from knowhow.exchanges.reads import ANSWERS_SHOWN_FROM, answers_told
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_admin, make_person
from tests.knowhow.exchanges.making import make_exchange, seat, wait

pytestmark = pytest.mark.django_db


def test_who_was_there_and_who_was_not_is_noted() -> None:
    exchange = make_exchange(days=-1)
    came, stayed = seat(exchange), seat(exchange, attended=True, answer="yes")
    record_attendance(exchange.pk, [came.person_id], by=exchange.host)
    found = {row.pk: (row.attended, row.answer) for row in SignUp.objects.all()}
    assert found == {came.pk: (True, ""), stayed.pk: (False, "")}
    assert Event.objects.get().data == {"present": [came.person_id]}


def test_only_people_with_a_seat_were_there() -> None:
    exchange = make_exchange(days=-1, seats=1)
    seat(exchange)
    waiting = wait(exchange)
    for stranger in (waiting.person_id, make_person().pk, 2**70):
        with pytest.raises(InvalidFields):
            record_attendance(exchange.pk, [stranger], by=exchange.host)


def test_nothing_is_said_of_what_is_still_to_come_or_was_cancelled() -> None:
    for exchange in (make_exchange(), make_exchange(days=-1, cancelled_at=clock.now())):
        guest = seat(exchange)
        with pytest.raises(RuleViolation, match="wrong_status"):
            record_attendance(exchange.pk, [], by=exchange.host)
        with pytest.raises(RuleViolation, match="wrong_status"):
            give_feedback(exchange.pk, "yes", by=guest.person)


def test_the_answer_says_also_that_one_was_there_and_stands_in_no_event() -> None:
    exchange = make_exchange(days=-1)
    guest = seat(exchange)
    give_feedback(exchange.pk, "partly", by=guest.person)
    found = give_feedback(exchange.pk, "yes", by=guest.person)
    assert (found.attended, found.answer) == (True, "yes")
    assert [event.data for event in Event.objects.all()] == [{}, {}]


def test_who_was_not_there_has_no_answer() -> None:
    exchange = make_exchange(days=-1, seats=3)
    absent, waiting = seat(exchange, attended=False), wait(exchange)
    for person in (absent.person, waiting.person, exchange.host, make_person()):
        with pytest.raises(RuleViolation, match="not_yours"):
            give_feedback(exchange.pk, "yes", by=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignUp.objects.filter(pk=absent.pk).update(answer="no")


@pytest.mark.parametrize("answer", ["", "maybe", "YES", "x" * 10_000])
def test_an_unknown_answer_is_refused(answer: str) -> None:
    exchange = make_exchange(days=-1)
    guest = seat(exchange)
    with pytest.raises(InvalidFields):
        give_feedback(exchange.pk, answer, by=guest.person)


def test_answers_are_counted_and_only_from_three_on() -> None:
    exchange = make_exchange(days=-1, seats=9)
    seated = [seat(exchange, attended=True, answer=answer) for answer in ("yes", "no", "yes", "partly")]
    assert answers_told(seated[: ANSWERS_SHOWN_FROM - 1]) == []
    assert [count for _label, count in answers_told(seated)] == [2, 1, 1]
    assert answers_told([seat(exchange), seat(exchange), seat(exchange)]) == []


def test_a_link_is_added_and_taken_away() -> None:
    exchange = make_exchange()
    added = add_material(exchange.pk, "Slides", "https://example.org/slides", by=exchange.host)
    assert (added.title, added.added_by) == ("Slides", exchange.host)
    with pytest.raises(RuleViolation, match="already_done"):
        add_material(exchange.pk, "Again", "https://example.org/slides", by=exchange.host)
    remove_material(exchange.pk, added.pk, by=make_admin())
    assert not ExchangeMaterial.objects.exists()
    exchange.refresh_from_db()
    assert exchange.version == 3


@pytest.mark.parametrize(
    ("title", "link"),
    [("", "https://example.org"), ("Slides", ""), ("Slides", "javascript:alert(1)"), ("S", "x")],
)
def test_what_is_no_link_is_refused(title: str, link: str) -> None:
    exchange = make_exchange()
    with pytest.raises(InvalidFields):
        add_material(exchange.pk, title, link, by=exchange.host)


def test_there_are_only_so_many_links() -> None:
    exchange = make_exchange()
    rows: list[Any] = [
        ExchangeMaterial(
            exchange=exchange,
            title="Slides",
            link=f"https://example.org/{n}",
            added_by=exchange.host,
            added_at=clock.now(),
        )
        for n in range(MOST_MATERIALS)
    ]
    ExchangeMaterial.objects.bulk_create(rows)
    with pytest.raises(RuleViolation, match="too_many"):
        add_material(exchange.pk, "More", "https://example.org/more", by=exchange.host)


def test_a_link_of_another_exchange_is_not_found_and_guests_change_none() -> None:
    exchange, other = make_exchange(), make_exchange()
    added = add_material(exchange.pk, "Slides", "https://example.org", by=exchange.host)
    with pytest.raises(Http404):
        remove_material(other.pk, added.pk, by=other.host)
    guest = seat(exchange).person
    with pytest.raises(RuleViolation, match="not_yours"):
        remove_material(exchange.pk, added.pk, by=guest)
    with pytest.raises(RuleViolation, match="not_yours"):
        add_material(exchange.pk, "Mine", "https://example.org/mine", by=guest)
    with pytest.raises(RuleViolation, match="not_yours"):
        record_attendance(make_exchange(days=-1).pk, [], by=guest)
