"""Choosing one of very many people or teams by typing: what is offered, and whom the words mean."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.db.models import Case, Exists, Model, OuterRef, Q, QuerySet, When
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from teams.ids import id_in
from teams.models import Membership, Person, PersonSide, Side, Team

OFFERED = 20
LONGEST = 400
ADDRESS = re.compile(r"<([^<>]+)>\s*\Z")
BRACKETS = re.compile("[<>]")


def people_offered(
    words: str, sides: Collection[str] = (), team: str = "", near: Collection[str] = ()
) -> list[str]:
    """The first active people whom all ``words`` fit; of ``sides`` and ``team`` (a slug) if given.

    Those of the teams ``near`` (slugs) come before all others.
    """
    found = Person.objects.filter(is_active=True)
    # Whoever stands in a field already stands there as they are offered.
    for word in BRACKETS.sub(" ", words).split()[:5]:
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if sides:
        found = found.filter(side__in=at_home_on(sides))
    if team:
        found = found.filter(memberships__team__slug=team)
    if near:
        theirs = Membership.objects.filter(person=OuterRef("pk"), team__slug__in=near)
        found = found.order_by(Case(When(Exists(theirs), then=0), default=1), "sort_key", "pk")
    else:
        found = found.order_by("sort_key", "pk")
    return [person_words(one) for one in found[:OFFERED]]


def teams_offered(words: str, sides: Collection[str] = ()) -> list[str]:
    """The names of the first teams that all ``words`` fit, of ``sides`` if these are given."""
    found = Team.objects.filter(side__in=sides) if sides else Team.objects.all()
    for word in words.split()[:5]:
        found = found.filter(name__icontains=word)
    return list(found.order_by("sort_key").values_list("name", flat=True)[:OFFERED])


def at_home_on(sides: Iterable[str]) -> set[str]:
    """What ``Person.side`` is for people of one of ``sides``."""
    wanted = set(sides)
    return wanted | ({PersonSide.BOTH} if wanted & {Side.MARKETING, Side.IT} else set())


def person_words(person: Person) -> str:
    """A person as they are offered: the address tells apart those who are called the same."""
    return f"{person.name} <{person.email}>"


def people_meant(people: QuerySet[Person], words: str) -> QuerySet[Person]:
    """Whom of ``people`` the words mean: as they are offered, by address, by id, or by the whole name."""
    address = ADDRESS.search(words)
    if address or "@" in words:
        return people.filter(email=(address[1] if address else words).strip().lower())
    pk = id_in(words)
    return people.filter(name__iexact=words) if pk is None else people.filter(pk=pk)


def teams_meant(teams: QuerySet[Team], words: str) -> QuerySet[Team]:
    """Which of ``teams`` the words mean: the first of those with this name, slug or id."""
    fits = Q(name__iexact=words) | Q(slug=words)
    pk = id_in(words)
    if pk is not None:
        fits |= Q(pk=pk)
    by_name = Case(When(name__iexact=words, then=0), When(slug=words, then=1), default=2)
    return teams.filter(fits).order_by(by_name)[:1]


class TypedField(forms.CharField):
    """One row of ``queryset``, chosen by typing; chooser.js offers what fits, but is not needed."""

    nothing: str | Promise = ""
    offers = ""

    def __init__(
        self,
        queryset: QuerySet[Any],
        *,
        sides: Iterable[str] = (),
        team: str = "",
        near: Iterable[str] = (),
        **options: Any,
    ) -> None:
        asked = urlencode(
            {"side": list(sides), "team": [team] if team else [], "near": list(near)}, doseq=True
        )
        self.choices_at = format_lazy("{}?{}", reverse_lazy(self.offers), asked)
        self.queryset = queryset
        super().__init__(max_length=LONGEST, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        return {**attrs, "data-choices": self.choices_at, "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """What was typed stays; a row, or its id, is shown as it is offered."""
        if isinstance(value, int):
            value = self.queryset.model._default_manager.filter(pk=value).first()
        return self.words_of(value) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        """The row, or None where nothing is entered and nothing need be."""
        words = super().clean(value)
        if not words:
            return None
        found = list(self.meant(words)[:2])
        if len(found) != 1:
            raise forms.ValidationError(SEVERAL if found else str(self.nothing), code="invalid_choice")
        return found[0]

    def meant(self, words: str) -> QuerySet[Any]:
        raise NotImplementedError

    def words_of(self, row: Any) -> str:
        raise NotImplementedError


SEVERAL = _("Several are called like this. Choose one of the offered, or enter the e-mail address.")


class PersonField(TypedField):
    nothing = _("Nobody fits this. Choose one of the offered, or enter the e-mail address.")
    offers = "teams:people_choices"

    def meant(self, words: str) -> QuerySet[Any]:
        return people_meant(self.queryset, words)

    def words_of(self, row: Any) -> str:
        return person_words(row)


class TeamField(TypedField):
    nothing = _("No team that can be chosen here is called this. Choose one of the offered.")
    offers = "teams:team_choices"

    def meant(self, words: str) -> QuerySet[Any]:
        return teams_meant(self.queryset, words)

    def words_of(self, row: Any) -> str:
        return str(row.name)
