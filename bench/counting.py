"""Counts the SQL queries of a request that asks for it; others are not slowed down."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

ASKS = "X-Bench-Count"
ANSWERS = "X-Bench-Queries"


def count_queries(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the number of queries in a header, where the request's header asks for it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if ASKS not in request.headers:
            return get_response(request)
        queries = 0

        def count(execute: Callable[..., Any], *args: Any) -> Any:
            nonlocal queries
            queries += 1
            return execute(*args)

        with connection.execute_wrapper(count):
            response = get_response(request)
        response[ANSWERS] = str(queries)
        return response

    return answer
