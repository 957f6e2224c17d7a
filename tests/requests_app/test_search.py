"""Full-text search: what is found, how it is ranked and marked, and that it takes any input."""

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from requests_app import search as searching
from requests_app.choices import Status
from requests_app.models import Request
from requests_app.search import clean_query, highlighted, number_in, search, total_in_words
from teams.models import Person
from teams.rules import InvalidFields
from tests.factories import make_admin, make_person, make_request, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Person:
    return make_person()


def numbers(text: str, person: Person) -> list[int]:
    return [hit.request.number for hit in search(text, person).hits]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Viele Kündigungen gehen im Rauschen unter", "kündigung"),
        ("Der Wert eines Gutscheins fehlt", "Gutscheine"),
        ("Anfragen aus den Filialen bleiben liegen", "filiale anfrage"),
        ("Customers are choosing their topics", "choose topic"),
        ("Customers are choosing their topics", "Customer"),
    ],
)
def test_both_languages_find_other_forms_of_a_word(reader: Person, text: str, words: str) -> None:
    row = make_request(customer_need=text)
    make_request(customer_need="Etwas anderes, something else.")
    assert numbers(words, reader) == [row.number]


@pytest.mark.parametrize("field", ["title", "customer_need", "outcome", "wished_tool", "metric"])
def test_every_text_is_searched(reader: Person, field: str) -> None:
    row = make_request(**{field: "Kaleidoskop"})
    make_request()
    assert numbers("Kaleidoskop", reader) == [row.number]


def test_all_words_are_asked_for(reader: Person) -> None:
    both = make_request(title="Newsletter Themen")
    make_request(title="Newsletter")
    make_request(title="Themen")
    assert numbers("themen newsletter", reader) == [both.number]


def test_the_last_word_is_a_beginning(reader: Person) -> None:
    row = make_request(title="Einwilligungen einholen")
    assert numbers("einwill", reader) == [row.number]
    assert numbers("einholen einw", reader) == [row.number]
    assert numbers("einw einholen", reader) == []


def test_two_letters_are_no_beginning(reader: Person) -> None:
    make_request(title="Einwilligungen einholen")
    assert numbers("xz", reader) == numbers("ei", reader) == []


def test_quotes_or_and_without_work(reader: Person) -> None:
    first = make_request(title="rote Ampel")
    second = make_request(title="Ampel in rote Farbe getaucht")
    third = make_request(title="blaue Welle")
    assert numbers('"rote Ampel"', reader) == [first.number]
    assert set(numbers("ampel or welle", reader)) == {first.number, second.number, third.number}
    assert numbers("ampel -farbe", reader) == [first.number]


def test_a_hit_in_the_title_goes_before_one_in_the_text(reader: Person) -> None:
    title = make_request(title="Gutschein einlösen")
    make_request(wished_tool="Ein Werkzeug für den Gutschein")
    assert numbers("gutschein", reader)[0] == title.number


def test_of_equal_hits_the_newer_goes_first(reader: Person) -> None:
    rows = [make_request(title="Gutschein") for _ in range(3)]
    assert numbers("gutschein", reader) == [row.number for row in reversed(rows)]


@pytest.mark.parametrize("form", ["T-{}", "t-{}", "T{}", "#{}", "{}", " t - {} "])
def test_a_number_is_found_in_every_form_and_goes_first(reader: Person, form: str) -> None:
    row = make_request()
    other = make_request(title=f"Nachtrag zu T-{row.number} und {row.number}")
    found = numbers(form.format(row.number), reader)
    assert found[0] == row.number
    assert set(found) <= {row.number, other.number}


