"""Handing files out: always as a download, never as something that the browser runs."""

import logging

from django.http import FileResponse, Http404

from requests_app.attachments import previews
from requests_app.models import Attachment
from requests_app.querysets import HIGHEST_NUMBER
from teams.models import Person

logger = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": "sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Whoever loses sight of the request loses its files at once, also those that a browser would keep.
    "Cache-Control": "private, no-store",
    # Compressing again what is compressed would cost time and hide the size.
    "Content-Encoding": "identity",
}


class Download(FileResponse):
    """A file in pieces that are large enough for 25 MB to take few of them."""

    block_size = 65_536


def find_attachment(number: int, attachment: int, reader: Person) -> Attachment:
    """The attachment of the request ``number``.

    :raises Http404: the same for a hidden and an absent one, or one of another request.
    """
    rows = Attachment.objects.visible_to(reader).filter(request=min(number, HIGHEST_NUMBER))
    found = rows.filter(pk=min(attachment, HIGHEST_NUMBER)).first()
    if found is None:
        raise Http404
    return found


def download(found: Attachment) -> FileResponse:
    """The file as it was sent, under its cleaned name."""
    return _sent(
        found, str(found.file.name), content_type=found.content_type, as_attachment=True, filename=found.name
    )


def preview(found: Attachment) -> FileResponse:
    """The small image of the file.

    :raises Http404: where it has none.
    """
    if not found.preview:
        raise Http404
    return _sent(found, str(found.preview.name), content_type=previews.CONTENT_TYPE)


def _sent(found: Attachment, place: str, **options: object) -> FileResponse:
    try:
        content = found.file.storage.open(place)
    except FileNotFoundError:
        # Never by us: the file is stored before the row and removed after it.
        logger.exception("The storage has lost %s of attachment %s.", place, found.pk)
        raise Http404 from None
    return Download(content, headers=HEADERS, **options)  # type: ignore[arg-type]
