"""How names are sorted: where a German reader looks for them, on every server."""

import pytest

from knowhow.models import Solution
from teams.models import Person, Team
from teams.words import by_letters, letters
from tests.factories import make_person, make_solution, make_team

pytestmark = pytest.mark.django_db

SORTED = [
    "Aaron",
    "Äpfel",
    "Apfelbaum",
    "Çelik",
    "de Vries",
    "Muller",
    "Müller",
    "Strass",
    "Straße 2",
    "Strasser",
    "Über",
    "Zoë",
]


def test_people_and_teams_stand_where_a_german_reader_looks_for_them() -> None:
    for name in reversed(SORTED):
        make_person(name=name)
        make_team(name=name)
    people = Person.objects.order_by("sort_key", "name").values_list("name", flat=True)
    assert list(people) == SORTED
    assert [team.name for team in Team.objects.all()] == SORTED


def test_texts_at_hand_and_rows_without_a_kept_order_stand_there_too() -> None:
    for title in reversed(SORTED):
        make_solution(title=title)
    assert sorted(sorted(SORTED), key=letters) == SORTED
    found = Solution.objects.order_by(by_letters("title"), "title").values_list("title", flat=True)
    assert list(found) == SORTED


def test_a_new_name_moves_the_row() -> None:
    person = make_person(name="Zander")
    person.name = "Äsche"
    person.save(update_fields=["name"])
    person.refresh_from_db()
    assert person.sort_key == "asche"
