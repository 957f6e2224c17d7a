"""The tags of the frame library, the menu, and the pages that must render whatever fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import css_inline
import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import NoReverseMatch, path, reverse
from django.utils import translation

from activity import clock
from portal import context
from portal.context import Entry, Frame
from portal.templatetags import frame as tags
from requests_app.choices import Status
from teams.models import Person
from tests.factories import make_admin, make_person

# In winter the portal's zone, Berlin, is one hour ahead.
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@dataclass
class Somebody:
    name: str
    side: str


MIRA = Somebody("Mira Brandt", "marketing")
TOM = Somebody("Tom Reiter", "it")


def draw(source: str, **values: Any) -> str:
    return Template("{% load frame %}" + source).render(Context(values))


# Icons and people ---------------------------------------------------------------------------------
def test_an_icon_is_silent_beside_its_words() -> None:
    assert draw('{% icon "home" %}') == (
        '<svg class="icon" aria-hidden="true"><use href="/static/icons.svg#home"/></svg>'
    )


def test_an_icon_that_bears_the_meaning_alone_is_told() -> None:
    drawn = draw('{% icon "lock" label=words %}', words='Only "us"')
    assert 'role="img" aria-label="Only &quot;us&quot;"' in drawn


def test_an_avatar_shows_initials_in_the_side_s_colour_and_tells_the_side_in_words() -> None:
    drawn = draw("{% avatar person %}", person=MIRA)
    assert 'class="face marketing"' in drawn
    assert 'aria-label="Mira Brandt, Marketing"' in drawn
    assert ">MB<" in drawn


def test_a_bridge_person_has_both_colours() -> None:
    assert 'class="face both lg"' in draw('{% avatar person "lg" %}', person=Somebody("Bo Riva", "both"))


def test_names_are_escaped() -> None:
    drawn = draw("{% avatar person %}", person=Somebody('<b>"X"</b> Y', "it"))
    assert "<b>" not in drawn


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Mira Brandt", "MB"), ("Anna von der Tann", "AT"), ("plato", "P"), ("Ö. (IT) Åse", "ÖÅ"), ("…", "?")],
)
def test_initials(name: str, letters: str) -> None:
    assert tags.initials(name) == letters


def test_a_tandem_is_two_overlapping_avatars() -> None:
    drawn = draw("{% tandem m t %}", m=MIRA, t=TOM)
    assert drawn.startswith('<span class="tandem">')
    assert drawn.index(">MB<") < drawn.index(">TR<")


def test_an_empty_seat_is_a_question_mark_with_words() -> None:
    drawn = draw("{% tandem m t %}", m=MIRA, t=None)
    assert 'class="face nobody"' in drawn
    assert ">?<" in drawn
    assert "seat is empty" in drawn


def test_a_seat_has_its_side_s_colour_even_with_a_bridge_person() -> None:
    drawn = draw("{% tandem m t %}", m=Somebody("Bo Riva", "both"), t=None)
    assert 'class="face marketing"' in drawn


# Sides, turns, statuses ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("side", "word"),
    [("marketing", "Marketing"), ("it", "IT"), ("both", "Marketing and IT"), ("other", "Other")],
)
def test_a_side_has_its_word(side: str, word: str) -> None:
    assert draw("{% side_badge side %}", side=side) == f'<span class="pill {side}">{word}</span>'


def test_a_turn_tells_the_side_and_the_time() -> None:
    with clock.moved_to(NOW):
        drawn = draw("{% turn 'it' since %}", since=NOW - timedelta(days=2))
    assert 'class="pill turn it"' in drawn
    assert "IT&#x27;s turn" in drawn
    assert ">for 2 days</time>" in drawn


def test_a_turn_of_nobody_needs_no_time() -> None:
    assert draw("{% turn 'nobody' None %}") == '<span class="pill turn nobody">Nobody&#x27;s turn</span>'


@pytest.mark.parametrize("status", Status.values)
def test_each_status_has_its_words_and_its_shape(status: str) -> None:
    drawn = draw("{% status_badge status %}", status=status)
    assert drawn == f'<span class="status {status}">{Status(status).label}</span>'


def test_the_dial_is_drawn_by_attributes_alone() -> None:
    drawn = draw("{% dial 62 %}")
    assert 'stroke-dasharray="62 100"' in drawn
    assert "<b>62</b>" in drawn
    assert "style=" not in drawn


def test_no_impact_yet_is_a_dash() -> None:
    assert "–</span>" in draw("{% dial None %}")


def test_zero_impact_is_a_number() -> None:
    assert "<b>0</b>" in draw("{% dial 0 %}")


def test_a_request_s_key() -> None:
    assert draw("{{ 12|key }}") == "T-12"


# Times --------------------------------------------------------------------------------------------
def test_a_time_carries_its_exact_moment() -> None:
    with clock.moved_to(NOW):
        drawn = draw("{% ago moment %}", moment=NOW - timedelta(hours=2))
    assert 'datetime="2026-11-24T10:00:00+00:00"' in drawn
    assert 'title="24 November 2026, 11 a.m."' in drawn


def test_the_page_s_moment_is_told_in_the_portal_s_zone() -> None:
    assert ">24 Nov, 13:00<" in draw("{% moment value %}", value=NOW)


def test_a_day_of_this_year_goes_without_the_year() -> None:
    with clock.moved_to(NOW):
        assert draw("{% day value %}", value=date(2026, 2, 1)) == '<time datetime="2026-02-01">1 Feb</time>'
        assert draw("{% day value %}", value=date(2027, 2, 1)) == (
            '<time datetime="2027-02-01">1 Feb 2027</time>'
        )


# Forms --------------------------------------------------------------------------------------------
class Sheet(forms.Form):
    title = forms.CharField(help_text="One sentence")
    kind = forms.ChoiceField(choices=[("a", "A")], required=False)
    places = forms.MultipleChoiceField(
        choices=[("w", "Web")], widget=forms.CheckboxSelectMultiple, required=False
    )
    closed = forms.BooleanField(required=False)


def field(name: str, data: dict[str, Any] | None = None, **values: Any) -> str:
    form = Sheet(data)
    return render_to_string("_field.html", {"field": form[name], **values})


def test_a_field_is_told_with_guidance_example_and_errors() -> None:
    drawn = field("title", {}, example="Choose topics")
    assert 'aria-describedby="id_title_guide id_title_example id_title_error"' in drawn
    for part in ("guide", "example", "error"):
        assert f'id="id_title_{part}"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'class="form-control"' in drawn


def test_a_field_in_order_is_described_by_what_is_there() -> None:
    drawn = field("title", {"title": "x"})
    assert 'aria-describedby="id_title_guide"' in drawn
    assert "aria-invalid" not in drawn


def test_an_optional_field_says_so() -> None:
    assert "(optional)" in field("kind")
    assert "(optional)" not in field("title")
    assert "(optional)" not in field("kind", hide_optional=True)


def test_a_selection_looks_like_one() -> None:
    assert 'class="form-select"' in field("kind")


def test_a_group_of_boxes_has_a_legend() -> None:
    drawn = field("places")
    assert "<fieldset" in drawn
    assert "<legend" in drawn
    assert "form-control" not in drawn


def test_a_single_box_stands_inside_its_label() -> None:
    drawn = field("closed")
    assert '<label class="tick">' in drawn
    assert "form-control" not in drawn


def test_the_summary_links_to_each_wrong_field() -> None:
    drawn = render_to_string("_error_summary.html", {"form": Sheet({})})
    assert 'href="#id_title"' in drawn
    assert 'role="alert"' in drawn
    assert "One thing is still missing" in drawn


def test_a_form_in_order_has_no_summary() -> None:
    assert "errors-summary" not in render_to_string("_error_summary.html", {"form": Sheet({"title": "x"})})


def test_paging_shows_only_the_ways_there_are() -> None:
    drawn = render_to_string("_pagination.html", {"next": "/next", "previous": ""})
    assert 'rel="next" href="/next"' in drawn
    assert 'rel="prev"' not in drawn
    assert render_to_string("_pagination.html", {"next": "", "previous": ""}).strip() == ""


def test_an_empty_page_invites() -> None:
    drawn = render_to_string(
        "_empty.html", {"title": "No request yet", "text": "Say it.", "url": "/new/", "label": "New"}
    )
    assert '<a class="btn" href="/new/">New</a>' in drawn


# The menu -----------------------------------------------------------------------------------------
def nothing(*args: Any, **kwargs: Any) -> None:
    raise AssertionError("not to be called")


urlpatterns = [path("work/", nothing, name="work"), path("work/list/", nothing, name="list")]  # type: ignore[arg-type]
ENTRIES = (
    Entry("home", "work", "Work", "home"),
    Entry("list", "list", "List", "list-details"),
    Entry("gone", "not:there", "Gone", "x"),
    Entry("secret", "work", "Secret", "lock", for_admins=True),
)


@pytest.fixture
def menu(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The menu of a page, with routes of our own."""
    monkeypatch.setattr(context, "ENTRIES", ENTRIES)

    def at(address: str, person: Any = None) -> Frame:
        request = RequestFactory().get(address)
        request.user = person or AnonymousUser()
        return Frame(request)

    with override_settings(ROOT_URLCONF=__name__):
        yield at


