"""The portal's settings on the servers of this pytest invocation."""

from tests import servers

servers.join()

from portal.settings import *  # noqa: E402, F403
from portal.settings import DATABASES, STORAGES  # noqa: E402

# However long a busy machine takes: how fast it works through a queue is what the bench asks. Those who lock
# each other up are told by the database all the same.
for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
    DATABASES["default"]["OPTIONS"]["options"] += f" -c {limit}=600000"
# Argon2 is slow on purpose; the tests of passwords that need it ask for it.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
# Pages are tested without `collectstatic` before.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Each test's client starts the middleware anew; to list all static files for it took a quarter of the time.
WHITENOISE_AUTOREFRESH = True
