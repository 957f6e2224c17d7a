"""Minutes write themselves from the event log, for each reader what they may see, and can be corrected."""

from typing import Any

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from activity.models import Event
from requests_app.discussion import comment
from requests_app.models import Request, Round
from requests_app.rounds.meeting import get_round
from requests_app.rounds.minutes import (
    MAILED_AFTER,
    Minutes,
    as_markdown,
    correct_minutes,
    may_correct,
    minutes_of,
)
from requests_app.rounds.running import close_round, defer, open_round
from requests_app.workflow.perform import perform
from teams.models import Person
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import holder, make_admin, make_person
from tests.requests_app.rounds.meetings import Table, make_acceptable, make_divergent, make_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> Table:
    """Accepted the first, put off the second, and closed."""
    table = make_table()
    perform("accept", table.first.pk, by=table.marketing)
    comment(table.first.pk, "An aside from outside.", by=make_person(name="Otto Outside"))
    defer(table.round.pk, "Sales says how many.", by=table.it, seen=table.item(1))
    close_round(table.round.pk, by=table.it)
    return table


def read(round: Round, reader: Person) -> Minutes:
    return minutes_of(get_round(round.pk), reader)


def said(minutes: Minutes, place: int = 0) -> list[str]:
    return [f"{entry.who} {entry.did}" for entry in minutes.points[place].entries]


def test_they_tell_what_those_who_were_there_did(table: Table) -> None:
    minutes = read(table.round, table.it)
    assert said(minutes) == [f"{table.marketing.name} hat der Anfrage zugestimmt"]
    assert [point.outcome for point in minutes.points] == ["Entschieden", "Nicht entschieden"]
    assert minutes.decided == 1


def test_a_step_that_was_taken_back_is_not_in_them() -> None:
    table = make_table()
    perform("accept", table.first.pk, by=table.marketing)
    perform("undo", table.first.pk, by=table.marketing)
    assert said(read(table.round, table.it)) == []


def test_what_happens_after_closing_is_not_in_them(table: Table) -> None:
    comment(table.first.pk, "Too late.", by=table.it)
    assert len(said(read(table.round, table.it))) == 1


def test_each_reader_reads_what_they_may_see() -> None:
    secret = make_divergent(restricted=True, title="Verschlusssache")
    insider = holder(secret.it_owner)
    opened = open_round(by=insider)
    comment(secret.pk, "Only for us.", by=insider)
    defer(opened.pk, "A secret reason.", by=insider, seen=opened.items.get().pk)
    close_round(opened.pk, by=insider)
    stranger = read(opened, make_person())
    assert list(stranger.points) == []
    for word in ("Verschlusssache", "secret", secret.key):
        assert word not in as_markdown(stranger)
        assert word in as_markdown(read(opened, insider))
    assert len(read(opened, make_admin()).points) == 1


