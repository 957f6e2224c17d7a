"""What every test can use: real servers, shared by one pytest invocation (`tests/servers.py`)."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from portal.embedded import locks
from tests import servers

# How many examples a property is tried with, where a test does not say so itself. That a busy machine is slow
# at one of them, or at making it up, says nothing. Small, the same ones are tried each time: new ones are
# looked for in full size, and not by whoever changes something else.
UNHURRIED: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
hypothesis_settings.register_profile("suite", max_examples=30, derandomize=True, database=None, **UNHURRIED)
hypothesis_settings.register_profile("torture", max_examples=300, **UNHURRIED)
hypothesis_settings.load_profile("torture" if os.environ.get("TANDEM_TORTURE") else "suite")

TESTS = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What reads the whole house takes minutes: begun last, it would leave the other workers with nothing.

    Before pytest-django puts those last that empty all tables, also of what migrations have put there.
    """
    items.sort(key=lambda item: item.path.parent not in (TESTS, TESTS / "bench"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Migrate once per invocation; each worker's test database is a copy."""
    with locks.held(servers.folder() / "migrating"):
        migrated = servers.folder() / "migrated"
        if not migrated.exists():
            with django_db_blocker.unblock():
                call_command("migrate", verbosity=0)
                connection.close()
            migrated.touch()
    connection.settings_dict["TEST"]["TEMPLATE"] = connection.settings_dict["NAME"]


@cache
def _deleting_of_all_rows() -> str:
    """One statement for all tables, so that the way to the server is gone once."""
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    kept = {ContentType._meta.db_table, Permission._meta.db_table}
    deletes = (f"DELETE FROM {connection.ops.quote_name(table)}" for table in sorted(tables - kept))  # noqa: S608
    # Neither foreign keys nor the trigger that keeps events are asked.
    return "; ".join(["SET session_replication_role = replica", *deletes, "RESET session_replication_role"])


def _delete_all_rows(_test: TransactionTestCase) -> None:
    """Leave what a migrated database holds by itself; a tenth of what TRUNCATE takes for a hundred tables."""
    with connection.cursor() as cursor:
        cursor.execute(_deleting_of_all_rows())


@pytest.fixture(scope="session", autouse=True)
def _quick_to_empty() -> None:
    """Tests with transactions of their own do not share one that could be rolled back."""
    TransactionTestCase._fixture_teardown = _delete_all_rows  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """No test speaks the language of the one before it: the last request of a test leaves its own."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def redis_server() -> Iterator["redis.Redis"]:
    """A client of this worker's own Redis database, empty before and after."""
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture
def process_environment(transactional_db: None) -> dict[str, str]:
    """The environment for a program that a test starts: it works on this test's database and Redis."""
    name = str(connection.settings_dict["NAME"])
    return {**os.environ, "DATABASE_URL": os.environ["DATABASE_URL"].replace("/tandem?", f"/{name}?")}
