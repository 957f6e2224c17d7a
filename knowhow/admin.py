from activity.admin import ReadOnlyAdmin, site
from knowhow.models import Solution


class SolutionAdmin(ReadOnlyAdmin):
    list_display = ("title", "slug", "team", "created_at")
    list_select_related = ("team",)
    search_fields = ("title", "explainer")


site.register(Solution, SolutionAdmin)
