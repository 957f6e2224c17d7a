"""Files, links and merges by many at once, each with a connection of their own."""

from functools import partial

import pytest

from activity.models import Event
from requests_app.attachments.keeping import MOST_FILES, attach, detach
from requests_app.discussion import comment
from requests_app.links import blocks_already, link
from requests_app.models import Attachment, Link, Request
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Side
from tests.factories import make_admin, make_person, make_request, make_team
from tests.requests_app.attachments.samples import upload
from tests.requests_app.test_races import at_once, kinds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.torture]

REPETITIONS = 20


def test_uploads_at_once_never_make_eleven() -> None:
    person = make_person()
    for _round in range(REPETITIONS):
        number = make_request().pk
        attach(number, [upload(f"{n}.txt", b"x") for n in range(MOST_FILES - 1)], by=person)
        outcomes = at_once(
            *(partial(attach, number, [upload("last.txt", b"x")], by=person) for _ in range(2))
        )
        assert kinds(outcomes) == {"list": 1, "too_many": 1}
        assert Attachment.objects.filter(request=number).count() == MOST_FILES


def test_a_file_taken_away_twice_at_once_goes_once() -> None:
    person = make_person()
    for _round in range(REPETITIONS):
        number = make_request().pk
        (made,) = attach(number, [upload("a.txt", b"x")], by=person)
        outcomes = at_once(*(partial(detach, number, made.pk, by=person) for _ in range(2)))
        assert kinds(outcomes) == {"NoneType": 1, "Http404": 1}
        assert Event.objects.filter(kind="request.detached", object_id=number).count() == 1


def test_two_people_cannot_make_two_requests_block_each_other() -> None:
    one, other, people = make_request(), make_request(), [make_person(), make_person()]
    for _round in range(REPETITIONS):
        outcomes = at_once(
            partial(link, one.pk, "blocks", other.pk, by=people[0]),
            partial(link, other.pk, "blocks", one.pk, by=people[1]),
        )
        assert kinds(outcomes) == {"Link": 1, "invalid": 1}
        Link.objects.all().delete()


def test_a_ring_does_not_close_by_links_that_share_no_request() -> None:
    a, b, c, d = (make_request() for _ in range(4))
    people = [make_person(), make_person()]
    for _round in range(REPETITIONS):
        link(a.pk, "blocks", b.pk, by=people[0])
        link(c.pk, "blocks", d.pk, by=people[0])
        outcomes = at_once(
            partial(link, b.pk, "blocks", c.pk, by=people[0]),
            partial(link, d.pk, "blocks", a.pk, by=people[1]),
        )
        assert kinds(outcomes) == {"Link": 1, "invalid": 1}
        assert not any(blocks_already(one.pk, one.pk) for one in (a, b, c, d))
        Link.objects.all().delete()


def test_the_same_link_at_once_is_one_link() -> None:
    one, other, people = make_request(), make_request(), [make_person(), make_person()]
    outcomes = at_once(*(partial(link, one.pk, "relates_to", other.pk, by=person) for person in people))
    assert kinds(outcomes) == {"Link": 2}
    assert (Link.objects.count(), Event.objects.filter(kind="request.linked").count()) == (1, 1)


def pair() -> tuple[Request, Request]:
    asking, serving = make_team(Side.MARKETING), make_team()
    one, other = (make_request(requesting_team=asking, serving_team=serving) for _ in range(2))
    return one, other


def test_two_requests_merged_into_each_other_at_once_leave_one() -> None:
    people = [make_admin(), make_admin()]
    for _round in range(REPETITIONS):
        one, other = pair()
        outcomes = at_once(
            partial(perform, "merge", one.pk, by=people[0], inputs=Inputs(into=other.pk)),
            partial(perform, "merge", other.pk, by=people[1], inputs=Inputs(into=one.pk)),
        )
        assert kinds(outcomes) == {"Request": 1, "invalid": 1}
        rows = dict(Request.objects.filter(pk__in=[one.pk, other.pk]).values_list("status", "duplicate_of"))
        assert set(rows) == {"submitted", "declined"}
        assert rows["submitted"] is None
        assert rows["declined"] in (one.pk, other.pk)


def test_what_is_said_and_sent_during_a_merge_is_not_lost() -> None:
    admin, people = make_admin(), [make_person(), make_person()]
    for _round in range(REPETITIONS):
        old, new = pair()
        outcomes = at_once(
            partial(perform, "merge", old.pk, by=admin, inputs=Inputs(into=new.pk)),
            partial(comment, old.pk, "Said meanwhile.", by=people[0]),
            partial(attach, old.pk, [upload("meanwhile.txt", b"x")], by=people[1]),
        )
        assert kinds(outcomes) == {"Request": 1, "Comment": 1, "list": 1}
        homes = {old.pk, new.pk}
        assert set(Attachment.objects.filter(request__in=homes).values_list("name", flat=True)) == {
            "meanwhile.txt"
        }
        assert sum(row.comments.count() for row in Request.objects.filter(pk__in=homes)) == 1


def test_a_link_and_a_merge_at_once_make_no_ring() -> None:
    admin, person = make_admin(), make_person()
    for _round in range(REPETITIONS):
        (old, new), middle = pair(), make_request()
        link(old.pk, "blocks", middle.pk, by=person)
        outcomes = at_once(
            partial(perform, "merge", old.pk, by=admin, inputs=Inputs(into=new.pk)),
            partial(link, middle.pk, "blocks", new.pk, by=person),
        )
        assert kinds(outcomes)["Request"] == 1
        assert not any(blocks_already(one.pk, one.pk) for one in (old, new, middle))
