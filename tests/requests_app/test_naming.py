"""Names of rows by their ids, for a reader who may not see all of them."""

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from requests_app.naming import names_of, titles_of
from tests.factories import make_goal, make_person, make_request, make_team, make_touchpoint

pytestmark = pytest.mark.django_db


def test_all_kinds_are_named_with_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person, team, goal, touchpoint, request = (
        make_person(),
        make_team(),
        make_goal(),
        make_touchpoint(),
        make_request(),
    )
    wanted = {
        "person": {person.pk},
        "team": {team.pk},
        "goal": {goal.pk},
        "touchpoint": {touchpoint.pk},
        "request": {request.pk},
    }
    with translation.override("de"), django_assert_num_queries(1):
        assert names_of(wanted, person) == {
            ("person", person.pk): person.name,
            ("team", team.pk): team.name,
            ("goal", goal.pk): goal.title,
            ("touchpoint", touchpoint.pk): touchpoint.name_de,
            ("request", request.pk): request.title,
        }


def test_nothing_wanted_takes_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    reader = make_person()
    with django_assert_num_queries(0):
        assert names_of({"person": set()}, None) == {}
        assert titles_of([], reader) == {}


def test_hidden_requests_have_no_name() -> None:
    reader, shown, hidden = make_person(), make_request(), make_request(restricted=True)
    others_draft = make_request("draft")
    assert titles_of([shown.pk, hidden.pk, others_draft.pk, 999_999], reader) == {shown.pk: shown.title}


def test_without_a_reader_no_request_is_named() -> None:
    assert names_of({"request": {make_request().pk}}, None) == {}
