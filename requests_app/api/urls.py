from django.urls import path

from requests_app.api.agreeing import (
    ChecklistItemView,
    ChecklistPositionView,
    ChecklistView,
    ResultProposalView,
)
from requests_app.api.belongings import AttachmentsView, AttachmentView, LinksView, LinkView
from requests_app.api.boards import BoardsView, BoardView, ColumnView
from requests_app.api.events import EventsView, RequestEventsView
from requests_app.api.exchange_wishes import ProposalsView, ProposalView, WishView
from requests_app.api.exchanges import (
    AttendanceView,
    CancellationView,
    ExchangesView,
    ExchangeView,
    FeedbackView,
    HoursView,
    MaterialsView,
    MaterialView,
    SignUpView,
)
from requests_app.api.forecast import ForecastView
from requests_app.api.goals import (
    CheckInsView,
    ClosingView,
    GoalsView,
    GoalView,
    HealthView,
    KeyResultEndView,
    KeyResultsView,
    KeyResultView,
)
from requests_app.api.knowhow import (
    MyMentoringsView,
    MyMentoringView,
    MyOpennessView,
    MySkillsView,
    MySkillView,
    PeopleView,
    PersonBridgeView,
    PersonView,
    SkillsView,
    SkillView,
    TranslatorsView,
)
from requests_app.api.outcome import LearningView, OutcomeView, PostponementView
from requests_app.api.people import (
    MuteView,
    SupportersView,
    SupporterView,
    WatchersView,
    WatcherView,
)
from requests_app.api.requests import RequestsView, RequestView
from requests_app.api.saved_views import ViewsView, ViewView
from requests_app.api.scores import AgreedScoreView, ItScoresView, MarketingScoresView, ScoresView
from requests_app.api.silos import BridgesView, MyPotentialView, TouchpointsView
from requests_app.api.similar import SimilarView
from requests_app.api.solutions import ExpertView, SolutionsView, SolutionView
from requests_app.api.talk import AnswerView, CommentsView, CommentView
from requests_app.api.triage import SnoozeView
from requests_app.api.understanding import (
    BriefQuestionView,
    GoalQuestionsView,
    GoalReviewView,
    GoalUnderstandingView,
    SolutionQuestionsView,
    SolutionReviewView,
    SolutionUnderstandingView,
    TeamQuestionsView,
    TeamReviewView,
    TeamUnderstandingView,
)
from requests_app.api.workflow import MergeView, PositionView, TransitionsView

