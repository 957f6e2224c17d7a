"""Forms of people, teams, goals and settings."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, cast
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from teams.choosing import TeamField
from teams.days_off import REGION_LENGTH, countries
from teams.fields import EMAIL_LENGTH, NAME_LENGTH
from teams.models import PLAIN_LINE, PLAIN_TEXT, ApiToken, Company, Role, Side, Team, Touchpoint
from teams.models.teams import EXPECTS_TEXT
from teams.rules import RuleViolation, StaleVersion

WEEKDAYS = (
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
)


def long_text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def zones() -> list[tuple[str, str]]:
    """All time zones that people live in."""
    return [
        (name, name.replace("_", " "))
        for name in sorted(available_timezones())
        if "/" in name or name == "UTC"
    ]


def languages() -> list[tuple[str, Any]]:
    return [("", _("As the browser asks")), *settings.LANGUAGES]


class DomainForm(forms.Form):
    """A form whose content a domain function takes, and may refuse."""

    # Whether somebody else changed what the form shows, so that it shows both texts.
    is_clash = False

    def refuse(self, violation: RuleViolation) -> None:
        """Show each condition that does not hold at its field, or above the form."""
        for missing in violation.missing:
            self.add_error(missing.field if missing.field in self.fields else None, str(missing.message))

    def show_theirs(self, stale: StaleVersion, now: Mapping[str, Any]) -> None:
        """Go on from what stands there ``now``: saving again keeps what was changed here, else theirs.

        ``now`` holds the values of the fields as ``initial`` does.
        """
        data = cast(QueryDict, self.data).copy()
        self.is_clash = True
        for name in stale.clash:
            self.add_error(name, _("This was changed meanwhile. Save again to keep what you wrote."))
            # Stands beside the field, as a whole.
            self.fields[name].theirs = in_words(self.fields[name], now[name])  # type: ignore[attr-defined]
        if not stale.clash:
            self.add_error(None, _("Somebody else changed this meanwhile. Save again to keep your version."))
        for name in stale.theirs:
            data.setlist(name, as_sent(self.fields[name], now[name]))
        data["version"] = str(stale.current_version)
        self.data = data

    def show_differences(self, stale: StaleVersion, now: Mapping[str, Any]) -> None:
        """As ``show_theirs``, where nobody knows who changed what: beside each field that differs."""
        sent = cast(QueryDict, self.data)
        differing = [
            name
            for name, value in now.items()
            if name in self.fields
            and name != "version"
            and _filled(sent.getlist(name)) != _filled(as_sent(self.fields[name], value))
        ]
        self.show_theirs(StaleVersion(stale.current_version, clash=differing), now)


def _filled(values: Iterable[Any]) -> list[str]:
    return sorted(str(value) for value in values if value not in (None, ""))


def in_words(field: forms.Field, value: Any) -> str:
    """``value`` of ``field`` for a sentence."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, QuerySet | list):
        labels = dict(cast(Any, field.choices)) if isinstance(field, forms.MultipleChoiceField) else {}
        return ", ".join(str(labels.get(one, one)) for one in value) or "–"
    if value in (None, ""):
        return "–"
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(cast(Any, field.choices)).get(value, value))
    return str(localize(value))


def as_sent(field: forms.Field, value: Any) -> list[str]:
    """``value`` as a browser sends it where the form shows it."""
    shown = field.widget.format_value(field.prepare_value(value))
    return shown if isinstance(shown, list) else [] if shown is None else [shown]


