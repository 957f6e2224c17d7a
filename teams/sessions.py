"""Sessions in the database that know whose they are, so that a person's can be ended at once."""

from typing import Any, cast

from django.contrib.sessions.backends.db import SessionStore as DBStore

from teams.models import Person, PersonSession

SIGNED_IN_AS = "_auth_user_id"


class SessionStore(DBStore):
    @classmethod
    def get_model_class(cls) -> type[PersonSession]:
        return PersonSession

    def create_model_instance(self, data: dict[str, Any]) -> PersonSession:
        row = cast(PersonSession, super().create_model_instance(data))
        signed_in_as = data.get(SIGNED_IN_AS)
        row.person_id = int(signed_in_as) if signed_in_as else None
        return row


def end_sessions(person: Person) -> int:
    """Sign ``person`` out everywhere; returns how many sessions ended."""
    return PersonSession.objects.filter(person_id=person.pk).delete()[0]
