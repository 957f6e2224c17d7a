"""The forms of exchanges and proposals."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from activity import clock
from knowhow.exchanges import wall_time
from knowhow.exchanges.models import (
    ABILITY_TEXT,
    LINK_LINE,
    MOST_SEATS,
    MOST_SESSIONS,
    REASON_TEXT,
    TOPIC_LINE,
    Exchange,
    ExchangeKind,
    ExchangeProposal,
)
from knowhow.exchanges.planning import Rhythm
from knowhow.exchanges.session_fields import SessionFields
from knowhow.exchanges.wall_time import Span
from teams.choosing import PersonField
from teams.forms import DomainForm, VersionedForm, long_text
from teams.models import PLAIN_LINE, Person

USUAL_SEATS = 12
MOST_YEARS = 100
RHYTHMS = (
    (0, _("once")),
    (1, _("every week")),
    (2, _("every two weeks")),
    (4, _("every four weeks")),
)
# Which fields of a new exchange stand side by side.
ROWS = (
    *(("title",), ("ability",), ("day", "begins", "ends"), ("place", "link")),
    *(("topic", "host"), ("seats", "every_weeks", "times"), ("anyway",)),
)
# What the domain calls a beginning or end, where a form has a day and an hour.
FIELD_OF = {"starts_at": "day", "ends_at": "ends"}


class WordsForm(DomainForm):
    """What it is about and where."""

    title = forms.CharField(label=_("Title"), max_length=PLAIN_LINE)
    ability = forms.CharField(
        label=_("What will one be able to do afterwards?"),
        help_text=_("One sentence that somebody from the other side understands."),
        max_length=ABILITY_TEXT,
        widget=long_text(3),
    )
    topic = forms.CharField(
        label=_("Topic"),
        help_text=_("The skill it is about, in one or two words, so that it finds those who look for it."),
        max_length=TOPIC_LINE,
        required=False,
    )
    place = forms.CharField(
        label=_("Where"), help_text=_("Give a room, a link or both."), max_length=PLAIN_LINE, required=False
    )
    link = forms.URLField(
        label=_("Link to join"), max_length=LINK_LINE, required=False, assume_scheme="https"
    )

    def words(self) -> SessionFields:
        """What the domain takes; only after validation."""
        names = SessionFields.__annotations__
        return cast(SessionFields, {name: self.cleaned_data[name] for name in names if name in self.fields})


def _hour(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget)


class HoursForm(DomainForm):
    """On which day, from when to when; by the clocks of a zone that the page names."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    begins = _hour(_("Begins"))
    ends = _hour(_("Ends"))
    # Asked only once it is known that the host is elsewhere at that time.
    anyway = forms.BooleanField(label=_("Plan it anyway"), required=False, widget=forms.HiddenInput)
    overlaps: Sequence[Exchange] = ()

    def clean_day(self) -> date:
        """A year that no clock can reckon with is refused here; the rest is the domain's to judge."""
        day: date = self.cleaned_data["day"]
        if abs(day.year - clock.now().year) > MOST_YEARS:
            raise forms.ValidationError(_("Choose a day within the next two years."))
        return day

    def span(self, zone: ZoneInfo) -> Span:
        """From when to when; only after validation."""
        data = self.cleaned_data
        return Span(
            wall_time.moment(data["day"], data["begins"], zone),
            wall_time.moment(data["day"], data["ends"], zone),
        )

    def warns_of(self, overlaps: Sequence[Exchange]) -> bool:
        """Whether the host has to say that they mean it, because they are elsewhere at that time."""
        self.overlaps = overlaps
        if overlaps:
            self.fields["anyway"].widget = forms.CheckboxInput()
        return bool(overlaps) and not self.cleaned_data["anyway"]

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(FIELD_OF.get(field or "", field), error)


