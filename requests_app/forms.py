"""The forms of requests; whether their content may be kept is decided by the domain functions."""

import json
import re
from decimal import Decimal
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from requests_app.choices import PersonalData, RequestType
from requests_app.intake.fields import RELATED, RequestFields, related
from requests_app.labels import MOST_LABELS, offered_to
from requests_app.models import COMMENT_TEXT, GUIDANCE_TEXT, LABEL_LINE, NEED_TEXT, REASON_TEXT, Request
from requests_app.querysets import HIGHEST_NUMBER
from teams.choosing import TeamField
from teams.form_fields import DateField, NumberField
from teams.forms import DomainForm
from teams.models import PLAIN_LINE, Goal, Person, Side, Team, Touchpoint

# Heading of each step, and the names of the fields in each of its rows.
Steps = tuple[tuple[Any, tuple[tuple[str, ...], ...]], ...]


def long_text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class LabelsField(forms.CharField):
    """Several words, separated by commas."""

    def __init__(self, **options: Any) -> None:
        # Far above what is kept, so that what is too much is told by the domain.
        super().__init__(max_length=LABEL_LINE * MOST_LABELS * 2, **options)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [name for name in re.split("[,;]", super().clean(value)) if name.strip()]


class RequestForm(DomainForm):
    """What both the intake and the edit form ask; nothing is required here, so that drafts can be kept."""

    customer_need = forms.CharField(
        label=_("What do your customers need?"),
        help_text=_("Describe the situation from the customers' side, with what you have seen or measured."),
        max_length=NEED_TEXT,
        widget=long_text(5),
    )
    title = forms.CharField(
        label=_("The request in a few words"),
        help_text=_("So that everybody recognises it on a board."),
        max_length=PLAIN_LINE,
    )
    outcome = forms.CharField(
        label=_("What changes for them?"),
        help_text=_("Describe the day after delivery: what can customers do, or no longer have to do?"),
        max_length=NEED_TEXT,
        widget=long_text(4),
    )
    metric = forms.CharField(
        label=_("How will we measure it?"),
        help_text=_("One number that moves when it works."),
        max_length=PLAIN_LINE,
    )
    unit = forms.CharField(label=_("Unit"), max_length=40)
    baseline = NumberField(label=_("Today"), help_text=_("The value now."))
    target = NumberField(label=_("Target"), help_text=_("The value you expect."))
    measured_on = DateField(label=_("Measured on"), help_text=_("When the effect can be seen."))
    goal = forms.ModelChoiceField(
        Goal.objects.none(),
        label=_("Which goal does it serve?"),
        help_text=_("It can follow later; without a goal, the request cannot be accepted."),
        empty_label=_("Not known yet"),
    )
    touchpoints = forms.ModelMultipleChoiceField(
        Touchpoint.objects.none(),
        label=_("Where do customers notice it?"),
        help_text=_("Choose all that apply."),
        widget=forms.CheckboxSelectMultiple,
    )
    type = forms.ChoiceField(
        choices=[("", _("Please choose")), *RequestType.choices],
        label=_("What kind of request is it?"),
        help_text=_("It helps IT to find the right team."),
    )
    deadline = DateField(label=_("By when?"), help_text=_("Leave it empty if no date is fixed."))
    deadline_reason = forms.CharField(
        label=_("Why then?"),
        help_text=_("What happens if it comes later? A date needs its reason."),
        max_length=REASON_TEXT,
        widget=long_text(2),
    )
    requesting_team = TeamField(
        Team.objects.exclude(side=Side.IT),
        sides=[Side.MARKETING, Side.OTHER],
        label=_("Which team asks?"),
        help_text=_("The team that will work with the result."),
    )
    serving_team = TeamField(
        Team.objects.filter(side=Side.IT),
        sides=[Side.IT],
        label=_("Which IT team could serve it?"),
        help_text=_("Leave it open if you do not know; IT finds the team."),
    )
    wished_tool = forms.CharField(
        label=_("Do you have a tool in mind?"),
        help_text=_("Optional. Need and outcome decide; a known tool can still help."),
        max_length=REASON_TEXT,
        widget=long_text(2),
    )
    restricted = forms.BooleanField(
        label=_("Only for those involved"),
        help_text=_("Visible to you, the tandem, both teams and people you name. Needs a serving team."),
    )

    examples = {
        "customer_need": _(
            "Readers want to choose newsletter topics instead of getting everything or nothing. "
            "Of 100 who leave, 41 say “too much that does not fit”."
        ),
        "title": _("Choose newsletter topics yourself"),
        "outcome": _("When signing up and in every mail, topics can be switched on and off with two clicks."),
        "metric": _("confirmed newsletter sign-ups"),
        "unit": _("%, € or per week"),
        "baseline": _("1.8"),
        "target": _("3.0"),
        "deadline_reason": _("The spring campaign starts on 1 February and is booked already."),
        "wished_tool": _("We have seen the preference centre of our mailing provider."),
    }
    steps: Steps = (
        (_("The need"), (("customer_need",), ("title",))),
        (
            _("The outcome, and how we measure it"),
            (("outcome",), ("metric", "unit"), ("baseline", "target", "measured_on")),
        ),
        (_("Goal and touchpoints"), (("goal",), ("touchpoints",), ("type",), ("labels",))),
        (
            _("Who asks, by when, and why then"),
            (("requesting_team", "serving_team"), ("deadline",), ("deadline_reason",)),
        ),
        (_("A tool in mind?"), (("wished_tool",), ("restricted",), ("reason",))),
    )
    needed = ("customer_need", "title", "outcome", "type", "requesting_team")
    # At these fields hints appear while they are filled in.
    hinted = ("customer_need", "outcome", "target", "deadline_reason")

    def __init__(self, *args: Any, person: Person, has: Request | None = None, **kwargs: Any) -> None:
        """``has``: the request that keeps its goal and touchpoints where they were archived since."""
        super().__init__(*args, **kwargs)
        self.person = person
        offered = Q(is_archived=False)
        kept = Request.touchpoints.through.objects.filter(request=has).values("touchpoint")
        self._offer("goal", Goal.objects.filter(offered | Q(pk=has.goal_id) if has else offered))
        self._offer("touchpoints", Touchpoint.objects.filter(offered | Q(pk__in=kept) if has else offered))
        for name, field in self.fields.items():
            field.required = False
            field.example = self.examples.get(name, "")  # type: ignore[attr-defined]
            field.is_needed = name in self.needed  # type: ignore[attr-defined]

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        if name in self.fields:
            cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows

    def request_fields(self) -> RequestFields:
        """The cleaned content as the domain functions take it."""
        names = [name for name in RequestFields.__annotations__ if name in self.cleaned_data]
        fields = {name: self.cleaned_data[name] for name in names}
        if "touchpoints" in fields:
            fields["touchpoints"] = list(fields["touchpoints"])
        return cast(RequestFields, fields)

    def grouped(self) -> list[tuple[Any, list[list[forms.BoundField]]]]:
        """Heading and rows of fields of each step."""
        return [
            (heading, [[self[name] for name in row if name in self.fields] for row in rows])
            for heading, rows in self.steps
        ]


