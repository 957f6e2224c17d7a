"""No state changes without its event, and no event exists without its change.

A domain function is a public function with a keyword argument ``by``. They are found by enumeration; one
without a scenario in ``tests/spine_scenarios.py`` fails here.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

from activity import log
from activity.models import Event, FanOut
from tests.spine_scenarios import SCENARIOS, WITHOUT_EVENT

ROOMS = ("activity", "teams", "knowhow", "requests_app", "notifications", "portal")
# Told by INTERFACES to need none: read marks, preferences, delivery rows; and what Django keeps for itself.
NOT_STATE = {
    "activity_event",
    "activity_fanout",
    "django_session",
    "teams_personsession",
    "cache",
    "django_migrations",
    "notifications_delivery",
    "notifications_inboxentry",
}
# Reads and recorders that take the acting person too.
# Imported history is many events of one call, told to nobody: tests/requests_app/importing/test_history.py
# proves the same of it.
NO_DOMAIN_FUNCTION = {
    "activity.log.record",
    "activity.log.record_many",
    "requests_app.importing.history.enter_history",
}


def domain_functions() -> Iterator[str]:
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if ".migrations" in module.name or ".management" in module.name:
                continue
            loaded = importlib.import_module(module.name)
            for name, function in inspect.getmembers(loaded, inspect.isfunction):
                if function.__module__ == module.name and not name.startswith("_") and takes_by(function):
                    yield f"{module.name}.{name}"


def takes_by(function: Callable[..., object]) -> bool:
    by = inspect.signature(inspect.unwrap(function)).parameters.get("by")
    return by is not None and by.kind is inspect.Parameter.KEYWORD_ONLY


FOUND = sorted(set(domain_functions()) - NO_DOMAIN_FUNCTION)


def test_every_domain_function_has_a_scenario() -> None:
    covered = {name.partition("(")[0] for name in SCENARIOS} | set(WITHOUT_EVENT)
    assert covered == set(FOUND)


def all_state() -> str:
    """The statement that reads all rows of all tables that hold state."""
    tables = sorted(set(connection.introspection.table_names()) - NOT_STATE)
    return " UNION ALL ".join(
        f"SELECT '{table}', t::text FROM \"{table}\" t"  # noqa: S608 - names of our own tables
        for table in tables
    )


def state() -> list[tuple[str, str]]:
    """Table and content of each row that holds state; prepared, as planning takes most of the time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_prepared_statements WHERE name = 'all_state'")
        if cursor.rowcount == 0:
            cursor.execute(f"PREPARE all_state AS {all_state()}")
        cursor.execute("EXECUTE all_state")
        return sorted(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_it_changes_state_with_exactly_one_event(name: str) -> None:
    change = SCENARIOS[name]()
    before, events = state(), Event.objects.count()
    change()
    assert state() != before
    assert Event.objects.count() == events + 1
    assert FanOut.objects.count() == Event.objects.count()


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_nothing_stays_where_the_log_fails(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    change = SCENARIOS[name]()
    before, events = state(), Event.objects.count()
    write = log._append_to_be_told

    def fail(event: Event) -> None:
        write(event)
        raise ConnectionResetError("the database went away in the middle")

    monkeypatch.setattr(log, "_append_to_be_told", fail)
    with pytest.raises(ConnectionResetError):
        change()
    assert state() == before
    assert Event.objects.count() == events


def rolled_back(change: Callable[[], object]) -> None:
    with transaction.atomic():
        change()
        raise ConnectionResetError("the database went away before the commit")


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_no_event_stays_where_the_change_is_rolled_back(name: str) -> None:
    change = SCENARIOS[name]()
    before, events = state(), Event.objects.count()
    with pytest.raises(ConnectionResetError):
        rolled_back(change)
    assert state() == before
    assert Event.objects.count() == events


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(WITHOUT_EVENT))
def test_drafts_and_preferences_write_no_event(name: str) -> None:
    change = WITHOUT_EVENT[name]()
    change()
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_log_refuses_to_be_apart_from_the_change() -> None:
    from tests.factories import make_team

    with pytest.raises(RuntimeError):
        log.record("team.created", make_team(), by=None)
