"""The pages of exchanges: what each person sees and can press."""

from collections.abc import Callable
from typing import Any

import pytest
import vobject
from django.test import Client
from django.urls import reverse

from activity import clock
from knowhow.exchanges.models import Exchange, ExchangeProposal, SignUp, Standing
from teams.models import Person, Side
from tests.factories import make_admin, make_person, make_skill, make_team
from tests.knowhow.exchanges.making import BERLIN, in_days, make_exchange, make_proposal, seat, wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira() -> Person:
    return make_person(make_team(Side.MARKETING), name="Mira", language="en", time_zone="Europe/Berlin")


@pytest.fixture
def read(client: Client, mira: Person) -> Callable[..., str]:
    """What Mira reads at an address; it must answer as ``status`` says."""
    client.force_login(mira)

    def look(name: str, *args: object, status: int = 200, query: str = "") -> str:
        answer = client.get(reverse(f"exchanges:{name}", args=args) + query)
        assert answer.status_code == status
        return answer.content.decode()

    return look


@pytest.fixture
def press(client: Client, mira: Person) -> Callable[..., Any]:
    """The answer to what Mira sends, after the redirect that follows it."""
    client.force_login(mira)

    def send(name: str, *args: object, query: str = "", **data: object) -> Any:
        return client.post(reverse(f"exchanges:{name}", args=args) + query, data, follow=True)

    return send


def planning(**fields: object) -> dict[str, object]:
    """What the form of a new exchange holds."""
    day = in_days(7).astimezone(BERLIN).date().isoformat()
    whole = {"title": "Read SQL", "ability": "You read a query.", "place": "Room Elbe", "day": day}
    return {
        **whole,
        "begins": "14:00",
        "ends": "15:00",
        "seats": "5",
        "every_weeks": "0",
        "times": "1",
        **fields,
    }


def add_link(exchange: Exchange) -> int:
    added = exchange.materials.create(
        title="Slides", link="https://example.org", added_by=exchange.host, added_at=clock.now()
    )
    return added.pk


# Finding --------------------------------------------------------------------------------------------------


def test_without_any_the_page_says_how_to_begin(read: Callable[..., str]) -> None:
    assert "Nothing is planned yet" in read("exchanges")
    assert "Nobody wishes for anything yet" in read("exchanges", query="?show=wished")
    assert "Nothing has taken place yet" in read("exchanges", query="?show=past")
    assert "Nothing fits this" in read("exchanges", query="?q=xyzzy")


def test_what_comes_what_was_and_what_is_wished_for(read: Callable[..., str], mira: Person) -> None:
    seat(make_exchange(title="Coming", seats=3))
    make_exchange(title="Over", days=-3)
    make_exchange(title="Called off", cancelled_at=clock.now())
    seat(make_exchange(title="Mine but off", cancelled_at=clock.now()), mira)
    make_proposal(title="Wished", voices=2)
    coming, past, wished = (read("exchanges", query=f"?show={tab}") for tab in ("coming", "past", "wished"))
    assert "Coming" in coming
    assert "2 free seats" in coming
    assert "Mine but off" in coming
    assert "Called off" not in coming
    assert "Over" in past
    assert "Wished" in wished
    assert "3 of 5 would come" in wished


def test_it_is_found_by_topic_title_promise_and_host(read: Callable[..., str]) -> None:
    host = make_person(name="Tom Reiter")
    make_exchange(host, title="Queries", topic="SQL", ability="You read joins.")
    make_exchange(title="Something else")
    for words in ("SQL", "quer", "joins", "reiter sql"):
        found = read("exchanges", query=f"?q={words}")
        assert "Queries" in found
        assert "Something else" not in found


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=x", "?page=99999999", "?show=nothing", "?q=%00", "?q=" + "x" * 999]
)
def test_odd_addresses_are_no_error(read: Callable[..., str], query: str) -> None:
    make_exchange()
    read("exchanges", query=query)


def test_long_lists_come_in_pages(read: Callable[..., str]) -> None:
    for n in range(31):
        make_exchange(title=f"Number {n:02}", days=n + 1)
    first, second = read("exchanges"), read("exchanges", query="?page=2")
    assert "Number 29" in first
    assert "Number 30" not in first
    assert "Number 30" in second
    assert "?page=2" in first


# Taking part ----------------------------------------------------------------------------------------------