def initial_of(request: Request) -> dict[str, Any]:
    """What a form of ``request`` shows at first."""
    names = [name for name in RequestFields.__annotations__ if name not in RELATED]
    values = {name: _without_zeros(getattr(request, name)) for name in names}
    return values | {name: related(request, name) for name in RELATED} | {"version": request.version}


def _without_zeros(value: Any) -> Any:
    """Numbers as they were written: the database keeps four decimals of each."""
    return Decimal(format(value.normalize(), "f")) if isinstance(value, Decimal) else value


class TypedForm(RequestForm):
    """What is typed so far, without the choices that would have to be looked up."""

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        for name in [name for name, one in self.fields.items() if isinstance(one, forms.ModelChoiceField)]:
            del self.fields[name]


class IntakeForm(RequestForm):
    """Files a request; the one-time id makes a second click lead to the same request.

    ``number`` and ``version`` are those of the draft, once there is one.
    """

    submission_id = forms.UUIDField(widget=forms.HiddenInput, required=True)
    number = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=1, max_value=HIGHEST_NUMBER
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs["initial"] = self._start(person) | (kwargs.get("initial") or {})
        super().__init__(*args, person=person, **kwargs)

    def _start(self, person: Person) -> dict[str, Any]:
        own = list(person.teams.exclude(side=Side.IT)[:2])
        return {"submission_id": uuid4(), "requesting_team": own[0] if len(own) == 1 else None}


