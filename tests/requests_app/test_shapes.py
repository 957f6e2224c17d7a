"""Events of every earlier shape, as they were once recorded, and how they are read today."""

from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from activity import log
from activity.models import Event
from requests_app import shapes
from requests_app.shapes import UPGRADES, renamed, shape_of, upgraded
from requests_app.timeline import timeline
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Side
from tests.factories import make_person, make_request, make_team

# kind and shape of an event as it lies in the logs of real installations, and the words that tell it.
KEPT: list[tuple[str, int, dict[str, Any], str]] = [
    # Until 25 November 2026 the importers named groups and people between the ids of `before`.
    (
        "request.assigned",
        1,
        {
            "action": "assign",
            "from": "submitted",
            "to": "submitted",
            "before": {
                "status": "submitted",
                "serving_team": None,
                "marketing_owner": None,
                "it_owner": None,
            },
            "by": "Updated by 21",
            "serving_team": "Group 70",
            "it_owner": "Resolver 8",
            "version": 2,
        },
        "gave the request to Group 70; named Resolver 8 as IT owner",
    ),
    (
        "request.assigned",
        1,
        {
            "action": "assign",
            "from": "submitted",
            "to": "submitted",
            "before": {"serving_team": 3, "marketing_owner": 5, "it_owner": None},
            "after": {"serving_team": 3, "marketing_owner": None, "it_owner": None},
            "version": 4,
        },
        "emptied Marketing's seat",
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "shape", "data", "words"), KEPT)
def test_a_kept_event_of_an_earlier_shape_still_reads_right(
    kind: str, shape: int, data: dict[str, Any], words: str
) -> None:
    row = make_request()
    with transaction.atomic():
        event = log.record(kind, row, by=None, data=data, shape=shape)
    with translation.override("en"):
        assert timeline(row, 5).entries[0].did == words
    event.refresh_from_db()
    assert event.data == data


def test_every_earlier_shape_has_its_sample() -> None:
    earlier = {(kind, shape) for kind, steps in UPGRADES.items() for shape in range(1, len(steps) + 1)}
    assert {(kind, shape) for kind, shape, _data, _words in KEPT} == earlier


@pytest.mark.django_db
def test_a_step_is_recorded_in_the_present_shape() -> None:
    team = make_team(Side.IT)
    lead = make_person(lead_of=team)
    row = make_request(serving_team=team)
    perform("assign", row.number, by=lead, inputs=Inputs(it_owner=lead))
    perform("shape", row.number, by=lead)
    recorded = Event.objects.filter(object_id=row.pk, kind__in=("request.assigned", "request.shaped"))
    assert {event.kind: event.shape for event in recorded} == {"request.assigned": 2, "request.shaped": 1}


def test_data_of_the_present_shape_stays_as_it_is() -> None:
    data = {"after": {"serving_team": 3}, "named": {"it_owner": "Resolver 8"}}
    assert upgraded(Event(kind="request.assigned", shape=2, data=data)) == data
    assert upgraded(Event(kind="request.edited", shape=1, data=data)) == data


def edited(shape: int, **changes: Any) -> Event:
    return Event(kind="request.edited", shape=shape, data={"changes": changes, "reason": "Why."})


def test_a_renamed_field_is_told_under_its_new_name(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = (renamed(due="due_on", wish="need"), renamed(due_on="deadline"))
    monkeypatch.setattr(shapes, "UPGRADES", {"request.edited": steps})
    both = {"from": None, "to": "2027-03-01"}
    assert upgraded(edited(1, due=both)) == {"changes": {"deadline": both}, "reason": "Why."}
    assert upgraded(edited(2, due_on=both))["changes"] == {"deadline": both}
    # What bears an old name in a later shape means something else.
    assert upgraded(edited(2, due=both))["changes"] == {"due": both}
    assert upgraded(edited(3, due_on=both))["changes"] == {"due_on": both}
    assert shape_of("request.edited") == 3


@pytest.mark.parametrize("shape", [0, 9])
def test_a_shape_that_is_not_known_is_read_as_far_as_it_goes(shape: int) -> None:
    assert upgraded(Event(kind="request.assigned", shape=shape, data={"version": 2})) == {"version": 2}


@pytest.mark.parametrize("data", [{}, {"changes": None}, {"changes": []}])
def test_a_rename_leaves_alone_what_has_no_changes(data: dict[str, Any]) -> None:
    assert renamed(old="new")(data) == data