def test_one_signs_up_and_off_with_one_click(
    read: Callable[..., str], press: Callable[..., Any], mira: Person
) -> None:
    exchange = make_exchange()
    assert "Sign up" in read("exchange", exchange.pk)
    after = press("sign_up", exchange.pk).content.decode()
    assert "you have a seat" in after
    assert "You have a seat. The invitation for your calendar comes by mail." in after
    assert SignUp.objects.get().person == mira
    assert "Sign up" in press("sign_off", exchange.pk).content.decode()


def test_who_waits_reads_their_place(read: Callable[..., str], press: Callable[..., Any]) -> None:
    exchange = make_exchange(seats=1)
    seat(exchange)
    assert "Join the waiting list" in read("exchange", exchange.pk)
    wait(exchange)
    assert "You are on the waiting list" in press("sign_up", exchange.pk).content.decode()
    assert "you are number 2 on the waiting list" in read("exchange", exchange.pk)


def test_a_refusal_is_said_on_the_page(press: Callable[..., Any], mira: Person) -> None:
    own, over = make_exchange(mira), make_exchange(days=-1)
    assert "You host this exchange" in press("sign_up", own.pk).content.decode()
    assert "has begun already" in press("sign_up", over.pk).content.decode()


def test_afterwards_one_question_and_what_was_learnt(
    read: Callable[..., str], press: Callable[..., Any], mira: Person
) -> None:
    make_skill(name_en="SQL", name_de="SQL")
    exchange = make_exchange(days=-1, topic="sql")
    seat(exchange, mira)
    assert "Can you do it now?" in read("exchange", exchange.pk)
    after = press("feedback", exchange.pk, answer="yes").content.decode()
    assert "Raise SQL to level 1" in after
    assert 'name="skills" value="SQL 1"' in after
    assert SignUp.objects.get().answer == "yes"
    assert "Choose one of the answers." in press("feedback", exchange.pk, answer="x").content.decode()


def test_the_host_notes_who_was_there(
    press: Callable[..., Any], read: Callable[..., str], mira: Person
) -> None:
    exchange = make_exchange(mira, days=-1)
    came, stayed = seat(exchange), seat(exchange)
    assert "not noted yet" in read("exchange", exchange.pk)
    press("attendance", exchange.pk, present=[came.person_id, "x", "9" * 30])
    found = dict(SignUp.objects.values_list("pk", "attended"))
    assert found == {came.pk: True, stayed.pk: False}
    assert "not noted yet" not in read("exchange", exchange.pk)


def test_guests_see_no_attendance_and_no_single_answer(read: Callable[..., str]) -> None:
    exchange = make_exchange(days=-1, seats=9)
    for answer in ("yes", "no", "no"):
        seat(exchange, attended=True, answer=answer)
    text = read("exchange", exchange.pk)
    assert "What those who were there say" in text
    assert "attendance" not in text


def test_links_are_added_with_what_is_wrong_said_beside_them(press: Callable[..., Any], mira: Person) -> None:
    exchange = make_exchange(mira)
    assert (
        "Slides" in press("material_add", exchange.pk, title="Slides", link="example.org/s").content.decode()
    )
    assert exchange.materials.get().link == "https://example.org/s"
    again = press("material_add", exchange.pk, title="Slides", link="example.org/s")
    assert again.status_code == 422
    assert "This link is there already." in again.content.decode()
    assert press("material_add", exchange.pk, title="", link="").status_code == 422
    press("material_remove", exchange.pk, exchange.materials.get().pk)
    assert not exchange.materials.exists()


def test_strangers_keep_nothing(press: Callable[..., Any], read: Callable[..., str]) -> None:
    exchange = make_exchange()
    for name in ("edit", "move", "cancel"):
        read(name, exchange.pk, status=403)
    assert press("material_add", exchange.pk, title="Mine", link="https://example.org").status_code == 403
    assert "Only the host" in press("material_remove", exchange.pk, add_link(exchange)).content.decode()


def test_the_file_is_for_everybody_and_a_calendar(client: Client, mira: Person) -> None:
    exchange = make_exchange(title="Read SQL")
    client.force_login(mira)
    answer = client.get(reverse("exchanges:file", args=[exchange.pk]))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="exchange-{exchange.pk}.ics"'
    event = vobject.readOne(answer.content.decode()).vevent
    assert (event.summary.value, event.status.value) == ("Read SQL", "CONFIRMED")


