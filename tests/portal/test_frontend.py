"""What the browser is sent: complete, small, and allowed by the content security policy."""

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings
from pytest_django.fixtures import Settings

from portal import frontend

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
# A mail has no policy; its styles are written into the elements at sending.
PAGES = [path for path in TEMPLATES if "mail" not in path.parts and "email" not in path.parts]
KIBIBYTE = 1024


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("frontend")
    frontend.build(into=folder)
    return folder


def test_it_makes_every_file_that_pages_load(built: Path) -> None:
    assert {path.name for path in built.iterdir()} == {
        "tabler.css",
        "tandem.css",
        "icons.svg",
        "htmx.js",
        "sortable.js",
        "inter-latin.woff2",
        "inter-latin-ext.woff2",
        "app-192.png",
        "app-512.png",
        "app-maskable-512.png",
        "app-apple-180.png",
    }


def test_a_second_run_writes_nothing(built: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in built.iterdir()}
    assert frontend.build(into=built).endswith("0 written")
    assert {path: path.stat().st_mtime_ns for path in built.iterdir()} == before


def test_what_changed_is_written_and_what_is_no_longer_made_is_removed(tmp_path: Path) -> None:
    frontend.build(into=tmp_path)
    (tmp_path / "icons.svg").write_text("old")
    (tmp_path / "left-over.css").write_text("")
    assert frontend.build(into=tmp_path).endswith("1 written")
    assert not (tmp_path / "left-over.css").exists()
    assert (tmp_path / "icons.svg").read_text().startswith("<svg")


def test_a_missing_package_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(frontend.FrontEndMissing, match=r"tabler\.min\.css is missing .* npm ci"):
        frontend.build(packages=tmp_path, into=tmp_path / "made")


def test_the_command_prints_one_line(tmp_path: Path, settings: Settings) -> None:
    settings.VAR = tmp_path
    out = StringIO()
    call_command("build_frontend", stdout=out)
    assert re.fullmatch(r"Front end: 11 files, \d+ icons, 11 written\n", out.getvalue())


def test_the_command_ends_with_one_line_where_packages_are_missing(
    tmp_path: Path, settings: Settings
) -> None:
    settings.BASE_DIR = tmp_path
    settings.VAR = tmp_path
    with pytest.raises(CommandError, match="npm ci"):
        call_command("build_frontend", stdout=StringIO())


def test_the_sprite_holds_each_icon_once_and_draws_in_the_text_s_colour(built: Path) -> None:
    sprite = (built / "icons.svg").read_text()
    assert tuple(re.findall(r'<symbol id="([^"]+)"', sprite)) == frontend.ICONS
    assert len(set(frontend.ICONS)) == len(frontend.ICONS)
    assert "currentColor" in sprite
    assert "M0 0h24v24H0z" not in sprite


def test_no_file_points_to_a_source_map(built: Path) -> None:
    for path in built.glob("*.?s*"):
        assert "sourceMappingURL" not in path.read_text(), path.name


def test_tabler_stands_in_a_layer_below_our_own_styles(built: Path) -> None:
    css = (built / "tabler.css").read_text()
    assert css.startswith("@layer tabler{")
    assert css.count("{") == css.count("}")
    assert "@charset" not in css


def test_our_styles_are_whole(built: Path) -> None:
    css = (built / "tandem.css").read_text()
    assert css.count("{") == css.count("}")
    assert "/*" not in css


def test_no_style_file_is_left_out_of_the_bundle() -> None:
    parts = {path.stem for path in (settings.BASE_DIR / "portal" / "styles").glob("*.css")}
    assert parts == set(frontend.STYLE_PARTS)


