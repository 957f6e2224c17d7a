"""The demo's texts: enough of them, complete for their course, and no sentence twice."""

import re
from collections import Counter

import pytest

from portal.demo.catalogue import ROWS
from portal.demo.stories import COURSES, Story, read_stories
from requests_app.choices import Dimension, RequestType
from teams.models import PLAIN_LINE

STORIES = read_stories()
SENTENCE = re.compile(r"(?<=[.!?])\s+")
GERMAN = re.compile(r"\b(und|der|die|das|nicht|ein|wir)\b", re.IGNORECASE)


def sentences(story: Story) -> list[str]:
    texts = (
        story.title,
        story.need,
        story.outcome,
        story.why,
        story.because,
        *story.comments,
        *(talked.note for talked in story.joint),
        *(to_do.text for to_do in story.checklist),
        story.personal_data,
    )
    return [one for text in (*texts, *story.comments) for one in SENTENCE.split(text) if one]


def test_there_are_160_of_them() -> None:
    assert len(STORIES) == 160


def test_no_two_requests_share_a_sentence() -> None:
    owners: dict[str, set[str]] = {}
    for story in STORIES:
        for sentence in sentences(story):
            owners.setdefault(sentence, set()).add(story.title)
    assert {sentence for sentence, titles in owners.items() if len(titles) > 1} == set()


def test_no_two_solutions_share_a_sentence_with_each_other_or_a_request() -> None:
    sections = ("purpose", "limits", "what_to_do", "terms", "data_held")
    said = [one for row in ROWS for name in sections for one in SENTENCE.split(row.get(name, "")) if one]
    assert [sentence for sentence, number in Counter(said).items() if number > 1] == []
    assert not set(said) & {sentence for story in STORIES for sentence in sentences(story)}


def test_every_solution_was_built_by_a_request_or_is_leaving() -> None:
    built = {story.solution for story in STORIES}
    assert {row["key"] for row in ROWS if row["key"] not in built} == {"old-signup"}


def test_every_fate_happens() -> None:
    assert set(Counter(story.fate for story in STORIES)) == set(COURSES)


def test_they_are_in_german_and_english() -> None:
    german = [story for story in STORIES if GERMAN.search(story.need)]
    assert len(german) > 100
    assert len(STORIES) - len(german) >= 10


def test_what_was_talked_about_is_a_point_of_a_request_that_both_scored() -> None:
    talked = [(story, one) for story in STORIES for one in story.joint]
    assert len(talked) >= 10
    for story, one in talked:
        assert "score_marketing" in story.course
        assert one.dimension in Dimension.values
        assert one.side in ("marketing", "it")
        # Both sides lie one point away from it, which makes a divergence.
        assert 2 <= one.value <= 4
        assert one.agreed or story.fate == "shaping"


def test_what_is_prepared_is_of_requests_that_are_shaped_by_both_sides() -> None:
    prepared = [story for story in STORIES if story.checklist]
    assert len(prepared) >= 8
    for story in prepared:
        assert "shape" in story.course
        assert {to_do.side for to_do in story.checklist} <= {"marketing", "it", ""}
        assert len(story.cost) in (1, 2)
    assert any(to_do.done for story in prepared for to_do in story.checklist)
    assert not all(to_do.done for story in prepared for to_do in story.checklist)
    assert all(story.checklist for story in STORIES if story.cost or story.agreed or story.personal_data)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_each_has_what_its_course_needs(story: Story) -> None:
    assert len(story.title) <= PLAIN_LINE
    assert story.type in RequestType.values
    if "accept" in story.course:
        assert story.goal
        assert story.metric
        assert None not in (story.baseline, story.target)
    if "hand_over" in story.course:
        assert story.solution in {row["key"] for row in ROWS}
    if story.fate in ("parked", "declined", "withdrawn", "blocked", "merged"):
        assert story.why
    if story.fate == "merged":
        assert story.into in {other.title for other in STORIES}
