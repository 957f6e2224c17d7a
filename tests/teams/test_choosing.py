"""Choosing somebody or a team by typing."""

from collections.abc import Callable

import pytest
from django import forms
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from teams.choosing import (
    OFFERED,
    SEVERAL,
    PersonField,
    TeamField,
    people_meant,
    people_offered,
    person_words,
    teams_meant,
    teams_offered,
)
from teams.models import Person, Side, Team
from tests.factories import make_person, make_team

pytestmark = pytest.mark.django_db

PEOPLE, TEAMS = "/choices/people/", "/choices/teams/"


class Sheet(forms.Form):
    who = PersonField(Person.objects.filter(is_active=True), required=False)
    team = TeamField(Team.objects.filter(side=Side.IT), sides=[Side.IT], required=False)


def sheet(**data: str) -> Sheet:
    form = Sheet(data)
    form.is_valid()
    return form


# Offering -----------------------------------------------------------------------------------------
def test_people_are_offered_by_every_word_of_name_and_address() -> None:
    mira = make_person(name="Mira Brandt", email="mb@example.org")
    make_person(name="Mira Kurz", email="mk@example.org")
    assert people_offered("brandt mira") == ["Mira Brandt <mb@example.org>"]
    assert people_offered("mb@") == people_offered(person_words(mira)) == [person_words(mira)]
    assert people_offered("nobody at all") == []


def test_nobody_who_has_left_is_offered() -> None:
    make_person(name="Gone Away", is_active=False)
    assert people_offered("gone") == []


def test_only_people_of_the_asked_side_and_team_are_offered() -> None:
    crm, campaigns = make_team(Side.IT, slug="crm"), make_team(Side.MARKETING)
    tom, mira = make_person(crm, name="Tom"), make_person(campaigns, name="Mira")
    both = make_person(crm, campaigns, name="Bea")
    assert people_offered("", [Side.IT]) == [person_words(both), person_words(tom)]
    assert people_offered("", [Side.MARKETING]) == [person_words(both), person_words(mira)]
    assert people_offered("", [Side.MARKETING], "crm") == [person_words(both)]
    assert people_offered("", [], "no-such-team") == []


def test_people_of_the_teams_near_are_offered_first() -> None:
    crm = make_team(Side.IT, slug="crm")
    anna, tom = make_person(name="Anna"), make_person(crm, name="Tom")
    assert people_offered("", near=["crm"]) == [person_words(tom), person_words(anna)]
    assert people_offered("", near=["no-such-team"]) == [person_words(anna), person_words(tom)]


def test_people_of_side_other_are_offered_without_those_of_both_sides() -> None:
    make_person(make_team(Side.IT), make_team(Side.MARKETING))
    olga = make_person(make_team(Side.OTHER), name="Olga")
    assert people_offered("", [Side.OTHER]) == [person_words(olga)]


def test_teams_are_offered_by_the_words_of_their_name() -> None:
    make_team(Side.IT, name="CRM Platform")
    make_team(Side.MARKETING, name="Campaigns")
    assert teams_offered("platform crm") == ["CRM Platform"]
    assert teams_offered("", [Side.MARKETING]) == ["Campaigns"]


def test_however_many_there_are_few_are_offered_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _n in range(OFFERED + 3):
        make_person(make_team())
    with django_assert_num_queries(2):
        assert len(people_offered("")) == len(teams_offered("")) == OFFERED


@pytest.mark.parametrize("address", [PEOPLE, TEAMS])
@pytest.mark.parametrize(
    "query",
    ["", "?q=%00", "?q=%25_", "?q=" + "x" * 5000, "?side=moon", "?team=%00&side=", "?near=%00&near=x"],
)
def test_the_addresses_answer_whatever_is_asked(client: Client, address: str, query: str) -> None:
    client.force_login(make_person(make_team()))
    answer = client.get(address + query)
    assert answer.status_code == 200
    assert list(answer.json()) == ["choices"]