def test_each_variable_that_styles_use_is_defined() -> None:
    css = frontend.own_styles()
    used = set(re.findall(r"var\((--(?!tblr)[\w-]+)\)", css))
    assert used <= set(re.findall(r"(--[\w-]+):", css))


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Path:
    """All files as in production: hashed names, every reference resolved, compressed."""
    root = tmp_path_factory.mktemp("static")
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "portal.static_files.CollectedFiles"},
    }
    with override_settings(
        STATIC_ROOT=root, STATICFILES_DIRS=[settings.BASE_DIR / "static", built], STORAGES=storages
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


def sent(root: Path, stem: str, suffix: str) -> int:
    """Bytes on the wire of the hashed file, compressed where that is done."""
    hashed = next(path for path in root.rglob(f"{stem}.*{suffix}") if path.name.count(".") == 2)
    packed = hashed.with_name(f"{hashed.name}.br")
    return (packed if packed.exists() else hashed).stat().st_size


def test_every_reference_resolves_when_files_are_collected(collected: Path) -> None:
    css = next(path for path in collected.glob("tandem.*.css")).read_text()
    for address in re.findall(r'url\("([^"]+)"\)', css):
        assert address.startswith("data:") or (collected / address).exists(), address


EVERY_PAGE = [
    ("tabler", ".css"),
    ("tandem", ".css"),
    ("icons", ".svg"),
    ("htmx", ".js"),
    ("theme", ".js"),
    ("app", ".js"),
    ("forms", ".js"),
    ("chooser", ".js"),
    ("logo", ".svg"),
    ("inter-latin", ".woff2"),
]
BOARD = [("sortable", ".js"), ("board", ".js"), ("board_view", ".js"), ("board_choosing", ".js")]
# Browsers ask for it only where a name needs it, such as Łukasz.
MORE_LETTERS = [("inter-latin-ext", ".woff2")]
# A board of 300 cards is 150 KiB before compression; a usual page is a tenth of it.
PACKED_BOARD, PACKED_PAGE = 30 * KIBIBYTE, 10 * KIBIBYTE


@pytest.mark.parametrize(
    ("files", "page"),
    [(EVERY_PAGE + BOARD, PACKED_BOARD), (EVERY_PAGE + MORE_LETTERS, PACKED_PAGE)],
    ids=["the board", "a page with rare letters"],
)
def test_the_first_load_stays_within_its_budget(
    collected: Path, files: list[tuple[str, str]], page: int
) -> None:
    assert sum(sent(collected, *file) for file in files) + page <= 250 * KIBIBYTE


# Templates ----------------------------------------------------------------------------------------
FORBIDDEN = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "a handler attribute": r"<[^>]*\son[a-z]+\s*=",
    "hx-on": r"\bhx-on\b",
    "an expression for htmx": r"hx-(vals|headers|confirm)\s*=\s*[\"'](js|javascript):",
    "a filter in hx-trigger": r"hx-trigger\s*=\s*(\"[^\"]*\[[^\"]*\"|'[^']*\[[^']*')",
    "a javascript address": r"(href|action|src)\s*=\s*[\"']?javascript:",
    "another host": r"(<script|<link|<img|<iframe)\b[^>]*(src|href)\s*=\s*[\"']?(https?:)?//",
}


def markup(template: str) -> str:
    """The template without comments, tags and values of the template language."""
    bare = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", template, flags=re.DOTALL)
    return re.sub(r"{%.*?%}|{{.*?}}", "", bare, flags=re.DOTALL)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds_what_the_policy_forbids(what: str) -> None:
    assert [
        page for page in PAGES if re.search(FORBIDDEN[what], markup(page.read_text()), re.IGNORECASE)
    ] == []


def comes_from_a_file(opening: str, content: str) -> bool:
    """Whether a script is data, or names its file and holds nothing else."""
    return "application/json" in opening or ("src=" in opening and not content.strip())


def test_scripts_come_from_files() -> None:
    scripts = [
        (page, *script)
        for page in PAGES
        for script in re.findall(r"<script\b([^>]*)>(.*?)</script>", page.read_text(), re.DOTALL)
    ]
    assert scripts
    assert [page for page, *script in scripts if not comes_from_a_file(*script)] == []


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ('<p style="color:red">', "a style attribute"),
        ('<a\n onclick="x()">', "a handler attribute"),
        ('<b hx-on:click="x">', "hx-on"),
        ("<b hx-vals='js:{a: 1}'>", "an expression for htmx"),
        ("<b hx-trigger=\"keyup[key=='Enter']\">", "a filter in hx-trigger"),
        ('<a href="javascript:x()">', "a javascript address"),
        ('<script src="https://cdn.example/x.js">', "another host"),
    ],
)
def test_the_search_for_forbidden_things_finds_them(bad: str, what: str) -> None:
    assert re.search(FORBIDDEN[what], bad, re.IGNORECASE)


