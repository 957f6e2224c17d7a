from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from requests_app.models.boards import Board
from teams.models import Person, Team, not_blank, text_limit

VIEW_NAME = 80
VIEW_QUERY = 2_000


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, person: Person) -> Self:
        """One's own views, and those that are shared with one's teams; to an admin, who acts as any lead, all
        that are shared.
        """
        if person.is_active and person.is_admin:
            return self.filter(Q(owner=person) | Q(team__isnull=False))
        return self.offered_to(person)

    def offered_to(self, person: Person) -> Self:
        """What stands above the lists of ``person``: their own views, and those of their teams."""
        if not person.is_active:
            return self.none()
        return self.filter(Q(owner=person) | Q(team__in=person.team_ids()))


class SavedView(models.Model):
    """A name for the address of a list, or of ``board``: its filters, order and look.

    ``team`` is whom it is shared with.
    """

    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_views")
    team = models.ForeignKey(
        Team,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="saved_views",
        verbose_name=_("shared with"),
    )
    name = models.CharField(_("name"), max_length=VIEW_NAME)
    board = models.ForeignKey(Board, on_delete=models.CASCADE, null=True, blank=True, related_name="views")
    # As lists.filters.canonical writes it; empty is the whole list, or the whole board.
    query = models.TextField(max_length=VIEW_QUERY, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects: ClassVar[SavedViewQuerySet] = SavedViewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            not_blank("name", "view_has_name"),
            text_limit("query", VIEW_QUERY, "view_query_limit"),
            models.UniqueConstraint("owner", Lower("name"), name="view_name_once_for_owner"),
            models.UniqueConstraint(
                "team", Lower("name"), condition=Q(team__isnull=False), name="view_name_once_for_team"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """What it shows, to each reader what they may see of it. Read with its board."""
        place = reverse("requests:board", args=[self.board.slug]) if self.board else reverse("requests:list")
        return f"{place}?{self.query}" if self.query else place
