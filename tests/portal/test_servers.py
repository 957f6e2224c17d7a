"""That each pytest invocation has servers of its own, and each xdist worker its own database in them."""

import os

import pytest
import redis
from django.conf import settings
from django.db import connection

from portal.celery import app
from tests import servers


@pytest.mark.django_db
def test_the_database_is_postgresql_in_this_invocations_folder() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        assert cursor.fetchone() == (str(servers.folder() / "postgresql"),)


@pytest.mark.django_db
def test_each_worker_has_a_test_database_of_its_own() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == ("test_tandem" + (f"_{worker}" if worker else ""),)


@pytest.mark.django_db
def test_the_copied_database_has_every_migration() -> None:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_settings_use_the_redis_database_of_this_worker(redis_server: "redis.Redis") -> None:
    redis_server.set("who", os.getpid())
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        assert client.get("who") == str(os.getpid()).encode()
        assert client.connection_pool.connection_kwargs["db"] == servers.redis_number()


def test_celery_rings_in_the_redis_database_of_this_worker(redis_server: "redis.Redis") -> None:
    with app.connection_for_write() as broker:
        client = broker.channel().client  # type: ignore[attr-defined]
        assert client.connection_pool.connection_kwargs["db"] == servers.redis_number()
        client.lpush("bell", "rung")
    assert redis_server.lrange("bell", 0, -1) == [b"rung"]


def test_the_redis_database_is_empty_at_first(redis_server: "redis.Redis") -> None:
    assert redis_server.dbsize() == 0


@pytest.mark.parametrize("name", servers.FOREIGN)
def test_nothing_of_the_developers_shell_reaches_the_tests(name: str) -> None:
    assert name not in os.environ
