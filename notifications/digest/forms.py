"""The forms of the digest's pages."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.digest.models import WORD_LENGTH
from notifications.digest.preference import FORTNIGHTLY, NEVER, WEEKLY, Wish
from teams.forms import WEEKDAYS, DomainForm, languages
from teams.models import Company


def _number(value: str) -> int | None:
    return int(value) if value else None


class RhythmForm(DomainForm):
    """When one's digest comes, and in which language one reads."""

    every = forms.TypedChoiceField(
        label=_("How often"),
        coerce=int,
        choices=[
            (WEEKLY, _("Every week")),
            (FORTNIGHTLY, _("Every second week")),
            (NEVER, _("Never by mail")),
        ],
    )
    weekday = forms.TypedChoiceField(label=_("Day"), coerce=_number, empty_value=None, required=False)
    hour = forms.TypedChoiceField(label=_("Hour"), coerce=_number, empty_value=None, required=False)
    language = forms.ChoiceField(label=_("Language of the portal"), required=False)

    def __init__(self, company: Company, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        common = _("%(what)s, as in the company")
        days, hours = dict(WEEKDAYS), {hour: f"{hour}:00" for hour in range(24)}
        for name, choices, chosen in (
            ("weekday", days, company.digest_weekday),
            ("hour", hours, company.digest_hour),
        ):
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [("", common % {"what": choices[chosen]}), *choices.items()]
        cast(forms.ChoiceField, self.fields["language"]).choices = languages()

    def wish(self) -> Wish:
        """What was chosen, once it is valid."""
        data = self.cleaned_data
        return Wish(data["every"], data["weekday"], data["hour"])


class WordForm(DomainForm):
    """What a lead says to the readers of their team."""

    text = forms.CharField(
        label=_("One sentence for the team's readers"),
        help_text=_("It stands at the head of the team's part, with your name; everybody can read it."),
        max_length=WORD_LENGTH,
        required=False,
    )
