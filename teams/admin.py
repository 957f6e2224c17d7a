from activity.admin import ReadOnlyAdmin, site
from teams.models import ApiToken, Brief, Company, Goal, Invitation, Membership, Person, Team, Touchpoint


class PersonAdmin(ReadOnlyAdmin):
    list_display = ("name", "email", "side", "is_admin", "is_active")
    list_filter = ("side", "is_admin", "is_active")
    search_fields = ("name", "email")
    ordering = ("name", "pk")
    exclude = ("password",)


class TeamAdmin(ReadOnlyAdmin):
    list_display = ("name", "slug", "side")
    list_filter = ("side",)
    search_fields = ("name", "slug")


class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("person", "team", "role")
    list_filter = ("role",)
    list_select_related = ("person", "team")
    search_fields = ("person__name", "team__name")
    ordering = ("team__name", "person__name")


class GoalAdmin(ReadOnlyAdmin):
    list_display = ("title", "is_archived", "version")
    list_filter = ("is_archived",)
    search_fields = ("title", "brief")


class BriefAdmin(ReadOnlyAdmin):
    list_display = ("pk", "kind", "substance", "what_changed", "reviewed_at")
    list_filter = ("kind",)
    ordering = ("-reviewed_at", "-pk")


class TouchpointAdmin(ReadOnlyAdmin):
    list_display = ("slug", "name_de", "name_en", "phase", "is_archived")
    search_fields = ("slug", "name_de", "name_en")


class CompanyAdmin(ReadOnlyAdmin):
    list_display = ("name", "time_zone")


class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("email", "team", "role", "as_admin", "created_at", "accepted_at", "withdrawn_at")
    list_select_related = ("team",)
    search_fields = ("email",)
    ordering = ("-created_at", "-pk")
    exclude = ("token_hash",)


class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ("name", "person", "scope", "created_at", "last_used_at", "revoked_at")
    list_select_related = ("person",)
    search_fields = ("name", "person__name")
    ordering = ("-created_at", "-pk")
    exclude = ("token_hash",)


site.register(Person, PersonAdmin)
site.register(Team, TeamAdmin)
site.register(Membership, MembershipAdmin)
site.register(Goal, GoalAdmin)
site.register(Brief, BriefAdmin)
site.register(Touchpoint, TouchpointAdmin)
site.register(Company, CompanyAdmin)
site.register(Invitation, InvitationAdmin)
site.register(ApiToken, ApiTokenAdmin)
