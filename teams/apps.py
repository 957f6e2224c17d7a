from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TeamsConfig(AppConfig):
    name = "teams"
    verbose_name = _("Teams")

    def ready(self) -> None:
        say_what_to_do()


def say_what_to_do() -> None:
    """Where something is missing, every form and every serializer says what to do, not what a field is.

    Fields take their words over when they are made: so this runs before any module with forms is read.
    """
    # Serializers can be read only when the settings stand.
    from rest_framework import fields, relations, serializers

    fill_in, at_least_one = _("Fill in this field."), _("Give at least one.")
    forms.Field.default_error_messages["required"] = fill_in
    fields.Field.default_error_messages |= {"required": fill_in, "null": fill_in}
    fields.CharField.default_error_messages["blank"] = fill_in
    relations.PrimaryKeyRelatedField.default_error_messages["required"] = fill_in
    relations.HyperlinkedRelatedField.default_error_messages["required"] = fill_in
    for many in (fields.ListField, fields.MultipleChoiceField, serializers.ListSerializer):
        many.default_error_messages["empty"] = at_least_one
