"""The sweep removes what no row names, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from notifications.tasks import SCHEDULES
from requests_app.attachments import sweeping
from requests_app.attachments.keeping import PREVIEW_SUFFIX, attach, detach
from requests_app.attachments.sweeping import GRACE, sweep
from requests_app.boards import locks
from requests_app.models import Attachment
from requests_app.models.attachments import random_place
from tests.factories import make_person, make_request
from tests.requests_app.attachments.samples import upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _swept() -> None:
    """Other tests roll their rows back, but not their files."""
    sweep(timezone.now() + GRACE + timedelta(hours=1))


def left_behind() -> str:
    return default_storage.save(random_place(), ContentFile(b"left by a killed process"))


def later() -> Any:
    return timezone.now() + GRACE + timedelta(minutes=1)


def test_a_file_without_a_row_goes_after_the_grace() -> None:
    place = left_behind()
    preview = default_storage.save(place + PREVIEW_SUFFIX, ContentFile(b"small"))
    assert sweep(timezone.now() + GRACE / 2) == 0
    assert default_storage.exists(place)
    assert sweep(later()) == 2
    assert not default_storage.exists(place)
    assert not default_storage.exists(preview)


def test_what_a_killed_upload_leaves_is_a_file_without_a_row_and_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request, person = make_request(), make_person()

    class Killed(BaseException):
        """Nothing that runs after it in the process may count."""

    def kill(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(locks, "lock_request", kill)
        with pytest.raises(Killed):
            attach(request.pk, [upload("photo.png")], by=person)
    assert not Attachment.objects.exists()
    assert sweep(later()) == 2


def test_what_a_killed_removal_leaves_goes_too() -> None:
    request, person = make_request(), make_person()
    (made,) = attach(request.pk, [upload("photo.png")], by=person)
    # Without a commit nothing is removed: as if the process had died right after it.
    detach(request.pk, made.pk, by=person)
    assert default_storage.exists(str(made.file))
    assert sweep(later()) == 2


def test_files_with_a_row_stay_however_old() -> None:
    (made,) = attach(make_request().pk, [upload("photo.png")], by=make_person())
    assert sweep(timezone.now() + timedelta(days=999)) == 0
    assert default_storage.exists(str(made.file))
    assert default_storage.exists(str(made.preview))


def test_a_file_that_goes_meanwhile_is_no_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    place = left_behind()

    def gone(name: str) -> None:
        raise FileNotFoundError(name)

    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "get_modified_time", gone)
        assert sweep(later()) == 0
    assert default_storage.exists(place)


def test_a_storage_without_any_file_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "FOLDER", "nothing-here")
    assert sweep(timezone.now()) == 0


def test_it_runs_once_a_day() -> None:
    (found,) = [one for one in SCHEDULES if one.run is sweep]
    assert found.every == timedelta(days=1)
