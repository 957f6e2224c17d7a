"""Where uploads are kept, and how they come in. Read by the settings, so nothing of Django's models here."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler

# The largest file that is kept; tests/portal/test_files.py holds it against the attachments' own limit.
LARGEST = 25 * 1024 * 1024
S3_NAMES = (
    "S3_BUCKET",
    "S3_ENDPOINT_URL",
    "S3_REGION",
    "S3_ACCESS_KEY_ID",
    "S3_SECRET_ACCESS_KEY",
    "S3_PREFIX",
)


class FilesMisconfigured(Exception):
    """The environment names a place for uploads that cannot be used; the text says what to do."""


def file_storage(environment: Mapping[str, str]) -> dict[str, Any]:
    """Django's storage for uploads: the folder MEDIA_ROOT, or with S3_BUCKET a bucket.

    :raises FilesMisconfigured: in one line.
    """
    given = {name: environment.get(name, "") for name in S3_NAMES}
    if not any(given.values()):
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    if not given["S3_BUCKET"]:
        raise FilesMisconfigured("S3_BUCKET is missing, but other S3_ variables are set.")
    if bool(given["S3_ACCESS_KEY_ID"]) != bool(given["S3_SECRET_ACCESS_KEY"]):
        raise FilesMisconfigured("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are set together or not at all.")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise FilesMisconfigured("S3_BUCKET needs the packages of requirements/s3.txt.")
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _s3_options(given)}


def _s3_options(given: Mapping[str, str]) -> dict[str, Any]:
    return {
        "bucket_name": given["S3_BUCKET"],
        "endpoint_url": given["S3_ENDPOINT_URL"] or None,
        "region_name": given["S3_REGION"] or None,
        "access_key": given["S3_ACCESS_KEY_ID"] or None,
        "secret_key": given["S3_SECRET_ACCESS_KEY"] or None,
        "location": given["S3_PREFIX"],
        # The bucket's own rules hold; files are handed out by the portal alone.
        "default_acl": None,
        "file_overwrite": False,
        # Beyond this a file that is read goes through the disk instead of memory.
        "max_memory_size": 2_621_440,
    }


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes a file to the disk up to one byte more than is kept; the rest is only counted.

    Whoever sends too much is told so by the form, with the file's true size, and fills no disk.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.written = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        room = LARGEST + 1 - self.written
        kept = raw_data[: max(0, room)]
        self.written += len(kept)
        if kept:
            self.file.write(kept)
        return None
