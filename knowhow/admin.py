from activity.admin import ReadOnlyAdmin, site
from knowhow.exchanges.models import Exchange, ExchangeProposal
from knowhow.models import Expert, RoleProfile, Skill, SkillGroup, Solution, TeamTie


class SolutionAdmin(ReadOnlyAdmin):
    list_display = ("title", "slug", "team", "status", "created_at")
    list_select_related = ("team",)
    search_fields = ("title", "purpose")


class ExpertAdmin(ReadOnlyAdmin):
    list_display = ("solution", "person", "level")
    list_select_related = ("solution", "person")


class SkillGroupAdmin(ReadOnlyAdmin):
    list_display = ("name_en", "name_de", "side", "position")


class SkillAdmin(ReadOnlyAdmin):
    """What of people's skills is shown is theirs to choose, so these have no page here."""

    list_display = ("name_en", "name_de", "group", "state", "merged_into")
    list_select_related = ("group", "merged_into")
    list_filter = ("state",)
    search_fields = ("name_en", "name_de")


class TeamTieAdmin(ReadOnlyAdmin):
    list_display = ("month", "one", "other", *TeamTie.KINDS, "last_at")
    list_select_related = ("one", "other")


class RoleProfileAdmin(ReadOnlyAdmin):
    list_display = ("title_en", "title_de", "written_by", "changed_at")
    list_select_related = ("written_by",)


class ExchangeAdmin(ReadOnlyAdmin):
    list_display = ("title", "kind", "host", "starts_at", "seats", "cancelled_at")
    list_select_related = ("host",)
    search_fields = ("title", "topic", "host__name")


class ExchangeProposalAdmin(ReadOnlyAdmin):
    list_display = ("title", "kind", "proposer", "created_at", "closed_at")
    list_select_related = ("proposer",)
    search_fields = ("title", "topic")


site.register(Exchange, ExchangeAdmin)
site.register(ExchangeProposal, ExchangeProposalAdmin)
site.register(Solution, SolutionAdmin)
site.register(Expert, ExpertAdmin)
site.register(SkillGroup, SkillGroupAdmin)
site.register(Skill, SkillAdmin)
site.register(TeamTie, TeamTieAdmin)
site.register(RoleProfile, RoleProfileAdmin)
