from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from teams.models.limits import PLAIN_LINE, PLAIN_TEXT, not_blank, text_limit
from teams.models.people import Person, Side
from teams.models.understanding import Brief, BriefKind, new_brief
from teams.words import WORDS_OF_TEAMS, sorting_key

EXPECTS_TEXT = 2_000


class Team(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    sort_key = sorting_key("name", 120)
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    brief = models.TextField(_("brief"), max_length=PLAIN_TEXT, blank=True, default="")
    expects = models.TextField(
        _("what we expect of others"), max_length=EXPECTS_TEXT, blank=True, default="", db_default=""
    )
    contact = models.CharField(_("whom to ask"), max_length=PLAIN_LINE, blank=True, default="", db_default="")
    office_hour = models.CharField(
        _("when to come by"), max_length=PLAIN_LINE, blank=True, default="", db_default=""
    )
    # Whose public holidays are days off: ISO 3166 codes, such as DE and BY.
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    region = models.CharField(_("region"), max_length=12, blank=True, default="")
    members = models.ManyToManyField(Person, through="Membership", related_name="teams")
    understanding = models.OneToOneField(
        Brief,
        on_delete=models.PROTECT,
        related_name=BriefKind.TEAM.value,
        editable=False,
        db_default=new_brief(BriefKind.TEAM),
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["sort_key", "name"]
        constraints = [
            not_blank("name", "team_has_name"),
            text_limit("brief", PLAIN_TEXT, "team_brief_limit"),
            text_limit("expects", EXPECTS_TEXT, "team_expects_limit"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="team_side_known"),
            models.CheckConstraint(condition=Q(country__regex=r"^([A-Z]{2})?$"), name="team_country_code"),
            models.CheckConstraint(condition=Q(region="") | ~Q(country=""), name="team_region_in_country"),
        ]
        indexes = [GinIndex(WORDS_OF_TEAMS, name="team_words")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("teams:team", args=[self.slug])

    def explaining_teams(self) -> "models.QuerySet[Team]":
        return Team.objects.filter(pk=self.pk)

    def is_explained(self) -> bool:
        return bool(self.brief)

    @property
    def sections(self) -> list[tuple[str, str]]:
        """What the team says of itself, each part with its heading."""
        parts = ((_("Brief"), self.brief), (_("What we expect of others"), self.expects))
        return [(str(heading), text) for heading, text in parts if text]


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
