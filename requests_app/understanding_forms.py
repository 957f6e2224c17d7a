"""Confirming, asking and answering beside what is explained."""

from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from teams.forms import DomainForm, long_text
from teams.models.understanding import QUESTION_TEXT, WORDS_LINE


class ConfirmForm(DomainForm):
    words = forms.CharField(
        label=_("In your own words, in one sentence"), max_length=WORDS_LINE, required=False
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def read_anew(self, substance: int) -> None:
        """Go on from what stands there by now, where it changed while it was read."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = str(substance)
        self.data = data


class QuestionForm(DomainForm):
    # Whether something stands in it is decided by the domain function.
    text = forms.CharField(
        label=_("What is not clear?"), max_length=QUESTION_TEXT, required=False, widget=long_text(3)
    )


class BriefAnswerForm(DomainForm):
    """Under the question that it answers, so there may be several on one page."""

    text = forms.CharField(
        label=_("Your answer"), max_length=QUESTION_TEXT, required=False, widget=long_text(3)
    )
