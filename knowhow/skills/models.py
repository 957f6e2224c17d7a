from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from knowhow.bridges.models import Openness
from teams.models import Person, Role, Side, not_blank

SKILL_NAME = 80


def in_own_language(name_de: str, name_en: str) -> str:
    """The one of the two names that the reader's language asks for."""
    return name_de if (get_language() or "").startswith("de") else name_en


class SkillGroup(models.Model):
    """A shelf of the directory; its side says at whose home its skills are, ``other`` means both's."""

    name_de = models.CharField(_("German name"), max_length=SKILL_NAME)
    name_en = models.CharField(_("English name"), max_length=SKILL_NAME)
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("group of skills")
        verbose_name_plural = _("groups of skills")
        ordering = ["position", "pk"]
        constraints = [
            not_blank("name_de", "skill_group_has_german"),
            not_blank("name_en", "skill_group_has_english"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="skill_group_side_known"),
        ]

    def __str__(self) -> str:
        return in_own_language(self.name_de, self.name_en)


class Skill(models.Model):
    """One thing that people can do. What was merged stays as a pointer, so that old addresses lead on."""

    class State(models.TextChoices):
        LISTED = "listed", pgettext_lazy("skill", "Listed")
        PROPOSED = "proposed", pgettext_lazy("skill", "Proposed")
        ARCHIVED = "archived", pgettext_lazy("skill", "No longer offered")
        MERGED = "merged", pgettext_lazy("skill", "Merged")
        REFUSED = "refused", pgettext_lazy("skill", "Not taken")

    group = models.ForeignKey(SkillGroup, on_delete=models.PROTECT, null=True, related_name="skills")
    name_de = models.CharField(_("German name"), max_length=SKILL_NAME)
    name_en = models.CharField(_("English name"), max_length=SKILL_NAME)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LISTED)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    proposed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["name_en", "pk"]
        constraints = [
            not_blank("name_de", "skill_has_german"),
            not_blank("name_en", "skill_has_english"),
            models.CheckConstraint(
                condition=Q(state__in=["listed", "proposed", "archived", "merged", "refused"]),
                name="skill_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | ~Q(state="merged", merged_into=None),
                name="skill_merged_leads_on",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")), name="skill_merged_elsewhere"
            ),
            models.CheckConstraint(
                condition=~Q(state="listed") | Q(group__isnull=False), name="skill_listed_in_group"
            ),
        ]

    def __str__(self) -> str:
        return in_own_language(self.name_de, self.name_en)

    @property
    def side(self) -> str:
        """At whose home it is; of a proposal nobody knows yet."""
        return self.group.side if self.group else Side.OTHER


class SkillWord(models.Model):
    """A word by which a skill is meant: its names and synonyms, in small letters; each means one skill."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="words")
    text = models.CharField(max_length=SKILL_NAME)
    is_synonym = models.BooleanField(default=False)

    class Meta:
        ordering = ["text"]
        constraints = [
            not_blank("text", "skill_word_is_a_word"),
            models.UniqueConstraint(Lower("text"), name="skill_word_means_one"),
        ]

    def __str__(self) -> str:
        return self.text


class PersonSkillQuerySet(models.QuerySet["PersonSkill"]):
    def visible_to(self, reader: Person) -> Self:
        """What ``reader`` may know of: the only way in to reading what people can do.

        Everybody sees their own. Of others who are active, what they show to all; leads and admins also
        what is shown to leads.
        """
        if not reader.is_active:
            return self.none()
        shown = [Openness.Readers.ALL]
        if leads_anywhere(reader):
            shown.append(Openness.Readers.LEADS)
        closed = Openness.objects.filter(person=OuterRef("person")).exclude(skills__in=shown)
        open_to = ~Exists(closed)
        return self.filter(Q(person=reader) | (Q(person__is_active=True) & open_to))

    def shown_to_all(self) -> Self:
        """What every member may know of: for figures that have no single reader."""
        closed = Openness.objects.filter(person=OuterRef("person")).exclude(skills=Openness.Readers.ALL)
        return self.counted().filter(~Exists(closed), person__is_active=True)

    def counted(self) -> Self:
        """Of skills that are in the directory, proposed for it, or no longer offered to others."""
        return self.exclude(skill__state__in=[Skill.State.MERGED, Skill.State.REFUSED])


def leads_anywhere(person: Person) -> bool:
    """Whether ``person`` leads some team, or acts as any lead."""
    return person.is_admin or any(team.role == Role.LEAD for team in person.own_teams())


class PersonSkill(models.Model):
    """What somebody can do, from 0 (nothing yet) to 4 (sets the standard), teaches or wants to learn."""

    HIGHEST = 4

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="people")
    level = models.PositiveSmallIntegerField(default=2)
    teaches = models.BooleanField(_("teaches it"), default=False)
    wants = models.BooleanField(_("wants to learn it"), default=False)
    # The year in which it was last used; years age well and take one key to enter.
    last_used = models.PositiveSmallIntegerField(_("last used"), null=True)
    changed_at = models.DateTimeField()

    objects: ClassVar[PersonSkillQuerySet] = PersonSkillQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("skill of a person")
        verbose_name_plural = _("skills of people")
        constraints = [
            models.UniqueConstraint(fields=["person", "skill"], name="person_skill_once"),
            models.CheckConstraint(condition=Q(level__lte=4), name="person_skill_level"),
            models.CheckConstraint(
                condition=Q(last_used=None) | Q(last_used__gte=1950, last_used__lte=2200),
                name="person_skill_year",
            ),
        ]
        indexes = [models.Index(fields=["skill", "-level"], name="person_skill_by_level")]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.skill_id}"
