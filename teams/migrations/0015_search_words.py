import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0014_mail_fails"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="goal",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.CombinedSearchVector(
                        django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.CombinedSearchVector(
                                django.contrib.postgres.search.CombinedSearchVector(
                                    django.contrib.postgres.search.CombinedSearchVector(
                                        django.contrib.postgres.search.CombinedSearchVector(
                                            django.contrib.postgres.search.CombinedSearchVector(
                                                django.contrib.postgres.search.CombinedSearchVector(
                                                    django.contrib.postgres.search.SearchVector(
                                                        models.F("title"), config="german", weight="A"
                                                    ),
                                                    "||",
                                                    django.contrib.postgres.search.SearchVector(
                                                        models.F("title"), config="english", weight="A"
                                                    ),
                                                    django.contrib.postgres.search.SearchConfig("german"),
                                                ),
                                                "||",
                                                django.contrib.postgres.search.SearchVector(
                                                    models.F("brief"), config="german", weight="B"
                                                ),
                                                django.contrib.postgres.search.SearchConfig("german"),
                                            ),
                                            "||",
                                            django.contrib.postgres.search.SearchVector(
                                                models.F("brief"), config="english", weight="B"
                                            ),
                                            django.contrib.postgres.search.SearchConfig("german"),
                                        ),
                                        "||",
                                        django.contrib.postgres.search.SearchVector(
                                            models.F("customer_change"), config="german", weight="B"
                                        ),
                                        django.contrib.postgres.search.SearchConfig("german"),
                                    ),
                                    "||",
                                    django.contrib.postgres.search.SearchVector(
                                        models.F("customer_change"), config="english", weight="B"
                                    ),
                                    django.contrib.postgres.search.SearchConfig("german"),
                                ),
                                "||",
                                django.contrib.postgres.search.SearchVector(
                                    models.F("expected_of_it"), config="german", weight="C"
                                ),
                                django.contrib.postgres.search.SearchConfig("german"),
                            ),
                            "||",
                            django.contrib.postgres.search.SearchVector(
                                models.F("expected_of_it"), config="english", weight="C"
                            ),
                            django.contrib.postgres.search.SearchConfig("german"),
                        ),
                        "||",
                        django.contrib.postgres.search.SearchVector(
                            models.F("expected_of_marketing"), config="german", weight="C"
                        ),
                        django.contrib.postgres.search.SearchConfig("german"),
                    ),
                    "||",
                    django.contrib.postgres.search.SearchVector(
                        models.F("expected_of_marketing"), config="english", weight="C"
                    ),
                    django.contrib.postgres.search.SearchConfig("german"),
                ),
                name="goal_words",
            ),
        ),
        migrations.AddIndex(
            model_name="team",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.CombinedSearchVector(
                        django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.SearchVector(
                                models.F("name"), config="german", weight="A"
                            ),
                            "||",
                            django.contrib.postgres.search.SearchVector(
                                models.F("name"), config="english", weight="A"
                            ),
                            django.contrib.postgres.search.SearchConfig("german"),
                        ),
                        "||",
                        django.contrib.postgres.search.SearchVector(
                            models.F("brief"), config="german", weight="B"
                        ),
                        django.contrib.postgres.search.SearchConfig("german"),
                    ),
                    "||",
                    django.contrib.postgres.search.SearchVector(
                        models.F("brief"), config="english", weight="B"
                    ),
                    django.contrib.postgres.search.SearchConfig("german"),
                ),
                name="team_words",
            ),
        ),
    ]
