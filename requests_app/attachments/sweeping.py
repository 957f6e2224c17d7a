"""Removes files that no attachment names: left by a killed process, or by a storage that was away."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from requests_app.attachments.keeping import PREVIEW_SUFFIX, remove_files
from requests_app.models import Attachment
from requests_app.models.attachments import FOLDER

logger = logging.getLogger(__name__)

# A file is stored before its row is written: younger ones may still get theirs.
GRACE = timedelta(days=1)


def sweep(now: datetime) -> int:
    """Remove what has lain without a row for longer than GRACE before ``now``; returns how many files."""
    removed = 0
    for folder in _folders():
        left = [place for place in _without_row(folder) if _older(place, now - GRACE)]
        remove_files(left)
        removed += len(left)
    if removed:
        logger.info("%s files without an attachment were removed.", removed)
    return removed


def _folders() -> list[str]:
    try:
        folders, _files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    return [f"{FOLDER}/{name}" for name in folders if name]


def _without_row(folder: str) -> Iterator[str]:
    _folders, names = default_storage.listdir(folder)
    places = [f"{folder}/{name}" for name in names if name]
    wanted = {place.removesuffix(PREVIEW_SUFFIX) for place in places}
    known = set(Attachment.objects.filter(file__in=wanted).values_list("file", flat=True))
    return (place for place in places if place.removesuffix(PREVIEW_SUFFIX) not in known)


def _older(place: str, moment: datetime) -> bool:
    try:
        return default_storage.get_modified_time(place) < moment
    except FileNotFoundError:
        # Whoever took the attachment away was faster.
        return False
