"""Requests to look at: an administrator sees here what they see elsewhere, so no drafts of others."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest

from activity.admin import ReadOnlyAdmin, site
from requests_app import labels
from requests_app.models import (
    AgreedScore,
    Attachment,
    Calibration,
    ChecklistItem,
    Comment,
    CommentVersion,
    Label,
    Link,
    Mute,
    Outcome,
    Presence,
    Request,
    RequestTemplate,
    ResultProposal,
    Round,
    RoundItem,
    SavedView,
    ScoringRound,
    SharedHistory,
    Supporter,
    TeamForecasts,
    TurnPeriod,
    Watcher,
    WipLimit,
    Word,
)
from requests_app.querysets import visible
from teams.models import Person


class RequestAdmin(ReadOnlyAdmin):
    list_display = ("number", "title", "status", "serving_team", "turn", "restricted", "updated_at")
    list_filter = ("status", "turn", "restricted", "origin")
    list_select_related = ("serving_team",)
    search_fields = ("=number", "title")
    ordering = ("-number",)
    exclude = ("words", "submission_id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(visible(cast(Person, request.user))).defer("words")


class OfRequestAdmin(ReadOnlyAdmin):
    """Rows that belong to a request."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(visible(cast(Person, request.user), "request__"))


class CommentAdmin(OfRequestAdmin):
    list_display = ("id", "request", "author", "created_at")
    list_select_related = ("request", "author")
    search_fields = ("=request__number", "body")
    ordering = ("-id",)


class CommentVersionAdmin(ReadOnlyAdmin):
    list_display = ("comment", "version", "since")
    list_select_related = ("comment__author",)
    search_fields = ("=comment__request__number",)
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        person = cast(Person, request.user)
        return super().get_queryset(request).filter(visible(person, "comment__request__"))


class SupporterAdmin(OfRequestAdmin):
    list_display = ("request", "person", "since")
    list_select_related = ("request", "person")
    search_fields = ("=request__number", "person__name")
    ordering = ("-id",)


class WatcherAdmin(SupporterAdmin):
    pass


class ChecklistItemAdmin(OfRequestAdmin):
    list_display = ("request", "position", "text", "person", "done_at")
    list_select_related = ("request", "person")
    search_fields = ("=request__number", "text")
    ordering = ("-request", "position")


class ResultProposalAdmin(OfRequestAdmin):
    list_display = ("request", "proposed_by", "proposed_at")
    list_select_related = ("request", "proposed_by")
    search_fields = ("=request__number",)
    ordering = ("-request",)


class OutcomeAdmin(OfRequestAdmin):
    list_display = ("request", "delivered_at", "measured", "verdict", "recorded_by")
    list_select_related = ("request", "recorded_by")
    list_filter = ("verdict",)
    search_fields = ("=request__number",)
    ordering = ("-id",)


class TurnPeriodAdmin(OfRequestAdmin):
    list_display = ("request", "side", "since", "until")
    list_select_related = ("request",)
    search_fields = ("=request__number",)
    ordering = ("-id",)


class MuteAdmin(SupporterAdmin):
    pass


class AttachmentAdmin(OfRequestAdmin):
    list_display = ("id", "request", "name", "content_type", "size", "uploader", "created_at")
    list_select_related = ("request", "uploader")
    search_fields = ("=request__number", "name")
    ordering = ("-id",)
    # The storage has no public addresses; files are read on the request's page.
    exclude = ("file", "preview")


class LinkAdmin(ReadOnlyAdmin):
    list_display = ("source", "kind", "target", "made_by", "created_at")
    list_select_related = ("source", "target", "made_by")
    search_fields = ("=source__number", "=target__number")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Link.objects.visible_to(cast(Person, request.user))


class WipLimitAdmin(ReadOnlyAdmin):
    list_display = ("team", "status", "limit")
    list_select_related = ("team",)
    ordering = ("team__name", "status")


class SavedViewAdmin(ReadOnlyAdmin):
    """An administrator sees here what they see elsewhere, so no private views of others."""

    list_display = ("name", "owner", "team")
    list_select_related = ("owner", "team")
    ordering = ("name", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return SavedView.objects.visible_to(cast(Person, request.user))


class LabelAdmin(ReadOnlyAdmin):
    list_display = ("name",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return labels.seen_by(cast(Person, request.user))


class RequestTemplateAdmin(ReadOnlyAdmin):
    list_display = ("type", "title", "serving_team", "changed_at")
    list_select_related = ("serving_team",)


class WordAdmin(ReadOnlyAdmin):
    list_display = ("text", "texts", "learnt_at")
    search_fields = ("^text",)
    ordering = ("-texts", "text")


class TeamForecastsAdmin(ReadOnlyAdmin):
    list_display = ("team", "made_for")
    list_select_related = ("team",)
    ordering = ("team__name",)
    # These name requests that an administrator may not see.
    exclude = ("forecasts",)


class OfDayAdmin(ReadOnlyAdmin):
    list_display = ("day",)
    ordering = ("-day",)


class ScoringRoundAdmin(OfRequestAdmin):
    """That there was a round; what a side has scored is shown nowhere but on the request's own page."""

    list_display = ("request", "number", "opened_at", "revealed_at", "decided_at")
    list_select_related = ("request",)
    search_fields = ("=request__number",)
    ordering = ("-id",)


class AgreedScoreAdmin(ReadOnlyAdmin):
    """Joint values, which there are only after both sides have seen each other's scores."""

    list_display = ("round", "dimension", "value", "proposed_by", "agreed_by")
    list_select_related = ("round", "proposed_by", "agreed_by")
    search_fields = ("=round__request__number",)
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        seen = visible(cast(Person, request.user), "round__request__")
        return super().get_queryset(request).filter(seen)


class RoundAdmin(ReadOnlyAdmin):
    list_display = ("id", "scope_title", "opened_by", "opened_at", "closed_at")
    list_select_related = ("opened_by",)
    ordering = ("-id",)


class PresenceAdmin(ReadOnlyAdmin):
    list_display = ("id", "round", "person", "joined_at")
    list_select_related = ("round", "person")
    ordering = ("-id",)


class RoundItemAdmin(OfRequestAdmin):
    list_display = ("id", "round", "request", "kind", "outcome")
    list_select_related = ("round", "request")
    ordering = ("-id",)


site.register(Round, RoundAdmin)
site.register(Presence, PresenceAdmin)
site.register(RoundItem, RoundItemAdmin)
site.register(ScoringRound, ScoringRoundAdmin)
site.register(AgreedScore, AgreedScoreAdmin)
site.register(Request, RequestAdmin)
site.register(Comment, CommentAdmin)
site.register(CommentVersion, CommentVersionAdmin)
site.register(Supporter, SupporterAdmin)
site.register(Watcher, WatcherAdmin)
site.register(ChecklistItem, ChecklistItemAdmin)
site.register(ResultProposal, ResultProposalAdmin)
site.register(Outcome, OutcomeAdmin)
site.register(TurnPeriod, TurnPeriodAdmin)
site.register(Mute, MuteAdmin)
site.register(Attachment, AttachmentAdmin)
site.register(Link, LinkAdmin)
site.register(WipLimit, WipLimitAdmin)
site.register(Label, LabelAdmin)
site.register(SavedView, SavedViewAdmin)
site.register(RequestTemplate, RequestTemplateAdmin)
site.register(Word, WordAdmin)
site.register(TeamForecasts, TeamForecastsAdmin)
site.register(SharedHistory, OfDayAdmin)
site.register(Calibration, OfDayAdmin)
