from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from teams.models import Person, not_blank, text_limit

REPLY_NAME = 80
REPLY_TEXT = 2_000


class SavedReply(models.Model):
    """A text that IT answers with again and again, in both languages; kept by IT's leads."""

    name = models.CharField(_("name"), max_length=REPLY_NAME)
    text_de = models.TextField(_("German text"), max_length=REPLY_TEXT)
    text_en = models.TextField(_("English text"), max_length=REPLY_TEXT)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="reply_name_once"),
            not_blank("name", "reply_has_name"),
            not_blank("text_de", "reply_has_german"),
            not_blank("text_en", "reply_has_english"),
            text_limit("text_de", REPLY_TEXT, "reply_german_limit"),
            text_limit("text_en", REPLY_TEXT, "reply_english_limit"),
        ]

    def __str__(self) -> str:
        return self.name
