"""The form that links a request with another one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.action_forms import NumberOfRequest
from requests_app.models import Relation
from teams.forms import DomainForm


class LinkForm(DomainForm):
    relation = forms.ChoiceField(
        label=_("This request"), choices=Relation.choices, initial=Relation.RELATES_TO
    )
    other = NumberOfRequest(
        label=_("Which one?"),
        max_length=25,
        widget=forms.TextInput(attrs={"placeholder": "T-12", "autocomplete": "off"}),
    )
