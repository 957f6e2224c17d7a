"""/healthz and /readyz, for load balancers and supervisors."""

import pytest
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from portal import health


@pytest.mark.django_db
def test_healthz_asks_no_database_and_nobody_to_sign_in(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_tells_all_three(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "database": True, "migrated": True, "redis": True}


@pytest.mark.django_db
def test_redis_is_told_and_not_needed(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["redis"] is False


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [("one", False)])
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["migrated"] is False


@pytest.mark.django_db
def test_no_database_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> bool:
        raise OperationalError("the server went away")

    monkeypatch.setattr(health, "_database_answers", fail)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] is False
    assert client.get("/healthz").status_code == 200
