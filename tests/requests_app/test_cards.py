"""How a card of a board is drawn."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from activity import clock
from requests_app.boards.board import Card, Seat
from requests_app.choices import Status, Turn
from requests_app.templatetags.cards import Pen, card_classes, deadline_class

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
PLAIN = Card(
    number=12,
    status=Status.READY,
    rank="a0",
    title="Choose topics",
    goal=None,
    marketing_owner=None,
    it_owner=None,
    deadline=None,
    turn=Turn.NOBODY,
    turn_since=None,
    status_since=NOW - timedelta(days=2),
    waiting_for="",
    blocked_reason="",
    restricted=False,
    over_wip=False,
    version=3,
    difference=None,
    effort=None,
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"), timezone.override("Europe/Berlin"):
        yield


def draw(**values: Any) -> str:
    return Pen(NOW).card(replace(PLAIN, **values))


def test_a_card_carries_its_number_version_title_and_age() -> None:
    drawn = draw()
    assert drawn.startswith('<li data-n="12" data-v="3" class="">')
    assert '<b>T-12</b><i></i><time>2 d</time><a href="/requests/12/">Choose topics</a>' in drawn


def test_what_both_sides_scored_is_there_once_they_have() -> None:
    assert "<var" not in draw()
    drawn = draw(difference=86, effort=Decimal("4.5"))
    assert '<var title="Impact">86</var><var title="Effort">4.5</var>' in drawn


def test_empty_seats_are_told() -> None:
    drawn = draw()
    assert '<i class="m" title="Marketing&#x27;s seat is empty"></i>' in drawn
    assert '<i class="t" title="IT&#x27;s seat is empty"></i>' in drawn


def test_holders_are_shown_by_their_initials() -> None:
    drawn = draw(marketing_owner=Seat("Ada Berg", "AB"), it_owner=Seat("Ivo Kurz", "IK"))
    assert '<i class="m" title="Ada Berg">AB</i><i class="t" title="Ivo Kurz">IK</i>' in drawn


@pytest.mark.parametrize(("turn", "word"), [(Turn.MARKETING, "Marketing"), (Turn.IT, "IT")])
def test_the_turn_is_told_in_a_word(turn: Turn, word: str) -> None:
    assert f"<em>{word}</em>" in draw(turn=turn)


def test_a_turn_that_is_kept_as_plain_text_is_told_too() -> None:
    assert "<em>IT</em>" in draw(turn="it")


def test_goal_deadline_and_block_stand_on_it_where_there_are_some() -> None:
    assert all(tag not in draw() for tag in ("<p>", "<u>", "<strong>"))
    drawn = draw(goal="More readers", deadline=date(2027, 2, 1), waiting_for="it", blocked_reason="A date")
    assert "<p>More readers</p>" in drawn
    assert "<u>1 Feb 2027</u><strong>A date</strong>" in drawn


def test_a_long_reason_is_cut() -> None:
    drawn = draw(waiting_for="it", blocked_reason="x" * 200)
    assert f"<strong>{'x' * 79}…</strong>" in drawn


@pytest.mark.parametrize("field", ["title", "goal", "blocked_reason", "name", "initials"])
def test_no_text_of_a_person_becomes_html(field: str) -> None:
    bad = """<img src=x onerror='alert(1)'>" & co"""
    seat = Seat(bad if field == "name" else "Ada", bad if field == "initials" else "A")
    texts = {field: bad} if field in ("title", "goal", "blocked_reason") else {}
    drawn = draw(waiting_for="it", marketing_owner=seat, it_owner=seat, **{"blocked_reason": "A", **texts})
    assert "<img" not in drawn
    assert "&lt;img src=x onerror=&#x27;alert(1)&#x27;&gt;&quot; &amp; co" in drawn


def test_a_column_of_cards_is_drawn_by_one_tag() -> None:
    template = Template("{% load cards %}{% cards shown %}")
    shown = [PLAIN, replace(PLAIN, number=13)]
    with clock.moved_to(NOW):
        drawn = template.render(Context({"shown": shown}))
    assert drawn == Pen(NOW).card(shown[0]) + Pen(NOW).card(shown[1])
    assert template.render(Context({"shown": []})) == ""


def test_classes_tell_turn_deadline_block_and_restriction() -> None:
    card = replace(PLAIN, turn=Turn.IT, deadline=TODAY, waiting_for="it", restricted=True)
    assert card_classes(card, TODAY) == "it soon bl lock"
    assert card_classes(replace(PLAIN, turn=Turn.MARKETING), TODAY) == "mk"
    assert card_classes(PLAIN, TODAY) == ""


@pytest.mark.parametrize(
    ("days", "status", "expected"),
    [
        (-1, Status.READY, "late"),
        (0, Status.READY, "soon"),
        (14, Status.READY, "soon"),
        (15, Status.READY, ""),
        (-1, Status.DONE, ""),
    ],
)
def test_deadlines_warn_only_of_open_work(days: int, status: Status, expected: str) -> None:
    card = replace(PLAIN, status=status, deadline=TODAY + timedelta(days=days))
    assert deadline_class(card, TODAY) == expected


def test_the_day_of_the_deadline_is_the_readers() -> None:
    late_evening = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    card = replace(PLAIN, deadline=TODAY, status_since=late_evening)
    assert 'class="late"' in Pen(late_evening).card(card)
    with timezone.override("UTC"):
        assert 'class="soon"' in Pen(late_evening).card(card)
