from activity.admin import ReadOnlyAdmin, site
from knowhow.models import Expert, Solution


class SolutionAdmin(ReadOnlyAdmin):
    list_display = ("title", "slug", "team", "status", "created_at")
    list_select_related = ("team",)
    search_fields = ("title", "purpose")


class ExpertAdmin(ReadOnlyAdmin):
    list_display = ("solution", "person", "level")
    list_select_related = ("solution", "person")


site.register(Solution, SolutionAdmin)
site.register(Expert, ExpertAdmin)