def test_they_take_as_many_queries_whatever_was_done(
    table: Table, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found = get_round(table.round.pk)
    reader = make_admin()
    with django_assert_num_queries(4):
        as_markdown(minutes_of(found, reader))


def test_they_go_out_a_while_after_closing(table: Table) -> None:
    minutes = read(table.round, table.it)
    assert minutes.mailed_at is not None
    assert minutes.round.closed_at is not None
    assert minutes.mailed_at - minutes.round.closed_at == MAILED_AFTER


# ---- as Markdown
def test_as_markdown() -> None:
    table = make_table()
    defer(table.round.pk, "Sales says how many.", by=table.it, seen=table.item(1))
    perform("accept", table.first.pk, by=table.marketing)
    perform("undo", table.first.pk, by=table.marketing)
    close_round(table.round.pk, by=table.it)
    text = as_markdown(read(table.round, table.it))
    assert f"Anwesend: {table.marketing.name}, {table.it.name}" in text
    assert f"## {table.first.key} Choose topics\n\n**Vertagt**: Sales says how many.\n" in text
    assert text.endswith(f"## {table.second.key} A new colour\n\n**Nicht entschieden**\n")


def test_what_people_wrote_stays_text_in_markdown(table: Table) -> None:
    Request.objects.filter(pk=table.first.pk).update(title="# <script> [x](http://y) *a*")
    text = as_markdown(read(table.round, table.it))
    assert r"\# \<script\> \[x\](http://y) \*a\*" in text


# ---- correcting
def test_a_correction_stands_in_the_place_of_the_log(table: Table) -> None:
    correct_minutes(table.round.pk, {table.item(1): "Accepted, and Mira tells sales."}, by=table.it)
    text = as_markdown(read(table.round, table.marketing))
    assert "Accepted, and Mira tells sales." in text
    assert "zugestimmt" not in text
    correct_minutes(table.round.pk, {table.item(1): ""}, by=table.marketing)
    assert "zugestimmt" in as_markdown(read(table.round, table.marketing))


def test_only_who_took_part_corrects_and_only_after_closing(table: Table) -> None:
    goes_on = make_table()
    admin = make_admin()
    for by, found in ((admin, table), (goes_on.it, goes_on)):
        assert not may_correct(read(found.round, by), by)
        with pytest.raises(RuleViolation):
            correct_minutes(found.round.pk, {found.item(1): "No."}, by=by)
    assert may_correct(read(table.round, table.it), table.it)


def test_nobody_corrects_what_they_do_not_see(table: Table) -> None:
    Request.objects.filter(pk=table.second.pk).update(restricted=True)
    with pytest.raises(RuleViolation):
        correct_minutes(table.round.pk, {table.item(2): "I was there."}, by=table.it)
    with pytest.raises(RuleViolation):
        correct_minutes(table.round.pk, {table.item(2) + 999: "Where?"}, by=table.it)


@pytest.mark.parametrize("text", ["x" * 4_001, "\x00", "\ud800"])
def test_texts_that_cannot_be_kept_are_refused_at_their_field(table: Table, text: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        correct_minutes(table.round.pk, {table.item(1): text}, by=table.it)
    assert [missing.field for missing in refused.value.missing] == [f"note_{table.item(1)}"]


def test_two_who_correct_the_same_words_do_not_overwrite_each_other(table: Table) -> None:
    seen = get_round(table.round.pk).version
    correct_minutes(table.round.pk, {table.item(1): "Mine."}, by=table.it, seen_version=seen)
    with pytest.raises(StaleVersion) as stale:
        correct_minutes(table.round.pk, {table.item(1): "No, mine."}, by=table.marketing, seen_version=seen)
    assert stale.value.clash == (f"note_{table.item(1)}",)


def test_two_who_correct_different_words_keep_both(table: Table) -> None:
    seen = get_round(table.round.pk).version
    empty = {table.item(1): "", table.item(2): ""}
    correct_minutes(table.round.pk, {**empty, table.item(1): "One."}, by=table.it, seen_version=seen)
    correct_minutes(table.round.pk, {**empty, table.item(2): "Two."}, by=table.marketing, seen_version=seen)
    assert list(table.round.items.values_list("note", flat=True)) == ["One.", "Two."]


def test_the_same_words_again_change_nothing(table: Table) -> None:
    given: dict[int, Any] = {table.item(1): "Once."}
    correct_minutes(table.round.pk, given, by=table.it)
    events = Event.objects.count()
    correct_minutes(table.round.pk, given, by=table.it)
    assert Event.objects.count() == events


def test_minutes_of_what_is_not_there(table: Table) -> None:
    with pytest.raises(Http404):
        correct_minutes(table.round.pk + 1, {}, by=table.it)


def test_a_request_that_nobody_touched_has_no_lines() -> None:
    make_acceptable()
    opened = open_round(by=(person := make_person()))
    close_round(opened.pk, by=person)
    assert said(read(opened, person)) == []
