"""Help while a request is written: fragments, preview, saving by itself, copies; also without JavaScript."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from activity.models import Event
from requests_app import vocabulary
from requests_app.choices import Status
from requests_app.intake.drafts import save_draft
from requests_app.intake.submit import create
from requests_app.models import Request
from teams.models import Person, Side, Team
from tests.factories import (
    holder,
    make_goal,
    make_person,
    make_request,
    make_solution,
    make_team,
    make_touchpoint,
)
from tests.requests_app.test_intake import complete

pytestmark = pytest.mark.django_db
NEW, SAVE = "/requests/new/", "/requests/new/save/"
HELP, PREVIEW = "/requests/new/help/", "/requests/new/preview/"


@pytest.fixture
def campaigns() -> Team:
    return make_team(Side.MARKETING, name="Campaigns")


@pytest.fixture
def mira(campaigns: Team) -> Person:
    return make_person(campaigns, language="en", name="Mira Brandt")


@pytest.fixture
def signed_in(client: Client, mira: Person) -> Client:
    client.force_login(mira)
    return client


@pytest.fixture
def there() -> Request:
    found = make_request(title="Newsletteranmeldung")
    vocabulary.recount()
    return found


# ---- similar ones and hints


def test_what_is_typed_shows_similar_ones_with_a_way_to_support_them(
    signed_in: Client, there: Request
) -> None:
    make_solution(title="Anmeldung per Code")
    page = signed_in.post(HELP, {"title": "Anmeldung"}).content.decode()
    assert there.key in page
    assert "IT’s turn" in page or "IT's turn" in page or "IT&#x27;s turn" in page
    assert f'formaction="/requests/{there.pk}/support-instead/"' in page
    assert "Anmeldung per Code" in page
    assert 'id="similar-count" hx-swap-oob="outerHTML"' in page


def test_hints_come_with_it_to_their_fields_and_go_again(signed_in: Client) -> None:
    page = signed_in.post(HELP, {"customer_need": "We need a tool.", "outcome": "Better."}).content.decode()
    assert page.count("hx-swap-oob") == 5
    assert "This names a tool" in page
    assert "There is no number in this yet." in page
    assert (
        "This names a tool" not in signed_in.post(HELP, {"customer_need": "Readers leave."}).content.decode()
    )


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"title": "nul\0"},
        {"title": "x" * 300},
        {"baseline": "a lot"},
        {"deadline": "never"},
        {"goal": "x"},
    ],
)
def test_wrong_input_does_not_stop_the_help(signed_in: Client, typed: dict[str, str]) -> None:
    assert signed_in.post(HELP, typed).status_code == 200
    assert signed_in.post(PREVIEW, typed).status_code == 200


def test_it_never_shows_what_is_hidden(signed_in: Client) -> None:
    make_request(title="Verschlusssache", restricted=True)
    assert "Verschlusssache</a>" not in signed_in.post(HELP, {"title": "Verschlusssache"}).content.decode()


def test_without_javascript_a_button_looks_and_nothing_is_kept(signed_in: Client, there: Request) -> None:
    page = signed_in.get(NEW).content.decode()
    assert 'form="intake" class="btn btn-small" name="action" value="similar"' in page
    typed = {"title": "Anmeldung", "outcome": "Better.", "submission_id": str(uuid4()), "action": "similar"}
    answer = signed_in.post(NEW, typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert there.key in page
    assert "There is no number in this yet." in page
    assert 'value="Anmeldung"' in page
    assert not Request.objects.filter(status=Status.DRAFT).exists()


# ---- the preview


def test_the_preview_shows_what_it_will_read(signed_in: Client, campaigns: Team) -> None:
    goal, touchpoint = make_goal(title="More consent"), make_touchpoint(name_en="Branch")
    typed = {
        "title": "Choose topics",
        "customer_need": "Readers leave.",
        "metric": "sign-ups",
        "baseline": "1.8",
        "target": "3",
        "goal": str(goal.pk),
        "touchpoints": str(touchpoint.pk),
        "deadline": "2030-02-01",
        "requesting_team": str(campaigns.pk),
    }
    page = signed_in.post(PREVIEW, typed).content.decode()
    for words in (
        "Choose topics",
        "Readers leave.",
        "More consent",
        "Branch",
        "Mira Brandt",
        "1.8",
        "sign-ups",
    ):
        assert words in page
    assert "<form" not in page
    assert not Request.objects.exists()


def test_without_javascript_the_preview_comes_with_the_page(signed_in: Client) -> None:
    typed = {"title": "Choose topics", "submission_id": str(uuid4()), "action": "preview"}
    page = signed_in.post(NEW, typed).content.decode()
    assert "<h3>Choose topics</h3>" in page
    assert not Request.objects.exists()


# ---- saving by itself


def saving(mira: Person, **typed: Any) -> dict[str, Any]:
    return {"submission_id": str(uuid4()), "author": str(mira.pk), **typed}


def test_it_saves_and_says_when(signed_in: Client, mira: Person) -> None:
    answer = signed_in.post(SAVE, saving(mira, title="A thought"))
    draft, told = Request.objects.get(), answer.json()
    assert (answer.status_code, draft.title, draft.status) == (200, "A thought", Status.DRAFT)
    assert (told["number"], told["version"]) == (draft.pk, draft.version)
    assert told["page"] == f"/requests/{draft.pk}/edit/"
    assert told["said"].startswith("Saved at ")
    assert not Event.objects.exists()


def test_the_time_is_the_readers_own(client: Client, campaigns: Team) -> None:
    far = make_person(campaigns, language="de", time_zone="Asia/Tokyo")
    client.force_login(far)
    said = client.post(SAVE, saving(far, title="Ein Gedanke")).json()["said"]
    with timezone.override("Asia/Tokyo"):
        assert said.startswith(f"Gespeichert um {timezone.localtime():%H}:")


def test_it_goes_on_with_the_same_draft(signed_in: Client, mira: Person) -> None:
    form = saving(mira, title="A thought")
    told = signed_in.post(SAVE, form).json()
    more = {**form, "title": "Two thoughts", "number": told["number"], "version": told["version"]}
    assert signed_in.post(SAVE, more).json()["version"] == told["version"] + 1
    assert Request.objects.get().title == "Two thoughts"


def test_then_submitting_leads_to_the_same_request(signed_in: Client, mira: Person, campaigns: Team) -> None:
    form = saving(
        mira,
        title="Choose topics",
        customer_need="Readers leave.",
        outcome="2 clicks.",
        type="automation",
        requesting_team=campaigns.pk,
    )
    told = signed_in.post(SAVE, form).json()
    last = {**form, "number": told["number"], "version": told["version"], "action": "submit"}
    signed_in.post(told["page"], last)
    assert Request.objects.get().status == Status.SUBMITTED


def test_a_newer_draft_of_another_tab_is_not_overwritten(signed_in: Client, mira: Person) -> None:
    draft = save_draft({"title": "First"}, by=mira)
    save_draft({"title": "Newer"}, by=mira, number=draft.pk)
    answer = signed_in.post(SAVE, saving(mira, title="Older", number=draft.pk, version=draft.version))
    assert answer.status_code == 409
    assert "another window" in answer.json()["said"]
    assert Request.objects.get().title == "Newer"


def test_a_page_without_a_version_never_writes_over_a_draft(signed_in: Client, mira: Person) -> None:
    """A reloaded page has the one-time id from the browser's history, but none of what was typed."""
    form = saving(mira, title="A thought")
    signed_in.post(SAVE, form)
    assert signed_in.post(SAVE, {**form, "title": "", "metric": "x"}).status_code == 409
    draft = Request.objects.get()
    assert signed_in.post(SAVE, saving(mira, title="Blank", number=draft.pk)).status_code == 409
    assert Request.objects.get().title == "A thought"