def test_the_menu_shows_only_what_exists(menu: Any) -> None:
    assert [link.key for link in menu("/").work] == ["home", "list"]


def test_admins_see_what_is_theirs(menu: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "shown", lambda person: {})
    assert [link.key for link in menu("/", Person(is_admin=True)).work] == ["home", "list", "secret"]


def test_the_page_where_one_is_is_marked(menu: Any) -> None:
    assert [link.is_current for link in menu("/work/list/?q=1").work] == [True, True]
    assert [link.is_current for link in menu("/work/").work] == [True, False]
    assert [link.is_current for link in menu("/elsewhere/").work] == [False, False]


def test_counters_are_asked_once_and_only_for_people(menu: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Person] = []

    def counter(person: Person) -> dict[str, str]:
        asked.append(person)
        return {"home": "4"}

    monkeypatch.setattr(context, "shown", counter)
    somebody = Person(name="x")
    frame = menu("/", somebody)
    assert not asked
    assert [link.count for link in frame.work] == ["4", ""]
    assert frame.together == []
    assert frame.counts == {"home": "4"}
    assert asked == [somebody]
    assert menu("/").counts == {}
    assert len(asked) == 1


def test_no_address_for_a_route_that_is_not_there() -> None:
    assert context.address("not:there") == ""
    with pytest.raises(NoReverseMatch):
        reverse("not:there")


