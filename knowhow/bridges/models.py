from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from teams.models import PLAIN_LINE, PLAIN_TEXT, Person, Team, not_blank, text_limit


class Openness(models.Model):
    """What a person lets others see and do with what they can; without a row: skills for all, no more."""

    class Readers(models.TextChoices):
        ALL = "all", pgettext_lazy("who sees it", "Everybody here")
        LEADS = "leads", pgettext_lazy("who sees it", "Leads only")
        NOBODY = "nobody", pgettext_lazy("who sees it", "Only I")

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="openness")
    skills = models.CharField(
        _("who sees my skills"), max_length=10, choices=Readers.choices, default=Readers.ALL
    )
    # None until the question was answered: it is asked once.
    bridge = models.BooleanField(_("leads may see how I stand between the sides"), null=True)
    matching = models.BooleanField(_("may be proposed as mentor or learner"), default=True)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("openness")
        verbose_name_plural = _("openness")
        constraints = [
            models.CheckConstraint(
                condition=Q(skills__in=["all", "leads", "nobody"]), name="openness_readers"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"


class MentoringQuerySet(models.QuerySet["Mentoring"]):
    def visible_to(self, reader: Person) -> Self:
        """Only the two of them know of a pair."""
        return self.filter(
            Q(mentor=reader) | Q(learner=reader), mentor__is_active=True, learner__is_active=True
        )

    def seen_by_each(self) -> set[tuple[int, int]]:
        """The pairs (person, mentoring) in which the person sees it: what ``visible_to`` says, for all."""
        known = self.filter(mentor__is_active=True, learner__is_active=True)
        rows = known.values_list("pk", "mentor", "learner")
        return {(person, pk) for pk, *two in rows for person in two}


class Mentoring(models.Model):
    """Somebody may learn something from somebody of another side; it holds once both have said yes."""

    mentor = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mentored")
    learner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="learning")
    skill = models.ForeignKey("knowhow.Skill", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # None until they have answered.
    mentor_agrees = models.BooleanField(null=True)
    learner_agrees = models.BooleanField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[MentoringQuerySet] = MentoringQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("mentoring")
        verbose_name_plural = _("mentorings")
        constraints = [
            models.CheckConstraint(condition=~Q(mentor=F("learner")), name="mentoring_takes_two"),
            models.UniqueConstraint(fields=["mentor", "learner", "skill"], name="mentoring_proposed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.mentor_id} → {self.learner_id}"

    @property
    def is_running(self) -> bool:
        return bool(self.mentor_agrees and self.learner_agrees and self.ended_at is None)

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to answer."""
        said = (self.mentor_agrees, self.learner_agrees)
        return self.ended_at is None and None in said and False not in said


class TeamTie(models.Model):
    """How often two teams worked together in a month (its first day): the stored data of the silo map."""

    KINDS = ("requests", "answers", "exchanges", "confirmations")

    month = models.DateField()
    # The one with the smaller id comes first, so that a pair has one row.
    one = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    requests = models.PositiveIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    exchanges = models.PositiveIntegerField(default=0)
    confirmations = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tie between teams")
        verbose_name_plural = _("ties between teams")
        constraints = [
            models.UniqueConstraint(fields=["month", "one", "other"], name="team_tie_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="team_tie_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.one_id}–{self.other_id}"


class RoleProfile(models.Model):
    """A posting for somebody at home on both sides, as Markdown in both languages."""

    title_de = models.CharField(_("German title"), max_length=PLAIN_LINE)
    title_en = models.CharField(_("English title"), max_length=PLAIN_LINE)
    text_de = models.TextField(_("German text"), max_length=PLAIN_TEXT)
    text_en = models.TextField(_("English text"), max_length=PLAIN_TEXT)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("role profile")
        verbose_name_plural = _("role profiles")
        ordering = ["-changed_at", "-pk"]
        constraints = [
            *(not_blank(name, f"role_{name}") for name in ("title_de", "title_en", "text_de", "text_en")),
            text_limit("text_de", PLAIN_TEXT, "role_german_limit"),
            text_limit("text_en", PLAIN_TEXT, "role_english_limit"),
        ]

    def __str__(self) -> str:
        return self.title_en
