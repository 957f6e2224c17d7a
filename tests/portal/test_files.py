"""Where uploads are kept, and what of too large ones reaches the disk."""

from pathlib import Path

import pytest
from django.core.files.storage import StorageHandler
from django.core.files.storage.filesystem import FileSystemStorage
from django.core.files.uploadedfile import TemporaryUploadedFile
from storages.backends.s3 import S3Storage

from portal import files
from portal.files import BoundedUploadHandler, FilesMisconfigured, file_storage
from requests_app.models.attachments import LARGEST_FILE

KEYS = {"S3_ACCESS_KEY_ID": "id", "S3_SECRET_ACCESS_KEY": "secret"}


def test_without_a_bucket_files_lie_in_a_folder() -> None:
    made = StorageHandler().create_storage(file_storage({"MEDIA_ROOT": "x"}))
    assert isinstance(made, FileSystemStorage)


def test_a_bucket_with_everything_named() -> None:
    environment = {
        **KEYS,
        "S3_BUCKET": "tandem",
        "S3_ENDPOINT_URL": "https://s3.example.org",
        "S3_REGION": "eu-central-1",
        "S3_PREFIX": "uploads",
    }
    made = StorageHandler().create_storage(file_storage(environment))
    assert isinstance(made, S3Storage)
    assert (made.bucket_name, made.endpoint_url, made.region_name) == (
        "tandem",
        "https://s3.example.org",
        "eu-central-1",
    )
    assert (made.access_key, made.secret_key, made.location) == ("id", "secret", "uploads")
    assert (made.file_overwrite, made.default_acl, made.querystring_auth) == (False, None, True)
    assert made.bucket.name == "tandem"
    assert made.connection.meta.client.meta.endpoint_url == "https://s3.example.org"


def test_a_bucket_alone_leaves_the_rest_to_the_machine() -> None:
    options = file_storage({"S3_BUCKET": "tandem", "S3_REGION": ""})["OPTIONS"]
    assert [options[name] for name in ("endpoint_url", "region_name", "access_key", "secret_key")] == [
        None
    ] * 4


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"S3_REGION": "eu-central-1"}, "S3_BUCKET is missing"),
        (KEYS, "S3_BUCKET is missing"),
        ({"S3_BUCKET": "b", "S3_ACCESS_KEY_ID": "id"}, "together or not at all"),
        ({"S3_BUCKET": "b", "S3_SECRET_ACCESS_KEY": "s"}, "together or not at all"),
    ],
)
def test_a_half_set_bucket_is_told_in_one_line(environment: dict[str, str], words: str) -> None:
    with pytest.raises(FilesMisconfigured, match=words):
        file_storage(environment)


def test_without_its_packages_a_bucket_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "find_spec", lambda name: None)
    with pytest.raises(FilesMisconfigured, match=r"requirements/s3\.txt"):
        file_storage({"S3_BUCKET": "tandem"})


def test_the_two_limits_are_one() -> None:
    assert files.LARGEST == LARGEST_FILE


def received(monkeypatch: pytest.MonkeyPatch, limit: int, *chunks: bytes) -> tuple[int, int]:
    """Size as counted and bytes on the disk."""
    monkeypatch.setattr(files, "LARGEST", limit)
    handler = BoundedUploadHandler()
    handler.new_file("file", "x.bin", "text/plain", None)
    start = 0
    for chunk in chunks:
        assert handler.receive_data_chunk(chunk, start) is None
        start += len(chunk)
    file = handler.file_complete(start)
    assert isinstance(file, TemporaryUploadedFile)
    assert file.size is not None
    with file:
        return file.size, Path(file.temporary_file_path()).stat().st_size


def test_only_so_much_of_a_too_large_file_reaches_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    assert received(monkeypatch, 10, b"12345", b"67890", b"abcde", b"fghij") == (20, 11)


def test_a_file_within_the_limit_arrives_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    assert received(monkeypatch, 10, b"12345", b"67890") == (10, 10)
