"""The small forms of triage."""

from datetime import date, datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activity import clock
from requests_app.forms import long_text
from requests_app.models import REASON_TEXT, REPLY_NAME, REPLY_TEXT
from requests_app.triage.replies import ReplyFields
from teams.form_fields import DateField
from teams.forms import DomainForm, VersionedForm
from teams.rules import RuleViolation

FRIDAY = 4


def next_working_day() -> date:
    """Tomorrow, or Monday where that is a weekend, by the reader's clock."""
    day = timezone.localtime(clock.now()).date() + timedelta(days=1)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > FRIDAY else 0)


class ReplyForm(VersionedForm):
    """A saved reply; what may stand in it is decided by the domain function."""

    name = forms.CharField(
        label=_("Name"), help_text=_("By which you find it in the list."), max_length=REPLY_NAME
    )
    text_de = forms.CharField(
        label=_("German text"),
        help_text=_("{name} becomes the requester's name, {key} the number such as T-12."),
        max_length=REPLY_TEXT,
        widget=long_text(5),
    )
    text_en = forms.CharField(label=_("English text"), max_length=REPLY_TEXT, widget=long_text(5))

    def fields_given(self) -> ReplyFields:
        """What the domain function takes."""
        data = self.cleaned_data
        return {"name": data["name"], "text_de": data["text_de"], "text_en": data["text_en"]}


class SnoozeForm(DomainForm):
    """Until when a request is put aside, by the reader's clock."""

    day = DateField(label=_("Until which day?"))
    time = forms.TimeField(
        label=_("At what time?"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Everybody who sees the request reads this."),
        max_length=REASON_TEXT,
        required=False,
        widget=long_text(2),
    )

    def moment(self) -> datetime:
        """The chosen moment; one that the clock skips in spring is an hour later."""
        chosen = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return timezone.make_aware(chosen)

    def refuse(self, violation: RuleViolation) -> None:
        """What is wrong with the moment is told at its day."""
        for missing in violation.missing:
            field = "day" if missing.field == "until" else missing.field
            self.add_error(field if field in self.fields else None, str(missing.message))
