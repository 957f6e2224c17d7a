"""The draft of a posting, in both languages at once."""

from knowhow.bridges.posting import MOST_POINTS, Lack, draft

CONSENT = Lack("Einwilligung", "Consent", "marketing", 4, 0)
SQL = Lack("Abfragen", "SQL", "it", 1, 1)


def test_each_language_names_the_skills_in_its_own_words() -> None:
    found = draft("Nordwind", [CONSENT, SQL])
    assert "**Einwilligung**" in found.text_de
    assert "**Consent**" not in found.text_de
    assert "**Consent**: 4 open requests need it, and nobody here does it on their own yet." in found.text_en
    assert "**SQL**: 1 open request needs it, and 1 person does it on their own." in found.text_en
    assert "From Marketing: Consent" in found.text_en
    assert "From IT: SQL" in found.text_en
    assert found.title_de != found.title_en


def test_what_most_need_and_fewest_master_comes_first_and_the_rest_is_left_out() -> None:
    lacks = [Lack(f"D{n}", f"E{n}", "it", n, 0) for n in range(MOST_POINTS + 3)]
    text = draft("Nordwind", lacks).text_en
    assert text.index(f"**E{MOST_POINTS + 2}**") < text.index("**E3**")
    assert "**E2**" not in text


def test_without_any_lack_it_is_still_a_posting() -> None:
    found = draft("Nordwind", [])
    assert "Nordwind" in found.text_en
    assert "What we need you for now" not in found.text_en