urlpatterns = [
    path("requests/", RequestsView.as_view(), name="requests"),
    path("requests/<int:number>/", RequestView.as_view(), name="request"),
    path("requests/<int:number>/transitions/", TransitionsView.as_view(), name="transitions"),
    path("requests/<int:number>/position/", PositionView.as_view(), name="position"),
    path("requests/<int:number>/scores/", ScoresView.as_view(), name="scores"),
    path("requests/<int:number>/scores/marketing/", MarketingScoresView.as_view(), name="scores_marketing"),
    path("requests/<int:number>/scores/it/", ItScoresView.as_view(), name="scores_it"),
    path(
        "requests/<int:number>/scores/agreed/<slug:dimension>/",
        AgreedScoreView.as_view(),
        name="score_agreed",
    ),
    path("requests/<int:number>/result-proposal/", ResultProposalView.as_view(), name="result_proposal"),
    path("requests/<int:number>/checklist/", ChecklistView.as_view(), name="checklist"),
    path("requests/<int:number>/checklist/<int:item>/", ChecklistItemView.as_view(), name="checklist_item"),
    path(
        "requests/<int:number>/checklist/<int:item>/position/",
        ChecklistPositionView.as_view(),
        name="checklist_position",
    ),
    path("requests/<int:number>/outcome/", OutcomeView.as_view(), name="outcome"),
    path("requests/<int:number>/outcome/learning/", LearningView.as_view(), name="outcome_learning"),
    path("requests/<int:number>/outcome/postponement/", PostponementView.as_view(), name="outcome_later"),
    path("requests/<int:number>/comments/", CommentsView.as_view(), name="comments"),
    path("requests/<int:number>/comments/<int:comment_id>/", CommentView.as_view(), name="comment"),
    path("requests/<int:number>/comments/<int:comment_id>/answer/", AnswerView.as_view(), name="answer"),
    path("requests/<int:number>/snooze/", SnoozeView.as_view(), name="snooze"),
    path("requests/<int:number>/merge/", MergeView.as_view(), name="merge"),
    path("requests/<int:number>/attachments/", AttachmentsView.as_view(), name="attachments"),
    path("requests/<int:number>/attachments/<int:attachment>/", AttachmentView.as_view(), name="attachment"),
    path("requests/<int:number>/links/", LinksView.as_view(), name="links"),
    path("requests/<int:number>/links/<int:link_id>/", LinkView.as_view(), name="link"),
    path("requests/<int:number>/watchers/", WatchersView.as_view(), name="watchers"),
    path("requests/<int:number>/watchers/<int:person_id>/", WatcherView.as_view(), name="watcher"),
    path("requests/<int:number>/supporters/", SupportersView.as_view(), name="supporters"),
    path("requests/<int:number>/supporters/<int:person_id>/", SupporterView.as_view(), name="supporter"),
    path("requests/<int:number>/mute/", MuteView.as_view(), name="mute"),
    path("requests/<int:number>/events/", RequestEventsView.as_view(), name="request_events"),
    path("similar/", SimilarView.as_view(), name="similar"),
    path("requests/<int:number>/forecast/", ForecastView.as_view(), name="forecast"),
    path("boards/", BoardsView.as_view(), name="boards"),
    path("boards/<slug:slug>/", BoardView.as_view(), name="board"),
    path("boards/<slug:slug>/columns/<slug:status>/", ColumnView.as_view(), name="column"),
    path("exchanges/", ExchangesView.as_view(), name="exchanges"),
    path("exchanges/<int:pk>/", ExchangeView.as_view(), name="exchange"),
    path("exchanges/<int:pk>/move/", HoursView.as_view(), name="exchange_move"),
    path("exchanges/<int:pk>/cancel/", CancellationView.as_view(), name="exchange_cancel"),
    path("exchanges/<int:pk>/sign-up/", SignUpView.as_view(), name="exchange_sign_up"),
    path("exchanges/<int:pk>/attendance/", AttendanceView.as_view(), name="exchange_attendance"),
    path("exchanges/<int:pk>/feedback/", FeedbackView.as_view(), name="exchange_feedback"),
    path("exchanges/<int:pk>/materials/", MaterialsView.as_view(), name="exchange_materials"),
    path("exchanges/<int:pk>/materials/<int:material>/", MaterialView.as_view(), name="exchange_material"),
    path("exchange-proposals/", ProposalsView.as_view(), name="exchange_proposals"),
    path("exchange-proposals/<int:pk>/", ProposalView.as_view(), name="exchange_proposal"),
    path("exchange-proposals/<int:pk>/wish/", WishView.as_view(), name="exchange_wish"),
    path("views/", ViewsView.as_view(), name="views"),
    path("views/<int:pk>/", ViewView.as_view(), name="view"),
    path("requests/<int:number>/translators/", TranslatorsView.as_view(), name="translators"),
    path("skills/", SkillsView.as_view(), name="skills"),
    path("skills/<int:pk>/", SkillView.as_view(), name="skill"),
    path("people/", PeopleView.as_view(), name="people"),
    path("people/<int:pk>/", PersonView.as_view(), name="person"),
    path("people/<int:pk>/bridge/", PersonBridgeView.as_view(), name="person_bridge"),
    path("me/skills/", MySkillsView.as_view(), name="my_skills"),
    path("me/skills/<int:skill>/", MySkillView.as_view(), name="my_skill"),
    path("me/openness/", MyOpennessView.as_view(), name="my_openness"),
    path("me/mentoring/", MyMentoringsView.as_view(), name="my_mentorings"),
    path("me/mentoring/<int:pk>/", MyMentoringView.as_view(), name="my_mentoring"),
    path("events/", EventsView.as_view(), name="events"),
    path("solutions/", SolutionsView.as_view(), name="solutions"),
    path("solutions/<slug:slug>/", SolutionView.as_view(), name="solution"),
    path("solutions/<slug:slug>/experts/<int:person_id>/", ExpertView.as_view(), name="expert"),
    path(
        "solutions/<slug:slug>/understanding/",
        SolutionUnderstandingView.as_view(),
        name="solution_understanding",
    ),
    path("solutions/<slug:slug>/review/", SolutionReviewView.as_view(), name="solution_review"),
    path("solutions/<slug:slug>/questions/", SolutionQuestionsView.as_view(), name="solution_questions"),
    path("goals/", GoalsView.as_view(), name="goals"),
    path("goals/<int:pk>/", GoalView.as_view(), name="goal"),
    path("goals/<int:pk>/health/", HealthView.as_view(), name="goal_health"),
    path("goals/<int:pk>/close/", ClosingView.as_view(), name="goal_close"),
    path("goals/<int:pk>/key-results/", KeyResultsView.as_view(), name="key_results"),
    path("goals/<int:pk>/key-results/<int:key_result>/", KeyResultView.as_view(), name="key_result"),
    path(
        "goals/<int:pk>/key-results/<int:key_result>/end/", KeyResultEndView.as_view(), name="key_result_end"
    ),
    path("goals/<int:pk>/check-ins/", CheckInsView.as_view(), name="check_ins"),
    path("goals/<int:pk>/understanding/", GoalUnderstandingView.as_view(), name="goal_understanding"),
    path("goals/<int:pk>/review/", GoalReviewView.as_view(), name="goal_review"),
    path("goals/<int:pk>/questions/", GoalQuestionsView.as_view(), name="goal_questions"),
    path("teams/<slug:slug>/understanding/", TeamUnderstandingView.as_view(), name="team_understanding"),
    path("teams/<slug:slug>/review/", TeamReviewView.as_view(), name="team_review"),
    path("teams/<slug:slug>/questions/", TeamQuestionsView.as_view(), name="team_questions"),
    path("questions/<int:pk>/", BriefQuestionView.as_view(), name="brief_question"),
    path("touchpoints/", TouchpointsView.as_view(), name="touchpoints"),
    path("bridges/", BridgesView.as_view(), name="bridges"),
    path("me/potential/", MyPotentialView.as_view(), name="my_potential"),
]
