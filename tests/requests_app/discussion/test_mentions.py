"""Mentions: chosen or typed, only of those who may see the request, under their real names."""

import pytest

from activity.models import Event
from requests_app.discussion import comment, edit_comment
from requests_app.discussion.mentions import MOST, mention, offered, plain
from requests_app.markdown import people_in, to_html
from requests_app.models import COMMENT_TEXT, Comment
from teams.models import Person
from teams.rules import InvalidFields
from tests.factories import make_person, make_request
from tests.requests_app.scenes import make_scene

pytestmark = pytest.mark.django_db


def written(body: str) -> str:
    return comment(make_request().number, body, by=make_person()).body


def named() -> list[int]:
    found: list[int] = Event.objects.latest("id").data.get("mentions", [])
    return found


def test_a_chosen_person_is_kept_with_their_id_and_told_in_the_event() -> None:
    tom = make_person(name="Tom Reiter")
    assert written(f"Hello @[Tom Reiter](person:{tom.pk})!") == f"Hello @[Tom Reiter](person:{tom.pk})!"
    assert named() == [tom.pk]


def test_nobody_is_named_under_a_false_name() -> None:
    tom = make_person(name="Tom Reiter")
    assert written(f"@[The Boss](person:{tom.pk})") == mention(tom)


@pytest.mark.parametrize("name", ["Anna [x](y)", "a_b*c*", "Tim `T` <b>", "R & D", "Back\\slash"])
def test_a_name_full_of_signs_is_shown_as_it_is(name: str) -> None:
    person = make_person(name=name)
    kept = written(f"@{person.email} knows")
    assert people_in(kept) == [person.pk]
    assert plain(kept) == f"@{name} knows"
    assert f'href="/people/{person.pk}/"' in to_html(kept)


@pytest.mark.parametrize(
    "typed",
    ["@tom@example.com", "@TOM@Example.com", "@Tom Reiter", "@tom reiter", "(@Tom Reiter)", "@Tom Reiter."],
)
def test_who_only_types_is_understood(typed: str) -> None:
    tom = make_person(name="Tom Reiter", email="tom@example.com")
    assert mention(tom) in written(f"Ask {typed} about it")
    assert named() == [tom.pk]


@pytest.mark.parametrize(
    "text",
    [
        "@nobody@example.com",
        "@Nobody There",
        "mail tom@example.com",
        "x@Tom Reiter",
        "`@Tom Reiter`",
        "```\n@Tom Reiter\n```",
        "``a ` @Tom Reiter``",
        "[Tom](person:1)",
        "@ Tom Reiter",
        "@",
    ],
)
def test_what_is_no_mention_stays_text(text: str) -> None:
    make_person(name="Tom Reiter", email="tom@example.com")
    assert written(text) == text
    assert named() == []


def test_a_backtick_that_closes_nothing_hides_no_mention() -> None:
    tom = make_person(name="Tom Reiter")
    assert written("a ` b @Tom Reiter") == f"a ` b {mention(tom)}"


def test_of_two_with_one_name_nobody_is_guessed() -> None:
    make_person(name="Tom Reiter"), make_person(name="Tom Reiter")
    assert written("@Tom Reiter") == "@Tom Reiter"


def test_somebody_who_may_not_see_the_request_is_not_mentioned() -> None:
    scene, guest = make_scene(restricted=True), make_person(name="Gitta Gast")
    for text in (mention(guest), f"@{guest.email}", "@Gitta Gast"):
        with pytest.raises(InvalidFields) as error:
            comment(scene.request.number, text, by=scene.requester)
        (missing,) = error.value.missing
        assert (missing.code, missing.field) == ("not_visible", "body")
        assert "Gitta Gast" in str(missing.message)
    assert not Comment.objects.exists()
    comment(scene.request.number, mention(scene.it_member), by=scene.requester)


def test_people_who_are_gone_or_never_were_are_not_mentioned() -> None:
    request, gone = make_request(), make_person(is_active=False)
    for text in (mention(gone), f"@[Nobody](person:{gone.pk + 10_000})", "@[X](person:999999999999999999)"):
        with pytest.raises(InvalidFields):
            comment(request.number, text, by=make_person())


def test_a_text_names_at_most_so_many() -> None:
    people = [make_person() for _ in range(MOST + 1)]
    text = " ".join(mention(person) for person in people)
    with pytest.raises(InvalidFields, match="too_many"):
        written(text)
    assert people_in(written(" ".join(mention(person) for person in people[:MOST]))) == named()


def test_ten_thousand_mentions_tell_fifty_people_at_most() -> None:
    """Of the same fifty it would be fifty; but so many do not fit into a comment, and more are too many."""
    request, author = make_request(), make_person()
    few, many = ([make_person() for _ in range(n)] for n in (MOST, MOST + 10))
    for people in (few, many):
        with pytest.raises(InvalidFields):
            comment(
                request.number, " ".join(mention(people[n % len(people)]) for n in range(10_000)), by=author
            )
    fitting = " ".join(mention(few[n % MOST]) for n in range(10_000))[:COMMENT_TEXT].rpartition(" ")[0]
    comment(request.number, fitting, by=author)
    assert len(named()) == MOST


def test_a_text_that_grows_too_long_by_its_mentions_is_refused() -> None:
    make_person(name="Tom Reiter")
    start = "@Tom Reiter "
    with pytest.raises(InvalidFields, match="too_long"):
        written(start + "x" * (COMMENT_TEXT - len(start)))


def test_a_change_tells_only_whom_the_text_did_not_name_before() -> None:
    request, author, first, second = make_request(), make_person(), make_person(), make_person()
    said = comment(request.number, mention(first), by=author)
    Person.objects.filter(pk=first.pk).update(is_active=False)
    edit_comment(request.number, said.pk, f"{mention(first)} {mention(second)}", by=author)
    assert named() == [second.pk]


def test_offers_are_those_who_may_see_it_with_those_who_take_part_first() -> None:
    scene = make_scene(restricted=True)
    make_person(name="Pia Anders")
    Person.objects.filter(pk=scene.it_owner.pk).update(name="Zoe Zander")
    Person.objects.filter(pk=scene.it_member.pk).update(name="Anton Anders")
    assert [one.name for one in offered(scene.request, "ander", scene.requester)] == [
        "Zoe Zander",
        "Anton Anders",
    ]
    assert scene.requester not in offered(scene.request, "", scene.requester)
    assert offered(scene.request, "100%_\\", scene.requester) == []


def test_in_an_open_request_everybody_is_offered() -> None:
    scene = make_scene()
    guest = make_person(name="Gitta Gast", email="gg@example.org")
    for words in ("gitta", "Gast gitta", "gg@ex"):
        assert offered(scene.request, words, scene.requester) == [guest]


@pytest.mark.parametrize(
    "text", ["@" * 20_000, "@a " * 6_600, "@a.a@" * 4_000, "`" * 20_000, "` " * 10_000, "@[" * 10_000]
)
def test_strange_texts_are_kept_as_they_are_and_name_nobody(text: str) -> None:
    text = text[:20_000].strip()
    assert written(text) == text
    assert named() == []
