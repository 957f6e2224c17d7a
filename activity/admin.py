"""/admin/ only shows: nothing is added, changed or deleted there, by anybody."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from activity.models import Event, FanOut

if TYPE_CHECKING:
    Base = ModelAdmin[Any]
else:
    Base = ModelAdmin


class ReadOnlySite(AdminSite):
    """Signing in and passwords belong to our own pages."""

    site_header = site_title = "Tandem"
    index_title = _("Read-only tables")
    enable_nav_sidebar = False

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied
        query = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
        return redirect(f"{reverse('account_login')}?{query}")

    def get_urls(self) -> list[Any]:
        own = [
            path("password_change/", RedirectView.as_view(pattern_name="account_change_password")),
            path("logout/", RedirectView.as_view(pattern_name="account_logout")),
        ]
        return own + super().get_urls()


site = ReadOnlySite()


class ReadOnlyAdmin(Base):
    """Lists and shows rows to administrators."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_active and bool(getattr(request.user, "is_admin", False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class EventAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "object_type", "object_id", "actor", "occurred_at", "origin")
    list_filter = ("origin", "object_type")
    list_select_related = ("actor",)
    search_fields = ("kind", "=object_id", "actor__name")
    ordering = ("-id",)


class FanOutAdmin(ReadOnlyAdmin):
    list_display = ("event", "done_at")
    list_select_related = ("event",)
    ordering = ("-event_id",)


site.register(Event, EventAdmin)
site.register(FanOut, FanOutAdmin)
