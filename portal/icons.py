"""The icon of the installed portal as PNG, drawn from the logo's measures: two circles and what they share.

Phones take no SVG for it. Drawn while building, so that no made file lies in the repository.
"""

from io import BytesIO

from PIL import Image, ImageChops, ImageDraw

GROUND, MARKETING, IT, SHARED = "#ffffff", "#e8590c", "#1c6dd0", "#5f3dc4"
# The logo's own grid: 44 wide and 30 high, circles of 14 around 15 and 29.
WIDTH, HEIGHT, RADIUS = 44, 30, 14
CENTRES = (15, 29)
# Drawn so much larger and then scaled down, which makes smooth edges.
FINER = 4


def png(size: int, part: float) -> bytes:
    """A square icon of ``size`` pixels, of whose width the logo takes the ``part``."""
    whole = size * FINER
    unit = whole * part / WIDTH
    left, above = (whole - WIDTH * unit) / 2, (whole - HEIGHT * unit) / 2
    circles = [_circle(whole, left + x * unit, above + HEIGHT / 2 * unit, RADIUS * unit) for x in CENTRES]
    icon = Image.new("RGB", (whole, whole), GROUND)
    for colour, mask in zip((MARKETING, IT, SHARED), (*circles, ImageChops.multiply(*circles)), strict=True):
        icon.paste(colour, mask=mask)
    file = BytesIO()
    icon.resize((size, size), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


def _circle(whole: int, x: float, y: float, radius: float) -> Image.Image:
    mask = Image.new("L", (whole, whole))
    ImageDraw.Draw(mask).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return mask
