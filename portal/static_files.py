"""Where the collected static files are found."""

from functools import lru_cache
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

# Takes {something} from "./another.js"; what it is written as once the file's address is known.
IMPORT = (
    r"""(?P<matched>import(?P<names>\s*\{[^}]*\}\s*)from\s*"(?P<url>\./[^"]+)"\s*;)""",
    'import%(names)sfrom "%(url)s";',
)


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Remembers each file's address: a page asks for that of its icons dozens of times."""

    # What one of our modules takes from another carries its hash as well. Django's own way of that,
    # `support_js_module_import_aggregation`, reads all scripts, and fails at the sources of packages.
    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", (IMPORT,)))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.url = lru_cache(maxsize=None)(super().url)
