"""The portal's settings with what only measuring needs: a bare view, counted queries, no mail server."""

from portal.settings import *  # noqa: F403
from portal.settings import MIDDLEWARE as PORTAL_MIDDLEWARE
from portal.settings import STATIC_ROOT, STORAGES

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.counting.count_queries", *PORTAL_MIDDLEWARE]
# Counted as elsewhere, but nobody is told to wait.
API_REQUESTS_PER_MINUTE = 10**9
EMAIL_BACKEND = "bench.mail.Backend"
# Where nothing was collected (in tests) files keep their plain names.
if not (STATIC_ROOT / "staticfiles.json").exists():
    PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    STORAGES = {**STORAGES, "staticfiles": PLAIN}
