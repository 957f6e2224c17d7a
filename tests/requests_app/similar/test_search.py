"""The search for similar requests and solutions: what it finds, for whom, and at what cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from requests_app import vocabulary
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.relatives import spellings
from requests_app.similar.search import MOST_WORDS, similar, typed
from teams.models import Person
from tests.factories import make_person, make_request, make_solution, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person()


def there(title: str, status: str = Status.SUBMITTED, **fields: object) -> Request:
    """A request whose words the portal has learnt."""
    made = make_request(status, title=title, **fields)
    vocabulary.learn(made)
    return made


def found(person: Person, title: str, text: str = "", **options: object) -> list[str]:
    return [hit.request.title for hit in similar(title, text, to=person, **options).requests]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("Anmeldung", "Newsletteranmeldung"),
        ("Newsletteranmeldung", "Anmeldung vereinfachen"),
        ("Newsletteranmeldung", "Neuer Newsletter"),
        ("Newsletter", "Newsletteranmeldung"),
        ("Kundenkarten", "Karte für Kunden"),
        ("Einwilligungsabfrage", "Abfrage der Einwilligung"),
        ("Häuser", "Haus"),
        ("Haeuser", "Häuser"),
        ("Strasse", "Straße"),
        ("kündigen", "Kündigung"),
        ("subscriptions", "A subscription"),
        ("newsl", "Newsletter"),
    ],
)
def test_it_finds_other_forms_and_parts_of_words(person: Person, asked: str, title: str) -> None:
    for other in ("Karte", "Kunde", "Einwilligung", "Abfrage", "Anmeldung", "Newsletter"):
        there(f"{other} {other}", Status.WITHDRAWN)
    there(title)
    there("Etwas ganz anderes")
    assert found(person, asked) == [title]


def test_a_compound_is_found_even_where_its_other_part_is_unknown(person: Person) -> None:
    there("Vereinsheimanmeldung")
    assert found(person, "Anmeldung") == ["Vereinsheimanmeldung"]


@pytest.mark.parametrize(("asked", "title"), [("Rat", "Apparat"), ("die und für", "die und für uns")])
def test_short_endings_and_stop_words_are_no_parts(person: Person, asked: str, title: str) -> None:
    there(title)
    assert found(person, asked) == []


def test_the_whole_word_leads_its_parts(person: Person) -> None:
    there("Anmeldung")
    there("Newsletter")
    there("Newsletteranmeldung")
    assert found(person, "Newsletteranmeldung")[0] == "Newsletteranmeldung"


def test_the_title_counts_more_than_what_follows(person: Person) -> None:
    there("Etwas", customer_need="Gutschein")
    there("Gutschein")
    assert found(person, "Gutschein")[0] == "Gutschein"


def test_it_finds_by_the_need_alone(person: Person) -> None:
    there("Regenjacken verleihen")
    assert found(person, "", "Viele möchten eine Regenjacke leihen.") == ["Regenjacken verleihen"]


@pytest.mark.parametrize("status", Status.values)
def test_it_finds_what_is_open_parked_or_delivered(person: Person, status: str) -> None:
    there("Gutschein", status, requester=person)
    hidden = status in (Status.DRAFT, Status.DECLINED, Status.WITHDRAWN)
    assert found(person, "Gutschein") == ([] if hidden else ["Gutschein"])


def test_nobody_finds_what_they_may_not_see(person: Person) -> None:
    hidden = there("Gutschein", restricted=True)
    assert found(person, "Gutschein") == []
    assert hidden.requester
    assert found(hidden.requester, "Gutschein") == ["Gutschein"]


def test_hidden_requests_do_not_push_others_out(person: Person) -> None:
    for _copy in range(60):
        make_request(title="Gutschein Gutschein Gutschein", restricted=True)
    there("Ein Gutschein")
    assert found(person, "Gutschein") == ["Ein Gutschein"]


def test_it_leaves_out_the_request_that_is_asked_about(person: Person) -> None:
    one, _other = there("Gutschein eins"), there("Gutschein zwei")
    assert found(person, "Gutschein", besides=one.pk) == ["Gutschein zwei"]


def test_it_finds_solutions_with_their_teams(person: Person) -> None:
    team = make_team(name="CRM")
    make_solution(team, title="Mailroboter", purpose="Er verschickt Gutscheine.")
    make_solution(team, title="Kasse", purpose="Sie zählt.")
    hits = similar("Gutschein verschicken", to=person)
    assert [(one.title, one.team) for one in hits.solutions] == [("Mailroboter", "CRM")]
    assert hits
    assert not hits.requests


def test_a_hit_tells_status_turn_and_teams_without_another_query(person: Person) -> None:
    made = there("Gutschein", Status.IN_REVIEW)
    hits = similar("Gutschein", to=person)
    with CaptureQueriesContext(connection) as more:
        hit = hits.requests[0]
        assert (hit.request.status, hit.request.turn, hit.request.key) == ("in_review", "marketing", made.key)
        assert hit.request.turn_since == made.turn_since
        assert hit.serving_team == str(made.serving_team)
    assert not more.captured_queries


@pytest.mark.parametrize("rows", [1, 30])
def test_it_is_one_query_whatever_there_is(person: Person, rows: int) -> None:
    for n in range(rows):
        there(f"Gutschein {n}")
        make_solution(title=f"Gutscheine {n}")
    with CaptureQueriesContext(connection) as captured:
        hits = similar("Gutscheinkarte", "Ein Gutschein für alle", to=person)
    assert len(captured.captured_queries) == 1
    assert len(hits.requests) == min(rows, 5)


@pytest.mark.parametrize("text", ["", "  ", "a b", "12 34", "\0", "''", "& | !"])
def test_without_a_word_nothing_is_asked(person: Person, text: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert not similar(text, to=person)
    assert not captured.captured_queries


@pytest.mark.parametrize(
    "text",
    [
        "it's & | ! <-> :* \\ quoting",
        "'; DROP TABLE x; --",
        "100 % sicher %s %(words)s",
        "ﬀ ſtraße İstanbul",
        "x" * 9_000,
    ],
)
def test_any_text_is_a_valid_one(person: Person, text: str) -> None:
    there("Gutschein")
    similar(text, text, to=person)


def test_frequent_words_find_together(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("requests_app.similar.search.MOST_TEXTS", 3)
    for n in range(8):
        there(f"Gutschein {n}")
        there(f"Karte {n}")
    there("Karte oder Gutschein")
    assert found(person, "Gutschein Karte") == ["Karte oder Gutschein"]


def test_of_a_long_text_the_first_words_are_looked_for() -> None:
    text = " ".join(f"wort{'abcdefghij'[n % 10] * (n // 10 + 1)}" for n in range(100))
    assert len({position for position, _worth, _word in typed("", text)}) == MOST_WORDS


def test_a_word_of_the_title_keeps_its_worth() -> None:
    assert typed("Karte", "Karte Kunde") == [(0, 1.0, "karte"), (1, 0.5, "kunde")]


@pytest.mark.parametrize(
    ("word", "ways"),
    [("karte", ["karte"]), ("über", ["über", "ueber"]), ("strasse", ["strasse", "straße"])],
)
def test_the_ways_to_write_a_word(word: str, ways: list[str]) -> None:
    assert list(spellings(word)) == ways
