"""Putting files to a request and taking them away: all or none, ten at most, and never a row without file."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404
from pytest_django import DjangoCaptureOnCommitCallbacks

from activity import clock, log
from activity.models import Event
from requests_app.attachments import keeping
from requests_app.attachments.keeping import MOST_FILES, attach, detach
from requests_app.boards import locks
from requests_app.models import Attachment, Request
from requests_app.models.attachments import FOLDER, LARGEST_FILE
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_person, make_request
from tests.requests_app.attachments.samples import EXE, PDF, picture, upload
from tests.requests_app.scenes import make_scene

pytestmark = pytest.mark.django_db


def stored() -> set[str]:
    """All files of attachments in the storage."""
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in (root / FOLDER).rglob("*") if path.is_file()}


def version_of(request: Request) -> int:
    return Request.objects.values_list("version", flat=True).get(pk=request.pk)


def test_files_lie_under_random_names_and_their_event_names_them() -> None:
    request, person, before = make_request(), make_person(), stored()
    one, two = attach(request.pk, [upload("plan.pdf", PDF), upload("../photo.png")], by=person)
    assert (one.name, one.size, one.uploader, one.content_type) == (
        "plan.pdf",
        len(PDF),
        person,
        "application/pdf",
    )
    assert (two.name, bool(two.preview), bool(one.preview)) == ("photo.png", True, False)
    new = stored() - before
    assert new == {str(one.file), str(two.file), str(two.preview)}
    assert not any(word in place for place in new for word in ("plan", "photo", "pdf", "png"))
    event = Event.objects.get()
    assert (event.kind, event.actor) == ("request.attached", person)
    assert event.data == {
        "files": [{"attachment": one.pk, "name": "plan.pdf"}, {"attachment": two.pk, "name": "photo.png"}]
    }
    assert version_of(request) == request.version


def test_the_content_is_what_was_sent() -> None:
    (made,) = attach(make_request().pk, [upload("plan.pdf", PDF)], by=make_person())
    with made.file.open() as content:
        assert content.read() == PDF


def test_one_wrong_file_refuses_all_and_nothing_stays() -> None:
    request, before = make_request(), stored()
    with pytest.raises(InvalidFields):
        attach(request.pk, [upload("plan.pdf", PDF), upload("x.pdf", EXE)], by=make_person())
    assert (Attachment.objects.count(), Event.objects.count(), stored()) == (0, 0, before)


def test_eleven_at_once_are_too_many() -> None:
    request, before = make_request(), stored()
    with pytest.raises(InvalidFields) as error:
        attach(request.pk, [upload(f"{n}.txt", b"x") for n in range(11)], by=make_person())
    assert [missing.code for missing in error.value.missing] == ["too_many"]
    assert stored() == before


def test_the_eleventh_is_too_many() -> None:
    request, person = make_request(), make_person()
    attach(request.pk, [upload(f"{n}.txt", b"x") for n in range(MOST_FILES)], by=person)
    with pytest.raises(InvalidFields) as error:
        attach(request.pk, [upload("one more.txt", b"x")], by=person)
    assert error.value.missing[0].code == "too_many"
    assert request.attachments.count() == MOST_FILES


def test_no_file_is_no_upload() -> None:
    with pytest.raises(InvalidFields) as error:
        attach(make_request().pk, [], by=make_person())
    assert error.value.missing[0].code == "required"


def test_hidden_and_absent_requests_take_no_files_and_nothing_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def looked(*args: Any) -> None:
        raise AssertionError("a file for a hidden request was looked at")

    monkeypatch.setattr(keeping, "examine", looked)
    hidden = make_request(restricted=True)
    for number in (hidden.pk, hidden.pk + 999, 2**70):
        with pytest.raises(Http404):
            attach(number, [upload()], by=make_person())


def test_a_draft_takes_none() -> None:
    draft = make_request("draft")
    assert draft.requester
    with pytest.raises(RuleViolation) as error:
        attach(draft.pk, [upload()], by=draft.requester)
    assert error.value.missing[0].code == "wrong_status"


@pytest.mark.parametrize("moment", ["log", "row", "second file"])
def test_where_it_fails_on_the_way_neither_row_nor_file_stays(
    monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    request, before = make_request(), stored()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError(moment)

    if moment == "log":
        monkeypatch.setattr(log, "record", fail)
    elif moment == "row":
        monkeypatch.setattr(locks, "lock_request", fail)
    else:
        save, calls = default_storage.save, []

        def once(*args: Any, **kwargs: Any) -> str:
            calls.append(args)
            if len(calls) > 1:
                raise DatabaseError(moment)
            return save(*args, **kwargs)

        monkeypatch.setattr(default_storage, "save", once)
    with pytest.raises(DatabaseError, match=moment):
        attach(request.pk, [upload("a.txt", b"x"), upload("b.txt", b"y")], by=make_person())
    assert (Attachment.objects.count(), Event.objects.count(), stored()) == (0, 0, before)


def test_a_file_taken_away_leaves_its_name_in_the_log(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    request, person, before = make_request(), make_person(), stored()
    (made,) = attach(request.pk, [upload("photo.png")], by=person)
    with django_capture_on_commit_callbacks(execute=True):
        detach(request.pk, made.pk, by=person)
    event = Event.objects.latest("id")
    assert (event.kind, event.data) == ("request.detached", {"attachment": made.pk, "name": "photo.png"})
    assert (Attachment.objects.count(), stored()) == (0, before)


def test_the_file_stays_until_the_removal_is_committed() -> None:
    request, person = make_request(), make_person()
    (made,) = attach(request.pk, [upload("photo.png")], by=person)
    with transaction.atomic():
        detach(request.pk, made.pk, by=person)
        transaction.set_rollback(True)
    assert default_storage.exists(str(made.file))
    assert Attachment.objects.get() == made


def test_a_storage_that_is_away_keeps_nobody_from_removing(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    request, person = make_request(), make_person()
    (made,) = attach(request.pk, [upload("a.txt", b"x")], by=person)

    def away(place: str) -> None:
        raise ConnectionRefusedError(place)

    monkeypatch.setattr(default_storage, "delete", away)
    with django_capture_on_commit_callbacks(execute=True):
        detach(request.pk, made.pk, by=person)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "role", ["requester", "marketing_owner", "it_owner", "marketing_lead", "it_lead", "admin"]
)
def test_those_who_take_care_remove_what_others_sent(role: str) -> None:
    scene = make_scene("shaping")
    (made,) = attach(scene.request.pk, [upload()], by=scene.outsider)
    detach(scene.request.pk, made.pk, by=scene.people[role])
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("role", ["it_member", "marketing_member", "other_it"])
def test_nobody_else_does(role: str) -> None:
    scene = make_scene("shaping")
    (made,) = attach(scene.request.pk, [upload()], by=scene.outsider)
    with pytest.raises(RuleViolation) as error:
        detach(scene.request.pk, made.pk, by=scene.people[role])
    assert error.value.missing[0].code == "not_yours"
    assert Attachment.objects.get() == made


def test_a_file_is_taken_away_only_from_its_own_request() -> None:
    request, person = make_request(), make_person()
    (made,) = attach(request.pk, [upload()], by=person)
    for number, attachment in ((make_request().pk, made.pk), (request.pk, made.pk + 1), (request.pk, 2**70)):
        with pytest.raises(Http404):
            detach(number, attachment, by=person)


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"file": ""}, {"size": 0}, {"size": LARGEST_FILE + 1}],
    ids=["name", "file", "none", "large"],
)
def test_the_database_refuses_what_the_rules_refuse(wrong: dict[str, Any]) -> None:
    values = {"name": "a", "file": "attachments/x", "size": 1, **wrong}
    with pytest.raises(IntegrityError):
        Attachment.objects.create(
            request=make_request(),
            uploader=make_person(),
            created_at=clock.now(),
            content_type="text/plain",
            **values,
        )


def test_previews_are_smaller_than_their_images() -> None:
    (made,) = attach(make_request().pk, [upload("big.png", picture("PNG", (3000, 3000)))], by=make_person())
    assert made.preview.size < made.size
