from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.translation import gettext_lazy as _

from portal.garbage import collect_seldom


class PortalConfig(AppConfig):
    name = "portal"
    # Beside the one below, which Django would have to choose from.
    default = True
    verbose_name = _("Portal")

    def ready(self) -> None:
        collect_seldom()


class CollectedFilesConfig(StaticFilesConfig):
    """`collectstatic` without what no page of ours loads; compressing it takes most of the time.

    css: the parts of our styles, which travel as one built file. django_htmx: we have our own htmx.
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "css/*",
        "django_htmx",
        "redoc",
        "rest_framework",
    ]
