"""How a card of a board is drawn."""

import re
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
from requests_app.boards.facts import Facts
from requests_app.choices import Status, Turn
from requests_app.forecast.load import Load
from requests_app.forecast.on_boards import TeamToday
from requests_app.templatetags.cards import Pen, told_parts

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
    team=7,
    questions=0,
    supporting=0,
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"), timezone.override("Europe/Berlin"):
        yield


def draw(facts: Facts = Facts(), **values: Any) -> str:  # noqa: B008 - frozen
    with clock.moved_to(NOW):
        return Pen(facts).card(replace(PLAIN, **values))


def classes(drawn: str) -> str:
    found = re.match(r'<li [^>]*?(?: class=(?:"([^">]+)"|(\w+)))?>', drawn)
    assert found
    return found[1] or found[2] or ""


def foretold(chance: int | None, *, deadline: date = TODAY, at_least: bool = False) -> Facts:
    kept = {"deadline": deadline.isoformat(), "chance": chance, "at_least": at_least}
    return Facts({7: TeamToday(Load(), kept={"12": kept})})


def test_a_card_carries_its_number_version_rank_title_and_age() -> None:
    drawn = draw()
    assert drawn.startswith("<li data-n=12 data-v=3 data-r=a0>")
    assert "<b>T-12</b><time>2 d</time><a href=/requests/12/>Choose topics</a>" in drawn


def test_what_both_sides_scored_is_there_once_they_have() -> None:
    assert "<var" not in draw()
    drawn = draw(difference=86, effort=Decimal("4.5"))
    assert "<var class=d17>86</var><var>4.5</var>" in drawn
    assert "class=d0>" in draw(difference=0, effort=Decimal(1))
    assert "class=d20>" in draw(difference=100, effort=Decimal(1))


def test_empty_seats_are_told() -> None:
    assert "<i class=m></i><i class=t></i>" in draw()


def test_holders_are_shown_by_their_initials() -> None:
    drawn = draw(marketing_owner=Seat("Ada Berg", "AB"), it_owner=Seat("Ivo Kurz", "IK"))
    assert '<i class=m title="Ada Berg">AB</i><i class=t title="Ivo Kurz">IK</i>' in drawn


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


def test_questions_and_supporters_are_counted_where_there_are_some() -> None:
    assert all(tag not in draw() for tag in ("<sup", "<sub"))
    drawn = draw(questions=1, supporting=12)
    assert '<sup title="1 open question">1</sup><sub title="12 need the same">12</sub>' in drawn


def test_what_was_started_over_the_limit_stays_marked() -> None:
    assert "ov" not in draw().split("<time>")[0]
    assert "<b class=ov>T-12</b>" in draw(over_wip=True)


def test_what_parts_mean_is_told_once_for_all_cards() -> None:
    told = told_parts()
    assert told["var[class]"] == "Impact"
    assert told[".late u"] == "Will hardly be done by then"
    assert not any(words in draw(difference=1, effort=Decimal(1), over_wip=True) for words in told.values())
    with translation.override("de"):
        assert told_parts()[".m:empty"] != told[".m:empty"]


def test_a_card_knows_its_lane_where_there_are_lanes() -> None:
    assert "data-l" not in draw()
    assert ' data-l="3">' in draw(Facts(lanes={12: "3"}))


def test_a_long_reason_is_cut() -> None:
    drawn = draw(waiting_for="it", blocked_reason="x" * 300)
    assert f"<strong>{'x' * 199}…</strong>" in drawn


@pytest.mark.parametrize("field", ["title", "goal", "blocked_reason", "name", "initials"])
def test_no_text_of_a_person_becomes_html(field: str) -> None:
    bad = """<img src=x onerror='alert(1)'>" & co"""
    seat = Seat(bad if field == "name" else "Ada", bad if field == "initials" else "A")
    texts: dict[str, Any] = {"blocked_reason": "A"}
    if field in ("title", "goal", "blocked_reason"):
        texts[field] = bad
    drawn = draw(waiting_for="it", marketing_owner=seat, it_owner=seat, **texts)
    assert "<img" not in drawn
    assert "&lt;img src=x onerror=&#x27;alert(1)&#x27;&gt;&quot; &amp; co" in drawn


def test_a_column_of_cards_is_drawn_by_one_tag() -> None:
    template = Template("{% load cards %}{% cards shown %}")
    shown = [PLAIN, replace(PLAIN, number=13)]
    with clock.moved_to(NOW):
        drawn = template.render(Context({"shown": shown}))
        assert drawn == Pen().card(shown[0]) + Pen().card(shown[1])
    assert template.render(Context({"shown": []})) == ""


def test_classes_tell_turn_deadline_block_and_restriction() -> None:
    drawn = draw(foretold(60), turn=Turn.IT, deadline=TODAY, waiting_for="it", restricted=True)
    assert classes(drawn) == "it soon bl lock"
    assert classes(draw(turn=Turn.MARKETING)) == "mk"
    assert classes(draw()) == ""


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (foretold(85), "fine"),
        (foretold(84), "soon"),
        (foretold(50), "soon"),
        (foretold(49), "late"),
        (foretold(10, at_least=True), "soon"),
        (foretold(None), ""),
        (Facts(), ""),
        (foretold(99, deadline=TODAY + timedelta(days=9)), ""),
    ],
)
def test_the_deadline_has_the_colour_of_the_forecast(facts: Facts, expected: str) -> None:
    assert classes(draw(facts, deadline=TODAY)) == expected


def test_a_deadline_that_is_over_is_late_whatever_was_foretold() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert classes(draw(foretold(99, deadline=yesterday), deadline=yesterday)) == "late"


@pytest.mark.parametrize("status", [Status.DONE, Status.PARKED])
def test_only_open_work_has_a_deadline_to_keep(status: Status) -> None:
    assert classes(draw(foretold(10), status=status, deadline=TODAY - timedelta(days=9))) == ""


@pytest.mark.parametrize(("chance", "colour"), [(10, "late"), (60, "soon")])
def test_what_the_colour_says_is_told_in_words_too(chance: int, colour: str) -> None:
    assert classes(draw(foretold(chance), deadline=TODAY)) == colour
    assert f".{colour} u" in told_parts()


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "a0"), (1.9, "a1"), (5, "a5"), (9.99, "a9"), (10, "old"), (400, "old"), (-1, "a0")],
)
def test_the_age_is_measured_by_what_the_team_usually_needs(days: float, expected: str) -> None:
    facts = Facts({7: TeamToday(Load({"ready": 10.0}))})
    since = NOW - timedelta(days=days)
    assert classes(draw(facts, status_since=since)) == expected
    assert classes(draw(facts, status_since=since, team=8)) == ""
    assert classes(draw(facts, status_since=since, status=Status.SHAPING)) == ""


def test_the_boards_own_age_mark_goes_first() -> None:
    facts = Facts({7: TeamToday(Load({"ready": 10.0}))}, marks={"ready": 2, "parked": 1})
    assert classes(draw(facts)) == "old"
    assert classes(draw(facts, status=Status.PARKED)) == ""


def test_the_day_of_the_deadline_is_the_readers() -> None:
    late_evening = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    card = replace(PLAIN, deadline=TODAY, status_since=late_evening)
    with clock.moved_to(late_evening):
        assert " class=late>" in Pen().card(card)
        with timezone.override("UTC"):
            assert classes(Pen().card(card)) == ""
