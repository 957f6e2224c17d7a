from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Lower
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

PLAIN_LINE = 200
PLAIN_TEXT = 10_000


def not_blank(field: str, name: str) -> models.CheckConstraint:
    """A constraint that refuses the empty text in ``field``."""
    return models.CheckConstraint(condition=~Q(**{field: ""}), name=name)


def text_limit(field: str, limit: int, name: str) -> models.CheckConstraint:
    """A constraint on the characters in ``field``, which PostgreSQL's text does not limit by itself."""
    return models.CheckConstraint(condition=LessThanOrEqual(Length(field), limit), name=name)


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
    _kept_teams: list[OwnTeam] | None = None
    _keeps_teams = False

    def keep_teams(self) -> None:
        """Let this object ask only once which teams it belongs to: for a page, never for a change."""
        self._keeps_teams = True

    def own_teams(self) -> list[OwnTeam]:
        """The teams that the person belongs to. One query, or none where they are kept."""
        if self._kept_teams is not None:
            return self._kept_teams
        rows = self.memberships.order_by("team__name").values_list("team", "team__side", "role")
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


class Team(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    brief = models.TextField(_("brief"), max_length=PLAIN_TEXT, blank=True, default="")
    # Whose public holidays are days off: ISO 3166 codes, such as DE and BY.
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    region = models.CharField(_("region"), max_length=12, blank=True, default="")
    members = models.ManyToManyField(Person, through="Membership", related_name="teams")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        constraints = [
            not_blank("name", "team_has_name"),
            text_limit("brief", PLAIN_TEXT, "team_brief_limit"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="team_side_known"),
            models.CheckConstraint(condition=Q(country__regex=r"^([A-Z]{2})?$"), name="team_country_code"),
            models.CheckConstraint(condition=Q(region="") | ~Q(country=""), name="team_region_in_country"),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    MEMBER = "member", _("Member")
    LEAD = "lead", _("Lead")


class Membership(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "team"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.team}"


class Goal(models.Model):
    """A digital goal, held by one or more teams; jointly where both sides own it."""

    title = models.CharField(_("title"), max_length=PLAIN_LINE)
    brief = models.TextField(_("brief"), max_length=PLAIN_TEXT, blank=True, default="")
    teams = models.ManyToManyField(Team, related_name="goals", verbose_name=_("owning teams"))
    is_archived = models.BooleanField(_("archived"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["title"]
        constraints = [
            not_blank("title", "goal_has_title"),
            text_limit("brief", PLAIN_TEXT, "goal_brief_limit"),
        ]

    def __str__(self) -> str:
        return self.title


class Touchpoint(models.Model):
    """Where customers meet the company; the rows are kept by admins."""

    class Phase(models.TextChoices):
        DISCOVER = "discover", pgettext_lazy("journey phase", "Discover")
        CHOOSE = "choose", pgettext_lazy("journey phase", "Choose")
        BUY = "buy", pgettext_lazy("journey phase", "Buy")
        USE = "use", pgettext_lazy("journey phase", "Use")
        STAY = "stay", pgettext_lazy("journey phase", "Stay")

    slug = models.SlugField(max_length=40, unique=True)
    name_de = models.CharField(_("German name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    phase = models.CharField(_("journey phase"), max_length=10, choices=Phase.choices)
    position = models.PositiveSmallIntegerField(default=0)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("touchpoint")
        verbose_name_plural = _("touchpoints")
        ordering = ["position", "slug"]
        constraints = [
            not_blank("name_de", "touchpoint_has_german"),
            not_blank("name_en", "touchpoint_has_english"),
            models.CheckConstraint(
                condition=Q(phase__in=["discover", "choose", "buy", "use", "stay"]),
                name="touchpoint_phase_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name_de if (get_language() or "").startswith("de") else self.name_en


class Company(models.Model):
    """The one row of what an admin sets for the whole portal."""

    name = models.CharField(_("name of the company"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=60, default=settings.TIME_ZONE)
    stalled_after_hours = models.PositiveIntegerField(_("stalled after hours"), default=7 * 24)
    digest_weekday = models.PositiveSmallIntegerField(_("day of the weekly digest"), default=0)
    digest_hour = models.PositiveSmallIntegerField(_("hour of the weekly digest"), default=7)
    # How much value, urgency and ease count in the impact of a request, in percent.
    weight_value = models.PositiveSmallIntegerField(_("weight of the value"), default=60)
    weight_urgency = models.PositiveSmallIntegerField(_("weight of the urgency"), default=25)
    weight_ease = models.PositiveSmallIntegerField(_("weight of the ease"), default=15)
    gate = models.PositiveSmallIntegerField(_("gate"), default=40)
    # Working hours, Monday to Friday from 9 to 17: two days.
    first_response_hours = models.PositiveSmallIntegerField(
        _("first response within working hours"), default=16
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("company")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="company_only_one"),
            not_blank("name", "company_has_name"),
            models.CheckConstraint(condition=Q(digest_weekday__lte=6), name="company_digest_weekday"),
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="company_digest_hour"),
            models.CheckConstraint(condition=Q(stalled_after_hours__gte=1), name="company_stalled_after"),
            models.CheckConstraint(
                condition=Q(
                    weight_value=models.Value(100) - models.F("weight_urgency") - models.F("weight_ease")
                ),
                name="company_weights_are_whole",
            ),
            models.CheckConstraint(condition=Q(gate__lte=100), name="company_gate"),
            models.CheckConstraint(condition=Q(first_response_hours__gte=1), name="company_first_response"),
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """A purpose-bound, single-use, expiring link by which a person gets in; only its hash is kept."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=120, blank=True, default="")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    as_admin = models.BooleanField(default=False)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="invitation_expires"
            ),
        ]

    def __str__(self) -> str:
        return self.email


class ApiToken(models.Model):
    """A personal access token: 256 random bits behind a prefix, kept only as their SHA-256."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12)
    token_hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [not_blank("name", "api_token_has_name")]

    def __str__(self) -> str:
        return self.name


class PersonSession(AbstractBaseSession):
    """A browser's session. The number of its person is no foreign key: a session must never hold a row."""

    person_id = models.BigIntegerField(null=True, db_index=True)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from teams.sessions import SessionStore

        return SessionStore
