import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.models.request import Request
from requests_app.querysets import visible
from teams.models import Person

LARGEST_FILE = 25 * 1024 * 1024
FILE_NAME = 150
# All files of attachments are below this folder of the storage, under names that tell nothing.
FOLDER = "attachments"


def random_place(_attachment: "Attachment | None" = None, _name: str = "") -> str:
    """Where the storage keeps a file: a random name in one of 256 folders, so that none grows too large."""
    name = uuid.uuid4().hex
    return f"{FOLDER}/{name[:2]}/{name}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, person: Person) -> Self:
        """Attachments of the requests that ``person`` may see."""
        return self.filter(visible(person, "request__"))


class Attachment(models.Model):
    """A file that somebody put to a request; ``moved_from`` is the merged request it was put to.

    ``content_type`` follows from the content, ``name`` is only what people read. ``preview`` is a small image
    that was drawn anew, empty where there is none.
    """

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="attachments")
    uploader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("file name"), max_length=FILE_NAME)
    file = models.FileField(upload_to=random_place, max_length=100, unique=True)
    preview = models.FileField(upload_to=random_place, max_length=100, blank=True, default="")
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    moved_from = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(file=""), name="attachment_has_name_and_file"),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=LARGEST_FILE), name="attachment_size_limit"
            ),
        ]
        indexes = [models.Index(fields=["request", "id"], name="attachment_of_request")]

    def __str__(self) -> str:
        return f"{self.name} · {self.request_id}"
