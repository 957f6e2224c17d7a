"""What the browser gets from npm packages and from portal/styles, made ready under var/frontend/."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from portal import icons

# Our own styles travel as one file; later parts may override earlier ones.
STYLE_PARTS = (
    "fonts",
    "tokens",
    "frame",
    "parts",
    "goals",
    "forms",
    "request",
    "board",
    "knowhow",
    "touch",
    "print",
)
SCRIPTS = {"htmx.js": "htmx.org/dist/htmx.min.js", "sortable.js": "sortablejs/Sortable.min.js"}
FONTS = {
    "inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "inter-latin-ext.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
}
# Pixels, and how much of the width is the logo: a mask may cut off all outside the middle 80 %.
APP_ICONS = {
    "app-192.png": (192, 0.86),
    "app-512.png": (512, 0.86),
    "app-maskable-512.png": (512, 0.62),
    "app-apple-180.png": (180, 0.74),
}
TABLER = "@tabler/core/dist/css/tabler.min.css"
OUTLINES = "@tabler/icons/icons/outline"
ICON_NAMES = """
adjustments-horizontal affiliate alert-triangle archive arrow-back-up arrow-down arrow-left
arrow-merge arrow-right arrow-up arrows-shuffle ban bell bell-off bold bolt bookmark building bulb
calendar calendar-due chart-dots check checks chevron-down chevron-left chevron-right chevron-up
circle-check circle-dashed circle-x clock columns-3 command copy device-desktop device-floppy dots
download edit external-link eye eye-off file file-text filter flag git-merge grip-vertical hand-stop
help-circle history home hourglass inbox info-circle key keyboard language layout-kanban link
list-details lock logout mail mail-opened map-2 menu-2 message message-2 message-question messages moon
paperclip player-pause player-play plus printer puzzle refresh scale search send settings sparkles star sun
target target-arrow thumb-up trash upload user user-minus user-plus users users-group users-plus world x
"""
ICONS = tuple(ICON_NAMES.split())


class FrontEndMissing(Exception):
    """A package or file that the front end is made of is not there."""


def build(packages: Path | None = None, into: Path | None = None) -> str:
    """Make the files that differ anew and remove what is no longer made; returns one line about it.

    :raises FrontEndMissing: naming the first file that an npm package should hold.
    """
    packages = packages or settings.BASE_DIR / "node_modules"
    into = into or settings.VAR / "frontend"
    into.mkdir(parents=True, exist_ok=True)
    files = dict(made(packages))
    written = [name for name, content in files.items() if write_if_new(into / name, content)]
    for stale in (path for path in into.iterdir() if path.name not in files):
        stale.unlink()
    return f"Front end: {len(files)} files, {len(ICONS)} icons, {len(written)} written"


def made(packages: Path) -> Iterator[tuple[str, bytes]]:
    """Each file's name under var/frontend/ and its content."""
    yield "tabler.css", layered(text_of(packages, TABLER)).encode()
    yield "tandem.css", own_styles().encode()
    yield "icons.svg", sprite(packages).encode()
    for name, source in SCRIPTS.items():
        yield name, without_source_map(text_of(packages, source)).encode()
    for name, source in FONTS.items():
        yield name, bytes_of(packages, source)
    for name, measures in APP_ICONS.items():
        yield name, icons.png(*measures)


def layered(css: str) -> str:
    """``css`` in a cascade layer, so that our own styles win without a contest of selectors."""
    return "@layer tabler{" + without_source_map(css).replace('@charset "UTF-8";', "") + "}\n"


def own_styles() -> str:
    """The parts of portal/styles in their order."""
    folder = settings.BASE_DIR / "portal" / "styles"
    return "".join(squeezed((folder / f"{part}.css").read_text()) for part in STYLE_PARTS)


def squeezed(css: str) -> str:
    """``css`` without comments and indentation."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return "".join(f"{line.strip()}\n" for line in css.splitlines() if line.strip())


def without_source_map(text: str) -> str:
    # The maps are not served, and the hashing storage would look for them.
    return re.sub(r"(?m)(^//# sourceMappingURL=.*$)|(/\*# sourceMappingURL=.*?\*/)", "", text)


def sprite(packages: Path) -> str:
    """All icons as symbols of one file, each under its name."""
    symbols = "".join(symbol(name, text_of(packages, f"{OUTLINES}/{name}.svg")) for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def symbol(name: str, svg: str) -> str:
    inside = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    inside = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", inside)
    inside = re.sub(r">\s+<", "><", inside.strip())
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
        f' stroke-linecap="round" stroke-linejoin="round">{inside}</symbol>'
    )


def bytes_of(packages: Path, source: str) -> bytes:
    try:
        return (packages / source).read_bytes()
    except FileNotFoundError:
        raise FrontEndMissing(f"{source} is missing in {packages}; run: npm ci") from None


def text_of(packages: Path, source: str) -> str:
    return bytes_of(packages, source).decode()


def write_if_new(path: Path, content: bytes) -> bool:
    """Whether ``content`` differed from what stands in ``path`` and was written."""
    if path.exists() and path.read_bytes() == content:
        return False
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    # Whoever serves the file at this moment sees the whole old or the whole new one.
    fresh.replace(path)
    return True
