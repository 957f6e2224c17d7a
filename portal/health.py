"""For load balancers and supervisors: does the process live, and can it serve people."""

from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

REDIS_SECONDS = 1


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; the database is not asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 where the database answers and is migrated; Redis is told but not needed, work catches up."""
    found: dict[str, Any] = {"database": False, "migrated": False, "redis": _redis_answers()}
    try:
        found["database"] = _database_answers()
        found["migrated"] = _is_migrated()
    except DatabaseError:
        pass
    ready = found["database"] and found["migrated"]
    return JsonResponse({"ready": ready, **found}, status=200 if ready else 503)


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _redis_answers() -> bool:
    try:
        once = Retry(NoBackoff(), 0)
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS, retry=once
        ) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
