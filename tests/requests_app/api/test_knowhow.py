"""People and what they can, through the API."""

from typing import Any

import pytest
from django.test import Client

from knowhow.bridges.openness import choose
from knowhow.models import Mentoring, Openness, Skill
from teams.models import Person, Side
from tests.api_client import machine, send
from tests.factories import give_skill, make_person, make_request, make_skill, make_team

pytestmark = pytest.mark.django_db


def names(answer: Any) -> list[str]:
    return [row["name"] for row in answer.json()["results"]]


def test_the_directory_and_one_skill_of_it(marketing: Client) -> None:
    skill = make_skill(Side.IT, "psql", name_de="Abfragen", name_en="SQL")
    make_skill(state=Skill.State.ARCHIVED)
    (row,) = send(marketing, "get", "skills/").json()["results"]
    assert (row["id"], row["name_de"], row["side"], row["synonyms"]) == (skill.pk, "Abfragen", "it", ["psql"])
    assert send(marketing, "get", f"skills/{skill.pk}/").json() == row
    old = make_skill(state=Skill.State.MERGED, merged_into=skill)
    assert send(marketing, "get", f"skills/{old.pk}/").json() == row
    assert send(marketing, "get", f"skills/{10**18}/").status_code == 404


def test_people_are_found_by_what_they_show(marketing: Client, ivo: Person) -> None:
    skill = make_skill(Side.IT, "psql", name="SQL")
    give_skill(ivo, skill, 4)
    assert names(send(marketing, "get", "people/", {"skill": "PSQL"})) == ["Ivo IT"]
    assert names(send(marketing, "get", "people/", {"skill": "juggling"})) == []
    assert names(send(marketing, "get", "people/", {"q": "ivo", "side": "it"})) == ["Ivo IT"]
    body = send(marketing, "get", f"people/{ivo.pk}/").json()
    assert body["skills"] == [
        {"skill": skill.pk, "name": "SQL", "level": 4, "teaches": False, "wants": False, "last_used": None}
    ]
    choose({"skills": Openness.Readers.NOBODY}, by=ivo)
    assert names(send(marketing, "get", "people/", {"skill": "SQL"})) == []
    assert send(marketing, "get", f"people/{ivo.pk}/").json()["skills"] == []


def test_who_has_left_is_not_there(marketing: Client) -> None:
    gone = make_person(is_active=False)
    assert send(marketing, "get", f"people/{gone.pk}/").status_code == 404
    assert send(marketing, "get", "people/", {"q": gone.email}).json()["results"] == []


def test_a_slip_is_asked_about_before_it_is_proposed(marketing: Client, mira: Person) -> None:
    make_skill(name="Newsletter")
    refused = send(marketing, "post", "me/skills/", {"skills": "Newsleter 3"})
    assert refused.status_code == 400
    (error,) = refused.json()["errors"]
    assert (error["field"], error["code"]) == ("skills", "did_you_mean")
    assert "Newsletter" in error["message"]
    assert not mira.skills.exists()
    made = send(marketing, "post", "me/skills/", {"skills": "Newsleter 3", "new": ["newsleter"]})
    assert [row["name"] for row in made.json()] == ["Newsleter"]
    for wrong in ("Newsleter", [1], ["x" * 81], ["x"] * 31):
        assert send(marketing, "post", "me/skills/", {"skills": "SQL", "new": wrong}).status_code == 400