# Pages --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["403", "404", "405", "429", "500", "403_csrf"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_error_pages_need_neither_context_nor_database(page: str, language: str) -> None:
    with translation.override(language):
        drawn = render_to_string(f"{page}.html")
    assert "<h1>" in drawn
    assert f'lang="{language}"' in drawn
    assert 'href="/static/tandem.css"' in drawn


@pytest.mark.django_db
def test_a_page_tells_where_one_is_and_offers_the_switches() -> None:
    request = RequestFactory().get("/")
    request.user = make_admin(name="Ada Admin")
    drawn = render_to_string("base.html", {"user": request.user}, request=request)
    assert 'href="#content"' in drawn
    assert "AA</span>" in drawn
    assert drawn.count('data-theme-choice="') == 3
    assert '<meta name="csrf-token" content="' in drawn


@pytest.mark.django_db
def test_the_frame_needs_no_query_without_counters(django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/")
    request.user = make_person()
    with django_assert_num_queries(0), pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "shown", lambda person: {})
        render_to_string("base.html", {"user": request.user}, request=request)


SIGNED_OUT = [
    "login/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/done/",
    "password/reset/key/1-2-3/",
]
SIGNED_IN = ["logout/", "password/change/"]


def belongs_to_the_design(body: str) -> bool:
    return "tandem.css" in body and "Tandem</title>" in body and 'class="brand"' in body


@pytest.mark.django_db
@pytest.mark.parametrize("address", SIGNED_OUT)
def test_account_pages_of_strangers_belong_to_the_design(client: Client, address: str) -> None:
    answer = client.get(f"/accounts/{address}")
    assert answer.status_code == 200
    assert belongs_to_the_design(answer.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("address", SIGNED_IN)
def test_account_pages_of_people_belong_to_the_design(client: Client, address: str) -> None:
    person = make_person()
    person.set_password("long enough for all")
    person.save()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(f"/accounts/{address}")
    assert answer.status_code == 200
    assert belongs_to_the_design(answer.content.decode())


@pytest.mark.django_db
def test_a_wrong_password_is_told_at_the_form(client: Client) -> None:
    answer = client.post("/accounts/login/", {"login": "nobody@example.org", "password": "wrong"})
    assert answer.status_code == 200
    assert 'class="note bad" role="alert"' in answer.content.decode()


@pytest.mark.django_db
def test_the_mail_for_a_new_password_belongs_to_the_design(client: Client, mailoutbox: list[Any]) -> None:
    person = make_person(email="mira@example.org", name="Mira Brandt")
    person.set_password("long enough for all")
    person.save()
    client.post("/accounts/password/reset/", {"email": person.email}, headers={"accept-language": "en"})
    (mail,) = mailoutbox
    html = mail.alternatives[0][0]
    assert "Good day, Mira Brandt." in mail.body
    assert "/accounts/password/reset/key/" in mail.body
    assert 'class="button"' in html
    assert "<img" not in html


# Mail ---------------------------------------------------------------------------------------------
def test_a_mail_works_without_images_and_keeps_its_dark_styles() -> None:
    html = css_inline.inline(
        render_to_string("mail/base.html", {"heading": "News", "read_url": "https://x/"})
    )
    assert "<img" not in html
    assert "prefers-color-scheme: dark" in html
    assert 'style="' in html
    assert 'href="https://x/"' in html


def test_a_mail_s_footer_offers_only_what_there_is() -> None:
    assert "Unsubscribe" not in render_to_string("mail/base.html", {})
    text = render_to_string("mail/base.txt", {"unsubscribe_url": "https://x/u?a=1&b=2"})
    assert "Unsubscribe with one click: https://x/u?a=1&b=2" in text
