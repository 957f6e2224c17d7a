"""The portal's settings on the servers of this pytest invocation."""

from tests import servers

servers.join()

from portal.settings import *  # noqa: E402, F403
from portal.settings import STORAGES  # noqa: E402

# Argon2 is slow on purpose; the tests of passwords that need it ask for it.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
# Pages are tested without `collectstatic` before.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Each test's client starts the middleware anew; to list all static files for it took a quarter of the time.
WHITENOISE_AUTOREFRESH = True