@pytest.mark.parametrize(
    "text", ["0", "T-0", "12a", "T-", "99999999999999999999999", "9223372036854775808", "²"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_in(text) is None


def test_restricted_requests_are_found_only_by_who_may_see_them(reader: Person) -> None:
    crm = make_team()
    row = make_request(title="Fusion der Filialen", restricted=True, serving_team=crm)
    for query in ("fusion", row.key):
        assert numbers(query, reader) == []
        assert search(query, reader).total == 0
        assert numbers(query, make_person(crm)) == [row.number]
        assert numbers(query, make_admin()) == [row.number]


def test_drafts_are_not_found_not_even_ones_own(reader: Person) -> None:
    draft = make_request(Status.DRAFT, title="Vorläufig", requester=reader)
    assert numbers("vorläufig", reader) == numbers(draft.key, reader) == []


def test_the_words_are_marked_in_title_and_text(reader: Person) -> None:
    make_request(title="Newsletter-Themen wählen", outcome="Jede Ausgabe des Newsletters passt.")
    hit = search("newsletter", reader).hits[0]
    assert "<mark>Newsletter</mark>" in hit.title
    assert "<mark>Newsletters</mark>" in hit.excerpt


def test_a_passage_that_was_cut_says_so(reader: Person) -> None:
    make_request(customer_need="Gutschein " + "und noch viel mehr Text " * 30, outcome="Kurz.")
    assert search("gutschein", reader).hits[0].excerpt.endswith(" …")
    make_request(title="Kassenbon", customer_need="Ganz.", outcome="Kurz.")
    assert search("kassenbon", reader).hits[0].excerpt == "Ganz. … Kurz."


def test_an_english_text_is_marked_by_english_rules(reader: Person) -> None:
    make_request(outcome="Customers are choosing topics.")
    assert "<mark>choosing</mark>" in search("choose", reader).hits[0].excerpt


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>Angebot</b>", "&lt;i&gt;"]
)
def test_what_people_wrote_is_escaped_around_the_marks(reader: Person, evil: str) -> None:
    make_request(title=f"Angebot {evil} Ende", customer_need=f"{evil} Angebot {evil}")
    hit = search("angebot", reader).hits[0]
    for html in (hit.title, hit.excerpt):
        bare = html.replace("<mark>", "").replace("</mark>", "")
        assert html != bare
        assert "<" not in bare


def test_nobody_can_write_a_mark_into_a_text() -> None:
    assert highlighted("\x02a\x03 \x03b\x02 <i>\x02c\x02\x03") == "<mark>a</mark> b &lt;i&gt;c"


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
def test_any_input_is_a_valid_query(reader: Person, text: str) -> None:
    assert search(clean_query(text), reader).hits == []


@pytest.mark.parametrize(
    "text",
    [
        "'",
        "\\",
        "&",
        "a & | b",
        "!",
        "(",
        ":*",
        "it's",
        '"',
        '"open',
        "-",
        "--",
        "or",
        "<->",
        "a:*",
        "%",
        "ab'c",
    ],
)
def test_the_databases_own_signs_do_no_harm(reader: Person, text: str) -> None:
    make_request()
    search(text, reader)


def test_a_word_of_no_meaning_finds_nothing(reader: Person) -> None:
    make_request(title="in")
    assert search("in", reader).total == 0


def test_pages_hold_twenty_and_the_last_one_the_rest(reader: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "PAGE_SIZE", 2)
    rows = [make_request(title="Gutschein").number for _ in range(5)]
    pages = [search("gutschein", reader, page) for page in (1, 2, 3)]
    assert [hit.request.number for found in pages for hit in found.hits] == rows[::-1]
    assert {found.pages for found in pages} == {3}
    assert search("gutschein", reader, 99).page == 3
    assert search("gutschein", reader, -1).page == 1


def test_beyond_the_limit_the_newest_are_ranked_and_the_total_is_not_counted(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = make_request(title="Gutschein Gutschein Gutschein")
    newer = [make_request(outcome="Ein Gutschein hilft.") for _ in range(3)]
    monkeypatch.setattr(searching, "MOST_RANKED", 3)
    found = search("gutschein", reader)
    assert (found.total, found.more) == (3, True)
    assert {hit.request for hit in found.hits} == set(newer)
    assert oldest not in {hit.request for hit in found.hits}


def test_a_number_is_found_even_where_newer_hits_fill_the_limit(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_request()
    for _ in range(3):
        make_request(title=f"Gate {old.number}")
    monkeypatch.setattr(searching, "MOST_RANKED", 2)
    found = search(str(old.number), reader)
    assert found.hits[0].request == old
    assert found.more


def test_the_total_is_said_in_words(reader: Person) -> None:
    make_request(title="Gutschein")
    with translation.override("en"):
        assert total_in_words(search("gutschein", reader)) == "1 hit"
        many = searching.Found([], 1000, True, 1, 50)
        assert total_in_words(many).startswith("More than 1,000 hits")


def test_a_query_has_at_most_two_hundred_characters_and_no_nul() -> None:
    assert clean_query("  two \n words ") == "two words"
    assert clean_query("x" * 200) == "x" * 200
    for wrong in ("x" * 201, "a\x00b", "a\x02b", "\ud800"):
        with pytest.raises(InvalidFields) as refusal:
            clean_query(wrong)
        assert refusal.value.missing[0].field == "q"


def test_three_queries_whatever_is_found(
    reader: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(4):
        make_request(title="Gutschein")
    with django_assert_max_num_queries(3):
        for hit in search("gutschein", reader).hits:
            assert hit.request.serving_team is not None
            assert isinstance(hit.request, Request)
