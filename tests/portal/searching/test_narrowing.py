"""The filters of a search: who and what they mean, and what is said where they mean nothing."""

import pytest
from django.utils import translation

from portal.searching.asked import read
from portal.searching.narrowing import Narrowed, narrow
from requests_app.choices import OPEN, Status
from teams.models import Person
from tests.factories import make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Person:
    return make_person(name="Rita Reinhold")


def narrowed(text: str, person: Person) -> Narrowed:
    with translation.override("en"):
        return narrow(read(text), person)


def test_without_filters_nothing_is_narrowed(reader: Person) -> None:
    found = narrowed("ampel", reader)
    assert (found.filters.people, found.filters.teams, found.filters.statuses) == (None, None, None)


@pytest.mark.parametrize("name", ["me", "mich", "rita", "reinhold"])
def test_people_by_a_part_of_their_name_or_as_me(reader: Person, name: str) -> None:
    make_person(name="Lena Ludwig")
    assert narrowed(f"from:{name}", reader).filters.people == [reader.pk]


def test_teams_by_name_or_address(reader: Person) -> None:
    team = make_team(name="Kasse & Filiale", slug="pos")
    for name in ("kasse", "pos"):
        assert narrowed(f"in:{name}", reader).filters.teams == [team.pk]


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("open", list(OPEN)),
        ("offen", list(OPEN)),
        ("done", [Status.DONE]),
        ("in_progress", [Status.IN_PROGRESS]),
        ("geparkt", [Status.PARKED]),
    ],
)
def test_statuses_by_their_names_in_both_languages(reader: Person, name: str, statuses: list[str]) -> None:
    assert narrowed(f"status:{name}", reader).filters.statuses == statuses


@pytest.mark.parametrize("name", ["draft", "entwurf", "quatsch"])
def test_drafts_are_no_status_to_search_for(reader: Person, name: str) -> None:
    found = narrowed(f"status:{name}", reader)
    assert found.filters.statuses == []
    assert "There is no status" in found.notes[0]


def test_what_fits_nobody_is_said(reader: Person) -> None:
    assert narrowed("from:xaver in:mond", reader).notes == [
        "Nobody here is called “xaver”.",
        "No team is called “mond”.",
    ]