class PlanForm(WordsForm, HoursForm):
    """A new exchange."""

    # As they stand on the page, so that what is wrong is listed in the same order.
    field_order = tuple(name for row in ROWS for name in row)

    host = PersonField(
        Person.objects.filter(is_active=True),
        label=_("Host"),
        help_text=_("You, or somebody whose team you lead."),
    )
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST_SEATS, initial=USUAL_SEATS)
    every_weeks = forms.TypedChoiceField(label=_("How often"), coerce=int, choices=RHYTHMS, initial=0)
    times = forms.IntegerField(
        label=_("How many sessions"), min_value=1, max_value=MOST_SESSIONS, initial=1, required=False
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == ExchangeKind.SHADOWING:
            for name in ("seats", "every_weeks", "times"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """One who names only a rhythm, or only a number, has forgotten the other."""
        data = super().clean() or {}
        every, times = data.get("every_weeks", 0), data.get("times") or 1
        if not every and times > 1:
            self.add_error("every_weeks", _("Say how often, or plan one session."))
        if every and times == 1:
            self.add_error("times", _("Say how many sessions there are, at least two."))
        return data

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields that are seen, those together that stand side by side."""
        seen = {field.name: field for field in self.visible_fields()}
        return [[seen[name] for name in row if name in seen] for row in ROWS if seen.keys() & set(row)]

    def rhythm(self) -> Rhythm:
        """How often it takes place; only after validation."""
        every = self.cleaned_data.get("every_weeks", 0)
        return Rhythm(every, self.cleaned_data.get("times") or 1) if every else Rhythm()


class EditForm(WordsForm, VersionedForm):
    """The words and the seats of an exchange."""

    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST_SEATS)
    field_order = ("title", "ability", "topic", "place", "link", "seats", "version")

    def __init__(self, *args: Any, exchange: Exchange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if exchange.is_shadowing:
            del self.fields["seats"]


class MoveForm(HoursForm, VersionedForm):
    following = forms.BooleanField(
        label=_("Also move all later sessions of the series"),
        help_text=_("By as many days, to the same hours."),
        required=False,
    )
    field_order = ("day", "begins", "ends", "following", "anyway", "version")

    def __init__(self, *args: Any, exchange: Exchange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if exchange.series_id is None:
            del self.fields["following"]


class CancelForm(VersionedForm):
    reason = forms.CharField(
        label=_("Why is it cancelled?"),
        help_text=_("All who have signed up read it."),
        max_length=REASON_TEXT,
        widget=long_text(3),
    )
    following = forms.BooleanField(label=_("Also cancel all later sessions of the series"), required=False)
    field_order = ("reason", "following", "version")

    def __init__(self, *args: Any, exchange: Exchange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if exchange.series_id is None:
            del self.fields["following"]


class ProposalForm(DomainForm):
    title = forms.CharField(label=_("What would you like to learn?"), max_length=PLAIN_LINE)
    ability = forms.CharField(
        label=_("What would you like to be able to do afterwards?"),
        max_length=ABILITY_TEXT,
        widget=long_text(3),
    )
    topic = forms.CharField(
        label=_("Topic"),
        help_text=_("By it those are found who could host it."),
        max_length=TOPIC_LINE,
        required=False,
    )


class MaterialForm(DomainForm):
    title = forms.CharField(label=_("What is it?"), max_length=PLAIN_LINE)
    link = forms.URLField(label=_("Link"), max_length=LINK_LINE, assume_scheme="https")


def initial_of_exchange(exchange: Exchange) -> dict[str, Any]:
    """What the form of its words shows at first."""
    return {name: getattr(exchange, name) for name in (*SessionFields.__annotations__, "version")}


def initial_hours(exchange: Exchange) -> dict[str, Any]:
    """What the form of its hours shows at first, by the clocks of its own zone."""
    zone = ZoneInfo(exchange.zone)
    starts, ends = exchange.starts_at.astimezone(zone), exchange.ends_at.astimezone(zone)
    return {"day": starts.date(), "begins": starts.time(), "ends": ends.time(), "version": exchange.version}


def initial_plan(host: Person, proposal: ExchangeProposal | None) -> Mapping[str, Any]:
    """What a new exchange begins with."""
    if proposal is None:
        return {"host": host}
    return {
        "host": host,
        "title": proposal.title,
        "ability": proposal.ability,
        "topic": proposal.topic,
    }
