"""The forms of the talk about a request."""

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.models import ASKABLE, COMMENT_TEXT, Request
from teams.choosing import PersonField
from teams.forms import DomainForm
from teams.models import Person


class CommentForm(DomainForm):
    body = forms.CharField(
        label=_("Your comment"),
        help_text=_("Markdown works: **bold**, *italic*, - lists. T-12 becomes a link, @ names a person."),
        max_length=COMMENT_TEXT,
        # Whether something stands in it is decided by the domain function.
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    question_to = forms.ChoiceField(
        label=_("Who shall answer?"),
        choices=[("", _("Nobody: it is a comment")), *ASKABLE],
        help_text=_("A question stays open until that side answers, and it is its turn meanwhile."),
        required=False,
    )


class AnswerForm(DomainForm):
    """Under the question that it answers, so there may be several on one page."""

    body = forms.CharField(
        label=_("Your answer"),
        max_length=COMMENT_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EditForm(AnswerForm):
    body = forms.CharField(
        label=_("Your comment"),
        max_length=COMMENT_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class WatcherForm(forms.Form):
    """Names somebody who shall be told, and who may then see a restricted request."""

    person = PersonField(
        Person.objects.none(),
        label=_("Who shall be told what happens?"),
        help_text=_("Type a name or an e-mail address."),
    )

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who follows a restricted request of their own accord can still be named.
        watching = request.watchers.filter(Q(is_named=True) | Q(request__restricted=False)).values("person")
        others = Person.objects.filter(is_active=True).exclude(pk__in=watching)
        cast("PersonField", self.fields["person"]).queryset = others
