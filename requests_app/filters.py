"""One filter set for the list page and the API; an unknown or wrong filter is an error, never ignored."""

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from requests_app import search
from requests_app.choices import OPEN, RequestType, Status, Turn
from requests_app.lists import sorting
from requests_app.models import Request
from requests_app.querysets import RequestQuerySet
from teams.choosing import teams_meant
from teams.ids import id_in
from teams.models import PLAIN_LINE, Goal, Person, Side, Team, Touchpoint

if TYPE_CHECKING:
    Rows = QuerySet[Request]

ME = "me"
NONE = "none"
ALL_OPEN = "open"
YES, NO = "true", "false"
STATUS_CHOICES = [(ALL_OPEN, gettext_lazy("All open")), *Status.choices]
TURN_CHOICES = [(ME, gettext_lazy("My turn")), *Turn.choices]
BLOCKED_CHOICES = [
    (YES, pgettext_lazy("filter", "Blocked")),
    (NO, pgettext_lazy("filter", "Not blocked")),
]


class SeveralField(forms.MultipleChoiceField):
    """Any of the choices, repeated or not; the empty value of an untouched form field means all."""

    def to_python(self, value: Any) -> list[str]:
        return [one for one in super().to_python(value) if one]


class SeveralFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]
    field_class: type[SeveralField] = SeveralField


class ListedField(SeveralField):
    """Several in the order in which they are given, repeated or with commas between them; each once."""

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    def to_python(self, value: Any) -> list[str]:
        return [one for given in super().to_python(value) for one in given.split(",") if one]

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len({one.lstrip("-") for one in value}) < len(value):
            raise forms.ValidationError(_("Name each of them only once."))
        if len(value) > self.most:
            raise forms.ValidationError(_("Name at most %(most)d of them.") % {"most": self.most})


class ListedFilter(SeveralFilter):
    field_class: type[SeveralField] = ListedField


class FiltersForm(forms.Form):
    """Refuses what is no filter and a filter that is given twice."""

    besides: Collection[str] = ()

    def clean(self) -> dict[str, Any]:
        for name in self.data:
            message = self._objection(name)
            if message:
                self.errors[name] = self.error_class([message])
        return self.cleaned_data

    def _objection(self, name: str) -> str:
        if name in self.besides:
            return ""
        if name not in self.fields:
            return _("There is no filter with this name.")
        given = self.data.getlist(name) if hasattr(self.data, "getlist") else [self.data[name]]
        if len(given) > 1 and not isinstance(self.fields[name], SeveralField):
            return _("Give this filter only once.")
        return ""


# Inside the filter set "type" is a filter.
FormClass = type[FiltersForm]


def _known_team(words: str) -> None:
    if not teams_meant(Team.objects.all(), words).exists():
        raise forms.ValidationError(_("There is no such team."))


def _known_goal(value: str) -> None:
    if value != NONE and not _exists(Goal.objects.all(), value):
        raise forms.ValidationError(_("There is no such goal."))


def _known_person(value: str) -> None:
    if value != ME and not _exists(Person.objects.all(), value):
        raise forms.ValidationError(_("There is no such person."))


def _known_touchpoint(value: str) -> None:
    if not Touchpoint.objects.filter(slug=value).exists():
        raise forms.ValidationError(_("There is no such touchpoint."))


def _exists(rows: "QuerySet[Any]", value: str) -> bool:
    pk = id_in(value)
    return pk is not None and rows.filter(pk=pk).exists()


def _looked_up(check: Callable[[str], None]) -> Callable[[str], None]:
    """``check``, but for NUL: the field itself refuses that, and the database could not look for it."""

    def look_up(value: str) -> None:
        if "\0" not in value:
            check(value)

    return look_up


def _text(method: str, *checks: Callable[[str], None], **options: Any) -> django_filters.CharFilter:
    asked = [_looked_up(check) for check in checks]
    return django_filters.CharFilter(method=method, max_length=PLAIN_LINE, validators=asked, **options)


class RequestFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Filters for requests that the caller has already narrowed to what ``request.user`` may see.

    Drafts are left out unless they are asked for by ``status=draft``. ``besides`` names query parameters that
    are no filters (a cursor, a limit); a subclass sets it. ``errors`` says what is wrong with which
    parameter.
    """

    besides: Collection[str] = ()

    status = SeveralFilter(label=gettext_lazy("Status"), choices=STATUS_CHOICES, method="by_status")
    type = SeveralFilter(label=gettext_lazy("Type"), choices=RequestType.choices, method="by_type")
    team = _text("by_team", _known_team, label=gettext_lazy("Team"))
    goal = _text("by_goal", _known_goal, label=gettext_lazy("Goal"))
    touchpoint = _text("by_touchpoint", _known_touchpoint, label=gettext_lazy("Touchpoint"))
    owner = _text("by_owner", _known_person, label=gettext_lazy("Owner"))
    requester = _text("by_requester", _known_person, label=gettext_lazy("Requester"))
    side = django_filters.ChoiceFilter(
        label=gettext_lazy("Asking side"), choices=Side.choices, field_name="requesting_team__side"
    )
    turn = django_filters.ChoiceFilter(
        label=gettext_lazy("Whose turn"), choices=TURN_CHOICES, method="by_turn"
    )
    q = _text("by_words", label=gettext_lazy("Words"))
    label = django_filters.CharFilter(
        label=gettext_lazy("Label"), field_name="labels__name", max_length=60, distinct=False
    )
    blocked = django_filters.ChoiceFilter(
        label=gettext_lazy("Blocked"), choices=BLOCKED_CHOICES, method="by_blocked"
    )
    updated_since = django_filters.IsoDateTimeFilter(
        label=gettext_lazy("Changed since"), field_name="updated_at", lookup_expr="gte"
    )
    deadline_before = django_filters.DateFilter(
        label=gettext_lazy("Deadline before"), field_name="deadline", lookup_expr="lt"
    )
    ordering = ListedFilter(
        label=gettext_lazy("Order"), choices=sorting.CHOICES, method="by_ordering", most=sorting.MOST_SORTS
    )

    class Meta:
        model = Request
        form = FiltersForm
        fields: Iterable[str] = ()

    @property
    def person(self) -> Person:
        person: Person = self.request.user
        return person

    def get_form_class(self) -> FormClass:
        form: FormClass = super().get_form_class()
        form.besides = self.besides
        return form

    def errors_in_words(self) -> list[str]:
        """What is wrong with which part of the address."""
        if self.is_valid():
            return []
        fields = self.form.fields
        return [
            f"{fields[name].label if name in fields else name}: {message}"
            for name, messages in self.errors.items()
            for message in messages
        ]

    def as_it_is(self, rows: "Rows", name: str, value: object) -> "Rows":
        """For what says how rows are looked at: it takes nothing away."""
        return rows

    def filter_queryset(self, queryset: "Rows") -> "Rows":
        rows: RequestQuerySet = super().filter_queryset(queryset)
        if Status.DRAFT not in self.form.cleaned_data["status"]:
            rows = rows.exclude(status=Status.DRAFT)
        return sorting.sorted_by(
            rows, self.form.cleaned_data["ordering"], self.form.cleaned_data.get("group", "")
        )

    def by_status(self, rows: "Rows", name: str, value: list[str]) -> "Rows":
        wanted = set(value) | (set(OPEN) if ALL_OPEN in value else set())
        return rows.filter(status__in=wanted) if wanted else rows

    def by_type(self, rows: "Rows", name: str, value: list[str]) -> "Rows":
        return rows.filter(type__in=value) if value else rows

    def by_team(self, rows: "Rows", name: str, value: str) -> "Rows":
        # Asked for by id, so that the database can use the indexes of both columns.
        team = teams_meant(Team.objects.all(), value).get()
        return rows.filter(Q(serving_team=team) | Q(requesting_team=team))

    def by_goal(self, rows: "Rows", name: str, value: str) -> "Rows":
        return rows.filter(goal=None) if value == NONE else rows.filter(goal=int(value))

    def by_touchpoint(self, rows: "Rows", name: str, value: str) -> "Rows":
        through = Request.touchpoints.through.objects.filter(touchpoint__slug=value)
        return rows.filter(number__in=through.values("request"))

    def by_owner(self, rows: "Rows", name: str, value: str) -> "Rows":
        person = self._person_id(value)
        return rows.filter(Q(marketing_owner=person) | Q(it_owner=person))

    def by_requester(self, rows: "Rows", name: str, value: str) -> "Rows":
        return rows.filter(requester=self._person_id(value))

    def _person_id(self, value: str) -> int:
        return self.person.pk if value == ME else int(value)

    def by_turn(self, rows: "Rows", name: str, value: str) -> "Rows":
        return rows.my_turn(self.person) if value == ME else rows.filter(turn=value)  # type: ignore[attr-defined]

    def by_words(self, rows: "Rows", name: str, value: str) -> "Rows":
        return search.matching(rows, value)

    def by_blocked(self, rows: "Rows", name: str, value: str) -> "Rows":
        return rows.exclude(waiting_for="") if value == YES else rows.filter(waiting_for="")

    def by_ordering(self, rows: "Rows", name: str, value: list[str]) -> "Rows":
        # Sorted at the end, where everything is known that leads the order.
        return rows
