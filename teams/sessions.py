"""Sessions in the database that know whose they are, so that a person's can be ended at once."""

from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DBStore
from django.db.models import Subquery
from django.db.models.functions import Now
from django.utils import timezone

from teams.models import Company, Person, PersonSession

SIGNED_IN_AS = "_auth_user_id"


class SessionStore(DBStore):
    # The portal's own zone as it was read with the session; None where no session was read.
    portal_zone: str | None = None

    @classmethod
    def get_model_class(cls) -> type[PersonSession]:
        return PersonSession

    def create_model_instance(self, data: dict[str, Any]) -> PersonSession:
        row = cast(PersonSession, super().create_model_instance(data))
        signed_in_as = data.get(SIGNED_IN_AS)
        row.person_id = int(signed_in_as) if signed_in_as else None
        return row

    def _get_session_from_db(self) -> PersonSession | None:
        running = PersonSession.objects.filter(session_key=self.session_key, expire_date__gt=timezone.now())
        row = running.annotate(zone=Subquery(Company.objects.values("time_zone")[:1])).first()
        if row is None:
            self._session_key = None
            return None
        self.portal_zone = row.zone or settings.TIME_ZONE
        return row


def end_sessions(person: Person) -> int:
    """Sign ``person`` out everywhere; returns how many sessions ended."""
    return PersonSession.objects.filter(person_id=person.pk).delete()[0]


def forget_expired(_now: datetime) -> None:
    """Remove sessions that have run out, with what was kept in them."""
    PersonSession.objects.filter(expire_date__lt=Now()).delete()
