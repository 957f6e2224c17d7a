from django.urls import URLPattern, URLResolver, include, path, re_path

from portal.api import docs
from portal.api.search import SearchView

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("requests_app.api.urls")),
    path("", include("teams.api")),
    path("", include("notifications.api.urls")),
    path("search/", SearchView.as_view(), name="search"),
    path("schema/", docs.SchemaView.as_view(), name="schema"),
    path("docs/", docs.docs, name="docs"),
    re_path(r"", docs.UnknownView.as_view(), name="unknown"),
]
