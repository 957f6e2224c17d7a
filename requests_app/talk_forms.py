"""The forms of the talk about a request."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.models import COMMENT_TEXT, Request
from teams.forms import DomainForm
from teams.models import Person


class CommentForm(DomainForm):
    body = forms.CharField(
        label=_("Your comment"),
        help_text=_("Markdown works: **bold**, *italic*, - lists. T-12 becomes a link."),
        max_length=COMMENT_TEXT,
        # Whether something stands in it is decided by the domain function.
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WatcherForm(forms.Form):
    """Names somebody who shall be told, and who may then see a restricted request."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Who shall be told what happens?"),
        empty_label=_("Please choose"),
    )

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        watching = request.watchers.values("person")
        field.queryset = Person.objects.filter(is_active=True).exclude(pk__in=watching).order_by("name")
