"""The names of all rows that a page mentions by id, looked up in one query."""

from collections.abc import Iterable, Mapping

from django.db.models import CharField, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language

from requests_app.models import Request
from teams.models import Goal, Person, Team, Touchpoint

Wanted = dict[str, set[int]]
Names = Mapping[tuple[str, int], str]


def names_of(wanted: Wanted, reader: Person | None) -> Names:
    """The names of the wanted ids by kind and id; of requests only those that ``reader`` may see."""
    touchpoint_name = "name_de" if (get_language() or "").startswith("de") else "name_en"
    seen = Request.objects.visible_to(reader) if reader else Request.objects.none()
    parts = [
        rows.filter(pk__in=wanted[kind]).order_by().values_list(Value(kind), "pk", Cast(name, CharField()))
        for kind, rows, name in (
            ("person", Person.objects.all(), "name"),
            ("team", Team.objects.all(), "name"),
            ("goal", Goal.objects.all(), "title"),
            ("touchpoint", Touchpoint.objects.all(), touchpoint_name),
            ("request", seen, "title"),
        )
        if wanted.get(kind)
    ]
    if not parts:
        return {}
    return {(kind, number): name for kind, number, name in parts[0].union(*parts[1:], all=True)}


def titles_in(names: Names) -> dict[int, str]:
    """The titles of the requests among ``names``, by their numbers."""
    return {number: name for (kind, number), name in names.items() if kind == "request"}


def titles_of(numbers: Iterable[int], reader: Person) -> dict[int, str]:
    """The titles of those of the requests that ``reader`` may see. One query, none without numbers."""
    return titles_in(names_of({"request": set(numbers)}, reader))
