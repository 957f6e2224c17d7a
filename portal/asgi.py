"""One port for everything: ordinary pages run as WSGI on a fixed pool of threads.

Django's own ASGI handler gives each request a new thread and so a new database connection
(measured in ARCHITECTURE: 198 instead of 2,465 requests/s), so it is not used for pages.
"""

from typing import Any, cast

from a2wsgi import WSGIMiddleware

from portal.wsgi import application as wsgi

# As measured in ARCHITECTURE on 2 cores; more threads only queue at the interpreter lock.
THREADS = 4

pages = WSGIMiddleware(cast(Any, wsgi), workers=THREADS)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """The ASGI application that Granian serves."""

    async def receive_next() -> Any:
        # Granian's own receive gives a future; a2wsgi takes only coroutines, or no body could be read.
        return await receive()

    await pages(scope, receive_next, send)
