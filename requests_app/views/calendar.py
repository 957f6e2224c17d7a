"""What a calendar program fetches: one's exchanges, and the days on which one's requests are due."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from knowhow.exchanges import feeds
from knowhow.exchanges.calendars import entries_for, published
from knowhow.exchanges.views.looking import CALENDAR
from requests_app.due_days import due_days

# Older ones are of no use in a calendar that is fetched each hour.
MOST_ENTRIES = 1_000


@login_not_required
@require_safe
def feed_file(request: HttpRequest, secret: str) -> HttpResponse:
    """The reader's exchanges, cancelled ones too, so that calendars take them out; and their due days."""
    person = feeds.reader_of(secret)
    newest = feeds.in_calendar_of(person).reverse()[:MOST_ENTRIES]
    with translation.override(person.language or settings.LANGUAGE_CODE):
        entries = entries_for(reversed(newest), person)
        content = published(entries, _("Exchanges and deadlines in Tandem"), due_days(person))
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    answer = HttpResponse(content, CALENDAR, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
    return get_conditional_response(request, etag=etag, response=answer) or answer
