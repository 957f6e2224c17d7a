"""Collected files: what one of our modules imports from another has a hash in its name, too."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from portal.apps import CollectedFilesConfig
from portal.static_files import CollectedFiles

OWN = settings.BASE_DIR / "static" / "js"
TAKES = re.compile(r'import\s*\{[^}]*\}\s*from\s*"([^"]+)";')
ANY_IMPORT = re.compile(r"^\s*(?:import|export)\b.*\bfrom\b|\bimport\(", re.MULTILINE)


@pytest.fixture
def collected(tmp_path: Path) -> CollectedFiles:
    return CollectedFiles(location=str(tmp_path), base_url="/static/")


def process(files: CollectedFiles, **modules: str) -> dict[str, str]:
    """What the modules of ``js/`` are written as, by their names."""
    paths = {}
    for name, text in modules.items():
        files.save(f"js/{name}.js", ContentFile(text.encode()))
        paths[f"js/{name}.js"] = (FileSystemStorage(files.location), f"js/{name}.js")
    for path, _hashed, processed in files.post_process(paths):
        if isinstance(processed, Exception):
            raise processed
        assert processed, path
    written = {name: files.stored_name(f"js/{name}.js") for name in modules}
    return {name: (Path(files.location) / place).read_text() for name, place in written.items()}


def test_an_import_names_the_hashed_file(collected: CollectedFiles) -> None:
    written = process(
        collected, csrf="export const csrf = () => 1;\n", app='import { csrf } from "./csrf.js";\ncsrf();\n'
    )
    found = TAKES.match(written["app"])
    assert found
    assert re.fullmatch(r"\./csrf\.[0-9a-f]{12}\.js", found[1])
    assert (Path(collected.location) / "js" / found[1]).exists()
    assert written["app"].endswith("csrf();\n")


def test_a_change_of_what_is_imported_changes_who_imports_it(tmp_path: Path) -> None:
    names = set()
    for n in (1, 2):
        files = CollectedFiles(location=str(tmp_path / str(n)), base_url="/static/")
        process(files, csrf=f"export const csrf = () => {n};", app='import { csrf } from "./csrf.js";')
        names.add(files.stored_name("js/app.js"))
    assert len(names) == 2


def test_an_import_of_what_is_not_there_stops_the_start(collected: CollectedFiles) -> None:
    with pytest.raises(ValueError, match=r"gone\.js"):
        process(collected, app='import { csrf } from "./gone.js";')


def test_our_modules_import_only_in_the_way_that_is_understood() -> None:
    for module in OWN.glob("*.js"):
        text = module.read_text()
        imports = ANY_IMPORT.findall(text)
        assert len(imports) == len(TAKES.findall(text)), module.name
        assert all((OWN / name).exists() for name in TAKES.findall(text)), module.name


def test_only_one_module_reads_the_token() -> None:
    readers = {
        module.name for module in OWN.glob("*.js") if re.search("csrftoken|csrf-token", module.read_text())
    }
    assert readers == {"csrf.js"}


def test_maps_for_developers_are_not_compressed(collected: CollectedFiles) -> None:
    text = "export const one = 1;\n" * 200
    paths = {}
    for name in ("js/one.js", "js/one.js.map"):
        collected.save(name, ContentFile(text.encode()))
        paths[name] = (FileSystemStorage(collected.location), name)
    list(collected.post_process(paths))
    compressed = {path.name for path in Path(collected.location, "js").glob("*.br")}
    assert compressed
    assert not {name for name in compressed if ".map" in name}


def test_what_packages_bring_and_no_page_loads_is_not_collected() -> None:
    ignored = CollectedFilesConfig.ignore_patterns
    collected = [path for finder in get_finders() for path, _storage in finder.list(ignored)]
    assert {
        path for path in collected if path.startswith(("django_htmx/", "rest_framework/", "css/"))
    } == set()
    assert {"htmx.js", "tabler.css"} <= set(collected)
