"""The same portal some days later: `python -m tests.e2e.later DAYS NUMBER` on the demo in `TANDEM_VAR`.

No test can wait two weeks for a measuring date. This one more web process works on the demo's data with its
clock moved, by the same function that lets the demo's past happen when it did. Before it opens, the portal
asks what came of request NUMBER, as the scheduled job does each morning.
"""

import os
import sys
from collections.abc import Iterable
from datetime import timedelta
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from portal.run_demo import set_environment

SECRETS_OF_TESTS = ("SECRET_KEY", "MEDIA_ROOT")


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def serve(days: int, number: int) -> None:
    """Ask about the request, and answer pages until the process ends."""
    port = int(os.environ["PORT"])
    for name in SECRETS_OF_TESTS:
        os.environ.pop(name, None)
    set_environment(port)
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    # Only now, because settings are read from the environment when they are imported.
    from django.utils import timezone

    from activity import clock
    from portal.wsgi import application
    from requests_app.reminding import remind

    ahead = timedelta(days=days)

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with clock.moved_to(timezone.now() + ahead):
            return application(environ, start_response)

    now = timezone.now() + ahead
    with clock.moved_to(now):
        remind("outcome", number, now, by=None)
    with make_server("127.0.0.1", port, answer, Threads, Silent) as server:
        print(f"Ready: http://127.0.0.1:{port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    serve(*map(int, sys.argv[1:]))
