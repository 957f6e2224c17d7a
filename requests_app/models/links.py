from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.models.request import Request
from requests_app.querysets import visible
from teams.models import Person


class LinkKind(models.TextChoices):
    """What ``source`` is to ``target``."""

    BLOCKS = "blocks", pgettext_lazy("link", "blocks")
    DUPLICATES = "duplicates", pgettext_lazy("link", "duplicates")
    RELATES_TO = "relates_to", pgettext_lazy("link", "relates to")


class Relation(models.TextChoices):
    """What a request is to the other one, seen from either end."""

    BLOCKS = "blocks", pgettext_lazy("link", "blocks")
    IS_BLOCKED_BY = "is_blocked_by", pgettext_lazy("link", "is blocked by")
    DUPLICATES = "duplicates", pgettext_lazy("link", "duplicates")
    IS_DUPLICATED_BY = "is_duplicated_by", pgettext_lazy("link", "is duplicated by")
    RELATES_TO = "relates_to", pgettext_lazy("link", "relates to")

    @property
    def kind(self) -> LinkKind:
        return _KINDS[self]

    @property
    def outwards(self) -> bool:
        """Whether the request from which it is seen is the link's source."""
        return self not in _INWARDS

    @classmethod
    def of(cls, kind: str, outwards: bool) -> "Relation":
        """How a link of ``kind`` reads from its source (``outwards``) or its target."""
        seen_from_source = cls(kind)
        return seen_from_source if outwards else _INVERSE.get(seen_from_source, seen_from_source)


_INVERSE = {
    Relation.BLOCKS: Relation.IS_BLOCKED_BY,
    Relation.DUPLICATES: Relation.IS_DUPLICATED_BY,
}
_INWARDS = frozenset(_INVERSE.values())
_KINDS = {
    **{inwards: LinkKind(outwards) for outwards, inwards in _INVERSE.items()},
    **{Relation(kind): kind for kind in LinkKind},
}


class LinkQuerySet(models.QuerySet["Link"]):
    def visible_to(self, person: Person) -> Self:
        """Links of which ``person`` may see both ends."""
        return self.filter(visible(person, "source__"), visible(person, "target__"))


class Link(models.Model):
    """That two requests belong together. "Relates to" has no direction: its source is the lower number."""

    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    source = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="links_from")
    target = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="links_to")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar[LinkQuerySet] = LinkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LinkKind.values), name="link_kind_known"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="link_between_two"),
            models.CheckConstraint(
                condition=~Q(kind="relates_to") | Q(source__lt=F("target")), name="link_symmetric_once"
            ),
            # One of a kind between two requests, in whichever direction.
            models.UniqueConstraint(
                "kind", Least("source", "target"), Greatest("source", "target"), name="link_once"
            ),
        ]
        indexes = [models.Index(fields=["source", "kind"], name="link_source")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
