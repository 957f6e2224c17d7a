from django.urls import URLPattern, path

from teams.views import accounts, goals, people, settings, teams

app_name = "teams"
urlpatterns: list[URLPattern] = [
    path("teams/", teams.index, name="teams"),
    path("teams/new/", teams.new, name="team_new"),
    path("teams/<slug:slug>/", teams.detail, name="team"),
    path("teams/<slug:slug>/edit/", teams.edit, name="team_edit"),
    path("teams/<slug:slug>/members/", teams.add_member, name="member_add"),
    path("teams/<slug:slug>/members/<int:person_id>/role/", teams.set_role, name="member_role"),
    path("goals/", goals.index, name="goals"),
    path("goals/new/", goals.new, name="goal_new"),
    path("goals/<int:pk>/", goals.detail, name="goal"),
    path("goals/<int:pk>/edit/", goals.edit, name="goal_edit"),
    path("goals/<int:pk>/archive/", goals.archive, name="goal_archive"),
    path("people/", people.index, name="people"),
    path("people/<int:pk>/", people.detail, name="person"),
    path("people/me/", people.profile, name="profile"),
    path("people/me/tokens/", people.own_tokens, name="tokens"),
    path("people/me/tokens/<int:pk>/revoke/", people.revoke_token, name="token_revoke"),
    path("settings/", settings.index, name="settings"),
    path("settings/first-start/", settings.first_start, name="first_start"),
    path("settings/company/", settings.edit_company, name="settings_company"),
    path("settings/people/", settings.all_people, name="settings_people"),
    path("settings/people/<int:pk>/<slug:action>/", settings.change_person, name="person_change"),
    path("settings/teams/", settings.all_teams, name="settings_teams"),
    path("settings/touchpoints/", settings.touchpoints, name="settings_touchpoints"),
    path("settings/touchpoints/<int:pk>/", settings.touchpoint, name="touchpoint"),
    path("settings/touchpoints/<int:pk>/archive/", settings.archive_touchpoint, name="touchpoint_archive"),
    path("settings/invitations/", settings.all_invitations, name="settings_invitations"),
    path("invitations/<int:pk>/resend/", settings.resend_invitation, name="invitation_resend"),
    path("invitations/<int:pk>/withdraw/", settings.withdraw_invitation, name="invitation_withdraw"),
    path("invitations/<str:secret>/", accounts.invitation, name="invitation"),
    path("accounts/demo/", accounts.demo_sign_in, name="demo_sign_in"),
    path("language/", accounts.language, name="language"),
]
