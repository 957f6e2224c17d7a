"""Manifest, service worker and the page for being offline: for everybody, and with nothing of anybody."""

import json
import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from portal import installable
from portal.installable import SHELL
from tests.factories import make_person

PATHS = ("/manifest.webmanifest", "/sw.js", "/offline/")


def manifest(client: Client, language: str = "en") -> dict[str, Any]:
    answer = client.get("/manifest.webmanifest", {"language": language})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/manifest+json")
    return dict(answer.json())


@pytest.mark.parametrize("path", PATHS)
def test_strangers_get_it_without_the_database_and_without_a_cookie(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert not answer.cookies
    assert client.post(path).status_code == 405


def test_the_manifest_has_what_browsers_need_to_install(client: Client) -> None:
    told = manifest(client)
    assert (told["start_url"], told["scope"], told["display"], told["id"]) == ("/", "/", "standalone", "/")
    sizes = {(icon["sizes"], icon["purpose"]) for icon in told["icons"]}
    assert sizes == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    assert re.fullmatch("#[0-9a-f]{6}", told["theme_color"])


def test_each_icon_is_there_in_the_size_that_is_said(client: Client) -> None:
    for icon in manifest(client)["icons"]:
        found = finders.find(icon["src"].removeprefix("/static/"))
        assert found
        image = Image.open(found)
        assert "{}x{}".format(*image.size) == icon["sizes"]


def test_the_manifest_speaks_the_language_that_is_asked_for(client: Client) -> None:
    assert (manifest(client, "de")["lang"], manifest(client, "en")["lang"]) == ("de", "en")
    assert manifest(client, "de")["description"] != manifest(client, "en")["description"]
    assert manifest(client, "en")["shortcuts"][0] == {"name": "New request", "url": "/requests/new/"}


@pytest.mark.parametrize("language", ["", "xx", "x" * 5000, "\0"])
def test_a_language_that_is_none_is_the_portals(client: Client, language: str) -> None:
    assert manifest(client, language)["lang"] == "de"


def kept(script: str) -> list[str]:
    found = re.search(r"const KEPT = (\[.*\]);", script)
    assert found
    return list(json.loads(found[1]))


def test_the_worker_keeps_static_files_and_the_offline_page_alone(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert (answer["Service-Worker-Allowed"], answer["Cache-Control"]) == ("/", "no-cache")
    offline, *files = kept(answer.content.decode())
    assert offline == "/offline/"
    assert len(files) == len(SHELL)
    assert all(file.startswith("/static/") for file in files)
    assert all(finders.find(name) for name in SHELL)


def test_the_offline_page_needs_nothing_that_is_not_kept(client: Client) -> None:
    page, script = client.get("/offline/").content.decode(), client.get("/sw.js").content.decode()
    needed = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page)) - {"/static/"}
    optional = {one for one in needed if "app-apple" in one}
    assert needed - optional <= set(kept(script))
    assert "<script>" not in page


def test_the_worker_is_renewed_when_the_offline_page_changes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client.get("/sw.js").content
    assert client.get("/sw.js").content == before
    monkeypatch.setattr(installable, "_offline_page", lambda: "other words")
    assert client.get("/sw.js").content != before


@pytest.mark.django_db
def test_the_offline_page_is_the_same_for_everybody_in_both_languages(client: Client) -> None:
    strangers = client.get("/offline/").content
    client.force_login(make_person(name="Zora Somebody"))
    mine = client.get("/offline/", headers={"accept-language": "en"}).content
    assert mine == strangers
    page = mine.decode()
    assert page.count('<a class="btn') == 2
    assert "You are offline" in page
    assert 'lang="en"' in page
    assert "csrf" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/"])
def test_pages_name_the_manifest_and_may_load_it_and_the_worker(client: Client, path: str) -> None:
    client.force_login(make_person())
    answer = client.get(path, follow=True)
    page, policy = answer.content.decode(), answer["Content-Security-Policy"]
    assert re.search(r'<link rel="manifest" href="/manifest.webmanifest\?language=(de|en)">', page)
    assert '<link rel="apple-touch-icon" href="/static/app-apple-180.' in page
    assert 'name="theme-color"' in page
    assert {"worker-src 'self'", "manifest-src 'self'"} <= {part.strip() for part in policy.split(";")}
