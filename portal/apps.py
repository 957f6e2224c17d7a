from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Portal")


class CollectedFilesConfig(StaticFilesConfig):
    """`collectstatic` without what no page of ours loads; compressing it takes most of the time.

    css: the parts of our styles, which travel as one built file.
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "css/*",
        "redoc",
        "rest_framework",
    ]