def named(pattern: str) -> Iterator[tuple[str, str]]:
    for path in TEMPLATES:
        for name in re.findall(pattern, path.read_text()):
            yield path.name, name


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    wanted = {*named(r'{%\s*icon\s+"([^"]+)"'), *named(r'{%\s*include "_empty.html"[^%]*image="([^"]+)"')}
    assert len(wanted) > 10
    assert [one for one in wanted if one[1] not in frontend.ICONS] == []


def test_every_static_file_that_a_template_names_is_there(built: Path) -> None:
    folders = (settings.BASE_DIR / "static", built)
    wanted = set(named(r"{%\s*static\s+['\"]([^'\"]+)['\"]"))
    wanted = {one for one in wanted if not one[1].startswith("drf_spectacular_sidecar/")}
    assert len(wanted) > 5
    assert [one for one in wanted if not any((folder / one[1]).exists() for folder in folders)] == []


SCRIPTS = sorted((settings.BASE_DIR / "static" / "js").glob("*.js"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_evaluates_text_or_imports_another_file_than_ours(path: Path) -> None:
    code = path.read_text()
    assert not re.search(r"\beval\(|new Function\(|setAttribute\(\"style\"|document\.write", code)
    # The hashing storage writes the hashed names of these, and of no others, into the imports.
    imports = re.findall(r"(?m)^\s*import\b.*$", code)
    assert all(re.fullmatch(r'import \{ \w+ \} from "\./[a-z_]+\.js";', line) for line in imports)
    named = [re.search(r'"\./([a-z_]+\.js)"', line) for line in imports]
    assert {match[1] for match in named if match} <= {script.name for script in SCRIPTS}


def test_only_drafts_and_how_pages_look_and_answer_to_keys_are_kept_in_the_browser() -> None:
    keys = [
        key for path in SCRIPTS for key in re.findall(r"localStorage\.setItem\(\s*([^,]+),", path.read_text())
    ]
    assert '"tandem-theme"' in keys
    looks = ('"tandem-theme"', '"tandem-keys"', '"tandem-board"')
    assert all(key in looks or "draft" in key.lower() for key in keys)


# Contrast -----------------------------------------------------------------------------------------
TEXT, GRAPHIC = 4.5, 3.0
PAIRS = [
    *[("text", ground, TEXT) for ground in ("card", "ground", "sunken", "soft")],
    *[("muted", ground, TEXT) for ground in ("card", "ground", "sunken", "soft")],
    *[("link", ground, TEXT) for ground in ("card", "ground")],
    ("on-ink", "ink", TEXT),
    ("on-ink", "ink-hover", TEXT),
    *[("on-side", f"{side}-fill", TEXT) for side in ("marketing", "it", "other")],
    *[(f"{side}-text", f"{side}-soft", TEXT) for side in ("marketing", "it", "shared")],
    *[(f"{side}-text", "card", TEXT) for side in ("marketing", "it", "shared")],
    *[("text", f"{side}-soft", TEXT) for side in ("marketing", "it", "shared", "warn")],
    *[(word, f"{word}-soft", TEXT) for word in ("good", "warn", "bad")],
    *[(word, "card", TEXT) for word in ("good", "warn", "bad")],
    *[(side, "card", GRAPHIC) for side in ("marketing", "it", "shared")],
    *[("line-strong", ground, GRAPHIC) for ground in ("card", "ground")],
    *[("ring", ground, GRAPHIC) for ground in ("card", "ground", "sunken")],
]


def tokens(theme: str) -> dict[str, str]:
    css = (settings.BASE_DIR / "portal" / "styles" / "tokens.css").read_text()
    block = re.search(rf'\[data-bs-theme="{theme}"\] {{(.*?)}}', css, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block.group(1)))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_colours_can_be_told_apart(theme: str, front: str, ground: str, least: float) -> None:
    colours = tokens(theme)
    assert contrast(colours[front], colours[ground]) >= least


def test_paper_is_light_whatever_theme_the_screen_has() -> None:
    css = (settings.BASE_DIR / "portal" / "styles" / "tokens.css").read_text()
    assert css.count('[data-bs-theme="dark"]') == 1
    assert re.search(r'@media not print {\s*\[data-bs-theme="dark"\] {', css)


def test_both_themes_know_the_same_colours() -> None:
    light, dark = tokens("light"), tokens("dark")
    assert set(light) == set(dark)
    assert (light["marketing"], light["it"], light["shared"]) == ("#e8590c", "#1c6dd0", "#5f3dc4")
