"""One port for everything: ordinary pages run as WSGI on a fixed pool of threads.

Django's own ASGI handler gives each request a new thread and so a new database connection
(measured in ARCHITECTURE: 198 instead of 2,465 requests/s), so it is not used for pages.
"""

from typing import Any, cast

from a2wsgi import WSGIMiddleware

from portal.wsgi import application as pages

# As measured in ARCHITECTURE on 2 cores; more threads only queue at the interpreter lock.
THREADS = 4

application = WSGIMiddleware(cast(Any, pages), workers=THREADS)
