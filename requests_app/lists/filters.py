"""The filters of the list page, with how the list looks: columns, groups, density."""

from types import SimpleNamespace
from typing import TYPE_CHECKING

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from requests_app.filters import ListedFilter, RequestFilters
from requests_app.lists import sorting
from requests_app.lists.columns import CHOICES, Column, columns_of
from requests_app.models import Request
from teams.models import Person

if TYPE_CHECKING:
    Rows = QuerySet[Request]

CURSOR = "cursor"
# What says how the list looks, and not what is in it.
LOOKS = ("ordering", "columns", "group", "density")
DENSITIES = [("compact", pgettext_lazy("density", "Compact"))]


class ListFilters(RequestFilters):
    """What the address of a list may hold."""

    besides = (CURSOR,)

    columns = ListedFilter(label=_("Columns"), choices=CHOICES, method="as_it_is", most=len(CHOICES))
    group = django_filters.ChoiceFilter(
        label=_("Group by"),
        choices=[(name, group.label) for name, group in sorting.GROUPS.items()],
        method="as_it_is",
    )
    density = django_filters.ChoiceFilter(label=_("Density"), choices=DENSITIES, method="as_it_is")

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns that are asked for; only after validation."""
        return columns_of(self.form.cleaned_data["columns"])

    @property
    def group_asked(self) -> str:
        """A name of sorting.GROUPS, or ""; only after validation."""
        return str(self.form.cleaned_data["group"] or "")


def filters_of(query: QueryDict, person: Person) -> ListFilters:
    """The filters of a list's address, for what ``person`` may see."""
    return ListFilters(query, Request.objects.visible_to(person), request=SimpleNamespace(user=person))


def canonical(query: QueryDict) -> str:
    """The address of a list without its page and empty values, the same for all spellings of a view."""
    pairs = [
        (name, value) for name in sorted(set(query) - {CURSOR}) for value in _values(query, name) if value
    ]
    kept = QueryDict(mutable=True)
    for name, value in pairs:
        kept.appendlist(name, value)
    return kept.urlencode()


def _values(query: QueryDict, name: str) -> list[str]:
    values = query.getlist(name)
    if name in ("ordering", "columns"):
        return [",".join(one for value in values for one in value.split(",") if one)]
    return sorted(set(values)) if name in ("status", "type") else values