@pytest.mark.parametrize("name", ["exchange", "file", "edit", "move", "cancel", "proposal"])
@pytest.mark.parametrize("pk", [424242, 2**70])
def test_what_is_not_there_is_not_found(read: Callable[..., str], name: str, pk: int) -> None:
    read(name, pk, status=404)


# Planning -------------------------------------------------------------------------------------------------


def test_an_exchange_is_planned_by_the_clocks_of_its_planner(press: Callable[..., Any], mira: Person) -> None:
    answer = press("new", **planning(host=mira.email))
    assert "It is planned." in answer.content.decode()
    exchange = Exchange.objects.get()
    assert (exchange.host, exchange.zone) == (mira, "Europe/Berlin")
    assert f"{exchange.starts_at.astimezone(BERLIN):%H:%M}" == "14:00"


def test_a_series_is_planned_in_one_go(press: Callable[..., Any], mira: Person) -> None:
    answer = press("new", **planning(host=mira.email, every_weeks="2", times="3"))
    text = answer.content.decode()
    assert "3 sessions are planned." in text
    assert "All sessions of the series" in text
    assert Exchange.objects.count() == 3


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "Fill in this field."),
        ({"place": "", "link": ""}, "Say where it takes place"),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"ends": "13:00"}, "It has to end after it begins."),
        ({"day": "2020-01-01"}, "Choose a moment in the future."),
        ({"day": "9999-12-31", "every_weeks": "4", "times": "26"}, "Choose a day within the next two years."),
        ({"day": "0001-01-01"}, "Choose a day within the next two years."),
        ({"every_weeks": "1", "times": "27"}, "Ensure this value is less than or equal to 26."),
        ({"day": "soon"}, "Enter a valid date."),
        ({"begins": "25:00"}, "Enter a valid time."),
        ({"seats": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"every_weeks": "3"}, "Select a valid choice."),
        ({"every_weeks": "0", "times": "3"}, "Say how often, or plan one session."),
        ({"every_weeks": "1", "times": "1"}, "Say how many sessions there are, at least two."),
        ({"host": "nobody@example.org"}, "Nobody fits this."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    press: Callable[..., Any], mira: Person, wrong: dict[str, object], words: str
) -> None:
    answer = press("new", **planning(**{"host": mira.email, **wrong}))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Exchange.objects.exists()


def test_a_host_who_is_elsewhere_is_warned_and_may_mean_it(press: Callable[..., Any], mira: Person) -> None:
    press("new", **planning(host=mira.email, title="First"))
    warned = press("new", **planning(host=mira.email, begins="14:30", ends="16:00"))
    assert warned.status_code == 422
    assert "At this time the host also holds:" in warned.content.decode()
    assert Exchange.objects.count() == 1
    press("new", **planning(host=mira.email, begins="14:30", ends="16:00", anyway="on"))
    assert Exchange.objects.count() == 2


def test_only_own_people_are_named_as_host(press: Callable[..., Any]) -> None:
    answer = press("new", **planning(host=make_person().email))
    assert "You can name yourself" in answer.content.decode()


def test_a_day_of_job_shadowing_is_no_button_for_ones_own_side(
    read: Callable[..., str], mira: Person
) -> None:
    own, other = make_person(*mira.teams.all()), make_person(make_team(Side.IT))
    button = "Sign up</button>"
    for host, is_offered in ((own, False), (other, True)):
        page = read("exchange", make_exchange(host, kind="shadowing", seats=1).pk)
        assert (button in page, "you are both on the same one" not in page) == (is_offered, is_offered)
        page = read("proposal", make_proposal(host, kind="shadowing").pk)
        assert ("I offer this day" in page, "a day with the other side" not in page) == (
            is_offered,
            is_offered,
        )
    assert button in read("exchange", make_exchange(own).pk)


def test_what_is_missing_is_listed_as_the_fields_stand(press: Callable[..., Any]) -> None:
    page = press("new").content.decode()
    places = [page.index(f'<a href="#id_{name}">') for name in ("title", "ability", "day", "begins", "seats")]
    assert places == sorted(places)


def test_a_day_of_job_shadowing_is_offered(
    press: Callable[..., Any], read: Callable[..., str], mira: Person
) -> None:
    assert 'name="seats"' not in read("new", query="?kind=shadowing")
    press("new", query="?kind=shadowing", **planning(host=mira.email))
    assert (Exchange.objects.get().kind, Exchange.objects.get().seats) == ("shadowing", 1)
    read("new", query="?kind=party", status=404)