class EditForm(RequestForm):
    """Changes a submitted request; ``version`` is what the form was built from."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    labels = LabelsField(
        label=_("Labels"), help_text=_("A few words to find it by, separated by commas."), required=False
    )
    reason = forms.CharField(
        label=_("Why do you change it?"),
        help_text=_("From “ready” on, both sides rely on what stands here, so a change needs a reason."),
        max_length=REASON_TEXT,
        widget=long_text(2),
    )

    personal_data = forms.ChoiceField(
        choices=PersonalData.choices,
        label=_("Does it handle personal data?"),
        help_text=_("Work on personal data starts once they are signed off."),
    )
    personal_data_which = forms.CharField(
        label=_("Which personal data?"),
        help_text=_("Whoever signs off signs for exactly these. Other data need another sign-off."),
        max_length=REASON_TEXT,
        widget=long_text(2),
    )
    personal_data_signed_by = forms.CharField(
        label=_("Signed off by"),
        help_text=_("Who answers for data protection; they need no account."),
        max_length=PLAIN_LINE,
    )
    personal_data_signed_on = DateField(label=_("Signed off on"))
    one_off_cost = NumberField(label=_("Expected one-off cost in euros"))
    yearly_cost = NumberField(label=_("Expected yearly cost in euros"))
    agreed_on = DateField(
        label=_("Agreed delivery date"), help_text=_("Set by the IT owner, beside the wished deadline.")
    )

    steps = (
        *RequestForm.steps[:-1],
        (
            _("Before work starts"),
            (
                ("agreed_on",),
                ("one_off_cost", "yearly_cost"),
                ("personal_data",),
                ("personal_data_which",),
                ("personal_data_signed_by", "personal_data_signed_on"),
            ),
        ),
        RequestForm.steps[-1],
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        del self.fields["serving_team"]
        self.fields["labels"].widget.attrs["data-words"] = json.dumps(offered_to(person))


class InsteadForm(DomainForm):
    """What of a draft goes along to the request that is supported instead of filing it."""

    take_over = forms.BooleanField(label=_("Say there what I have typed"), required=False)
    body = forms.CharField(
        label=_("Your comment"),
        help_text=_("Everybody who sees the request reads this."),
        max_length=COMMENT_TEXT,
        required=False,
        widget=long_text(6),
    )
    draft = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=1, max_value=HIGHEST_NUMBER
    )
    draft_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    @staticmethod
    def of(typed: QueryDict) -> dict[str, Any]:
        """What the form begins with; what was meant for a few is not offered to all."""
        texts = [typed.get(name, "").strip() for name in ("title", "customer_need", "outcome")]
        return {
            "take_over": any(texts) and not typed.get("restricted"),
            "body": "\n\n".join(text for text in texts if text)[:COMMENT_TEXT],
            "draft": typed.get("number", ""),
            "draft_version": typed.get("version", ""),
        }

    def wanted(self) -> dict[str, Any]:
        """The cleaned content as the domain function takes it."""
        data = self.cleaned_data
        body = data["body"] if data["take_over"] else ""
        return {"body": body, "draft": data["draft"], "draft_version": data["draft_version"]}


class TemplateForm(DomainForm):
    """The template of one type of request."""

    guidance = forms.CharField(
        label=_("Guidance"),
        help_text=_("What should those know who file such a request? Whom can they ask?"),
        max_length=GUIDANCE_TEXT,
        widget=long_text(4),
    )
    example = forms.CharField(
        label=_("Example"),
        help_text=_("A need as you would like to read it."),
        max_length=GUIDANCE_TEXT,
        widget=long_text(4),
    )
    title = RequestForm.base_fields["title"]
    customer_need = RequestForm.base_fields["customer_need"]
    outcome = RequestForm.base_fields["outcome"]
    metric = RequestForm.base_fields["metric"]
    unit = RequestForm.base_fields["unit"]
    goal = forms.ModelChoiceField(
        Goal.objects.none(), label=_("Which goal does it serve?"), empty_label=_("No goal")
    )
    serving_team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Which IT team could serve it?"), empty_label=_("No team")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            "goal": Goal.objects.filter(is_archived=False),
            "serving_team": Team.objects.filter(side=Side.IT),
        }
        for name, rows in offered.items():
            cast("forms.ModelChoiceField[Any]", self.fields[name]).queryset = rows
        for name, field in self.fields.items():
            field.required = name == "version"
