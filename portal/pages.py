from django.urls import URLPattern, path

from portal.home import home
from portal.search import search_page

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("search/", search_page, name="search"),
]
