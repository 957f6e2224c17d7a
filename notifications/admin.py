"""What operators see in /admin/: the deliveries, above all those that were given up."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications.leases import retry_dead
from notifications.models import Delivery

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Delivery]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(Delivery)
class DeliveryAdmin(ModelAdmin):
    """Read-only; what was given up can be tried again."""

    list_display = ("dedupe_key", "person", "channel", "state", "attempts", "due_at", "last_error")
    list_filter = ("state", "channel")
    search_fields = ("dedupe_key", "message_id", "person__email")
    list_select_related = ("person",)
    show_full_result_count = False
    actions = ("try_again",)

    @admin.action(description=_("Try again what was given up"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        count = retry_dead(queryset)
        words = ngettext("%(count)d delivery is tried again.", "%(count)d deliveries are tried again.", count)
        messages.success(request, words % {"count": count})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
