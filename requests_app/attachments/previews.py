"""Small images drawn anew from what was sent, within bounds of memory."""

import threading
from io import BytesIO
from typing import IO, cast

from PIL import Image, ImageOps, UnidentifiedImageError

from requests_app.attachments.kinds import Content

# The best cameras of telephones; decoded, so many pixels take 200 MB.
MOST_PIXELS = 50_000_000
LONGEST_EDGE = 640
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
QUALITY = 80
CONTENT_TYPE = "image/webp"

# One at a time in each process: several large images at once would take all memory.
_decoding = threading.Lock()


class TooManyPixels(Exception):
    """Decoding the image would take too much memory."""


class Damaged(Exception):
    """The image cannot be decoded."""


def preview_of(content: Content) -> bytes:
    """The image as WebP with at most LONGEST_EDGE pixels a side and none of its metadata.

    Its size is read from its header before anything is decoded; of an animation the first picture counts.

    :raises TooManyPixels: for more than MOST_PIXELS.
    :raises Damaged: where it is no whole image.
    """
    content.seek(0)
    try:
        # No plug-in but these is tried, however the file begins.
        with _decoding, Image.open(cast("IO[bytes]", content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise TooManyPixels
            return _drawn_anew(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Damaged from error


def _drawn_anew(image: Image.Image) -> bytes:
    # JPEGs are decoded at a fraction of their size where that suffices.
    image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
    image.load()
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    drawn = BytesIO()
    fresh = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    fresh.info.clear()
    fresh.save(drawn, "WEBP", quality=QUALITY)
    return drawn.getvalue()
