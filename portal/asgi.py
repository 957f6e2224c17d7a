"""One port for everything: pages run as WSGI on a fixed pool of threads, `/live/` natively beside them.

Django's own ASGI handler gives each request a new thread and so a new database connection
(measured in ARCHITECTURE: 198 instead of 2,465 requests/s), so it is not used for pages.
"""

import resource
from typing import Any, cast

from a2wsgi import WSGIMiddleware

from portal.wsgi import application as wsgi

# After Django is set up by the line above: it reads models.
from notifications.live.endpoint import live  # isort: skip

# As measured in ARCHITECTURE on 2 cores; more threads only queue at the interpreter lock.
THREADS = 4
LIVE = "/live/"


def allow_open_files() -> None:
    """Let this process hold as many connections as the machine allows: services often start with 1,024."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


allow_open_files()
pages = WSGIMiddleware(cast(Any, wsgi), workers=THREADS)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """The ASGI application that Granian serves."""
    if scope["type"] == "http" and scope["path"] == LIVE:
        await live(scope, receive, send)
        return

    async def receive_next() -> Any:
        # Granian's own receive gives a future; a2wsgi takes only coroutines, or no body could be read.
        return await receive()

    await pages(scope, receive_next, send)