def test_pressing_save_after_a_conflict_shows_both_and_then_keeps_ones_own(
    signed_in: Client, mira: Person
) -> None:
    draft = save_draft({"title": "First"}, by=mira)
    save_draft({"title": "Newer"}, by=mira, number=draft.pk)
    url = f"/requests/{draft.pk}/edit/"
    form = {**saving(mira, title="Mine", number=draft.pk), "action": "draft"}
    answer = signed_in.post(url, {**form, "version": draft.version})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Newer" in page
    assert "Mine" in page
    assert f'name="version" value="{draft.version + 1}"' in page
    signed_in.post(url, {**form, "version": draft.version + 1})
    assert Request.objects.get().title == "Mine"


def test_nothing_written_makes_no_draft(signed_in: Client, mira: Person, campaigns: Team) -> None:
    answer = signed_in.post(SAVE, saving(mira, requesting_team=campaigns.pk, type="automation"))
    assert (answer.status_code, answer.json()) == (200, {})
    assert not Request.objects.exists()


def test_it_keeps_what_it_can_and_names_the_rest(signed_in: Client, mira: Person) -> None:
    answer = signed_in.post(SAVE, saving(mira, title="A thought", deadline="never", baseline="a lot"))
    assert answer.json()["said"].endswith("without: Today, By when?")
    assert Request.objects.get().title == "A thought"


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"submission_id": "x", "title": "A"}, 422),
        ({"submission_id": "", "title": "A"}, 422),
        ({"title": "A", "number": "999999"}, 404),
        ({"title": "A", "author": "1x"}, 409),
    ],
)
def test_wrong_input_is_not_saved(
    signed_in: Client, mira: Person, typed: dict[str, str], status: int
) -> None:
    assert signed_in.post(SAVE, saving(mira) | typed).status_code == status
    assert not Request.objects.exists()


