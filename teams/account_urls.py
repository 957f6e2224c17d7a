"""Of allauth only the pages that exist here: sign in and out, change and reset the password."""

from allauth.account import views as allauth_views
from django.urls import URLPattern, path, re_path

from teams.views import accounts

urlpatterns: list[URLPattern] = [
    path("login/", accounts.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("password/change/", accounts.change_password, name="account_change_password"),
    path("password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
