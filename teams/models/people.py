from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teams.models.limits import not_blank
from teams.words import WORDS_OF_NAMES, sorting_key


class Side(models.TextChoices):
    MARKETING = "marketing", _("Marketing")
    IT = "it", _("IT")
    OTHER = "other", pgettext_lazy("side", "Other")


class PersonSide(models.TextChoices):
    """Where a person is at home; "both" is Marketing and IT."""

    MARKETING = "marketing", _("Marketing")
    IT = "it", _("IT")
    BOTH = "both", _("Marketing and IT")
    OTHER = "other", pgettext_lazy("side", "Other")


class OwnTeam(NamedTuple):
    """A team that a person belongs to, and as what."""

    pk: int
    side: str
    role: str


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in. ``side`` follows from the memberships and is kept by teams.people alone."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=120)
    sort_key = sorting_key("name", 120)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, blank=True, default=""
    )
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True, default="")
    # Off for people to whom letters happen by accident, as by dictation (WCAG 2.1.4).
    letter_keys = models.BooleanField(_("single letters work as keys"), default=True)
    side = models.CharField(max_length=10, choices=PersonSide.choices, default=PersonSide.OTHER)
    is_admin = models.BooleanField(_("administrator"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    joined_at = models.DateTimeField(default=timezone.now)
    # When they were last on their first page, and until when in the visit before: what is new since then.
    visited_at = models.DateTimeField(null=True, editable=False)
    visited_before = models.DateTimeField(null=True, editable=False)
    # Since when mail comes back, and what the other mail server says of it; none is sent meanwhile.
    mail_fails_since = models.DateTimeField(null=True, editable=False)
    mail_failure = models.CharField(max_length=300, blank=True, default="", db_default="", editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_unique"),
            not_blank("name", "person_has_name"),
            models.CheckConstraint(condition=Q(side__in=PersonSide.values), name="person_side_known"),
        ]
        indexes = [GinIndex(WORDS_OF_NAMES, name="person_names")]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word[0].isalnum()] or [self.email]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    def on_side(self, side: str) -> bool:
        """Whether the person is a member of a team of ``side``."""
        return self.side == side or (self.side == PersonSide.BOTH and side in (Side.MARKETING, Side.IT))

    # The teams as a page found them; None where each question asks the database anew, as every change does.
    _kept_teams: Sequence[OwnTeam] | None = None
    _keeps_teams = False

    def keep_teams(self, teams: Sequence[OwnTeam] | None = None) -> None:
        """Let this object ask only once which teams it belongs to: for a page, never for a change.

        With ``teams`` it need not even do that.
        """
        self._keeps_teams = True
        if teams is not None:
            self._kept_teams = teams

    def own_teams(self) -> Sequence[OwnTeam]:
        """The teams that the person belongs to. One query, or none where they are kept."""
        if self._kept_teams is not None:
            return self._kept_teams
        rows = self.memberships.order_by("team__sort_key").values_list("team", "team__side", "role")
        found = [OwnTeam(*row) for row in rows]
        if self._keeps_teams:
            self._kept_teams = found
        return found

    def team_ids(self) -> list[int] | models.QuerySet[Any, Any]:
        """The ids of ``own_teams`` for ``__in``: as a subquery, or as they are kept."""
        return (
            [team.pk for team in self.own_teams()] if self._keeps_teams else self.memberships.values("team")
        )

    # What django.contrib.admin asks; /admin/ only shows and only to admins.
    @property
    def is_staff(self) -> bool:
        return self.is_admin

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and self.is_admin

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_admin