def test_the_addresses_offer_what_was_asked_for(client: Client) -> None:
    crm = make_team(Side.IT, name="CRM Platform", slug="crm")
    tom = make_person(crm, name="Tom Kurz", email="tom@example.org")
    make_person(make_team(Side.MARKETING), name="Tom Berg")
    client.force_login(tom)
    assert client.get(f"{PEOPLE}?q=tom&side=it&team=crm").json() == {
        "choices": ["Tom Kurz <tom@example.org>"]
    }
    assert client.get(f"{TEAMS}?q=crm&side=it").json() == {"choices": ["CRM Platform"]}
    assert client.get(f"{TEAMS}?q=crm&side=marketing&side=other").json() == {"choices": []}


@pytest.mark.parametrize("address", [PEOPLE, TEAMS])
def test_strangers_are_offered_nothing(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302


# Meaning ------------------------------------------------------------------------------------------
WAYS: dict[str, Callable[[Person], str]] = {
    "as offered": person_words,
    "by address": lambda person: person.email.upper(),
    "by name": lambda person: person.name.lower(),
    "by id": lambda person: str(person.pk),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_person_is_understood(way: str) -> None:
    mira = make_person(name="Mira Brandt", email="mb@example.org")
    make_person(name="Mira Kurz")
    assert list(people_meant(Person.objects.all(), WAYS[way](mira))) == [mira]


@pytest.mark.parametrize("words", ["Mira", "<>", "@", "a <b>", "-1", "9" * 40, "٣"])
def test_anything_else_means_nobody(words: str) -> None:
    make_person(name="Mira Brandt")
    assert not people_meant(Person.objects.all(), words)


def test_a_team_is_understood_by_name_slug_and_id_in_this_order() -> None:
    crm = make_team(name="CRM Platform", slug="crm")
    for words in ("crm platform", "crm", str(crm.pk)):
        assert list(teams_meant(Team.objects.all(), words)) == [crm]
    named = make_team(name="crm", slug=str(crm.pk))
    assert list(teams_meant(Team.objects.all(), "CRM")) == [named]
    assert list(teams_meant(Team.objects.all(), str(crm.pk))) == [named]
    assert not teams_meant(Team.objects.all(), "9" * 40)


# Fields -------------------------------------------------------------------------------------------
def test_a_field_gives_the_row() -> None:
    crm, mira = make_team(Side.IT), make_person()
    assert sheet(who=person_words(mira), team=crm.name).cleaned_data == {"who": mira, "team": crm}


def test_an_empty_field_gives_nothing_unless_it_is_needed() -> None:
    assert sheet().cleaned_data == {"who": None, "team": None}
    form = Sheet({})
    form.fields["who"].required = True
    assert list(form.errors) == ["who"]


def test_two_of_the_same_name_are_told_apart_by_address() -> None:
    first, _second = make_person(name="Mira Brandt"), make_person(name="Mira Brandt")
    assert sheet(who="Mira Brandt").errors["who"] == [str(SEVERAL)]
    assert sheet(who=first.email).cleaned_data["who"] == first


def test_who_cannot_be_chosen_is_refused_like_somebody_unknown() -> None:
    gone, campaigns = make_person(is_active=False), make_team(Side.MARKETING)
    form = sheet(who=person_words(gone), team=campaigns.name)
    assert set(form.errors) == {"who", "team"}
    assert form.errors["who"] == sheet(who="nobody").errors["who"]
    assert form.errors["team"] == sheet(team="no such team").errors["team"]


@pytest.mark.parametrize("words", ["nul\0", "x" * 500])
def test_wrong_input_is_an_error_at_the_field(words: str) -> None:
    assert set(sheet(who=words, team=words).errors) == {"who", "team"}


def test_a_field_shows_the_row_in_words_and_says_where_to_ask() -> None:
    crm = make_team(Side.IT, name="CRM Platform")
    drawn = str(Sheet(initial={"team": crm.pk})["team"])
    assert 'value="CRM Platform"' in drawn
    assert 'data-choices="/choices/teams/?side=it"' in drawn
    assert 'value="CRM Platform"' in str(Sheet(initial={"team": crm})["team"])
    assert 'value="0"' not in str(Sheet(initial={"team": 0})["team"])


def test_what_was_typed_wrongly_stays() -> None:
    assert 'value="&lt;Nobody&gt;"' in str(sheet(who="<Nobody>")["who"])
