"""The small forms of the checklist and of the outcome review."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.forms import DateField, NumberField, long_text
from requests_app.models import REASON_TEXT, Request
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
    """An item of the checklist. Those around the request can be chosen for it."""

    needed = ("text",)
    text = forms.CharField(label=_("What has to be done?"), max_length=PLAIN_LINE, required=False)
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Who does it?"), empty_label=_("Nobody yet"), required=False
    )

    def __init__(self, *args: Any, request: Request, chosen: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = people_around(request, chosen)


def people_around(request: Request, chosen: Person | None) -> Any:
    """The active people of both teams, the tandem and the requester, and who is chosen already."""
    teams = [team for team in (request.requesting_team_id, request.serving_team_id) if team]
    seats = [request.requester_id, request.marketing_owner_id, request.it_owner_id]
    seats += [chosen.pk] if chosen else []
    around = Q(pk__in=[pk for pk in seats if pk]) | Q(memberships__team__in=teams)
    return Person.objects.filter(around, is_active=True).distinct().order_by("name")


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