class VersionedForm(DomainForm):
    """Knows the version that it was built from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class MeaningForm(DomainForm):
    """A form of something that is explained: asks as well whether it means something else now."""

    MEANING: ClassVar = ("in_substance", "what_changed")
    # The last field of what is explained: the two stand behind it; where none is named, at the end.
    explained_up_to = ""

    in_substance = forms.BooleanField(
        label=_("Changed in substance"),
        help_text=_("It means something else now: everybody is asked again whether they understand it."),
        required=False,
    )
    what_changed = forms.CharField(
        label=_("What changed, in one sentence"), max_length=PLAIN_LINE, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order = [name for name in self.fields if name not in self.MEANING]
        place = order.index(self.explained_up_to) + 1 if self.explained_up_to else len(order)
        self.order_fields([*order[:place], *self.MEANING, *order[place:]])

    def is_new(self) -> None:
        """Do not ask it of something that nobody can have understood yet."""
        for name in self.MEANING:
            del self.fields[name]

    def meaning(self) -> dict[str, Any]:
        """What was said of the meaning, as the domain functions take it."""
        return {name: self.cleaned_data[name] for name in self.MEANING}


class TeamForm(MeaningForm, VersionedForm):
    explained_up_to = "office_hour"

    name = forms.CharField(label=_("Name of the team"), max_length=NAME_LENGTH)
    brief = forms.CharField(
        label=_("Brief"),
        help_text=_("What is this team there for, whom does it help, and what should others know?"),
        max_length=PLAIN_TEXT,
        required=False,
        widget=long_text(8),
    )
    expects = forms.CharField(
        label=_("What we expect of others"),
        help_text=_("So that working with you begins well, and which results you answer for."),
        max_length=EXPECTS_TEXT,
        required=False,
        widget=long_text(3),
    )
    contact = forms.CharField(
        label=_("Whom to ask"),
        help_text=_("A name, a channel or an address."),
        max_length=PLAIN_LINE,
        required=False,
    )
    office_hour = forms.CharField(
        label=_("When to come by"),
        help_text=_("An office hour, an open meeting, a place."),
        max_length=PLAIN_LINE,
        required=False,
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: [("", "–"), *countries()],
        help_text=_("Its public holidays are no working days for this team."),
        required=False,
    )
    region = forms.CharField(
        label=_("Region"),
        max_length=REGION_LENGTH,
        help_text=_("The code of the state or canton, such as BY for Bavaria, where its holidays differ."),
        required=False,
    )


class NewTeamForm(DomainForm):
    name = forms.CharField(label=_("Name of the team"), max_length=NAME_LENGTH)
    side = forms.ChoiceField(
        label=_("Side"), choices=Side.choices, help_text=_("It cannot be changed later.")
    )
    brief = TeamForm.base_fields["brief"]


class JoinForm(DomainForm):
    """Adds somebody to a team; who has no account yet is invited."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Who has no account yet gets an invitation."),
        max_length=EMAIL_LENGTH,
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)


class InvitationForm(DomainForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=EMAIL_LENGTH)
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, required=False)
    team = TeamField(Team.objects.all(), label=_("Team"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)
    as_admin = forms.BooleanField(label=_("As administrator"), required=False)


class ProfileForm(VersionedForm):
    name = forms.CharField(
        label=_("Name"), max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Times are shown in it, and your digest comes by it.")
    )
    letter_keys = forms.BooleanField(
        label=_("Single letters work as keys"),
        help_text=_("Switch it off if letters set something off that you only meant to type or to dictate."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["language"]).choices = languages()
        cast(forms.ChoiceField, self.fields["time_zone"]).choices = zones()


class TokenForm(DomainForm):
    name = forms.CharField(
        label=_("What is it for?"), max_length=80, help_text=_("So that you recognise it later.")
    )
    scope = forms.ChoiceField(label=_("It may"), choices=ApiToken.Scope.choices)
    expires_on = forms.DateField(
        label=_("Valid until"),
        help_text=_("Leave it empty for a token that holds until you revoke it."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class TouchpointForm(DomainForm):
    name_de = forms.CharField(label=_("German name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    phase = forms.ChoiceField(label=_("Phase of the customer journey"), choices=Touchpoint.Phase.choices)


class CompanyForm(VersionedForm):
    name = forms.CharField(label=_("Name of the company"), max_length=NAME_LENGTH)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("It holds where somebody has chosen none.")
    )
    digest_weekday = forms.TypedChoiceField(label=_("Day of the weekly digest"), coerce=int, choices=WEEKDAYS)
    digest_hour = forms.IntegerField(
        label=_("Hour of the weekly digest"),
        help_text=_("0 to 23, in each reader's time zone."),
        min_value=0,
        max_value=23,
    )
    brief_stale_days = forms.IntegerField(
        label=_("Days after which a brief has to be looked at again"),
        help_text=_("Then its leads are asked whether it is still true, and its page says since when."),
        min_value=1,
        max_value=366,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["time_zone"]).choices = zones()


def initial_of_team(team: Team) -> dict[str, Any]:
    """What a form of ``team`` shows at first."""
    asked: dict[str, Any] = {"in_substance": False, "what_changed": ""}
    return asked | {name: getattr(team, name) for name in TeamForm.base_fields if name not in asked}


def initial_of_company(company: Company) -> dict[str, Any]:
    """What the form of the settings shows at first."""
    names = [*CompanyForm.base_fields]
    return {name: getattr(company, name) for name in names}


class FirstStartForm(DomainForm):
    name = forms.CharField(label=_("Name of the company"), max_length=NAME_LENGTH)
    time_zone = forms.ChoiceField(label=_("Time zone"))
    marketing_team = forms.CharField(label=_("First team of Marketing"), max_length=NAME_LENGTH)
    it_team = forms.CharField(label=_("First team of IT"), max_length=NAME_LENGTH)
    join_side = forms.ChoiceField(
        label=_("Which of them do you lead?"),
        required=False,
        choices=[("", _("None of them")), (Side.MARKETING, Side.MARKETING.label), (Side.IT, Side.IT.label)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["time_zone"]).choices = zones()
