"""Which personal data, and the sign-off, which holds only for what was signed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from activity import clock
from activity.models import Event
from requests_app.choices import Status
from requests_app.intake.edit import edit
from requests_app.intake.personal_data import with_consequences
from requests_app.models import Request
from teams.rules import InvalidFields
from tests.factories import holder, make_request
from tests.requests_app.scenes import make_scene

SIGNED: dict[str, Any] = {
    "personal_data": "yes",
    "personal_data_which": "e-mail addresses",
    "personal_data_signed_by": "Ada Data",
    "personal_data_signed_on": date(2026, 1, 5),
}


def signature(request: Request) -> tuple[str, date | None]:
    return request.personal_data_signed_by, request.personal_data_signed_on


def wrong(request: Request, fields: dict[str, Any]) -> list[str]:
    with pytest.raises(InvalidFields) as refusal:
        edit(request.pk, fields, by=holder(request.requester))  # type: ignore[arg-type]
    assert not Event.objects.exists()
    return [missing.field for missing in refusal.value.missing]


def test_what_does_not_touch_it_has_no_consequences() -> None:
    assert with_consequences(Request(**SIGNED), {"title": "New"}) == {"title": "New"}


@pytest.mark.django_db
def test_other_data_take_the_sign_off_away_and_the_event_says_so() -> None:
    request = make_request(**SIGNED)
    edited = edit(
        request.pk, {"personal_data_which": "addresses and birthdays"}, by=holder(request.requester)
    )
    assert signature(edited) == ("", None)
    changes = Event.objects.get().data["changes"]
    assert changes["personal_data_signed_by"] == {"from": "Ada Data", "to": ""}
    assert changes["personal_data_signed_on"] == {"from": "2026-01-05", "to": None}


@pytest.mark.django_db
def test_other_data_signed_in_the_same_step_stay_signed() -> None:
    request = make_request(**SIGNED)
    fields: Any = {"personal_data_which": "birthdays", "personal_data_signed_on": date(2026, 2, 1)}
    assert signature(edit(request.pk, fields, by=holder(request.requester))) == ("Ada Data", date(2026, 2, 1))


@pytest.mark.django_db
def test_a_form_that_sends_the_old_sign_off_along_does_not_keep_it_for_other_data() -> None:
    request = make_request(**SIGNED)
    fields: Any = {**SIGNED, "personal_data_which": "birthdays"}
    assert signature(edit(request.pk, fields, by=holder(request.requester))) == ("", None)


@pytest.mark.django_db
def test_no_personal_data_need_no_details() -> None:
    request = make_request(**SIGNED)
    edited = edit(request.pk, {"personal_data": "none"}, by=holder(request.requester))
    assert (edited.personal_data_which, *signature(edited)) == ("", "", None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"personal_data": "yes"}, "personal_data_which"),
        ({"personal_data_which": "birthdays"}, "personal_data"),
        ({"personal_data": "none", "personal_data_which": "birthdays"}, "personal_data"),
        ({"personal_data": "perhaps"}, "personal_data"),
        ({**SIGNED, "personal_data_signed_by": ""}, "personal_data_signed_by"),
        ({**SIGNED, "personal_data_signed_on": None}, "personal_data_signed_on"),
        ({**SIGNED, "personal_data_which": "x" * 2001}, "personal_data_which"),
    ],
)
def test_details_that_do_not_fit_together_are_told_at_their_field(fields: dict[str, Any], field: str) -> None:
    assert wrong(make_request(), fields) == [field]


@pytest.mark.django_db
def test_a_sign_off_lies_in_the_past() -> None:
    ahead = {**SIGNED, "personal_data_signed_on": timezone.localdate(clock.now()) + timedelta(days=2)}
    assert wrong(make_request(), ahead) == ["personal_data_signed_on"]


@pytest.mark.django_db
def test_drafts_keep_to_the_same_rules() -> None:
    draft = make_request(Status.DRAFT)
    assert wrong(draft, {**SIGNED, "personal_data_signed_on": None}) == ["personal_data_signed_on"]
    assert signature(edit(draft.pk, SIGNED, by=holder(draft.requester))) == ("Ada Data", date(2026, 1, 5))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_work_on_personal_data_starts_once_they_are_signed_off_and_no_lead_sets_that_aside() -> None:
    scene = make_scene(Status.READY, personal_data="yes", personal_data_which="addresses")
    assert scene.codes("start", "it_owner") == ["personal_data_unsigned"]
    assert scene.codes("start", "it_lead", override=True, reason="Hurry") == ["personal_data_unsigned"]
    by, on = "personal_data_signed_by", "personal_data_signed_on"
    fields: Any = {by: "Ada Data", on: date(2026, 1, 5)}
    edit(scene.request.pk, fields, by=scene.it_owner, reason="Signed today")
    assert scene.do("start", "it_owner").status == Status.IN_PROGRESS


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["", "none"])
def test_without_personal_data_nothing_has_to_be_signed(answer: str) -> None:
    scene = make_scene(Status.READY, personal_data=answer)
    assert scene.do("start", "it_owner").status == Status.IN_PROGRESS
