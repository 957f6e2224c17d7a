"""Forms of the skills directory, of what people choose for themselves, and of role profiles."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knowhow.bridges.posting import Draft
from knowhow.models import Openness, RoleProfile, Skill, SkillGroup
from knowhow.skills.models import SKILL_NAME
from knowhow.skills.profile import LONGEST_LINE, Unclear
from knowhow.skills.words import SEPARATORS
from teams.forms import DomainForm, long_text
from teams.models import PLAIN_LINE, PLAIN_TEXT, Side
from teams.rules import RuleViolation

LEVELS = (
    (0, _("0 · nothing yet")),
    (1, _("1 · have tried it")),
    (2, _("2 · with some help")),
    (3, _("3 · on my own")),
    (4, _("4 · I show others how")),
)


class SkillsForm(DomainForm):
    """Skills as somebody types them; ``unclear`` is what they are asked about before it is proposed."""

    # The words of which they have said that they mean something new.
    new = forms.Field(required=False, widget=forms.MultipleHiddenInput)
    unclear: Unclear | None = None

    def refuse(self, violation: RuleViolation) -> None:
        super().refuse(violation)
        if isinstance(violation, Unclear):
            self.unclear = violation


class AddSkillsForm(SkillsForm):
    skills = forms.CharField(
        label=_("Skill"),
        help_text=_("Press Enter after each, or separate several by commas. A number says how well: SQL 3."),
        max_length=LONGEST_LINE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class WantedSkillsForm(SkillsForm):
    skills = forms.CharField(
        label=_("What do you want to learn?"),
        help_text=_("Press Enter, and you see who could teach you. Separate several by commas."),
        max_length=LONGEST_LINE,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "data-choices": reverse_lazy("knowhow:skill_choices")}
        ),
    )


class OwnSkillForm(DomainForm):
    level = forms.TypedChoiceField(label=_("Level"), choices=LEVELS, coerce=int)
    teaches = forms.BooleanField(label=_("I teach it"), required=False)
    wants = forms.BooleanField(label=_("I want to learn it"), required=False)
    last_used = forms.IntegerField(
        label=_("Last used (year)"),
        required=False,
        widget=forms.NumberInput(attrs={"placeholder": pgettext_lazy("year", "last used")}),
    )


class OpennessForm(DomainForm):
    skills = forms.ChoiceField(label=_("Who sees what I can"), choices=Openness.Readers.choices)
    matching = forms.BooleanField(
        label=_("I may be proposed as a mentor or learner"),
        help_text=_("Only to people of the other side, and only where both say yes."),
        required=False,
    )


class GroupForm(DomainForm):
    name_de = forms.CharField(label=_("German name"), max_length=SKILL_NAME)
    name_en = forms.CharField(label=_("English name"), max_length=SKILL_NAME)
    side = forms.ChoiceField(
        label=_("At home in"), choices=Side.choices, help_text=_("“Other” stands for what both sides share.")
    )


class SkillForm(DomainForm):
    group = forms.ModelChoiceField(
        SkillGroup.objects.all(),
        label=_("Group"),
        empty_label=_("Please choose"),
        error_messages={"required": _("Choose a group.")},
    )
    name_de = forms.CharField(label=_("German name"), max_length=SKILL_NAME)
    name_en = forms.CharField(label=_("English name"), max_length=SKILL_NAME)
    synonyms = forms.CharField(
        label=_("Synonyms"),
        help_text=_("Separated by commas. Requests that use one of these words are about this skill, too."),
        max_length=LONGEST_LINE,
        required=False,
    )

    def clean_synonyms(self) -> list[str]:
        return [word.strip() for word in SEPARATORS.split(self.cleaned_data["synonyms"]) if word.strip()]


class EditSkillForm(SkillForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class MergeForm(DomainForm):
    into = forms.ModelChoiceField(
        Skill.objects.none(),
        label=_("Merge into"),
        empty_label=_("Please choose"),
        help_text=_("Everybody who has this skill then has the other one, and its words mean the other one."),
    )

    def __init__(self, *args: Any, offered: QuerySet[Skill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Skill]", self.fields["into"]).queryset = offered


class RoleForm(DomainForm):
    title_de = forms.CharField(label=_("German title"), max_length=PLAIN_LINE)
    text_de = forms.CharField(
        label=_("German text"),
        help_text=_("In Markdown."),
        max_length=PLAIN_TEXT,
        widget=long_text(18),
    )
    title_en = forms.CharField(label=_("English title"), max_length=PLAIN_LINE)
    text_en = forms.CharField(label=_("English text"), max_length=PLAIN_TEXT, widget=long_text(18))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def initial_of_skill(skill: Skill) -> dict[str, Any]:
    """What the form of ``skill`` shows at first."""
    words = skill.words.filter(is_synonym=True).values_list("text", flat=True)
    return {
        "group": skill.group_id,
        "name_de": skill.name_de,
        "name_en": skill.name_en,
        "synonyms": ", ".join(words),
        "version": skill.version,
    }


def initial_of_role(role: RoleProfile | Draft) -> dict[str, Any]:
    """What the form of a posting shows at first."""
    texts = {name: getattr(role, name) for name in ("title_de", "text_de", "title_en", "text_en")}
    return texts | ({"version": role.version} if isinstance(role, RoleProfile) else {})