def test_nobody_writes_into_the_draft_of_somebody_else(signed_in: Client, mira: Person) -> None:
    theirs = save_draft({"title": "Theirs"}, by=make_person())
    answer = signed_in.post(SAVE, saving(mira, title="Mine", number=theirs.pk, version=theirs.version))
    assert answer.status_code == 404
    assert Request.objects.get().title == "Theirs"


def test_the_page_of_somebody_who_signed_out_is_told_so(client: Client, mira: Person) -> None:
    answer = client.post(SAVE, saving(mira, title="A thought"))
    assert answer.status_code == 401
    assert answer.json()["said"]
    client.force_login(make_person(language="en"))
    assert client.post(SAVE, saving(mira, title="A thought")).status_code == 409
    assert not Request.objects.exists()


def test_a_draft_is_there_after_signing_out_and_in_again(signed_in: Client, mira: Person) -> None:
    signed_in.post(SAVE, saving(mira, title="A thought"))
    signed_in.logout()
    signed_in.force_login(mira)
    assert "A thought" in signed_in.get("/").content.decode()


def test_what_is_submitted_already_is_not_written_by_a_late_save(
    signed_in: Client, mira: Person, campaigns: Team
) -> None:
    filed = create(complete(campaigns), by=mira, submit=True)
    told = signed_in.post(SAVE, saving(mira, title="Late", number=filed.pk, version=filed.version)).json()
    assert "number" not in told
    filed.refresh_from_db()
    assert filed.title != "Late"


# ---- a copy of an own request


def test_a_copy_has_the_texts_and_neither_numbers_nor_dates(signed_in: Client, mira: Person) -> None:
    goal = make_goal()
    old = make_request(
        Status.READY, requester=mira, goal=goal, deadline=timezone.localdate(), deadline_reason="x"
    )
    old.touchpoints.add(make_touchpoint(), make_touchpoint(is_archived=True))
    answer = signed_in.post(f"/requests/{old.pk}/duplicate/")
    made = Request.objects.get(status=Status.DRAFT)
    assert answer["Location"] == f"/requests/{made.pk}/edit/"
    same = (
        "title",
        "customer_need",
        "outcome",
        "type",
        "metric",
        "unit",
        "goal",
        "serving_team",
        "restricted",
    )
    assert [getattr(made, name) for name in same] == [getattr(old, name) for name in same]
    assert made.touchpoints.count() == 1
    assert (made.baseline, made.target, made.measured_on, made.deadline) == (None, None, None, None)
    assert not Event.objects.exists()


def test_a_copy_leaves_out_an_archived_goal(signed_in: Client, mira: Person) -> None:
    old = make_request(Status.READY, requester=mira, goal=make_goal(is_archived=True))
    signed_in.post(f"/requests/{old.pk}/duplicate/")
    assert Request.objects.get(status=Status.DRAFT).goal is None


def test_only_ones_own_submitted_requests_are_copied(signed_in: Client, mira: Person) -> None:
    for other in (make_request(), make_request(restricted=True), make_request(Status.DRAFT, requester=mira)):
        assert signed_in.post(f"/requests/{other.pk}/duplicate/").status_code == 404
    assert Request.objects.filter(status=Status.DRAFT).count() == 1


def test_the_button_stands_on_ones_own_request_alone(signed_in: Client, mira: Person) -> None:
    own, other = make_request(requester=mira), make_request()
    assert "/duplicate/" in signed_in.get(f"/requests/{own.pk}/").content.decode()
    assert "/duplicate/" not in signed_in.get(f"/requests/{other.pk}/").content.decode()


# ---- what exists already, before declining


def test_declining_shows_what_exists_first(client: Client) -> None:
    request = make_request(Status.SHAPING, title="Newsletteranmeldung", solution=None)
    fits, other = make_solution(title="Zur Anmeldung"), make_solution(title="Ähnlich ist nichts")
    delivered = make_request(Status.DONE, title="Anmeldung im Laden", solution=other)
    make_request(Status.SUBMITTED, title="Anmeldung offen")
    vocabulary.recount()
    owner = holder(request.it_owner)
    owner.language = "en"
    owner.save()
    client.force_login(owner)
    page = client.get(f"/requests/{request.pk}/actions/decline/").content.decode()
    assert "Look first" in page
    assert delivered.key in page
    assert "Anmeldung offen" not in page
    assert page.index(f'<option value="{fits.pk}"') < page.index(f'<option value="{other.pk}"')
    assert '<optgroup label="They could fit">' in page
    assert "Look first" not in client.get(f"/requests/{request.pk}/actions/park/").content.decode()


def test_declining_with_such_a_solution_works(client: Client) -> None:
    request = make_request(Status.SHAPING, title="Newsletteranmeldung")
    fits = make_solution(title="Zur Newsletteranmeldung")
    client.force_login(holder(request.it_owner))
    client.post(f"/requests/{request.pk}/actions/decline/", {"reason": "It is there.", "solution": fits.pk})
    request.refresh_from_db()
    assert (request.status, request.solution) == (Status.DECLINED, fits)
