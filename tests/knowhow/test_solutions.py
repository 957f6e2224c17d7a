"""How solutions get into the catalogue."""

import pytest

from activity.models import Event
from knowhow.models import Solution
from knowhow.solutions import SLUG_LENGTH, add_to_catalogue, create_solution
from teams.models import PLAIN_TEXT, Person
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_admin, make_person, make_team

pytestmark = pytest.mark.django_db


def test_a_member_describes_a_solution_of_the_team() -> None:
    team = make_team()
    member = make_person(team)
    solution = create_solution(" Mail  robot ", "It sends mails.\r\nAt night.", team, by=member)
    assert (solution.title, solution.explainer, solution.slug) == (
        "Mail robot",
        "It sends mails.\nAt night.",
        "mail-robot",
    )
    event = Event.objects.get()
    assert (event.kind, event.object_type, event.object_id) == ("solution.created", "solution", solution.pk)
    assert event.data == {"title": "Mail robot", "team": team.slug}


@pytest.mark.parametrize(
    ("title", "text", "fields"),
    [
        ("", "x", ["title"]),
        ("x", " ", ["text"]),
        ("", "", ["title", "text"]),
        ("a\x00", "x", ["title"]),
        ("x", "a\ud800", ["text"]),
        ("x" * 201, "x", ["title"]),
        ("x", "x" * (PLAIN_TEXT + 1), ["text"]),
    ],
)
def test_title_and_text_are_needed_and_clean(title: str, text: str, fields: list[str]) -> None:
    with pytest.raises(InvalidFields) as error:
        create_solution(title, text, make_team(), by=make_admin())
    assert [missing.field for missing in error.value.missing] == fields
    assert not Solution.objects.exists()


def test_only_members_and_admins_describe_a_teams_solutions() -> None:
    team = make_team()
    gone = make_person(team)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    for person in (make_person(), make_person(make_team()), gone):
        with pytest.raises(RuleViolation, match="not_yours"):
            create_solution("Robot", "It helps.", team, by=person)
    assert not Event.objects.exists()
    create_solution("Robot", "It helps.", team, by=make_admin())


def test_equal_titles_get_slugs_of_their_own() -> None:
    team = make_team()
    slugs = [add_to_catalogue("Mail robot", "x", team).slug for _ in range(3)]
    assert slugs == ["mail-robot", "mail-robot-2", "mail-robot-3"]


@pytest.mark.parametrize("title", ["日本語", "!!!"])
def test_a_title_without_latin_letters_gets_a_slug_too(title: str) -> None:
    assert add_to_catalogue(title, "x", make_team()).slug == "solution"


def test_a_long_title_gets_a_short_slug() -> None:
    team = make_team()
    for _twice in range(2):
        assert len(add_to_catalogue("word " * 40, "x", team).slug) <= SLUG_LENGTH + 3


def test_adding_to_the_catalogue_alone_tells_nothing() -> None:
    add_to_catalogue("Robot", "It helps.", make_team())
    assert not Event.objects.exists()
