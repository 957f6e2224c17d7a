"""What the filters of list and API let through, and what they refuse."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from requests_app.choices import OPEN, Status, Turn, WaitingFor
from requests_app.filters import RequestFilters
from requests_app.lists.sorting import SORTS
from requests_app.models import Label, Request
from teams.models import Person, Side, Team
from tests.factories import make_goal, make_person, make_request, make_team

pytestmark = pytest.mark.django_db


def filters(person: Person, query: str) -> RequestFilters:
    web = SimpleNamespace(user=person)
    return RequestFilters(QueryDict(query), Request.objects.visible_to(person), request=web)


def found(person: Person, query: str) -> list[int]:
    checked = filters(person, query)
    assert checked.is_valid(), checked.errors
    return [row.number for row in checked.qs]


def refused(person: Person, query: str) -> dict[str, list[str]]:
    checked = filters(person, query)
    with translation.override("en"):
        assert not checked.is_valid()
        return {name: list(messages) for name, messages in checked.errors.items()}


@pytest.fixture
def crm() -> Team:
    return make_team(slug="crm-platform")


@pytest.fixture
def campaigns() -> Team:
    return make_team(Side.MARKETING, slug="campaigns")


@pytest.fixture
def mira(campaigns: Team) -> Person:
    return make_person(campaigns)


def test_without_filters_all_but_drafts_come_newest_first(mira: Person) -> None:
    first, second = make_request(), make_request(Status.DONE)
    make_request(Status.DRAFT, requester=mira)
    assert found(mira, "") == [second.number, first.number]


def test_an_own_draft_comes_when_it_is_asked_for_and_a_foreign_one_never(mira: Person) -> None:
    draft = make_request(Status.DRAFT, requester=mira)
    make_request(Status.DRAFT)
    assert found(mira, "status=draft") == [draft.number]


def test_status_may_be_repeated(mira: Person) -> None:
    ready, parked = make_request(Status.READY), make_request(Status.PARKED)
    make_request(Status.DONE)
    assert found(mira, "status=ready&status=parked") == [parked.number, ready.number]


def test_open_stands_for_every_open_status(mira: Person) -> None:
    rows = {status: make_request(status).number for status in Status.values}
    assert set(found(mira, "status=open")) == {rows[status] for status in OPEN}


def test_type_may_be_repeated(mira: Person) -> None:
    data, other = make_request(type="data_analytics"), make_request(type="other")
    make_request(type="automation")
    assert found(mira, "type=data_analytics&type=other") == [other.number, data.number]


def test_team_is_the_serving_or_the_requesting_one(mira: Person, crm: Team, campaigns: Team) -> None:
    asked = make_request(requesting_team=campaigns)
    served = make_request(serving_team=crm)
    make_request()
    assert found(mira, "team=campaigns") == [asked.number]
    assert found(mira, "team=crm-platform") == [served.number]


def test_goal_is_one_by_id_or_none(mira: Person) -> None:
    goal = make_goal()
    with_goal, without = make_request(goal=goal), make_request()
    assert found(mira, f"goal={goal.pk}") == [with_goal.number]
    assert found(mira, "goal=none") == [without.number]


def test_owner_is_either_seat_and_me_is_oneself(mira: Person, crm: Team) -> None:
    tom = make_person(crm)
    marketing = make_request(marketing_owner=mira, it_owner=None)
    both = make_request(Status.SHAPING, marketing_owner=mira, it_owner=tom)
    make_request()
    assert found(mira, "owner=me") == [both.number, marketing.number]
    assert found(mira, f"owner={tom.pk}") == [both.number]


def test_requester_is_one_by_id_or_oneself(mira: Person) -> None:
    mine, foreign = make_request(requester=mira), make_request()
    assert found(mira, "requester=me") == [mine.number]
    assert found(mira, f"requester={foreign.requester_id}") == [foreign.number]


def test_side_is_that_of_the_requesting_team(mira: Person) -> None:
    from_other = make_request(requesting_team=make_team(Side.OTHER))
    make_request()
    assert found(mira, "side=other") == [from_other.number]


def test_turn_is_the_side_and_me_is_ones_own(mira: Person) -> None:
    mine = make_request(Status.IN_REVIEW, marketing_owner=mira)
    foreign = make_request(Status.IN_REVIEW)
    make_request(Status.READY)
    assert found(mira, "turn=marketing") == [foreign.number, mine.number]
    assert found(mira, "turn=me") == [mine.number]


@pytest.mark.parametrize("words", ["newsletter", "Newsl", "newsletter themen"])
def test_q_asks_the_full_text(mira: Person, words: str) -> None:
    hit = make_request(title="Newsletter-Themen selbst wählen")
    make_request(title="Kassenbon als PDF")
    assert found(mira, f"q={words}") == [hit.number]


def test_q_finds_a_number_too(mira: Person) -> None:
    hit = make_request()
    make_request()
    assert found(mira, f"q={hit.key}") == [hit.number]


def test_label_is_exact_and_an_unknown_one_does_not_tell_whether_it_exists(mira: Person) -> None:
    tagged = make_request()
    tagged.labels.add(Label.objects.create(name="spring"))
    make_request(restricted=True).labels.add(Label.objects.create(name="merger"))
    assert found(mira, "label=spring") == [tagged.number]
    assert found(mira, "label=merger") == found(mira, "label=nonsense") == []


def test_blocked_is_true_or_false(mira: Person) -> None:
    blocked = make_request(waiting_for=WaitingFor.OUTSIDE, blocked_reason="The supplier is on strike.")
    free = make_request()
    assert found(mira, "blocked=true") == [blocked.number]
    assert found(mira, "blocked=false") == [free.number]


def test_updated_since_includes_its_moment(mira: Person) -> None:
    moment = datetime(2026, 11, 20, 12, tzinfo=UTC)
    at_it = make_request(updated_at=moment)
    make_request(updated_at=datetime(2026, 11, 20, 11, 59, tzinfo=UTC))
    assert found(mira, "updated_since=2026-11-20T12:00:00Z") == [at_it.number]


def test_deadline_before_leaves_out_its_day_and_what_has_no_deadline(mira: Person) -> None:
    why = {"deadline_reason": "The season begins."}
    before = make_request(deadline=date(2027, 1, 31), **why)
    make_request(deadline=date(2027, 2, 1), **why)
    make_request()
    assert found(mira, "deadline_before=2027-02-01") == [before.number]


def test_filters_add_up(mira: Person, crm: Team) -> None:
    hit = make_request(Status.READY, serving_team=crm, type="integration")
    make_request(Status.READY, serving_team=crm)
    make_request(Status.READY, type="integration")
    make_request(Status.DONE, serving_team=crm, type="integration")
    assert found(mira, "status=ready&team=crm-platform&type=integration") == [hit.number]


@pytest.mark.parametrize("field", SORTS)
def test_every_ordering_works_in_both_directions(mira: Person, field: str) -> None:
    for day in (1, 2, 3):
        moment = datetime(2026, 11, day, tzinfo=UTC)
        make_request(
            created_at=moment,
            updated_at=moment,
            turn_since=moment,
            done_at=moment,
            title=f"Topic {day}",
            difference=day,
            effort=day,
            deadline=moment.date(),
            deadline_reason="Season.",
        )
    up = found(mira, f"ordering={field}")
    assert up == sorted(up)
    assert found(mira, f"ordering=-{field}") == up[::-1]


@pytest.mark.parametrize("direction", ["", "-"])
def test_what_has_no_deadline_comes_last(mira: Person, direction: str) -> None:
    without = make_request()
    make_request(deadline=date(2027, 1, 1), deadline_reason="Season.")
    assert found(mira, f"ordering={direction}deadline")[-1] == without.number


def test_several_orders_follow_each_other_repeated_or_with_commas(mira: Person) -> None:
    late, early = date(2027, 2, 1), date(2027, 1, 1)
    rows = [
        make_request(title=title, deadline=day, deadline_reason="Season.").number
        for title, day in (("B", late), ("A", late), ("A", early))
    ]
    wanted = [rows[1], rows[2], rows[0]]
    assert found(mira, "ordering=title,-deadline") == wanted
    assert found(mira, "ordering=title&ordering=-deadline") == wanted
    assert found(mira, "ordering=title&ordering=&ordering=-deadline") == wanted


def test_ties_are_ordered_by_number(mira: Person) -> None:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    numbers = [make_request(created_at=moment, updated_at=moment).number for _ in range(3)]
    assert found(mira, "ordering=created_at") == numbers
    assert found(mira, "ordering=-created_at") == numbers[::-1]


def test_empty_values_of_an_untouched_form_filter_nothing(mira: Person) -> None:
    row = make_request()
    names = RequestFilters.base_filters
    assert found(mira, "&".join(f"{name}=" for name in names)) == [row.number]


@pytest.mark.parametrize(
    "query",
    [
        "status=finished",
        "type=magic",
        "team=no-such-team",
        "goal=999999",
        "goal=first",
        "goal=99999999999999999999999999",
        "owner=999999",
        "owner=myself",
        "owner=²",
        "requester=-1",
        "side=both",
        "turn=yours",
        "blocked=perhaps",
        "updated_since=yesterday",
        "deadline_before=soon",
        "ordering=customer_need",
        "ordering=title,-title",
        "ordering=title&ordering=title",
        "ordering=title,deadline,rank,number",
        "ordering=-words",
        "q=a%00b",
        "label=a%00b",
        "team=a%00b",
        "touchpoint=a%00b",
        "goal=1%00",
        # More digits than Python reads.
        *(f"{name}={'9' * 5000}" for name in ("goal", "owner", "requester")),
        "owner=me%00",
        "q=" + "x" * 201,
    ],
)
def test_a_wrong_value_is_an_error_at_its_name(mira: Person, query: str) -> None:
    name = query.partition("=")[0]
    errors = refused(mira, query)
    assert list(errors) == [name]
    assert all(errors[name])


def test_an_unknown_name_is_an_error(mira: Person) -> None:
    assert refused(mira, "colour=red") == {"colour": ["There is no filter with this name."]}
    assert list(refused(mira, "requester__email=a%40example.org")) == ["requester__email"]


def test_a_name_that_is_no_filter_is_let_through_where_the_caller_knows_it(mira: Person) -> None:
    class Paged(RequestFilters):
        besides = {"cursor", "limit"}

    web = SimpleNamespace(user=mira)
    assert Paged(QueryDict("limit=5"), Request.objects.visible_to(mira), request=web).is_valid()
    assert "limit" in refused(mira, "limit=5")


def test_a_list_where_one_value_belongs_is_an_error(mira: Person) -> None:
    assert refused(mira, "side=it&side=other") == {"side": ["Give this filter only once."]}


def test_no_filter_shows_what_is_hidden(mira: Person) -> None:
    owner = make_person(make_team(Side.MARKETING))
    make_request(restricted=True, title="Fusion", marketing_owner=owner)
    for query in ("q=Fusion", f"owner={owner.pk}", "status=submitted", "turn=it", "turn=me", "goal=none"):
        assert found(mira, query) == []


def test_the_number_of_queries_does_not_grow_with_the_rows(
    mira: Person, crm: Team, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        make_request(serving_team=crm)
    with django_assert_max_num_queries(3):
        assert len(found(mira, "team=crm-platform")) == 5


def test_the_words_of_a_turn_are_those_of_the_page(mira: Person) -> None:
    choices = dict(RequestFilters.base_filters["turn"].extra["choices"])
    assert set(choices) == {"me", *Turn.values}
