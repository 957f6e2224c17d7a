"""What the timeline can be filtered by."""

import pytest

from requests_app.models import Request
from requests_app.timeline import SENTENCES, TOLD_WITH_DETAIL, timeline
from requests_app.timeline.subjects import SUBJECTS, choices, known
from tests.factories import make_request
from tests.requests_app.timeline.telling import record

pytestmark = pytest.mark.django_db
NAMES = [name for name, _label in choices() if name]


def kinds(row: Request, subject: str) -> list[str]:
    return [entry.kind for entry in timeline(row, 200, subject=subject).entries][::-1]


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("request.accepted", "decisions"),
        ("request.parked", "decisions"),
        ("request.declined", "decisions"),
        ("request.merged", "decisions"),
        ("request.score_agreed", "decisions"),
        ("request.edited", "changes"),
        ("request.restricted", "changes"),
        ("request.attached", "changes"),
        ("request.commented", "talk"),
        ("request.comment_deleted", "talk"),
        ("request.asked", "talk"),
        ("request.answered", "talk"),
        ("request.supported", "talk"),
        ("request.submitted", "steps"),
        ("request.assigned", "steps"),
        ("request.watched", "steps"),
        ("request.nobody_thought_of", "steps"),
    ],
)
def test_a_kind_is_found_under_its_subject_alone(kind: str, subject: str) -> None:
    row = make_request()
    record(kind, row)
    assert [name for name in NAMES if kinds(row, name) == [kind]] == [subject]


def test_no_subject_waits_for_a_kind_that_is_never_recorded() -> None:
    told = {*SENTENCES, *TOLD_WITH_DETAIL}
    begun = [kind for subject in SUBJECTS.values() for kind in subject.kinds]
    assert [kind for kind in begun if not any(one.startswith(kind) for one in told)] == []


def test_every_event_is_under_exactly_one_subject() -> None:
    row = make_request()
    all_kinds = sorted(
        {*SENTENCES, *TOLD_WITH_DETAIL} - {"request.attached", "request.linked", "request.unlinked"}
    )
    for kind in all_kinds:
        record(kind, row)
    found = [kind for name in NAMES for kind in kinds(row, name)]
    assert sorted(found) == all_kinds == sorted(kinds(row, ""))


@pytest.mark.parametrize("subject", ["", "all", "Talk", "talk ", "x" * 5000, "'--", "request."])
def test_an_unknown_subject_shows_everything(subject: str) -> None:
    row = make_request()
    record("request.commented", row)
    record("request.edited", row)
    assert known(subject) == ""
    assert kinds(row, subject) == ["request.commented", "request.edited"]


def test_the_limit_counts_what_is_shown() -> None:
    row = make_request()
    for _ in range(3):
        record("request.commented", row)
        record("request.watched", row)
    story = timeline(row, 2, subject="talk")
    assert ([entry.kind for entry in story.entries], story.older) == (["request.commented"] * 2, True)
    assert not timeline(row, 3, subject="talk").older
