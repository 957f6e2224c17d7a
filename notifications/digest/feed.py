"""One's digests for a feed reader (Atom, RFC 4287), at an address that only oneself knows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from activity import log
from notifications.digest import letter
from notifications.digest.models import DigestFeed
from notifications.digest.render import lay_out
from notifications.digest.select import Selection
from notifications.digest.sheet import Sheet
from notifications.digest.shelf import fill_shelf
from notifications.digest.weeks import Week, weeks_told
from notifications.mail import absolute, as_read_by, host
from notifications.models import Digest
from teams import rights
from teams.models import Person
from teams.private_addresses import held, owner_of, renew
from teams.zones import zone_of

ENTRIES = 12
# What XML 1.0 has no place for: a feed with one of these is none.
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class NewFeed:
    """A feed and its secret, which nobody can read again."""

    feed: DigestFeed
    secret: str


def open_feed(*, by: Person) -> NewFeed:
    """Make the address of one's own feed; an earlier one leads nowhere from now on."""
    with transaction.atomic():
        rights.require_self_or_admin(by, by)
        feed, secret = renew(DigestFeed, by)
        log.record("digest_feed.opened", feed, by=by)
        return NewFeed(feed, secret)


def close_feed(*, by: Person) -> None:
    """Let the address of one's feed lead nowhere; without one nothing changes."""
    with transaction.atomic():
        feed = held(DigestFeed, by)
        if feed is not None:
            log.record("digest_feed.closed", feed, by=by)
            feed.delete()


def reader_of(secret: str) -> Person:
    """Whose feed this is.

    :raises Http404: for an address that is none (any more), or of somebody who has left.
    """
    return owner_of(DigestFeed, secret)


def atom(person: Person) -> str:
    """The latest digests of ``person``, through what they may see now, in a constant number of queries."""
    with as_read_by(person, zone_of(person)):
        home = absolute(reverse("notifications:digests"))
        feed = Atom1Feed(
            _("Weekly digests"), home, _("What all teams do, decide and deliver"), get_language()
        )
        for sheet, at in _sheets(person):
            feed.add_item(
                title=sheet.subject,
                link=absolute(sheet.path),
                description=NO_XML.sub("", letter.sections_html(sheet)),
                unique_id=f"tag:{host()},{sheet.week.monday}:{person.pk}-{sheet.week.key}",
                pubdate=at,
                updateddate=at,
                author_name="Tandem",
            )
        return str(feed.writeString("utf-8"))


def _sheets(person: Person) -> Iterator[tuple[Sheet, datetime]]:
    rows = list(Digest.objects.filter(person=person).order_by("-period_end")[:ENTRIES])
    weeks = {week for row in rows for week in weeks_told(row.period_start, Week.parse(row.week))}
    shelf = fill_shelf({row.pk: (person, Selection.from_json(row.selection)) for row in rows}, weeks)
    for row in rows:
        sheet = lay_out(row.pk, Week.parse(row.week), row.period_start, row.period_end, shelf)
        yield sheet, row.created_at
