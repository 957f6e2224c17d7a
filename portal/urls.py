from django.urls import URLPattern, URLResolver, include, path, re_path

from activity.admin import site
from portal.api.docs import UnknownView

handler400 = "portal.errors.bad_request"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.pages")),
    path("", include("requests_app.urls")),
    path("", include("knowhow.solutions.urls")),
    path("", include("knowhow.urls")),
    path("", include("teams.urls")),
    path("", include("knowhow.exchanges.urls")),
    path("", include("notifications.urls")),
    path("accounts/", include("teams.account_urls")),
    path("admin/", site.urls),
    path("api/v1/", include("portal.api.urls")),
    re_path(r"^api/", UnknownView.as_view()),
]
