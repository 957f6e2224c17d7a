from django.urls import URLPattern, path, re_path

from knowhow.views import directory, own, people, roles

app_name = "knowhow"
urlpatterns: list[URLPattern] = [
    path("people/", people.index, name="people"),
    path("people/<int:pk>/skills/", people.skills_of, name="skills_of"),
    path("people/me/skills/", own.my_skills, name="my_skills"),
    path("people/me/skills/<int:skill>/", own.change_skill, name="my_skill"),
    path("people/me/skills/<int:skill>/drop/", own.drop_skill, name="drop_skill"),
    path("people/me/openness/", own.set_openness, name="openness"),
    path("people/me/bridge/", own.agree_to_score, name="agree"),
    path("choices/skills/", people.skill_choices, name="skill_choices"),
    path("know-how/", directory.index, name="index"),
    path("know-how/directory/", directory.counts, name="counts"),
    path("know-how/skills/<int:pk>/", directory.skill, name="skill"),
    path("know-how/mentors/", own.mentors, name="mentors"),
    path("know-how/mentors/<int:skill>/<int:person>/", own.ask_mentor, name="ask_mentor"),
    path("know-how/mentoring/<int:pk>/", own.answer_pair, name="answer_pair"),
    path("know-how/roles/", roles.roles, name="roles"),
    path("know-how/roles/<int:pk>/", roles.role, name="role"),
    path("know-how/roles/<int:pk>/edit/", roles.edit_role, name="edit_role"),
    re_path(
        r"^know-how/roles/(?P<pk>[0-9]{1,18})/(?P<language>de|en)\.md\Z", roles.role_file, name="role_file"
    ),
    path("settings/skills/", directory.settings, name="settings"),
    path("settings/skills/groups/", directory.add_group, name="add_group"),
    path("settings/skills/groups/<int:pk>/", directory.edit_group, name="edit_group"),
    path("settings/skills/<int:pk>/", directory.edit_skill, name="edit_skill"),
    path("settings/skills/<int:pk>/merge/", directory.merge_skill, name="merge_skill"),
    path("settings/skills/<int:pk>/put-away/", directory.put_away, name="put_away"),
]