def test_ones_own_skills_are_added_changed_and_dropped(marketing: Client, mira: Person) -> None:
    made = send(marketing, "post", "me/skills/", {"skills": "SQL 3, Kerning"})
    assert made.status_code == 201
    assert [(row["name"], row["level"]) for row in made.json()] == [("SQL", 3), ("Kerning", 2)]
    skill = made.json()[0]["skill"]
    changed = send(
        marketing, "patch", f"me/skills/{skill}/", {"level": 0, "teaches": True, "last_used": 2020}
    )
    assert (changed.json()["level"], changed.json()["teaches"], changed.json()["last_used"]) == (
        0,
        True,
        2020,
    )
    assert send(marketing, "delete", f"me/skills/{skill}/").status_code == 204
    assert [row["name"] for row in send(marketing, "get", "me/skills/").json()["results"]] == ["Kerning"]


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("post", "me/skills/", {}, "skills"),
        ("post", "me/skills/", {"skills": ["SQL"]}, "skills"),
        ("post", "me/skills/", {"skills": "x" * 10_000}, "skills"),
        ("post", "me/skills/", {"skills": "a\x00b"}, "skills"),
        ("patch", "me/skills/{skill}/", {"level": 5}, "level"),
        ("patch", "me/skills/{skill}/", {"level": "3"}, "level"),
        ("patch", "me/skills/{skill}/", {"last_used": 3000}, "last_used"),
        ("patch", "me/skills/{skill}/", {"skill": 1}, "skill"),
        ("patch", "me/openness/", {"skills": "world"}, "skills"),
        ("patch", "me/openness/", {"bridge": None}, "bridge"),
        ("post", "me/mentoring/", {"mentor": 1}, "skill"),
    ],
)
def test_bad_input_names_its_field(
    marketing: Client, mira: Person, method: str, path: str, body: dict[str, Any], field: str
) -> None:
    skill = give_skill(mira, make_skill()).skill_id
    answer = send(marketing, method, path.format(skill=skill), body)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_consent_and_score(marketing: Client, mira: Person, ivo: Person) -> None:
    lead = machine(make_person(lead_of=make_team()))
    path = f"people/{mira.pk}/bridge/"
    assert send(marketing, "get", "me/openness/").json() == {
        "skills": "all",
        "bridge": None,
        "matching": True,
    }
    assert send(marketing, "get", path).json()["total"] == 0
    assert send(lead, "get", path).status_code == 404
    assert send(marketing, "patch", "me/openness/", {"bridge": True}).json()["bridge"] is True
    assert send(lead, "get", path).json()["pieces"][0] == {"part": "skills", "points": 0, "most": 40}
    assert send(machine(ivo), "get", path).status_code == 404
    send(marketing, "patch", "me/openness/", {"bridge": False})
    assert send(lead, "get", path).status_code == 404


def test_who_holds_an_older_state_of_what_is_their_own_changes_nothing(
    marketing: Client, mira: Person
) -> None:
    skill = give_skill(mira, make_skill(), 2).skill_id
    for path, sent in ((f"me/skills/{skill}/", {"level": 4}), ("me/openness/", {"matching": False})):
        tag = send(marketing, "get", path).headers["ETag"]
        assert send(marketing, "get", path, if_none_match=tag).status_code == 304
        changed = send(marketing, "patch", path, sent, if_match=tag)
        assert (changed.status_code, changed.headers["ETag"] == tag) == (200, False)
        assert send(marketing, "patch", path, {}, if_match=tag).status_code == 412
    assert (
        send(marketing, "delete", f"me/skills/{skill}/", {}, if_match='"1-0000000000000000"').status_code
        == 412
    )
    assert send(marketing, "delete", f"me/skills/{skill}/", {}, if_match="*").status_code == 204
    assert send(marketing, "get", f"me/skills/{skill}/").status_code == 404


def test_a_mentor_is_asked_agrees_and_ends_it(marketing: Client, it: Client, ivo: Person) -> None:
    skill = make_skill()
    give_skill(ivo, skill, 4, teaches=True)
    made = send(marketing, "post", "me/mentoring/", {"mentor": ivo.pk, "skill": skill.pk})
    assert made.status_code == 201
    path = f"me/mentoring/{made.json()['id']}/"
    assert send(it, "post", path, {"answer": "yes"}).json()["running"] is True
    again = send(it, "post", path, {"answer": "no"})
    assert (again.status_code, again.json()["missing"][0]["code"]) == (409, "wrong_status")
    send(marketing, "post", path, {"answer": "end"})
    assert Mentoring.objects.get().ended_at is not None
    assert send(machine(make_person()), "post", path, {"answer": "end"}).status_code == 404


def test_translators_of_a_request(marketing: Client) -> None:
    newsletter, sql = make_skill(Side.MARKETING, name="Newsletter"), make_skill(Side.IT, name="Abfragen")
    bridge = make_person(make_team(Side.IT), name="Priya")
    for skill in (newsletter, sql):
        give_skill(bridge, skill)
    request = make_request(title="Newsletter mit Abfragen")
    body = send(marketing, "get", f"requests/{request.number}/translators/").json()
    assert body["subject"] == [newsletter.pk, sql.pk]
    assert [(one["person"]["name"], one["skills"], one["sides"]) for one in body["people"]] == [
        ("Priya", [newsletter.pk, sql.pk], ["it"])
    ]
    hidden = make_request(restricted=True)
    assert send(marketing, "get", f"requests/{hidden.number}/translators/").status_code == 404
