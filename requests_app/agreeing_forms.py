"""The small forms of the checklist and of the outcome review."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.forms import long_text
from requests_app.models import REASON_TEXT, Request
from teams.choosing import PersonField
from teams.form_fields import DateField, NumberField
from teams.forms import DomainForm
from teams.models import PLAIN_LINE, Person


class SmallForm(DomainForm):
    """A form that says which fields are needed; refusing an empty one is the domain function's part."""

    needed: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.needed:
            self.fields[name].is_needed = True  # type: ignore[attr-defined]


class ItemForm(SmallForm):
    """An item of the checklist. Whoever may see the request can do it; both teams are offered first."""

    needed = ("text",)
    # Of an item that is there already, what the form was built from.
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=_("What has to be done?"), max_length=PLAIN_LINE, required=False)

    def __init__(self, *args: Any, request: Request, chosen: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who has left keeps what they had, so that its words can be changed.
        people = Person.objects.filter(Q(is_active=True) | Q(pk=chosen.pk if chosen else None))
        teams = [team.slug for team in (request.requesting_team, request.serving_team) if team]
        self.fields["person"] = PersonField(
            people,
            near=teams,
            label=_("Who does it?"),
            help_text=_("Type a name or an e-mail address."),
            required=False,
        )


class OutcomeForm(SmallForm):
    measured = NumberField(label=_("What did you measure?"))
    learnt = forms.CharField(
        label=_("What has Marketing learnt from it?"),
        help_text=_("It may come later. What would you do the same way, and what differently?"),
        max_length=REASON_TEXT,
        required=False,
        widget=long_text(3),
    )


class LearningForm(SmallForm):
    needed = ("learnt",)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    learnt = forms.CharField(
        label=_("What has your side learnt from it?"),
        help_text=_("What would you do the same way, and what differently?"),
        max_length=REASON_TEXT,
        required=False,
        widget=long_text(4),
    )


class PostponementForm(SmallForm):
    needed = ("reason",)
    measured_on = DateField(
        label=_("When will the effect be measured?"),
        help_text=_("The date can be put off once."),
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Everybody who sees the request reads this."),
        max_length=REASON_TEXT,
        required=False,
        widget=long_text(3),
    )