def test_editing_keeps_what_another_wrote_meanwhile(press: Callable[..., Any], mira: Person) -> None:
    exchange = make_exchange(mira, title="Old")
    words = {"title": "New", "ability": exchange.ability, "place": exchange.place, "seats": "2"}
    assert "Saved." in press("edit", exchange.pk, **words, version="1").content.decode()
    clash = press("edit", exchange.pk, **{**words, "title": "Newer"}, version="1")
    assert clash.status_code == 422
    assert "This was changed meanwhile." in clash.content.decode()
    exchange.refresh_from_db()
    assert exchange.title == "New"


def test_moving_and_cancelling(press: Callable[..., Any], read: Callable[..., str], mira: Person) -> None:
    exchange = make_exchange(mira)
    assert 'value="1"' in read("move", exchange.pk)
    day = in_days(12).astimezone(BERLIN).date().isoformat()
    hours = {"day": day, "begins": "09:00", "ends": "10:00"}
    assert "Moved." in press("move", exchange.pk, **hours, version="1").content.decode()
    stale = press("move", exchange.pk, **{**hours, "begins": "09:30"}, version="1")
    assert stale.status_code == 422
    assert press("cancel", exchange.pk, reason="", version="2").status_code == 422
    text = press("cancel", exchange.pk, reason="The host is ill.", version="2").content.decode()
    assert "This exchange is cancelled." in text
    assert "The host is ill." in text


def test_admins_keep_every_exchange(client: Client) -> None:
    exchange = make_exchange(make_person(is_active=False))
    client.force_login(make_admin(language="en"))
    text = client.get(exchange.get_absolute_url()).content.decode()
    assert "The host has left the company." in text
    assert client.get(reverse("exchanges:cancel", args=[exchange.pk])).status_code == 200


# Wishing --------------------------------------------------------------------------------------------------


def test_a_wish_is_made_shared_and_taken_up(
    press: Callable[..., Any], read: Callable[..., str], mira: Person
) -> None:
    assert 'value="SQL"' in read("propose", query="?topic=SQL")
    press("propose", title="Read SQL", ability="I read a query.", topic="SQL")
    proposal = ExchangeProposal.objects.get()
    assert "1 of 5 would come." in read("proposal", proposal.pk)
    taken_up = read("new", query=f"?proposal={proposal.pk}")
    assert "You take up a wish." in taken_up
    assert "Read SQL" in taken_up
    press("new", query=f"?proposal={proposal.pk}", **planning(host=mira.email))
    assert "It takes place:" in read("proposal", proposal.pk)
    read("new", query=f"?proposal={proposal.pk}", status=404)
    read("new", query="?proposal=x", status=404)


def test_one_would_come_and_would_not(press: Callable[..., Any], mira: Person) -> None:
    proposal = make_proposal(voices=3)
    assert "5 would come: it needs a host." in press("wish", proposal.pk).content.decode()
    assert "I would come" in press("unwish", proposal.pk).content.decode()
    assert not proposal.wishes.filter(person=mira).exists()
    assert "Only who proposed it" in press("withdraw", proposal.pk).content.decode()


def test_who_could_host_it_is_named_with_the_reason(read: Callable[..., str]) -> None:
    make_exchange(make_person(name="Tom Reiter"), days=-3, topic="SQL")
    text = read("proposal", make_proposal(topic="sql").pk)
    assert "Tom Reiter" in text
    assert "has taught this topic once" in text


def test_a_day_is_asked_for(press: Callable[..., Any], read: Callable[..., str], mira: Person) -> None:
    press("propose", query="?kind=shadowing", title="A day in CRM", ability="I know what you do.")
    proposal = ExchangeProposal.objects.get()
    assert proposal.kind == "shadowing"
    assert "would come." not in read("proposal", proposal.pk)
    press("withdraw", proposal.pk)
    proposal.refresh_from_db()
    assert proposal.closed_at is not None
    assert press("propose", title="", ability="").status_code == 422


def test_in_german_too(client: Client) -> None:
    person = make_person(language="de")
    client.force_login(person)
    exchange = make_exchange(seats=1)
    seat(exchange, person, standing=Standing.SEAT)
    text = client.get(exchange.get_absolute_url()).content.decode()
    assert "Was Sie danach können" in text
    assert "Mich abmelden" in text
